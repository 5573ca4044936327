// The rows F01 to F17 of OGC API - Features Part 1 (17-069r4) and what its test suite trips over.
#include "fixture.hpp"

#include <algorithm>
#include <set>

namespace yihong::ogcapi::testing {
namespace {

Service standard_service(OgcApiOptions options = {}) { return Service{{make_stations(four_stations()), make_lakes()}, std::move(options)}; }

std::vector<std::string> filtered(Service const& service, std::string const& query)
{
    return ids(service.get_json("/collections/water-sections/items?" + query));
}

using Ids = std::vector<std::string>;

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
    EXPECT_FALSE(classes.contains("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs"));
    EXPECT_FALSE(classes.contains("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter"));
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
        R"("itemType":"feature","crs":["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],"links":[)"
        R"({"href":"http://test.example/collections/water-sections","rel":"self","type":"application/json","title":"集合 Collection"},)"
        R"({"href":"http://test.example/collections/water-sections?f=html","rel":"alternate","type":"text/html","title":"集合（HTML） Collection as HTML"},)"
        R"({"href":"http://test.example/collections/water-sections/items","rel":"items","type":"application/geo+json","title":"要素 Features as GeoJSON"},)"
        R"({"href":"http://test.example/collections/water-sections/items?f=html","rel":"items","type":"text/html","title":"要素（HTML） Features as HTML"},)"
        R"({"href":"http://test.example/collections/water-sections/queryables","rel":"http://www.opengis.net/def/rel/ogc/1.0/queryables","type":"application/schema+json","title":"可查询属性 Queryables"},)"
        R"({"href":"http://test.example/collections/water-sections/schema","rel":"http://www.opengis.net/def/rel/ogc/1.0/schema","type":"application/schema+json","title":"属性 Schema of the properties"},)"
        R"({"href":"http://test.example/collections/water-sections/schema/feature","rel":"describedby","type":"application/schema+json","title":"GeoJSON 要素 Schema of a GeoJSON feature"},)"
        R"({"href":"http://test.example/collections/water-sections/schema/feature","rel":"describedBy","type":"application/schema+json","title":"GeoJSON 要素 Schema of a GeoJSON feature"},)"
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
              "<http://test.example/collections/water-sections/items?limit=2&after=linyi>; rel=\"next\"; type=\"application/geo+json\", "
              "<http://test.example/collections/water-sections>; rel=\"collection\"; type=\"application/json\", "
              "<http://test.example/collections/water-sections?f=html>; rel=\"collection\"; type=\"text/html\"");
}

