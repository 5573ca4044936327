#include "fixture.hpp"
#include "gdal_source.hpp"

#include "yihong/geo/gcj02.hpp"

#include <chrono>
#include <cmath>
#include <thread>

namespace yihong {
namespace {

using namespace geo_test;

TEST(Overlay, TheSmallestBoundaryIsTheCounty)
{
    TemporaryFolder const dir;
    write_vector(dir / "city.geojson", {{"POLYGON ((110 34,113 34,113 37,110 37,110 34))", "运城市"}});
    write_vector(dir / "county.geojson",
                 {{"POLYGON ((111 35,112 35,112 36,111 36,111 35),(111.4 35.4,111.6 35.4,111.6 35.6,111.4 35.6,111.4 35.4))", "盐湖区"}});
    auto const set =
        load({declare("city", dir / "city.geojson", LayerRole::boundary), declare("county", dir / "county.geojson", LayerRole::boundary)});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->facts({111.2, 35.2}).county, "盐湖区");
    EXPECT_EQ(set->facts({111.5, 35.5}).county, "运城市");      // in the hole
    EXPECT_EQ(set->facts({112.5, 35.5}).county, "运城市");
    EXPECT_EQ(set->facts({114, 35}).county, "");
}

TEST(Overlay, FindsTheNearestRiverWithChainage)
{
    TemporaryFolder const dir;
    // along the parallel 35 N from 111 E; one degree of it is 91 287.8 m (a degree of the meridian there: 110 941 m)
    write_vector(dir / "rivers.geojson", {{"LINESTRING (111 35,111.5 35,112 35)", "涑水河"},
                                          {"LINESTRING (111 35.02,112 35.02)", ""},
                                          {"LINESTRING (111 34.9,112 34.9)", "姚暹渠"}});
    auto const set = load({declare("rivers", dir / "rivers.geojson", LayerRole::river)});
    ASSERT_TRUE(set);
    auto const facts = set->facts({111.25, 35.01});
    EXPECT_EQ(river_near(facts).name, "涑水河");                           // the unnamed one is nearer or as near, but says nothing
    EXPECT_NEAR(river_near(facts).distance_m, 1109.4, 0.5);
    EXPECT_NEAR(river_near(facts).chainage_km.value(), 22.822, 0.002);
    EXPECT_NEAR(river_near(set->facts({110.99, 35})).chainage_km.value(), 0, 1e-9);
    EXPECT_NEAR(river_near(set->facts({112.01, 35})).chainage_km.value(), 91.287, 0.002);
    EXPECT_EQ(river_near(set->facts({111.25, 34.91})).name, "姚暹渠");

    auto const far = set->facts({111.25, 35.1});                // 11 km, the layer's reach is 5
    EXPECT_EQ(far.rivers, std::vector<RiverLine>{});
}

TEST(Overlay, JoinsTheRiversPiecesAndProjectsSideChannels)
{
    TemporaryFolder const dir;
    write_vector(dir / "rivers.geojson", {{"LINESTRING (111.5 35,112 35)", "黄河"},
                                          {"LINESTRING (111 35,111.5 35)", "黄河"},
                                          {"LINESTRING (111.2 35.03,111.8 35.03)", "黄河"},
                                          {"LINESTRING (113 35,113.3 35)", "黄河"}});
    auto const set = load({declare("rivers", dir / "rivers.geojson", LayerRole::river)});
    ASSERT_TRUE(set);
    EXPECT_NEAR(river_near(set->facts({111.75, 35.001})).chainage_km.value(), 68.466, 0.005);
    auto const side = set->facts({111.75, 35.03});
    EXPECT_LT(river_near(side).distance_m, 10);
    EXPECT_NEAR(river_near(side).chainage_km.value(), 68.466, 0.005);  // along the main line, not from the channel's own start
    auto const beyond = set->facts({113.1, 35.001});
    EXPECT_EQ(river_near(beyond).name, "黄河");
    EXPECT_EQ(river_near(beyond).chainage_km, std::nullopt);
}

TEST(Overlay, TellsEveryRiverWithinReachTheNearestFirst)
{
    TemporaryFolder const dir;
    write_vector(dir / "rivers.geojson", {{"LINESTRING (111 35,112 35)", "黄河"}, {"LINESTRING (111 35.02,112 35.02)", "汾河"}});
    auto const set = load({declare("rivers", dir / "rivers.geojson", LayerRole::river)});
    ASSERT_TRUE(set);
    auto const rivers = set->facts({111.5, 35.008}).rivers;
    ASSERT_EQ(rivers.size(), 2U);
    EXPECT_EQ(rivers[0].name, "黄河");
    EXPECT_EQ(rivers[1].name, "汾河");
    EXPECT_NEAR(rivers[1].distance_m, 1331, 1);
    EXPECT_NEAR(rivers[1].chainage_km.value(), 45.64, 0.1);
}

// Lines derived from an elevation model tell which river it is; where along it they cannot tell.
TEST(Overlay, GivesNoChainageOnApproximateLines)
{
    TemporaryFolder const dir;
    write_text(dir / "derived.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"涑水河","accuracy_m":2500},"geometry":{"type":"LineString","coordinates":[[111,35],[111.5,35]]}},
{"type":"Feature","properties":{"name":"涑水河","accuracy_m":4000},"geometry":{"type":"LineString","coordinates":[[111.5,35],[112,35]]}},
{"type":"Feature","properties":{"name":"浍河","accuracy_m":null},"geometry":{"type":"LineString","coordinates":[[111,36],[112,36]]}}]})");
    auto derived = declare("derived", dir / "derived.geojson", LayerRole::river);
    derived.approximate = true;
    derived.accuracy_attribute = "accuracy_m";
    derived.accuracy_m = 3000;
    auto const set = load({derived});
    ASSERT_TRUE(set);
    auto const upper = river_near(set->facts({111.2, 35.001}));
    EXPECT_EQ(upper.name, "涑水河");
    EXPECT_EQ(upper.accuracy_m, 2500);
    EXPECT_EQ(upper.chainage_km, std::nullopt);
    EXPECT_EQ(river_near(set->facts({111.8, 35.001})).accuracy_m, 4000);
    EXPECT_EQ(river_near(set->facts({111.2, 36.001})).accuracy_m, 3000) << "the feature does not say, the declaration does";

    // a river that another layer draws exactly is placed along that line, though the approximate one is nearer
    write_vector(dir / "exact.geojson", {{"LINESTRING (111 35.01,112 35.01)", "涑水河"}});
    auto const both = load({derived, declare("exact", dir / "exact.geojson", LayerRole::river)});
    ASSERT_TRUE(both);
    auto const rivers = both->facts({111.2, 35.001}).rivers;
    ASSERT_EQ(rivers.size(), 1U);
    EXPECT_NEAR(rivers[0].distance_m, 998, 1);
    EXPECT_NEAR(rivers[0].chainage_km.value(), 18.26, 0.05);

    derived.accuracy_attribute = "accuracy";
    expect_failure(failures({derived}), Errc::not_found, {"accuracy_attribute", "\"accuracy\"", "accuracy_m"});
}

