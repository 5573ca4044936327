#include "yihong/evaluate/alert_rules.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/water_statistics.hpp"

#include "exact.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace yihong {
namespace {

constexpr std::size_t rising_records = 3;          // approaching: this many values, each worse than the one before
constexpr Flag over_range_flag{'T'};

/// Records farther apart are not consecutive: what was so long ago says nothing about now.
std::chrono::hours consecutive_within(IntervalKind interval) noexcept
{
    return interval == IntervalKind::sample ? std::chrono::days{62}
           : interval == IntervalKind::day  ? std::chrono::days{4}
                                            : std::chrono::days{1};
}

bool suits(RuleKind rule, SiteKind site) noexcept
{
    switch (rule) {
    case RuleKind::worse_than_class:
    case RuleKind::worse_than_target:
    case RuleKind::heavy:
    case RuleKind::jump:
    case RuleKind::approaching:
    case RuleKind::month_mean: return is_water(site);
    case RuleKind::aqi: return site == SiteKind::air_station;
    case RuleKind::discharge: return site == SiteKind::outfall || site == SiteKind::wastewater_plant;
    case RuleKind::silence:
    case RuleKind::frozen:
    case RuleKind::over_range: return true;
    case RuleKind::outbox_stalled:
    case RuleKind::store_full:
    case RuleKind::no_data: return false;          // about the service, not a site
    }
    return false;
}

/// Steady by nature, so that equal readings in a row mean nothing.
constexpr std::array<std::string_view, 2> steady_parameters{"water_temperature", "ph"};

/// What a rule says to one value. `counts` false: the value is passed over.
struct Look {
    bool counts = false;
    bool fulfils = false;
    Exceedance item;
};

/// One step: the records back in time, judged at the first demand.
class Step {
public:
    Step(AlertStepInput const& input, RecordsBack const& back) : input_{input}, back_{back} {}

    std::vector<AlertCause> run(std::vector<AlertCause> const& before)
    {
        newest_ = record(0);
        std::vector<AlertCause> after;
        for (auto const& rule : input_.rules) {
            auto const known = std::ranges::find(before, rule.rule->id, &AlertCause::rule);
            auto const* active = known == before.end() ? nullptr : &*known;
            if (!newest_ || !looks_at(*rule.rule, newest_->interval) || (active && active->interval != newest_->interval)) {
                if (active)
                    after.push_back(*active);
                continue;
            }
            if (auto cause = rule.rule->kind == RuleKind::month_mean ? month_mean(rule, active) : follow(rule, active))
                after.push_back(std::move(*cause));
        }
        return after;
    }

private:
    static bool looks_at(AlertRule const& rule, IntervalKind interval) noexcept
    {
        // equal readings within minutes are the instrument's measuring cycle
        return rule.kind != RuleKind::silence && (rule.kind != RuleKind::frozen || interval >= IntervalKind::hour);
    }

    Record const* record(std::size_t i)
    {
        while (records_.size() <= i && !no_more_) {
            auto const* next = back_(records_.size());
            if (next)
                records_.push_back(next);
            else
                no_more_ = true;
        }
        return i < records_.size() ? records_[i] : nullptr;
    }

    [[nodiscard]] bool usable(Record const& r) const
    {
        return r.status == StationStatus::normal && !(input_.excluded && input_.excluded(r.time));
    }

    [[nodiscard]] bool in_lake() const noexcept { return input_.site->kind == SiteKind::lake_section; }

    WaterJudgement const& judged(std::size_t i)
    {
        if (judged_.size() <= i)
            judged_.resize(i + 1);
        if (!judged_[i]) {
            auto const& r = *record(i);
            auto const* standard = input_.standards->water(beijing_date(r.time));
            judged_[i] = standard ? judge_water(r, in_lake(), *standard, input_.standards->parameters()) : WaterJudgement{};
        }
        return *judged_[i];
    }

