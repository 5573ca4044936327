// The layers and places that ship with the product.
#include "fixture.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>
#include <set>
#include <string_view>

namespace yihong {
namespace {

using namespace geo_test;

std::vector<LayerDeclaration> shipped()
{
    std::string const file = YIHONG_SOURCE_DIR "/layers/yuncheng.gpkg";
    auto const layer = [&](std::string id, std::string table, LayerRole role, std::string id_attribute) {
        auto d = declare(std::move(id), file, role);
        d.source_layer = std::move(table);
        d.id_attribute = std::move(id_attribute);
        return d;
    };
    auto derived = layer("rivers-derived", "rivers_derived", LayerRole::river, "id");
    derived.approximate = true;
    derived.accuracy_attribute = "accuracy_m";
    return {layer("counties", "counties", LayerRole::boundary, "adcode"),
            layer("city", "city", LayerRole::boundary, "adcode"),
            layer("neighbour-counties", "neighbour_counties", LayerRole::boundary, "adcode"),
            layer("yellow-river", "yellow_river", LayerRole::river, "id"),
            layer("rivers", "rivers", LayerRole::river, "id"),
            derived,
            layer("places", "places", LayerRole::other, "id"),
            layer("salt-lake", "salt_lake", LayerRole::lake, "id"),
            layer("lakes", "lakes", LayerRole::lake, "id")};
}

TEST(DefaultLayers, AreComplete)
{
    auto const set = load(shipped());
    ASSERT_TRUE(set);
    std::vector<std::pair<std::string, std::size_t>> sizes;
    std::vector<GeometryType> types;
    for (auto const& layer : set->layers()) {
        sizes.emplace_back(layer->id, layer->features.size());
        types.push_back(layer->geometry_type);
        EXPECT_GE(layer->bounds.west, 109.5) << layer->id;
        EXPECT_LE(layer->bounds.east, 113.0) << layer->id;
        EXPECT_GE(layer->bounds.south, 34.3) << layer->id;
        EXPECT_LE(layer->bounds.north, 36.3) << layer->id;
    }
    EXPECT_EQ(sizes, (std::vector<std::pair<std::string, std::size_t>>{{"counties", 13},
                                                                       {"city", 1},
                                                                       {"neighbour-counties", 60},
                                                                       {"yellow-river", 1},
                                                                       {"rivers", 8},
                                                                       {"rivers-derived", 4},
                                                                       {"places", 159},
                                                                       {"salt-lake", 1},
                                                                       {"lakes", 234}}));
    EXPECT_EQ(types[0], GeometryType::polygon);
    EXPECT_EQ(types[3], GeometryType::line_string);
    EXPECT_EQ(types[6], GeometryType::point);
    EXPECT_EQ(types[7], GeometryType::multi_polygon);
    EXPECT_EQ(set->layers()[0]->features[0].id, "140802");
    EXPECT_EQ(set->layers()[3]->features[0].id, "main-stem");
}

// 涑水河, 浍河 and 亳清河 are valley lines of an elevation model. They must not pass for surveyed ones.
TEST(DefaultLayers, TellDerivedRiversFromSurveyedOnes)
{
    auto const set = load(shipped());
    ASSERT_TRUE(set);
    for (auto const& layer : set->layers()) {
        if (layer->role != LayerRole::river || layer->id == "rivers-derived")
            continue;
        for (auto const& feature : layer->features)
            for (auto const& value : feature.values)
                if (auto const* text = std::get_if<std::string>(&value))
                    EXPECT_TRUE(text->find("涑水") == std::string::npos && text->find("浍河") == std::string::npos) << *text;
    }
    struct Expected {
        char const* site;
        LonLat position;
        char const* river;
        double accuracy_m;
    };
    for (auto const& [site, position, river, accuracy_m] : {Expected{"张留庄", {110.37, 34.86}, "涑水河", 4000},
                                                            {"上亳城", {111.8, 35.17}, "亳清河", 2500},
                                                            {"小韩村", {111.29, 35.6}, "浍河", 2500}}) {
        auto const rivers = set->facts(position).rivers;
        auto const line = std::ranges::find(rivers, river, &RiverLine::name);
        ASSERT_NE(line, rivers.end()) << site;
        EXPECT_EQ(line->accuracy_m, accuracy_m) << site;
        EXPECT_EQ(line->chainage_km, std::nullopt) << site;
    }
}

TEST(DefaultLayers, ShipAnElevationModelWithItsErrorAsAnOption)
{
    auto elevation = declare("elevation", YIHONG_SOURCE_DIR "/layers/elevation.tif", LayerRole::raster);
    elevation.title = "高程";
    elevation.accuracy_m = 50;
    auto const set = load({elevation}, {{.id = "low", .title = "海拔 380 米以下", .raster = "elevation", .below = 380, .above = {}}});
    ASSERT_TRUE(set);
    auto const town = set->facts({110.9956, 35.0147});          // 运城 stands at about 370 m
    EXPECT_NEAR(town.elevation_m.value(), 370, 25);
    ASSERT_EQ(town.zone_notes.size(), 1U);
    EXPECT_NE(town.zone_notes[0].find("高程误差约±50 m，是否低于 380 m 不能确定"), std::string::npos) << town.zone_notes[0];
}

TEST(DefaultLayers, KnowTheMonitoredPlaces)
{
    auto const set = load(shipped());
    ASSERT_TRUE(set);
    struct Expected {
        char const* site;
        LonLat position;
        char const* county;
        char const* river;
    };
    for (auto const& [site, position, county, river] : {Expected{"张留庄", {110.37, 34.86}, "永济市", "涑水河"},
                                                        {"潼关吊桥", {110.224167, 34.613333}, "潼关县", "渭河"},
                                                        // a guessed place, ± 4 km: it lies on the far bank
                                                        {"龙门", {110.6, 35.655}, "韩城市", "黄河"},
                                                        {"上亳城", {111.8, 35.17}, "垣曲县", "亳清河"},
                                                        {"河津大桥", {110.69, 35.565}, "河津市", "汾河"},
                                                        {"运城中学", {110.9956, 35.0147}, "盐湖区", ""}}) {
        SCOPED_TRACE(site);
        auto const facts = set->facts(position);
        EXPECT_EQ(facts.county, county);
        EXPECT_EQ(river_near(facts).name, river);
        EXPECT_EQ(facts.rivers.empty(), *river == '\0');
        bool const is_derived = std::string_view{river} == "涑水河" || std::string_view{river} == "亳清河";
        EXPECT_EQ(river_near(facts).chainage_km.has_value(), *river != '\0' && !is_derived);
        EXPECT_EQ(facts.elevation_m, std::nullopt);
    }
    auto const school = set->facts({110.9956, 35.0147});  // in town, north of the lake
    EXPECT_EQ(school.lake, "运城盐湖");
    EXPECT_GT(school.lake_distance_m.value(), 300);
    EXPECT_LT(school.lake_distance_m.value(), 3000);
    auto const lake = set->facts({111.0, 34.985});
    EXPECT_EQ(lake.lake, "运城盐湖");
    EXPECT_EQ(lake.lake_distance_m, 0.0);
}

TEST(DefaultLayers, ChainageOfTheYellowRiverRunsDownstream)
{
    auto const set = load(shipped());
    ASSERT_TRUE(set);
    double last = 0;
    for (LonLat const place :
         {LonLat{110.6, 35.655}, {110.33, 34.64}, {111.344, 34.832}, {112.37, 34.925}}) {  // 龙门, 风陵渡, 三门峡, 小浪底
        auto const facts = set->facts(place);
        EXPECT_EQ(river_near(facts).name, "黄河") << place.lon;
        ASSERT_TRUE(river_near(facts).chainage_km.has_value()) << place.lon;
        EXPECT_GT(*river_near(facts).chainage_km, last + 50) << place.lon;
        last = *river_near(facts).chainage_km;
    }
    EXPECT_LT(last, 600);
}

// The national network is 5,641 sites; facts are computed at each load.
TEST(DefaultLayers, AnswerForTheNationalNetworkWithinASecond)
{
    auto const set = load(shipped());
    ASSERT_TRUE(set);
    std::mt19937 random{1};
    std::uniform_real_distribution<double> lon{110.2, 112.1}, lat{34.5, 35.9};
    auto const begin = std::chrono::steady_clock::now();
    std::size_t inside = 0;
    for (int i = 0; i < 5641; ++i)
        inside += !set->facts({lon(random), lat(random)}).county.empty();
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    RecordProperty("seconds", std::to_string(took.count()));
    EXPECT_GT(inside, 5000U);
    EXPECT_LT(took.count(), 1.0);
}

}  // namespace
}  // namespace yihong
