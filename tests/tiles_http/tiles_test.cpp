#include "yihong/features/memory_source.hpp"
#include "yihong/http/declaration.hpp"
#include "yihong/http/router.hpp"
#include "yihong/tiles_http/routes.hpp"

#include "answer.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <memory>
#include <set>

/// The names are those of the check-list of OGC API - Tiles.
namespace yihong::tiles_http {
namespace {

namespace json = boost::json;

/// A site, or an area.
class Thing final : public Feature {
public:
    Thing(std::string id, Geometry geometry, std::int64_t water_class, std::optional<UtcTime> time, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), time, std::move(schema)}, water_class_{water_class}, geometry_{std::move(geometry)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    [[nodiscard]] std::int64_t water_class() const noexcept { return water_class_; }

private:
    std::int64_t water_class_;
    Geometry geometry_;
};

std::shared_ptr<Schema const> const& schema()
{
    static auto const made = std::make_shared<Schema const>(
        std::vector<Column>{{.name = "water_class",
                             .title = "水质类别",
                             .type = AttributeType::integer,
                             .get = value_of<Thing>([](Thing const& thing) -> Value { return thing.water_class(); })}});
    return made;
}

std::shared_ptr<Thing const> site(std::string id, LonLat at, std::int64_t water_class)
{
    return std::make_shared<Thing const>(std::move(id), Point{at}, water_class, parse_rfc3339("2025-11-06T12:00:00Z").value(), schema());
}

std::shared_ptr<MemorySource const> sections()
{
    return std::make_shared<MemorySource const>(
        SourceMetadata{.id = "water-sections", .title = "断面", .title_en = "Sections", .version = "s1"}, schema(),
        MemorySource::Features{site("east", {111.9, 35.5}, 4), site("west", {110.4, 34.9}, 2)});
}

std::shared_ptr<FeatureSource const> lakes()
{
    Polygon const area{{{{110.5, 34.9}, {111, 34.9}, {111, 35.2}, {110.5, 35.2}, {110.5, 34.9}}}};
    return std::make_shared<MemorySource const>(
        SourceMetadata{.id = "lakes", .title = "湖泊", .geometry_type = GeometryType::polygon, .version = "l1"}, schema(),
        MemorySource::Features{std::make_shared<Thing const>("lake", area, 0, std::nullopt, schema())});
}

/// A history: whoever asks it waits for the store.
class Records final : public FeatureSource {
public:
    [[nodiscard]] SourceMetadata const& metadata() const noexcept override { return said_; }
    [[nodiscard]] Schema const& schema() const noexcept override { return schema_; }
    [[nodiscard]] std::unique_ptr<FeatureStream> select(FeatureQuery const&) const override { throw std::logic_error{"nobody asks this"}; }
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view) const override { return nullptr; }

private:
    SourceMetadata said_{.id = "water-records", .blocks = true};
    Schema schema_;
};

std::shared_ptr<Catalog const> catalog_of(std::vector<std::shared_ptr<FeatureSource const>> collections)
{
    auto catalog = std::make_shared<Catalog>();
    catalog->collections = std::move(collections);
    return catalog;
}

class TilesTest : public ::testing::Test {
protected:
    http::Reply get(std::string const& path, std::vector<std::pair<std::string, std::string>> query = {})
    {
        http::Request request;
        request.path = path;
        request.query = std::move(query);
        request.host = "test.example";
        auto const match = router->find(http::Method::get, path);
        if (match.route == nullptr)
            return http::make_problem(404, "not_found", "no route");
        request.path_parameters = match.parameters;
        return yihong::testing::answer_of(*match.route, request);
    }

    json::value get_json(std::string const& path, std::vector<std::pair<std::string, std::string>> query = {})
    {
        auto const reply = get(path, std::move(query));
        EXPECT_EQ(reply.status, 200) << path << "\n" << reply.content()->plain();
        return json::parse(reply.content()->plain());
    }

    std::string tag(std::string const& path)
    {
        auto const reply = get(path);
        EXPECT_EQ(reply.status, 200) << path;
        return reply.content()->etag();
    }

