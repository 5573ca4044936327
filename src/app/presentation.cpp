#include "presentation.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/state/site_feature.hpp"
#include "yihong/state/site_level.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

using http::Html;

/// A word of the data and what people say.
struct Word {
    std::string_view column, value, zh;
};
constexpr std::array words{
    Word{"kind", "water_section", "河流断面"},
    Word{"kind", "lake_section", "湖库断面"},
    Word{"kind", "air_station", "空气站"},
    Word{"kind", "outfall", "排口"},
    Word{"kind", "wastewater_plant", "污水厂"},
    Word{"level", site_level_labels[0].first, site_level_labels[0].second},
    Word{"level", site_level_labels[1].first, site_level_labels[1].second},
    Word{"level", site_level_labels[2].first, site_level_labels[2].second},
    Word{"interval", "realtime", "实时"},
    Word{"interval", "minute", "分钟"},
    Word{"interval", "hour", "小时"},
    Word{"interval", "4h", "4 小时"},
    Word{"interval", "day", "日"},
    Word{"interval", "sample", "采样"},
    Word{"status", "normal", "正常"},
    Word{"status", "maintenance", "维护"},
    Word{"status", "calibration", "校准"},
    Word{"status", "fault", "故障"},
    Word{"status", "stopped", "停运"},
    Word{"currency", "current", "现时"},
    Word{"currency", "stale", "过期"},
    Word{"currency", "none", "无数据"},
    Word{"alert_state", "none", "无"},
    Word{"alert_severity", "none", "无"},
};

std::optional<int> number(Value const& value)
{
    auto const found = number_of(value);
    return found ? std::optional{static_cast<int>(*found)} : std::nullopt;
}

int class_of(std::string_view label) noexcept
{
    for (int c = 1; c <= 6; ++c)
        if (water_class_label(c) == label)
            return c;
    return 0;
}

Html show(Column const& column, Value const& value)
{
    auto const& name = column.name;
    if (name == "water_class_label")
        return http::class_badge(class_of(to_text(value)), to_text(value));
    if (name == "water_class" || name == "target_class" || name == "peak_class")
        if (auto const c = number(value); c && *c >= 1 && *c <= 6)
            return http::class_badge(*c, water_class_label(*c)) + " " + http::element("small", std::to_string(*c));
    if (name == "aqi")
        return aqi_badge(number(value).value_or(0));
    auto const text = to_text(value);
    bool const is_word_of_alert = !text.empty() && text != "none";
    if (is_word_of_alert && (name == "severity" || name == "peak_severity" || name == "alert_severity"))
        return severity_badge(text);
    if (is_word_of_alert && (name == "state" || name == "alert_state"))
        return http::both(state_label(text), text);
    if (name == "family")
        if (auto const family = parse_alert_family(text))
            return http::both(label_zh(*family), text);
    auto const word = std::ranges::find_if(words, [&](Word const& known) { return known.column == name && known.value == text; });
    return word == words.end() ? Html{} : http::both(word->zh, word->value);
}

std::vector<std::string> first_columns(std::string_view collection)
{
    if (collection == "water-sections")
        return {"name",         "water_class_label", "currency",    "time",  "main_pollutants", "class_complete", "missing_parameters",
                "meets_target", "target_class",      "alert_state", "river", "county"};
    if (collection == "air-stations")
        return {"name", "aqi", "aqi_category", "primary_pollutants", "time", "currency", "alert_state", "pm25", "pm10", "o3", "county"};
    if (collection == "outfalls")
        return {"name",           "currency", "time",  "status", "alert_state", "cod", "ammonia_nitrogen", "total_phosphorus",
                "total_nitrogen", "ph",       "county"};
    if (collection == "alerts")
        return {"title", "severity", "state",    "opened_at",  "site_name", "water_class_label",
                "aqi",   "time",     "assignee", "resolve_by", "county"};
    return {};
}

std::vector<ogcapi::LandingLink> leads_to(FeatureSource const& collection, Feature const& feature)
{
    std::vector<ogcapi::LandingLink> links;
    auto const add = [&](std::string path, std::string title) {
        links.push_back({std::move(path), "related", "text/html", std::move(title)});
    };
    if (auto const state = site_state(feature)) {
        auto const site = "/api/v1/sites/" + percent_encoded(feature.id());
        if (state->alert)
            add("/api/v1/alerts/" + percent_encoded(state->alert->id) + "?f=html", "预警 Alert");
        if (state->newest)
            add(site + "/judgement?f=html", "评价依据 Judgement");
        auto const week = state->newest ? "&datetime=" + format_rfc3339(state->newest->time - std::chrono::days{7}) + "/.." : std::string{};
        add(site + "/readings?f=html" + week, "监测数据 Series");
        add("/collections/alerts/items?f=html&site=" + percent_encoded(feature.id()), "历次预警 Its alerts");
    } else if (collection.metadata().id == "alerts") {
        add("/api/v1/alerts/" + percent_encoded(feature.id()) + "?f=html", "预警单 The alert, to print");
        auto const site = text_of(collection, feature, "site");
        for (auto const& [kind, sites] :
             {std::pair{"air_station", "air-stations"}, std::pair{"water_section", "water-sections"},
              std::pair{"lake_section", "water-sections"}, std::pair{"outfall", "outfalls"}, std::pair{"wastewater_plant", "outfalls"}})
            if (text_of(collection, feature, "kind") == kind)
                add(std::string{"/collections/"} + sites + "/items/" + percent_encoded(site) + "?f=html", "站点 Site");
    }
    return links;
}

/// The class of the water as its letter, or the AQI, in its official colour.
ogcapi::Mark mark(FeatureSource const& collection, Feature const& feature)
{
    auto const of = [&](std::string_view column) {
        auto const index = collection.schema().find(column);
        return index ? number(feature.value(*index)).value_or(0) : 0;
    };
    auto const currency = collection.schema().find("currency");
    bool const is_old = currency && to_text(feature.value(*currency)) != "current";    // then the colour would tell of today
    if (int const water_class = of("water_class"); water_class >= 1 && water_class <= 6)
        return {is_old ? "" : "c" + std::to_string(water_class), std::string{water_class_label(water_class)}};
    if (int const aqi = of("aqi"); aqi > 0)
        return {is_old ? "" : "q" + std::to_string(aqi_level(aqi)), std::to_string(aqi)};
    return {};
}

}  // namespace

ogcapi::Presentation make_presentation() { return {.first_columns = first_columns, .show = show, .leads_to = leads_to, .mark = mark}; }

std::string text_of(FeatureSource const& collection, Feature const& feature, std::string_view column)
{
    auto const index = collection.schema().find(column);
    return index ? to_text(feature.value(*index)) : std::string{};
}

Html aqi_badge(int aqi)
{
    constexpr std::array<std::string_view, 6> styles{"q1", "q2", "q3", "q4", "q5", "q6"};
    if (aqi <= 0)
        return {};
    auto const level = aqi_level(aqi);
    return http::badge(styles[static_cast<std::size_t>(level - 1)], std::to_string(aqi) + " " + std::string{aqi_category_label(level)});
}

Html severity_badge(std::string_view severity)
{
    auto const known = parse_alert_severity(severity);
    return known ? http::badge(to_text(*known), http::both(label_zh(*known), severity)) : Html{severity};
}

std::string_view state_label(std::string_view state) noexcept
{
    auto const known = parse_alert_state(state);
    return known ? label_zh(*known) : state;
}

}  // namespace yihong
