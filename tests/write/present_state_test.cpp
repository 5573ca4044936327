// What of the present state has to hold however records come: late, corrected, and over a restart.
#include "core_fixture.hpp"

#include "yihong/state/recent_records.hpp"

#include <chrono>
#include <random>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class PresentStateTest : public CoreFixture {
protected:
    /// So many hours ago.
    std::string ago(int hours) const { return format_rfc3339(UtcTime{now_ - std::chrono::hours{hours}}); }
    IngestReport measure(int hours_ago, std::vector<Reading> readings, IntervalKind interval = IntervalKind::four_hours)
    {
        return send({parsed("a", ago(hours_ago), std::move(readings), interval)}, ago(0));
    }
    std::vector<Reading> five(std::string_view ammonia, std::string_view flag = "N") const
    {
        return {reading("ph", "8.1"), reading("dissolved_oxygen", "7.9"), reading("codmn", "3.2"),
                reading("ammonia_nitrogen", ammonia, flag), reading("total_phosphorus", "0.08")};
    }
    [[nodiscard]] std::string property(std::string const& name) const
    {
        auto const text = feature("water-sections", "a");
        auto const begin = text.find("\"" + name + "\":");
        return begin == std::string::npos ? "absent"
                                          : text.substr(begin + name.size() + 3, text.find_first_of(",}", begin) - begin - name.size() - 3);
    }
    void restart() { start(world({site("a", SiteKind::water_section)})); }

    UtcTime const now_ = std::chrono::floor<std::chrono::hours>(utc_now());
};

TEST_F(PresentStateTest, SurvivesASampleOfOneItemAndAnHourOfOthers)
{
    measure(4, five("2.5"));
    measure(2, {reading("codmn", "1.5")}, IntervalKind::sample);
    measure(1, {reading("ph", "8.2"), reading("dissolved_oxygen", "8.4")}, IntervalKind::hour);
    auto const check = [&] {
        EXPECT_EQ(property("water_class"), "6");
        EXPECT_EQ(property("class_complete"), "true");
        EXPECT_EQ(property("meets_target"), "false");
        EXPECT_EQ(property("codmn"), "1.5");
        EXPECT_EQ(property("ph"), "8.2");
        EXPECT_EQ(property("ammonia_nitrogen"), "2.5");
        EXPECT_EQ(property("interval"), "\"hour\"");
        EXPECT_EQ(property("currency"), "\"current\"");
    };
    check();
    auto const before = feature("water-sections", "a");
    restart();
    check();
    EXPECT_EQ(feature("water-sections", "a"), before);
}

TEST_F(PresentStateTest, IsABoundUntilTheOtherItemsCome)
{
    measure(4, {reading("ph", "7"), reading("dissolved_oxygen", "8.4")});
    EXPECT_EQ(property("water_class"), "1");
    EXPECT_EQ(property("class_complete"), "false");
    EXPECT_EQ(property("meets_target"), "null");
    EXPECT_EQ(property("water_quality"), "null");
    EXPECT_EQ(property("water_class_label"), "\"不优于Ⅰ类（缺高锰酸盐指数、氨氮、总磷）\"");

    EXPECT_EQ(measure(4, {reading("codmn", "3.2"), reading("ammonia_nitrogen", "0.1"), reading("total_phosphorus", "0.02")}).accepted, 1U);
    EXPECT_EQ(property("water_class"), "2");
    EXPECT_EQ(property("class_complete"), "true");
    EXPECT_EQ(property("meets_target"), "true");
    EXPECT_EQ(property("water_class_label"), "\"Ⅱ\"");
}

TEST_F(PresentStateTest, TakesWhatCameLate)
{
    measure(1, {reading("ph", "8.2"), reading("dissolved_oxygen", "8.4")}, IntervalKind::hour);
    EXPECT_EQ(property("class_complete"), "false");
    measure(6, five("1.31"));                                     // older than what is known
    EXPECT_EQ(property("water_class"), "4");
    EXPECT_EQ(property("class_complete"), "true");
    EXPECT_EQ(property("ph"), "8.2");
    EXPECT_EQ(property("interval"), "\"hour\"");
}

TEST_F(PresentStateTest, FallsBackToTheValueBeforeOneThatIsWithdrawn)
{
    measure(9, five("1.31"));
    measure(5, five("30"));
    EXPECT_EQ(property("water_class"), "6");
    EXPECT_EQ(measure(5, {reading("ammonia_nitrogen", "30", "D")}).revised, 1U);
    EXPECT_EQ(property("ammonia_nitrogen"), "1.31");
    EXPECT_EQ(property("water_class"), "4");
    EXPECT_EQ(property("not_valid"), "null") << "what is shown is valid";
    measure(5, {reading("ammonia_nitrogen", "0.3")});
    EXPECT_EQ(property("ammonia_nitrogen"), "0.3");
    measure(9, {reading("codmn", "9", "D")});                     // nobody looks at that one any more
    EXPECT_EQ(property("codmn"), "3.2");
}

TEST_F(PresentStateTest, OfAStaleSiteIsWhatWasKnownLast)
{
    measure(100, five("1.31"));
    measure(99, {reading("ph", "8.2")}, IntervalKind::hour);
    EXPECT_EQ(property("currency"), "\"stale\"");
    EXPECT_EQ(property("water_class"), "4");
    EXPECT_EQ(property("class_complete"), "true");
    auto const before = feature("water-sections", "a");
    restart();
    EXPECT_EQ(feature("water-sections", "a"), before);
}

TEST_F(PresentStateTest, OfRecentRecordsIsTheOneOfAllRecords)
{
    std::mt19937 random{20261126};
    auto const below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    for (int round = 0; round < 60; ++round) {
        for (int i = 0; i < 12; ++i) {
            auto const interval = all_interval_kinds[static_cast<std::size_t>(below(6))];
            auto const reach = interval == IntervalKind::sample ? 900 : interval == IntervalKind::day ? 80 : 20;
            std::vector<Reading> readings;
            for (auto const* parameter : {"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus", "fluoride"})
                if (below(3) > 0)
                    readings.push_back(reading(parameter, std::to_string(below(9)), below(4) == 0 ? "D" : "N"));
            if (!readings.empty())
                measure(below(reach), std::move(readings), interval);
        }
        auto const grown = feature("water-sections", "a");
        restart();
        ASSERT_EQ(feature("water-sections", "a"), grown) << round;
    }
}

}  // namespace
}  // namespace yihong::testing