    std::shared_ptr<MemorySource const> first = sections();
    Snapshot<Catalog> catalog{catalog_of({first, lakes(), std::make_shared<Records const>()})};
    net::Pool makers{1, 8};
    Tiles tiles{catalog, makers, {.cache_bytes = 1U << 20U}};
    std::unique_ptr<http::Router> router = std::make_unique<http::Router>(tiles.routes());
};

std::string const west_tile = "/collections/water-sections/tiles/WebMercatorQuad/9/202/413";
std::string const east_tile = "/collections/water-sections/tiles/WebMercatorQuad/9/201/415";

std::string link(json::value const& document, std::string_view rel)
{
    for (auto const& one : document.at("links").as_array())
        if (one.at("rel").as_string().find(rel) != std::string_view::npos)
            return std::string{one.at("href").as_string()};
    return {};
}

TEST_F(TilesTest, T01TileSetsSayWhatTheyAre)
{
    for (std::string const path : {"/tiles", "/collections/water-sections/tiles"}) {
        auto const sets = get_json(path).at("tilesets").as_array();
        ASSERT_EQ(sets.size(), 3U);
        EXPECT_EQ(sets[0].at("tileMatrixSetURI").as_string(), "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
        EXPECT_EQ(sets[2].at("crs").as_string(), "http://www.opengis.net/def/crs/EPSG/0/4490");
        for (auto const& set : sets) {
            EXPECT_EQ(set.at("dataType").as_string(), "vector");
            auto const self = link(set, "self");
            ASSERT_TRUE(self.starts_with("http://test.example" + path + "/")) << self;
            EXPECT_TRUE(link(get_json(self.substr(19)), "item").ends_with("/{tileMatrix}/{tileRow}/{tileCol}"));
            auto const scheme = link(set, "tiling-scheme");
            EXPECT_FALSE(get_json(scheme.substr(19)).at("tileMatrices").as_array().empty());
        }
    }
    EXPECT_EQ(get_json("/tileMatrixSets").at("tileMatrixSets").as_array().size(), 3U);
}

TEST_F(TilesTest, T02TileSetsHaveLimitsAndATemplate)
{
    auto const set = get_json("/collections/water-sections/tiles/WebMercatorQuad");
    auto const& limits = set.at("tileMatrixSetLimits").as_array();
    EXPECT_EQ(limits.at(9).at("minTileRow").as_int64(), 201);
    EXPECT_EQ(limits.at(9).at("maxTileRow").as_int64(), 202);
    EXPECT_EQ(limits.at(9).at("minTileCol").as_int64(), 413);
    EXPECT_EQ(limits.at(9).at("maxTileCol").as_int64(), 415);
    auto const& item = set.at("links").as_array().back();
    EXPECT_EQ(item.at("rel").as_string(), "item");
    EXPECT_TRUE(item.at("templated").as_bool());
    EXPECT_EQ(item.at("type").as_string(), tile_type);
    // the axes of EPSG:4490: latitude comes first
    auto const degrees = get_json("/collections/water-sections/tiles/CGCS2000Quad");
    EXPECT_EQ(degrees.at("boundingBox").at("lowerLeft").at(0).as_double(), 34.9);
    EXPECT_EQ(degrees.at("tileMatrixSetLimits").at(0).at("tileMatrix").as_string(), "1");
}

TEST_F(TilesTest, T03InsideTheLimitsEveryTileIsThereAndNoneOutside)
{
    for (int row = 201; row <= 202; ++row)
        for (int column = 413; column <= 415; ++column) {
            auto const reply =
                get("/collections/water-sections/tiles/WebMercatorQuad/9/" + std::to_string(row) + "/" + std::to_string(column));
            EXPECT_EQ(reply.status, 200);
            EXPECT_EQ(reply.content_type, tile_type);
        }
    EXPECT_TRUE(get("/collections/water-sections/tiles/WebMercatorQuad/9/201/413").content()->plain().empty());
    for (std::string const outside :
         {"9/200/413", "9/203/413", "9/202/412", "9/202/416", "9/2147483647/413", "9/202/2147483647", "25/0/0", "2147483647/0/0"})
        EXPECT_EQ(get("/collections/water-sections/tiles/WebMercatorQuad/" + outside).status, 404) << outside;
    for (std::string const wrong : {"9/-1/413", "9/202/x", "9/4294967296/413", "9/1e3/413"}) {
        auto const reply = get("/collections/water-sections/tiles/WebMercatorQuad/" + wrong);
        EXPECT_EQ(reply.status, 400) << wrong;
        EXPECT_NE(reply.problem->detail.find("tile"), std::string::npos) << reply.problem->detail;
    }
    EXPECT_EQ(get("/collections/water-sections/tiles/NoSuchQuad/0/0/0").status, 404);
    EXPECT_EQ(get("/collections/nothing/tiles/WebMercatorQuad/0/0/0").status, 404);
    EXPECT_EQ(get("/collections/water-records/tiles/WebMercatorQuad/0/0/0").status, 404);
    EXPECT_EQ(get("/collections/water-sections/tiles/CGCS2000Quad/0/0/0").status, 404);      // 天地图 begins at 1
    EXPECT_EQ(get("/collections/water-sections/tiles/CGCS2000Quad/1/0/1").status, 200);
}

TEST_F(TilesTest, T01EmptyCollectionsAreNoPartOfAllTogetherWhereTheyAreHidden)
{
    auto const outfalls =
        std::make_shared<MemorySource const>(SourceMetadata{.id = "outfalls", .version = "o1"}, schema(), MemorySource::Features{});
    catalog.publish(catalog_of({first, outfalls}));
    auto const layers = [&] {
        std::set<std::string> ids;
        auto const document = get_json("/tiles/WebMercatorQuad/tilejson.json");
        for (auto const& layer : document.at("vector_layers").as_array())
            ids.emplace(layer.at("id").as_string());
        return ids;
    };
    EXPECT_EQ(layers(), (std::set<std::string>{"outfalls", "water-sections"}));
    router = std::make_unique<http::Router>(Tiles{catalog, makers, {.hide_empty = true, .cache_bytes = 1U << 20U}}.routes());
    EXPECT_EQ(layers(), std::set<std::string>{"water-sections"});
    EXPECT_EQ(get("/collections/outfalls/tiles").status, 200) << "who asks for it by name gets it";
    EXPECT_EQ(get("/tiles/WebMercatorQuad/tilejson.json", {{"collections", "outfalls"}}).status, 200);
}

TEST_F(TilesTest, T03ACollectionWithoutFeaturesHasEmptyTilesEverywhere)
{
    catalog.publish(catalog_of(
        {std::make_shared<MemorySource const>(SourceMetadata{.id = "outfalls", .version = "o1"}, schema(), MemorySource::Features{})}));
    auto const reply = get("/collections/outfalls/tiles/WebMercatorQuad/3/1/2");
    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(reply.content()->plain().empty());
}

TEST_F(TilesTest, T04DatetimeAndCollectionsSelect)
{
    auto const size = [&](std::string const& path, std::vector<std::pair<std::string, std::string>> query) {
        auto const reply = get(path, std::move(query));
        EXPECT_EQ(reply.status, 200);
        return reply.content()->plain().size();
    };
    EXPECT_EQ(size(west_tile, {{"datetime", "2025-11-07T00:00:00Z/.."}}), 0U);
    EXPECT_GT(size(west_tile, {{"datetime", "2025-11-06T00:00:00Z/.."}}), 0U);
    auto const all = get("/tiles/WebMercatorQuad/7/50/103").content()->plain();
    EXPECT_NE(all.find("water-sections"), std::string::npos);
    EXPECT_NE(all.find("lakes"), std::string::npos);
    auto const one = get("/tiles/WebMercatorQuad/7/50/103", {{"collections", "lakes"}}).content()->plain();
    EXPECT_EQ(one.find("water-sections"), std::string::npos);
    EXPECT_NE(one.find("lakes"), std::string::npos);
    EXPECT_EQ(get("/tiles/WebMercatorQuad/7/50/103", {{"collections", "lakes,nothing"}}).status, 400);
    EXPECT_EQ(get("/tiles/WebMercatorQuad/7/50/103", {{"datetime", "yesterday"}}).status, 400);
    EXPECT_EQ(get("/tiles/WebMercatorQuad/7/50/103", {{"bbox", "1,2,3,4"}}).status, 400);
}

TEST_F(TilesTest, T02TheFormMayBeNamedByWhoNamesItEverywhere)
{
    for (std::string const path :
         {"/tiles", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/tilejson.json", "/tiles/WebMercatorQuad/style.json",
          "/collections/lakes/tiles", "/collections/lakes/tiles/WebMercatorQuad", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad"}) {
        EXPECT_EQ(get(path, {{"f", "json"}}).status, 200) << path;
        EXPECT_EQ(get(path, {{"f", "mvt"}}).status, 400) << path;
    }
    EXPECT_EQ(get(west_tile, {{"f", "mvt"}}).content()->plain(), get(west_tile).content()->plain());
    auto const refused = get(west_tile, {{"f", "png"}});
    EXPECT_EQ(refused.status, 400);
    EXPECT_TRUE(refused.problem->detail.starts_with("f: ")) << refused.problem->detail;
}

TEST_F(TilesTest, T04FilterSelects)
{
    auto const size = [&](std::string const& filter) {
        auto const reply = get(west_tile, {{"filter", filter}});
        EXPECT_EQ(reply.status, 200) << filter;
        return reply.content()->plain().size();
    };
    EXPECT_GT(size("water_class = 2"), 0U);
    EXPECT_EQ(size("water_class = 4"), 0U);
    EXPECT_GT(size("water_class = 2"), 0U) << "what is kept is kept by filter";
    EXPECT_EQ(size("S_INTERSECTS(geometry, BBOX(111,35,112,36))"), 0U);
    for (std::string const wrong : {"water_class = ", "colour = 'red'"}) {
        auto const reply = get(west_tile, {{"filter", wrong}});
        EXPECT_EQ(reply.status, 400) << wrong;
        EXPECT_TRUE(reply.problem->detail.starts_with("filter: ")) << reply.problem->detail;
    }
    EXPECT_EQ(get("/tiles/WebMercatorQuad/7/50/103", {{"filter", "water_class = 2"}}).status, 400);
}

TEST_F(TilesTest, T05TileJsonPutsXBeforeY)
{
    auto const said = get_json("/tiles/WebMercatorQuad/tilejson.json", {{"collections", "water-sections"}});
    EXPECT_EQ(said.at("tilejson").as_string(), "3.0.0");
    EXPECT_EQ(said.at("tiles").at(0).as_string(), "http://test.example/tiles/WebMercatorQuad/{z}/{y}/{x}?collections=water-sections");
    ASSERT_EQ(said.at("vector_layers").as_array().size(), 1U);
    EXPECT_TRUE(said.at("vector_layers").at(0).at("fields").as_object().contains("water_class"));
    EXPECT_EQ(said.at("bounds").at(0).as_double(), 110.4);
    EXPECT_EQ(get("/tiles/CGCS2000Quad/tilejson.json").status, 404);
}

TEST_F(TilesTest, StyleHasTheOfficialColours)
{
    auto const style = get_json("/tiles/WebMercatorQuad/style.json");
    EXPECT_EQ(style.at("version").as_int64(), 8);
    EXPECT_EQ(style.at("sources").at("yihong").at("url").as_string(), "http://test.example/tiles/WebMercatorQuad/tilejson.json");
    auto const& layers = style.at("layers").as_array();
    EXPECT_EQ(layers.front().at("source-layer").as_string(), "lakes");             // below the sites
    auto const text = json::serialize(layers.back());
    EXPECT_NE(
        text.find(R"(["match",["get","water_class"],1,"#ccffff",2,"#00ccff",3,"#00ff00",4,"#ffff00",5,"#ff9b00",6,"#ff0000","#dddddd"])"),
        std::string::npos)
        << text;
}

TEST_F(TilesTest, T06EveryTileHasATagAndOperationsTheirNames)
{
    EXPECT_FALSE(tag(west_tile).empty());
    EXPECT_FALSE(tag("/collections/water-sections/tiles/WebMercatorQuad/9/201/413").empty());
    std::set<std::string> ids;
    for (auto const& route : tiles.routes())
        ids.insert(route.declaration->id);
    for (std::string const id :
         {"dataset.vector.getTileSetsList", "dataset.vector.getTileSet", "dataset.vector.getTile", "collection.vector.getTileSetsList",
          "collection.vector.getTileSet", "collection.vector.getTile", "getTileMatrixSetsList", "getTileMatrixSet"})
        EXPECT_TRUE(ids.contains(id)) << id;
}

TEST_F(TilesTest, AChangedSiteRenewsOnlyTheTilesThatShowIt)
{
    auto const west = tag(west_tile);
    auto const east = tag(east_tile);
    auto const both = tag("/tiles/WebMercatorQuad/7/50/103");
    EXPECT_EQ(tiles.statistics().made, 4U);
    auto const again = get(west_tile);
    EXPECT_EQ(tiles.statistics().made, 4U);
    // the west becomes better
    std::vector<FeatureList::Change> const changes{{1, site("west", {110.4, 34.9}, 1)}};
    auto next =
        std::make_shared<MemorySource const>(SourceMetadata{.id = "water-sections", .title = "断面", .version = "s2"}, *first, changes);
    catalog.publish(catalog_of({next, lakes()}));
    EXPECT_EQ(tag(east_tile), east);
    EXPECT_EQ(tiles.statistics().made, 4U) << "what shows the same is not made again";
    EXPECT_NE(tag(west_tile), west);
    EXPECT_EQ(tiles.statistics().made, 5U);
    EXPECT_NE(tag("/tiles/WebMercatorQuad/7/50/103"), both);
}

TEST_F(TilesTest, WhatIsKeptStaysWithinItsBudget)
{
    for (std::uint32_t column = 0; column < 64; ++column)
        for (std::uint32_t row = 0; row < 64; ++row)
            (void)get("/tiles/WebMercatorQuad/18/" + std::to_string(103'600 + row) + "/" + std::to_string(211'600 + column));
    EXPECT_LE(tiles.statistics().bytes, 1U << 20U);
}

}  // namespace
}  // namespace yihong::tiles_http
