#include "alert_names.hpp"
#include "alert_words.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

/// Lines of `name：value`, in both languages; those without a value are left out.
class Lines {
public:
    explicit Lines(AlertText& to) : to_{to} {}
    void add(Both const& name, Both const& value)
    {
        if (!value.zh.empty())
            to_.body_zh += fmt::format("{}：{}\n", name.zh, value.zh);
        if (!value.en.empty())
            to_.body_en += fmt::format("{}: {}\n", name.en, value.en);
    }

private:
    AlertText& to_;
};

/// River and county stand where they are known; their English names are not.
Both place_of(AlertView const& view)
{
    auto words = name_of(view.alert, view.site);
    auto const* facts = view.context.facts(view.alert);
    if (!facts)
        return words;
    auto const river = view.site && view.site->kind != SiteKind::air_station ? river_of(*view.site, *facts) : std::string_view{};
    if (!(river.empty() && facts->county.empty()))
        words.zh += fmt::format("（{}{}{}）", river, river.empty() || facts->county.empty() ? "" : "，", facts->county);
    return words;
}

Both measured(Both const& value, UtcTime time, UtcTime now)
{
    auto const at = short_time(time, now);
    return {fmt::format("{}，监测时间 {}", value.zh, at), fmt::format("{}, measured {}", value.en, at)};
}

/// The class of the mean, with the days that are in it. A month that is over says so by its own step.
Both month_words(AlertView const& view)
{
    int worst = 0;
    for (auto const& item : view.items)
        worst = std::max(worst, item.item_class);
    if (worst == 0 || !view.alert.last_time || view.alert.told.month_result != MonthResult::none)
        return {};
    auto const date = beijing_date(*view.alert.last_time);
    auto const month = static_cast<unsigned>(date.month());
    auto const day = static_cast<unsigned>(date.day());
    auto const mean = class_words(worst);
    return {fmt::format("{}月1日至{}日均值{}", month, day, mean.zh),
            fmt::format("mean of {:02}-01 to {:02}-{:02} {}", month, month, day, mean.en)};
}

Both class_line(AlertView const& view)
{
    auto const& alert = view.alert;
    if (alert.family == AlertFamily::air && alert.aqi > 0)
        return {fmt::format("AQI {}，{}", alert.aqi, aqi_words(alert.aqi).zh),
                fmt::format("AQI {}, {}", alert.aqi, aqi_words(alert.aqi).en)};
    auto words = alert.family == AlertFamily::water && alert.water_class > 0 ? class_words(alert.water_class)
                 : alert.family == AlertFamily::month                        ? month_words(view)
                                                                             : Both{};
    if (words.zh.empty())
        return {};
    if (view.site && view.site->target_class) {
        auto const target = class_words(*view.site->target_class);
        words = {fmt::format("{}（目标{}）", words.zh, target.zh), fmt::format("{} (target {})", words.en, target.en)};
    }
    return words;
}

/// What the rules of operation object to: each value as its rule sees it, with its own time.
void add_doubted(Lines& lines, AlertView const& view, UtcTime now)
{
    for (auto const& cause : view.alert.causes)
        for (auto const& item : cause.items) {
            auto const names = names_of(item.parameter, view.parameters);
            auto const since = short_time(item.time, now);
            if (cause.kind == RuleKind::item_gap)
                lines.add({"缺数项目", "Missing"}, {fmt::format("{}，{}以后没有有效数据", names.zh, since),
                                                    fmt::format("{}, no valid value since {}", names.en, since)});
            else if (cause.kind == RuleKind::item_owed)
                lines.add({"缺数项目", "Missing"}, {names.zh + "，从未上报", names.en + ", has never come"});
            else if (cause.kind == RuleKind::over_range)
                lines.add({"异常项目", "Doubtful"}, measured({names.zh + "超出量程", names.en + " over range"}, item.time, now));
            else if (auto const value = value_words(item, view.parameters); cause.kind == RuleKind::frozen)
                lines.add({"异常项目", "Doubtful"}, measured({value.zh + "持续不变", value.en + " does not change"}, item.time, now));
        }
}

