#include "story.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/http/page.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong::alerts {
namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::string both(std::string_view zh, std::string_view en)
{
    return html_escaped(zh) + " <small lang=\"en\">" + html_escaped(en) + "</small>";
}
std::string heading(std::string_view zh, std::string_view en) { return "<h2>" + both(zh, en) + "</h2>"; }
std::string cell(std::string_view text) { return "<td>" + html_escaped(text) + "</td>"; }
std::string fact(std::string_view zh, std::string_view en, std::string const& html)
{
    return html.empty() ? std::string{} : "<tr><th>" + both(zh, en) + "</th><td>" + html + "</td></tr>";
}
std::string head_row(std::initializer_list<std::pair<std::string_view, std::string_view>> names)
{
    std::string out = "<tr>";
    for (auto const& [zh, en] : names)
        out += "<th>" + both(zh, en) + "</th>";
    return out + "</tr>";
}

/// `2025-11-06 20:00:05`
std::string beijing(UtcTime time)
{
    auto text = format_beijing(time).substr(0, 19);
    std::ranges::replace(text, 'T', ' ');
    return text;
}
std::string beijing(std::optional<UtcTime> time) { return time ? beijing(*time) : std::string{}; }
std::string beijing(std::string const& text)
{
    auto const time = parse_rfc3339(text);
    return time ? beijing(*time) : text;
}

std::string step_label(std::string_view kind)
{
    for (int i = 0; i <= static_cast<int>(AlertStepKind::reopened); ++i)
        if (auto const known = static_cast<AlertStepKind>(i); to_text(known) == kind)
            return std::string{label_zh(known)};
    return {};
}

/// A web address that somebody gave, as a link; whatever else it may be, as text.
std::string link_to(std::string_view address)
{
    auto const text = html_escaped(address);
    bool const is_web = address.starts_with("https://") || address.starts_with("http://");
    return is_web ? "<a href=\"" + text + "\" rel=\"noopener noreferrer\">" + text + "</a>" : text;
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

std::string parameter_label(std::string_view name, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(name);
    return parameter ? parameter->name_zh + " " + parameter->name_en : std::string{name};
}

std::string parameter_unit(std::string_view name, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(name);
    return parameter ? parameter->unit_suffix() : std::string{};
}

/// `氨氮 Ammonia nitrogen 1.31 mg/L` for every value, its flag behind it where that is not N.
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
        out += (out.empty() ? "" : "；") + html_escaped(parameter_label(name, parameters)) + " " + html_escaped(text.empty() ? "—" : text) +
               html_escaped(text.empty() ? "" : parameter_unit(name, parameters));
    return out;
}

std::string judged_as(object& record)
{
    auto const water = member(record, "water_class");
    auto const aqi = member(record, "aqi");
    if (water.size() == 1 && water[0] >= '1' && water[0] <= '6')
        return std::string{water_class_label(water[0] - '0')};
    return aqi.empty() ? std::string{} : "AQI " + aqi;
}

std::string rules_html(object& evidence)
{
    std::string out = "<ul>";
    for (auto element : evidence["rules"].get_array()) {
        auto rule = element.get_object().value();
        auto const id = member(rule, "id");
        auto const since = member(rule, "since");
        auto const zh = member(rule, "text");
        auto const en = member(rule, "text_en");
        out += "<li>" + both(zh.empty() ? id : zh, en) + " · <code>" + html_escaped(id) + "</code> · 自 since " +
               html_escaped(beijing(since)) + "</li>";
    }
    return out + "</ul>";
}

std::string records_html(object& evidence, ParameterBook const& parameters, std::string const& root)
{
    std::string out = "<table>" + head_row({{"监测时间", "Measured"},
                                            {"收到", "Received"},
                                            {"类别", "Class"},
                                            {"数值与标记", "Values, flags other than N"},
                                            {"原始数据", "Raw"}});
    std::string frames;
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
            frames += "<p>" + html_escaped(beijing(at)) + " · <code>SHA-256 " + html_escaped(hash) + "</code></p><pre>" +
                      html_escaped(text) + "</pre>";
            has_frames = true;
        }
        out += "<tr><td>" + html_escaped(beijing(time)) + "<br><small>" + html_escaped(interval) +
               (status == "normal" ? "" : " · " + html_escaped(status)) + "</small></td>" + cell(beijing(received)) + cell(judged) +
               "<td>" + values + "</td><td>" +
               (has_frames && raw.starts_with("/api/") ? "<a href=\"" + html_escaped(root + raw) + "\">原始 raw</a>" : std::string{}) +
               "</td></tr>";
    }
    out += "</table>";
    if (!frames.empty())
        out += "<h3>" + both("原始报文（口令已遮盖）", "Frames as received, passwords masked") + "</h3>" + frames;
    return out;
}