TEST(Overlay, TellsTheErrorOfTheModelWhereverAZoneSpeaksOfHeight)
{
    TemporaryFolder const dir;
    write_raster(dir / "dem.tif", {{380, 300, 460, -9999}}, {111, 1, 0, 36, 0, -1}, "EPSG:4326", -9999);
    auto elevation = declare("elevation", dir / "dem.tif", LayerRole::raster);
    elevation.title = "高程";
    RasterZoneRule const rule{.id = "clean-heating", .title = "海拔 400 米以下", .raster = "elevation", .below = 400, .above = {}};
    EXPECT_EQ(load({elevation}, {rule})->facts({111.5, 35.5}).zone_notes, std::vector<std::string>{}) << "no error is declared";

    elevation.accuracy_m = 50;
    auto const set = load({elevation}, {rule});
    ASSERT_TRUE(set);
    using Texts = std::vector<std::string>;
    auto const open = set->facts({111.5, 35.5});
    EXPECT_EQ(open.elevation_accuracy_m, 50);
    EXPECT_EQ(open.zones, Texts{"clean-heating"});
    EXPECT_EQ(open.zone_notes, Texts{"海拔 400 米以下：高程 380 m，高程误差约±50 m，是否低于 400 m 不能确定，须实测"});
    EXPECT_EQ(set->facts({112.5, 35.5}).zone_notes, Texts{"海拔 400 米以下：高程 300 m，高程误差约±50 m"});
    EXPECT_EQ(set->facts({113.5, 35.5}).zones, Texts{});
    EXPECT_EQ(set->facts({113.5, 35.5}).zone_notes, Texts{"海拔 400 米以下：高程 460 m，高程误差约±50 m"});
    EXPECT_EQ(set->facts({114.5, 35.5}).zone_notes, Texts{});
    EXPECT_EQ(set->facts({114.5, 35.5}).elevation_accuracy_m, std::nullopt);
}

