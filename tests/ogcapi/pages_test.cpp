// The pages as a whole: every link leads somewhere, the OpenAPI document holds together, the schemas say what is served.
#include "fixture.hpp"
#include "resources.hpp"

#include <map>
#include <set>

namespace yihong::ogcapi::testing {
namespace {

void collect_links(json::value const& value, std::vector<std::string>& out)
{
    if (auto const* object = value.if_object()) {
        for (auto const& [key, member] : *object) {
            if (key == "href" && member.is_string())
                out.push_back(text(member));
            else
                collect_links(member, out);
        }
    } else if (auto const* array = value.if_array()) {
        for (auto const& element : *array)
            collect_links(element, out);
    }
}

std::string unescaped(std::string url)
{
    for (auto at = url.find("&amp;"); at != std::string::npos; at = url.find("&amp;", at + 1))
        url.erase(at + 1, 4);
    return url;
}

TEST(Links, OfEveryJsonAndHtmlPageLeadToAPage)
{
    OgcApiOptions options;
    options.landing_links = {{"/collections/lakes", "related", "application/json", "湖泊 Lakes"}};
    auto const service = standard_service(options);
    std::set<std::string> seen;
    std::vector<std::string> todo{"http://test.example/", "http://test.example/?f=html",
                                  "http://test.example/collections/water-sections/items?limit=1",
                                  "http://test.example/collections/water-sections/items?limit=1&f=html&zones=plain"};
    std::size_t html_pages = 0;
    while (!todo.empty()) {
        std::string const url = todo.back();
        todo.pop_back();
        if (url == "https://example.org/licence" || !seen.insert(url).second)
            continue;
        ASSERT_TRUE(url.starts_with("http://test.example/")) << url;
        ASSERT_LT(seen.size(), 1000U);
        auto const reply = service.get(url);
        ASSERT_EQ(reply.status, 200) << url;
        if (!header(reply, "Content-Disposition").empty())
            continue;                                      // a file to take home leads nowhere
        ASSERT_EQ(service.get(url, "text/html").status, 200) << url;
        auto const links = header(reply, "Link");
        for (auto at = links.find('<'); at != std::string::npos; at = links.find('<', at + 1))
            todo.push_back(links.substr(at + 1, links.find('>', at) - at - 1));
        auto const& body = reply.content()->plain();
        if (reply.content_type.starts_with("text/html")) {
            ++html_pages;
            for (auto at = body.find("href=\""); at != std::string::npos; at = body.find("href=\"", at + 6))
                todo.push_back(unescaped(body.substr(at + 6, body.find('"', at + 6) - at - 6)));
        } else {
            collect_links(json::parse(body), todo);
        }
    }
    EXPECT_GT(seen.size(), 60U);
    EXPECT_GT(html_pages, 25U);
    for (auto const* wanted : {"http://test.example/api", "http://test.example/collections/lakes/items/10?f=html",
                               "http://test.example/collections/lakes/schema?f=html",
                               "http://test.example/collections/water-sections/items?limit=1&after=linyi"})
        EXPECT_TRUE(seen.contains(wanted)) << wanted;
}

TEST(Links, HaveARelationAndATypeAsPromised)
{
    auto const service = standard_service();
    for (auto const* path : {"/", "/conformance", "/collections", "/collections/lakes", "/collections/lakes/items?limit=1",
                             "/collections/lakes/items?limit=1&offset=1", "/collections/lakes/items/2"}) {
        auto const page = service.get_json(path);
        for (auto const& l : page.at("links").as_array()) {
            EXPECT_FALSE(text(l.at("rel")).empty()) << path;
            if (text(l.at("rel")) == "license")
                continue;
            ASSERT_TRUE(l.as_object().contains("type")) << path << " " << text(l.at("rel"));
            auto const type = service.get(text(l.at("href"))).content_type;
            EXPECT_EQ(type.substr(0, type.find("; charset")), text(l.at("type"))) << path << " " << text(l.at("href"));
        }
    }
}

TEST(Links, FollowTheAddressThatTheClientUsed)
{
    auto const service = standard_service();
    auto const landing = json::parse(service.get("/", "", "water.example:8443").content()->plain());
    EXPECT_EQ(link(landing, "data"), "http://water.example:8443/collections");
    auto const api = json::parse(service.get("/api", "", "water.example:8443").content()->plain());
    EXPECT_EQ(text(api.at("servers").at(0).at("url")), "http://water.example:8443");
    EXPECT_EQ(text(service.get_json("/api").at("servers").at(0).at("url")), "http://test.example");
}

TEST(OpenApi, HasTheParametersAsTheTestSuiteReadsThem)
{
    auto const api = standard_service().get_json("/api");
    EXPECT_EQ(text(api.at("openapi")), "3.0.3");
    auto const& parameters = api.at("components").at("parameters").as_object();
    for (auto const& [name, parameter] : parameters) {
        for (auto const* member : {"name", "in", "required", "style", "explode", "schema"})
            EXPECT_TRUE(parameter.as_object().contains(member)) << name << " " << member;
    }
    EXPECT_EQ(json::serialize(parameters.at("limit").at("schema")), R"({"type":"integer","minimum":1,"maximum":10000,"default":100})");
    EXPECT_EQ(json::serialize(parameters.at("bbox").at("schema")),
              R"({"type":"array","minItems":4,"maxItems":6,"items":{"type":"number"}})");
    EXPECT_EQ(text(parameters.at("bbox").at("style")), "form");
    EXPECT_FALSE(parameters.at("bbox").at("explode").as_bool());
    EXPECT_EQ(text(parameters.at("datetime").at("schema").at("type")), "string");
    for (auto const* path : {"/conformance", "/collections", "/collections/{collectionId}", "/collections/{collectionId}/items",
                             "/collections/{collectionId}/items/{featureId}"})
        EXPECT_TRUE(api.at("paths").at(path).at("get").at("responses").as_object().contains("200")) << path;
}

void check_references(json::value const& root, json::value const& value)
{
    if (auto const* object = value.if_object()) {
        if (auto const* reference = object->if_contains("$ref")) {
            auto const target = text(*reference);
            ASSERT_TRUE(target.starts_with("#/")) << target;
            boost::system::error_code ec;
            EXPECT_NE(root.find_pointer(target.substr(1), ec), nullptr) << target;
        }
        for (auto const& [key, member] : *object)
            check_references(root, member);
    } else if (auto const* array = value.if_array()) {
        for (auto const& element : *array)
            check_references(root, element);
    }
}

TEST(OpenApi, ResolvesEveryReferenceInsideItselfAndNamesEachOperationOnce)
{
    OgcApiOptions options;
    static constexpr http::Component extra{"extra", R"({"type":"object"})"};
    options.declarations = {{.path = "/healthz",
                             .id = "health",
                             .tag = "Operation",
                             .summary = {"健康", "health"},
                             .responses = {{200, {}, {{"application/json", reference_to(extra)}}}, {503}},
                             .components = {&extra}}};
    auto const api = standard_service(options).get_json("/api");
    check_references(api, api);
    std::set<std::string> operations;
    for (auto const& [path, item] : api.at("paths").as_object()) {
        EXPECT_TRUE(operations.insert(text(item.at("get").at("operationId"))).second) << path;
        for (auto at = std::string_view{path}.find('{'); at != std::string_view::npos; at = std::string_view{path}.find('{', at + 1)) {
            auto const name = std::string{path}.substr(at + 1, std::string{path}.find('}', at) - at - 1);
            EXPECT_NE(json::serialize(item.at("get").at("parameters")).find("#/components/parameters/" + name), std::string::npos) << path;
        }
    }
    EXPECT_TRUE(operations.contains("health"));
    EXPECT_TRUE(api.at("components").at("schemas").as_object().contains("extra"));
}

TEST(OpenApi, HasEveryResourceOnce)
{
    std::set<Resource> seen;
    for (auto const& one : declared_resources(crs::Systems{}))
        EXPECT_TRUE(seen.insert(one.resource).second) << one.declaration.path;
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(Resource::feature_schema) + 1);
}

TEST(OpenApi, SaysWhetherReadsNeedAToken)
{
    OgcApiOptions options;
    options.access_key_parameter = "key";
    EXPECT_EQ(json::serialize(standard_service(options).get_json("/api").at("security")), R"([{},{"bearer":[]},{"accessKey":[]}])");
    options.public_reads = false;
    auto const api = standard_service(options).get_json("/api");
    EXPECT_EQ(json::serialize(api.at("security")), R"([{"bearer":[]},{"accessKey":[]}])");
    EXPECT_EQ(json::serialize(api.at("components").at("securitySchemes")),
              R"({"bearer":{"type":"http","scheme":"bearer"},"accessKey":{"type":"apiKey","in":"query","name":"key"}})");
}

TEST(OpenApi, HasAPathForEachCollectionWithItsQueryables)
{
    auto const api = standard_service().get_json("/api");
    auto const parameters_of = [&](char const* path) {
        std::vector<std::string> names;
        for (auto const& parameter : api.at("paths").at(path).at("get").at("parameters").as_array()) {
            auto const& object = parameter.as_object();
            names.push_back(object.contains("$ref") ? text(object.at("$ref")).substr(24) : text(object.at("name")));
        }
        return names;
    };
    EXPECT_EQ(parameters_of("/collections/water-sections/items"),
              (std::vector<std::string>{"itemsFormat", "profile",       "properties",     "skipGeometry", "precision", "sortby",
                                        "bbox",        "filter",        "filterLang",     "filterCrs",    "bboxCrs",   "crs",
                                        "datetime",    "limit",         "offset",         "after",        "seen",      "p.name",
                                        "p.codmn",     "p.water_class", "p.meets_target", "p.zones",      "p.time"}));
    EXPECT_EQ(parameters_of("/collections/lakes/items").back(), "p.surveyed");
    EXPECT_EQ(text(api.at("components").at("parameters").at("p.water_class").at("schema").at("type")), "integer");
    EXPECT_EQ(parameters_of("/collections/lakes/items")[17], "lakes.name") << "another property of the same name";
}

TEST(OpenApi, StaysSmallHoweverManyCollectionsThereAre)
{
    std::vector<std::shared_ptr<FeatureSource const>> many;
    for (int i = 0; i < 200; ++i) {
        Stations stations{four_stations()};
        stations.metadata.id = "c" + std::to_string(i);
        many.push_back(stations.made());
    }
    Service const service{many};
    EXPECT_LT(service.get("/api").content()->plain().size(), 300'000U) << "with a path a collection";
}

TEST(Schemas, DescribePropertiesWithRolesTitlesAndUnits)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/schema", "application/schema+json");
    EXPECT_EQ(reply.content_type, "application/schema+json");
    EXPECT_EQ(
        reply.content()->plain(),
        R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"http://test.example/collections/water-sections/schema","type":"object",)"
        R"("title":"水质断面 Water sections","description":"断面的最新水质 Newest quality of the sections","properties":{)"
        R"("id":{"title":"标识 Identifier","type":"string","x-ogc-role":"id","x-ogc-propertySeq":1},)"
        R"("name":{"title":"名称 Name","type":"string","x-ogc-propertySeq":2},)"
        R"x("codmn":{"title":"高锰酸盐指数 Permanganate index (mg/L)","type":"number","x-ogc-unit":"mg/L","x-ogc-propertySeq":3},)x"
        R"("water_class":{"title":"水质类别 Water class","type":"integer","x-ogc-propertySeq":4},)"
        R"("meets_target":{"title":"达标 Meets the target","type":"boolean","x-ogc-propertySeq":5},)"
        R"("zones":{"title":"区 Zones","type":"string","x-ogc-propertySeq":6},)"
        R"("time":{"title":"时间 Time","type":"string","format":"date-time","x-ogc-role":"primary-instant","x-ogc-propertySeq":7},)"
        R"("secret":{"title":"内部 Internal","type":"string","x-ogc-propertySeq":8},)"
        R"("geometry":{"title":"几何 Geometry","format":"geometry-point","x-ogc-role":"primary-geometry","x-ogc-propertySeq":9}}})");
}

