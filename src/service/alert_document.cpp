#include "yihong/service/alert_document.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 14> step_names{"opened",   "escalated",  "eased",     "updated",  "acknowledged",
                                                      "assigned", "progressed", "commented", "silenced", "reminded",
                                                      "overdue",  "resolved",   "closed",    "reopened"};
constexpr std::array<std::string_view, 14> step_labels{"发布", "升级", "降级", "更新", "确认", "交办", "进展",
                                                       "备注", "静默", "提醒", "超期", "解除", "销号", "重新发布"};

void number_or_null(JsonWriter& json, std::string_view name, int number)
{
    json.key(name);
    number > 0 ? json.value(number) : json.null();
}

std::string number(Decimal const& value) { return value.normalized().to_string(); }

struct Names {
    std::string zh, en, unit;
};
Names names_of(ParameterId id, ParameterBook const& parameters)
{
    if (id == 0)
        return {"空气质量指数", "AQI", ""};
    auto const* parameter = parameters.find(id);
    return parameter ? Names{parameter->name_zh, parameter->name_en, parameter->unit_suffix()}
                     : Names{fmt::format("#{}", id), fmt::format("#{}", id), ""};
}

/// The AQI as a whole is named by its limit, water items by class and multiple.
std::string item_zh(Exceedance const& item, RuleKind kind, ParameterBook const& parameters)
{
    auto const [name, name_en, unit] = names_of(item.parameter, parameters);
    if (kind == RuleKind::over_range)
        return name + "超出量程";
    if (kind == RuleKind::frozen)
        return fmt::format("{}持续为{}{}", name, item.value.to_string(), unit);
    auto text = fmt::format("{} {}{}", name, item.value.to_string(), unit);
    if (item.limit)
        text += fmt::format("（{}{}{}", item.below ? "低于" : "限值", number(*item.limit),
                            item.item_class ? fmt::format("，{}类", water_class_label(item.item_class)) : "");
    if (item.limit && item.multiple)
        text += fmt::format("，超标{}倍", item.multiple->to_string());
    return item.limit ? text + "）" : text;
}

std::string item_en(Exceedance const& item, RuleKind kind, ParameterBook const& parameters)
{
    auto const [name_zh, name, unit] = names_of(item.parameter, parameters);
    if (kind == RuleKind::over_range)
        return name + " over range";
    if (kind == RuleKind::frozen)
        return fmt::format("{} stays at {}{}", name, item.value.to_string(), unit);
    auto text = fmt::format("{} {}{}", name, item.value.to_string(), unit);
    if (item.limit)
        text += fmt::format(" ({} {}{}", item.below ? "below" : "limit", number(*item.limit),
                            item.item_class ? fmt::format(", class {}", water_class_label(item.item_class)) : "");
    if (item.limit && item.multiple)
        text += fmt::format(", {} times over", item.multiple->to_string());
    return item.limit ? text + ")" : text;
}

RuleKind kind_for_items(Alert const& alert) noexcept
{
    for (auto const& cause : alert.causes)
        if (cause.kind == RuleKind::frozen || cause.kind == RuleKind::over_range)
            return cause.kind;
    return RuleKind::worse_than_class;
}

bool has_data_gap(Alert const& alert) noexcept
{
    return std::ranges::find(alert.causes, RuleKind::data_gap, &AlertCause::kind) != alert.causes.end();
}

