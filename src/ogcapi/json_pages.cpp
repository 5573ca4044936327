#include "pages.hpp"

#include "yihong/cql2/functions.hpp"
#include "yihong/features/units.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>
#include <array>

namespace yihong::ogcapi {
namespace {

std::string_view geometry_format(GeometryType type) noexcept
{
    constexpr std::array<std::string_view, 7> formats{"geometry-any",         "geometry-point",           "geometry-multipoint",
                                                      "geometry-linestring",  "geometry-multilinestring", "geometry-polygon",
                                                      "geometry-multipolygon"};
    return formats[static_cast<std::size_t>(type)];
}

}  // namespace

FeatureForm form_of(crs::Transformers const& transformers, Query const& query)
{
    FeatureForm form{.profile = query.profile, .columns = query.features.properties, .decimals = query.decimals.value_or(usual_decimals)};
    if (query.skip_geometry) {
        form.shape = [](Geometry const&) { return Geometry{}; };
    } else if (query.crs && query.crs->code != 0) {
        form.decimals = query.decimals.value_or(query.crs->usual_decimals());
        form.shape = [lent = transformers.lend(*query.crs)](Geometry const& geometry) { return lent->moved(geometry); };
    }
    return form;
}

namespace {

void append_geojson_of(std::string& out, Feature const& feature, FeatureForm const& form)
{
    if (form.has_usual_properties())
        feature.append_geojson_in(out, form);
    else
        append_geojson(out, feature, form);
}

/// The instant that `datetime` compares, where the collection has one.
bool is_primary_instant(FeatureSource const& collection, Column const& property)
{
    return property.name == "time" && property.type == AttributeType::date_time &&
           (collection.metadata().time.begin || collection.metadata().blocks);
}

/// What is said of the values: of the shown ones, or of those that a parameter takes.
struct ValueForm {
    Profile profile = Profile::flat;
    bool nullable = false;
};

void write_type(JsonWriter& json, std::string_view type, ValueForm const& form)
{
    json.key("type");
    if (form.nullable)
        json.begin_array().value(type).value("null").end_array();
    else
        json.value(type);
}

void write_words(JsonWriter& json, std::vector<std::string> const& words, ValueForm const& form)
{
    if (words.empty())
        return;
    json.key("enum").begin_array();
    for (auto const& word : words)
        json.value(word);
    if (form.nullable)
        json.null();
    json.end_array();
}

void write_property(JsonWriter& json, FeatureSource const& collection, Column const& property, std::size_t place, ValueForm const& form)
{
    json.key(property.name).begin_object().member("title", title_of(property));
    if (property.is_list() && form.profile == Profile::structured) {
        write_type(json, "array", form);
        json.key("items")
            .begin_object()
            .member("type", property.objects ? std::string_view{"object"} : type_name(property.type))
            .end_object();
    } else {
        write_type(json, property.is_list() ? "string" : type_name(property.type), form);
        if (auto const format = format_name(property.type); !format.empty() && !property.is_list())
            json.member("format", format);
        write_words(json, property.words, form);
    }
    if (auto const unit = ucum(property.unit); !unit.empty())
        json.member("x-ogc-unit", unit);
    if (is_primary_instant(collection, property))
        json.member("x-ogc-role", "primary-instant");
    json.member("x-ogc-propertySeq", place).end_object();
}

/// The geometry, which is a member beside `properties`.
void write_geometry_property(JsonWriter& json, FeatureSource const& collection, std::size_t place)
{
    if (collection.schema().find("geometry"))
        return;
    json.key("geometry")
        .begin_object()
        .member("title", "几何 Geometry")
        .member("format", geometry_format(collection.metadata().geometry_type));
    json.member("x-ogc-role", "primary-geometry").member("x-ogc-propertySeq", place).end_object();
}

void write_collection(JsonWriter& json, FeatureSource const& collection, std::string_view root, OgcApiOptions const& options)
{
    json.begin_object()
        .member("id", collection.metadata().id)
        .member("title", title_of(collection))
        .member("description", collection.metadata().description);
    if (!collection.metadata().attribution.empty())
        json.member("attribution", collection.metadata().attribution);
    if (!collection.metadata().license.empty())
        json.member("license", collection.metadata().license);
    json.key("extent").begin_object();
    if (!collection.metadata().bounds.is_empty()) {
        std::string box;                                   // rounded as the coordinates are, so that it contains them
        for (double const edge : {collection.metadata().bounds.west, collection.metadata().bounds.south, collection.metadata().bounds.east,
                                  collection.metadata().bounds.north}) {
            box += box.empty() ? "[[" : ",";
            append_coordinate(box, edge);
        }
        json.key("spatial").begin_object().key("bbox").raw(box + "]]").member("crs", crs::crs84).end_object();
    }
    if (collection.metadata().time.begin || collection.metadata().time.end) {
        json.key("temporal").begin_object().key("interval").begin_array().begin_array();
        for (auto const& end : {collection.metadata().time.begin, collection.metadata().time.end}) {
            if (end)
                json.value(*end);
            else
                json.null();
        }
        json.end_array().end_array().member("trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian").end_object();
    }
    json.end_object().member("itemType", "feature").key("crs").begin_array();
    for (auto const& system : options.transformers->systems().all())
        json.value(system.uri);
    json.end_array().member("storageCrs", crs::crs84);
    write_links(json, collection_links(collection, root, options));
    json.end_object();
}

}  // namespace

std::span<std::string_view const> conformance_classes() noexcept
{
    static constexpr std::array<std::string_view, 36> classes{
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
        "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
        "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
        "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
        "http://www.opengis.net/spec/cql2/1.0/conf/functions",
        "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",   // as a draft had it: QGIS asks for it by this name
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sortables",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
        "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
    };
    return classes;
}

std::string title_of(FeatureSource const& collection)
{
    return collection.metadata().title_en.empty() ? collection.metadata().title
                                                  : collection.metadata().title + " " + collection.metadata().title_en;
}

std::string title_of(Column const& property)
{
    std::string title = property.title;
    if (!property.title_en.empty())
        title.append(title.empty() ? "" : " ").append(property.title_en);
    if (title.empty())
        title = property.name;
    if (!property.unit.empty())
        title.append(" (").append(property.unit).append(")");
    return title;
}

std::string_view type_name(AttributeType type) noexcept
{
    constexpr std::array<std::string_view, 6> names{"string", "integer", "number", "boolean", "string", "string"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view format_name(AttributeType type) noexcept
{
    return type == AttributeType::date ? "date" : type == AttributeType::date_time ? "date-time" : "";
}

namespace json {

std::string landing(Page const& page)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("title", page.options.title).member("description", page.options.description);
    if (!page.options.attribution.empty())
        json.member("attribution", page.options.attribution);
    write_links(json, landing_links(page));
    json.end_object();
    return out;
}

std::string conformance(Page const& page)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("conformsTo").begin_array();
    for (auto const uri : conformance_classes())
        json.value(uri);
    for (auto const& uri : page.options.conformance)
        json.value(uri);
    json.end_array();
    write_links(json, page.links(json_type));
    json.end_object();
    return out;
}

std::string functions(Page const& page)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("functions").begin_array();
    for (auto const& function : cql2::functions()) {
        json.begin_object().member("name", function.name);
        json.member("description", std::string{function.title} + " " + std::string{function.title_en});
        json.key("returns").begin_array().value(cql2::name_of(function.result)).end_array().key("arguments").begin_array();
        for (auto const type : function.arguments)
            json.begin_object().key("type").begin_array().value(cql2::name_of(type)).end_array().end_object();
        json.end_array().end_object();
    }
    json.end_array();
    write_links(json, page.links(json_type));
    json.end_object();
    return out;
}

std::string collections(Page const& page, Catalog const& catalog, std::span<OtherCollection const> others)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_links(json, page.links(json_type));
    json.key("collections").begin_array();
    for (auto const& collection : catalog.collections)
        write_collection(json, *collection, page.root, page.options);
    for (auto const& other : others)
        json.raw(other.json);
    json.end_array().end_object();
    return out;
}