TEST(F07, CountsAgreeWithThePagesAndTheTimeHasAZone)
{
    auto const service = standard_service();
    std::string url = "/collections/water-sections/items?limit=3";
    std::size_t pages = 0;
    Ids all;
    while (!url.empty()) {
        auto const page = service.get_json(url);
        EXPECT_TRUE(parse_rfc3339(text(page.at("timeStamp"))));
        EXPECT_EQ(page.at("numberMatched").as_int64(), 4);
        EXPECT_EQ(static_cast<std::size_t>(page.at("numberReturned").as_int64()), ids(page).size());
        for (auto const& id : ids(page))
            all.push_back(id);
        url = link(page, "next", "application/geo+json");
        ++pages;
    }
    EXPECT_EQ(pages, 2U);
    EXPECT_EQ(all, (Ids{"hanyang", "linyi", "nowhere", "timeless"}));
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

TEST(F09, BoxesOfTheTestSuiteAreAnswered)
{
    std::vector<Station> stations = four_stations();
    stations.push_back({"dateline", LonLat{-179, 67}, "", "east of 180", {}, {}, {}, {}});
    stations.push_back({"arctic", LonLat{-180, 89}, "", "near the pole", {}, {}, {}, {}});
    stations.push_back({"antarctic", LonLat{30, -90}, "", "at the pole", {}, {}, {}, {}});
    stations.push_back({"england", LonLat{-1, 51}, "", "England", {}, {}, {}, {}});
    stations.push_back({"amazon", LonLat{-75, 0}, "", "Amazon", {}, {}, {}, {}});
    Service const service{{make_stations(stations)}};
    EXPECT_EQ(filtered(service, "bbox=-1.5,50,1.5,53"), (Ids{"england", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-80,-5,-70,5"), (Ids{"amazon", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=177,65,-177,70"), (Ids{"dateline", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-180,85,180,90"), (Ids{"arctic", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=-180,-90,180,-85"), (Ids{"antarctic", "nowhere"}));
    auto const extent = service.get_json("/collections/water-sections").at("extent").at("spatial").at("bbox").at(0).as_array();
    std::string box;
    for (auto const& edge : extent)
        box += (box.empty() ? "" : ",") + json::serialize(edge);
    EXPECT_EQ(filtered(service, "bbox=" + box).size(), stations.size());
}

TEST(F09, BoxTakesHeightsAndClosedEdges)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "bbox=110,35,-100,110.6,36,9000"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=110.5,35.25,110.5,35.25"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "bbox=110.5001,35,111,36"), (Ids{"linyi", "nowhere"}));
}

TEST(F09, BoxOfServedCoordinatesFindsTheirFeature)
{
    Service const service{{make_stations({{"fine", LonLat{110.12345678, 35.00000004}, "", "", {}, {}, {}, {}}})}};
    auto const point = service.get_json("/collections/water-sections/items").at("features").at(0).at("geometry").at("coordinates");
    auto const lon = json::serialize(point.at(0));
    auto const lat = json::serialize(point.at(1));
    EXPECT_EQ(lon, "1.101234568E2");                       // Boost's spelling of 110.1234568
    EXPECT_EQ(filtered(service, "bbox=" + lon + "," + lat + "," + lon + "," + lat), (Ids{"fine"}));
}

TEST(F09, BoxBeyondTheDatelineIsTakenRoundTheWorld)
{
    Service const service{{make_stations({{"a", LonLat{-175, 0}, "", "", {}, {}, {}, {}}, {"b", LonLat{100, 0}, "", "", {}, {}, {}, {}}})}};
    EXPECT_EQ(filtered(service, "bbox=170,-10,190,10"), (Ids{"a"}));
    EXPECT_EQ(filtered(service, "bbox=-190,-10,-170,10"), (Ids{"a"}));
    EXPECT_EQ(filtered(service, "bbox=-281,-100,281,100"), (Ids{"a", "b"}));
}

TEST(F09, BoxTestsPolygonsExactly)
{
    auto const service = standard_service();
    auto const lakes = [&](std::string const& box) { return ids(service.get_json("/collections/lakes/items?bbox=" + box)); };
    EXPECT_EQ(lakes("110.1,35.1,110.2,35.2"), (Ids{"10"}));            // inside
    EXPECT_EQ(lakes("110.4,35.4,110.6,35.6"), Ids{});                  // in the hole
    EXPECT_EQ(lakes("112.5,36.5,113.5,36.6"), (Ids{"2"}));             // across the edge
    EXPECT_EQ(lakes("109,34,114,38"), (Ids{"2", "10"}));
}

TEST(F09, MalformedBoxesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* box : {"", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "a,b,c,d", "1,2,3,nan", "1,2,3,inf", "1,2,3,4,", "1;2;3;4",
                            "1,50,2,40", "1,2,9,3,4,8", "1,91,2,92", "1,2,3,4x"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?bbox="} + box, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("bbox")) << box << ": " << text(problem.at("detail"));
    }
}

TEST(F10, NullGeometryMatchesAnyBoxAndNoTimeMatchesAnyDatetime)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "bbox=0,0,1,1"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "datetime=1990-01-01T00:00:00Z"), (Ids{"timeless"}));
}