TEST(Schemas, NameNullAndListsForWhoeverValidates)
{
    auto const service = standard_service();
    auto const properties = service.get_json("/collections/water-sections/schema").at("properties");
    EXPECT_EQ(json::serialize(properties.at("codmn").at("type")), R"(["number","null"])");
    EXPECT_EQ(json::serialize(properties.at("zones").at("type")), R"(["string","null"])");
    EXPECT_EQ(json::serialize(properties.at("id").at("type")), R"("string")");
    auto const structured =
        service.get_json("/collections/water-sections/schema?profile=structured&types=single").at("properties").at("zones");
    EXPECT_EQ(json::serialize(structured.at("type")), R"("array")");
    EXPECT_EQ(json::serialize(structured.at("items")), R"({"type":"string"})");
    EXPECT_EQ(service.get("/collections/water-sections/schema?types=single").content()->plain(),
              service.get("/collections/water-sections/schema", "application/schema+json").content()->plain());
}

TEST(Schemas, NameTheWordsOfATextThatHasNoOthers)
{
    Stations stations{four_stations()};
    stations.columns.push_back(
        {.name = "state", .words = {"open", "closed"}, .get = [](Feature const&) -> Value { return std::string{"open"}; }});
    Service const service{{stations.made()}};
    auto const words = [&](std::string const& query) {
        return json::serialize(service.get_json("/collections/water-sections/schema" + query).at("properties").at("state").at("enum"));
    };
    EXPECT_EQ(words(""), R"(["open","closed",null])");
    EXPECT_EQ(words("?types=single"), R"(["open","closed"])");
}

