#include "documents.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/geometry/crs84.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/tiles/layer.hpp"

#include <algorithm>

namespace yihong::tiles_http {
namespace {

using http::json_type;
constexpr std::string_view relations = "http://www.opengis.net/def/rel/ogc/1.0/";

std::string title_of(FeatureSource const& source)
{
    auto const& said = source.metadata();
    return said.title_en.empty() ? said.title : said.title + " " + said.title_en;
}

std::string address_of(std::string_view root, tiles::TileMatrixSet const& set)
{
    return std::string{root} + "/tileMatrixSets/" + std::string{set.id};
}

class Links {
public:
    explicit Links(JsonWriter& json) : json_{json} { json_.key("links").begin_array(); }
    Links& add(std::string_view href, std::string_view rel, std::string_view type, std::string_view title)
    {
        json_.begin_object().member("href", href).member("rel", rel).member("type", type).member("title", title).end_object();
        return *this;
    }
    void end() { json_.end_array(); }

private:
    JsonWriter& json_;
};

/// `POINT` → `points`, as the model of tile sets names them; nothing where a collection mixes them.
std::string_view dimension_name(FeatureSource const& source) noexcept
{
    switch (dimension(source.metadata().geometry_type)) {
    case 0: return "points";
    case 1: return "lines";
    default: return "polygons";
    }
}

void write_box(JsonWriter& json, tiles::TileMatrixSet const& set, BoundingBox const& box)
{
    auto const corner = [&](std::string_view name, LonLat at) {
        json.key(name).begin_array();
        if (set.north_first)
            json.value(at.lat).value(at.lon);
        else
            json.value(at.lon).value(at.lat);
        json.end_array();
    };
    json.key("boundingBox").begin_object();
    corner("lowerLeft", {box.west, box.south});
    corner("upperRight", {box.east, box.north});
    json.member("crs", set.north_first ? set.crs : crs84).end_object();
}

void write_limits(JsonWriter& json, Subject const& subject, tiles::TileMatrixSet const& set)
{
    json.key("tileMatrixSetLimits").begin_array();
    for (int level = set.first_level; level <= set.last_level; ++level) {
        auto const range = limits_of(subject, set, level);
        json.begin_object()
            .member("tileMatrix", std::to_string(level))
            .member("minTileRow", std::int64_t{range.first_row})
            .member("maxTileRow", std::int64_t{range.last_row})
            .member("minTileCol", std::int64_t{range.first_column})
            .member("maxTileCol", std::int64_t{range.last_column})
            .end_object();
    }
    json.end_array();
}

void write_property_schemas(JsonWriter& json, Schema const& schema)
{
    json.key("propertiesSchema").begin_object().member("type", "object").key("properties").begin_object();
    for (auto const place : tiles::columns_in_tiles(schema)) {
        auto const& column = schema.columns()[place];
        std::string_view type = "string";
        if (!column.is_list()) {
            if (column.type == AttributeType::integer)
                type = "integer";
            else if (column.type == AttributeType::real)
                type = "number";
            else if (column.type == AttributeType::boolean)
                type = "boolean";
        }
        json.key(column.name).begin_object().member("title", column.title).member("type", type).end_object();
    }
    json.end_object().end_object();
}

void write_layers(JsonWriter& json, Subject const& subject)
{
    json.key("layers").begin_array();
    for (auto const& source : subject.sources) {
        json.begin_object()
            .member("id", source->metadata().id)
            .member("title", title_of(*source))
            .member("dataType", "vector")
            .member("geometryDimension", std::int64_t{dimension(source->metadata().geometry_type)})
            .member("geometryType", dimension_name(*source));
        write_property_schemas(json, source->schema());
        json.end_object();
    }
    json.end_array();
}

std::string with_selection(Subject const& subject, std::string address)
{
    return subject.selected.empty() ? address : address + "?collections=" + subject.selected;
}

void write_tile_set(JsonWriter& json, Subject const& subject, tiles::TileMatrixSet const& set, bool whole)
{
    auto const url = subject.url() + "/" + std::string{set.id};
    json.begin_object()
        .member("title", subject.title() + " · " + std::string{set.title})
        .member("dataType", "vector")
        .member("crs", set.crs);
    json.member("tileMatrixSetURI", set.uri.empty() ? address_of(subject.root, set) : std::string{set.uri});
    if (!subject.options.attribution.empty())
        json.member("attribution", subject.options.attribution);
    if (whole) {
        write_limits(json, subject, set);
        if (auto const box = subject.bounds(); !box.is_empty())
            write_box(json, set, box);
        write_layers(json, subject);
    }
    Links links{json};
    links.add(with_selection(subject, url), "self", json_type, "瓦片集 Tile set")
        .add(address_of(subject.root, set), std::string{relations} + "tiling-scheme", json_type, "瓦片矩阵集 Tile matrix set");
    if (set.kind == tiles::GridKind::mercator) {
        links.add(with_selection(subject, url + "/tilejson.json"), "describedby", json_type, "TileJSON 3.0");
        links.add(with_selection(subject, url + "/style.json"), "stylesheet", "application/vnd.mapbox.style+json", "样式 Style");
    }
    json.begin_object()
        .member("href", with_selection(subject, url + "/{tileMatrix}/{tileRow}/{tileCol}"))
        .member("rel", "item")
        .member("type", tile_type)
        .member("title", "瓦片 Tiles")
        .member("templated", true)
        .end_object();
    links.end();
    json.end_object();
}

}  // namespace

std::string Subject::url() const
{
    return is_collection ? root + "/collections/" + percent_encoded(sources.front()->metadata().id) + "/tiles" : root + "/tiles";
}

std::string Subject::title() const { return is_collection ? title_of(*sources.front()) : options.title; }

BoundingBox Subject::bounds() const noexcept
{
    BoundingBox all;
    for (auto const& source : sources)
        if (!source->metadata().bounds.is_empty())
            all.extend(source->metadata().bounds);
    return all;
}

tiles::TileRange limits_of(Subject const& subject, tiles::TileMatrixSet const& set, int level)
{
    return set.range_of(subject.bounds(), level);
}

std::string tile_sets_json(Subject const& subject)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    Links{json}.add(with_selection(subject, subject.url()), "self", json_type, "瓦片集 Tile sets").end();
    json.key("tilesets").begin_array();
    for (auto const& set : tiles::tile_matrix_sets())
        write_tile_set(json, subject, set, false);
    json.end_array().end_object();
    return out;
}

