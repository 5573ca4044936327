#include "yihong/alerting/alert_document.hpp"

#include "alert_names.hpp"

#include "yihong/base/beijing_text.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace yihong {
namespace {

void number_or_null(JsonWriter& json, std::string_view name, int number)
{
    json.key(name);
    number > 0 ? json.value(number) : json.null();
}

void write_time(JsonWriter& json, AlertTimes times, std::string_view name, std::optional<UtcTime> time)
{
    if (times == AlertTimes::with_beijing)
        write_with_beijing(json, name, time);
    else
        json.member_or_null(name, time);
}

void write_items(JsonWriter& json, std::string_view name_of_list, std::vector<Exceedance> const& items, ParameterBook const& parameters,
                 AlertTimes times)
{
    json.key(name_of_list).begin_array();
    for (auto const& item : items) {
        auto const* parameter = parameters.find(item.parameter);
        auto const [name, name_en, unit] = names_of(item.parameter, parameters);
        json.begin_object()
            .member("parameter", parameter ? std::string_view{parameter->name} : std::string_view{"aqi"})
            .member("name", name)
            .member("name_en", name_en)
            .member("value", item.value);
        json.text_or_null("unit", parameter && parameter->unit != "dimensionless" ? std::string_view{parameter->unit} : std::string_view{});
        // the threshold of a sudden change is no limit that anybody has set
        json.key("limit");
        item.limit&& item.compared_with != Comparison::median ? json.value(item.limit->normalized()) : json.null();
        json.key("multiple");
        item.multiple ? json.value(*item.multiple) : json.null();
        number_or_null(json, "class", item.item_class);
        json.member("compared_with", to_text(item.compared_with));
        number_or_null(json, "limit_class", item.limit_class);
        json.key("median");
        item.median ? json.value(item.median->normalized()) : json.null();
        write_time(json, times, "time", item.time);
        json.member("interval", to_text(item.interval)).end_object();
    }
    json.end_array();
}

/// What it is now, and what it was at its worst.
void write_values(JsonWriter& json, Alert const& alert, ParameterBook const& parameters, AlertTimes times)
{
    json.key("deciding_parameters").begin_array();
    for (auto const& name : deciding_parameters(alert, parameters))
        json.value(name);
    json.end_array();
    write_items(json, "pollutants", alert.causes.empty() ? std::vector<Exceedance>{} : exceedances_of(alert), parameters, times);
    write_items(json, "present", alert.present, parameters, times);
    write_items(json, "worst", alert.worst, parameters, times);
}

std::string_view bit_name(unsigned bit) noexcept { return bit == 1 ? "assign" : bit == 3 ? "progress" : bit == 5 ? "resolve" : ""; }

}  // namespace

OverlayFacts const* AlertContext::facts(Alert const& alert) const noexcept
{
    auto const* found = site(alert);
    return found ? &world.facts[static_cast<std::size_t>(found - world.sites->all().data())] : nullptr;
}

double hours_of(Alert const& alert, UtcTime now)
{
    return std::round(std::chrono::duration<double, std::ratio<3600>>{alert.resolved_at.value_or(now) - alert.opened_at}.count() * 10) / 10;
}

std::vector<Exceedance> exceedances_of(Alert const& alert)
{
    std::vector<Exceedance> items;
    for (auto const& cause : alert.causes)
        for (auto const& item : cause.items)
            if (std::ranges::find(items, item.parameter, &Exceedance::parameter) == items.end())
                items.push_back(item);
    for (auto& item : items)                       // as it is now
        if (auto const now = std::ranges::find(alert.present, item.parameter, &Exceedance::parameter);
            now != alert.present.end() && now->time > item.time)
            item = *now;
    if (items.empty())
        items = alert.worst;
    std::ranges::sort(items, [](Exceedance const& a, Exceedance const& b) {
        return std::tuple{-a.item_class, b.multiple.value_or(Decimal{-1, 0}), a.parameter} <
               std::tuple{-b.item_class, a.multiple.value_or(Decimal{-1, 0}), b.parameter};
    });
    return items;
}

std::vector<std::string> deciding_parameters(Alert const& alert, ParameterBook const& parameters)
{
    std::vector<std::string> names;
    auto const items = exceedances_of(alert);      // the worst class first
    for (auto const& item : items)
        if (auto const* parameter = parameters.find(item.parameter); parameter && item.item_class == items.front().item_class)
            names.push_back(parameter->name);
    return names;
}

std::string_view main_rule(Alert const& alert) noexcept
{
    if (!alert.causes.empty())
        return std::ranges::max_element(alert.causes, {}, &AlertCause::severity)->rule;
    return alert.rules.empty() ? std::string_view{} : std::string_view{alert.rules.front()};
}

void write_alert(JsonWriter& json, Alert const& alert, AlertContext const& context, AlertTimes times)
{
    json.begin_object();
    write_alert_members(json, alert, context, times);
    json.end_object();
}