TEST(F11, LimitIsKeptAndClampedNeverAnErrorAboveTheMaximum)
{
    std::vector<Station> many;
    for (int i = 0; i < 10'050; ++i)
        many.push_back({std::to_string(i), LonLat{110, 35}, "", "n", {}, {}, {}, {}});
    Service const service{{make_stations(many)}};
    auto const count = [&](std::string const& query) { return ids(service.get_json("/collections/water-sections/items" + query)).size(); };
    EXPECT_EQ(count(""), 100U);
    EXPECT_EQ(count("?limit=1"), 1U);
    EXPECT_EQ(count("?limit=5000"), 5000U);
    EXPECT_EQ(count("?limit=10000"), 10'000U);
    EXPECT_EQ(count("?limit=10001"), 10'000U);
    EXPECT_EQ(count("?limit=99999999999999999999999999"), 10'000U);
}

TEST(F12, DatetimeTakesInstantsAndIntervalsWithOpenEnds)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T12:00:00Z"), (Ids{"hanyang", "timeless"}));
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T20:00:00%2B08:00"), (Ids{"hanyang", "timeless"}));
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T20:00:00+08:00"), (Ids{"hanyang", "timeless"}));  // form decoding makes it a blank
    EXPECT_EQ(filtered(service, "datetime=2025-11-06T00:00:00Z/2025-11-06T09:00:00Z"), (Ids{"linyi", "timeless"}));
    for (auto const* since : {"2025-11-06T00:00:00Z/..", "2025-11-06T00:00:00Z/", "2025-11-06T00:00:00Z/9999-12-31T23:59:59Z"})
        EXPECT_EQ(filtered(service, std::string{"datetime="} + since), (Ids{"hanyang", "linyi", "timeless"})) << since;
    for (auto const* until : {"../2025-11-05T23:00:00Z", "/2025-11-05T23:00:00Z", "0000-01-01T00:00:00Z/2025-11-05T23:00:00Z"})
        EXPECT_EQ(filtered(service, std::string{"datetime="} + until), (Ids{"nowhere", "timeless"})) << until;
}

TEST(F12, BadDatetimesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* time :
         {"", "yesterday", "2025-13-01T00:00:00Z", "2025-11-06T12:00:00", "2025-11-07T00:00:00Z/2025-11-06T00:00:00Z", "a/b/c"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?datetime="} + time, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("datetime: ")) << time;
    }
}

TEST(F13, BadLimitsAndUnknownParametersAreRefused)
{
    auto const service = standard_service();
    for (auto const* limit : {"unlimited", "0", "-1", "1.5", "", "+3", "0x10", "1e3"}) {
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?limit="} + limit, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with("limit: ")) << limit;
        EXPECT_EQ(text(problem.at("code")), "bad_value");
        EXPECT_EQ(problem.at("status").as_int64(), 400);
    }
    auto const problem = service.get_json("/collections/water-sections/items?unknown=1", 400);
    EXPECT_EQ(text(problem.at("detail")),
              "unknown parameter \"unknown\"; this resource takes f, bbox, bbox-crs, crs, datetime, limit, offset, after, "
              "name, codmn, water_class, meets_target, zones, time");
}

TEST(F13, EveryResourceRefusesUnknownParameters)
{
    auto const service = standard_service();
    for (auto const* path : {"/", "/conformance", "/api", "/api.html", "/collections", "/collections/lakes", "/collections/lakes/items",
                             "/collections/lakes/items/2", "/collections/lakes/queryables", "/collections/lakes/schema",
                             "/collections/lakes/schema/feature"}) {
        EXPECT_EQ(service.get(std::string{path} + "?unknown=1").status, 400) << path;
        EXPECT_EQ(service.get(std::string{path} + "?f=gml").status, 400) << path;
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
        R"("water_class":4,"meets_target":false,"zones":["plain"],"time":"2025-11-06T16:00:00+08:00","secret":"hidden"},"links":[)"
        R"({"href":"http://test.example/collections/water-sections/items/linyi","rel":"self","type":"application/geo+json","title":"本页 This document"},)"
        R"({"href":"http://test.example/collections/water-sections/items/linyi?f=html","rel":"alternate","type":"text/html","title":"HTML 页面 This document as HTML"},)"
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

TEST(F15, FormatsByParameterAndByAccept)
{
    auto const service = standard_service();
    struct Row {
        std::string path, json;
    };
    for (auto const& [path, type] : {Row{"/", "application/json"},
                                     {"/conformance", "application/json"},
                                     {"/api", "application/vnd.oai.openapi+json;version=3.0"},
                                     {"/collections", "application/json"},
                                     {"/collections/lakes", "application/json"},
                                     {"/collections/lakes/items", "application/geo+json"},
                                     {"/collections/lakes/items/2", "application/geo+json"},
                                     {"/collections/lakes/queryables", "application/schema+json"},
                                     {"/collections/lakes/schema", "application/schema+json"},
                                     {"/collections/lakes/schema/feature", "application/schema+json"}}) {
        EXPECT_EQ(service.get(path).content_type, type) << path;
        EXPECT_EQ(service.get(path + "?f=json", "text/html").content_type, type) << path;
        EXPECT_EQ(service.get(path, "application/geo+json, application/json").content_type, type) << path;
        EXPECT_EQ(service.get(path + "?f=html").content_type, "text/html; charset=utf-8") << path;
        EXPECT_EQ(service.get(path, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").content_type,
                  "text/html; charset=utf-8")
            << path;
        EXPECT_EQ(service.get(path, "image/png").status, 406) << path;
        EXPECT_EQ(header(service.get(path), "Vary"), "Accept") << path;
    }
}

TEST(F15, HtmlShowsEveryPropertyEscapedAndEveryLink)
{
    auto const service = standard_service();
    for (auto const* target : {"/collections/water-sections/items?f=html", "/collections/water-sections/items/hanyang?f=html"}) {
        auto const html = service.get(target).content()->plain();
        EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
        for (auto const& property : station_columns())
            EXPECT_NE(html.find(property.title), std::string::npos) << target << " " << property.name;
        for (auto const* value : {"汉阳 &lt;script&gt;alert(1)&lt;/script&gt;", "3.5", "true", "salt-lake、plain", "2025-11-06T12:00:00Z",
                                  "110.5, 35.25", "hidden"})
            EXPECT_NE(html.find(value), std::string::npos) << target << " " << value;
        EXPECT_EQ(html.find("<script"), std::string::npos) << target;
        std::string other = target;
        other.replace(other.find("f=html"), 6, "f=json");
        auto const links = service.get_json(other).at("links").as_array();
        for (auto const& l : links) {
            if (text(l.at("rel")) == "self" || text(l.at("rel")) == "alternate")
                continue;
            EXPECT_NE(html.find("<a href=\"" + text(l.at("href")) + "\""), std::string::npos) << text(l.at("href"));
        }
        EXPECT_NE(html.find("f=json\" rel=\"alternate\""), std::string::npos);
    }
}

TEST(F15, HtmlPagesLinkToTheNextAndPreviousPage)
{
    auto const service = standard_service();
    auto const html = service.get("/collections/water-sections/items?f=html&limit=1&offset=1").content()->plain();
    EXPECT_NE(
        html.find(
            "<a href=\"http://test.example/collections/water-sections/items?f=html&amp;limit=1&amp;after=linyi\">下一页 Next page</a>"),
        std::string::npos);
    EXPECT_NE(
        html.find(
            "<a href=\"http://test.example/collections/water-sections/items?f=html&amp;limit=1&amp;offset=0\">上一页 Previous page</a>"),
        std::string::npos);
    EXPECT_NE(html.find("2–2 / 4"), std::string::npos);
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

TEST(Properties, CompareByType)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "name=%E4%B8%B4%E7%8C%97"), (Ids{"linyi"}));
    EXPECT_EQ(filtered(service, "codmn=5.20"), (Ids{"linyi"}));
    EXPECT_EQ(filtered(service, "codmn=6"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "codmn=%2B6.0e0"), (Ids{"nowhere"}));
    EXPECT_EQ(filtered(service, "water_class=2.0"), (Ids{"hanyang"}));
    EXPECT_EQ(filtered(service, "water_class=2.5"), Ids{});
    EXPECT_EQ(filtered(service, "meets_target=true"), (Ids{"hanyang", "nowhere"}));
    EXPECT_EQ(filtered(service, "zones=plain"), (Ids{"hanyang", "linyi"}));
    EXPECT_EQ(filtered(service, "zones=plai"), Ids{});
    EXPECT_EQ(filtered(service, "time=2025-11-06T08:00:00Z"), (Ids{"linyi"}));  // written there as 16:00+08:00
    EXPECT_EQ(filtered(service, "zones=plain&meets_target=true&bbox=110,35,111,36&datetime=2025-11-06"), (Ids{"hanyang"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?area=132.5")), (Ids{"10"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?surveyed=2024-05-01")), (Ids{"10"}));
    EXPECT_EQ(ids(service.get_json("/collections/lakes/items?name=%E7%9B%90%E6%B9%96")), (Ids{"10"}));
}

TEST(Properties, BadValuesAreRefusedByName)
{
    auto const service = standard_service();
    for (auto const* pair : {"codmn=much", "codmn=nan", "codmn=", "water_class=IV", "meets_target=yes", "time=today"}) {
        std::string const name{pair, std::string_view{pair}.find('=')};
        auto const problem = service.get_json(std::string{"/collections/water-sections/items?"} + pair, 400);
        EXPECT_TRUE(text(problem.at("detail")).starts_with(name + ": ")) << text(problem.at("detail"));
    }
    EXPECT_EQ(service.get("/collections/water-sections/items?secret=hidden").status, 400);
    EXPECT_EQ(service.get("/collections/lakes/items?surveyed=2024").status, 400);
}

TEST(Properties, NamedLikeAParameterLeaveItToTheParameter)
{
    Stations stations{four_stations()};
    stations.columns[0].name = "limit";
    Service const service{{stations.made()}};
    EXPECT_EQ(ids(service.get_json("/collections/water-sections/items?limit=1")).size(), 1U);
    EXPECT_FALSE(service.get_json("/collections/water-sections/queryables").at("properties").as_object().contains("limit"));
    EXPECT_TRUE(service.get_json("/collections/water-sections/schema").at("properties").as_object().contains("limit"));
}

TEST(Paging, CursorToleratesAChangedLimit)
{
    auto const service = standard_service();
    auto const page = service.get_json("/collections/water-sections/items?limit=1");
    std::string next = link(page, "next");
    EXPECT_EQ(next, "http://test.example/collections/water-sections/items?limit=1&after=hanyang");
    next.replace(next.find("limit=1"), 7, "limit=10000");
    EXPECT_EQ(ids(service.get_json(next)), (Ids{"linyi", "nowhere", "timeless"}));
}

TEST(Paging, RepeatedEqualParametersAreOne)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "limit=1&after=hanyang&limit=1&after=hanyang"), (Ids{"linyi"}));
    auto const problem = service.get_json("/collections/water-sections/items?limit=1&limit=2", 400);
    EXPECT_EQ(text(problem.at("detail")), "\"limit\" is given more than once with different values");
}

TEST(Parameters, AreRepeatedAndRefusedAlikeByEveryResource)
{
    auto const service = standard_service();
    for (auto const* path : {"/", "/collections/lakes", "/collections/lakes/items", "/collections/lakes/items/2"}) {
        EXPECT_EQ(service.get(std::string{path} + "?f=json&f=json").status, 200) << path;
        EXPECT_EQ(service.get(std::string{path} + "?f=json&f=html").status, 400) << path;
        auto const problem = service.get_json(std::string{path} + "?f=gml", 400);
        EXPECT_EQ(text(problem.at("detail")), "f: 'gml' is not one of json, html") << path;
    }
    auto const problem = service.get_json("/collections/lakes/items/2?bbox=1,2,3,4", 400);
    EXPECT_EQ(text(problem.at("detail")), "unknown parameter \"bbox\"; this resource takes f, crs");
}

TEST(Paging, KeepsTheFilterAndTheFormat)
{
    auto const service = standard_service();
    auto const page = service.get_json("/collections/water-sections/items?f=json&zones=plain&limit=1&bbox=110,34,112,36");
    EXPECT_EQ(link(page, "next"),
              "http://test.example/collections/water-sections/items?f=json&zones=plain&bbox=110%2C34%2C112%2C36&limit=1&after=hanyang");
    auto const second = service.get_json(link(page, "next"));
    EXPECT_EQ(ids(second), (Ids{"linyi"}));
    EXPECT_EQ(second.at("numberMatched").as_int64(), 2);
    EXPECT_EQ(link(second, "next"), "");
    EXPECT_EQ(ids(service.get_json(link(second, "prev"))), (Ids{"hanyang"}));
}

TEST(Paging, CursorOfAVanishedFeatureGoesOnBehindItsPlace)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "after=kkk"), (Ids{"linyi", "nowhere", "timeless"}));
    EXPECT_EQ(filtered(service, "after=zzz"), Ids{});
}