TEST(Schemas, WriteUnitsInUcumOrNotAtAll)
{
    Stations stations{};
    std::map<std::string, std::string> const units{{"μg/m³", "ug/m3"}, {"µg/L", "ug/L"}, {"℃", "Cel"},
                                                   {"无量纲", "1"},    {"个/L", ""},     {"NTU", ""}};
    stations.columns.clear();
    for (auto const& [unit, code] : units)
        stations.columns.push_back({.name = unit, .type = AttributeType::real, .unit = unit});
    auto const properties = Service{{stations.made()}}.get_json("/collections/water-sections/schema").at("properties");
    for (auto const& [unit, code] : units) {
        auto const& property = properties.at(unit).as_object();
        EXPECT_EQ(property.contains("x-ogc-unit") ? text(property.at("x-ogc-unit")) : "", code) << unit;
        EXPECT_NE(text(property.at("title")).find(unit), std::string::npos);
    }
}

TEST(Schemas, NameTheGeometryTypeOfTheCollection)
{
    auto const service = standard_service();
    EXPECT_EQ(text(service.get_json("/collections/lakes/schema").at("properties").at("geometry").at("format")), "geometry-polygon");
    EXPECT_EQ(text(service.get_json("/collections/lakes/schema").at("properties").at("surveyed").at("format")), "date");
}

