#include "yihong/edr/routes.hpp"

#include "arguments.hpp"
#include "places.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

namespace yihong::edr {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

constexpr std::string_view coverage_type = "application/vnd.cov+json";
constexpr std::string_view geojson_type = "application/geo+json";

/// The sites of a collection that a query means.
using Choose = std::function<Result<Sites>(Series const&, Arguments const&)>;

struct FormatText {
    std::string_view type, extension;
    std::unique_ptr<http::BodySource> (*open)(std::shared_ptr<SeriesText const>);
};
constexpr std::array<FormatText, 3> formats{
    {{coverage_type, ".covjson", coverage_text}, {geojson_type, ".geojson", geojson_text}, {"text/csv; charset=utf-8", ".csv", csv_text}}};

Result<Series> series_named(CurrentState const& state, std::string const& id)
{
    if (auto found = find_series(state, id))
        return *std::move(found);
    std::string all;
    for (auto const& one : all_series(state))
        all.append(all.empty() ? "" : ", ").append(one.texts->id);
    return fail(Errc::not_found, "collection \"" + to_valid_utf8(id.substr(0, 100)) + "\" has no data queries; those that have: " +
                                     (all.empty() ? "none, as long as no record is kept" : all));
}

Result<std::vector<std::size_t>> parameters_named(Series const& series, std::vector<std::string> const& names)
{
    if (names.empty())
        return series.parameters;
    std::vector<std::size_t> columns;
    for (auto const& name : names) {
        auto const column = series.records->schema().find(name);
        if (!column || std::ranges::find(series.parameters, *column) == series.parameters.end()) {
            std::string all;
            for (auto const known : series.parameters)
                all.append(all.empty() ? "" : ", ").append(series.column(known).name);
            return fail(Errc::bad_value, "parameter-name: \"" + to_valid_utf8(name.substr(0, 100)) + "\" is not one of " + all);
        }
        if (std::ranges::find(columns, *column) == columns.end())
            columns.push_back(*column);
    }
    return columns;
}

/// What is to be sent, or why not. \pre on a reader thread
Result<std::shared_ptr<SeriesText const>> text_of(CurrentState const& state, Choose const& choose, Arguments const& asked,
                                                  Request const& request)
{
    auto series = series_named(state, asked.collection);
    if (!series)
        return std::unexpected{series.error()};
    if (!asked.parameters.empty() && !asked.parameters_of_owslib.empty())
        return fail(Errc::bad_value,
                    fmt::format("parameter_names: {} is given here and {} as parameter-name, which means the same; give one of them",
                                http::quoted(fmt::format("{}", fmt::join(asked.parameters_of_owslib, ","))),
                                http::quoted(fmt::format("{}", fmt::join(asked.parameters, ",")))));
    auto const& names = asked.parameters.empty() ? asked.parameters_of_owslib : asked.parameters;
    auto parameters = parameters_named(*series, names);
    if (!parameters)
        return std::unexpected{parameters.error()};
    auto sites = choose(*series, asked);
    if (!sites)
        return std::unexpected{sites.error()};
    auto const url = request.root_url() + request.path + (request.query_text.empty() ? "" : "?" + request.query_text);
    return std::make_shared<SeriesText const>(SeriesText{.series = *std::move(series),
                                                         .query = {.sites = *std::move(sites),
                                                                   .time = asked.time,
                                                                   .parameters = *std::move(parameters),
                                                                   .names_parameters = !names.empty(),
                                                                   .intervals = asked.intervals},
                                                         .root = request.root_url(),
                                                         .url = url});
}

/// A wrong parameter is 400, but for what is not there, and what is too much.
Reply refused(Failure const& failure)
{
    if (failure.code == Errc::not_found || failure.code == Errc::too_large)
        return http::make_problem(failure);
    return http::make_problem(400, code_name(failure.code), failure.detail);
}

asio::awaitable<Reply> data(Services const& services, Choose const& choose, Request const& request, Arguments const& asked)
{
    auto const read = [&] { return text_of(services.state, choose, asked, request); };
    auto const text = co_await services.readers.run(read);
    if (!text)
        co_return refused(text.error());
    auto const& format = formats[static_cast<std::size_t>(asked.format)];
    Reply reply;
    reply.content_type = std::string{format.type};
    auto const collection = request.root_url() + "/collections/" + asked.collection;
    reply.headers = {{"Link", "<" + collection + ">; rel=\"collection\"; type=\"application/json\""},
                     {"Content-Crs", "<" + std::string{crs84} + ">"},
                     {"Vary", "Accept"}};
    if (asked.format == Format::csv)
        reply.headers.emplace_back("Content-Disposition",
                                   "attachment; filename=\"" + asked.collection + std::string{format.extension} + "\"");
    auto open = [open = format.open, text = *text] { return open(text); };
    reply.body = http::StreamBody{.open = std::move(open), .pool = &services.readers};
    co_return reply;
}

/// The sites as features, piece by piece.
class LocationsText final : public http::BodySource {
public:
    LocationsText(Series series, Sites sites, Request const& request)
        : series_{std::move(series)}, sites_{std::move(sites)}, url_{request.root_url() + "/collections/" + std::string{series_.texts->id}},
          query_{request.query_text}
    {}

