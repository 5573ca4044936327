#include "fixture.hpp"

#include "yihong/geo/gcj02.hpp"

#include <fmt/format.h>

#include <cmath>

namespace yihong {
namespace {

using namespace geo_test;

constexpr char const* square = "POLYGON ((111 35,112 35,112 36,111 36,111 35))";
constexpr char const* square_json = R"({"type":"Polygon","coordinates":[[[111,35],[112,35],[112,36],[111,36],[111,35]]]})";

/// GDAL writes Shapefile text as Latin-1 unless told otherwise.
std::vector<std::string> shapefile_text(std::string const& driver)
{
    return driver == "ESRI Shapefile" ? std::vector<std::string>{"ENCODING=UTF-8"} : std::vector<std::string>{};
}

void expect_near(Geometry const& geometry, LonLat expected, double degrees)
{
    ASSERT_GT(part_count(geometry), 0U);
    LonLat p;
    for_each_sequence(geometry, [&](auto positions) { p = positions.front(); });
    EXPECT_NEAR(p.lon, expected.lon, degrees);
    EXPECT_NEAR(p.lat, expected.lat, degrees);
}

TEST(LoadLayers, ReadsEveryUsualVectorFormat)
{
    TemporaryFolder const dir;
    std::map<std::string, std::string> const files{{"GPKG", "a.gpkg"},       {"ESRI Shapefile", "a.shp"},
                                                   {"GeoJSON", "a.geojson"}, {"FlatGeobuf", "a.fgb"},
                                                   {"KML", "a.kml"},         {"LIBKML", "b.kml"}};
    for (auto const& [driver, file] : files) {
        write_vector(dir / file, {{square, "盐湖区"}}, {.driver = driver, .layer_options = shapefile_text(driver), .type = wkbPolygon});
        auto declaration = declare("counties", dir / file);
        auto const set = load({declaration});
        ASSERT_TRUE(set) << driver;
        Layer const& layer = *set->layers().at(0);
        EXPECT_EQ(layer.geometry_type, GeometryType::polygon) << driver;
        ASSERT_EQ(layer.features.size(), 1U) << driver;
        EXPECT_EQ(geojson(layer.features[0].geometry), square_json) << driver;
        bool found = false;
        for (auto const& value : layer.features[0].values)
            found = found || value == AttributeValue{"盐湖区"};
        EXPECT_TRUE(found) << driver;
        EXPECT_EQ(layer.bounds, (BoundingBox{111, 35, 112, 36})) << driver;
    }
}

TEST(LoadLayers, CarriesTheDeclarationIntoTheLayer)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {{square, "甲"}}, {.driver = "GPKG"});
    auto d = declare("zones", dir / "a.gpkg", LayerRole::zone);
    d.title_en = "Zones";
    d.description = "试验区";
    d.attribution = "© OpenStreetMap contributors";
    d.license = "ODbL-1.0";
    auto const set = load({d});
    ASSERT_TRUE(set);
    Layer const& layer = *set->layers().at(0);
    EXPECT_EQ(layer.title_en, "Zones");
    EXPECT_EQ(layer.description, "试验区");
    EXPECT_EQ(layer.attribution, "© OpenStreetMap contributors");
    EXPECT_EQ(layer.license, "ODbL-1.0");
    EXPECT_EQ(layer.role, LayerRole::zone);
}

// Chinese Shapefiles come as GBK with a .cpg, with `encoding` in the config, or with nothing at all.
TEST(LoadLayers, ReadsGbkShapefilesHoweverTheySayIt)
{
    TemporaryFolder const dir;
    write_vector(dir / "gbk.shp", {{"POINT (111 35)", "涑水河"}, {"POINT (111 36)", "姚暹渠"}},
                 {.driver = "ESRI Shapefile", .layer_options = {"ENCODING=GBK"}, .type = wkbPoint});
    auto const names = [&](std::string const& encoding) {
        auto d = declare("points", dir / "gbk.shp");
        d.encoding = encoding;
        auto const set = load({d});
        std::vector<AttributeValue> read;
        for (auto const& feature : set->layers().at(0)->features)
            read.push_back(feature.values.at(0));
        return read;
    };
    std::vector<AttributeValue> const expected{"涑水河", "姚暹渠"};
    ASSERT_TRUE(std::filesystem::exists(dir / "gbk.cpg"));
    EXPECT_EQ(names(""), expected);
    std::filesystem::remove(dir / "gbk.cpg");
    {
        // the language byte of the DBF header: nothing said
        std::fstream dbf{dir / "gbk.dbf", std::ios::in | std::ios::out | std::ios::binary};
        dbf.seekp(29);
        dbf.put('\0');
    }
    EXPECT_EQ(names("GBK"), expected);
    EXPECT_EQ(names(""), expected);
}

