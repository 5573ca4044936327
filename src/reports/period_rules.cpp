#include "yihong/reports/period_rules.hpp"

#include "yihong/evaluate/alert_values.hpp"
#include "yihong/periods/allowance.hpp"
#include "yihong/periods/stretches.hpp"
#include "yihong/reports/air_report.hpp"
#include "yihong/reports/outfall_report.hpp"
#include "yihong/reports/water_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

using std::chrono::milliseconds;

/// A look at one site.
struct Look {
    ReportRecords const& records;
    ReportSettings const& settings;
    World const& world;
    std::size_t index;
    UtcTime midnight;
    [[nodiscard]] Site const& site() const { return world.sites->all()[index]; }
    [[nodiscard]] StandardsBook const& standards() const { return *world.standards; }
    [[nodiscard]] ParameterBook const& parameters() const { return world.standards->parameters(); }
    [[nodiscard]] UtcTime last() const { return midnight - milliseconds{1}; }
};

PeriodFinding finding_of(AlertRule const& rule)
{
    PeriodFinding made;
    made.cause.rule = rule.id;
    made.cause.kind = rule.kind;
    made.cause.severity = rule.severity;
    made.cause.interval = IntervalKind::day;
    return made;
}

bool asks_for(CompiledRule const& compiled, ParameterId parameter)
{
    return compiled.parameters.empty() || std::ranges::binary_search(compiled.parameters, parameter);
}

/// Of an item over its limit: how it is made, and what the months left may have.
void say_item(AlertCause& cause, ItemPeriod const& item, Exceedance const& over, Allowance const* rest, int left, ParameterBook const& book)
{
    auto const* parameter = book.find(item.parameter);
    auto const unit = parameter ? parameter->unit_suffix() : std::string{};
    auto const limit = over.limit ? over.limit->to_string() : std::string{};
    cause.said += fmt::format("{}{}{}（限值{}，{}个月中{}个月有值", parameter ? parameter->name_zh : "?", item.shown.to_string(), unit,
                              limit, item.months_due, item.months);
    cause.said_en += fmt::format("{} {}{} (limit {}, {} of {} months have a value", parameter ? parameter->name_en : "?",
                                 item.shown.to_string(), unit, limit, item.months, item.months_due);
    if (rest && rest->outlook == Outlook::unreachable) {
        cause.said += "，年内已无法达标";
        cause.said_en += ", out of reach this year";
    } else if (rest && left > 0) {
        cause.said += fmt::format("，其余{}个月均值须{}{}", left, rest->at_least ? "不低于" : "不高于", rest->strict_shown.to_string());
        cause.said_en += fmt::format(", the {} months left must have {} {}", left, rest->strict_shown.to_string(),
                                     rest->at_least ? "or more" : "or less");
    }
    cause.said += "）；";
    cause.said_en += "); ";
}

/// What the months left may have, with them empty.
std::optional<SectionOutlook> outlook_of(Look const& look, SectionPeriod const& so_far, SectionFacts const& facts,
                                         WaterStandard const& standard)
{
    auto const year = period_of(PeriodKind::year, so_far.period.begin);
    auto pieces = so_far.pieces;
    for (auto const& month : months_of(year))
        if (month.begin >= so_far.period.end)
            pieces.push_back(std::make_shared<SectionPiece const>(SectionPiece{month, {}}));
    auto const whole = evaluate_section(year, std::move(pieces), facts, look.settings.validity, look.standards(), look.midnight);
    return section_outlook(whole, facts.lake, facts.owed, look.settings.validity.months_needed, standard, look.parameters(), look.midnight);
}