    bool next(std::string& out) override
    {
        constexpr std::size_t bytes_a_piece = 64U << 10U;
        if (next_ == 0)
            begin(out);
        for (; next_ < sites_.size() && out.size() < bytes_a_piece; ++next_) {
            out.append(next_ > 0 ? "," : "");
            write(out, *sites_[next_]);
        }
        if (next_ < sites_.size())
            return true;
        out += "]}";
        return false;
    }

private:
    static void write_link(JsonWriter& json, std::string const& href, std::string_view rel, std::string_view type)
    {
        json.begin_object().member("href", href).member("rel", rel).member("type", type).end_object();
    }

    void begin(std::string& out) const
    {
        JsonWriter json{out};
        json.begin_object().member("type", "FeatureCollection").key("links").begin_array();
        write_link(json, url_ + "/locations" + (query_.empty() ? "" : "?" + query_), "self", geojson_type);
        write_link(json, url_, "collection", "application/json");
        json.end_array().member("numberMatched", sites_.size()).member("numberReturned", sites_.size()).key("features");
        out += '[';
    }

    void write(std::string& out, Site const& site) const
    {
        JsonWriter json{out};
        std::string geometry;
        append_geojson(geometry, Point{*site.position});
        json.begin_object().member("type", "Feature").member("id", site.id).key("geometry").raw(geometry);
        json.key("properties").begin_object().member("name", name_of(site)).text_or_null("name_en", site.name_en);
        json.member("kind", to_text(site.kind)).text_or_null("level", site.level).text_or_null("water_body", site.water_body);
        json.end_object().key("links").begin_array();
        write_link(json, url_ + "/locations/" + percent_encoded(site.id), "data", coverage_type);
        json.end_array().end_object();
    }

