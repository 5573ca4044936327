// What the rest of a year may have of PM2.5, ozone and carbon monoxide.
#include "testing.hpp"
#include "yihong/periods/air_outlook.hpp"

namespace yihong {
namespace {

using namespace testing;

/// So many days from 1 January 2025 on: PM2.5 at 30, ozone above its limit on the first `over` of them.
std::vector<Record> days(int count, int over)
{
    std::vector<Record> made;
    for (int i = 0; i < count; ++i) {
        auto one = record({{"pm25", "30"}, {"o3_8h", i < over ? "161" : "160"}, {"co", "0.8"}}, IntervalKind::day);
        one.time = period("2025").begin + std::chrono::days{i};
        made.push_back(one);
    }
    return made;
}
AirOutlook outlook(std::vector<Record> const& records, std::optional<Decimal> const& target, int left)
{
    return air_outlook(records, {}, day("2025-12-31"), target, left, book()).value();
}

TEST(AirOutlook, TheMeanOfTheDaysLeft)
{
    auto const against_limit = outlook(days(300, 0), {}, 65).pm25.value();
    EXPECT_TRUE(against_limit.is_limit);
    EXPECT_EQ(against_limit.target, d("35"));
    EXPECT_EQ(against_limit.so_far, d("30"));
    EXPECT_EQ(against_limit.rest->strict, d("58.08"));          // (35 x 365 - 30 x 300) / 65
    auto const hard = outlook(days(300, 0), d("28"), 65).pm25.value();
    EXPECT_FALSE(hard.is_met_so_far());
    EXPECT_FALSE(hard.is_out_of_reach());
    EXPECT_EQ(hard.rest->strict, d("18.77"));
    EXPECT_TRUE(outlook(days(300, 0), d("24"), 65).pm25->is_out_of_reach());
    auto const over = outlook(days(365, 0), d("29"), 0).pm25.value();
    EXPECT_FALSE(over.rest);
    EXPECT_TRUE(over.is_out_of_reach());
    EXPECT_FALSE(outlook({}, {}, 365).pm25) << "no day has a value";
}

/// T10 of the reference: of 365 days 36 may lie over the limit of ozone, 18 over that of carbon monoxide.
TEST(AirOutlook, DaysThatMayStillExceed_T10)
{
    auto const made = outlook(days(300, 30), {}, 65);
    ASSERT_EQ(made.percentiles.size(), 2U);
    for (auto const& one : made.percentiles) {
        bool const is_ozone = one.parameter == id("o3_8h");
        EXPECT_EQ(one.days, 365);
        EXPECT_EQ(one.over, is_ozone ? 30 : 0) << "equal to the limit meets it";
        EXPECT_EQ(one.may_still_exceed(), is_ozone ? 6 : 18);
        EXPECT_FALSE(one.is_missed());
    }
    auto const ozone = [](int over) {
        auto const all = outlook(days(300, over), {}, 65).percentiles;
        return *std::ranges::find(all, id("o3_8h"), &AirOutlook::Percentile::parameter);
    };
    EXPECT_EQ(ozone(37).may_still_exceed(), -1);
    EXPECT_FALSE(ozone(37).is_missed()) << "the interpolation decides";
    EXPECT_TRUE(ozone(38).is_missed());
}

TEST(AirOutlook, DustDaysAreNoDaysOfParticles)
{
    auto records = days(300, 0);
    records[0].readings[0].value = d("900");
    std::vector<Date> const dust{day("2025-01-01")};
    auto const made = air_outlook(records, dust, day("2025-12-31"), {}, 65, book()).value();
    EXPECT_EQ(made.pm25->valid_days, 299);
    EXPECT_EQ(made.pm25->so_far, d("30"));
    EXPECT_EQ(made.percentiles[0].days, 365);
}

}  // namespace
}  // namespace yihong