    ItemJudgement const* judged_item(std::size_t i, ParameterId parameter)
    {
        auto const& items = judged(i).items;
        auto const found = std::ranges::find(items, parameter, [](ItemJudgement const& item) { return item.reading.parameter; });
        return found == items.end() ? nullptr : &*found;
    }

    static Exceedance item_of(ItemJudgement const& judged, UtcTime time)
    {
        Exceedance item;
        item.parameter = judged.reading.parameter;
        item.value = judged.assessed;
        item.below = judged.item->rule == LimitRule::minimum;
        item.multiple = judged.multiple;
        item.item_class = judged.item_class;
        item.time = time;
        return item;
    }

    static void compare_with_class(Exceedance& item, ItemJudgement const& judged, int limit_class)
    {
        if (judged.item->rule == LimitRule::range) {
            item.below = judged.assessed < judged.item->range_low;
            item.limit = item.below ? judged.item->range_low : judged.item->range_high;
        } else {
            item.limit = judged.limits[static_cast<std::size_t>(limit_class) - 1];
        }
    }

    /// \param known the item of the cause that holds already; null where it does not
    Look look(CompiledRule const& compiled, std::size_t i, ParameterId parameter, Exceedance const* known)
    {
        auto const& rule = *compiled.rule;
        auto const& r = *record(i);
        Look result;
        if (!usable(r))
            return result;
        if (rule.kind == RuleKind::aqi) {
            result.counts = r.verdict.aqi > 0;
            result.fulfils = r.verdict.aqi > rule.aqi;
            result.item.value = Decimal{r.verdict.aqi, 0};
            result.item.limit = Decimal{rule.aqi, 0};
            result.item.time = r.time;
            return result;
        }
        auto const* reading = r.find(parameter);
        if (!reading)
            return result;
        if (rule.kind == RuleKind::over_range) {
            result.counts = reading->flag.is_normal() || reading->flag == over_range_flag;
            result.fulfils = reading->flag == over_range_flag;
            result.item = {.parameter = parameter, .value = reading->value, .limit = {}, .multiple = {}, .time = r.time};
            return result;
        }
        if (!reading->has_value || !reading->flag.is_normal() || has(reading->marks, Mark::unit_doubtful))
            return result;
        if (rule.kind == RuleKind::discharge)
            return against_limit(compiled, *reading, r.time);
        if (rule.kind == RuleKind::frozen) {
            result.counts = true;
            result.fulfils = known && reading->value == known->value;
            result.item = {.parameter = parameter, .value = reading->value, .limit = {}, .multiple = {}, .time = r.time};
            return result;
        }
        auto const* item = judged_item(i, parameter);
        if (!item || !item->counted)
            return result;
        result.counts = true;
        result.item = item_of(*item, r.time);
        switch (rule.kind) {
        case RuleKind::worse_than_class:
            result.fulfils = item->item_class > rule.water_class;
            compare_with_class(result.item, *item, rule.water_class);
            break;
        case RuleKind::worse_than_target:
            result.fulfils = item->item_class > *input_.site->target_class;
            compare_with_class(result.item, *item, *input_.site->target_class);
            break;
        case RuleKind::heavy:
            result.fulfils = item->item_class == 6 || (item->multiple && *item->multiple >= rule.multiple);
            compare_with_class(result.item, *item, 3);
            break;
        case RuleKind::approaching: {
            if (item->item->rule == LimitRule::range)
                return {};
            auto const& limit = item->limits[2];
            auto const part = exact::product(limit, Decimal{rule.percent, 2});
            // the larger the better: the same distance on the other side of the limit
            auto const from = result.item.below ? exact::minus(exact::plus(limit, limit), part) : part;
            result.item.limit = limit;
            result.fulfils = result.item.below ? item->assessed <= from : item->assessed >= from;
            break;
        }
        case RuleKind::jump:
            result.item.limit = known ? known->limit : std::nullopt;
            result.fulfils = known && known->limit && (known->below ? item->assessed < *known->limit : item->assessed > *known->limit);
            break;
        default: break;
        }
        return result;
    }

