#include "yihong/geo/gcj02.hpp"

#include <geodesic.h>
#include <gtest/gtest.h>

namespace yihong {
namespace {

double metres(LonLat a, LonLat b)
{
    geod_geodesic g;
    geod_init(&g, 6378137, 1 / 298.257223563);
    double distance = 0;
    geod_inverse(&g, a.lat, a.lon, b.lat, b.lon, &distance, nullptr, nullptr);
    return distance;
}

struct Pair {
    LonLat wgs84;
    LonLat gcj02;
};

// Published with the open implementations of the formula (test vectors of googollee/eviltransform).
constexpr Pair known[] = {
    {{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}},        // Shanghai
    {{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}},        // Shenzhen
    {{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}},        // Beijing
};

TEST(Gcj02, AgreesWithKnownPairs)
{
    for (auto const& pair : known) {
        EXPECT_LT(metres(wgs84_to_gcj02(pair.wgs84), pair.gcj02), 1e-3) << pair.wgs84.lon;
        EXPECT_LT(metres(gcj02_to_wgs84(pair.gcj02), pair.wgs84), 1e-3) << pair.wgs84.lon;
    }
}

// About 526 m east and 88 m south at 111 E 35 N, which is also how far shifted county sets lie from true ones there.
TEST(Gcj02, ShiftsYunchengByHalfAKilometre)
{
    LonLat const here{111, 35};
    LonLat const shifted = wgs84_to_gcj02(here);

    EXPECT_NEAR(metres(here, {shifted.lon, 35}), 526, 2);
    EXPECT_GT(shifted.lon, 111);
    EXPECT_NEAR(metres(here, {111, shifted.lat}), 88, 1);
    EXPECT_LT(shifted.lat, 35);
}

TEST(Gcj02, IsUndoneEverywhereInChina)
{
    double worst = 0;
    for (double lon = 73; lon < 136; lon += 0.37)
        for (double lat = 3; lat < 54; lat += 0.41)
            worst = std::max(worst, metres(gcj02_to_wgs84(wgs84_to_gcj02({lon, lat})), {lon, lat}));
    EXPECT_LT(worst, 1e-3);
}

TEST(Gcj02, LeavesOtherCountriesAlone)
{
    for (LonLat const p : {LonLat{2.35, 48.85}, LonLat{-43.17, -22.9}, LonLat{151.2, -33.87}}) {
        EXPECT_EQ(wgs84_to_gcj02(p), p);
        EXPECT_EQ(gcj02_to_wgs84(p), p);
    }
}

}  // namespace
}  // namespace yihong
