#include "resources.hpp"

#include "pages.hpp"
#include "parameters.hpp"

namespace yihong::ogcapi {
namespace {

using http::Component;
using http::Declaration;
using http::ParameterText;
using http::Place;

constexpr Component landing_page{
    "landingPage",
    R"({"type":"object","required":["links"],"properties":{"title":{"type":"string"},"description":{"type":"string"},"attribution":{"type":"string"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})"};
constexpr Component conformance_classes_schema{
    "confClasses", R"({"type":"object","required":["conformsTo"],"properties":{"conformsTo":{"type":"array","items":{"type":"string"}}}})"};
constexpr Component extent_schema{
    "extent",
    R"({"type":"object","properties":{"spatial":{"type":"object","properties":{"bbox":{"type":"array","minItems":1,"items":{"type":"array","minItems":4,"maxItems":6,"items":{"type":"number"}}},"crs":{"type":"string"}}},"temporal":{"type":"object","properties":{"interval":{"type":"array","minItems":1,"items":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"string","format":"date-time","nullable":true}}},"trs":{"type":"string"}}}}})"};
constexpr Component collection_schema{
    "collection",
    R"({"type":"object","required":["id","links"],"properties":{"id":{"type":"string"},"title":{"type":"string"},"description":{"type":"string"},"attribution":{"type":"string"},"license":{"type":"string"},"extent":{"$ref":"#/components/schemas/extent"},"itemType":{"type":"string","default":"feature"},"crs":{"type":"array","items":{"type":"string"}},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})"};
constexpr Component collections_schema{
    "collections",
    R"({"type":"object","required":["links","collections"],"properties":{"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}},"collections":{"type":"array","items":{"$ref":"#/components/schemas/collection"}}}})"};
constexpr Component geometry_schema{
    "geometry",
    R"({"type":"object","nullable":true,"required":["type","coordinates"],"properties":{"type":{"type":"string","enum":["Point","MultiPoint","LineString","MultiLineString","Polygon","MultiPolygon"]},"coordinates":{"type":"array","items":{}}}})"};