std::string tile_set_json(Subject const& subject, tiles::TileMatrixSet const& set)
{
    std::string out;
    JsonWriter json{out};
    write_tile_set(json, subject, set, true);
    return out;
}

std::string tilejson(Subject const& subject)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("tilejson", "3.0.0").member("name", subject.title()).member("version", "1.0.0").member("scheme", "xyz");
    if (!subject.options.attribution.empty())
        json.member("attribution", subject.options.attribution);
    // clients put x before y, the addresses of OGC rows before columns
    json.key("tiles").begin_array().value(with_selection(subject, subject.url() + "/WebMercatorQuad/{z}/{y}/{x}")).end_array();
    json.member("minzoom", 0).member("maxzoom", last_level_of_maps);
    if (auto const box = subject.bounds(); !box.is_empty())
        json.key("bounds").begin_array().value(box.west).value(box.south).value(box.east).value(box.north).end_array();
    json.key("vector_layers").begin_array();
    for (auto const& source : subject.sources) {
        auto const& schema = source->schema();
        json.begin_object().member("id", source->metadata().id).member("description", title_of(*source));
        json.member("minzoom", 0).member("maxzoom", last_level_of_maps).key("fields").begin_object();
        if (!schema.find("id"))
            json.member("id", "标识 Id");
        for (auto const place : tiles::columns_in_tiles(schema)) {
            auto const& column = schema.columns()[place];
            json.member(column.name, column.unit.empty() ? column.title : column.title + " (" + column.unit + ")");
        }
        json.end_object().end_object();
    }
    json.end_array().end_object();
    return out;
}

std::string tile_matrix_sets_json(std::string_view root)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("tileMatrixSets").begin_array();
    for (auto const& set : tiles::tile_matrix_sets()) {
        json.begin_object().member("id", set.id).member("title", set.title);
        if (!set.uri.empty())
            json.member("uri", set.uri);
        json.member("crs", set.crs);
        Links{json}.add(address_of(root, set), "self", json_type, "瓦片矩阵集 Tile matrix set").end();
        json.end_object();
    }
    json.end_array().end_object();
    return out;
}

std::string tile_matrix_set_json(tiles::TileMatrixSet const& set)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("id", set.id).member("title", set.title);
    if (!set.uri.empty())
        json.member("uri", set.uri);
    json.member("crs", set.crs).key("orderedAxes").begin_array();
    if (set.kind == tiles::GridKind::mercator)
        json.value("E").value("N");
    else if (set.north_first)
        json.value("Lat").value("Lon");
    else
        json.value("Lon").value("Lat");
    json.end_array().key("tileMatrices").begin_array();
    auto const [x, y] = set.origin();
    for (int level = set.first_level; level <= set.last_level; ++level) {
        auto const [width, height] = set.size(level);
        json.begin_object()
            .member("id", std::to_string(level))
            .member("scaleDenominator", set.scale_denominator(level))
            .member("cellSize", set.cell_size(level))
            .member("cornerOfOrigin", "topLeft");
        json.key("pointOfOrigin").begin_array().value(set.north_first ? y : x).value(set.north_first ? x : y).end_array();
        json.member("tileWidth", 256)
            .member("tileHeight", 256)
            .member("matrixWidth", std::int64_t{width})
            .member("matrixHeight", std::int64_t{height});
        json.end_object();
    }
    json.end_array().end_object();
    return out;
}

}  // namespace yihong::tiles_http
