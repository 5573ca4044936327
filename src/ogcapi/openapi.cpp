#include "pages.hpp"

#include "yihong/http/openapi.hpp"

namespace yihong::ogcapi {
namespace {

using http::Component;
using http::Declaration;
using http::ParameterText;
using http::Place;
using http::Schema;

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

ParameterText format()
{
    return {.name = "f",
            .schema = {.values = {"json", "html"}},
            .text = {"返回格式，优先于 Accept", "Format of the reply; stronger than the Accept header."},
            .component = "f"};
}

ParameterText reference_system(std::string name, std::string component, http::Text text)
{
    return {.name = std::move(name),
            .schema = {.format = "uri", .values = {std::string{crs84}}, .default_value = "\"" + std::string{crs84} + "\""},
            .text = std::move(text),
            .component = std::move(component)};
}

ParameterText crs() { return reference_system("crs", "crs", {"返回坐标的参考系", "Reference system of the reply."}); }

/// Those of items, in the order of `parse_items_query`, which reads them.
std::vector<ParameterText> items_parameters()
{
    return {
        collection_id(),
        format(),
        {.name = "bbox",
         .schema = {.type = "number", .list = true, .min_items = 4, .max_items = 6},
         .text = {"范围（CRS84）：西、南、东、北，或带高程的六个数；跨 180° 经线时西大于东；没有几何的要素总在其中",
                  "Features whose geometry meets this box: west, south, east, north (or with heights: west, south, lowest, east, north, "
                  "highest) "
                  "in CRS84. West is greater than east where the box crosses the antimeridian. Features without geometry match every box."},
         .component = "bbox"},
        reference_system("bbox-crs", "bboxCrs", {"bbox 的参考系", "Reference system of bbox."}),
        crs(),
        {.name = "datetime",
         .text =
             {"RFC 3339 时刻，或 起/止 时段，一端可开放（.. 或空）；没有时间的要素总在其中",
              "An RFC 3339 instant or an interval begin/end; an end may be open (\"..\" or empty). Features without time match always."},
         .component = "datetime"},
        {.name = "limit",
         .schema = {.type = "integer", .minimum = 1, .maximum = maximum_limit, .default_value = std::to_string(default_limit)},
         .text =
             {"每页要素数；超过最大值按最大值计；其余要素见 next 链接",
              "Features a page. Greater values count as the maximum. It does not limit how many features match: follow the next links."},
         .component = "limit"},
        {.name = "offset",
         .schema = {.type = "integer", .minimum = 0, .default_value = "0"},
         .text = {"跳过若干要素，便于并行取页；不能与 after 同用",
                  "Matching features to pass over, for fetching pages side by side. Not together with after."},
         .component = "offset"},
        {.name = "after",
         .text = {"从此要素标识之后开始，next 链接使用；要素增减时仍然有效",
                  "The page begins behind this feature id. The next links use it; it holds with any limit and while features come and go."},
         .component = "after"},
    };
}

Declaration resource(std::string path, std::string id, std::string tag, http::Text summary, std::vector<ParameterText> parameters,
                     std::string_view type, Component const* schema, std::vector<Component const*> uses = {})
{
    http::Media const json{std::string{type}, schema != nullptr ? reference_to(*schema) : R"({"type":"object"})"};
    if (schema != nullptr)
        uses.push_back(schema);
    return {.path = std::move(path),
            .id = std::move(id),
            .tag = std::move(tag),
            .summary = std::move(summary),
            .parameters = std::move(parameters),
            .responses = {{200, {}, {json, {std::string{html_type}, R"({"type":"string"})"}}}, {304}, {404}, {406}},
            .components = std::move(uses)};
}

}  // namespace

std::vector<Declaration> declarations()
{
    auto items = resource("/collections/{collectionId}/items", "getFeatures", "Data", {"集合的要素", "features of a collection"},
                          items_parameters(), geojson_type, &feature_collection, {&geometry_schema, &feature_schema});
    items.description = {
        "此外，/collections/{collectionId}/queryables 中的每个属性也是参数：属性=值 取该属性等于此值，或其数组含有此值的要素。",
        "Besides the parameters listed here, every property in /collections/{collectionId}/queryables is a parameter: "
        "property=value gives the features whose property equals the value, or whose array contains it."};
    std::string const one = "/collections/{collectionId}";
    std::string const capabilities = "Capabilities";
    return {
        resource("/", "getLandingPage", capabilities, {"首页", "landing page"}, {format()}, json_type, &landing_page),
        resource("/conformance", "getConformanceDeclaration", capabilities, {"符合性声明", "conformance classes"}, {format()}, json_type,
                 &conformance_classes_schema),
        resource("/api", "getApi", capabilities, {"本接口的 OpenAPI 3.0 定义", "this document"}, {format()}, openapi_type, nullptr),
        resource("/api.html", "getApiDocumentation", capabilities, {"接口说明", "API documentation"}, {format()}, openapi_type, nullptr),
        resource("/collections", "getCollections", capabilities, {"数据集合", "collections"}, {format()}, json_type, &collections_schema,
                 {&extent_schema, &collection_schema}),
        resource(one, "describeCollection", capabilities, {"一个集合", "one collection"}, {collection_id(), format()}, json_type,
                 &collection_schema, {&extent_schema}),
        std::move(items),
        resource(one + "/items/{featureId}", "getFeature", "Data", {"一个要素", "one feature"},
                 {collection_id(), feature_id(), format(), crs()}, geojson_type, &feature_schema, {&geometry_schema}),
        resource(one + "/queryables", "getQueryables", "Schemas", {"可查询的属性", "properties that are query parameters of the features"},
                 {collection_id(), format()}, schema_type, nullptr),
        resource(one + "/schema", "getSchema", "Schemas", {"属性的结构", "schema of the properties"}, {collection_id(), format()},
                 schema_type, nullptr),
        resource(one + "/schema/feature", "getFeatureSchema", "Schemas", {"GeoJSON 要素的结构", "schema of a GeoJSON feature"},
                 {collection_id(), format()}, schema_type, nullptr),
    };
}

std::string json::openapi(Page const& page)
{
    auto const& options = page.options;
    return http::openapi_document({.title = options.title,
                                   .description = options.description,
                                   .version = options.version,
                                   .contact_name = options.contact_name,
                                   .contact_url = options.contact_url,
                                   .contact_email = options.contact_email,
                                   .root = page.root,
                                   .public_reads = options.public_reads,
                                   .access_key_parameter = options.access_key_parameter},
                                  options.declarations);
}

}  // namespace yihong::ogcapi
