#include "places.hpp"

#include <gtest/gtest.h>

#include <array>

namespace yihong::edr {
namespace {

constexpr std::array points{GeometryType::point, GeometryType::multi_point};
constexpr std::array polygons{GeometryType::polygon, GeometryType::multi_polygon};

class Places : public ::testing::Test {
protected:
    static Site at(std::string id, LonLat position)
    {
        Site site;
        site.id = std::move(id);
        site.position = position;
        return site;
    }
    static std::vector<std::string> ids(Sites const& of)
    {
        std::vector<std::string> all;
        for (auto const* site : of)
            all.push_back(site->id);
        return all;
    }
    using Ids = std::vector<std::string>;

    std::array<Site, 3> all{at("a", {110, 35}), at("b", {111, 35}), at("c", {111, 36})};
    Sites sites{&all[0], &all[1], &all[2]};
};

TEST_F(Places, MeasureAlongGreatCircles)
{
    EXPECT_NEAR(distance_m({110, 35}, {111, 35}), 91'085, 50);
    EXPECT_NEAR(distance_m({0, 0}, {180, 0}), 20'015'115, 10);
    EXPECT_NEAR(distance_m({179.5, 0}, {-179.5, 0}), 111'195, 10);
    EXPECT_EQ(distance_m({110, 35}, {110, 35}), 0);
}

TEST_F(Places, AreTheNearestOfEachPointOnce)
{
    EXPECT_EQ(ids(nearest_sites(sites, Point{{110.1, 35.1}}).value()), Ids{"a"});
    EXPECT_EQ(ids(nearest_sites(sites, MultiPoint{{{111, 36.1}, {110, 35}, {110.2, 35}}}).value()), (Ids{"c", "a"}));
    auto const far = nearest_sites(sites, Point{{120, 35}});
    ASSERT_FALSE(far);
    EXPECT_EQ(far.error().code, Errc::not_found);
    EXPECT_EQ(far.error().detail, "coords: no site lies within 50 km of 120 35; the nearest, b, is 819 km away");
    EXPECT_EQ(nearest_sites({}, Point{{1, 1}}).error().detail, "coords: no site lies within 50 km of 1 1");
}

TEST_F(Places, AreWithinARadiusAPolygonOrABox)
{
    EXPECT_EQ(ids(sites_within(sites, {110, 35}, 91'000)), Ids{"a"});
    EXPECT_EQ(ids(sites_within(sites, {110, 35}, 92'000)), (Ids{"a", "b"}));
    auto const triangle = read_coords("POLYGON((109 34,112 34,112 36,109 34))", polygons);
    EXPECT_EQ(ids(sites_in(sites, triangle.value())), Ids{"b"});
    auto const edge = read_coords("POLYGON((110 35,111 35,111 36,110 35))", polygons);
    EXPECT_EQ(ids(sites_in(sites, edge.value())), (Ids{"a", "b", "c"}));
    std::array const boxes{BoundingBox{110.5, 34, 112, 36}};
    EXPECT_EQ(ids(sites_in(sites, boxes)), (Ids{"b", "c"}));
}

TEST_F(Places, RefuseWhatIsNoPlace)
{
    for (auto const* text : {"", "POINT()", "POINT EMPTY", "POINT(1)", "POINT(nan 1)", "POINT(inf 1)", "POINT(1e999 1)", "POINT(181 1)",
                             "POINT(1 91)", "LINESTRING(1 2,3 4)", "POLYGON((1 1,2 1,2 2,1 1))", "POINT(1 2) x", "(((((((("}) {
        auto const read = read_coords(text, points);
        ASSERT_FALSE(read) << text;
        EXPECT_TRUE(read.error().detail.starts_with("coords: ")) << read.error().detail;
    }
    EXPECT_EQ(
        read_coords("POINT(1 2)", polygons).error().detail,
        "coords: 'POINT(1 2)' is another geometry; POLYGON or MULTIPOLYGON is taken: longitude, then latitude, in degrees, -180 to 180 "
        "and -90 to 90");
    for (auto const* text : {"POLYGON()", "POLYGON((1 1,2 1))", "POLYGON((1 1,2 1,2 2,1 2))", "POLYGON((0 0,2 2,2 0,0 2,0 0))"})
        EXPECT_FALSE(read_coords(text, polygons)) << text;
    std::string many = "MULTIPOINT(0 0";
    for (std::size_t i = 0; i < most_positions; ++i)
        many += ",1 1";
    EXPECT_EQ(read_coords(many + ")", points).error().code, Errc::too_large);
}

}  // namespace
}  // namespace yihong::edr