TEST(Queryables, AreTheParametersOfItems)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/queryables");
    EXPECT_EQ(reply.content_type, "application/schema+json");
    auto const queryables = json::parse(reply.content()->plain());
    EXPECT_EQ(text(queryables.at("$schema")), "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(text(queryables.at("$id")), "http://test.example/collections/water-sections/queryables");
    EXPECT_EQ(text(service.get_json("/collections/water-sections/queryables?f=json").at("$id")),
              "http://test.example/collections/water-sections/queryables");
    EXPECT_EQ(text(queryables.at("type")), "object");
    EXPECT_FALSE(queryables.at("additionalProperties").as_bool());
    std::map<std::string, std::string> const values{
        {"string", "x"}, {"number", "1.5"}, {"integer", "1"}, {"boolean", "true"}, {"array", "x"}};
    EXPECT_EQ(queryables.at("properties").as_object().size(), 7U);
    EXPECT_EQ(text(queryables.at("properties").at("geometry").at("format")), "geometry-point");
    for (auto const& [name, property] : queryables.at("properties").as_object()) {
        if (name == "geometry")                            // stands in `filter` only, and has no type
            continue;
        auto value = values.at(text(property.at("type")));
        if (property.as_object().contains("format"))
            value = "2025-11-06T00:00:00Z";
        EXPECT_EQ(service.get("/collections/water-sections/items?" + std::string{name} + "=" + value).status, 200) << name;
    }
}

TEST(FeatureSchema, IsShapedLikeAGeoJsonFeature)
{
    auto const schema = standard_service().get_json("/collections/water-sections/schema/feature?types=single");
    EXPECT_EQ(text(schema.at("properties").at("properties").at("properties").at("codmn").at("type")), "number");
    EXPECT_EQ(text(schema.at("properties").at("type").at("enum").at(0)), "Feature");
}

TEST(Html, EscapesWhatLayersAndSitesBring)
{
    Stations stations{{{"<b>\"x\"<b>", LonLat{110, 35}, "", "\"><script>x</script>", {}, {}, {}, {"<i>"}}}};
    stations.metadata.title = "<h1>";
    stations.metadata.description = "<script>";
    stations.metadata.attribution = "<script>";
    stations.metadata.license = "<script>";
    stations.columns[0].title = "<script>";
    stations.columns[1].unit = "<script>";
    Service const service{{stations.made()}};
    for (auto const* path : {"/", "/api.html", "/collections", "/collections/water-sections", "/collections/water-sections/items",
                             "/collections/water-sections/queryables", "/collections/water-sections/schema",
                             "/collections/water-sections/items/%3Cb%3E%22x%22%3Cb%3E"}) {
        auto const reply = service.get(path, "text/html");
        ASSERT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.content()->plain().find("<script"), std::string::npos) << path;
        EXPECT_EQ(reply.content()->plain().find("<b>\""), std::string::npos) << path;
    }
}

TEST(Html, ParametersDoNotReachThePageUnescaped)
{
    auto const service = standard_service();
    auto const html = service.get("/collections/water-sections/items?f=html&name=%22%3E%3Cscript%3E").content()->plain();
    EXPECT_EQ(html.find("\"><script"), std::string::npos);
    EXPECT_NE(html.find("没有符合条件的要素"), std::string::npos);
}

TEST(Problems, AreJsonAndNeverKept)
{
    auto const service = standard_service();
    auto const reply = service.get("/collections/water-sections/items?name=%22%3E&x=1", "text/html");
    EXPECT_EQ(reply.content_type, "application/problem+json");
    EXPECT_TRUE(reply.content()->etag().empty());
    EXPECT_EQ(service.api().cache_statistics().bytes, 0U);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