TEST(Overlay, FindsTheLakeFromInsideAndOutside)
{
    TemporaryFolder const dir;
    write_vector(dir / "lakes.geojson", {{"POLYGON ((111 35,111.1 35,111.1 35.1,111 35.1,111 35))", "盐湖"},
                                         {"POLYGON ((111.12 35,111.13 35,111.13 35.1,111.12 35.1,111.12 35))", ""}});
    auto const set = load({declare("lakes", dir / "lakes.geojson", LayerRole::lake)});
    ASSERT_TRUE(set);
    auto const inside = set->facts({111.05, 35.05});
    EXPECT_EQ(inside.lake, "盐湖");
    EXPECT_EQ(inside.lake_distance_m, 0.0);
    auto const outside = set->facts({111.11, 35.05});
    EXPECT_EQ(outside.lake, "盐湖");
    EXPECT_NEAR(outside.lake_distance_m.value(), 912.3, 0.5);
    EXPECT_EQ(set->facts({111.3, 35.05}).lake_distance_m, std::nullopt);
}

TEST(Overlay, NamesZonesByLayerOrByFeature)
{
    TemporaryFolder const dir;
    write_vector(dir / "one.geojson", {{"POLYGON ((111 35,112 35,112 36,111 36,111 35))", "a"}});
    write_vector(dir / "two.geojson", {{"POLYGON ((111 35,112 35,112 36,111 36,111 35))", "甲"},
                                       {"POLYGON ((111.4 35.4,113 35.4,113 36,111.4 36,111.4 35.4))", "乙"}});
    auto two = declare("water-source", dir / "two.geojson", LayerRole::zone);
    two.id_attribute = "name";
    auto const set = load({declare("dust-control", dir / "one.geojson", LayerRole::zone), two});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->facts({111.5, 35.5}).zones, (std::vector<std::string>{"dust-control", "water-source/甲", "water-source/乙"}));
    EXPECT_EQ(set->facts({112.5, 35.5}).zones, std::vector<std::string>{"water-source/乙"});
}

constexpr std::array<double, 6> hundredth_degrees{111.0, 0.01, 0, 35.03, 0, -0.01};     // 111.00 … 111.03, 35.00 … 35.03

TEST(Overlay, SamplesRastersAndAppliesZoneRules)
{
    TemporaryFolder const dir;
    write_raster(dir / "dem.tif", {{350, 399.5, 400}, {401, -9999, 900}, {1, 2, 3}}, hundredth_degrees, "EPSG:4326", -9999.0);
    auto const dem = declare("elevation", dir / "dem.tif", LayerRole::raster);
    RasterZoneRule const low{.id = "clean-heating", .title = "清洁取暖", .raster = "elevation", .below = 400.0, .above = std::nullopt};
    RasterZoneRule const high{.id = "hills", .title = "山区", .raster = "elevation", .below = std::nullopt, .above = 500.0};
    auto const set = load({dem}, {low, high});
    ASSERT_TRUE(set);
    EXPECT_TRUE(set->layers()[0]->features.empty());
    EXPECT_EQ(set->layers()[0]->role, LayerRole::raster);
    EXPECT_NEAR(set->layers()[0]->bounds.north, 35.03, 1e-9);

    auto const northwest = set->facts({111.005, 35.025});
    EXPECT_EQ(northwest.elevation_m, 350.0);
    EXPECT_EQ(northwest.zones, std::vector<std::string>{"clean-heating"});
    EXPECT_EQ(set->facts({111.015, 35.025}).zones, std::vector<std::string>{"clean-heating"});
    EXPECT_TRUE(set->facts({111.025, 35.025}).zones.empty());   // 400 is not below 400
    EXPECT_EQ(set->facts({111.025, 35.015}).zones, std::vector<std::string>{"hills"});
    auto const nodata = set->facts({111.015, 35.015});
    EXPECT_EQ(nodata.elevation_m, std::nullopt);
    EXPECT_TRUE(nodata.zones.empty());
    EXPECT_EQ(nodata.raster_values, (std::vector<std::pair<std::string, std::optional<double>>>{{"elevation", std::nullopt}}));
    EXPECT_EQ(set->facts({111.5, 35.5}).elevation_m, std::nullopt);
}

TEST(Overlay, SamplesProjectedAndShiftedRasters)
{
    TemporaryFolder const dir;
    // 111.5 E, 35 N lies at 545644, 3874707 in EPSG:4546: in the north-east cell of four 1 km ones
    write_raster(dir / "gk.tif", {{1, 2}, {3, 4}}, {544000, 1000, 0, 3875000, 0, -1000}, "EPSG:4546");
    LonLat const shifted = wgs84_to_gcj02({111, 35});            // 526 m east, 88 m south of the true place
    write_raster(dir / "gcj.tif", {{1, 2}, {3, 4}}, {shifted.lon - 0.002, 0.001, 0, shifted.lat + 0.002, 0, -0.001});
    auto gcj = declare("gcj", dir / "gcj.tif", LayerRole::raster);
    auto const set = load({declare("gk", dir / "gk.tif", LayerRole::raster), gcj});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->facts({111.5, 35}).raster_values[0].second, 2.0);
    EXPECT_EQ(set->facts({111, 35}).raster_values[1].second, std::nullopt);
    gcj.gcj02 = true;
    auto const undone = load({gcj});
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->facts({110.99999, 35.00001}).raster_values[0].second, 4.0);        // 1 m inside the south-east corner
    EXPECT_EQ(undone->facts({111.00001, 34.99999}).raster_values[0].second, std::nullopt);
}