std::string judgement_html(object& evidence, ParameterBook const& parameters)
{
    object judgement;
    if (evidence["judgement"].get_object().get(judgement) != simdjson::SUCCESS)
        return {};
    auto const standard = member(judgement, "standard");
    std::string out = "<p>" + both("依据", "Standard") + " " + html_escaped(standard) + "</p>";
    simdjson::ondemand::array items;
    if (judgement["items"].get_array().get(items) != simdjson::SUCCESS)
        return out;
    out += "<table>" + head_row({{"项目", "Parameter"},
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
        std::string limit;
        value v;
        if (item["limit_class_3"].get(v) == simdjson::SUCCESS) {
            if (v.type().value() == simdjson::ondemand::json_type::array) {
                for (auto end : v.get_array())
                    limit += (limit.empty() ? "" : "–") + scalar(end.value());
            } else {
                limit = scalar(v);
            }
        }
        auto const clause_zh = member(item, "clause_zh");
        auto const why = member(item, "why_not_counted");
        bool const has_class = item_class.size() == 1 && item_class[0] >= '1' && item_class[0] <= '6';
        out += "<tr>" + cell(parameter_label(name, parameters)) + cell(assessed + parameter_unit(name, parameters)) + cell(limit) +
               cell(has_class ? water_class_label(item_class[0] - '0') : std::string_view{}) + cell(clause_zh) + cell(why) + "</tr>";
    }
    return out + "</table>";
}

std::string upstream_html(object& evidence, ParameterBook const& parameters)
{
    std::string rows;
    for (auto element : evidence["upstream"].get_array()) {
        auto site = element.get_object().value();
        auto const name = member(site, "name");
        auto const distance = member(site, "distance_km");
        auto const time = member(site, "time");
        auto const judged = judged_as(site);
        rows += "<tr>" + cell(name) + cell(distance.empty() ? "" : distance + " km") + cell(beijing(time)) + cell(judged) + "<td>" +
                values_of(site, parameters) + "</td></tr>";
    }
    if (rows.empty())
        return {};
    return "<h3>" + both("上游断面", "Sections upstream") + "</h3><table>" +
           head_row({{"断面", "Section"},
                     {"距离", "Distance"},
                     {"监测时间", "Measured"},
                     {"类别", "Class"},
                     {"数值与标记", "Values, flags other than N"}}) +
           rows + "</table>";
}

/// \throws simdjson::simdjson_error for evidence that is none of ours
std::string evidence_html(StoryStep const& step, World const& world, std::string const& root)
{
    auto const& parameters = world.standards->parameters();
    simdjson::ondemand::parser parser;
    simdjson::padded_string const padded{step.evidence};
    auto document = parser.iterate(padded);
    auto evidence = document.get_object().value();
    auto out = rules_html(evidence);
    out += records_html(evidence, parameters, root);
    out += judgement_html(evidence, parameters);
    object overlay;
    if (evidence["overlay"].get_object().get(overlay) == simdjson::SUCCESS) {
        auto const county = member(overlay, "county");
        auto const river = member(overlay, "river");
        auto const chainage = member(overlay, "river_chainage_km");
        out += "<p>" + both("所在", "Place") + " " + html_escaped(county) + " " + html_escaped(river) +
               (chainage.empty() ? "" : " " + html_escaped(chainage) + " km") + "</p>";
    }
    return out + upstream_html(evidence, parameters);
}

std::string items_html(Alert const& alert, ParameterBook const& parameters)
{
    auto const items = exceedances_of(alert);
    if (items.empty())
        return {};
    auto out = heading("超标项目", "What it objects to") + "<table>" +
               head_row({{"项目", "Parameter"},
                         {"数值", "Value"},
                         {"限值", "Limit"},
                         {"超标倍数", "Times over"},
                         {"类别", "Class"},
                         {"监测时间", "Measured"}});
    for (auto const& item : items) {
        auto const* parameter = parameters.find(item.parameter);
        out += "<tr>" + cell(parameter ? parameter->name_zh + " " + parameter->name_en : "空气质量指数 AQI") +
               cell(item.value.to_string() + (parameter ? parameter->unit_suffix() : "")) +
               cell(item.limit ? (item.below ? "≥ " : "≤ ") + item.limit->normalized().to_string() : "") +
               cell(item.multiple ? item.multiple->to_string() : "") + cell(water_class_label(item.item_class)) + cell(beijing(item.time)) +
               "</tr>";
    }
    return out + "</table>";
}

std::string deadlines_html(Alert const& alert)
{
    if (!alert.deadlines)
        return {};
    auto const& due = *alert.deadlines;
    auto const row = [&](std::string_view zh, std::string_view en, UtcTime by, std::optional<UtcTime> done, unsigned overdue_bit) {
        bool const late = done ? *done > by : (alert.reminded >> overdue_bit & 1U) != 0;
        return "<tr><th>" + both(zh, en) + "</th>" + cell(beijing(by)) + "<td>" + html_escaped(beijing(done)) +
               (late ? " <span class=\"bad\">超期 overdue</span>" : "") + "</td></tr>";
    };
    return heading(due.major ? "13710 时限（重大复杂事项）" : "13710 时限", due.major ? "Deadlines of a major matter" : "Deadlines") +
           "<table>" + head_row({{"", ""}, {"时限", "Due"}, {"完成", "Done"}}) +
           row("交办", "Assigned", due.assign_by, alert.assigned_at, 1) +
           row("反馈进展", "Progress", due.progress_by, alert.progress_at, 3) +
           row("办结", "Solved", due.resolve_by, alert.resolved_at, 5) + "</table>";
}

std::string timeline_html(Story const& story, bool with_from)
{
    auto out = heading("处置过程", "Timeline") + "<table>" +
               head_row({{"序号", "Step"}, {"时间", "Time"}, {"事项", "What"}, {"处理人", "By"}, {"内容", "Told"}, {"校验", "Chain"}});
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        auto const& step = story.steps[i];
        std::string told = both(step.text.title_zh, step.text.title_en);
        if (!step.note.empty())
            told += "<br>" + both("说明", "Note") + " " + html_escaped(step.note);
        for (auto const& link : step.links)
            told += "<br>" + link_to(link);
        if (!step.readable)
            told = "<span class=\"bad\">无法读取 unreadable</span>";
        out += "<tr><td>" + std::to_string(i + 1) + "</td>" + cell(beijing(step.at)) + "<td>" + both(step_label(step.kind), step.kind) +
               "</td><td>" + html_escaped(step.by == "engine" ? "系统 engine" : step.by) +
               (with_from && step.from != "engine" ? "<br><small>" + html_escaped(step.from) + "</small>" : "") + "</td><td>" + told +
               "</td><td>" + (step.verified ? "✓" : "<span class=\"bad\">✗</span>") + " <code>" +
               html_escaped(std::string_view{step.kept.hash}.substr(0, 16)) + "</code></td></tr>";
    }
    return out + "</table>";
}

}  // namespace