TEST(LoadLayers, ReadsUtf8ShapefilesWithoutCpg)
{
    TemporaryFolder const dir;
    write_vector(dir / "u.shp", {{"POINT (111 35)", "盐湖"}},
                 {.driver = "ESRI Shapefile", .layer_options = {"ENCODING=UTF-8"}, .type = wkbPoint});
    std::filesystem::remove(dir / "u.cpg");
    auto const set = load({declare("points", dir / "u.shp")});
    ASSERT_TRUE(set);
    EXPECT_EQ(set->layers()[0]->features[0].values[0], AttributeValue{"盐湖"});
}

TEST(LoadLayers, FindsALayerByNameAndFiltersIt)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {{"POINT (1 1)", "one"}}, {.driver = "GPKG", .layer = "first"});
    write_vector(dir / "a.gpkg", {{"POINT (2 2)", "two"}, {"POINT (3 3)", "three"}}, {.driver = "GPKG", .layer = "second"});
    auto two = declare("two", dir / "a.gpkg");
    two.source_layer = "second";
    two.where = "name = 'two'";
    auto all = two;
    all.id = "all";
    all.where = "";
    auto const set = load({two, all, declare("first", dir / "a.gpkg")});
    ASSERT_TRUE(set);
    ASSERT_EQ(set->layers()[0]->features.size(), 1U);
    EXPECT_EQ(geojson(set->layers()[0]->features[0].geometry), R"({"type":"Point","coordinates":[2,2]})");
    EXPECT_EQ(set->layers()[1]->features.size(), 2U);          // the filter does not linger on the shared dataset
    EXPECT_EQ(geojson(set->layers()[2]->features[0].geometry), R"({"type":"Point","coordinates":[1,1]})");

    two.where = "nonsense = ";
    expect_failure(failures({two}), Errc::bad_value, {"layer \"two\"", "a.gpkg", "nonsense"});
    all.source_layer = "third";
    expect_failure(failures({all}), Errc::not_found, {"layer \"all\"", "\"third\"", "first, second"});
}

TEST(LoadLayers, KeepsTheChosenAttributesWithTheirTypes)
{
    TemporaryFolder const dir;
    write_text(dir / "a.geojson", R"({"type":"FeatureCollection","features":[
        {"type":"Feature","geometry":{"type":"Point","coordinates":[111,35]},
         "properties":{"code":"A","n":7,"big":9007199254740993,"x":1.5,"ok":true,"day":"2025-11-06","at":"2025-11-06T20:00:00+08:00","gone":null}},
        {"type":"Feature","geometry":null,
         "properties":{"code":"B","n":8,"big":1,"x":2,"ok":false,"day":null,"at":"2025-11-06T12:00:00Z","gone":"no"}}]})");
    auto d = declare("a", dir / "a.geojson");
    auto const all = load({d});
    ASSERT_TRUE(all);
    Layer const& layer = *all->layers()[0];
    std::vector<std::pair<std::string, AttributeType>> types;
    for (auto const& attribute : layer.attributes)
        types.emplace_back(attribute.name, attribute.type);
    EXPECT_EQ(types, (std::vector<std::pair<std::string, AttributeType>>{{"code", AttributeType::text},
                                                                         {"n", AttributeType::integer},
                                                                         {"big", AttributeType::integer},
                                                                         {"x", AttributeType::real},
                                                                         {"ok", AttributeType::boolean},
                                                                         {"day", AttributeType::date},
                                                                         {"at", AttributeType::date_time},
                                                                         {"gone", AttributeType::text}}));
    EXPECT_EQ(layer.features[0].values, (std::vector<AttributeValue>{"A", std::int64_t{7}, std::int64_t{9007199254740993}, 1.5, true,
                                                                     "2025-11-06", "2025-11-06T20:00:00+08:00", std::monostate{}}));
    EXPECT_EQ(layer.features[1].values, (std::vector<AttributeValue>{"B", std::int64_t{8}, std::int64_t{1}, 2.0, false, std::monostate{},
                                                                     "2025-11-06T12:00:00Z", "no"}));
    EXPECT_EQ(type_of(layer.features[1].geometry), GeometryType::none);

    d.attributes = {{"x", "数值"}, {"code", "编码"}};
    d.id_attribute = "code";
    auto const some = load({d});
    ASSERT_TRUE(some);
    Layer const& chosen = *some->layers()[0];
    ASSERT_EQ(chosen.attributes.size(), 2U);
    EXPECT_EQ(chosen.attributes[0].title, "数值");
    EXPECT_EQ(chosen.features[1].id, "B");
    EXPECT_EQ(chosen.features[1].values, (std::vector<AttributeValue>{2.0, "B"}));

    d.attributes = {{"depth", "深度"}};
    expect_failure(failures({d}), Errc::not_found, {"attributes", "\"depth\"", "code, n, big, x, ok, day, at, gone"});
    d.attributes.clear();
    d.id_attribute = "ok2";
    expect_failure(failures({d}), Errc::not_found, {"id_attribute", "\"ok2\""});
}