PeriodFinding year_mean(Look const& look, CompiledRule const& compiled)
{
    auto made = finding_of(*compiled.rule);
    auto& cause = made.cause;
    auto const so_far = year_to_date(previous(period_of(PeriodKind::month, look.midnight)));
    int const fewest = compiled.rule->min_months;
    cause.last = so_far.end - milliseconds{1};
    made.says = PeriodSays::good;                          // of a year that is too young nothing is said
    if (std::ssize(months_of(so_far)) < fewest)
        return made;
    made.says = PeriodSays::unknown;
    auto const* standard = look.standards().water(so_far.last_day());
    if (!standard)
        return made;
    auto const facts = facts_of(look.site(), look.standards(), so_far);
    DataState data;
    auto const section =
        read_section(look.records, look.site(), facts, so_far, look.settings.validity, look.standards(), look.midnight, data);
    int const target = *look.site().target_class;
    std::vector<std::pair<Exceedance, ItemPeriod const*>> over;
    for (auto const& judged : section.judgement.items) {
        auto const* item = section.find(judged.reading.parameter);
        if (!judged.counted || !item || item->months < fewest || !asks_for(compiled, item->parameter))
            continue;
        made.says = PeriodSays::good;
        if (judged.item_class > target)
            over.emplace_back(exceedance_of(judged, so_far.end - milliseconds{1}, target), item);
    }
    if (over.empty())
        return made;
    made.says = PeriodSays::bad;
    cause.since = so_far.begin;
    cause.mean_class = section.judgement.water_class;
    cause.said =
        fmt::format("{}均值{}类，目标{}类；", period_label(so_far), water_class_label(cause.mean_class), water_class_label(target));
    cause.said_en = fmt::format("mean of {}: {}, target {}; ", period_code(so_far), water_class_label_en(cause.mean_class),
                                water_class_label_en(target));
    auto const outlook = outlook_of(look, section, facts, *standard);
    for (auto& [exceedance, item] : over) {
        exceedance.interval = IntervalKind::day;
        auto const id = item->parameter;
        Allowance const* rest = nullptr;
        if (outlook)
            if (auto const at = std::ranges::find(outlook->items, id, &Allowance::parameter); at != outlook->items.end())
                rest = &*at;
        say_item(cause, *item, exceedance, rest, outlook ? outlook->months_left : 0, look.parameters());
        cause.items.push_back(exceedance);
    }
    if (!section.missing.empty()) {
        cause.said += "缺";
        cause.said_en += "without ";
        for (auto const id : section.missing) {
            auto const* parameter = look.parameters().find(id);
            cause.said += (id == section.missing.front() ? "" : "、") + item_name(id, look.parameters());
            cause.said_en += (id == section.missing.front() ? "" : ", ") + (parameter ? parameter->name_en : std::string{"?"});
        }
        cause.said += "，评价不完整；";
        cause.said_en += ": not complete; ";
    }
    cause.said.resize(cause.said.size() - std::string_view{"；"}.size());
    cause.said_en.resize(cause.said_en.size() - 2);
    return made;
}

/// How many days need a mean: `min_records` is about 4-hour readings, six a day.
int days_needed(AlertRule const& rule) noexcept
{
    constexpr int a_day = 6;
    return (std::max(1, rule.min_records) + a_day - 1) / a_day;
}

/// Of an item over its limit: of how many days it is made.
void say_days(AlertCause& cause, ItemPeriod const& item, ParameterBook const& book)
{
    auto const* parameter = book.find(item.parameter);
    auto const name = parameter ? parameter->name_zh : "?";
    auto const name_en = parameter ? parameter->name_en : "?";
    auto const comma = cause.said.empty() ? "" : "；", comma_en = cause.said_en.empty() ? "" : "; ";
    if (item.source == ValueSource::sample) {
        cause.said += fmt::format("{}{}为手工监测{}次的均值", comma, name, item.samples);
        cause.said_en += fmt::format("{}{}: mean of {} samples", comma_en, name_en, item.samples);
    } else {
        cause.said += fmt::format("{}{}有效{}天（应有{}天）", comma, name, item.days, item.days_due);
        cause.said_en += fmt::format("{}{}: {} valid days of {}", comma_en, name_en, item.days, item.days_due);
    }
}