/// What is the matter, without the site.
std::pair<std::string, std::string> matter(Alert const& alert, ParameterBook const& parameters)
{
    auto const items = exceedances_of(alert);
    auto const first = items.empty() ? std::pair<std::string, std::string>{}
                                     : std::pair{item_zh(items[0], kind_for_items(alert), parameters),
                                                 item_en(items[0], kind_for_items(alert), parameters)};
    switch (alert.family) {
    case AlertFamily::water:
        if (alert.water_class > 3)
            return {fmt::format("水质{}类：{}", water_class_label(alert.water_class), first.first),
                    fmt::format("water class {}: {}", water_class_label(alert.water_class), first.second)};
        return {"水质需关注：" + first.first, "water quality needs attention: " + first.second};
    case AlertFamily::month: return {"本月均值未达标：" + first.first, "mean of the month misses its target: " + first.second};
    case AlertFamily::air:
        return {fmt::format("空气质量指数{}（{}）", alert.aqi, aqi_category_label(aqi_level(alert.aqi))), fmt::format("AQI {}", alert.aqi)};
    case AlertFamily::discharge: return {"排放超标：" + first.first, "discharge over its limit: " + first.second};
    case AlertFamily::operation:
        if (has_data_gap(alert) || items.empty())
            return {"数据中断", "no data"};
        return {"数据异常：" + first.first, "doubtful data: " + first.second};
    case AlertFamily::service: {
        std::pair<std::string, std::string> text{"服务恢复正常", "the service is fine again"};
        for (std::size_t i = 0; i < alert.causes.size(); ++i) {
            auto const kind = alert.causes[i].kind;
            if (i == 0)
                text = {};
            text.first += (i ? "、" : "") + std::string{kind == RuleKind::outbox_stalled ? "通知积压"
                                                        : kind == RuleKind::store_full   ? "存储将满"
                                                                                         : "全网无数据"};
            text.second += (i ? ", " : "") + std::string{kind == RuleKind::outbox_stalled ? "notifications do not get through"
                                                         : kind == RuleKind::store_full   ? "the disk is nearly full"
                                                                                          : "no station sends anything"};
        }
        return text;
    }
    }
    return {};
}

void write_items(JsonWriter& json, Alert const& alert, ParameterBook const& parameters)
{
    json.key("deciding_parameters").begin_array();
    for (auto const& name : deciding_parameters(alert, parameters))
        json.value(name);
    json.end_array().key("pollutants").begin_array();
    for (auto const& item : exceedances_of(alert)) {
        auto const* parameter = parameters.find(item.parameter);
        auto const [name, name_en, unit] = names_of(item.parameter, parameters);
        json.begin_object()
            .member("parameter", parameter ? std::string_view{parameter->name} : std::string_view{"aqi"})
            .member("name", name)
            .member("name_en", name_en)
            .member("value", item.value);
        json.text_or_null("unit", parameter && parameter->unit != "dimensionless" ? std::string_view{parameter->unit} : std::string_view{});
        json.key("limit");
        item.limit ? json.value(item.limit->normalized()) : json.null();
        json.key("multiple");
        item.multiple ? json.value(*item.multiple) : json.null();
        number_or_null(json, "class", item.item_class);
        json.member("time", item.time).end_object();
    }
    json.end_array();
}

std::string_view bit_name(unsigned bit) noexcept { return bit == 1 ? "assign" : bit == 3 ? "progress" : bit == 5 ? "resolve" : ""; }

}  // namespace

std::string_view to_text(AlertStepKind kind) noexcept { return step_names[static_cast<std::size_t>(kind)]; }
std::string_view label_zh(AlertStepKind kind) noexcept { return step_labels[static_cast<std::size_t>(kind)]; }

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