/// Each item as it is now, with its own time; what is no comparison with a limit is not called an exceedance.
void add_items(Lines& lines, AlertView const& view, UtcTime now)
{
    if (view.alert.family == AlertFamily::operation && !view.alert.causes.empty())
        return add_doubted(lines, view, now);
    auto const name_of_line = [&](Exceedance const& item) {
        if (view.alert.causes.empty() || !view.is_objected_to(item))
            return view.alert.family == AlertFamily::month    ? Both{"月均值", "Mean"}
                   : view.alert.family == AlertFamily::period ? Both{"均值", "Mean"}
                                                              : Both{"现值", "Value"};
        for (auto const kind : view.kinds)
            if (kind != RuleKind::jump && kind != RuleKind::approaching && view.is_objected_to_by(item, kind))
                return Both{"超标项目", "Exceeding"};
        return view.is_objected_to_by(item, RuleKind::jump) ? Both{"突变项目", "Sudden change"} : Both{"接近限值", "Near its limit"};
    };
    for (auto const& item : view.items) {
        if (view.alert.family == AlertFamily::operation && item.value == Decimal{})
            continue;                              // of an item that never came there is no value yet
        auto const words = item_words(item, view.parameters);
        bool const is_mean = view.alert.family == AlertFamily::month || view.alert.family == AlertFamily::period;
        lines.add(name_of_line(item), is_mean ? words : measured(words, item.time, now));
    }
    for (auto const& cause : view.alert.causes)
        for (auto const& item : cause.items)
            if (item.compared_with == Comparison::median && view.is_objected_to(item) && !view.has_only(RuleKind::jump))
                lines.add({"突变项目", "Sudden change"}, measured(item_words(item, view.parameters), item.time, now));
}

/// What was worst, where that is not what is so now.
Both worst_line(AlertView const& view, UtcTime now)
{
    auto const& alert = view.alert;
    if (alert.family == AlertFamily::air && alert.peak_aqi > alert.aqi && alert.peak_time) {
        auto const words = aqi_words(alert.peak_aqi);
        return {fmt::format("AQI {} {}（{}）", alert.peak_aqi, words.zh, short_time(*alert.peak_time, now)),
                fmt::format("AQI {}, {} ({})", alert.peak_aqi, words.en, short_time(*alert.peak_time, now))};
    }
    Both words;
    auto const add = [&](std::string const& zh, std::string const& en) {
        words.zh += (words.zh.empty() ? "" : "，") + zh;
        words.en += (words.en.empty() ? "" : ", ") + en;
    };
    if (alert.family == AlertFamily::water && alert.peak_class > alert.water_class && alert.peak_time) {
        auto const peak = class_words(alert.peak_class);
        add(fmt::format("{}（{}）", peak.zh, short_time(*alert.peak_time, now)),
            fmt::format("{} ({})", peak.en, short_time(*alert.peak_time, now)));
    }
    if (alert.family != AlertFamily::water && alert.family != AlertFamily::discharge)
        return words;
    for (auto const& item : alert.worst) {
        auto const present = std::ranges::find(alert.present, item.parameter, &Exceedance::parameter);
        if (present != alert.present.end() && present->value == item.value)
            continue;
        auto const value = value_words(item, view.parameters);
        add(fmt::format("{}（{}）", value.zh, short_time(item.time, now)), fmt::format("{} ({})", value.en, short_time(item.time, now)));
    }
    return words;
}

void add_rules(Lines& lines, AlertView const& view, UtcTime now)
{
    for (auto const& cause : view.alert.causes) {
        auto const& rules = view.context.world.alerts->rules;
        auto const rule = std::ranges::find(rules, cause.rule, &AlertRule::id);
        // what is less severe is said by what is more so
        if (rule == rules.end() || cause.severity < view.alert.severity)
            continue;
        auto const [zh, en] = describe(*rule);
        lines.add({"规则", "Rule"}, {zh, en});
        lines.add({"核算", "Figures"}, {cause.said, cause.said_en});
        if (cause.kind == RuleKind::data_gap)
            lines.add({"最后数据", "Last data"}, {short_time(cause.since, now), short_time(cause.since, now)});
        if (cause.kind == RuleKind::out_of_service)
            lines.add({"停用起始", "Out of service since"}, {short_time(cause.since, now), short_time(cause.since, now)});
    }
}