    static Look against_limit(CompiledRule const& compiled, Reading const& reading, UtcTime time)
    {
        Look result;
        auto const found = std::ranges::find(compiled.limits, reading.parameter, &std::pair<ParameterId, DischargeLimit const*>::first);
        if (found == compiled.limits.end())
            return result;
        auto const& limit = *found->second;
        result.counts = true;
        result.item.parameter = reading.parameter;
        result.item.value = reading.value;
        result.item.time = time;
        if (limit.low && reading.value < *limit.low) {
            result.fulfils = true;
            result.item.below = true;
            result.item.limit = limit.low;
        } else if (limit.high && reading.value > *limit.high) {
            result.fulfils = true;
            result.item.limit = limit.high;
            if (!limit.low && *limit.high > Decimal{})      // none is defined for a range (pH)
                result.item.multiple = exact::quotient(exact::minus(reading.value, *limit.high), *limit.high, 1);
        }
        return result;
    }

    /// Which values of the newest record a rule may object to.
    std::vector<ParameterId> candidates(CompiledRule const& compiled)
    {
        std::vector<ParameterId> found;
        auto const wanted = [&](ParameterId id) {
            return compiled.parameters.empty() || std::ranges::binary_search(compiled.parameters, id);
        };
        if (compiled.rule->kind == RuleKind::aqi) {
            found.push_back(0);
        } else if (compiled.rule->kind == RuleKind::discharge) {
            for (auto const& [id, limit] : compiled.limits)
                if (wanted(id))
                    found.push_back(id);
        } else {
            for (auto const& reading : newest_->readings)
                if (wanted(reading.parameter))
                    found.push_back(reading.parameter);
        }
        return found;
    }

    /// Whether the newest record can fulfil the rule at all: nearly every record ends here, without being judged in detail.
    [[nodiscard]] bool worth_a_look(AlertRule const& rule) const
    {
        switch (rule.kind) {
        case RuleKind::worse_than_class:
        case RuleKind::jump: return newest_->verdict.water_class > rule.water_class;
        case RuleKind::worse_than_target: return input_.site->target_class && newest_->verdict.water_class > *input_.site->target_class;
        case RuleKind::heavy: return newest_->verdict.water_class > 3;
        case RuleKind::approaching: return newest_->verdict.water_class >= 3;
        case RuleKind::aqi: return newest_->verdict.aqi > rule.aqi;
        case RuleKind::over_range:
            return std::ranges::any_of(newest_->readings, [](Reading const& r) { return r.flag == over_range_flag; });
        default: return true;
        }
    }

    /// Consecutive valid values, the newest included, that fulfil the rule, `min_gap` apart. \return the time of the oldest that was needed
    std::optional<UtcTime> streak(CompiledRule const& compiled, ParameterId parameter)
    {
        auto const& rule = *compiled.rule;
        int counted = 1;
        UtcTime last = newest_->time;
        UtcTime later = newest_->time;
        for (std::size_t i = 1; counted < rule.records; ++i) {
            auto const* r = record(i);
            if (!r || later - r->time > consecutive_within(r->interval))
                return std::nullopt;
            auto const found = look(compiled, i, parameter, nullptr);
            if (!found.counts)
                continue;
            if (!found.fulfils)
                return std::nullopt;
            later = r->time;
            if (last - r->time >= rule.min_gap) {
                ++counted;
                last = r->time;
            }
        }
        return last;
    }

    /// Raised only while it gets worse: the last three valid values, each beyond the one before.
    bool is_worsening(CompiledRule const& compiled, Exceedance const& newest)
    {
        std::size_t seen = 1;
        Decimal later = newest.value;
        for (std::size_t i = 1; seen < rising_records; ++i) {
            if (!record(i))
                return false;
            auto const found = look(compiled, i, newest.parameter, nullptr);
            if (!found.counts)
                continue;
            if (newest.below ? found.item.value <= later : found.item.value >= later)
                return false;
            later = found.item.value;
            ++seen;
        }
        return true;
    }

