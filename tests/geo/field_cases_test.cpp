// Layers as people bring them: what a format, a driver or a program that did not know has made of them.
#include "fixture.hpp"

#include <cpl_string.h>

#include <algorithm>

namespace yihong::geo_test {
namespace {

using Texts = std::vector<std::string>;

std::string field_case(std::string const& name) { return std::string{YIHONG_SOURCE_DIR "/tests/data/layers/"} + name; }

Texts names_of(Layer const& layer)
{
    Texts names;
    for (auto const& attribute : layer.attributes)
        names.push_back(attribute.name);
    return names;
}

std::size_t index_of(Layer const& layer, std::string const& name)
{
    auto const names = names_of(layer);
    auto const found = std::ranges::find(names, name);
    EXPECT_NE(found, names.end()) << name;
    return static_cast<std::size_t>(found - names.begin());
}

AttributeValue value(Layer const& layer, std::string const& attribute, std::size_t feature = 0)
{
    auto const at = index_of(layer, attribute);
    return at < layer.attributes.size() ? layer.features.at(feature).values.at(at) : AttributeValue{};
}

Texts ids_of(Layer const& layer)
{
    Texts ids;
    for (auto const& feature : layer.features)
        ids.push_back(feature.id);
    return ids;
}

/// The south-western corner: of a point, itself.
LonLat corner_of(Layer const& layer) { return {layer.bounds.west, layer.bounds.south}; }

struct Loaded {
    std::shared_ptr<Layer const> layer;
    std::string log;
};

Loaded loaded(LayerDeclaration const& declaration)
{
    ::testing::internal::CaptureStderr();
    auto const set = load({declaration});
    auto log = ::testing::internal::GetCapturedStderr();
    return {set ? set->layers().at(0) : std::make_shared<Layer const>(), std::move(log)};
}
Loaded loaded(std::string const& source) { return loaded(declare("x", source)); }

bool says(Loaded const& of, std::string_view text) { return of.log.find(text) != std::string::npos; }

std::string feature(std::string const& properties, std::string const& more = "")
{
    return R"({"type":"Feature",)" + more + R"("properties":)" + properties + R"(,"geometry":{"type":"Point","coordinates":[111,35]}})";
}
std::string collection(std::string const& features, std::string const& more = "")
{
    return R"({"type":"FeatureCollection",)" + more + R"("features":[)" + features + "]}";
}

/// A Shapefile of points with one text field of 12 bytes, its bytes as they are given.
void write_shapefile(std::string const& base, Texts const& values, std::string const& cpg, char language = 0,
                     std::string const& field = "name")
{
    std::vector<Row> rows;
    for (std::size_t i = 0; i < values.size(); ++i)
        rows.push_back({"POINT (111 35)", "x"});
    write_vector(base + ".shp", rows, {.driver = "ESRI Shapefile", .layer_options = {"ENCODING=UTF-8"}, .type = wkbPoint});
    std::filesystem::remove(base + ".cpg");
    constexpr std::size_t width = 12;
    std::string dbf(32, '\0');
    dbf[0] = 3, dbf[1] = 125, dbf[2] = 1, dbf[3] = 1;
    dbf[4] = static_cast<char>(values.size());
    dbf[8] = 65, dbf[10] = width + 1, dbf[29] = language;
    std::string descriptor(32, '\0');
    descriptor.replace(0, std::min<std::size_t>(field.size(), 10), field.substr(0, 10));
    descriptor[11] = 'C', descriptor[16] = width;
    dbf += descriptor + '\r';
    for (auto text : values) {
        text.resize(width, ' ');
        dbf += ' ' + text;
    }
    write_text(base + ".dbf", dbf + '\x1A');
    if (!cpg.empty())
        write_text(base + ".cpg", cpg);
}

std::string in(std::string const& encoding, std::string const& utf8)
{
    char* const text = CPLRecode(utf8.c_str(), CPL_ENC_UTF8, encoding.c_str());
    std::string out{text};
    CPLFree(text);
    return out;
}

// ---- names

TEST(FieldCases, KmlDataKeepsItsChineseNames)
{
    auto const kml = loaded(field_case("k10-chinese-data-names.kml"));
    EXPECT_EQ(value(*kml.layer, "等级"), AttributeValue{"一级"});
    EXPECT_EQ(value(*kml.layer, "面积"), AttributeValue{"12.5"});
    EXPECT_EQ(value(*kml.layer, "code"), AttributeValue{"A1"});

    auto filtered = declare("x", field_case("k10-chinese-data-names.kml"));
    filtered.where = "等级 = '二级'";
    EXPECT_TRUE(load({filtered})->layers()[0]->features.empty());
    filtered.where = "等级 = '一级' AND \"面积\" = '12.5'";
    filtered.attributes = {{"等级", "保护级别"}};
    filtered.id_attribute = "code";
    auto const layer = load({filtered})->layers()[0];
    EXPECT_EQ(ids_of(*layer), Texts{"A1"});
    EXPECT_EQ(names_of(*layer), Texts{"等级"});
}

TEST(FieldCases, KmlHasDataAndSchemaDataSideBySide)
{
    TemporaryFolder const dir;
    write_text(dir / "a.kml", R"kml(<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Schema name="s" id="s"><SimpleField name="水质目标" type="int"/></Schema>
<!-- <Data name="没有"><value>1</value></Data> -->
<Placemark><name>甲</name><description><![CDATA[<Data name="也没有">]]></description><ExtendedData><Data name='责任 人'><displayName>x</displayName><value>王某</value></Data>
<Data name="面积(m&#178;)"><value>5</value></Data><Data name="Name"><value>别名</value></Data>
<SchemaData schemaUrl="#s"><SimpleData name="水质目标">3</SimpleData></SchemaData></ExtendedData><Point><coordinates>111,35</coordinates></Point></Placemark>
</Document></kml>)kml");
    auto const kml = loaded(dir / "a.kml");
    EXPECT_EQ(value(*kml.layer, "水质目标"), AttributeValue{"3"}) << "all of a mixed document is text";
    EXPECT_EQ(value(*kml.layer, "责任 人"), AttributeValue{"王某"});
    EXPECT_EQ(value(*kml.layer, "面积(m²)"), AttributeValue{"5"});
    EXPECT_EQ(value(*kml.layer, "Name"), AttributeValue{"甲"});
    EXPECT_EQ(value(*kml.layer, "Name_2"), AttributeValue{"别名"});
    auto const names = names_of(*kml.layer);
    EXPECT_EQ(std::ranges::count_if(names, [](auto const& n) { return n.find("没有") != std::string::npos; }), 0);
}

TEST(FieldCases, KmzIsReadLikeItsKml)
{
    TemporaryFolder const dir;
    auto const document = "/vsizip/" + std::string{dir / "a.kmz"} + "/doc.kml";
    GDALAllRegister();
    ASSERT_EQ(CPLCopyFile(document.c_str(), field_case("k10-chinese-data-names.kml").c_str()), 0);
    auto const kmz = loaded(dir / "a.kmz").layer;
    EXPECT_EQ(value(*kmz, "等级"), AttributeValue{"一级"});
    EXPECT_EQ(value(*kmz, "面积"), AttributeValue{"12.5"});
}

TEST(FieldCases, KmlSchemaDataKeepsNamesAndTypes)
{
    TemporaryFolder const dir;
    write_text(dir / "a.kml", R"kml(<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Schema name="s" id="s"><SimpleField name="等级" type="string"/><SimpleField name="水质目标" type="int"/></Schema>
<Placemark><name>甲</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="等级">一级</SimpleData>
<SimpleData name="水质目标">3</SimpleData></SchemaData></ExtendedData><Point><coordinates>111,35</coordinates></Point></Placemark></Document></kml>)kml");
    auto const kml = loaded(dir / "a.kml").layer;
    EXPECT_EQ(value(*kml, "等级"), AttributeValue{"一级"});
    EXPECT_EQ(value(*kml, "水质目标"), AttributeValue{std::int64_t{3}});
}

TEST(FieldCases, AttributesThatAreCutAlikeAreServedApart)
{
    auto const shp = loaded(field_case("k11-two-names-alike.shp"));
    EXPECT_EQ(names_of(*shp.layer), (Texts{"name", "水质监测断", "水质监测断_2"}));
    EXPECT_EQ(value(*shp.layer, "name"), AttributeValue{"盐湖区水源地"});
    EXPECT_EQ(value(*shp.layer, "水质监测断"), AttributeValue{"x"});
    EXPECT_EQ(value(*shp.layer, "水质监测断_2"), AttributeValue{"1"});
    EXPECT_TRUE(says(shp, "layer_attributes_renamed")) << shp.log;
}

TEST(FieldCases, AttributesThatDifferByCaseAloneAreToldApart)
{
    TemporaryFolder const dir;
    write_text(dir / "a.geojson",
               collection(feature(R"({"Name":"N","name":"n","NAME":"NN"})") + "," + feature(R"({"Name":"n","name":"m","NAME":"n"})")));
    auto d = declare("x", dir / "a.geojson");
    auto const all = loaded(d);
    EXPECT_EQ(names_of(*all.layer), (Texts{"Name", "name", "NAME"}));
    EXPECT_EQ(value(*all.layer, "name"), AttributeValue{"n"});
    d.where = "\"name\" = 'm'";
    d.attributes = {{"NAME", ""}};
    auto const two = declare("two", dir / "a.geojson");
    auto const set = load({d, two});
    ASSERT_TRUE(set);
    ASSERT_EQ(set->layers()[0]->features.size(), 1U);
    EXPECT_EQ(value(*set->layers()[0], "NAME"), AttributeValue{"n"});
    EXPECT_EQ(names_of(*set->layers()[1]), (Texts{"Name", "name", "NAME"})) << "the dataset is shared";
}

// The forms that docs/layers.md prints.
TEST(FieldCases, WhereTakesChineseNames)
{
    auto d = declare("x", field_case("k11-two-names-alike.shp"));
    auto const matched = [&](std::string where) {
        d.where = std::move(where);
        auto const set = load({d});
        return set ? set->layers()[0]->features.size() : 99U;
    };
    EXPECT_EQ(matched("水质监测断 = 'x'"), 1U);
    EXPECT_EQ(matched("\"水质监测断\" = 'x'"), 1U);
    EXPECT_EQ(matched("水质监测断_2 = '2' OR 水质监测断='x'"), 2U);
    EXPECT_EQ(matched("name LIKE '盐湖%' AND 水质监测断 IN ('x', 'y')"), 1U);
    EXPECT_EQ(matched("name = '水质监测断 = ''x'''"), 0U) << "a text is no name";
    EXPECT_EQ(matched("NAME = '盐湖区水源地'"), 1U);
    d.where = "等级 = '一级'";
    expect_failure(failures({d}), Errc::bad_value, {"where", "水质监测断_2", "name = 'text'"});

    TemporaryFolder const dir;
    write_vector(dir / "a.gpkg", {{"POINT (111 35)", "甲"}}, {.driver = "GPKG"});
    d = declare("x", dir / "a.gpkg");
    EXPECT_EQ(matched("name = '甲'"), 1U);
    EXPECT_EQ(matched("\"name\" = '甲' AND 1e0 = 1"), 1U);
}

// ---- lists and ids

TEST(FieldCases, ListsAreJson)
{
    auto const layer = loaded(field_case("k12-lists.geojson")).layer;
    EXPECT_EQ(value(*layer, "tags"), AttributeValue{R"(["甲","乙"])"});
    EXPECT_EQ(value(*layer, "nums"), AttributeValue{"[1,2,3]"});

    TemporaryFolder const dir;
    write_text(
        dir / "a.geojson",
        collection(feature(
            R"({"a":[1.5,2],"b":[[1,2],[3]],"c":["x",1,null],"d":[true,false],"e":{"k":"v"},"f":[],"g":[12345678901,2],"h":["a\"b","c\\d"]})")));
    auto const many = loaded(dir / "a.geojson").layer;
    EXPECT_EQ(value(*many, "a"), AttributeValue{"[1.5,2]"});
    EXPECT_EQ(value(*many, "d"), AttributeValue{"[true,false]"});
    EXPECT_EQ(value(*many, "g"), AttributeValue{"[12345678901,2]"});
    EXPECT_EQ(value(*many, "h"), AttributeValue{R"(["a\"b","c\\d"])"});
    for (auto const& [name, text] : {std::pair{"b", "[[1,2],[3]]"}, {"c", R"(["x",1,null])"}, {"e", R"({"k":"v"})"}, {"f", "[]"}}) {
        auto json = std::get<std::string>(value(*many, name));
        std::erase(json, ' ');
        EXPECT_EQ(json, text);
    }
}

TEST(FieldCases, IdsThatOccurTwiceGiveWayToNumbers)
{
    auto const twice = loaded(field_case("k15-same-id-twice.geojson"));
    EXPECT_EQ(ids_of(*twice.layer), (Texts{"1", "2"}));
    EXPECT_EQ(value(*twice.layer, "name", 1), AttributeValue{"b"});
    EXPECT_TRUE(says(twice, "layer_ids_renumbered")) << twice.log;

    TemporaryFolder const dir;
    write_text(dir / "a.geojson", collection(feature("{}", R"("id":"a",)") + "," + feature("{}", R"("id":"a",)") + "," + feature("{}")));
    auto const texts = loaded(dir / "a.geojson").layer;
    EXPECT_EQ(ids_of(*texts).size(), 3U);
}

// ---- encodings

TEST(FieldCases, BytesDecideWhereTheCpgKnowsNothing)
{
    auto const oem = loaded(field_case("k14-cpg-oem.shp"));
    EXPECT_EQ(value(*oem.layer, "name"), AttributeValue{"盐湖区水源地"});
    EXPECT_EQ(value(*oem.layer, "name", 1), AttributeValue{"伍姓湖湿地"});
}

TEST(FieldCases, BytesDecideWhereTheCpgLies)
{
    TemporaryFolder const dir;
    struct Case {
        char const* bytes;
        char const* cpg;
        char language;
        bool contradicted;
    };
    int n = 0;
    for (auto const& [bytes, cpg, language, contradicted] :
         {Case{"GBK", "UTF-8", 0, true}, Case{"GBK", "utf8", 0x4D, true}, Case{"UTF-8", "GBK", 0, true}, Case{"UTF-8", "936", 0, true},
          Case{"UTF-8", "", 0x4D, true}, Case{"GB18030", "UTF-8", 0, true}, Case{"GBK", "ISO-8859-1", 0, false},
          Case{"GBK", "ANSI 1252", 0x57, false}, Case{"UTF-8", "ISO-8859-1", 0, false}, Case{"GBK", "GB2312", 0, false},
          Case{"UTF-8", "UTF-8", 0, false}, Case{"GBK", "GBK", 0, false}, Case{"GBK", "", 0, false}}) {
        SCOPED_TRACE(std::string{bytes} + " under " + cpg);
        std::string const base = dir / ("a" + std::to_string(n++));
        write_shapefile(base, {in(bytes, "张留庄"), in(bytes, "涑水河")}, cpg, language, in(bytes, "名称"));
        auto const shp = loaded(base + ".shp");
        EXPECT_EQ(names_of(*shp.layer), Texts{"名称"});
        EXPECT_EQ(value(*shp.layer, "名称"), AttributeValue{"张留庄"});
        EXPECT_EQ(value(*shp.layer, "名称", 1), AttributeValue{"涑水河"});
        EXPECT_EQ(says(shp, "layer_encoding_contradicted"), contradicted) << shp.log;
        EXPECT_FALSE(says(shp, "layer_text_unreadable")) << shp.log;
    }
}

TEST(FieldCases, ReadsCharactersOfGb18030AndThoseThatWereCut)
{
    TemporaryFolder const dir;
    write_shapefile(dir / "four", {in("GB18030", "𠀀村"), in("GB18030", "涑水")}, "GBK");
    EXPECT_EQ(value(*loaded(dir / "four.shp").layer, "name"), AttributeValue{"𠀀村"});
    write_shapefile(dir / "rare", {in("GBK", "喆镕"), in("GBK", "涑水")}, "GB2312");
    EXPECT_EQ(value(*loaded(dir / "rare.shp").layer, "name"), AttributeValue{"喆镕"});
    write_shapefile(dir / "lian", {in("GBK", "联通")}, "");
    EXPECT_EQ(value(*loaded(dir / "lian.shp").layer, "name"), AttributeValue{"联通"}) << "its bytes are valid UTF-8 too";
    // ten bytes hold three characters of UTF-8 and a third of one
    write_shapefile(dir / "cut", {"盐湖"}, "UTF-8", 0, "水质监测断面");
    EXPECT_EQ(names_of(*loaded(dir / "cut.shp").layer), Texts{"水质监"});
    write_shapefile(dir / "cafe", {in("ISO-8859-1", "Cafés")}, "ISO-8859-1");
    EXPECT_EQ(value(*loaded(dir / "cafe.shp").layer, "name"), AttributeValue{"Cafés"});
}

TEST(FieldCases, TextInNoKnownEncodingIsTold)
{
    TemporaryFolder const dir;
    write_shapefile(dir / "a", {"\xFF\xFF\x80!"}, "UTF-8");
    auto const shp = loaded(dir / "a.shp");
    EXPECT_TRUE(says(shp, "layer_text_unreadable")) << shp.log;
    EXPECT_TRUE(says(shp, "encoding")) << shp.log;
}

// ---- reference systems

double metres_between(LonLat a, LonLat b) { return std::hypot((a.lon - b.lon) * 91'288, (a.lat - b.lat) * 110'941); }

TEST(FieldCases, Beijing54IsShiftedByTheNearestPublicParameters)
{
    auto const shp = loaded(field_case("k13-beijing54-gk.shp"));
    LonLat const as_it_stands{111.0, 35.0030501954};           // by the projection alone
    double const shift = metres_between(corner_of(*shp.layer), as_it_stands);
    EXPECT_GT(shift, 20);
    EXPECT_LT(shift, 200);
    EXPECT_TRUE(says(shp, "Beijing 1954 to WGS 84")) << shp.log;
    EXPECT_TRUE(says(shp, "layer_datum_shifted_from_elsewhere")) << "the parameters are those of the Ordos basin";

    // one transformation for the whole layer: no tear where the parameters' area ends, at 110.01 E
    TemporaryFolder const dir;
    write_vector(dir / "b.shp", {{"LINESTRING (110.0 35.5,110.009 35.5,110.011 35.5,110.02 35.5)", "a"}},
                 {.driver = "ESRI Shapefile", .crs = "EPSG:4214", .type = wkbLineString});
    auto const layer = loaded(dir / "b.shp").layer;
    auto const line = lines_of(layer->features.at(0).geometry)[0];
    EXPECT_NEAR(metres_between(line[1], line[2]), 0.002 * 91'288 * std::cos(35.5 * 0.0174533) / std::cos(35 * 0.0174533), 3);
}

TEST(FieldCases, Xian80IsToldNotToBeShifted)
{
    TemporaryFolder const dir;
    struct Case {
        char const* crs;
        double x;
    };
    for (auto const& [crs, x] : {Case{"EPSG:4610", 111}, Case{"EPSG:2382", 500'000}, Case{"EPSG:2361", 37'500'000},
                                 Case{"EPSG:2344", 500'000}, Case{"EPSG:2333", 19'500'000}}) {
        SCOPED_TRACE(crs);
        char wkt[100];
        std::snprintf(wkt, sizeof wkt, "POINT (%.3f %.3f)", x, x < 1000 ? 35.0 : 3'875'000.0);
        auto const path = dir / (std::string{crs}.substr(5) + ".shp");
        write_vector(path, {{wkt, "a"}}, {.driver = "ESRI Shapefile", .crs = crs, .type = wkbPoint});
        auto const shp = loaded(path);
        ASSERT_EQ(shp.layer->features.size(), 1U);
        EXPECT_NEAR(corner_of(*shp.layer).lon, 111, 0.01);
        EXPECT_NEAR(corner_of(*shp.layer).lat, 35, 0.01);
        EXPECT_TRUE(says(shp, "layer_datum_not_shifted")) << shp.log;
        EXPECT_TRUE(says(shp, "towgs84")) << shp.log;
    }
    auto own = declare("x", dir / "4610.shp");
    own.crs = "+proj=longlat +a=6378140 +rf=298.257 +towgs84=100,0,0 +no_defs";
    auto const shifted = loaded(own);
    EXPECT_FALSE(says(shifted, "layer_datum_not_shifted")) << shifted.log;
    EXPECT_GT(metres_between(corner_of(*shifted.layer), {111, 35}), 50) << "by the parameters that the operator gave";
}

TEST(FieldCases, Cgcs2000AndWgs84NeedNoWarning)
{
    TemporaryFolder const dir;
    for (std::string const crs : {"EPSG:4546", "EPSG:4490", "EPSG:32649", "EPSG:3857"}) {
        auto const path = dir / (crs.substr(5) + ".gpkg");
        write_vector(path, {{crs == "EPSG:4490" ? "POINT (111 35)" : "POINT (500000 3875000)", "a"}}, {.driver = "GPKG", .crs = crs});
        auto const layer = loaded(path);
        EXPECT_FALSE(says(layer, "warning")) << layer.log;
        EXPECT_FALSE(says(layer, "datum_not")) << layer.log;
    }
}

TEST(FieldCases, ASystemWithoutAuthorityIsTakenFromItsWords)
{
    TemporaryFolder const dir;
    write_vector(dir / "a.shp", {{"POINT (545644.285 3874707.137)", "a"}},
                 {.driver = "ESRI Shapefile", .crs = "EPSG:4546", .type = wkbPoint});
    write_text(
        dir / "a.prj",
        R"(PROJCS["our_own_grid",GEOGCS["GCS_ours",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],)"
        R"(PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],)"
        R"(PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],)"
        R"(PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])");
    auto const shp = loaded(dir / "a.shp");
    EXPECT_NEAR(corner_of(*shp.layer).lon, 111.5, 1e-4);
    EXPECT_NEAR(corner_of(*shp.layer).lat, 35, 1e-4);
    EXPECT_FALSE(says(shp, "layer_datum_not_shifted")) << shp.log;
}

TEST(FieldCases, AnUnknownSystemIsNamedAndNotTakenForWgs84)
{
    auto d = declare("x", field_case("k18-crs-unknown.geojson"));
    expect_failure(failures({d}), Errc::bad_value, {"layer \"x\"", "EPSG:999999", "set `crs`"});
    d.crs = "EPSG:4490";
    EXPECT_EQ(loaded(d).layer->features.size(), 1U);

    TemporaryFolder const dir;
    auto const with_crs = [&](std::string const& crs) {
        write_text(dir / "a.geojson",
                   collection(feature(R"({"crs":"none"})"), R"("crs":{"type":"name","properties":{"name":")" + crs + R"("}},)"));
        return failures({declare("x", dir / "a.geojson")});
    };
    for (std::string const crs : {"CGCS2000", "urn:ogc:def:crs:EPSG::99999", "火星坐标"})
        expect_failure(with_crs(crs), Errc::bad_value, {crs});
    for (std::string const crs : {"urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4490", "urn:ogc:def:crs:EPSG::4326"})
        EXPECT_TRUE(with_crs(crs).empty()) << crs;
    write_text(dir / "end.geojson", R"({"type":"FeatureCollection","features":[)" + feature("{}") +
                                        R"(],"crs":{"properties":{"name":"EPSG:999998"},"type":"name"}})");
    expect_failure(failures({declare("x", dir / "end.geojson")}), Errc::bad_value, {"EPSG:999998"});
    write_text(dir / "null.geojson", collection(feature("{}"), R"("crs":null,)"));
    EXPECT_TRUE(failures({declare("x", dir / "null.geojson")}).empty());

    write_vector(dir / "a.shp", {{"POINT (111 35)", "a"}}, {.driver = "ESRI Shapefile", .type = wkbPoint});
    write_text(dir / "a.prj", "这不是坐标系");
    expect_failure(failures({declare("x", dir / "a.shp")}), Errc::bad_value, {".prj", "这不是坐标系", "set `crs`"});
}

}  // namespace
}  // namespace yihong::geo_test
