#include "yihong/periods/dust_events.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

using std::chrono::hours;

UtcTime begin() { return parse_rfc3339("2026-04-12T00:00:00+08:00").value(); }

std::vector<ParticleHour> hours_of(std::vector<std::pair<int, int>> const& values)
{
    std::vector<ParticleHour> all;
    for (auto const& [pm10, pm25] : values) {
        ParticleHour hour{begin() + hours{all.size()}, {}, {}};
        if (pm10 > 0)
            hour.pm10 = Decimal{pm10, 0};
        if (pm25 > 0)
            hour.pm25 = Decimal{pm25, 0};
        all.push_back(hour);
    }
    return all;
}

TEST(DustEvents, BeginWhereCoarseParticlesDoubleAndEndWhereTheyAreBack)
{
    auto const events = dust_events(hours_of({{80, 40}, {82, 41}, {78, 39}, {170, 50}, {400, 80}, {0, 0}, {200, 60}, {85, 40}, {80, 40}}));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].begin, begin() + hours{3});
    EXPECT_EQ(events[0].end, begin() + hours{7});
    EXPECT_EQ(events[0].before.to_string(), "80");
    EXPECT_EQ(events[0].highest.to_string(), "400");
    EXPECT_EQ(events[0].highest_at, begin() + hours{4});
}

TEST(DustEvents, TakeACoarserMixForOne)
{
    EXPECT_EQ(dust_events(hours_of({{120, 90}, {120, 90}, {120, 90}, {160, 50}})).size(), 1U);  // 0.31 of 0.75
    EXPECT_TRUE(dust_events(hours_of({{120, 90}, {120, 90}, {120, 90}, {160, 70}})).empty());
}

TEST(DustEvents, NeedHighValuesAndHoursBefore)
{
    EXPECT_TRUE(dust_events(hours_of({{40, 20}, {40, 20}, {40, 20}, {150, 40}})).empty());     // twice, and not high
    EXPECT_TRUE(dust_events(hours_of({{40, 20}, {40, 20}, {300, 40}})).empty());               // nothing to compare with
    EXPECT_TRUE(dust_events({}).empty());
}

}  // namespace
}  // namespace yihong
