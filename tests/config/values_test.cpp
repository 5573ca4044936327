#include "yihong/config/config.hpp"

#include <gtest/gtest.h>

/// The forms of values: addresses, durations, rules of zones.
namespace yihong {
namespace {

using namespace std::chrono_literals;

TEST(ParseEndpoint, TakesNumericAddressesOnly)
{
    EXPECT_EQ(parse_endpoint("0.0.0.0:80"), (Endpoint{"0.0.0.0", 80}));
    EXPECT_EQ(parse_endpoint("[::]:65535"), (Endpoint{"::", 65535}));
    for (auto const* text : {"", ":", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8080x", "::1:8080",
                             "[127.0.0.1]:80", "[::1]", "[]:80", "256.0.0.1:80", "127.1:80"})
        EXPECT_FALSE(parse_endpoint(text).has_value()) << text;
}

TEST(Endpoint, KnowsLoopback)
{
    EXPECT_TRUE((Endpoint{"127.0.0.1", 1}).is_loopback());
    EXPECT_TRUE((Endpoint{"127.8.8.8", 1}).is_loopback());
    EXPECT_TRUE((Endpoint{"::1", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"0.0.0.0", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"::", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"10.127.0.1", 1}).is_loopback());
}

TEST(ParseDuration, NeedsAUnit)
{
    EXPECT_EQ(parse_duration("250ms"), 250ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("3h"), 3h);
    EXPECT_EQ(parse_duration("2d"), 48h);
    EXPECT_EQ(parse_duration("0s"), 0s);
    for (auto const* text : {"", "s", "10", "10 s", "-1s", "1.5h", "1w", "99999999999999999999s", "9999999999d"})
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
}

TEST(ParseZoneRule, RefusesWhatIsNoRule)
{
    for (auto const* text : {"", "<", "elevation", "elevation <", "< 400", "elevation <= 400", "elevation < nan", "elevation < 4 0",
                             "a b < 1", "100 < elevation < 400"})
        EXPECT_FALSE(parse_zone_rule(text).has_value()) << text;
}

}  // namespace
}  // namespace yihong