TEST(LoadLayers, RefusesFeatureIdsThatAreNotUnique)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.geojson", {{"POINT (1 1)", "甲"}, {"POINT (2 2)", "甲"}});
    auto d = declare("a", dir / "a.geojson");
    d.id_attribute = "name";
    expect_failure(failures({d}), Errc::duplicate_id, {"layer \"a\"", "甲", "occurs twice"});
}

TEST(LoadLayers, ReprojectsChineseSystems)
{
    TemporaryFolder const dir;
    // 111.5 E, 35 N in CGCS2000 / 3-degree Gauss-Kruger CM 111E, as gdaltransform gives it
    write_vector(dir / "gk.gpkg", {{"POINT (545644.285 3874707.137)", "a"}}, {.driver = "GPKG", .crs = "EPSG:4546"});
    write_vector(dir / "silent.shp", {{"POINT (545644.285 3874707.137)", "a"}}, {.driver = "ESRI Shapefile", .crs = "", .type = wkbPoint});
    write_vector(dir / "geographic.gpkg", {{"POINT (111.5 35)", "a"}}, {.driver = "GPKG", .crs = "EPSG:4490"});
    auto silent = declare("silent", dir / "silent.shp");
    silent.crs = "EPSG:4546";
    auto const set = load({declare("gk", dir / "gk.gpkg"), silent, declare("geographic", dir / "geographic.gpkg")});
    ASSERT_TRUE(set);
    for (auto const& layer : set->layers())
        expect_near(layer->features[0].geometry, {111.5, 35}, 2e-7);

    silent.crs = "";
    expect_failure(failures({silent}), Errc::unsupported, {"layer \"silent\"", "names a CRS", "set `crs`"});
    silent.crs = "EPSG:999999";
    expect_failure(failures({silent}), Errc::bad_value, {"EPSG:999999", "PROJ"});
    silent.crs = "EPSG:4326";
    expect_failure(failures({silent}), Errc::unsupported, {"no longitude/latitude"});
}

// EPSG:4326 and 4490 are latitude first by the book, files are longitude first; a driver may also say otherwise (GML).
TEST(LoadLayers, DoesNotSwapAxes)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {{"POINT (111 35)", "a"}}, {.driver = "GPKG"});
    write_vector(dir / "none.shp", {{"POINT (111 35)", "a"}}, {.driver = "ESRI Shapefile", .crs = "", .type = wkbPoint});
    write_vector(dir / "xian.shp", {{"POINT (111 35)", "a"}}, {.driver = "ESRI Shapefile", .crs = "EPSG:4610", .type = wkbPoint});
    auto by_hand = declare("by-hand", dir / "none.shp");
    by_hand.crs = "EPSG:4490";
    write_text(dir / "a.gml", R"(<?xml version="1.0" encoding="utf-8"?>
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="c">
<ogr:featureMember><ogr:a gml:id="a.0"><ogr:geometryProperty><gml:Point srsName="urn:ogc:def:crs:EPSG::4326" gml:id="p"><gml:pos>35 111</gml:pos></gml:Point></ogr:geometryProperty><ogr:name>a</ogr:name></ogr:a></ogr:featureMember>
</ogr:FeatureCollection>)");
    auto const set = load({declare("gpkg", dir / "a.gpkg"), declare("none", dir / "none.shp"), declare("xian", dir / "xian.shp"), by_hand,
                           declare("gml", dir / "a.gml")});
    ASSERT_TRUE(set);
    for (auto const& layer : set->layers()) {
        SCOPED_TRACE(layer->id);
        expect_near(layer->features[0].geometry, {111, 35}, layer->id == "xian" ? 2e-3 : 1e-9);
    }
}

