// The rows F01 to F17 of OGC API - Features Part 1 (17-069r4) and what its test suite trips over: documents, collections, features.
#include "fixture.hpp"

#include <algorithm>
#include <set>

namespace yihong::ogcapi::testing {
namespace {

TEST(F01, LandingPageLinksToDefinitionConformanceAndData)
{
    auto const service = standard_service();
    auto const landing = service.get_json("/");
    EXPECT_EQ(link(landing, "self", "application/json"), "http://test.example/");
    EXPECT_EQ(link(landing, "alternate", "text/html"), "http://test.example/?f=html");
    EXPECT_EQ(link(landing, "service-desc", "application/vnd.oai.openapi+json;version=3.0"), "http://test.example/api");
    EXPECT_EQ(link(landing, "service-doc", "text/html"), "http://test.example/api.html");
    EXPECT_EQ(link(landing, "conformance", "application/json"), "http://test.example/conformance");
    EXPECT_EQ(link(landing, "data", "application/json"), "http://test.example/collections");
}

TEST(F01, LandingPageShowsTheOperatorsOwnLinksAndText)
{
    OgcApiOptions options;
    options.landing_html = [](Catalog const&) {
        return std::string{"<p id=\"own\">试试 <a href=\"{root}/collections\">集合</a> {root}</p>"};
    };
    options.landing_links = {{"/api/v1/parameters", "related", "application/json", "监测因子 Parameters"}};
    auto const service = standard_service(options);
    EXPECT_EQ(link(service.get_json("/"), "related", "application/json"), "http://test.example/api/v1/parameters");
    auto const html = service.get("/", "text/html").content()->plain();
    EXPECT_NE(html.find("<p id=\"own\">试试 <a href=\"http://test.example/collections\">集合</a> http://test.example</p>"),
              std::string::npos);
    EXPECT_NE(html.find("href=\"http://test.example/api/v1/parameters\""), std::string::npos);
}

TEST(F02, ServiceDescriptionIsServedWithExactlyTheTypeOfItsLink)
{
    auto const service = standard_service();
    auto const reply = service.get(link(service.get_json("/"), "service-desc"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "application/vnd.oai.openapi+json;version=3.0");
    EXPECT_EQ(service.get("/api", "application/vnd.oai.openapi+json;version=3.0").content_type, reply.content_type);
}

TEST(F03, ConformanceListsCoreAndOnlyStrings)
{
    auto const service = standard_service();
    std::set<std::string> classes;
    auto const conformance = service.get_json("/conformance");
    for (auto const& uri : conformance.at("conformsTo").as_array())
        EXPECT_TRUE(classes.insert(text(uri)).second);
    for (auto const* name : {"core", "oas30", "html", "geojson"})
        EXPECT_TRUE(classes.contains(std::string{"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"} + name)) << name;
    EXPECT_TRUE(classes.contains("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"));
    for (auto const* name : {"filter", "features-filter", "queryables"})
        EXPECT_TRUE(classes.contains(std::string{"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"} + name)) << name;
    for (auto const* name :
         {"cql2-text", "cql2-json", "basic-cql2", "spatial-functions", "temporal-functions", "array-functions", "arithmetic"})
        EXPECT_TRUE(classes.contains(std::string{"http://www.opengis.net/spec/cql2/1.0/conf/"} + name)) << name;
}

TEST(F04, CollectionsHaveSelfAndAlternateLinksWithTypes)
{
    auto const service = standard_service();
    auto const list = service.get_json("/collections");
    EXPECT_EQ(link(list, "self", "application/json"), "http://test.example/collections");
    EXPECT_EQ(link(list, "alternate", "text/html"), "http://test.example/collections?f=html");
    EXPECT_EQ(list.at("collections").as_array().size(), 2U);
}

TEST(F05, CollectionEqualsItsListEntryAndHasAnItemsLinkPerEncoding)
{
    auto const service = standard_service();
    auto const list = service.get_json("/collections");
    for (auto const& entry : list.at("collections").as_array()) {
        auto const collection = service.get_json("/collections/" + text(entry.at("id")));
        EXPECT_EQ(collection, entry);
        EXPECT_EQ(text(collection.at("itemType")), "feature");
        std::string const url = "http://test.example/collections/" + text(entry.at("id"));
        EXPECT_EQ(link(collection, "items", "application/geo+json"), url + "/items");
        EXPECT_EQ(link(collection, "items", "text/html"), url + "/items?f=html");
        EXPECT_EQ(link(collection, "self", "application/json"), url);
        EXPECT_EQ(link(collection, "alternate", "text/html"), url + "?f=html");
        EXPECT_EQ(link(collection, "describedby", "application/schema+json"), url + "/schema/feature");
        EXPECT_EQ(link(collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables"), url + "/queryables");
        EXPECT_EQ(link(collection, "http://www.opengis.net/def/rel/ogc/1.0/schema"), url + "/schema");
    }
}

TEST(F05, CollectionIsThisDocument)
{
    auto const service = standard_service();
    EXPECT_EQ(
        service.get("/collections/water-sections").content()->plain(),
        R"({"id":"water-sections","title":"水质断面 Water sections","description":"断面的最新水质 Newest quality of the sections",)"
        R"("attribution":"中国环境监测总站","license":"https://example.org/licence",)"
        R"("extent":{"spatial":{"bbox":[[110.5,34.8,111,35.25]],"crs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"},)"
        R"("temporal":{"interval":[["2025-11-05T00:00:00Z","2025-11-06T12:00:00Z"]],"trs":"http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}},)"
        R"("itemType":"feature","crs":["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],"storageCrs":"http://www.opengis.net/def/crs/OGC/1.3/CRS84","links":[)"
        R"({"href":"http://test.example/collections/water-sections","rel":"self","type":"application/json","title":"集合 Collection"},)"
        R"({"href":"http://test.example/collections/water-sections?f=html","rel":"alternate","type":"text/html","title":"集合（HTML） Collection as HTML"},)"
        R"({"href":"http://test.example/collections/water-sections/items","rel":"items","type":"application/geo+json","title":"要素 Features as GeoJSON"},)"
        R"({"href":"http://test.example/collections/water-sections/items?f=html","rel":"items","type":"text/html","title":"要素（HTML） Features as HTML"},)"
        R"({"href":"http://test.example/collections/water-sections/queryables","rel":"http://www.opengis.net/def/rel/ogc/1.0/queryables","type":"application/schema+json","title":"可查询属性 Queryables"},)"
        R"({"href":"http://test.example/collections/water-sections/sortables","rel":"http://www.opengis.net/def/rel/ogc/1.0/sortables","type":"application/schema+json","title":"可排序属性 Sortables"},)"
        R"({"href":"http://test.example/collections/water-sections/schema","rel":"http://www.opengis.net/def/rel/ogc/1.0/schema","type":"application/schema+json","title":"属性 Schema of the properties"},)"
        R"({"href":"http://test.example/collections/water-sections/schema/feature","rel":"describedby","type":"application/schema+json","title":"GeoJSON 要素 Schema of a GeoJSON feature"},)"
        R"({"href":"http://test.example/collections/water-sections/schema/feature","rel":"describedBy","type":"application/schema+json","title":"GeoJSON 要素 Schema of a GeoJSON feature"},)"
        R"({"href":"http://test.example/collections/water-sections/items?f=jsonseq","rel":"items","type":"application/geo+json-seq","title":"GeoJSON 文本序列 GeoJSON text sequence"},)"
        R"({"href":"http://test.example/collections/water-sections/items?f=csv","rel":"items","type":"text/csv","title":"CSV 表格 CSV"},)"
        R"({"href":"http://test.example/collections/water-sections/items?f=xlsx","rel":"items","type":"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet","title":"Excel 表格 Excel workbook"},)"
        R"j({"href":"http://test.example/collections/water-sections/items?f=fgb","rel":"items","type":"application/flatgeobuf","title":"FlatGeobuf（只含有位置的要素） FlatGeobuf (features that have a place)"},)j"
        R"({"href":"http://test.example/collections/water-sections/items?f=gpkg","rel":"items","type":"application/geopackage+sqlite3","title":"GeoPackage"},)"
        R"j({"href":"http://test.example/collections/water-sections/items?f=shp","rel":"items","type":"application/x-shapefile+zip","title":"Shapefile（zip） Shapefile (zipped)"},)j"
        R"({"href":"http://test.example/collections/water-sections/items?f=kml","rel":"items","type":"application/vnd.google-earth.kml+xml","title":"KML"},)"
        R"({"href":"https://example.org/licence","rel":"license","title":"许可 License"}]})");
}

TEST(F05, UnknownCollectionIsNotFound)
{
    auto const service = standard_service();
    for (auto const* path : {"", "/items", "/items/x", "/queryables", "/schema", "/schema/feature"}) {
        auto const reply = service.get(std::string{"/collections/rivers"} + path);
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(reply.content_type, "application/problem+json");
    }
}

TEST(F06, ItemsAreAFeatureCollectionWithSelfAndAlternate)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/items");
    EXPECT_EQ(reply.content_type, "application/geo+json");
    auto const items = json::parse(reply.content()->plain());
    EXPECT_EQ(text(items.at("type")), "FeatureCollection");
    EXPECT_EQ(link(items, "self", "application/geo+json"), "http://test.example/collections/water-sections/items");
    EXPECT_EQ(link(items, "alternate", "text/html"), "http://test.example/collections/water-sections/items?f=html");
    EXPECT_EQ(link(items, "collection", "application/json"), "http://test.example/collections/water-sections");
    EXPECT_EQ(link(items, "next"), "");
    EXPECT_EQ(link(items, "prev"), "");
    EXPECT_EQ(ids(items), (Ids{"hanyang", "linyi", "nowhere", "timeless"}));
    EXPECT_EQ(text(items.at("features").at(1).at("properties").at("name")), "临猗");
    EXPECT_FALSE(items.at("features").at(0).as_object().contains("links"));
}

TEST(F06, ItemsNameTheirReferenceSystem)
{
    auto const service = standard_service();
    for (auto const* path : {"/collections/water-sections/items", "/collections/water-sections/items/linyi",
                             "/collections/water-sections/items?crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84"})
        EXPECT_EQ(header(service.get(path), "Content-Crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>") << path;
}

TEST(F06, HeaderCarriesTheLinksOfTheBody)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/items?limit=2");
    EXPECT_EQ(header(reply, "Link"),
              "<http://test.example/collections/water-sections/items?limit=2>; rel=\"self\"; type=\"application/geo+json\", "
              "<http://test.example/collections/water-sections/items?limit=2&f=html>; rel=\"alternate\"; type=\"text/html\", "
              "<http://test.example/collections/water-sections/items?limit=2&f=json&profile=structured>; rel=\"alternate\"; "
              "type=\"application/geo+json\", "
              "<http://test.example/collections/water-sections/items?limit=2&after=linyi>; rel=\"next\"; type=\"application/geo+json\", "
              "<http://test.example/collections/water-sections>; rel=\"collection\"; type=\"application/json\", "
              "<http://test.example/collections/water-sections?f=html>; rel=\"collection\"; type=\"text/html\"");
}

TEST(F08, CoordinatesStayWithinTheWorld)
{
    auto const service = standard_service();
    auto const items = service.get_json("/collections/water-sections/items");
    for (auto const& feature : items.at("features").as_array()) {
        if (feature.at("geometry").is_null())
            continue;
        auto const& position = feature.at("geometry").at("coordinates").as_array();
        EXPECT_LE(std::abs(position[0].to_number<double>()), 180);
        EXPECT_LE(std::abs(position[1].to_number<double>()), 90);
    }
}

TEST(F14, FeatureHasItsIdAndLinks)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/items/linyi");
    EXPECT_EQ(reply.content_type, "application/geo+json");
    EXPECT_EQ(
        reply.content()->plain(),
        R"({"type":"Feature","id":"linyi","geometry":{"type":"Point","coordinates":[110.77,35.14]},"properties":{"name":"临猗","codmn":5.2,)"
        R"("water_class":4,"meets_target":false,"zones":"plain","time":"2025-11-06T16:00:00+08:00","secret":"hidden"},"links":[)"
        R"({"href":"http://test.example/collections/water-sections/items/linyi","rel":"self","type":"application/geo+json","title":"本页 This document"},)"
        R"({"href":"http://test.example/collections/water-sections/items/linyi?f=html","rel":"alternate","type":"text/html","title":"HTML 页面 This document as HTML"},)"
        R"({"href":"http://test.example/collections/water-sections/items/linyi?f=json&profile=structured","rel":"alternate","type":"application/geo+json","title":"列表为数组与对象 With lists and objects"},)"
        R"({"href":"http://test.example/collections/water-sections","rel":"collection","type":"application/json","title":"水质断面 Water sections"},)"
        R"({"href":"http://test.example/collections/water-sections?f=html","rel":"collection","type":"text/html","title":"水质断面 Water sections"}]})");
    EXPECT_EQ(service.get("/collections/water-sections/items/none").status, 404);
}

TEST(F14, FeatureAddressIsItemsPlusId)
{
    auto const service = standard_service();
    auto const items = link(service.get_json("/collections/lakes"), "items", "application/geo+json");
    for (auto const& id : ids(service.get_json(items)))
        EXPECT_EQ(text(service.get_json(items + "/" + id).at("id")), id);
}

TEST(F14, UnsafeIdsAreEncodedInLinksAndFound)
{
    Service const service{
        {make_stations({{"张 留庄?&#%", LonLat{110, 35}, "", "x", {}, {}, {}, {}}, {"z", LonLat{110, 35}, "", "x", {}, {}, {}, {}}})}};
    auto const feature = service.get_json("/collections/water-sections/items/%E5%BC%A0%20%E7%95%99%E5%BA%84%3F%26%23%25");
    EXPECT_EQ(text(feature.at("id")), "张 留庄?&#%");
    EXPECT_EQ(service.get_json(link(feature, "self")), feature);
    auto const page = service.get_json("/collections/water-sections/items?limit=1");
    EXPECT_EQ(ids(page), (Ids{"z"}));
    EXPECT_EQ(ids(service.get_json(link(page, "next"))), (Ids{"张 留庄?&#%"}));
}

TEST(F16, ExtentContainsEveryFeature)
{
    auto const service = standard_service();
    auto const extent = service.get_json("/collections/water-sections").at("extent");
    auto const& box = extent.at("spatial").at("bbox").at(0).as_array();
    auto const begin = parse_rfc3339(text(extent.at("temporal").at("interval").at(0).at(0))).value();
    auto const end = parse_rfc3339(text(extent.at("temporal").at("interval").at(0).at(1))).value();
    auto const items = service.get_json("/collections/water-sections/items");
    for (auto const& feature : items.at("features").as_array()) {
        if (!feature.at("geometry").is_null()) {
            auto const& p = feature.at("geometry").at("coordinates").as_array();
            EXPECT_GE(p[0].to_number<double>(), box[0].to_number<double>());
            EXPECT_GE(p[1].to_number<double>(), box[1].to_number<double>());
            EXPECT_LE(p[0].to_number<double>(), box[2].to_number<double>());
            EXPECT_LE(p[1].to_number<double>(), box[3].to_number<double>());
        }
        if (!feature.at("properties").at("time").is_null()) {
            auto const time = parse_rfc3339(text(feature.at("properties").at("time"))).value();
            EXPECT_LE(begin, time);
            EXPECT_LE(time, end);
        }
    }
}

TEST(F16, ExtentIsAbsentWhereThereIsNone)
{
    Service const service{{make_stations({{"a", std::nullopt, "", "", {}, {}, {}, {}}})}};
    EXPECT_EQ(json::serialize(service.get_json("/collections/water-sections").at("extent")), "{}");
}

TEST(F17, EveryStatusThatIsReturnedIsListed)
{
    auto const service = standard_service();
    auto const paths = service.get_json("/api").at("paths").as_object();
    struct Row {
        std::string target, accept, path;
    };
    for (auto const& [target, accept, path] : {Row{"/", "", "/"},
                                               {"/?x=1", "", "/"},
                                               {"/", "image/png", "/"},
                                               {"/collections/none", "", "/collections/{collectionId}"},
                                               {"/collections/lakes/items?limit=0", "", "/collections/{collectionId}/items"},
                                               {"/collections/lakes/items", "audio/*", "/collections/{collectionId}/items"},
                                               {"/collections/lakes/items/none", "", "/collections/{collectionId}/items/{featureId}"}}) {
        auto const status = std::to_string(service.get(target, accept).status);
        EXPECT_TRUE(paths.at(path).at("get").at("responses").as_object().contains(status)) << target << " " << status;
    }
}

}  // namespace
}  // namespace yihong::ogcapi::testing
