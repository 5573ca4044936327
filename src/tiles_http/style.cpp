#include "documents.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/evaluate/official_colours.hpp"

#include <algorithm>
#include <functional>

namespace yihong::tiles_http {
namespace {

constexpr std::string_view name_of_source = "yihong";
constexpr std::string_view line_colour = "#5b8db8";        // waters and borders below the sites: no colour of a class
constexpr std::string_view ink = "#16181b";

/// `["match",["get","water_class"],1,"#ccffff",…,"#dddddd"]`
void write_colours(JsonWriter& json, std::string_view property, std::string_view (*colour)(int) noexcept)
{
    json.begin_array().value("match").begin_array().value("get").value(property).end_array();
    for (int level = 1; level <= 6; ++level)
        json.value(level).value(colour(level));
    json.value(colour(0)).end_array();
}

/// What a property says, or `otherwise`.
template <typename T>
void write_match(JsonWriter& json, std::string_view property, std::string_view word, T then, T otherwise)
{
    json.begin_array().value("match").begin_array().value("get").value(property).end_array();
    json.value(word).value(then).value(otherwise).end_array();
}

class StyleLayers {
public:
    explicit StyleLayers(JsonWriter& json) : json_{json} {}

    void add(FeatureSource const& source, std::string_view suffix, std::string_view type, std::function<void(JsonWriter&)> const& paint)
    {
        auto const& id = source.metadata().id;
        json_.begin_object()
            .member("id", id + std::string{suffix})
            .member("type", type)
            .member("source", name_of_source)
            .member("source-layer", id);
        json_.key("paint").begin_object();
        paint(json_);
        json_.end_object().end_object();
    }

private:
    JsonWriter& json_;
};

void add_area(StyleLayers& layers, FeatureSource const& source)
{
    layers.add(source, "", "fill", [](JsonWriter& json) { json.member("fill-color", line_colour).member("fill-opacity", 0.08); });
    layers.add(source, "-edge", "line",
               [](JsonWriter& json) { json.member("line-color", line_colour).member("line-width", 0.8).member("line-opacity", 0.6); });
}

void add_points(StyleLayers& layers, FeatureSource const& source)
{
    auto const has = [&](std::string_view column) { return source.schema().find(column).has_value(); };
    if (has("severity")) {                                 // alerts: a ring round what their site shows
        layers.add(source, "", "circle", [](JsonWriter& json) {
            json.member("circle-radius", 10).member("circle-opacity", 0).member("circle-stroke-color", ink);
            json.key("circle-stroke-width");
            write_match(json, "severity", "high", 3, 1);
        });
        return;
    }
    layers.add(source, "", "circle", [&](JsonWriter& json) {
        json.member("circle-radius", 6);
        json.key("circle-color");
        if (has("water_class"))
            write_colours(json, "water_class", class_colour);
        else if (has("aqi_level"))
            write_colours(json, "aqi_level", aqi_level_colour);
        else
            json.value(class_colour(0));
        if (has("currency")) {                             // what is no longer so is pale
            json.key("circle-opacity");
            write_match(json, "currency", "current", 1.0, 0.35);
        }
        json.member("circle-stroke-color", ink);
        json.key("circle-stroke-width");
        if (has("alert_state"))
            write_match(json, "alert_state", "none", 1, 3);
        else
            json.value(1);
    });
}

}  // namespace

std::string style_json(Subject const& subject)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("version", 8).member("name", subject.title());
    if (auto const box = subject.bounds(); !box.is_empty())
        json.key("center").begin_array().value((box.west + box.east) / 2).value((box.south + box.north) / 2).end_array().member("zoom", 7);
    json.key("sources").begin_object().key(name_of_source).begin_object().member("type", "vector");
    json.member("url",
                subject.url() + "/WebMercatorQuad/tilejson.json" + (subject.selected.empty() ? "" : "?collections=" + subject.selected));
    json.end_object().end_object().key("layers").begin_array();
    StyleLayers layers{json};
    auto const each = [&](int wanted, auto add) {          // areas lie below lines, and these below points
        for (auto const& source : subject.sources)
            if (dimension(source->metadata().geometry_type) == wanted)
                add(layers, *source);
    };
    each(2, add_area);
    each(1, [](StyleLayers& all, FeatureSource const& source) {
        all.add(source, "", "line", [](JsonWriter& paint) { paint.member("line-color", line_colour).member("line-width", 1.5); });
    });
    each(0, add_points);
    json.end_array().end_object();
    return out;
}

}  // namespace yihong::tiles_http