TEST(LoadLayers, UndoesGcj02)
{
    TemporaryFolder const dir;
    LonLat const here{111.0, 35.0};
    LonLat const shifted = wgs84_to_gcj02(here);
    char wkt[100];
    std::snprintf(wkt, sizeof wkt, "POINT (%.9f %.9f)", shifted.lon, shifted.lat);
    write_vector(dir / "a.geojson", {{wkt, "a"}}, {.layer_options = {"COORDINATE_PRECISION=9"}});
    auto d = declare("a", dir / "a.geojson");
    d.gcj02 = true;
    auto const set = load({d});
    ASSERT_TRUE(set);
    expect_near(set->layers()[0]->features[0].geometry, here, 1e-8);
}

TEST(LoadLayers, MendsABowtie)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {{"POLYGON ((0 0,2 2,2 0,0 2,0 0))", "bowtie"}, {square, "square"}}, {.driver = "GPKG"});
    auto const set = load({declare("a", dir / "a.gpkg", LayerRole::zone)});
    ASSERT_TRUE(set);
    Layer const& layer = *set->layers()[0];
    EXPECT_EQ(layer.geometry_type, GeometryType::multi_polygon);
    EXPECT_EQ(part_count(layer.features[0].geometry), 2U);
    EXPECT_EQ(type_of(layer.features[1].geometry), GeometryType::multi_polygon);
    EXPECT_EQ(set->facts({0.2, 1}).zones, std::vector<std::string>{"a/1"});
    EXPECT_TRUE(set->facts({1, 0.2}).zones.empty());
}

TEST(LoadLayers, GivesALayerOneGeometryType)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg",
                 {{"LINESTRING (0 0,1 1)", "one"},
                  {"MULTILINESTRING ((0 0,1 0),(2 0,3 0))", "many"},
                  {"", "null"},
                  {"LINESTRING EMPTY", "empty"},
                  {"POINT (5 5)", "point"},
                  {"GEOMETRYCOLLECTION (POINT (9 9),LINESTRING (0 5,1 5))", "mixed"}},
                 {.driver = "GPKG"});
    auto const set = load({declare("a", dir / "a.gpkg")});
    ASSERT_TRUE(set);
    Layer const& layer = *set->layers()[0];
    std::vector<std::string> all;
    for (auto const& feature : layer.features)
        all.push_back(geojson(feature.geometry));
    EXPECT_EQ(all, (std::vector<std::string>{R"({"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]})",
                                             R"({"type":"MultiLineString","coordinates":[[[0,0],[1,0]],[[2,0],[3,0]]]})", "null", "null",
                                             "null", R"({"type":"MultiLineString","coordinates":[[[0,5],[1,5]]]})"}));
    EXPECT_EQ(layer.geometry_type, GeometryType::multi_line_string);
}

TEST(LoadLayers, DropsHeightsCurvesAndWrongWinding)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg",
                 {{"POLYGON ZM ((0 0 5 1,0 4 5 1,4 4 5 1,4 0 5 1,0 0 5 1),(1 1 5 1,2 1 5 1,2 2 5 1,1 2 5 1,1 1 5 1))", "clockwise"}},
                 {.driver = "GPKG"});
    write_vector(dir / "curve.gpkg", {{"CURVEPOLYGON (CIRCULARSTRING (0 0,1 1,2 0,1 -1,0 0))", "circle"}}, {.driver = "GPKG"});
    auto const set = load({declare("a", dir / "a.gpkg"), declare("curve", dir / "curve.gpkg")});
    ASSERT_TRUE(set);
    EXPECT_EQ(geojson(set->layers()[0]->features[0].geometry),
              R"({"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]})");
    Layer const& circle = *set->layers()[1];
    EXPECT_EQ(circle.geometry_type, GeometryType::polygon);
    EXPECT_GT(polygons_of(circle.features[0].geometry)[0].rings[0].size(), 60U);
}

TEST(LoadLayers, SimplifiesForDisplayOnly)
{
    TemporaryFolder const dir;
    // a zone with a notch of about 100 m at (111.5, 35)
    write_vector(dir / "a.gpkg", {{"POLYGON ((111 35,111.4995 35,111.5 35.0009,111.5005 35,112 35,112 36,111 36,111 35))", "notched"}},
                 {.driver = "GPKG"});
    auto d = declare("zone", dir / "a.gpkg", LayerRole::zone);
    d.simplify_m = 300;
    auto const set = load({d});
    ASSERT_TRUE(set);
    EXPECT_EQ(geojson(set->layers()[0]->features[0].geometry), square_json);
    EXPECT_TRUE(set->facts({111.5, 35.0004}).zones.empty());    // in the notch
    EXPECT_EQ(set->facts({111.5, 35.0012}).zones, std::vector<std::string>{"zone"});
}

