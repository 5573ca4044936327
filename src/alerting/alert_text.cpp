#include "alert_names.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

std::string number(Decimal const& value) { return value.normalized().to_string(); }

/// The AQI as a whole is named by its limit, water items by class and multiple.
std::string item_zh(Exceedance const& item, RuleKind kind, ParameterBook const& parameters)
{
    auto const [name, name_en, unit] = names_of(item.parameter, parameters);
    if (kind == RuleKind::over_range)
        return name + "超出量程";
    if (kind == RuleKind::item_gap)
        return fmt::format("{}自{}起没有有效数据", name, format_beijing_minute(item.time));
    if (kind == RuleKind::item_owed)
        return name + "从未上报";
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
    if (kind == RuleKind::item_gap)
        return fmt::format("no valid {} since {}", name, format_beijing_minute(item.time));
    if (kind == RuleKind::item_owed)
        return name + " has never come";
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
        if (cause.kind == RuleKind::frozen || cause.kind == RuleKind::over_range || cause.kind == RuleKind::item_gap ||
            cause.kind == RuleKind::item_owed)
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
        if (std::ranges::find(alert.causes, RuleKind::out_of_service, &AlertCause::kind) != alert.causes.end())
            return {"长时间维护或故障", "out of service for long"};
        if (has_data_gap(alert) || items.empty())
            return {"数据中断", "no data"};
        if (auto const kind = kind_for_items(alert); kind == RuleKind::item_gap || kind == RuleKind::item_owed)
            return {"数据缺项：" + first.first, "items are missing: " + first.second};
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

}  // namespace

ParameterNames names_of(ParameterId id, ParameterBook const& parameters)
{
    if (id == 0)
        return {"空气质量指数", "AQI", ""};
    auto const* parameter = parameters.find(id);
    return parameter ? ParameterNames{parameter->name_zh, parameter->name_en, parameter->unit_suffix()}
                     : ParameterNames{fmt::format("#{}", id), fmt::format("#{}", id), ""};
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
    auto const river = site && facts ? river_of(*site, *facts) : std::string_view{};
    if (facts && !(river.empty() && facts->county.empty())) {
        place += fmt::format("（{}{}{}）", river, river.empty() || facts->county.empty() ? "" : "，", facts->county);
        place_en += fmt::format(" ({}{}{})", river, river.empty() || facts->county.empty() ? "" : ", ", facts->county);
    }
    line("站点", place, "Site", place_en);
    if (site)
        line("考核", site->assessed_for, "Assessed for", site->assessed_for);
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
    case RuleKind::out_of_service:
        text = {fmt::format("站点维护、校准或故障超过{}小时", hours(rule.after)),
                fmt::format("under maintenance, calibration or at fault for {} h", hours(rule.after))};
        break;
    case RuleKind::item_gap:
        text = {fmt::format("其他因子照常，某因子超过{}小时没有有效数据", hours(rule.after)),
                fmt::format("an item without a valid value for {} h while others arrive", hours(rule.after))};
        break;
    case RuleKind::item_owed:
        text = {fmt::format("站点报数超过{}小时，应报因子从未上报", hours(rule.after)),
                fmt::format("an item that the site owes has not come within {} h of its first data", hours(rule.after))};
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

}  // namespace yihong
