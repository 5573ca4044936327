#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/base/snapshot.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/http/router.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/service/catalog.hpp"

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

inline std::vector<PropertyDefinition> station_properties()
{
    return {
        {.name = "name", .title = "名称", .title_en = "Name", .type = AttributeType::text, .unit = ""},
        {.name = "codmn", .title = "高锰酸盐指数", .title_en = "Permanganate index", .type = AttributeType::real, .unit = "mg/L"},
        {.name = "water_class", .title = "水质类别", .title_en = "Water class", .type = AttributeType::integer, .unit = ""},
        {.name = "meets_target", .title = "达标", .title_en = "Meets the target", .type = AttributeType::boolean, .unit = ""},
        {.name = "zones", .title = "区", .title_en = "Zones", .type = AttributeType::text, .unit = "", .array = true},
        {.name = "time", .title = "时间", .title_en = "Time", .type = AttributeType::date_time, .unit = ""},
        {.name = "secret", .title = "内部", .title_en = "Internal", .type = AttributeType::text, .unit = "", .queryable = false},
    };
}

class StationFeature final : public Feature {
public:
    explicit StationFeature(Station station) : Feature{station.id, bounds_of(station), time_of(station)}, station_{std::move(station)} {}

private:
    static std::optional<BoundingBox> bounds_of(Station const& s)
    {
        if (!s.position)
            return std::nullopt;
        return BoundingBox{s.position->lon, s.position->lat, s.position->lon, s.position->lat};
    }
    static std::optional<UtcTime> time_of(Station const& s)
    {
        return s.time.empty() ? std::nullopt : std::optional{parse_rfc3339(s.time).value()};
    }
    Rendered render() const override
    {
        Rendered out;
        auto const& s = station_;
        out.values = {s.name, {}, {}, {}, {}, {}, std::string{"hidden"}};
        if (s.codmn)
            out.values[1] = *s.codmn;
        if (s.water_class)
            out.values[2] = *s.water_class;
        if (s.meets_target)
            out.values[3] = *s.meets_target;
        if (!s.time.empty())
            out.values[5] = s.time;
        out.arrays.resize(7);
        out.arrays[4] = s.zones;
        JsonWriter writer{out.geojson};
        writer.begin_object().member("type", "Feature").member("id", s.id).key("geometry");
        if (s.position) {
            std::string point;
            append_geojson(point, Point{*s.position});
            writer.raw(point);
        } else {
            writer.null();
        }
        writer.key("properties").begin_object().member("name", s.name).key("codmn");
        s.codmn ? writer.value(*s.codmn) : writer.null();
        writer.key("water_class");
        s.water_class ? writer.value(*s.water_class) : writer.null();
        writer.key("meets_target");
        s.meets_target ? writer.value(*s.meets_target) : writer.null();
        writer.key("zones").begin_array();
        for (auto const& zone : s.zones)
            writer.value(zone);
        writer.end_array().key("time");
        s.time.empty() ? writer.null() : writer.value(s.time);
        writer.member("secret", "hidden").end_object().end_object();
        return out;
    }
    Station station_;
};

inline std::shared_ptr<Collection const> make_stations(std::vector<Station> const& stations, std::string version = "s1")
{
    auto collection = std::make_shared<Collection>();
    collection->id = "water-sections";
    collection->title = "水质断面";
    collection->title_en = "Water sections";
    collection->description = "断面的最新水质 Newest quality of the sections";
    collection->attribution = "中国环境监测总站";
    collection->license = "https://example.org/licence";
    collection->geometry_type = GeometryType::point;
    collection->properties = station_properties();
    collection->version = std::move(version);
    for (auto const& station : stations) {
        auto feature = std::make_shared<StationFeature>(station);
        if (feature->bounds())
            collection->bounds.extend(*feature->bounds());
        if (auto const t = feature->time()) {
            collection->time.begin = std::min(collection->time.begin.value_or(*t), *t);
            collection->time.end = std::max(collection->time.end.value_or(*t), *t);
        }
        collection->features.push_back(std::move(feature));
    }
    std::ranges::sort(collection->features, id_less, [](auto const& f) -> std::string_view { return f->id(); });
    return collection;
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

inline std::shared_ptr<Collection const> make_lakes(std::string version = "l1")
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
    explicit Service(std::vector<std::shared_ptr<Collection const>> collections, OgcApiOptions options = {})
        : catalog_{make_catalog(std::move(collections), "c1")}, api_{catalog_, std::move(options)}, router_{api_.routes()}
    {}

    static std::shared_ptr<Catalog const> make_catalog(std::vector<std::shared_ptr<Collection const>> collections, std::string version)
    {
        auto catalog = std::make_shared<Catalog>();
        catalog->collections = std::move(collections);
        catalog->version = std::move(version);
        return catalog;
    }

    void publish(std::vector<std::shared_ptr<Collection const>> collections, std::string version)
    {
        catalog_.publish(make_catalog(std::move(collections), std::move(version)));
    }

    /// \param target path and query, or a whole address of the service
    [[nodiscard]] http::Reply get(std::string target, std::string accept = {}, std::string host = "test.example") const
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
        auto const match = router_.find(http::Method::get, request.path);
        if (match.route == nullptr)
            return http::make_problem(404, "not_found", "no route");
        request.path_parameters = match.parameters;
        return std::get<http::QuickHandler>(match.route->handler)(request);
    }

    [[nodiscard]] json::value get_json(std::string const& target, int status = 200) const
    {
        auto const reply = get(target);
        EXPECT_EQ(reply.status, status) << target << "\n" << reply.content->plain();
        return json::parse(reply.content->plain());
    }

    [[nodiscard]] OgcApi const& api() const noexcept { return api_; }

private:
    Snapshot<Catalog> catalog_;
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

}  // namespace yihong::ogcapi::testing
