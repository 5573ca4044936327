#include "series_chunk.hpp"

#include "ports/store_contract.hpp"

namespace yihong::store_local {
namespace {

using store_contract::at;
using store_contract::same_records;
using namespace std::chrono_literals;

Row row_of(Record const& r) { return {r.time, r.received_at, r.status, r.verdict, r.readings}; }
std::string encoded(std::vector<Record> const& records)
{
    std::vector<Row> rows;
    for (auto const& r : records)
        rows.push_back(row_of(r));
    std::string out;
    encode_chunk(rows, out);
    return out;
}
std::vector<Record> records_of(SeriesRows const& rows)
{
    std::vector<Record> all;
    for (auto const& row : rows.rows())
        all.push_back(
            {0, IntervalKind::hour, row.status, row.verdict, row.time, row.received_at, {row.readings.begin(), row.readings.end()}});
    return all;
}
std::vector<Record> decoded(std::string_view bytes)
{
    SeriesRows rows;
    EXPECT_TRUE(rows.append(bytes));
    return records_of(rows);
}

/// Ordinary numbers and the extremes of every field.
class RandomRecords {
public:
    explicit RandomRecords(unsigned seed) : random_{seed} {}
    std::vector<Record> series()
    {
        std::vector<Record> all;
        auto time = rare() ? std::int64_t{INT64_MIN} : static_cast<std::int64_t>(random_() % 4'000'000'000'000);
        for (auto count = 1 + random_() % (rare() ? 400 : 12); count > 0; --count) {
            auto r = record();
            r.time = UtcTime{std::chrono::milliseconds{time}};
            if (!rare() && time > 0 && time < INT64_MAX / 2)
                r.received_at = r.time + std::chrono::milliseconds{random_() % 100'000};
            all.push_back(std::move(r));
            if (time > INT64_MAX - 3'600'000)
                break;
            time = random_() % 50 == 0 ? INT64_MAX : time + (rare() ? 1 + static_cast<std::int64_t>(random_() % 3'600'000) : 3'600'000);
        }
        return all;
    }

private:
    bool rare() { return random_() % 8 == 0; }
    Record record()
    {
        Record r;
        r.interval = IntervalKind::hour;
        r.status = static_cast<StationStatus>(rare() ? random_() % 5 : 0);
        r.verdict = rare() ? Verdict{255, 255, 65535} : Verdict{1, 3, static_cast<std::uint16_t>(random_() % 500)};
        r.received_at = UtcTime{std::chrono::milliseconds{rare() ? INT64_MIN : INT64_MAX}};
        std::uint32_t parameter = rare() ? 0 : 1 + static_cast<std::uint32_t>(random_() % 2);
        for (auto count = random_() % 12; count > 0 && parameter <= 65535; --count) {
            r.readings.push_back(reading(static_cast<ParameterId>(parameter)));
            parameter += 1 + (rare() ? static_cast<std::uint32_t>(random_() % 30000) : 0);
        }
        if (rare() && (r.readings.empty() || r.readings.back().parameter < 65535))
            r.readings.push_back(reading(65535));
        return r;
    }
    Reading reading(ParameterId parameter)
    {
        constexpr std::string_view letters = "NTZ09ahd";
        Reading v;
        v.parameter = parameter;
        if (rare())
            v.flag = random_() % 2 ? Flag{letters[random_() % 8]} : Flag{letters[random_() % 8], letters[random_() % 8]};
        if (rare())
            v.marks = static_cast<Mark>(random_() % 256);
        v.has_value = !rare();
        auto const mantissa =
            rare() ? Decimal::max_mantissa - static_cast<std::int64_t>(random_() % 3) : static_cast<std::int64_t>(random_() % 2000);
        if (v.has_value)
            v.value = Decimal{random_() % 4 ? mantissa : -mantissa, static_cast<int>(rare() ? random_() % 13 : 2)};
        return v;
    }
    std::mt19937_64 random_;
};

TEST(SeriesChunk, GivesBackAnyRecordsExactly)
{
    RandomRecords random{5};
    for (int i = 0; i < 5000; ++i) {
        auto const records = random.series();
        ASSERT_TRUE(same_records(decoded(encoded(records)), records)) << "round " << i;
    }
}

TEST(SeriesChunk, OneParameterAloneIsWhatTheWholeHolds)
{
    RandomRecords random{6};
    for (int i = 0; i < 1000; ++i) {
        auto records = random.series();
        auto const bytes = encoded(records);
        for (ParameterId const parameter : std::initializer_list<ParameterId>{0, 1, 2, 65535}) {
            auto wanted = records;
            for (auto& r : wanted)
                std::erase_if(r.readings, [&](Reading const& v) { return v.parameter != parameter; });
            SeriesRows rows;
            ASSERT_TRUE(rows.append(bytes, {.only = {&parameter, 1}}));
            ASSERT_TRUE(same_records(records_of(rows), wanted));
        }
    }
}

TEST(SeriesChunk, RowsOfASpanHaveTheirReadingsAndTheOthersNone)
{
    RandomRecords random{9};
    std::mt19937 pick{10};
    for (int i = 0; i < 2000; ++i) {
        auto records = random.series();
        auto const bytes = encoded(records);
        auto const first = records[pick() % records.size()].time;
        auto const last = records[pick() % records.size()].time;
        for (auto& r : records)
            if (r.time < first || r.time > last)
                r.readings.clear();
        SeriesRows rows;
        ASSERT_TRUE(rows.append(bytes, {.first = first, .last = last}));
        ASSERT_TRUE(same_records(records_of(rows), records)) << "round " << i;
    }
}

TEST(SeriesChunk, SettledRowsAreInOrderAndTheLastWrittenHoldsItsTime)
{
    auto const r = [](int hour, int value) {
        return store_contract::make_record(0, IntervalKind::hour, at(std::chrono::hours{hour}), value);
    };
    SeriesRows rows;
    ASSERT_TRUE(rows.append(encoded({r(5, 1), r(6, 1)})));
    ASSERT_TRUE(rows.append(encoded({r(1, 2), r(6, 2), r(9, 2)})));
    ASSERT_TRUE(rows.append(encoded({r(1, 3)})));
    rows.settle();

    EXPECT_TRUE(same_records(records_of(rows), {r(1, 3), r(5, 1), r(6, 2), r(9, 2)}));
}

TEST(SeriesChunk, AWeekOfHoursTakesAboutOneByteAValue)
{
    std::mt19937 random{3};
    std::vector<Record> week;
    std::array<std::int64_t, 10> level{160, 782, 866, 4133, 178, 268, 76, 56, 214, 7};
    for (int h = 0; h < 168; ++h) {
        Record r{0, IntervalKind::hour, {}, {1, 3, 0}, at(std::chrono::hours{h}), at(std::chrono::hours{h}) + 95s, {}};
        for (std::size_t p = 0; p < level.size(); ++p)
            r.readings.push_back(
                {static_cast<ParameterId>(p), Flag{}, Mark::none, true, Decimal{level[p] += static_cast<int>(random() % 41) - 20, 2}});
        week.push_back(std::move(r));
    }

    EXPECT_LT(encoded(week).size(), 1680U * 5 / 4);
    EXPECT_LT(encoded({week[0]}).size(), 100U);
}

TEST(SeriesChunk, DamagedBytesAreRefusedOrReadAsOtherRecordsButNeverCrash)
{
    RandomRecords random{7};
    std::mt19937 damage{8};
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
        auto const bytes = encoded(random.series());
        for (int k = 0; k < 20; ++k) {
            auto broken = bytes;
            broken[damage() % broken.size()] = static_cast<char>(damage());
            SeriesRows rows;
            refused += !rows.append(broken);
            for (auto const& r : records_of(rows))
                ASSERT_TRUE(std::ranges::is_sorted(r.readings, {}, &Reading::parameter));
        }
        SeriesRows rows;
        ASSERT_FALSE(rows.append(std::string_view{bytes}.substr(0, damage() % bytes.size())));
        ASSERT_FALSE(rows.append(bytes + "x"));
        ASSERT_TRUE(rows.rows().empty());
    }
    EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace yihong::store_local