TEST(Paging, OffsetAllowsPagesSideBySide)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "limit=2&offset=2"), (Ids{"nowhere", "timeless"}));
    EXPECT_EQ(filtered(service, "offset=4"), Ids{});
    EXPECT_EQ(filtered(service, "offset=99999999999999999999999"), Ids{});
    EXPECT_EQ(filtered(service, "zones=plain&offset=1"), (Ids{"linyi"}));
    EXPECT_EQ(service.get("/collections/water-sections/items?offset=-1").status, 400);
    EXPECT_EQ(service.get("/collections/water-sections/items?offset=1&after=a").status, 400);
}

TEST(Paging, EveryPageSizeVisitsEveryFeatureOnceAndBack)
{
    std::vector<Station> many;
    for (int i = 0; i < 57; ++i)
        many.push_back({i % 2 == 0 ? std::to_string(i) : "s" + std::to_string(i), LonLat{110, 35}, "", "n", {}, i % 3, {}, {}});
    Service const service{{make_stations(many)}};
    for (auto const* filter : {"", "&water_class=1"}) {
        auto const all = filtered(service, std::string{"limit=1000"} + filter);
        for (int limit : {1, 2, 7, 19, 56, 57, 58}) {
            Ids forward;
            std::string url = "/collections/water-sections/items?limit=" + std::to_string(limit) + filter;
            std::string last;
            while (!url.empty()) {
                auto const page = service.get_json(url);
                for (auto const& id : ids(page))
                    forward.push_back(id);
                last = url;
                url = link(page, "next");
            }
            EXPECT_EQ(forward, all) << limit << filter;
            Ids back;
            for (url = last; !url.empty();) {
                auto const page = service.get_json(url);
                auto const some = ids(page);
                back.insert(back.begin(), some.begin(), some.end());
                url = link(page, "prev");
            }
            EXPECT_EQ(back, all) << limit << filter;
        }
    }
}