std::string collection(Page const& page, FeatureSource const& collection)
{
    std::string out;
    JsonWriter json{out};
    write_collection(json, collection, page.root, page.options);
    return out;
}

std::string schema(Page const& page, FeatureSource const& collection, SchemaKind kind, Query const& query)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("$schema", "https://json-schema.org/draft/2020-12/schema")
        .member("$id", page.url())
        .member("type", "object")
        .member("title", title_of(collection))
        .member("description", collection.metadata().description);
    std::size_t place = 0;
    ValueForm const form{query.profile, !query.single_types};
    auto const write_properties = [&] {
        for (auto const& property : collection.schema().columns())
            write_property(json, collection, property, ++place, form);
    };
    switch (kind) {
    case SchemaKind::queryables:
        json.key("properties").begin_object();
        for (auto const& property : collection.schema().columns()) {
            if (is_queryable(property))
                write_property(json, collection, property, ++place, {});
        }
        write_geometry_property(json, collection, ++place);
        json.end_object().member("additionalProperties", false);
        break;
    case SchemaKind::sortables:
        json.key("properties").begin_object();
        for (auto const& property : collection.schema().columns()) {
            if (is_sortable(collection, property))
                write_property(json, collection, property, ++place, {});
        }
        json.end_object().member("additionalProperties", false);
        break;
    case SchemaKind::schema:
        json.key("properties").begin_object();
        // the identifier is a member beside `properties` in GeoJSON, unless the collection repeats it there
        if (!collection.schema().find("id")) {
            json.key("id").begin_object().member("title", "标识 Identifier").member("type", "string").member("x-ogc-role", "id");
            json.member("x-ogc-propertySeq", ++place).end_object();
        }
        write_properties();
        write_geometry_property(json, collection, ++place);
        json.end_object();
        break;
    case SchemaKind::feature:
        json.key("required").begin_array().value("type").value("geometry").value("properties").end_array();
        json.key("properties").begin_object();
        json.key("type").begin_object().member("type", "string").key("enum").begin_array().value("Feature").end_array().end_object();
        json.key("id").begin_object().member("type", "string").end_object();
        json.key("geometry").begin_object().member("format", geometry_format(collection.metadata().geometry_type)).end_object();
        json.key("properties").begin_object().member("type", "object").key("properties").begin_object();
        write_properties();
        json.end_object().member("additionalProperties", false).end_object().end_object();
        break;
    }
    json.end_object();
    return out;
}

