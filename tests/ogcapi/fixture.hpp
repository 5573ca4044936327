#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/state/catalog.hpp"

#include "../answer.hpp"

#include <boost/json.hpp>
#include <boost/url.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace yihong::ogcapi::testing {

namespace json = boost::json;

/// A site as the tests need it.
struct Station {
    std::string id;
    std::optional<LonLat> position;
    std::string time;                              // empty: none
    std::string name;
    std::optional<double> codmn;
    std::optional<std::int64_t> water_class;
    std::optional<bool> meets_target;
    std::vector<std::string> zones;
};

class StationFeature final : public PointFeature {
public:
    StationFeature(Station station, std::shared_ptr<Schema const> schema)
        : PointFeature{station.id, station.position,
                       station.time.empty() ? std::nullopt : std::optional{parse_rfc3339(station.time).value()}, std::move(schema)},
          station_{std::move(station)}
    {}
    [[nodiscard]] Station const& station() const noexcept { return station_; }

private:
    Station station_;
};

inline std::vector<Column> station_columns()
{
    using F = StationFeature const&;
    auto const of = [](auto get) { return value_of<StationFeature>(get); };
    return {
        {.name = "name", .title = "名称", .title_en = "Name", .get = of([](F f) -> Value { return f.station().name; })},
        {.name = "codmn",
         .title = "高锰酸盐指数",
         .title_en = "Permanganate index",
         .type = AttributeType::real,
         .unit = "mg/L",
         .get = of([](F f) { return optional_value(f.station().codmn); })},
        {.name = "water_class",
         .title = "水质类别",
         .title_en = "Water class",
         .type = AttributeType::integer,
         .get = of([](F f) { return optional_value(f.station().water_class); })},
        {.name = "meets_target",
         .title = "达标",
         .title_en = "Meets the target",
         .type = AttributeType::boolean,
         .get = of([](F f) { return optional_value(f.station().meets_target); })},
        {.name = "zones", .title = "区", .title_en = "Zones", .array = true, .get = of([](F f) -> Value { return f.station().zones; })},
        {.name = "time", .title = "时间", .title_en = "Time", .type = AttributeType::date_time, .get = of([](F f) {
                                                                                                    return text_value(f.station().time);
                                                                                                })},
        {.name = "secret", .title = "内部", .title_en = "Internal", .queryable = false, .get = of([](F) -> Value {
                                                                                            return std::string{"hidden"};
                                                                                        })},
    };
}

/// What a collection of stations is made of, for tests that change something of it.
struct Stations {
    std::vector<Station> stations;
    std::vector<Column> columns = station_columns();
    SourceMetadata metadata{.id = "water-sections",
                            .title = "水质断面",
                            .title_en = "Water sections",
                            .description = "断面的最新水质 Newest quality of the sections",
                            .attribution = "中国环境监测总站",
                            .license = "https://example.org/licence",
                            .as_of = parse_rfc3339("2025-11-06T12:05:00Z").value(),
                            .version = "s1"};

    [[nodiscard]] std::shared_ptr<FeatureSource const> made() const
    {
        auto const schema = std::make_shared<Schema const>(columns);
        MemorySource::Features features;
        for (auto const& station : stations)
            features.push_back(std::make_shared<StationFeature const>(station, schema));
        std::ranges::sort(features, id_less, [](auto const& f) -> std::string_view { return f->id(); });
        return std::make_shared<MemorySource const>(metadata, schema, std::move(features));
    }
};

inline std::shared_ptr<FeatureSource const> make_stations(std::vector<Station> stations, std::string version = "s1")
{
    Stations made{std::move(stations)};
    made.metadata.version = std::move(version);
    return made.made();
}

inline std::vector<Station> four_stations()
{
    return {
        {"hanyang", LonLat{110.5, 35.25}, "2025-11-06T12:00:00Z", "汉阳 <script>alert(1)</script>", 3.5, 2, true, {"salt-lake", "plain"}},
        {"linyi", LonLat{110.77, 35.14}, "2025-11-06T16:00:00+08:00", "临猗", 5.2, 4, false, {"plain"}},
        {"nowhere", std::nullopt, "2025-11-05T00:00:00Z", "无坐标", 6.0, 3, true, {}},
        {"timeless", LonLat{111.0, 34.8}, "", "无数据", std::nullopt, std::nullopt, std::nullopt, {}},
    };
}

