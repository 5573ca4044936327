#include "yihong/state/record_json.hpp"

#include "world_fixture.hpp"

#include <random>

namespace yihong::testing {
namespace {

struct RecordJson : WorldFixture {
    [[nodiscard]] static std::string written(RecordWriter& writer, Record const& record)
    {
        std::string out;
        JsonWriter json{out};
        json.begin_object().member("before", 1);
        writer.head(json, record);
        writer.readings(json, record);
        json.member("behind", 2).end_object();
        return out;
    }
    [[nodiscard]] Record record(std::vector<Reading> readings) const
    {
        Record made;
        made.interval = IntervalKind::hour;
        made.time = at("2025-11-03T00:00:00Z");
        made.received_at = at("2025-11-03T01:02:03.004Z");
        made.readings = std::move(readings);
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        return made;
    }
    [[nodiscard]] ParameterBook const& book() const { return standards()->parameters(); }
};

TEST_F(RecordJson, HasTheMembersOfARecordBetweenOthers)
{
    RecordWriter writer{book()};
    auto of = record({reading("ph", "7.90"), reading("codmn", "-0.5")});
    EXPECT_EQ(written(writer, of),
              R"({"before":1,"time":"2025-11-03T00:00:00Z","interval":"hour","status":"normal","received_at":"2025-11-03T01:02:03.004Z",)"
              R"("values":{"ph":7.90,"codmn":-0.5},"flags":{},"behind":2})");
    of.interval = IntervalKind::four_hours;
    of.status = StationStatus::maintenance;
    of.readings[0].flag = Flag{'D'};
    of.readings[0].has_value = false;
    of.readings[1].marks = Mark::spike;
    EXPECT_EQ(
        written(writer, of),
        R"({"before":1,"time":"2025-11-03T00:00:00Z","interval":"4h","status":"maintenance","received_at":"2025-11-03T01:02:03.004Z",)"
        R"("values":{"ph":null,"codmn":-0.5},"flags":{"ph":"D"},"marks":{"codmn":"spike"},"behind":2})");
    EXPECT_NE(written(writer, record({})).find(R"("values":{},"flags":{},"behind")"), std::string::npos);
}

TEST_F(RecordJson, ShowsWhatIsWantedAlone)
{
    std::vector const only{reading("codmn", "1").parameter};
    auto of = record({reading("ph", "7.9"), reading("codmn", "2.5")});
    of.readings[0].flag = Flag{'T'};
    of.readings[0].marks = Mark::flat_line;
    RecordWriter writer{book(), {.only = only}};
    EXPECT_NE(written(writer, of).find(R"("values":{"codmn":2.5},"flags":{},"behind")"), std::string::npos) << written(writer, of);
    RecordWriter evidence{book(), {.normal_flags = true, .marks = false}};
    EXPECT_NE(written(evidence, of).find(R"("values":{"ph":7.9,"codmn":2.5},"flags":{"ph":"T","codmn":"N"},"behind")"), std::string::npos)
        << written(evidence, of);
    of.readings.push_back({.parameter = 0xFFFF, .flag = Flag{'D'}, .marks = Mark::spike, .value = Decimal{1, 0}});
    EXPECT_NE(written(evidence, of).find(R"("flags":{"ph":"T","codmn":"N"},"behind")"), std::string::npos) << "the book does not know it";
}

TEST_F(RecordJson, IsTheSameFromAWriterThatWroteOthersBefore)
{
    std::mt19937 random{5};
    std::vector<Reading> const all{reading("ph", "7.9"),    reading("codmn", "2.50"),           reading("ammonia_nitrogen", "0.012"),
                                   reading("cod", "100"),   reading("total_phosphorus", "0.2"), reading("dissolved_oxygen", "8.0"),
                                   reading("fluoride", "1")};
    RecordWriter used{book()};
    for (int i = 0; i < 2000; ++i) {
        std::vector<Reading> some;
        for (auto const& one : all)
            if (random() % 4 != 0) {
                some.push_back(one);
                some.back().value = Decimal{static_cast<std::int64_t>(random() % 100'000) - 50'000, static_cast<int>(random() % 6)};
                some.back().has_value = random() % 8 != 0;
                some.back().flag = random() % 6 == 0 ? Flag{'h', 'd'} : Flag{};
                some.back().marks = random() % 6 == 0 ? Mark::unit_doubtful : Mark::none;
            }
        auto of = record(std::move(some));
        of.interval = all_interval_kinds[random() % all_interval_kinds.size()];
        of.status = static_cast<StationStatus>(random() % 5);
        of.time += std::chrono::milliseconds{random()};
        RecordWriter fresh{book()};
        ASSERT_EQ(written(used, of), written(fresh, of));
    }
}

}  // namespace
}  // namespace yihong::testing