void write_alert_members(JsonWriter& json, Alert const& alert, AlertContext const& context, AlertTimes times)
{
    auto const write_moment = [&](std::string_view name, std::optional<UtcTime> time) { write_time(json, times, name, time); };
    auto const& parameters = context.world.standards->parameters();
    auto const* site = context.site(alert);
    auto const* facts = context.facts(alert);
    json.member("id", alert.id).member("family", to_text(alert.family));
    json.text_or_null("rule", main_rule(alert));
    json.key("rules").begin_array();
    for (auto const& rule : alert.rules)
        json.value(rule);
    json.end_array()
        .member("site", alert.site_id)
        .member("site_name", site ? std::string_view{site->name} : std::string_view{alert.site_id});
    json.text_or_null("site_name_en", site ? std::string_view{site->name_en} : std::string_view{});
    json.text_or_null("kind", site ? to_text(site->kind) : std::string_view{});
    json.text_or_null("county", facts ? std::string_view{facts->county} : std::string_view{});
    json.text_or_null("river", site && facts ? river_of(*site, *facts) : std::string_view{});
    json.text_or_null("assessed_for", site ? std::string_view{site->assessed_for} : std::string_view{});
    json.key("position");
    site && site->position ? json.begin_array().value(site->position->lon).value(site->position->lat).end_array() : json.null();
    json.member("severity", to_text(alert.severity))
        .member("peak_severity", to_text(alert.peak_severity))
        .member("state", to_text(alert.state));
    write_moment("opened_at", alert.opened_at);
    write_moment("updated_at", alert.updated_at);
    write_moment("acknowledged_at", alert.acknowledged_at);
    json.text_or_null("acknowledged_by", alert.acknowledged_by);
    write_moment("assigned_at", alert.assigned_at);
    json.text_or_null("assignee", alert.assignee);
    write_moment("progress_at", alert.progress_at);
    write_moment("resolved_at", alert.resolved_at);
    json.key("resolved_by");
    alert.resolved_at ? json.value(alert.resolved_by_person ? "person" : "water") : json.null();
    write_moment("closed_at", alert.closed_at);
    write_moment("first_time", alert.first_time);
    write_moment("last_time", alert.last_time);
    number_or_null(json, "water_class", alert.water_class);
    json.text_or_null("water_class_label", water_class_label(alert.water_class));
    number_or_null(json, "target_class", site ? site->target_class.value_or(0) : 0);
    number_or_null(json, "aqi", alert.aqi);
    number_or_null(json, "peak_class", alert.peak_class);
    json.text_or_null("peak_class_label", water_class_label(alert.peak_class));
    number_or_null(json, "peak_aqi", alert.peak_aqi);
    write_moment("peak_time", alert.peak_time);
    write_values(json, alert, parameters, times);
    json.key("likely_consequence_of").begin_array();
    for (auto const& upstream : alert.consequence_of)
        json.value(upstream);
    json.end_array().member("escalation_level", alert.escalation_level);
    write_moment("escalates_at", alert.escalate_at);
    write_moment("silent_until", alert.silent_until);
    json.key("deadlines");
    if (alert.deadlines) {
        json.begin_object();
        write_moment("assign_by", alert.deadlines->assign_by);
        write_moment("progress_by", alert.deadlines->progress_by);
        write_moment("resolve_by", alert.deadlines->resolve_by);
        json.member("major", alert.deadlines->major).end_object();
    } else {
        json.null();
    }
    json.key("overdue").begin_array();
    for (unsigned bit = 0; bit < 6; ++bit)
        if ((alert.reminded >> bit & 1U) != 0 && !bit_name(bit).empty())
            json.value(bit_name(bit));
    json.end_array().member("steps", static_cast<std::int64_t>(alert.steps));
    json.member("messages", static_cast<std::int64_t>(alert.told.messages))
        .member("reminders", static_cast<std::int64_t>(alert.told.reminders));
}

void write_text(JsonWriter& json, AlertText const& text)
{
    json.begin_object();
    json.key("zh").begin_object().member("title", text.title_zh).member("body", text.body_zh).end_object();
    json.key("en").begin_object().member("title", text.title_en).member("body", text.body_en).end_object().end_object();
}

void write_recipients(JsonWriter& json, std::span<Contact const* const> recipients)
{
    json.key("recipients").begin_array();
    for (auto const* contact : recipients)
        json.begin_object()
            .member("id", contact->id)
            .member("name", contact->name)
            .member("role", contact->role)
            .member("phone", contact->phone)
            .member("email", contact->email)
            .member("dingtalk_id", contact->dingtalk_id)
            .member("wecom_id", contact->wecom_id)
            .member("feishu_id", contact->feishu_id)
            .end_object();
    json.end_array();
}

}  // namespace yihong
