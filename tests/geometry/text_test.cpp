// Geometry as GeoJSON, WKT and WKB.
#include "yihong/geometry/geojson.hpp"
#include "yihong/geometry/wkb.hpp"
#include "yihong/geometry/wkt.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

/// One of each type, longitude and latitude never the same.
std::vector<Geometry> one_of_each()
{
    Positions const ring{{0, 10}, {4, 10}, {4, 14}, {0, 14}, {0, 10}};
    Positions const hole{{1, 11}, {1, 12}, {2, 12}, {1, 11}};
    return {std::monostate{},
            Point{{111.5, 35.1}},
            MultiPoint{{{1, 2}, {-3.25, 4}}},
            LineString{{{0.1, 1}, {2, 1e-7}}},
            MultiLineString{{{{0, 1}, {2, 3}}, {{4, 5}, {6, 7}, {8, 9}}}},
            Polygon{{ring, hole}},
            MultiPolygon{{{{ring, hole}}, {{ring}}}}};
}

TEST(Coordinate, HasAtMostSevenDecimalsAndNoTrailingZeros)
{
    auto const text = [](double d) {
        std::string out;
        append_coordinate(out, d);
        return out;
    };
    EXPECT_EQ(text(110.37), "110.37");
    EXPECT_EQ(text(-0.00000001), "0");
    EXPECT_EQ(text(-0.5), "-0.5");
    EXPECT_EQ(text(111.0000001), "111.0000001");
    EXPECT_EQ(text(34.99999999), "35");
    EXPECT_EQ(text(180), "180");
}

TEST(GeoJson, WritesEveryGeometryType)
{
    auto const text = [](Geometry const& geometry) {
        std::string out;
        append_geojson(out, geometry);
        return out;
    };
    EXPECT_EQ(text({}), "null");
    EXPECT_EQ(text(Point{{1, 2}}), R"({"type":"Point","coordinates":[1,2]})");
    EXPECT_EQ(text(MultiPoint{{{1, 2}, {3, 4}}}), R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})");
    EXPECT_EQ(text(LineString{{{1, 2}, {3, 4}}}), R"({"type":"LineString","coordinates":[[1,2],[3,4]]})");
    EXPECT_EQ(text(MultiLineString{{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}}),
              R"({"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]})");
    EXPECT_EQ(text(Polygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}), R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})");
    EXPECT_EQ(text(MultiPolygon{{{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}}}),
              R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]})");
}

TEST(GeoJson, WritesWhatLiesOutsideOfEverySystem)
{
    std::string json;
    append_geojson(json, LineString{{{7.5e49, -2e300}, {0, 4}}});
    EXPECT_EQ(json, R"({"type":"LineString","coordinates":[[7.5e+49,-2e+300],[0,4]]})");
    EXPECT_EQ(parse_geojson(json), (Geometry{LineString{{{7.5e49, -2e300}, {0, 4}}}}));
}

TEST(Geometry, ReadsBackFromEveryForm)
{
    for (auto const& geometry : one_of_each()) {
        std::string json;
        append_geojson(json, geometry);
        EXPECT_EQ(parse_geojson(json), geometry) << json;
        EXPECT_EQ(parse_wkt(to_wkt(geometry)), geometry) << to_wkt(geometry);
        EXPECT_EQ(parse_wkb(to_wkb(geometry)), geometry) << to_wkt(geometry);
    }
}

TEST(Geometry, IsLongitudeThenLatitudeInEveryForm)
{
    Geometry const yuncheng = Point{{111.0, 35.0}};
    EXPECT_EQ(to_wkt(yuncheng), "POINT (111 35)");
    EXPECT_EQ(parse_geojson(R"({"type":"Point","coordinates":[111,35]})"), yuncheng);
    EXPECT_EQ(to_wkb(yuncheng).substr(5, 8), std::string_view("\0\0\0\0\0\xC0\x5B\x40", 8));
    EXPECT_EQ(bounds_of(yuncheng), (BoundingBox{.west = 111, .south = 35, .east = 111, .north = 35}));
}

TEST(Wkt, HoldsTheShortestExactNumbers)
{
    EXPECT_EQ(to_wkt(Point{{0.1, 1.0 / 3}}), "POINT (0.1 0.3333333333333333)");
    EXPECT_EQ(to_wkt({}), "GEOMETRYCOLLECTION EMPTY");
    EXPECT_EQ(to_wkt(MultiPoint{{{1, 2}, {3, 4}}}), "MULTIPOINT ((1 2), (3 4))");
}

TEST(Wkt, IsReadHoweverItIsWritten)
{
    EXPECT_EQ(parse_wkt("  multipoint(1 2,+3 4.)"), Geometry{(MultiPoint{{{1, 2}, {3, 4}}})});
    EXPECT_EQ(parse_wkt("Point Z(1 2 3)"), Geometry{(Point{{1, 2}})});
    EXPECT_EQ(parse_wkt("LINESTRING ZM (1 2 3 4,\n5 6 7 8)"), Geometry{(LineString{{{1, 2}, {5, 6}}})});
    EXPECT_EQ(parse_wkt("POLYGON EMPTY"), Geometry{});
}