    /// Median of the valid values in the window before the newest record.
    std::optional<Decimal> median(CompiledRule const& compiled, ParameterId parameter)
    {
        std::vector<Decimal> values;
        for (std::size_t i = 1; auto const* r = record(i); ++i) {
            if (r->time < newest_->time - compiled.rule->window)
                break;
            auto const* reading = r->find(parameter);
            if (usable(*r) && reading && reading->has_value && reading->flag.is_normal() && !has(reading->marks, Mark::unit_doubtful))
                values.push_back(reading->value);
        }
        if (values.empty() || values.size() < static_cast<std::size_t>(std::max(1, compiled.rule->min_records)))
            return std::nullopt;
        std::ranges::sort(values);
        auto const& upper = values[values.size() / 2];
        return values.size() % 2
                   ? upper
                   : exact::quotient(exact::plus(values[values.size() / 2 - 1], upper), Decimal{2, 0}, Decimal::max_scale / 2);
    }

    /// The same number in `records` valid readings in a row. \return the time of the first
    std::optional<UtcTime> unchanged_since(CompiledRule const& compiled, Exceedance const& newest)
    {
        int same = 1;
        UtcTime since = newest.time;
        for (std::size_t i = 1; same < compiled.rule->records; ++i) {
            auto const* r = record(i);
            if (!r)
                return std::nullopt;
            auto const found = look(compiled, i, newest.parameter, &newest);
            if (!found.counts)
                continue;
            if (!found.fulfils)
                return std::nullopt;
            since = r->time;
            ++same;
        }
        return since;
    }

    struct Raised {
        Exceedance item;
        UtcTime since;
    };
    /// Whether the newest record's value raises the rule.
    std::optional<Raised> raised(CompiledRule const& compiled, ParameterId parameter)
    {
        auto found = look(compiled, 0, parameter, nullptr);
        if (!found.counts)
            return std::nullopt;
        switch (compiled.rule->kind) {
        case RuleKind::jump: {
            if (found.item.item_class <= compiled.rule->water_class)
                return std::nullopt;
            auto const middle = median(compiled, parameter);
            if (!middle || *middle <= Decimal{})
                return std::nullopt;
            found.item.limit = found.item.below ? exact::quotient(*middle, compiled.rule->factor, std::min(middle->scale() + 2, 9))
                                                : exact::product(*middle, compiled.rule->factor);
            if (!look(compiled, 0, parameter, &found.item).fulfils)
                return std::nullopt;
            return Raised{found.item, found.item.time};
        }
        case RuleKind::frozen: {
            auto const* reading = newest_->find(parameter);
            if (reading->value.is_zero() || has(reading->marks, Mark::below_detection) || is_steady(parameter))
                return std::nullopt;
            if (auto const since = unchanged_since(compiled, found.item))
                return Raised{found.item, *since};
            return std::nullopt;
        }
        case RuleKind::approaching:
            if (!found.fulfils || found.item.item_class > 3 || !is_worsening(compiled, found.item))
                return std::nullopt;
            if (auto const since = streak(compiled, parameter))
                return Raised{found.item, *since};
            return std::nullopt;
        default:
            if (!found.fulfils)
                return std::nullopt;
            if (auto const since = streak(compiled, parameter))
                return Raised{found.item, *since};
            return std::nullopt;
        }
    }

    [[nodiscard]] bool is_steady(ParameterId parameter) const
    {
        auto const* known = input_.standards->parameters().find(parameter);
        return !known || std::ranges::find(steady_parameters, known->name) != steady_parameters.end();
    }

    /// Enough consecutive valid values, newest first, that no longer fulfil the rule.
    bool has_recovered(CompiledRule const& compiled, Exceedance const& item)
    {
        int good = 0;
        for (std::size_t i = 0; record(i); ++i) {
            auto const found = look(compiled, i, item.parameter, &item);
            if (!found.counts)
                continue;
            if (found.fulfils)
                return false;
            if (++good >= compiled.rule->recover_records)
                return true;
        }
        return false;
    }