AlertText alert_text(Alert const& alert, AlertStepInfo const& step, AlertContext const& context)
{
    auto const& parameters = context.world.standards->parameters();
    auto const* site = context.site(alert);
    auto const* facts = context.facts(alert);
    bool const own = alert.family == AlertFamily::service;
    auto const name = own ? std::string{"一泓服务"} : site ? site->name : alert.site_id;
    auto const name_en = own ? std::string{"Yihong"} : site && !site->name_en.empty() ? site->name_en : name;
    auto const [what, what_en] = matter(alert, parameters);
    AlertText text;
    auto const mark = step.kind == AlertStepKind::opened ? std::string{label_zh(alert.severity)} : std::string{label_zh(step.kind)};
    text.title_zh = fmt::format("【{}】{}{}", mark, name, what);
    text.title_en =
        fmt::format("[{}] {}: {}", step.kind == AlertStepKind::opened ? to_text(alert.severity) : to_text(step.kind), name_en, what_en);
    auto const line = [&](std::string_view zh, std::string_view value_zh, std::string_view en, std::string_view value_en) {
        if (!value_zh.empty())
            text.body_zh += fmt::format("{}：{}\n", zh, value_zh);
        if (!value_en.empty())
            text.body_en += fmt::format("{}: {}\n", en, value_en);
    };
    std::string place = name;
    std::string place_en = name_en;
    if (facts && !(facts->river.empty() && facts->county.empty())) {
        place += fmt::format("（{}{}{}）", facts->river, facts->river.empty() || facts->county.empty() ? "" : "，", facts->county);
        place_en += fmt::format(" ({}{}{})", facts->river, facts->river.empty() || facts->county.empty() ? "" : ", ", facts->county);
    }
    line("站点", place, "Site", place_en);
    line("级别", fmt::format("{}（{}）", label_zh(alert.severity), label_zh(alert.state)), "Severity",
         fmt::format("{} ({})", to_text(alert.severity), to_text(alert.state)));
    if (alert.last_time)
        line("监测时间", format_beijing_minute(*alert.last_time) + "（北京时间）", "Measured",
             format_beijing_minute(*alert.last_time) + " (Beijing time)");
    for (auto const& item : exceedances_of(alert))
        line("指标", item_zh(item, kind_for_items(alert), parameters), "Item", item_en(item, kind_for_items(alert), parameters));
    if (site && site->target_class)
        line("水质目标", fmt::format("{}类", water_class_label(*site->target_class)), "Target",
             fmt::format("class {}", water_class_label(*site->target_class)));
    for (auto const& cause : alert.causes) {
        auto const rule = std::ranges::find(context.world.alerts->rules, cause.rule, &AlertRule::id);
        if (rule == context.world.alerts->rules.end())
            continue;
        auto const [zh, en] = describe(*rule);
        line("规则", zh, "Rule", en);
        if (cause.kind == RuleKind::data_gap)
            line("最后数据", format_beijing_minute(cause.since) + "（北京时间）", "Last data",
                 format_beijing_minute(cause.since) + " (Beijing time)");
    }
    for (auto const& upstream : alert.consequence_of)
        line("可能受上游影响", upstream, "Likely from upstream", upstream);
    if (step.by != "engine")
        line("处理人", step.by, "By", step.by);
    line("说明", step.note, "Note", step.note);
    if (alert.deadlines && alert.state < AlertState::resolved)
        line("13710 时限",
             fmt::format("{}前交办，{}前反馈进展，{}前办结", format_beijing_minute(alert.deadlines->assign_by),
                         format_beijing_minute(alert.deadlines->progress_by), format_beijing_minute(alert.deadlines->resolve_by)),
             "13710 deadlines",
             fmt::format("assign by {}, progress by {}, solve by {} (Beijing time)", format_beijing_minute(alert.deadlines->assign_by),
                         format_beijing_minute(alert.deadlines->progress_by), format_beijing_minute(alert.deadlines->resolve_by)));
    if (!context.public_url.empty()) {
        auto const url = fmt::format("{}/api/v1/alerts/{}?f=html", context.public_url, alert.id);
        line("详情", url, "Details", url);
    }
    return text;
}