TEST(Paging, PageEndsEarlyWhenItGrowsTooLarge)
{
    OgcApiOptions options;
    options.page_bytes = 600;
    options.html_page_bytes = 600;
    auto const service = standard_service(options);
    for (auto const* format : {"", "?f=html"}) {
        auto const reply = service.get(std::string{"/collections/water-sections/items"} + format);
        EXPECT_NE(header(reply, "Link").find("rel=\"next\""), std::string::npos) << format;
    }
    Ids all;
    for (std::string url = "/collections/water-sections/items"; !url.empty();) {
        auto const page = service.get_json(url);
        EXPECT_GE(ids(page).size(), 1U);
        EXPECT_LT(ids(page).size(), 4U);
        for (auto const& id : ids(page))
            all.push_back(id);
        url = link(page, "next");
    }
    EXPECT_EQ(all, (Ids{"hanyang", "linyi", "nowhere", "timeless"}));
}

TEST(Crs, OnlyCrs84IsTaken)
{
    auto const service = standard_service();
    EXPECT_EQ(
        filtered(
            service,
            "crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84&bbox=110,35,110.6,36"),
        (Ids{"hanyang", "nowhere"}));
    for (auto const* query : {"/items?crs=http://www.opengis.net/def/crs/0/unsupported",
                              "/items?bbox=5,49,6,50&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
                              "/items/linyi?crs=http://www.opengis.net/def/crs/0/unsupported"})
        EXPECT_EQ(service.get(std::string{"/collections/water-sections"} + query).status, 400) << query;
}

}  // namespace
}  // namespace yihong::ogcapi::testing