TEST(Overlay, RefusesRulesWithoutARaster)
{
    TemporaryFolder const dir;
    write_raster(dir / "dem.tif", {{1}}, hundredth_degrees);
    auto const dem = declare("dem", dir / "dem.tif", LayerRole::raster);
    RasterZoneRule const rule{.id = "low", .title = "", .raster = "elevation", .below = 400.0, .above = std::nullopt};
    expect_failure(failures({dem}, {rule}), Errc::not_found, {"zone rule \"low\"", "\"elevation\""});
    RasterZoneRule const empty{.id = "low", .title = "", .raster = "dem", .below = std::nullopt, .above = std::nullopt};
    expect_failure(failures({dem}, {empty}), Errc::missing_field, {"zone rule \"low\"", "`below` or `above`"});
    RasterZoneRule const twice{.id = "dem", .title = "", .raster = "dem", .below = 1.0, .above = std::nullopt};
    expect_failure(failures({dem}, {twice}), Errc::duplicate_id, {"zone rule \"dem\""});
}

TEST(Overlay, SamplesAVirtualMosaicAndSurvivesALostTile)
{
    TemporaryFolder const dir;
    write_raster(dir / "tile.tif", {{350, 351, 352}, {353, 354, 355}, {356, 357, 358}}, hundredth_degrees);
    {
        geo::DatasetPtr const tile{GDALDataset::Open((dir / "tile.tif").c_str(), GDAL_OF_RASTER)};
        geo::DatasetPtr const mosaic{GetGDALDriverManager()->GetDriverByName("VRT")->CreateCopy((dir / "all.vrt").c_str(), tile.get(), 0,
                                                                                                nullptr, nullptr, nullptr)};
        ASSERT_TRUE(mosaic);
    }
    auto const elevation = declare("elevation", dir / "all.vrt", LayerRole::raster);
    EXPECT_EQ(load({elevation})->facts({111.015, 35.015}).elevation_m, 354.0);
    std::filesystem::remove(dir / "tile.tif");
    EXPECT_EQ(load({elevation})->facts({111.015, 35.015}).elevation_m, std::nullopt);
}

TEST(Overlay, ReachesFarWhereTheConfigSaysSo)
{
    TemporaryFolder const dir;
    write_vector(dir / "far.geojson", {{"LINESTRING (120 39,121 39)", "滦河"}});
    auto far = declare("far", dir / "far.geojson", LayerRole::river);
    far.reach_m = 1'000'000;
    auto const facts = load({far})->facts({111, 35});
    EXPECT_EQ(river_near(facts).name, "滦河");
    EXPECT_NEAR(river_near(facts).distance_m, 915'000, 10'000);
}

TEST(Overlay, RefusesARasterWithoutAPlace)
{
    TemporaryFolder const dir;
    write_raster(dir / "metres.tif", {{1}}, {545000, 1000, 0, 3875000, 0, -1000}, "");
    expect_failure(failures({declare("dem", dir / "metres.tif", LayerRole::raster)}), Errc::unsupported, {"CRS", "set `crs`"});
    write_text(dir / "junk.tif", "II*");
    expect_failure(failures({declare("dem", dir / "junk.tif", LayerRole::raster)}), Errc::broken_file, {"junk.tif"});
}

TEST(Overlay, AnswersManyThreads)
{
    TemporaryFolder const dir;
    write_vector(dir / "rivers.geojson", {{"LINESTRING (111 35,112 35)", "涑水河"}});
    write_raster(dir / "dem.tif", {{350, 399.5, 400}, {401, 2, 900}, {1, 2, 3}}, hundredth_degrees);
    auto const set =
        load({declare("rivers", dir / "rivers.geojson", LayerRole::river), declare("elevation", dir / "dem.tif", LayerRole::raster)});
    ASSERT_TRUE(set);
    auto const expected = set->facts({111.015, 35.015});
    std::vector<int> wrong(4, 0);
    {
        std::vector<std::jthread> threads;
        for (int& w : wrong)
            threads.emplace_back([&] {
                for (int i = 0; i < 500; ++i)
                    w += !(set->facts({111.015, 35.015}) == expected);
            });
    }
    EXPECT_EQ(wrong, (std::vector<int>(4, 0)));
}

}  // namespace
}  // namespace yihong
