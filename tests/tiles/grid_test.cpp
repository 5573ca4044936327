#include "yihong/tiles/grid.hpp"

#include <gtest/gtest.h>

namespace yihong::tiles {
namespace {

Tile tile_at(TileMatrixSet const& set, int level, LonLat position)
{
    auto const range = set.range_of({position.lon, position.lat, position.lon, position.lat}, level);
    return {level, range.first_row, range.first_column};
}

TEST(Grid, HasTheTileNumbersThatEverybodyHas)
{
    auto const& mercator = *find_tile_matrix_set("WebMercatorQuad");
    // OpenStreetMap's wiki: z 18 of 51.50, 0.00 and the Brandenburg gate; Yuncheng by mercantile
    EXPECT_EQ(tile_at(mercator, 0, {111, 35}), (Tile{0, 0, 0}));
    EXPECT_EQ(tile_at(mercator, 10, {13.37771, 52.51628}), (Tile{10, 335, 550}));
    EXPECT_EQ(tile_at(mercator, 7, {111.0, 35.0}), (Tile{7, 50, 103}));
    auto const& degrees = *find_tile_matrix_set("WorldCRS84Quad");
    EXPECT_EQ(tile_at(degrees, 0, {111, 35}), (Tile{0, 0, 1}));
    EXPECT_EQ(tile_at(degrees, 3, {111, 35}), (Tile{3, 2, 12}));    // 22.5 degrees each
    auto const& tianditu = *find_tile_matrix_set("CGCS2000Quad");
    EXPECT_EQ(tile_at(tianditu, 1, {111, 35}), (Tile{1, 0, 1}));
    EXPECT_EQ(tile_at(tianditu, 4, {111, 35}), (Tile{4, 2, 12}));
    EXPECT_EQ(find_tile_matrix_set("c"), nullptr);
}

TEST(Grid, SaysWhatItsStandardSays)
{
    auto const& mercator = *find_tile_matrix_set("WebMercatorQuad");
    EXPECT_NEAR(mercator.scale_denominator(0), 559082264.028717, 1e-3);
    EXPECT_NEAR(mercator.cell_size(0), 156543.033928041, 1e-6);
    EXPECT_NEAR(mercator.origin().x, -20037508.3427892, 1e-6);
    EXPECT_NEAR(mercator.scale_denominator(18), 2132.72958384978, 1e-8);
    auto const& degrees = *find_tile_matrix_set("WorldCRS84Quad");
    EXPECT_NEAR(degrees.scale_denominator(0), 279541132.014358, 1e-3);
    EXPECT_DOUBLE_EQ(degrees.cell_size(0), 0.703125);
    EXPECT_EQ(degrees.size(0).width, 2U);
    auto const& tianditu = *find_tile_matrix_set("CGCS2000Quad");
    EXPECT_DOUBLE_EQ(tianditu.cell_size(1), 0.703125);
    EXPECT_DOUBLE_EQ(tianditu.cell_size(18), 180.0 / 256 / 131072);
}

TEST(Grid, BoundsAndRangesAgree)
{
    for (auto const& set : tile_matrix_sets())
        for (int level = set.first_level; level <= set.last_level; ++level) {
            auto const tile = tile_at(set, level, {111.03, 35.02});
            EXPECT_TRUE(set.contains(tile));
            auto const box = set.bounds_of(tile);
            EXPECT_TRUE(box.contains({111.03, 35.02})) << set.id << ' ' << level;
            LonLat const middle{(box.west + box.east) / 2, (box.south + box.north) / 2};
            EXPECT_EQ(tile_at(set, level, middle), tile) << set.id << ' ' << level;
            EXPECT_TRUE(set.range_of({}, level).contains(tile));
        }
}

TEST(Grid, RefusesWhatItDoesNotHave)
{
    auto const& mercator = *find_tile_matrix_set("WebMercatorQuad");
    EXPECT_FALSE(mercator.contains({0, 1, 0}));
    EXPECT_FALSE(mercator.contains({25, 0, 0}));
    EXPECT_FALSE(mercator.contains({-1, 0, 0}));
    EXPECT_FALSE(mercator.contains({3, 8, 0}));
    EXPECT_FALSE(mercator.contains({3, 0, 2'147'483'647}));
    EXPECT_FALSE(find_tile_matrix_set("CGCS2000Quad")->contains({0, 0, 0}));
    EXPECT_TRUE(find_tile_matrix_set("CGCS2000Quad")->contains({1, 0, 1}));
    auto const polar = mercator.range_of({-180, -90, 180, 90}, 2);
    EXPECT_EQ(polar.last_row, 3U);
    EXPECT_EQ(polar.last_column, 3U);
}

}  // namespace
}  // namespace yihong::tiles
