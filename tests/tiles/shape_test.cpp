#include "yihong/tiles/shape.hpp"

#include "paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace yihong::tiles {
namespace {

TileMatrixSet const& degrees() { return *find_tile_matrix_set("WorldCRS84Quad"); }
// level 2 has tiles of 45 degrees: this one holds 90 … 135 east, 0 … 45 north
constexpr Tile here{2, 1, 6};
constexpr double cell = 45.0 / extent;

std::int64_t area(std::vector<Cell> const& ring)
{
    std::int64_t twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        auto const& a = ring[i];
        auto const& b = ring[(i + 1) % ring.size()];
        twice += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
    }
    return twice / 2;
}

Positions square(double west, double south, double side)
{
    return {{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}, {west, south}};
}

TEST(Shape, MapsPointsInStraightProportion)
{
    auto const corner = shape_in(Point{{90, 45}}, degrees(), here);
    ASSERT_EQ(corner.parts.size(), 1U);
    EXPECT_EQ(corner.parts[0][0], (Cell{0, 0}));
    EXPECT_EQ(shape_in(Point{{112.5, 22.5}}, degrees(), here).parts[0][0], (Cell{2048, 2048}));
    EXPECT_EQ(shape_in(Point{{90 + 1024 * cell, 45 - 3072 * cell}}, degrees(), here).parts[0][0], (Cell{1024, 3072}));
}

TEST(Shape, KeepsPointsOfTheBufferAndNoOthers)
{
    EXPECT_FALSE(shape_in(Point{{90 - 60 * cell, 20}}, degrees(), here).is_empty());
    EXPECT_TRUE(shape_in(Point{{90 - 70 * cell, 20}}, degrees(), here).is_empty());
    auto const some = shape_in(MultiPoint{{{100, 20}, {10, 20}, {110, 20}}}, degrees(), here);
    EXPECT_EQ(some.parts[0].size(), 2U);
}

TEST(Shape, CutsLinesAtTheBuffer)
{
    // straight through, and back again further north
    auto const shape = shape_in(LineString{{{80, 20}, {140, 20}, {140, 30}, {80, 30}}}, degrees(), here);
    ASSERT_EQ(shape.parts.size(), 2U);
    EXPECT_EQ(shape.parts[0].front().x, -buffer);
    EXPECT_EQ(shape.parts[0].back().x, extent + buffer);
    EXPECT_EQ(shape.parts[0].front().y, shape.parts[0].back().y);
    EXPECT_EQ(shape.parts[1].front().x, extent + buffer);
    EXPECT_TRUE(shape_in(LineString{{{80, 20}, {85, 20}}}, degrees(), here).is_empty());
}

TEST(Shape, ThinsLinesWithinHalfAPixel)
{
    Positions wave;
    for (int i = 0; i <= 2000; ++i)
        wave.push_back({100 + i * 0.01, 20 + 2 * cell * std::sin(i * 0.3)});     // nobody sees it here
    auto const flat = shape_in(LineString{wave}, degrees(), here);
    ASSERT_EQ(flat.parts.size(), 1U);
    EXPECT_LE(flat.parts[0].size(), 4U);
    // seven levels further down it is seen
    auto const near = degrees().range_of({105, 20, 105, 20}, 9);
    EXPECT_GT(shape_in(LineString{wave}, degrees(), {9, near.first_row, near.first_column}).parts.at(0).size(), 20U);
}

TEST(Shape, WindsRingsAsTheFormatWants)
{
    for (bool const turned : {false, true}) {
        Polygon lake{{square(95, 5, 30), square(100, 10, 10)}};
        if (turned)
            for (auto& ring : lake.rings)
                std::ranges::reverse(ring);
        auto const shape = shape_in(lake, degrees(), here);
        ASSERT_EQ(shape.parts.size(), 2U);
        EXPECT_GT(area(shape.parts[0]), 0);
        EXPECT_LT(area(shape.parts[1]), 0);
        EXPECT_EQ(shape.parts[0].size(), 4U);              // its first cell stands there once
    }
}

TEST(Shape, CutsPolygonsToTheTileWithItsBuffer)
{
    auto const shape = shape_in(Polygon{{square(80, -10, 70)}}, degrees(), here);
    ASSERT_EQ(shape.parts.size(), 1U);
    std::int64_t const side = extent + 2 * buffer;
    EXPECT_EQ(area(shape.parts[0]), side * side);
    // a tile inside a hole shows nothing but the two rings that lie on its edge cancel out
    auto const beside = shape_in(Polygon{{square(0, 0, 10)}}, degrees(), here);
    EXPECT_TRUE(beside.is_empty());
}

TEST(Shape, LeavesOutWhatIsSmallerThanHalfAPixel)
{
    EXPECT_TRUE(shape_in(Polygon{{square(100, 20, 2 * cell)}}, degrees(), here).is_empty());
    EXPECT_FALSE(shape_in(Polygon{{square(100, 20, 40 * cell)}}, degrees(), here).is_empty());
    EXPECT_TRUE(shape_in(Geometry{}, degrees(), here).is_empty());
    // the small hole of a large lake goes, the lake stays
    EXPECT_EQ(shape_in(Polygon{{square(100, 20, 10), square(103, 23, 2 * cell)}}, degrees(), here).parts.size(), 1U);
}

TEST(Paths, CutARingAtItsCorners)
{
    auto const cut = cut_ring({{-10, -10}, {50, -10}, {50, 50}, {-10, 50}, {-10, -10}}, {0, 100});
    EXPECT_EQ(cut.front(), cut.back());
    for (auto const spot : cut)
        EXPECT_TRUE(spot.x >= 0 && spot.y >= 0 && spot.x <= 50 && spot.y <= 50);
    EXPECT_TRUE(cut_ring({{-10, -10}, {-5, -10}, {-5, -5}, {-10, -10}}, {0, 100}).empty());
}

}  // namespace
}  // namespace yihong::tiles