/// The month as its report has it, up to a midnight.
PeriodFinding mean_of_month(Look const& look, CompiledRule const& compiled, Period const& month)
{
    auto made = finding_of(*compiled.rule);
    auto& cause = made.cause;
    cause.since = month.begin;
    cause.last = month.end - milliseconds{1};
    cause.month_over = month == period_of(PeriodKind::month, month.begin);
    auto const facts = facts_of(look.site(), look.standards(), month);
    if (!look.standards().water(month.last_day()))
        return made;
    DataState data;
    auto const section =
        read_section(look.records, look.site(), facts, month, look.settings.validity, look.standards(), look.midnight, data);
    int const target = look.site().target_class.value_or(3);
    cause.mean_class = section.judgement.water_class;
    for (auto const& judged : section.judgement.items) {
        auto const* item = section.find(judged.reading.parameter);
        bool const has_days =
            item && (cause.month_over || item->source == ValueSource::sample || item->days >= days_needed(*compiled.rule));
        if (!judged.counted || !has_days || !asks_for(compiled, item->parameter))
            continue;
        made.says = PeriodSays::good;
        if (judged.item_class <= target)
            continue;
        auto over = exceedance_of(judged, cause.last, target);
        over.interval = IntervalKind::day;
        cause.items.push_back(over);
        say_days(cause, *item, look.parameters());
    }
    if (!cause.items.empty() || (cause.month_over && made.says == PeriodSays::good))
        made.says = PeriodSays::bad;
    else if (cause.month_over)
        made.says = PeriodSays::good;                      // nothing can be said of it, and its running mean is over
    return made;
}

/// The running month; as long as that is too young, the result of the one before.
PeriodFinding month_mean(Look const& look, CompiledRule const& compiled)
{
    auto const month = period_of(PeriodKind::month, look.last());
    auto const so_far = until(month, look.midnight);
    return mean_of_month(look, compiled, so_far != month && days_in(so_far) < days_needed(*compiled.rule) ? previous(month) : so_far);
}

PeriodFinding good_days(Look const& look, AlertRule const& rule)
{
    auto made = finding_of(rule);
    auto& cause = made.cause;
    auto const year = period_of(PeriodKind::year, look.last());
    auto const so_far = until(year, look.midnight);
    cause.last = look.last();
    DataState data;
    auto const dust = MarkBook::covered(look.records.marks->dust_at(look.site(), look.world.facts[look.index], {so_far.begin, so_far.end}),
                                        {so_far.begin, so_far.end});
    std::vector<AirDay> days;
    for (auto const& day : read_air_days(look.records, look.site(), so_far, look.standards(), data))
        days.push_back(judge_day(day, look.standards(), is_within(dust, day.time)));
    auto const counts = count_air_days(year, days, look.standards(), look.midnight).valid_then.days;
    int const left = days_in(year) - days_in(so_far);
    int const bad = counts.valid - counts.good;
    auto const needed = good_days_needed(rule.target, counts.valid, counts.good, left);
    bool const out_of_reach = needed.needed > left;
    int const allowed = out_of_reach ? 0 : needed.bad_allowed;
    constexpr int whole = 100;
    made.says =
        bad > 0 && (out_of_reach || (left > 0 && bad * whole >= rule.percent * (bad + allowed))) ? PeriodSays::bad : PeriodSays::good;
    if (made.says == PeriodSays::good)
        return made;
    cause.since = year.begin;
    auto const day = format_date(beijing_date(look.last()));
    auto const ratio = needed.ratio_so_far.value_or(Decimal{}).to_string();
    auto const target = rule.target.to_string();
    cause.said = fmt::format("截至{}有效{}天（应有{}天），优良{}天（{}%），目标{}%，已有{}天不达优良；", day, counts.valid, days_in(so_far),
                             counts.good, ratio, target, bad);
    cause.said_en = fmt::format("up to {}: {} valid days of {}, {} good ({} %), target {} %, {} not good; ", day, counts.valid,
                                days_in(so_far), counts.good, ratio, target, bad);
    if (out_of_reach) {
        cause.said += left > 0 ? fmt::format("余{}天全部优良也已无法达标", left) : std::string{"全年未达标"};
        cause.said_en += left > 0 ? fmt::format("out of reach even with all {} days left good", left) : std::string{"the year misses it"};
    } else {
        cause.said += fmt::format("余{}天中还可有{}天", left, allowed);
        cause.said_en += fmt::format("of the {} days left {} may still be so", left, allowed);
    }
    return made;
}

