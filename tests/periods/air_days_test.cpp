#include "yihong/periods/air_days.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;

/// `count` hours of a day from 00:00 on, all alike.
std::vector<Record> hours(std::string_view date, int count, Values values)
{
    std::vector<Record> all;
    for (int hour = 0; hour < count; ++hour) {
        auto one = record(values, IntervalKind::hour, date);
        one.time = beijing_midnight(day(date)) + std::chrono::hours{hour};
        all.push_back(one);
    }
    return all;
}

std::vector<Record> days_of(std::string_view code, std::vector<Record> const& records)
{
    AirDays days{period(code), book()};
    for (auto const& one : records)
        days.add(one);
    return days.finish();
}

std::string value(Record const& record, std::string_view parameter)
{
    auto const* reading = record.find(id(parameter));
    return reading ? reading->value.to_string() : "--";
}

TEST(AirDays, ADayNeedsTwentyHours)
{
    auto const enough = days_of("2025-10-03", hours("2025-10-03", 20, {{"pm25", "41"}, {"o3", "120"}}));
    ASSERT_EQ(enough.size(), 1U);
    EXPECT_EQ(value(enough[0], "pm25"), "41");
    EXPECT_EQ(value(enough[0], "o3_8h"), "120");                // ends at 08:00 to 22:00 are 15 means
    EXPECT_EQ(enough[0].interval, IntervalKind::day);
    EXPECT_TRUE(days_of("2025-10-03", hours("2025-10-03", 19, {{"pm25", "41"}})).empty());
    EXPECT_TRUE(days_of("2025-10-04", hours("2025-10-03", 24, {{"pm25", "41"}})).empty());
}

TEST(AirDays, FewEightHourMeansCountWhereTheyExceedTheLimit)
{
    EXPECT_EQ(value(days_of("2025-10-03", hours("2025-10-03", 12, {{"o3", "190"}})).at(0), "o3_8h"), "190");
    EXPECT_TRUE(days_of("2025-10-03", hours("2025-10-03", 12, {{"o3", "120"}})).empty());
}

TEST(AirDays, TheStationsOwnDayFillsWhatHoursDoNotGive)
{
    auto records = hours("2025-10-03", 24, {{"pm25", "41"}});
    auto own = record({{"pm25", "99"}, {"pm10", "88"}}, IntervalKind::day, "2025-10-03");
    records.insert(records.begin(), own);
    for (auto const& later : hours("2025-10-04", 24, {{"pm25", "50"}}))
        records.push_back(later);
    auto const days = days_of("2025-10", records);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(value(days[0], "pm25"), "41");
    EXPECT_EQ(value(days[0], "pm10"), "88");
    EXPECT_EQ(value(days[1], "pm10"), "--");                    // not carried over
}

}  // namespace
}  // namespace yihong