std::pair<std::string, std::string> describe(AlertRule const& rule)
{
    auto const hours = [](std::chrono::minutes m) { return fmt::format("{:g}", static_cast<double>(m.count()) / 60.0); };
    auto const times_zh = rule.records > 1
                              ? fmt::format("连续{}次有效数据{}", rule.records,
                                            rule.min_gap.count() > 0 ? fmt::format("（间隔不少于{}小时）", hours(rule.min_gap)) : "")
                              : std::string{"1次有效数据"};
    auto const times_en = rule.records > 1
                              ? fmt::format("{} consecutive valid records{}", rule.records,
                                            rule.min_gap.count() > 0 ? fmt::format(" at least {} h apart", hours(rule.min_gap)) : "")
                              : std::string{"one valid record"};
    std::pair<std::string, std::string> text;
    switch (rule.kind) {
    case RuleKind::worse_than_class:
        text = {fmt::format("{}同一指标劣于{}类", times_zh, water_class_label(rule.water_class)),
                fmt::format("{} worse than class {} by the same item", times_en, water_class_label(rule.water_class))};
        break;
    case RuleKind::worse_than_target:
        text = {times_zh + "同一指标劣于断面水质目标", times_en + " worse than the section's target by the same item"};
        break;
    case RuleKind::heavy:
        text = {fmt::format("{}劣于Ⅴ类，或超标{}倍以上", times_zh, rule.multiple.to_string()),
                fmt::format("{} worse than class V, or {} times and more over class III", times_en, rule.multiple.to_string())};
        break;
    case RuleKind::jump:
        text = {fmt::format("数值超过近{}天中位数的{}倍（溶解氧低于其{}分之一），且劣于{}类", rule.window.count(), number(rule.factor),
                            number(rule.factor), water_class_label(rule.water_class)),
                fmt::format("above {} times the median of {} days (oxygen: below 1/{} of it), and worse than class {}", number(rule.factor),
                            rule.window.count(), number(rule.factor), water_class_label(rule.water_class))};
        break;
    case RuleKind::approaching:
        text = {fmt::format("数值达到Ⅲ类限值的{}%并持续变差", rule.percent),
                fmt::format("at {} % of the class III limit and getting worse", rule.percent)};
        break;
    case RuleKind::month_mean: text = {"本月均值劣于水质目标", "mean of the month worse than the target"}; break;
    case RuleKind::aqi:
        text = {fmt::format("空气质量指数连续{}小时高于{}", rule.records, rule.aqi),
                fmt::format("AQI above {} for {} h", rule.aqi, rule.records)};
        break;
    case RuleKind::discharge:
        text = {fmt::format("{}超过排放限值{}", times_zh, rule.standard.empty() ? "" : "（" + rule.standard + "）"),
                fmt::format("{} over the discharge limit{}", times_en, rule.standard.empty() ? "" : " (" + rule.standard + ")")};
        break;
    case RuleKind::data_gap:
        text = {fmt::format("超过{}小时没有数据", hours(rule.after)), fmt::format("no data for {} h", hours(rule.after))};
        break;
    case RuleKind::frozen:
        text = {fmt::format("连续{}次数值相同", rule.records), fmt::format("{} equal readings in a row", rule.records)};
        break;
    case RuleKind::over_range: text = {"数据标记为超上限（T）", "flagged over range (T)"}; break;
    case RuleKind::outbox_stalled:
        text = {fmt::format("通知超过{}小时未能送达", hours(rule.after)),
                fmt::format("notifications have not got through for {} h", hours(rule.after))};
        break;
    case RuleKind::store_full:
        text = {fmt::format("数据盘已用{}%以上", rule.percent), fmt::format("{} % of the disk in use", rule.percent)};
        break;
    case RuleKind::no_data:
        text = {fmt::format("全网超过{}小时没有数据", hours(rule.after)),
                fmt::format("no data from any station for {} h", hours(rule.after))};
        break;
    }
    if (!rule.title.empty())
        text.first = rule.title + "：" + text.first;
    if (!rule.title_en.empty())
        text.second = rule.title_en + ": " + text.second;
    return text;
}

std::string_view main_rule(Alert const& alert) noexcept
{
    if (!alert.causes.empty())
        return std::ranges::max_element(alert.causes, {}, &AlertCause::severity)->rule;
    return alert.rules.empty() ? std::string_view{} : std::string_view{alert.rules.front()};
}

void write_alert(JsonWriter& json, Alert const& alert, AlertContext const& context)
{
    json.begin_object();
    write_alert_members(json, alert, context);
    json.end_object();
}