Exceedance exceedance_of_day(OutfallItem const& item, OutfallDay const& day)
{
    Exceedance over;
    over.parameter = item.parameter;
    over.value = *day.shown;
    over.limit = day.limit;
    over.below = item.limit && item.limit->limit.low && *day.shown < *item.limit->limit.low;
    if (day.multiple)
        over.multiple = day.multiple->rounded(1);
    over.time = beijing_midnight(day.date);
    over.compared_with = Comparison::discharge_limit;
    over.interval = IntervalKind::day;
    return over;
}

PeriodFinding discharge_day(Look const& look, CompiledRule const& compiled)
{
    auto made = finding_of(*compiled.rule);
    auto& cause = made.cause;
    cause.last = look.last();
    OutfallQuery query;
    query.period = period_of(PeriodKind::day, look.last());
    query.as_of = look.midnight;
    query.sites = {look.site().id};
    query.rules = look.settings.outfalls;
    query.fills_loads = false;
    auto const report = make_outfall_report(query, look.world, look.records);
    if (!report || report->rows.empty())
        return made;
    auto const& outlet = report->rows.front().now;
    for (auto const& item : outlet.items) {
        if (item.days.empty() || !asks_for(compiled, item.parameter) || item.days.front().verdict == DayVerdict::none)
            continue;
        auto const& day = item.days.front();
        if (made.says == PeriodSays::unknown)
            made.says = PeriodSays::good;
        if (day.verdict == DayVerdict::met)
            continue;
        made.says = PeriodSays::bad;
        cause.items.push_back(exceedance_of_day(item, day));
        auto const* parameter = look.parameters().find(item.parameter);
        auto const& standard = item.limit->standard;
        cause.said += fmt::format("{}应有{}个、有效{}个小时值{}；", parameter ? parameter->name_zh : "?", day.counts.due, day.counts.valid,
                                  standard.empty() ? "" : "，限值依据" + standard);
        cause.said_en += fmt::format("{}: {} of {} values valid{}; ", parameter ? parameter->name_en : "?", day.counts.valid,
                                     day.counts.due, standard.empty() ? "" : ", limit by " + standard);
    }
    if (made.says != PeriodSays::bad)
        return made;
    cause.since = query.period.begin;
    auto const date = format_date(query.period.first_day());
    auto const until_day = format_date(beijing_date(report->provisional_until - milliseconds{1}));
    cause.said = fmt::format("{}日均值（{}），{}暂定：{}前补报的停运和检修会改变它", date,
                             outlet.by_flow ? "按流量加权" : "无流量，算术平均", cause.said, until_day);
    cause.said_en = fmt::format("daily mean of {} ({}), {}provisional: stops and repairs reported by {} change it", date,
                                outlet.by_flow ? "weighted by flow" : "no flow measured, plain mean", cause.said_en, until_day);
    return made;
}

}  // namespace

LookAtPeriods look_at_periods(PeriodRuleMaterials const& materials)
{
    return [materials](World const& world, std::size_t site, UtcTime midnight) {
        auto const chosen = materials.settings.load();
        ReportRecords const records{materials.records, materials.months, materials.marks.load(), materials.air_months};
        Look const look{records, *chosen, world, site, midnight};
        std::vector<PeriodFinding> found;
        for (auto const& compiled : rules_for(*world.alerts, look.site(), world.facts[site], look.parameters()))
            switch (compiled.rule->kind) {
            case RuleKind::month_mean: found.push_back(month_mean(look, compiled)); break;
            case RuleKind::year_mean: found.push_back(year_mean(look, compiled)); break;
            case RuleKind::good_days: found.push_back(good_days(look, *compiled.rule)); break;
            case RuleKind::discharge_day: found.push_back(discharge_day(look, compiled)); break;
            default: break;
            }
        return found;
    };
}

}  // namespace yihong