    std::optional<AlertCause> follow(CompiledRule const& compiled, AlertCause const* active)
    {
        auto const& rule = *compiled.rule;
        if (!active && !worth_a_look(rule))
            return std::nullopt;
        AlertCause cause;
        if (active)
            cause = *active;
        cause.rule = rule.id;
        cause.kind = rule.kind;
        cause.severity = rule.severity;
        cause.interval = newest_->interval;
        std::erase_if(cause.items, [&](Exceedance& item) {
            auto const now = look(compiled, 0, item.parameter, &item);
            if (!now.counts || !now.fulfils)
                return has_recovered(compiled, item);
            item = now.item;
            cause.last = std::max(cause.last, newest_->time);
            return false;
        });
        if (usable(*newest_) && worth_a_look(rule)) {
            for (auto const parameter : candidates(compiled)) {
                auto const at = std::ranges::lower_bound(cause.items, parameter, {}, &Exceedance::parameter);
                if (at != cause.items.end() && at->parameter == parameter)
                    continue;
                auto const found = raised(compiled, parameter);
                if (!found)
                    continue;
                cause.since = cause.items.empty() ? found->since : std::min(cause.since, found->since);
                cause.last = newest_->time;
                cause.items.insert(at, found->item);
            }
        }
        if (cause.items.empty())
            return std::nullopt;
        return cause;
    }

    /// Looked at once a day, with its first record: the mean of the month up to the day before.
    std::optional<AlertCause> month_mean(CompiledRule const& compiled, AlertCause const* active)
    {
        auto const keep = [&] { return active ? std::optional{*active} : std::nullopt; };
        auto const* previous = record(1);
        auto const today = beijing_date(newest_->time);
        if (!previous || beijing_date(previous->time) == today)
            return keep();
        auto const yesterday = beijing_date(beijing_midnight(today) - std::chrono::hours{12});
        auto const begin = beijing_midnight(yesterday.year() / yesterday.month() / 1);
        std::vector<Record> month;
        for (std::size_t i = 1; auto const* r = record(i); ++i) {
            if (r->time < begin)
                break;
            if (usable(*r) && r->verdict.water_class > 0)
                month.push_back(*r);
        }
        auto const* standard = input_.standards->water(yesterday);
        if (!standard || month.size() < static_cast<std::size_t>(std::max(1, compiled.rule->min_records)))
            return keep();
        auto const judged = judge_period(month, in_lake(), *standard, *input_.standards);
        int const limit = input_.site->target_class.value_or(3);
        AlertCause cause{.rule = compiled.rule->id,
                         .kind = RuleKind::month_mean,
                         .severity = compiled.rule->severity,
                         .interval = newest_->interval,
                         .since = active ? active->since : month.back().time,
                         .last = month.front().time,
                         .items = {}};
        for (auto const& item : judged.items) {
            if (!item.counted || item.item_class <= limit ||
                !(compiled.parameters.empty() || std::ranges::binary_search(compiled.parameters, item.reading.parameter)))
                continue;
            auto over = item_of(item, month.front().time);
            compare_with_class(over, item, limit);
            cause.items.push_back(over);
        }
        if (cause.items.empty())
            return std::nullopt;
        return cause;
    }

    AlertStepInput const& input_;
    RecordsBack const& back_;
    Record const* newest_ = nullptr;
    std::vector<Record const*> records_;
    bool no_more_ = false;
    std::vector<std::optional<WaterJudgement>> judged_;
};

AlertRule const* silence_rule(AlertStepInput const& input) noexcept
{
    auto const found = std::ranges::find(input.rules, RuleKind::silence, [](CompiledRule const& c) { return c.rule->kind; });
    return found == input.rules.end() ? nullptr : found->rule;
}

}  // namespace