std::string story_as_html(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links, bool with_from)
{
    auto const* site = context.site(alert);
    auto const* facts = context.facts(alert);
    auto const text = alert_text(alert, standing_step(alert), context);
    auto const self = fmt::format("{}/api/v1/alerts/{}", links.root, percent_encoded(alert.id));
    std::string out = "<main><p class=\"screen\"><a href=\"" + html_escaped(links.root) + "/\">一泓 Yihong</a> · <a href=\"" +
                      html_escaped(self) + "?f=json\">JSON</a></p><h1 class=\"" + std::string{to_text(alert.severity)} + "\">" +
                      html_escaped(text.title_zh) + "</h1><p lang=\"en\">" + html_escaped(text.title_en) + "</p><p><strong>" +
                      std::string{label_zh(alert.severity)} + " · " + std::string{label_zh(alert.state)} + "</strong> <small lang=\"en\">" +
                      std::string{to_text(alert.severity)} + ", " + std::string{to_text(alert.state)} + "</small></p>";
    auto name = html_escaped(site ? site->name : alert.site_id);
    if (site && !links.site_collection.empty())
        name = "<a href=\"" +
               html_escaped(
                   fmt::format("{}/collections/{}/items/{}?f=html", links.root, links.site_collection, percent_encoded(alert.site_id))) +
               "\">" + name + "</a>";
    std::string upstream;
    for (auto const& id : alert.consequence_of)
        upstream += "<a href=\"" + html_escaped(fmt::format("{}/api/v1/alerts/{}?f=html", links.root, percent_encoded(id))) + "\">" +
                    html_escaped(id) + "</a> ";
    auto const at_peak = alert.peak_time ? "（" + beijing(alert.peak_time) + "）" : std::string{};
    auto const with_person = [](std::optional<UtcTime> time, std::string const& who) {
        return time ? html_escaped(beijing(*time) + (who.empty() ? "" : "，" + who)) : std::string{};
    };
    out +=
        "<table class=\"facts\">" + fact("编号", "Id", "<code>" + html_escaped(alert.id) + "</code>") +
        fact("站点", "Site", name + (site ? " <small lang=\"en\">" + html_escaped(site->name_en) + "</small>" : "")) +
        fact("河流", "River", site && facts ? html_escaped(river_of(*site, *facts)) : "") +
        fact("考核归属", "Assessed for", site ? html_escaped(site->assessed_for) : "") +
        fact("县（市、区）", "County", facts ? html_escaped(facts->county) : "") +
        fact("预警类别", "Family", both(label_zh(alert.family), to_text(alert.family))) +
        fact("最高级别", "Highest severity", both(label_zh(alert.peak_severity), to_text(alert.peak_severity))) +
        fact(alert.resolved_at ? "解除时水质类别" : "当前水质类别", alert.resolved_at ? "Class at its end" : "Present class",
             html_escaped(water_class_label(alert.water_class))) +
        fact("最差水质类别", "Worst class", html_escaped(std::string{water_class_label(alert.peak_class)} + at_peak)) +
        fact("水质目标", "Target class", site && site->target_class ? html_escaped(water_class_label(*site->target_class)) : "") +
        fact("最高空气质量指数", "Highest AQI", alert.peak_aqi > 0 ? std::to_string(alert.peak_aqi) + at_peak : "") +
        fact("监测时间", "Measured", html_escaped(beijing(alert.first_time) + (alert.first_time ? " – " : "") + beijing(alert.last_time))) +
        fact("发布", "Opened", html_escaped(beijing(alert.opened_at))) +
        fact("确认", "Acknowledged", with_person(alert.acknowledged_at, alert.acknowledged_by)) +
        fact("承办", "Assigned to", with_person(alert.assigned_at, alert.assignee)) +
        fact("解除", "Resolved",
             with_person(alert.resolved_at, alert.resolved_by_person ? "人工认定 by a person" : "监测数据恢复 by the readings")) +
        fact("销号", "Closed", html_escaped(beijing(alert.closed_at))) +
        fact("静默至", "Silent until", html_escaped(beijing(alert.silent_until))) +
        fact("可能受上游影响", "Likely from upstream", upstream) + "</table>";
    out += items_html(alert, context.world.standards->parameters());
    out += deadlines_html(alert);
    out += timeline_html(story, with_from);
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        auto const& step = story.steps[i];
        if (step.evidence.empty())
            continue;
        out += heading(fmt::format("证据：第 {} 步，{}", i + 1, step_label(step.kind)),
                       fmt::format("Evidence of step {}, {}", i + 1, step.kind));
        try {
            out += evidence_html(step, context.world, links.root);
        } catch (simdjson::simdjson_error const&) {
            out += "<p class=\"bad\">无法读取 unreadable</p>";
        }
    }
    out += heading("校验", "Chain of hashes");
    out += story.is_verified()
               ? "<p>每一步都与日志中的前一步相符。 <small lang=\"en\">Every step fits the one before it in the log.</small></p>"
               : "<p class=\"bad\">有的步骤与日志不符，日志可能被改动过。 A step does not fit the log: it may have been altered.</p>";
    if (!story.steps.empty())
        out += "<p><code>SHA-256 " + html_escaped(story.steps.back().kept.hash) + "</code></p>";
    out += "<p>时间均为北京时间。 <small lang=\"en\">All times are Beijing time.</small></p></main>\n";
    return http::html_page(text.title_zh, {}, out);
}

}  // namespace yihong::alerts