constexpr Component feature_schema{
    "feature",
    R"({"type":"object","required":["type","geometry","properties"],"properties":{"type":{"type":"string","enum":["Feature"]},"id":{"type":"string"},"geometry":{"$ref":"#/components/schemas/geometry"},"properties":{"type":"object","nullable":true},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})"};
constexpr Component feature_collection{
    "featureCollection",
    R"({"type":"object","required":["type","features"],"properties":{"type":{"type":"string","enum":["FeatureCollection"]},"timeStamp":{"type":"string","format":"date-time"},"numberMatched":{"type":"integer","minimum":0},"numberReturned":{"type":"integer","minimum":0},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}},"features":{"type":"array","items":{"$ref":"#/components/schemas/feature"}}}})"};

ParameterText collection_id()
{
    return {.name = "collectionId",
            .place = Place::path,
            .text = {"集合标识，见 /collections", "id of a collection, as /collections lists it"},
            .required = true,
            .component = "collectionId"};
}

ParameterText feature_id()
{
    return {.name = "featureId", .place = Place::path, .text = {"要素标识", "id of a feature"}, .required = true, .component = "featureId"};
}

/// \param path its parameters, in the order of `said.path` \param query what else it takes
DeclaredResource declared(Resource resource, Declaration said, std::vector<ParameterText> path, http::Parameters<Query> query,
                          std::string_view type, Component const* schema, std::vector<Component const*> uses = {})
{
    http::Media const json{std::string{type}, schema != nullptr ? reference_to(*schema) : R"({"type":"object"})"};
    if (schema != nullptr)
        uses.push_back(schema);
    said.parameters = std::move(path);
    for (auto const& parameter : query)
        said.parameters.push_back(parameter.text);
    said.responses = {{200, {}, {json, {std::string{html_type}, R"({"type":"string"})"}}}, {304}, {404}, {406}};
    said.components = std::move(uses);
    return {resource, std::move(said), std::move(query)};
}

}  // namespace

std::vector<DeclaredResource> declared_resources(crs::Systems const& systems)
{
    std::string const one = "/collections/{collectionId}";
    std::string const capabilities = "Capabilities";
    auto const of_all = [&](Resource resource, std::string path, std::string id, http::Text summary, std::string_view type,
                            Component const* schema, std::vector<Component const*> uses = {}) {
        return declared(resource, {.path = std::move(path), .id = std::move(id), .tag = capabilities, .summary = std::move(summary)}, {},
                        page_parameters(), type, schema, std::move(uses));
    };
    auto const schema_of = [&](Resource resource, std::string_view path, std::string id, http::Text summary) {
        return declared(resource, {.path = one + std::string{path}, .id = std::move(id), .tag = "Schemas", .summary = std::move(summary)},
                        {collection_id()},
                        resource == Resource::queryables || resource == Resource::sortables ? page_parameters() : schema_parameters(),
                        schema_type, nullptr);
    };
    return {
        of_all(Resource::landing, "/", "getLandingPage", {"首页", "landing page"}, json_type, &landing_page),
        of_all(Resource::conformance, "/conformance", "getConformanceDeclaration", {"符合性声明", "conformance classes"}, json_type,
               &conformance_classes_schema),
        of_all(Resource::functions, "/functions", "getFunctions", {"过滤条件中的函数", "functions that a filter may call"}, json_type,
               nullptr),
        of_all(Resource::api, "/api", "getApi", {"本接口的 OpenAPI 3.0 定义", "this document"}, openapi_type, nullptr),
        of_all(Resource::api_html, "/api.html", "getApiDocumentation", {"接口说明", "API documentation"}, openapi_type, nullptr),
        of_all(Resource::collections, "/collections", "getCollections", {"数据集合", "collections"}, json_type, &collections_schema,
               {&extent_schema, &collection_schema}),
        declared(Resource::collection,
                 {.path = one, .id = "describeCollection", .tag = capabilities, .summary = {"一个集合", "one collection"}},
                 {collection_id()}, page_parameters(), json_type, &collection_schema, {&extent_schema}),
        declared(
            Resource::items,
            {.path = one + "/items",
             .id = "getFeatures",
             .tag = "Data",
             .summary = {"集合的要素", "features of a collection"},
             .description = {"此外，/collections/{collectionId}/queryables 中的每个属性也是参数：属性=值 "
                             "取该属性等于此值，或其数组含有此值的要素；任意条件可用 CQL2 写在 filter 中。",
                             "Besides the parameters listed here, every property in /collections/{collectionId}/queryables is a parameter: "
                             "property=value gives the features whose property equals the value, or whose array contains it. `filter` "
                             "takes any condition on them "
                             "in CQL2."}},
            {collection_id()}, items_parameters(systems), geojson_type, &feature_collection, {&geometry_schema, &feature_schema}),
        declared(Resource::feature,
                 {.path = one + "/items/{featureId}", .id = "getFeature", .tag = "Data", .summary = {"一个要素", "one feature"}},
                 {collection_id(), feature_id()}, feature_parameters(systems), geojson_type, &feature_schema, {&geometry_schema}),
        schema_of(Resource::queryables, "/queryables", "getQueryables",
                  {"可查询的属性", "properties that are query parameters of the features"}),
        schema_of(Resource::sortables, "/sortables", "getSortables", {"可排序的属性", "properties that sortby takes"}),
        schema_of(Resource::schema, "/schema", "getSchema", {"属性的结构", "schema of the properties"}),
        schema_of(Resource::feature_schema, "/schema/feature", "getFeatureSchema", {"GeoJSON 要素的结构", "schema of a GeoJSON feature"}),
    };
}

}  // namespace yihong::ogcapi
