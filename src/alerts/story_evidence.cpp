#include "story_evidence.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <simdjson.h>

#include <algorithm>

namespace yihong::alerts {
namespace {

using http::both;
using http::Html;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

Html beijing(std::string const& text)
{
    auto const time = parse_rfc3339(text);
    return time ? http::second(*time) : Html{text};
}

/// A value of the evidence as it was kept, digits and all; nothing for null.
std::string scalar(value v)
{
    switch (v.type().value()) {
    case simdjson::ondemand::json_type::string: return std::string{v.get_string().value()};
    case simdjson::ondemand::json_type::number: return std::string{trimmed(v.raw_json_token())};
    case simdjson::ondemand::json_type::boolean: return v.get_bool().value() ? "true" : "false";
    default: return {};
    }
}

/// Empty where the member is absent or null.
std::string member(object& from, std::string_view name)
{
    value v;
    return from[name].get(v) == simdjson::SUCCESS ? scalar(v) : std::string{};
}

std::string unit_of(std::string_view name, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(name);
    return parameter ? parameter->unit_suffix() : std::string{};
}

std::string short_name(std::string_view name, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(name);
    return parameter ? parameter->name_zh : std::string{name};
}

/// `氨氮 1.31 mg/L` for every value, its flag behind it where that is not N.
std::string values_of(object& record, ParameterBook const& parameters)
{
    std::vector<std::pair<std::string, std::string>> values;
    object inside;
    if (record["values"].get_object().get(inside) == simdjson::SUCCESS)
        for (auto field : inside) {
            std::string name{field.unescaped_key().value()};
            auto text = scalar(field.value());
            values.emplace_back(std::move(name), std::move(text));
        }
    if (record["flags"].get_object().get(inside) == simdjson::SUCCESS)
        for (auto field : inside) {
            std::string const name{field.unescaped_key().value()};
            auto const flag = scalar(field.value());
            auto const known = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
            if (known != values.end() && flag != "N")
                known->second += " [" + flag + "]";
        }
    std::string out;
    for (auto const& [name, text] : values)
        out += (out.empty() ? "" : "；") + short_name(name, parameters) + " " + (text.empty() ? "—" : text) +
               (text.empty() ? "" : unit_of(name, parameters));
    return out;
}

Html judged_as(object& record)
{
    auto const water = member(record, "water_class");
    auto const aqi = member(record, "aqi");
    if (water.size() == 1 && water[0] >= '1' && water[0] <= '6')
        return http::class_badge(water[0] - '0', water_class_label(water[0] - '0'));
    return aqi.empty() ? Html{} : Html{"AQI " + aqi};
}

Html rules_html(object& evidence)
{
    Html all;
    for (auto element : evidence["rules"].get_array()) {
        auto rule = element.get_object().value();
        auto const id = member(rule, "id");
        auto const since = member(rule, "since");
        auto const zh = member(rule, "text");
        auto const en = member(rule, "text_en");
        all += http::element("li", both(zh.empty() ? id : zh, en) + " · 自 " + beijing(since));
    }
    return all.empty() ? Html{} : http::element("ul", all);
}

/// Class limits of an item: one number, or both ends of a range.
std::string limit_of(object& item)
{
    std::string limit;
    value v;
    if (item["limit_class_3"].get(v) != simdjson::SUCCESS)
        return limit;
    if (v.type().value() != simdjson::ondemand::json_type::array)
        return scalar(v);
    for (auto end : v.get_array())
        limit += (limit.empty() ? "" : "–") + scalar(end.value());
    return limit;
}

Html judgement_html(object& evidence, ParameterBook const& parameters)
{
    object judgement;
    if (evidence["judgement"].get_object().get(judgement) != simdjson::SUCCESS)
        return {};
    auto const standard = member(judgement, "standard");
    Html out = http::element("p", both("依据", "Standard") + " " + standard);
    simdjson::ondemand::array items;
    if (judgement["items"].get_array().get(items) != simdjson::SUCCESS)
        return out;
    Html rows = http::head_row({{"项目", "Parameter"},
                                {"评价值", "Assessed"},
                                {"Ⅲ类限值", "Class III limit"},
                                {"类别", "Class"},
                                {"条款", "Clause"},
                                {"未参评原因", "Why not counted"}});
    for (auto element : items) {
        auto item = element.get_object().value();
        auto const name = member(item, "parameter");
        auto const assessed = member(item, "value");
        auto const item_class = member(item, "class");
        auto const limit = limit_of(item);
        auto const clause_zh = member(item, "clause_zh");
        auto const why = member(item, "why_not_counted");
        bool const has_class = item_class.size() == 1 && item_class[0] >= '1' && item_class[0] <= '6';
        rows += http::row({parameter_html(name, parameters), assessed + unit_of(name, parameters), limit,
                           has_class ? http::class_badge(item_class[0] - '0', water_class_label(item_class[0] - '0')) : Html{}, clause_zh,
                           why});
    }
    return out + http::table(rows);
}

Html place_html(object& evidence)
{
    object overlay;
    if (evidence["overlay"].get_object().get(overlay) != simdjson::SUCCESS)
        return {};
    auto const county = member(overlay, "county");
    auto const river = member(overlay, "river");
    auto const chainage = member(overlay, "river_chainage_km");
    return http::element("p", both("所在", "Place") + " " + county + " " + river + (chainage.empty() ? "" : " " + chainage + " km"));
}

/// `第 2 步` where something has been shown.
std::string at_step(std::size_t step) { return "见第 " + std::to_string(step) + " 步"; }

}  // namespace

Html parameter_html(std::string_view name, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(name);
    return parameter ? both(parameter->name_zh, parameter->name_en) : Html{name};
}

bool Evidence::is_new(std::string const& what, std::size_t number, std::size_t& step)
{
    auto const [known, fresh] = shown_.emplace(what, number);
    step = known->second;
    return fresh;
}

Html Evidence::of(StoryStep const& step, std::size_t number)
{
    auto const& parameters = world_.standards->parameters();
    simdjson::ondemand::parser parser;
    simdjson::padded_string const padded{step.evidence};
    auto document = parser.iterate(padded);
    auto evidence = document.get_object().value();
    std::size_t earlier = 0;
    std::size_t folded = 0;

    auto rules = rules_html(evidence);
    Html out = is_new("rules " + rules.text(), number, earlier) ? rules : Html{};

    Html rows;
    Html frames;
    for (auto element : evidence["records"].get_array()) {
        auto record = element.get_object().value();
        auto const time = member(record, "time");
        auto const interval = member(record, "interval");
        auto const status = member(record, "status");
        auto const received = member(record, "received_at");
        auto const judged = judged_as(record);
        auto const values = values_of(record, parameters);
        auto const raw = member(record, "raw");
        bool has_frames = false;                   // what came another way has nothing raw to show
        for (auto inside : record["frames"].get_array()) {
            auto frame = inside.get_object().value();
            auto const at = member(frame, "received_at");
            auto const text = member(frame, "text");
            auto const hash = member(frame, "sha256");
            has_frames = true;
            if (is_new("frame " + hash, number, earlier))
                frames += http::element("p", beijing(at) + " · " + http::element("code", "SHA-256 " + hash)) + http::element("pre", text);
        }
        if (!is_new("record " + time + interval + received + values, number, earlier)) {
            ++folded;
            continue;
        }
        auto const when =
            beijing(time) + Html::markup("<br>") + http::element("small", interval + (status == "normal" ? "" : " · " + status));
        auto const leads = has_frames && raw.starts_with("/api/") ? http::link(root_ + raw, "原始 raw") : Html{};
        rows += http::row({when, beijing(received), judged, values, leads});
    }
    if (!rows.empty())
        out += http::table(http::head_row({{"监测时间", "Measured"},
                                           {"收到", "Received"},
                                           {"类别", "Class"},
                                           {"数值与标记", "Values, flags other than N"},
                                           {"原始数据", "Raw"}}) +
                           rows);
    if (folded > 0)
        out += http::element(
            "p", both("另有 " + std::to_string(folded) + " 条记录前面已列出。", std::to_string(folded) + " records stand above."));
    if (!frames.empty())
        out += http::element("h3", both("原始报文（口令已遮盖）", "Frames as received, passwords masked")) + frames;

    auto const judgement = judgement_html(evidence, parameters);
    if (!judgement.empty())
        out += is_new("judgement " + judgement.text(), number, earlier) ? judgement
                                                                        : http::element("p", "评价同前，" + at_step(earlier) + "。");
    auto const place = place_html(evidence);
    if (is_new("place " + place.text(), number, earlier))
        out += place;

    Html upstream;
    for (auto element : evidence["upstream"].get_array()) {
        auto site = element.get_object().value();
        auto const name = member(site, "name");
        auto const distance = member(site, "distance_km");
        auto const time = member(site, "time");
        auto const judged = judged_as(site);
        auto const line = http::row({name, distance.empty() ? "" : distance + " km", beijing(time), judged, values_of(site, parameters)});
        if (is_new("upstream " + line.text(), number, earlier))
            upstream += line;
    }
    if (!upstream.empty())
        out += http::element("h3", both("上游断面", "Sections upstream")) +
               http::table(http::head_row({{"断面", "Section"},
                                           {"距离", "Distance"},
                                           {"监测时间", "Measured"},
                                           {"类别", "Class"},
                                           {"数值与标记", "Values, flags other than N"}}) +
                           upstream);
    return out;
}

}  // namespace yihong::alerts
