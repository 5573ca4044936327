#include "rule_look.hpp"

#include "yihong/evaluate/alert_values.hpp"
#include "yihong/evaluate/exact.hpp"

#include <algorithm>

namespace yihong {
namespace {

Look at_index(AlertRule const& rule, Record const& record)
{
    Look result;
    result.counts = record.verdict.aqi > 0;
    result.fulfils = record.verdict.aqi > rule.aqi;
    result.item.value = Decimal{record.verdict.aqi, 0};
    result.item.limit = Decimal{rule.aqi, 0};
    result.item.compared_with = Comparison::index;
    result.item.time = record.time;
    return result;
}

Exceedance without_limit(Reading const& reading, UtcTime time)
{
    return {.parameter = reading.parameter, .value = reading.value, .limit = {}, .multiple = {}, .time = time};
}

/// Whether it counts says the flag alone: what is over range may have no number.
Look at_range(Record const& record, ParameterId parameter)
{
    Look result;
    auto const* reading = record.find(parameter);
    if (!reading)
        return result;
    result.counts = reading->flag.is_normal() || reading->flag == over_range_flag;
    result.fulfils = reading->flag == over_range_flag;
    result.item = without_limit(*reading, record.time);
    return result;
}

/// In cold water another limit may hold: the record itself says how warm it is.
Look at_discharge(CompiledRule const& compiled, Reading const& reading, Record const& record)
{
    Look result;
    auto const found = std::ranges::find(compiled.limits, reading.parameter, &std::pair<ParameterId, DischargeLimit const*>::first);
    if (found == compiled.limits.end())
        return result;
    auto const& limit = *found->second;
    auto const* temperature = record.find(compiled.water_temperature);
    auto const high = limit.upper(temperature && is_valid(*temperature) ? std::optional{temperature->value} : std::nullopt);
    result.counts = true;
    result.item = without_limit(reading, record.time);
    result.item.compared_with = Comparison::discharge_limit;
    if (limit.low && reading.value < *limit.low) {
        result.fulfils = true;
        result.item.below = true;
        result.item.limit = limit.low;
    } else if (high && reading.value > *high) {
        result.fulfils = true;
        result.item.limit = high;
        if (!limit.low && *high > Decimal{})      // none is defined for a range (pH)
            result.item.multiple = exact::quotient(exact::minus(reading.value, *high), *high, 1);
    }
    return result;
}

Exceedance item_of(ItemJudgement const& judged, UtcTime time)
{
    Exceedance item;
    item.parameter = judged.reading.parameter;
    // a value that is out of a range is told as it was measured: 9.8 rounded is another exceedance
    item.value = judged.item->rule == LimitRule::range ? judged.reading.value : judged.assessed;
    item.below = judged.item->rule == LimitRule::minimum;
    item.multiple = judged.multiple;
    item.item_class = judged.item_class;
    item.time = time;
    return item;
}

Look at_class(ItemJudgement const& judged, UtcTime time, int limit_class, bool fulfils)
{
    return {.counts = true, .fulfils = fulfils, .item = exceedance_of(judged, time, limit_class)};
}

Look near_limit(AlertRule const& rule, ItemJudgement const& judged, UtcTime time)
{
    if (judged.item->rule == LimitRule::range)
        return {};
    Look result{.counts = true, .fulfils = false, .item = item_of(judged, time)};
    auto const& limit = judged.limits[2];
    auto const part = exact::product(limit, Decimal{rule.percent, 2});
    // the larger the better: the same distance on the other side of the limit
    auto const from = result.item.below ? exact::minus(exact::plus(limit, limit), part) : part;
    result.item.limit = limit;
    result.item.limit_class = 3;
    result.item.compared_with = Comparison::class_limit;
    result.fulfils = result.item.below ? judged.assessed <= from : judged.assessed >= from;
    return result;
}

Look beside_median(ItemJudgement const& judged, UtcTime time, Exceedance const* known)
{
    Look result{.counts = true, .fulfils = false, .item = item_of(judged, time)};
    if (!known)
        return result;
    result.item.limit = known->limit;
    result.item.median = known->median;
    result.item.compared_with = Comparison::median;
    result.fulfils = known->limit && (known->below ? judged.assessed < *known->limit : judged.assessed > *known->limit);
    return result;
}

}  // namespace

Exceedance exceedance_of(ItemJudgement const& judged, UtcTime time, int limit_class)
{
    auto item = item_of(judged, time);
    item.compared_with = Comparison::class_limit;
    item.limit_class = limit_class;
    if (judged.item->rule == LimitRule::range) {
        item.below = judged.assessed < judged.item->range_low;
        item.limit = item.below ? judged.item->range_low : judged.item->range_high;
    } else {
        item.limit = judged.limits[static_cast<std::size_t>(limit_class) - 1];
    }
    return item;
}

namespace {

Look look(RecordSeries& series, CompiledRule const& compiled, std::size_t i, ParameterId parameter, Exceedance const* known)
{
    auto const& rule = *compiled.rule;
    auto const& record = *series.record(i);
    if (rule.kind == RuleKind::aqi || rule.kind == RuleKind::over_range) {
        if (!series.is_usable(record))
            return {};
        return rule.kind == RuleKind::aqi ? at_index(rule, record) : at_range(record, parameter);
    }
    auto const* reading = series.valid_reading(i, parameter);
    if (!reading)
        return {};
    if (rule.kind == RuleKind::frozen)             // equal readings are what it looks for
        return {.counts = true, .fulfils = known && reading->value == known->value, .item = without_limit(*reading, record.time)};
    if (series.is_repeat(i, parameter))
        return {};
    if (rule.kind == RuleKind::discharge)
        return at_discharge(compiled, *reading, record);
    auto const* judged = series.judged_item(i, parameter);
    if (!judged || !judged->counted)
        return {};
    switch (rule.kind) {
    case RuleKind::worse_than_class: return at_class(*judged, record.time, rule.water_class, judged->item_class > rule.water_class);
    case RuleKind::worse_than_target: {
        int const target = *series.input().site->target_class;
        return at_class(*judged, record.time, target, judged->item_class > target);
    }
    case RuleKind::heavy:
        return at_class(*judged, record.time, 3, judged->item_class == 6 || (judged->multiple && *judged->multiple >= rule.multiple));
    case RuleKind::approaching: return near_limit(rule, *judged, record.time);
    case RuleKind::jump: return beside_median(*judged, record.time, known);
    default: return {};
    }
}

}  // namespace

Look look_at(RecordSeries& series, CompiledRule const& compiled, std::size_t i, ParameterId parameter, Exceedance const* known)
{
    auto result = look(series, compiled, i, parameter, known);
    result.item.interval = series.record(i)->interval;
    return result;
}

bool is_worth_a_look(AlertRule const& rule, RecordSeries& series)
{
    auto const& newest = *series.record(0);
    auto const& target = series.input().site->target_class;
    switch (rule.kind) {
    case RuleKind::worse_than_class:
    case RuleKind::jump: return series.water_class(0) > rule.water_class;
    case RuleKind::worse_than_target: return target && series.water_class(0) > *target;
    case RuleKind::heavy: return series.water_class(0) > 3;
    case RuleKind::approaching: return newest.verdict.water_class >= 3;
    case RuleKind::aqi: return newest.verdict.aqi > rule.aqi;
    case RuleKind::over_range: return std::ranges::any_of(newest.readings, [](Reading const& r) { return r.flag == over_range_flag; });
    default: return true;
    }
}

std::vector<ParameterId> candidates(CompiledRule const& compiled, Record const& newest)
{
    std::vector<ParameterId> found;
    found.reserve(newest.readings.size());
    auto const is_wanted = [&](ParameterId id) {
        return compiled.parameters.empty() || std::ranges::binary_search(compiled.parameters, id);
    };
    if (compiled.rule->kind == RuleKind::aqi) {
        found.push_back(0);
    } else if (compiled.rule->kind == RuleKind::discharge) {
        for (auto const& [id, limit] : compiled.limits)
            if (is_wanted(id))
                found.push_back(id);
    } else {
        for (auto const& reading : newest.readings)
            if (is_wanted(reading.parameter))
                found.push_back(reading.parameter);
    }
    return found;
}

}  // namespace yihong