TEST(LoadLayers, KeepsAnEmptyLayer)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {}, {.driver = "GPKG"});
    auto const set = load({declare("a", dir / "a.gpkg", LayerRole::boundary)});
    ASSERT_TRUE(set);
    EXPECT_TRUE(set->layers()[0]->features.empty());
    EXPECT_EQ(set->facts({111, 35}), OverlayFacts{});
}

TEST(LoadLayers, NamesWhatIsBrokenAllAtOnce)
{
    TemporaryFolder const dir;
    write_text(dir / "junk.geojson", R"({"type":"FeatureCollection","features":[{"type":)");
    write_text(dir / "junk.gpkg", "SQLite format 3\0 and then nothing");
    write_vector(dir / "good.gpkg", {{square, "a"}}, {.driver = "GPKG"});
    auto const found = failures({declare("missing", dir / "missing.gpkg"), declare("junk-json", dir / "junk.geojson"),
                                 declare("junk-gpkg", dir / "junk.gpkg"), declare("good", dir / "good.gpkg"),
                                 declare("good", dir / "good.gpkg"), declare("rivers", dir / "good.gpkg", LayerRole::river)});
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].code, Errc::broken_file);
    EXPECT_EQ(found[0].detail,
              "layer \"missing\": " + (dir / "missing.gpkg").string() + ": there is no such file; correct `source` or put the file there");
    EXPECT_EQ(found[1].code, Errc::broken_file);
    EXPECT_NE(found[1].detail.find("junk.geojson"), std::string::npos) << found[1].detail;
    EXPECT_EQ(found[2].code, Errc::broken_file);
    EXPECT_NE(found[2].detail.find("junk.gpkg"), std::string::npos) << found[2].detail;
    EXPECT_EQ(found[3].code, Errc::duplicate_id);
}

TEST(LoadLayers, DoesNotServeATruncatedFile)
{
    TemporaryFolder const dir;
    std::vector<Row> rows;
    for (int i = 0; i < 2000; ++i)
        rows.push_back({square, "区"});
    std::map<std::string, std::string> const files{
        {"GPKG", "a.gpkg"}, {"ESRI Shapefile", "a.shp"}, {"FlatGeobuf", "a.fgb"}, {"GeoJSON", "a.geojson"}};
    for (auto const& [driver, file] : files) {
        write_vector(dir / file, rows, {.driver = driver, .layer_options = shapefile_text(driver), .type = wkbPolygon});
        ASSERT_EQ(load({declare("whole", dir / file)})->layers()[0]->features.size(), 2000U) << driver;
        std::filesystem::resize_file(dir / file, std::filesystem::file_size(dir / file) * 2 / 3);
        auto const found = failures({declare("cut", dir / file)});
        ASSERT_EQ(found.size(), 1U) << driver;
        EXPECT_EQ(found[0].code, Errc::broken_file) << driver << ": " << found[0].detail;
        EXPECT_NE(found[0].detail.find(file), std::string::npos) << found[0].detail;
    }
}

TEST(LoadLayers, GivesUpAGeometryThatTakesTooLongToMend)
{
    TemporaryFolder const dir;
    std::string tangle = "POLYGON ((";                         // every edge crosses most others: minutes of work
    for (unsigned i = 0; i <= 4000; ++i) {
        auto const at = i % 4000 * 2654435761U;
        tangle += fmt::format("{}{} {}", i == 0 ? "" : ", ", 110 + (at % 10'007) / 1e4, 35 + (at / 7 % 10'009) / 1e4);
    }
    write_vector(dir / "tangle.geojson", {{square, "fine"}, {tangle + "))", "tangled"}});
    auto const loaded = load_layers(std::vector{declare("tangle", dir / "tangle.geojson")}, {}, std::chrono::milliseconds{300});
    ASSERT_FALSE(loaded.has_value());
    expect_failure(loaded.error(), Errc::broken_file, {"layer \"tangle\"", "feature 1", "takes too long", "ogr2ogr -makevalid"});
}

TEST(LoadLayers, AsksForPolygonsWhereTheRoleNeedsThem)
{
    TemporaryFolder const dir;
    write_vector(dir / "points.geojson", {{"POINT (111 35)", "a"}});
    expect_failure(failures({declare("a", dir / "points.geojson", LayerRole::boundary)}), Errc::unsupported, {"boundary", "polygons"});
    expect_failure(failures({declare("a", dir / "points.geojson", LayerRole::river)}), Errc::unsupported, {"river", "lines"});
}

}  // namespace
}  // namespace yihong