TEST(Wkt, SaysWhereItIsWrong)
{
    auto const why = [](std::string_view text) { return parse_wkt(text).error().detail; };
    EXPECT_EQ(why("CIRCLE (1 2)"), "character 7: POINT, LINESTRING, POLYGON, or several of them (MULTI…) is expected");
    EXPECT_EQ(why("POINT (1)"), "character 9: a number is expected");
    EXPECT_EQ(why("POINT (1 2"), "character 11: , or ) is expected");
    EXPECT_EQ(why("POINT (1 2, 3 4)"), "character 17: a point has one position");
    EXPECT_EQ(why("POINT (1 2) x"), "character 13: something follows the geometry");
    EXPECT_EQ(why("POINT (1e999 2)"), "character 13: a coordinate is not finite");
    EXPECT_EQ(why("POINT (nan 2)"), "character 11: a coordinate is not finite");
    EXPECT_EQ(why("LINESTRING (1 2)"), "character 17: a line has at least two positions");
    EXPECT_EQ(why("POLYGON ((0 0, 1 0, 1 1, 0 1))"), "character 31: a ring ends where it begins");
    EXPECT_EQ(parse_wkt("GEOMETRYCOLLECTION (POINT (1 2))").error().code, Errc::unsupported);
    EXPECT_FALSE(parse_wkt(""));
    EXPECT_FALSE(parse_wkt("POINT"));
    EXPECT_FALSE(parse_wkt("SRID=4326;POINT (1 2)"));
}

TEST(Wkb, IsReadInBothByteOrdersAndWithHeights)
{
    using namespace std::string_view_literals;
    auto const big = "\0\0\0\0\1\x40\x5B\xC0\0\0\0\0\0\x40\x41\x80\0\0\0\0\0"sv;
    EXPECT_EQ(parse_wkb(big), Geometry{(Point{{111, 35}})});
    for (std::string const& type : {std::string{"\xE9\x03\0\0", 4}, std::string{"\x01\0\0\x80", 4}}) {
        std::string point = "\1" + type + to_wkb(Point{{111, 35}}).substr(5) + std::string(8, '\0');
        EXPECT_EQ(parse_wkb(point), Geometry{(Point{{111, 35}})});
    }
}

TEST(Wkb, BelievesNoCountThatIsNotThere)
{
    auto bytes = to_wkb(LineString{{{1, 2}, {3, 4}}});
    bytes[8] = '\x7F';
    EXPECT_EQ(parse_wkb(bytes), (std::unexpected{Failure{Errc::bad_syntax, "byte 10: the bytes end too early"}}));
    for (auto const& geometry : one_of_each()) {
        auto const whole = to_wkb(geometry);
        for (std::size_t length = 0; length < whole.size(); ++length)
            EXPECT_FALSE(parse_wkb(whole.substr(0, length))) << to_wkt(geometry) << " " << length;
        EXPECT_FALSE(parse_wkb(whole + '\0'));
    }
}

TEST(GeoJson, IsReadInAnyOrderOfMembers)
{
    EXPECT_EQ(parse_geojson(R"({"coordinates":[[1,2,300],[3,4,300]],"bbox":[1,2,3,4],"type":"LineString"})"),
              Geometry{(LineString{{{1, 2}, {3, 4}}})});
}

TEST(GeoJson, SaysWhereItIsWrong)
{
    auto const why = [](std::string_view text) { return parse_geojson(text).error().detail; };
    EXPECT_EQ(why(R"({"type":"Point","coordinates":[1]})"), "line 1, column 34: a position has two numbers: longitude, latitude");
    EXPECT_EQ(why(R"({"type":"Point","coordinates":[[1,2]]})"), "line 1, column 39: `coordinates` are not nested as in a Point");
    EXPECT_EQ(why(R"({"type":"LineString","coordinates":[[1,2],[[3,4]]]})"), "line 1, column 49: `coordinates` are nested unevenly");
    EXPECT_EQ(why(R"({"type":"Point"})"), "line 1, column 17: the geometry has no `coordinates`");
    EXPECT_EQ(why("[]"), "line 1, column 1: a geometry is an object with `type` and `coordinates`");
    EXPECT_EQ(why(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})"), "line 1, column 61: a ring ends where it begins");
    EXPECT_EQ(parse_geojson(R"({"type":"GeometryCollection","geometries":[]})").error().code, Errc::unsupported);
    EXPECT_FALSE(parse_geojson(R"({"type":"Point","coordinates":[1e999,2]})"));
    EXPECT_FALSE(parse_geojson(R"({"type":"Point","coordinates":[[[[[[[[1,2]]]]]]]]})"));
    EXPECT_FALSE(parse_geojson(R"({"type":"Point","coordinates":[1,2]} x)"));
    EXPECT_FALSE(parse_geojson(""));
}

}  // namespace
}  // namespace yihong