    Series const series_;                                  // its world holds the sites
    Sites const sites_;
    std::string const url_;
    std::string const query_;
    std::size_t next_ = 0;
};

asio::awaitable<Reply> locations(Services const& services, Request const& request, Arguments const& asked)
{
    auto const find = [&] { return series_named(services.state, asked.collection); };
    auto const series = co_await services.readers.run(find);
    if (!series)
        co_return refused(series.error());
    Reply reply;
    reply.content_type = std::string{geojson_type};
    auto open = [&request, series = *series, boxes = asked.boxes]() -> std::unique_ptr<http::BodySource> {
        return std::make_unique<LocationsText>(series, boxes.empty() ? series.sites : sites_in(series.sites, boxes), request);
    };
    reply.body = http::StreamBody{.open = std::move(open), .pool = &services.readers};
    co_return reply;
}

Result<Sites> sites_named(Series const& series, Arguments const& asked)
{
    Sites found;
    for (auto const& id : asked.locations) {
        auto const site = std::ranges::find(series.sites, id, [](Site const* one) -> std::string_view { return one->id; });
        if (site == series.sites.end())
            return fail(Errc::not_found,
                        fmt::format("collection \"{}\" has no location \"{}\"; /collections/{}/locations lists those that it has",
                                    series.texts->id, to_valid_utf8(id.substr(0, 100)), series.texts->id));
        if (std::ranges::find(found, *site) == found.end())
            found.push_back(*site);
    }
    return found;
}

Result<Sites> sites_at(Series const& series, Arguments const& asked)
{
    constexpr std::array kinds{GeometryType::point, GeometryType::multi_point};
    auto const points = read_coords(asked.coords, kinds);
    return points ? nearest_sites(series.sites, *points) : std::unexpected{points.error()};
}

Result<Sites> sites_round(Series const& series, Arguments const& asked)
{
    constexpr std::array kinds{GeometryType::point};
    auto const centre = read_coords(asked.coords, kinds);
    if (!centre)
        return std::unexpected{centre.error()};
    double const radius_m = asked.within * asked.metres_a_unit;
    if (radius_m > longest_radius_m)
        return fail(Errc::bad_value, fmt::format("within: '{}' {} is too far; at most {:.0f} km, half round the earth", asked.within,
                                                 asked.metres_a_unit > 1 ? "km" : "m", longest_radius_m / 1000));
    return sites_within(series.sites, std::get<Point>(*centre).position, radius_m);
}

Result<Sites> sites_of_area(Series const& series, Arguments const& asked)
{
    constexpr std::array kinds{GeometryType::polygon, GeometryType::multi_polygon};
    auto const area = read_coords(asked.coords, kinds);
    return area ? Result<Sites>{sites_in(series.sites, *area)} : std::unexpected{area.error()};
}

Result<Sites> sites_of_box(Series const& series, Arguments const& asked) { return sites_in(series.sites, asked.boxes); }

http::Declaration declaration(std::string path, std::string id, http::Text summary)
{
    return {.path = "/collections/{collectionId}/" + std::move(path),
            .id = std::move(id),
            .tag = "EDR",
            .summary = std::move(summary),
            .responses = {{200,
                           {"一个站点、一种数据类型一条序列", "a series for each site and interval"},
                           {{std::string{coverage_type}}, {std::string{geojson_type}}, {"text/csv", R"({"type":"string"})"}}},
                          {404},
                          {413}}};
}

}  // namespace

std::vector<http::Route> make_routes(Services const& services)
{
    auto const s = std::make_shared<Services const>(services);
    auto const query = [&](http::Declaration said, http::Parameters<Arguments> own, Choose choose) {
        http::Parameters<Arguments> all{collection_id()};
        std::ranges::move(own, std::back_inserter(all));
        std::ranges::move(data_parameters(), std::back_inserter(all));
        return http::declare<Arguments>(
            std::move(said), std::move(all),
            [s, choose = std::move(choose)](Request const& request, Arguments const& asked) { return data(*s, choose, request, asked); });
    };
    auto list = declaration("locations", "getLocations", {"有数据的站点", "the sites that have series"});
    list.responses = {{200, {"站点（GeoJSON）", "sites as GeoJSON"}, {{std::string{geojson_type}}}}, {404}};
    return {
        http::declare<Arguments>(std::move(list), {collection_id(), box(false), list_format()},
                                 [s](Request const& request, Arguments const& asked) { return locations(*s, request, asked); }),
        query(declaration("locations/{locationId}", "getDataForLocation", {"站点的监测序列", "series of sites"}), {location_ids()},
              sites_named),
        query(declaration("position", "getDataForPoint", {"最近站点的监测序列，50 km 内", "series of the nearest site, within 50 km"}),
              {coords({"点：POINT(经度 纬度)，或 MULTIPOINT", "a point, longitude first: POINT(110.4 34.9), or MULTIPOINT"})}, sites_at),
        query(declaration("radius", "getDataForRadius", {"半径内各站点的监测序列", "series of the sites within a radius"}),
              {coords({"圆心：POINT(经度 纬度)", "the centre, longitude first: POINT(110.4 34.9)"}), within(), within_units()},
              sites_round),
        query(declaration("area", "getDataForArea", {"多边形内各站点的监测序列", "series of the sites in a polygon"}),
              {coords({"多边形：POLYGON((经度 纬度,…))，或 MULTIPOLYGON；至多 2000 个点",
                       "a polygon, longitude first: POLYGON((110 34,112 34,112 36,110 34)), or MULTIPOLYGON; at most 2000 positions"})},
              sites_of_area),
        query(declaration("cube", "getDataForCube", {"范围内各站点的监测序列", "series of the sites in a box"}), {box(true)}, sites_of_box),
    };
}

}  // namespace yihong::edr