void write_alert_members(JsonWriter& json, Alert const& alert, AlertContext const& context)
{
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
    json.text_or_null("river", facts ? std::string_view{facts->river} : std::string_view{});
    json.key("position");
    site && site->position ? json.begin_array().value(site->position->lon).value(site->position->lat).end_array() : json.null();
    json.member("severity", to_text(alert.severity))
        .member("peak_severity", to_text(alert.peak_severity))
        .member("state", to_text(alert.state));
    json.member("opened_at", alert.opened_at).member("updated_at", alert.updated_at);
    json.member_or_null("acknowledged_at", alert.acknowledged_at);
    json.text_or_null("acknowledged_by", alert.acknowledged_by);
    json.member_or_null("assigned_at", alert.assigned_at);
    json.text_or_null("assignee", alert.assignee);
    json.member_or_null("progress_at", alert.progress_at);
    json.member_or_null("resolved_at", alert.resolved_at);
    json.key("resolved_by");
    alert.resolved_at ? json.value(alert.resolved_by_person ? "person" : "water") : json.null();
    json.member_or_null("closed_at", alert.closed_at);
    json.member_or_null("first_time", alert.first_time);
    json.member_or_null("last_time", alert.last_time);
    number_or_null(json, "water_class", alert.water_class);
    json.text_or_null("water_class_label", water_class_label(alert.water_class));
    number_or_null(json, "target_class", site ? site->target_class.value_or(0) : 0);
    number_or_null(json, "aqi", alert.aqi);
    write_items(json, alert, parameters);
    json.key("likely_consequence_of").begin_array();
    for (auto const& upstream : alert.consequence_of)
        json.value(upstream);
    json.end_array().member("escalation_level", alert.escalation_level);
    json.member_or_null("escalates_at", alert.escalate_at);
    json.member_or_null("silent_until", alert.silent_until);
    json.key("deadlines");
    if (alert.deadlines)
        json.begin_object()
            .member("assign_by", alert.deadlines->assign_by)
            .member("progress_by", alert.deadlines->progress_by)
            .member("resolve_by", alert.deadlines->resolve_by)
            .member("major", alert.deadlines->major)
            .end_object();
    else
        json.null();
    json.key("overdue").begin_array();
    for (unsigned bit = 0; bit < 6; ++bit)
        if ((alert.reminded >> bit & 1U) != 0 && !bit_name(bit).empty())
            json.value(bit_name(bit));
    json.end_array().member("steps", static_cast<std::int64_t>(alert.steps));
}

std::string step_document(Alert const& alert, AlertStepInfo const& step, std::span<Contact const* const> recipients,
                          std::string_view evidence, AlertContext const& context)
{
    auto const text = alert_text(alert, step, context);
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("specversion", "1.0")
        .member("id", fmt::format("{}.{}", alert.id, alert.steps))
        .member("source", "/api/v1/alerts")
        .member("type", fmt::format("yihong.alert.{}", to_text(step.kind)))
        .member("subject", alert.id)
        .member("time", step.at)
        .member("datacontenttype", "application/json")
        .key("data")
        .begin_object()
        .key("alert");
    write_alert(json, alert, context);
    json.key("event")
        .begin_object()
        .member("step", static_cast<std::int64_t>(alert.steps))
        .member("kind", to_text(step.kind))
        .member("at", step.at)
        .member("by", step.by)
        .member("from", step.from)
        .member("note", step.note)
        .key("links")
        .begin_array();
    for (auto const& link : step.links)
        json.value(link);
    json.end_array().end_object().key("text").begin_object();
    json.key("zh").begin_object().member("title", text.title_zh).member("body", text.body_zh).end_object();
    json.key("en").begin_object().member("title", text.title_en).member("body", text.body_en).end_object().end_object();
    json.key("recipients").begin_array();
    for (auto const* contact : recipients)
        json.begin_object()
            .member("id", contact->id)
            .member("name", contact->name)
            .member("role", contact->role)
            .member("phone", contact->phone)
            .member("email", contact->email)
            .end_object();
    json.end_array();
    if (!evidence.empty())
        json.key("evidence").raw(evidence);
    json.end_object().end_object();
    return out;
}

std::string chained_hash(std::string_view previous, std::string_view document)
{
    std::string const bytes = std::string{previous} + std::string{document};
    std::array<unsigned char, 32> hash{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL cannot compute SHA-256"};
    return to_hex({reinterpret_cast<char const*>(hash.data()), length});
}

}  // namespace yihong