std::string link_to(std::string_view alert_id, AlertContext const& context)
{
    return context.public_url.empty() ? std::string{}
                                      : fmt::format("{}/api/v1/alerts/{}?f=html", context.public_url, percent_encoded(alert_id));
}

void add_upstream(Lines& lines, AlertView const& view)
{
    if (view.is_over)
        return;
    for (auto const& id : view.alert.consequence_of) {
        auto const* there = site_of(id, *view.context.world.sites);
        auto name = Both{there ? there->name : id, there && !there->name_en.empty() ? there->name_en : there ? there->id : id};
        if (auto const link = link_to(id, view.context); !link.empty())
            name = {name.zh + " " + link, name.en + " " + link};
        lines.add({"可能受上游影响", "Likely from upstream"}, name);
    }
}

void add_deadlines(Lines& lines, AlertView const& view, UtcTime now)
{
    if (!view.alert.deadlines || view.is_over)
        return;
    auto const& due = *view.alert.deadlines;
    auto const text = [&](UtcTime time) { return short_time(time, now); };
    lines.add({"13710时限", "13710 deadlines"},
              {fmt::format("{}前交办，{}前反馈进展，{}前办结", text(due.assign_by), text(due.progress_by), text(due.resolve_by)),
               fmt::format("assign by {}, progress by {}, solve by {}", text(due.assign_by), text(due.progress_by), text(due.resolve_by))});
}

}  // namespace

AlertText alert_text(Alert const& alert, AlertStepInfo const& step, AlertContext const& context)
{
    AlertView const view{alert, context};
    auto const title = title_of(view, step);
    AlertText text{.title_zh = title.zh, .body_zh = {}, .title_en = title.en, .body_en = {}};
    Lines lines{text};
    lines.add({"变化", "Change"}, change_of(view, step));
    lines.add({"站点", "Site"}, place_of(view));
    if (view.site)                                 // its English name is not known
        lines.add({"考核", "Assessed for"}, {view.site->assessed_for, {}});
    lines.add({"级别", "Severity"}, {fmt::format("{}（{}）", label_zh(alert.severity), label_zh(alert.state)),
                                     fmt::format("{} ({})", to_text(alert.severity), to_text(alert.state))});
    lines.add(view.is_over ? Both{"现状", "Now"} : Both{"现状", "Present state"}, class_line(view));
    add_items(lines, view, step.at);
    lines.add({"本次最差", "At its worst"}, worst_line(view, step.at));
    add_rules(lines, view, step.at);
    add_upstream(lines, view);
    if (step.by != "engine")
        lines.add({"说明", "Note"}, {step.note, step.note});
    add_deadlines(lines, view, step.at);
    lines.add({"下一步", "Next"}, task_of(view, step));
    auto const link = link_to(alert.id, context);
    lines.add({"详情", "Details"}, {link, link});
    return text;
}

AlertStepInfo standing_step(Alert const& alert)
{
    AlertStepInfo step{.at = alert.updated_at};
    step.was = alert.severity;
    step.kind = alert.state == AlertState::closed     ? AlertStepKind::closed
                : alert.state == AlertState::resolved ? AlertStepKind::resolved
                                                      : AlertStepKind::opened;
    return step;
}

