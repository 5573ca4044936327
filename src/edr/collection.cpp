#include "series.hpp"
#include "texts.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/edr/routes.hpp"
#include "yihong/geometry/geojson.hpp"

#include <array>

namespace yihong::edr {
namespace {

constexpr std::string_view crs84_wkt =
    R"(GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AXIS["Longitude",EAST],AXIS["Latitude",NORTH]])";
constexpr std::string_view gregorian =
    R"wkt(TIMECRS["DateTime",TDATUM["Gregorian Calendar"],CS[TemporalDateTime,1],AXIS["Time (T)",future]])wkt";
constexpr std::array<std::string_view, 3> formats{"CoverageJSON", "GeoJSON", "CSV"};

struct QueryText {
    std::string_view type, title;
};
constexpr std::array<QueryText, 5> queries{{{"locations", "按站点 By site"},
                                            {"position", "最近的站点，50 km 内 The nearest site, within 50 km"},
                                            {"radius", "半径内的站点 Sites within a radius"},
                                            {"area", "多边形内的站点 Sites in a polygon"},
                                            {"cube", "范围内的站点 Sites in a box"}}};

/// The time of the oldest record, or of the newest.
std::optional<UtcTime> outermost_time(Series const& series, bool newest)
{
    FeatureQuery asked{.limit = 1};
    if (newest)
        asked.sort = {{.column = series.records->schema().find("time").value(), .descending = true}};
    auto const stream = series.records->select(asked);
    auto const record = stream->next();
    return record ? record->time() : std::nullopt;
}

void write_formats(JsonWriter& json, bool with_coverages = true)
{
    json.key("output_formats").begin_array();
    for (auto const name : formats)
        if (with_coverages || name != "CoverageJSON")
            json.value(name);
    json.end_array();
}

void write_link(JsonWriter& json, std::string_view href, std::string_view rel, std::string_view type, std::string_view title)
{
    json.begin_object().member("href", href).member("rel", rel).member("type", type).member("title", title).end_object();
}

void write_crs_details(JsonWriter& json)
{
    json.key("crs_details").begin_array().begin_object().member("crs", crs84).member("wkt", crs84_wkt).end_object().end_array();
}

void write_queries(JsonWriter& json, std::string_view url, std::string_view records_url)
{
    json.key("data_queries").begin_object();
    for (auto const& query : queries) {
        json.key(query.type).begin_object().key("link").begin_object();
        json.member("href", std::string{url} + "/" + std::string{query.type}).member("rel", "data");
        json.key("variables").begin_object().member("title", query.title).member("query_type", query.type);
        if (query.type == "radius")
            json.key("within_units").raw(R"(["km","m"])");
        write_formats(json);
        json.member("default_output_format", "CoverageJSON");
        write_crs_details(json);
        json.end_object().end_object().end_object();
    }
    // the records one by one are the features of another collection
    json.key("items").begin_object().key("link").begin_object();
    json.member("href", std::string{records_url} + "/items").member("rel", "data").key("variables").begin_object();
    json.member("title", "逐条记录 Record by record").member("query_type", "items");
    write_formats(json, false);
    json.member("default_output_format", "GeoJSON");
    write_crs_details(json);
    json.end_object().end_object().end_object().end_object();
}

/// \param time from the oldest record to the newest
std::string document(Series const& series, TimeInterval const& time, std::string_view root)
{
    auto const url = std::string{root} + "/collections/" + std::string{series.texts->id};
    auto const records_url = std::string{root} + "/collections/" + std::string{series.texts->records};
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("id", series.texts->id);
    json.member("title", std::string{series.texts->title} + " " + std::string{series.texts->title_en});
    json.member("description", series.texts->description);
    json.member("layerDataType", "Coverage");  // GDAL takes a collection without itemType for one of features unless it says so
    json.key("links").begin_array();
    write_link(json, url, "self", "application/json", "集合 Collection");
    write_link(json, url + "?f=html", "alternate", "text/html", "集合（HTML） Collection as HTML");
    write_link(json, url + "/locations", "data", "application/geo+json", "站点 Sites");
    write_link(json, records_url, "related", "application/json", "逐条记录 The same record by record, as features");
    json.end_array().key("extent").begin_object();
    auto const bounds = series.bounds();
    std::string box;
    for (double const edge : {bounds.west, bounds.south, bounds.east, bounds.north}) {
        box += box.empty() ? "[[" : ",";
        append_coordinate(box, edge);
    }
    json.key("spatial").begin_object().key("bbox").raw(box + "]]").member("crs", crs84).end_object();
    json.key("temporal")
        .begin_object()
        .key("interval")
        .begin_array()
        .begin_array()
        .value(*time.begin)
        .value(*time.end)
        .end_array()
        .end_array()
        .key("values")
        .begin_array()
        .value(format_rfc3339(*time.begin) + "/" + format_rfc3339(*time.end))
        .end_array()
        .member("trs", gregorian)
        .end_object();
    json.end_object();
    write_queries(json, url, records_url);
    json.key("crs").begin_array().value(crs84).end_array();
    write_formats(json);
    json.key("parameter_names").begin_object();
    write_parameters(json, series, series.parameters, root, false);
    json.end_object().end_object();
    return out;
}

}  // namespace

std::vector<CollectionPage> collection_pages(CurrentState const& state, std::string_view root)
{
    std::vector<CollectionPage> pages;
    for (auto const& series : all_series(state)) {
        TimeInterval const time{outermost_time(series, false), outermost_time(series, true)};
        if (!time.begin || !time.end)
            continue;                                      // clients take begin and end for given
        pages.push_back({.id = std::string{series.texts->id},
                         .title = std::string{series.texts->title} + " " + std::string{series.texts->title_en},
                         .description = std::string{series.texts->description},
                         .json = document(series, time, root)});
    }
    return pages;
}

std::span<std::string_view const> conformance_classes() noexcept
{
    static constexpr std::array<std::string_view, 12> classes{
        "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/core",        "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/collections",
        "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/json",        "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/edr-geojson", "http://www.opengis.net/spec/ogcapi-edr-1/1.0/conf/covjson",
        "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/core",        "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/collections",
        "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/json",        "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/geojson",
        "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/edr-geojson", "http://www.opengis.net/spec/ogcapi-edr-1/1.1/conf/covjson",
    };
    return classes;
}

}  // namespace yihong::edr