std::vector<CompiledRule> rules_for(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, ParameterBook const& parameters)
{
    std::vector<CompiledRule> all;
    for (auto const& rule : plan.rules) {
        if (!suits(rule.kind, site.kind) || !covers(rule.scope, site, facts) ||
            (rule.kind == RuleKind::worse_than_target && !site.target_class))
            continue;
        CompiledRule compiled{.rule = &rule, .parameters = {}, .limits = {}};
        for (auto const& name : rule.parameters)
            if (auto const* parameter = parameters.find(name))
                compiled.parameters.push_back(parameter->id);
        for (auto const& limit : rule.limits)
            if (auto const* parameter = parameters.find(limit.parameter))
                compiled.limits.emplace_back(parameter->id, &limit);
        std::ranges::sort(compiled.parameters);
        std::ranges::sort(compiled.limits, {}, &std::pair<ParameterId, DischargeLimit const*>::first);
        all.push_back(std::move(compiled));
    }
    return all;
}

std::vector<AlertCause> step_record(AlertStepInput const& input, std::vector<AlertCause> const& causes, RecordsBack const& back)
{
    return Step{input, back}.run(causes);
}

bool is_live(LastHeard const& heard) noexcept { return heard.received_at - heard.time <= live_within + period_length(heard.interval); }

std::optional<UtcTime> silent_from(AlertStepInput const& input, LastHeard const& heard, UtcTime awake_since)
{
    auto const* rule = silence_rule(input);
    if (!rule || heard.status != StationStatus::normal || !is_live(heard))
        return std::nullopt;
    return std::max(heard.received_at, awake_since) + rule->after;
}

std::vector<AlertCause> step_time(AlertStepInput const& input, std::vector<AlertCause> const& causes, LastHeard const& heard,
                                  UtcTime awake_since, UtcTime now)
{
    auto after = causes;
    auto const* rule = silence_rule(input);
    auto const from = silent_from(input, heard, awake_since);
    bool const in_maintenance = input.excluded && input.excluded(now);
    auto const known = std::ranges::find(after, RuleKind::silence, &AlertCause::kind);
    if (known != after.end() && (!rule || heard.received_at > known->since)) {
        after.erase(known);
    } else if (known == after.end() && from && *from <= now && !in_maintenance) {
        after.push_back({.rule = rule->id,
                         .kind = RuleKind::silence,
                         .severity = rule->severity,
                         .interval = heard.interval,
                         .since = heard.received_at,
                         .last = *from,
                         .items = {}});
    }
    return after;
}

std::vector<AlertCause> step_service(AlertPlan const& plan, std::vector<AlertCause> const& causes, ServiceStatus const& status,
                                     UtcTime awake_since, UtcTime now)
{
    constexpr int slack_percent = 2;  // between filling up and being free again
    std::vector<AlertCause> after;
    for (auto const& rule : plan.rules) {
        if (family_of(rule.kind) != AlertFamily::service)
            continue;
        auto const known = std::ranges::find(causes, rule.id, &AlertCause::rule);
        bool const active = known != causes.end();
        std::optional<UtcTime> since;
        if (rule.kind == RuleKind::store_full) {
            if (status.disk_used_percent && *status.disk_used_percent >= rule.percent - (active ? slack_percent : 0))
                since = active ? known->since : now;
        } else if (rule.kind == RuleKind::outbox_stalled) {
            if (status.stalled_since && now - *status.stalled_since >= rule.after)
                since = status.stalled_since;
        } else if (status.last_data && now - std::max(*status.last_data, awake_since) >= rule.after) {
            since = status.last_data;
        }
        if (!since)
            continue;
        if (active)
            after.push_back(*known);
        else
            after.push_back({.rule = rule.id,
                             .kind = rule.kind,
                             .severity = rule.severity,
                             .interval = IntervalKind::realtime,
                             .since = *since,
                             .last = now,
                             .items = {}});
    }
    return after;
}

std::optional<AlertSeverity> severity_of(std::span<AlertCause const> causes, AlertFamily family) noexcept
{
    std::optional<AlertSeverity> highest;
    for (auto const& cause : causes)
        if (family_of(cause.kind) == family && (!highest || cause.severity > *highest))
            highest = cause.severity;
    return highest;
}

}  // namespace yihong