std::string items(Page const& page, FeatureSource const& collection, Selection& selection, Query const& query)
{
    auto const& features = selection.features;
    auto const form = form_of(*page.options.transformers, query);
    bool const are_kept = form.is_usual();                 // with the features
    std::string made;                                      // what is not, by commas
    if (!are_kept && form.has_usual_properties() && !features.empty())
        made.reserve(std::min(features.size() * (features.front()->geojson().size() + 256), page.options.page_bytes));
    std::size_t size = 0;
    std::size_t count = 0;
    for (; count < features.size(); ++count) {
        if (!are_kept) {
            made += count > 0 ? "," : "";
            append_geojson_of(made, *features[count], form);
        }
        auto const with_this = are_kept ? size + features[count]->geojson().size() + 1 : made.size();
        if (count > 0 && with_this > page.options.page_bytes)
            break;
        size = with_this;
    }
    if (!are_kept)
        made.resize(size);
    selection.cut(count);

    std::string out;
    out.reserve(size + 2048);
    JsonWriter json{out};
    json.begin_object().member("type", "FeatureCollection");
    if (collection.metadata().as_of)
        json.member("timeStamp", *collection.metadata().as_of);
    if (selection.matched)
        json.member("numberMatched", *selection.matched);
    json.member("numberReturned", features.size());
    write_links(json, items_links(page, collection, selection, query));
    json.key("features").begin_array();
    if (!made.empty())
        json.raw(made);
    for (std::size_t i = 0; are_kept && i < count; ++i)
        json.raw(features[i]->geojson());
    json.end_array().end_object();
    return out;
}

std::string feature(Page const& page, FeatureSource const& collection, Feature const& feature, Query const& query)
{
    auto const form = form_of(*page.options.transformers, query);
    std::string out;
    append_geojson_of(out, feature, form);
    out.back() = ',';                                      // the closing brace
    JsonWriter json{out};
    write_links(json, feature_links(page, collection, query));
    out += '}';
    return out;
}

}  // namespace json
}  // namespace yihong::ogcapi