std::pair<std::string, std::string> describe(AlertRule const& rule)
{
    auto const times_zh =
        rule.records > 1 ? fmt::format("连续{}次有效数据{}", rule.records,
                                       rule.min_gap.count() > 0 ? fmt::format("（间隔不少于{}）", duration_words(rule.min_gap).zh) : "")
                         : std::string{"1次有效数据"};
    auto const times_en =
        rule.records > 1 ? fmt::format("{} consecutive valid records{}", rule.records,
                                       rule.min_gap.count() > 0 ? fmt::format(" at least {} apart", duration_words(rule.min_gap).en) : "")
                         : std::string{"one valid record"};
    std::pair<std::string, std::string> text;
    switch (rule.kind) {
    case RuleKind::worse_than_class:
        text = {fmt::format("{}同一指标劣于{}类", times_zh, water_class_label(rule.water_class)),
                fmt::format("{} worse than {} by the same item", times_en, class_words(rule.water_class).en)};
        break;
    case RuleKind::worse_than_target:
        text = {times_zh + "同一指标劣于断面水质目标", times_en + " worse than the section's target by the same item"};
        break;
    case RuleKind::heavy:
        text = {fmt::format("{}劣于Ⅴ类，或超标{}倍以上", times_zh, rule.multiple.to_string()),
                fmt::format("{} worse than class V, or {} times and more over class III", times_en, rule.multiple.to_string())};
        break;
    case RuleKind::jump:
        text = {fmt::format("数值超过近{}天中位数的{}倍（溶解氧低于其1/{}），且劣于{}类", rule.window.count(), number(rule.factor),
                            number(rule.factor), water_class_label(rule.water_class)),
                fmt::format("above {} times the median of {} days (oxygen: below 1/{} of it), and worse than {}", number(rule.factor),
                            rule.window.count(), number(rule.factor), class_words(rule.water_class).en)};
        break;
    case RuleKind::approaching:
        text = {fmt::format("数值达到Ⅲ类限值的{}%并持续变差", rule.percent),
                fmt::format("at {} % of the class III limit and getting worse", rule.percent)};
        break;
    case RuleKind::year_mean:
        text = {fmt::format("年初以来各月均值（满{}个月起）劣于断面水质目标", rule.min_months),
                fmt::format("mean of the year's months so far, from {} on, worse than the section's target", rule.min_months)};
        break;
    case RuleKind::good_days:
        text = {fmt::format("优良天数比例目标{}%：全年可不达优良的天数已用去{}%", number(rule.target), rule.percent),
                fmt::format("good days' target {} %: {} % of the days that may not be good are used", number(rule.target), rule.percent)};
        break;
    case RuleKind::discharge_day: text = {"前一日的日均值超过排放限值", "mean of the day before over the discharge limit"}; break;
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
        text = {fmt::format("超过{}没有数据", duration_words(rule.after).zh), fmt::format("no data for {}", duration_words(rule.after).en)};
        break;
    case RuleKind::frozen:
        text = {fmt::format("连续{}次数值相同", rule.records), fmt::format("{} equal readings in a row", rule.records)};
        break;
    case RuleKind::out_of_service:
        text = {fmt::format("站点维护、校准或故障超过{}", duration_words(rule.after).zh),
                fmt::format("under maintenance, calibration or at fault for {}", duration_words(rule.after).en)};
        break;
    case RuleKind::item_gap:
        text = {fmt::format("其他因子照常，某因子超过{}没有有效数据", duration_words(rule.after).zh),
                fmt::format("an item without a valid value for {} while others arrive", duration_words(rule.after).en)};
        break;
    case RuleKind::item_owed:
        text = {fmt::format("站点报数超过{}，应报因子从未上报", duration_words(rule.after).zh),
                fmt::format("an item that the site owes has not come within {} of its first data", duration_words(rule.after).en)};
        break;
    case RuleKind::over_range: text = {"数据标记为超上限（T）", "flagged over range (T)"}; break;
    case RuleKind::outbox_stalled:
        text = {fmt::format("通知超过{}未能送达", duration_words(rule.after).zh),
                fmt::format("notifications have not got through for {}", duration_words(rule.after).en)};
        break;
    case RuleKind::store_full:
        text = {fmt::format("数据盘已用{}%以上", rule.percent), fmt::format("{} % of the disk in use", rule.percent)};
        break;
    case RuleKind::clock_jump: text = {"服务器时钟被改动半分钟以上", "the clock of the server was set by half a minute or more"}; break;
    case RuleKind::no_data:
        text = {fmt::format("全网超过{}没有数据", duration_words(rule.after).zh),
                fmt::format("no data from any station for {}", duration_words(rule.after).en)};
        break;
    }
    if (!rule.title.empty())
        text.first = rule.title + "：" + text.first;
    if (!rule.title_en.empty())
        text.second = rule.title_en + ": " + text.second;
    return text;
}

}  // namespace yihong
