#include "pages.hpp"

#include <array>

namespace yihong::ogcapi::json {
namespace {

// Defaults of OpenAPI (style, explode, required) are spelt out, because the OGC test suites read an absent member as absent.
constexpr std::string_view parameters = R"({
"collectionId":{"name":"collectionId","in":"path","description":"id of a collection, as /collections lists it","required":true,"style":"simple","explode":false,"schema":{"type":"string"}},
"featureId":{"name":"featureId","in":"path","description":"id of a feature","required":true,"style":"simple","explode":false,"schema":{"type":"string"}},
"f":{"name":"f","in":"query","description":"Format of the reply; stronger than the Accept header.","required":false,"style":"form","explode":false,"schema":{"type":"string","enum":["json","html"]}},
"bbox":{"name":"bbox","in":"query","description":"Features whose geometry meets this box: west, south, east, north (or with heights: west, south, lowest, east, north, highest) in CRS84. West is greater than east where the box crosses the antimeridian. Features without geometry match every box.","required":false,"style":"form","explode":false,"schema":{"type":"array","minItems":4,"maxItems":6,"items":{"type":"number"}}},
"bboxCrs":{"name":"bbox-crs","in":"query","description":"Reference system of bbox.","required":false,"style":"form","explode":false,"schema":{"type":"string","format":"uri","enum":["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],"default":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
"crs":{"name":"crs","in":"query","description":"Reference system of the reply.","required":false,"style":"form","explode":false,"schema":{"type":"string","format":"uri","enum":["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],"default":"http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
"datetime":{"name":"datetime","in":"query","description":"An RFC 3339 instant or an interval begin/end; an end may be open (\"..\" or empty). Features without time match always.","required":false,"style":"form","explode":false,"schema":{"type":"string"}},
"limit":{"name":"limit","in":"query","description":"Features a page. Greater values count as the maximum. It does not limit how many features match: follow the next links.","required":false,"style":"form","explode":false,"schema":{"type":"integer","minimum":1,"maximum":10000,"default":100}},
"offset":{"name":"offset","in":"query","description":"Matching features to pass over, for fetching pages side by side. Not together with after.","required":false,"style":"form","explode":false,"schema":{"type":"integer","minimum":0,"default":0}},
"after":{"name":"after","in":"query","description":"The page begins behind this feature id. The next links use it; it holds with any limit and while features come and go.","required":false,"style":"form","explode":false,"schema":{"type":"string"}}
})";

constexpr std::string_view schemas =
    R"("link":{"type":"object","required":["href","rel"],"properties":{"href":{"type":"string"},"rel":{"type":"string"},"type":{"type":"string"},"title":{"type":"string"}}},
"problem":{"type":"object","description":"RFC 9457","properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"code":{"type":"string"}}},
"landingPage":{"type":"object","required":["links"],"properties":{"title":{"type":"string"},"description":{"type":"string"},"attribution":{"type":"string"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}},
"confClasses":{"type":"object","required":["conformsTo"],"properties":{"conformsTo":{"type":"array","items":{"type":"string"}}}},
"extent":{"type":"object","properties":{"spatial":{"type":"object","properties":{"bbox":{"type":"array","minItems":1,"items":{"type":"array","minItems":4,"maxItems":6,"items":{"type":"number"}}},"crs":{"type":"string"}}},"temporal":{"type":"object","properties":{"interval":{"type":"array","minItems":1,"items":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"string","format":"date-time","nullable":true}}},"trs":{"type":"string"}}}}},
"collection":{"type":"object","required":["id","links"],"properties":{"id":{"type":"string"},"title":{"type":"string"},"description":{"type":"string"},"attribution":{"type":"string"},"license":{"type":"string"},"extent":{"$ref":"#/components/schemas/extent"},"itemType":{"type":"string","default":"feature"},"crs":{"type":"array","items":{"type":"string"}},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}},
"collections":{"type":"object","required":["links","collections"],"properties":{"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}},"collections":{"type":"array","items":{"$ref":"#/components/schemas/collection"}}}},
"geometry":{"type":"object","nullable":true,"required":["type","coordinates"],"properties":{"type":{"type":"string","enum":["Point","MultiPoint","LineString","MultiLineString","Polygon","MultiPolygon"]},"coordinates":{"type":"array","items":{}}}},
"feature":{"type":"object","required":["type","geometry","properties"],"properties":{"type":{"type":"string","enum":["Feature"]},"id":{"type":"string"},"geometry":{"$ref":"#/components/schemas/geometry"},"properties":{"type":"object","nullable":true},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}},
"featureCollection":{"type":"object","required":["type","features"],"properties":{"type":{"type":"string","enum":["FeatureCollection"]},"timeStamp":{"type":"string","format":"date-time"},"numberMatched":{"type":"integer","minimum":0},"numberReturned":{"type":"integer","minimum":0},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}},"features":{"type":"array","items":{"$ref":"#/components/schemas/feature"}}}})";

struct Answer {
    std::string_view status, name, description;
};
constexpr std::array<Answer, 10> answers{{
    {"304", "NotModified", "The client has this version already (If-None-Match)."},
    {"400", "BadRequest", "A parameter is unknown or has a bad value; the detail names it."},
    {"401", "Unauthorized", "No access token, or one that is not known."},
    {"403", "Forbidden", "The access token does not cover this."},
    {"404", "NotFound", "There is no such resource."},
    {"406", "NotAcceptable", "None of the formats is acceptable to the client."},
    {"414", "TargetTooLong", "The request target is too long."},
    {"431", "HeaderTooLarge", "The request head is too large."},
    {"500", "ServerError", "Something broke; the log knows more."},
    {"503", "Busy", "Too many requests are waiting; see Retry-After."},
}};

void write_reference(JsonWriter& json, std::string const& target) { json.begin_object().member("$ref", target).end_object(); }

struct Operation {
    std::string_view path, id, tag, summary;
    std::vector<std::string_view> parameters;
    std::string_view type;                         ///< media type of the JSON form; empty: only HTML
    std::string_view schema;                       ///< its schema, empty: any object
    std::string_view description = {};
};

void write_operation(JsonWriter& json, Operation const& operation)
{
    json.key(operation.path).begin_object().key("get").begin_object();
    json.key("tags").begin_array().value(operation.tag).end_array();
    json.member("summary", operation.summary).member("operationId", operation.id);
    if (!operation.description.empty())
        json.member("description", operation.description);
    json.key("parameters").begin_array();
    for (auto const parameter : operation.parameters)
        write_reference(json, "#/components/parameters/" + std::string{parameter});
    json.end_array().key("responses").begin_object();
    json.key("200").begin_object().member("description", "OK").key("content").begin_object();
    if (!operation.type.empty()) {
        json.key(operation.type).begin_object().key("schema");
        if (operation.schema.empty())
            json.begin_object().member("type", "object").end_object();
        else
            write_reference(json, "#/components/schemas/" + std::string{operation.schema});
        json.end_object();
    }
    json.key(html_type).begin_object().key("schema").begin_object().member("type", "string").end_object().end_object();
    json.end_object().end_object();
    for (auto const& answer : answers)
        write_reference(json.key(answer.status), "#/components/responses/" + std::string{answer.name});
    json.end_object().end_object().end_object();
}

}  // namespace

std::string openapi(Page const& page)
{
    auto const& options = page.options;
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("openapi", "3.0.3").key("info").begin_object();
    json.member("title", options.title).member("description", options.description).member("version", options.version);
    if (!options.contact_name.empty() || !options.contact_url.empty() || !options.contact_email.empty()) {
        json.key("contact").begin_object();
        if (!options.contact_name.empty())
            json.member("name", options.contact_name);
        if (!options.contact_url.empty())
            json.member("url", options.contact_url);
        if (!options.contact_email.empty())
            json.member("email", options.contact_email);
        json.end_object();
    }
    json.end_object();
    json.key("servers").begin_array().begin_object().member("url", page.root).end_object().end_array();

    json.key("security").begin_array();
    if (options.public_reads)
        json.begin_object().end_object();                  // none is as good as a token
    for (auto const* scheme : {"bearer", "accessKey"})
        json.begin_object().key(scheme).begin_array().end_array().end_object();
    json.end_array();

    json.key("paths").begin_object();
    std::array<Operation, 11> const operations{{
        {"/", "getLandingPage", "Capabilities", "landing page", {"f"}, json_type, "landingPage"},
        {"/conformance", "getConformanceDeclaration", "Capabilities", "conformance classes", {"f"}, json_type, "confClasses"},
        {"/api", "getApi", "Capabilities", "this document", {"f"}, openapi_type, ""},
        {"/api.html", "getApiDocumentation", "Capabilities", "API documentation", {"f"}, openapi_type, ""},
        {"/collections", "getCollections", "Capabilities", "collections", {"f"}, json_type, "collections"},
        {"/collections/{collectionId}",
         "describeCollection",
         "Capabilities",
         "one collection",
         {"collectionId", "f"},
         json_type,
         "collection"},
        {"/collections/{collectionId}/items",
         "getFeatures",
         "Data",
         "features of a collection",
         {"collectionId", "f", "bbox", "bboxCrs", "crs", "datetime", "limit", "offset", "after"},
         geojson_type,
         "featureCollection",
         "Besides the parameters listed here, every property in /collections/{collectionId}/queryables is a parameter: property=value "
         "gives the "
         "features whose property equals the value, or whose array contains it."},
        {"/collections/{collectionId}/items/{featureId}",
         "getFeature",
         "Data",
         "one feature",
         {"collectionId", "featureId", "f", "crs"},
         geojson_type,
         "feature"},
        {"/collections/{collectionId}/queryables",
         "getQueryables",
         "Schemas",
         "properties that are query parameters of the features",
         {"collectionId", "f"},
         schema_type,
         ""},
        {"/collections/{collectionId}/schema", "getSchema", "Schemas", "schema of the properties", {"collectionId", "f"}, schema_type, ""},
        {"/collections/{collectionId}/schema/feature",
         "getFeatureSchema",
         "Schemas",
         "schema of a GeoJSON feature",
         {"collectionId", "f"},
         schema_type,
         ""},
    }};
    for (auto const& operation : operations)
        write_operation(json, operation);
    if (!options.openapi_paths.empty())
        json.raw(options.openapi_paths);
    json.end_object();

    json.key("components").begin_object();
    json.key("securitySchemes").begin_object();
    json.key("bearer").begin_object().member("type", "http").member("scheme", "bearer").end_object();
    json.key("accessKey")
        .begin_object()
        .member("type", "apiKey")
        .member("in", "query")
        .member("name", options.access_key_parameter)
        .end_object();
    json.end_object();
    json.key("parameters").raw(parameters);
    json.key("responses").begin_object();
    for (auto const& answer : answers) {
        json.key(answer.name).begin_object().member("description", answer.description);
        if (answer.status != "304") {
            json.key("content").begin_object().key("application/problem+json").begin_object().key("schema");
            write_reference(json, "#/components/schemas/problem");
            json.end_object().end_object();
        }
        json.end_object();
    }
    json.end_object();
    json.key("schemas").begin_object().raw(schemas);
    if (!options.openapi_schemas.empty())
        json.raw(options.openapi_schemas);
    json.end_object().end_object().end_object();
    return out;
}

}  // namespace yihong::ogcapi::json