inline std::shared_ptr<FeatureSource const> make_lakes(std::string version = "l1")
{
    auto layer = std::make_shared<Layer>();
    layer->id = "lakes";
    layer->title = "湖泊";
    layer->title_en = "Lakes";
    layer->role = LayerRole::lake;
    layer->geometry_type = GeometryType::polygon;
    layer->attributes = {
        {"name", "名称", AttributeType::text}, {"area", "面积", AttributeType::real}, {"surveyed", "", AttributeType::date}};
    auto const square = [](double west, double south, double size, bool hole) {
        Polygon g{{{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}}};
        if (hole) {
            double const a = size / 4;
            g.rings.push_back({{west + a, south + a},
                               {west + a, south + 3 * a},
                               {west + 3 * a, south + 3 * a},
                               {west + 3 * a, south + a},
                               {west + a, south + a}});
        }
        return g;
    };
    layer->features.push_back({"10", square(110, 35, 1, true), {}, {std::string{"盐湖"}, 132.5, std::string{"2024-05-01"}}});
    layer->features.push_back({"2", square(112, 36, 1, false), {}, {std::string{"伍姓湖"}, 18.0, std::monostate{}}});
    return make_layer_collection(layer, std::move(version));
}

/// The OGC API over a catalog, called through the real router as a connection does it.
class Service {
public:
    explicit Service(std::vector<std::shared_ptr<FeatureSource const>> collections, OgcApiOptions options = {})
        : catalog_{make_catalog(std::move(collections), "c1")}, api_{catalog_, readers_, readers_, readers_, std::move(options)},
          router_{api_.routes()}
    {}

    static std::shared_ptr<Catalog const> make_catalog(std::vector<std::shared_ptr<FeatureSource const>> collections, std::string version)
    {
        auto catalog = std::make_shared<Catalog>();
        catalog->collections = std::move(collections);
        catalog->version = std::move(version);
        return catalog;
    }

    void publish(std::vector<std::shared_ptr<FeatureSource const>> collections, std::string version)
    {
        catalog_.publish(make_catalog(std::move(collections), std::move(version)));
    }

    /// \param target path and query, or a whole address of the service
    [[nodiscard]] http::Reply get(std::string target, std::string accept = {}, std::string host = "test.example",
                                  bool wants_part = false) const
    {
        std::string const root = "http://" + host;
        if (target.starts_with(root))
            target.erase(0, root.size());
        auto const url = boost::urls::parse_origin_form(target);
        if (!url)
            throw std::runtime_error{"the test asks for a malformed target: " + target};
        http::Request request;
        boost::urls::encoding_opts blanks;
        blanks.space_as_plus = true;
        request.path = boost::urls::pct_string_view{url->encoded_path()}.decode();
        for (auto const& parameter : url->encoded_params())
            request.query.emplace_back(parameter.key.decode(blanks), parameter.value.decode(blanks));
        request.query_text = std::string{url->encoded_query()};
        request.host = std::move(host);
        request.accept = std::move(accept);
        request.wants_part = wants_part;
        auto const match = router_.find(http::Method::get, request.path);
        if (match.route == nullptr)
            return http::make_problem(404, "not_found", "no route");
        request.path_parameters = match.parameters;
        return yihong::testing::answer_of(*match.route, request);
    }

    [[nodiscard]] json::value get_json(std::string const& target, int status = 200) const
    {
        auto const reply = get(target);
        EXPECT_EQ(reply.status, status) << target << "\n" << reply.content()->plain();
        return json::parse(reply.content()->plain());
    }

    [[nodiscard]] OgcApi const& api() const noexcept { return api_; }

private:
    Snapshot<Catalog> catalog_;
    net::Pool readers_{1, 4};
    OgcApi api_;
    http::Router router_;
};

inline std::string header(http::Reply const& reply, std::string_view name)
{
    for (auto const& [key, value] : reply.headers)
        if (key == name)
            return value;
    return {};
}

inline std::vector<std::string> ids(json::value const& collection)
{
    std::vector<std::string> out;
    for (auto const& feature : collection.at("features").as_array())
        out.emplace_back(feature.at("id").as_string());
    return out;
}

/// The address of the first link with this relation, and type where given; empty when there is none.
inline std::string link(json::value const& document, std::string_view rel, std::string_view type = {})
{
    for (auto const& l : document.at("links").as_array())
        if (l.at("rel").as_string() == rel && (type.empty() || (l.as_object().contains("type") && l.at("type").as_string() == type)))
            return std::string{l.at("href").as_string()};
    return {};
}

inline std::string text(json::value const& value) { return std::string{value.as_string()}; }

/// The stations and the lakes.
inline Service standard_service(OgcApiOptions options = {})
{
    return Service{{make_stations(four_stations()), make_lakes()}, std::move(options)};
}

/// The ids of the stations that `query` leaves.
inline std::vector<std::string> filtered(Service const& service, std::string const& query)
{
    return ids(service.get_json("/collections/water-sections/items?" + query));
}

using Ids = std::vector<std::string>;

}  // namespace yihong::ogcapi::testing
