#include "rule_look.hpp"
#include "series_parts.hpp"
#include "valid_values.hpp"

#include "yihong/evaluate/alert_values.hpp"
#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/period_findings.hpp"
#include "yihong/evaluate/series_memory.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace yihong {
namespace {

constexpr int rising_values = 3;                   // approaching: so many, each worse than the one before

/// Steady by nature, so that equal readings in a row mean nothing.
constexpr std::array<std::string_view, 2> steady_parameters{"water_temperature", "ph"};

bool looks_at(AlertRule const& rule, IntervalKind interval) noexcept
{
    if (rule.kind == RuleKind::data_gap || rule.kind == RuleKind::out_of_service || rule.kind == RuleKind::item_gap ||
        rule.kind == RuleKind::item_owed)
        return false;                              // they ask when the station and its items were last heard
    if (asks_for_periods(rule.kind))
        return false;                              // they ask for more than a record has before it
    // equal readings within minutes are the instrument's measuring cycle
    return rule.kind != RuleKind::frozen || interval >= IntervalKind::hour;
}

/// One step: the rules of a site over its newest record and those before.
class Step {
public:
    Step(AlertStepInput const& input, RecordsBack const& back, SeriesMemory::Parts& memory)
        : input_{input}, series_{input, back}, memory_{memory}, newest_{series_.record(0)}
    {}

    std::vector<AlertCause> run(std::vector<AlertCause> const& before)
    {
        std::vector<AlertCause> after;
        for (auto const& rule : input_.rules) {
            auto const known = std::ranges::find(before, rule.rule->id, &AlertCause::rule);
            auto const* active = known == before.end() ? nullptr : &*known;
            if (!newest_ || !looks_at(*rule.rule, newest_->interval) || (active && active->interval != newest_->interval)) {
                if (active)
                    after.push_back(*active);
                continue;
            }
            if (auto cause = follow(rule, active))
                after.push_back(std::move(*cause));
        }
        if (newest_) {
            memory_.newest = std::max(memory_.newest, newest_->time);
            memory_.looked_until = newest_->time;
            memory_.changed = false;
        }
        return after;
    }

private:
    /// What the rule says to the values of an item before that of the newest record, which is known, to the first gap.
    auto consecutive_before(CompiledRule const& compiled, ParameterId parameter, Exceedance const* known)
    {
        return series_.consecutive_before_newest(
            [this, &compiled, parameter, known](std::size_t i) { return look_at(series_, compiled, i, parameter, known); });
    }

    /// Consecutive values that fulfil the rule, `min_gap` apart; that of the newest record does. \return the time of the oldest needed, or of the
    /// first from which on all of them do: in a backlog nobody looked at it when it came
    std::optional<UtcTime> streak(CompiledRule const& compiled, ParameterId parameter)
    {
        auto const& rule = *compiled.rule;
        bool const began_with_first = rule.kind != RuleKind::approaching;  // that one begins when it gets worse
        int counted = 1;
        UtcTime last = newest_->time;
        for (auto const& value : consecutive_before(compiled, parameter, nullptr)) {
            if (counted >= rule.records && (!began_with_first || !value.fulfils))
                break;
            if (!value.fulfils)
                return std::nullopt;
            if (counted < rule.records && last - value.item.time < rule.min_gap)
                continue;
            last = value.item.time;
            counted = std::min(rule.records, counted + 1);
        }
        return counted >= rule.records ? std::optional{last} : std::nullopt;
    }

    /// Raised only while it gets worse: the last three consecutive values, each beyond the one before.
    bool is_worsening(CompiledRule const& compiled, Exceedance const& newest)
    {
        int seen = 1;
        Decimal later = newest.value;
        for (auto const& value : consecutive_before(compiled, newest.parameter, nullptr)) {
            if (newest.below ? value.item.value <= later : value.item.value >= later)
                return false;
            later = value.item.value;
            if (++seen == rising_values)
                return true;
        }
        return false;
    }

    /// The same number in `records` consecutive values. \return the time of the first
    std::optional<UtcTime> unchanged_since(CompiledRule const& compiled, Exceedance const& newest)
    {
        int same = 1;
        if (same >= compiled.rule->records)
            return newest.time;
        for (auto const& value : consecutive_before(compiled, newest.parameter, &newest)) {
            if (!value.fulfils)
                return std::nullopt;
            if (++same >= compiled.rule->records)
                return value.item.time;
        }
        return std::nullopt;
    }

    /// Enough consecutive values, newest first, that no longer fulfil the rule. Behind a gap the count starts anew: one good value after
    /// days without any does not yet say that the water is good again.
    bool has_recovered(CompiledRule const& compiled, Exceedance const& item)
    {
        int good = 0;
        auto const look = [&](std::size_t i) { return look_at(series_, compiled, i, item.parameter, &item); };
        auto const since = memory_.changed ? UtcTime::min() : memory_.looked_until + std::chrono::milliseconds{1};
        for (auto const& value : series_.consecutive(look, since)) {
            if (value.fulfils)
                return false;
            if (++good >= compiled.rule->recover_records)
                return true;
        }
        return false;
    }

    /// Whether a value since then still fulfils the rule: what was corrected since, or withdrawn, never was.
    /// \param item becomes the newest that does
    bool is_still_on_record(CompiledRule const& compiled, UtcTime since, Exceedance& item)
    {
        for (std::size_t i = 0; auto const* record = series_.record(i); ++i) {
            if (memory_.was_looked_at(record->time) && memory_.was_looked_at(item.time))
                return true;  // it was, and nothing has changed
            if (record->time < since)
                return false;
            if (auto const found = look_at(series_, compiled, i, item.parameter, &item); found.counts && found.fulfils) {
                item = found.item;
                return true;
            }
            if (i + 1 == records_back_limit)  // farther back than anybody can look
                return true;
        }
        return false;
    }

    /// Median of the valid values in the window before the newest record. The window bounds it, not a gap: what is usual in a week stays
    /// usual when the station was away for two days of it, and `min_records` says from how many values on it is known at all.
    std::optional<Decimal> median(CompiledRule const& compiled, ParameterId parameter)
    {
        auto& window = memory_.window(parameter);
        auto const from = newest_->time - compiled.rule->window;
        window.reach(series_, from);
        return window.median(from, newest_->time, static_cast<std::size_t>(std::max(1, compiled.rule->min_records)));
    }

    struct Raised {
        Exceedance item;
        UtcTime since;
    };
    static std::optional<Raised> raised_since(Exceedance const& item, std::optional<UtcTime> since)
    {
        return since ? std::optional{Raised{item, *since}} : std::nullopt;
    }

    std::optional<Raised> jumped(CompiledRule const& compiled, Exceedance item)
    {
        if (item.item_class <= compiled.rule->water_class)
            return std::nullopt;
        auto const middle = median(compiled, item.parameter);
        if (!middle || *middle <= Decimal{})
            return std::nullopt;
        item.median = *middle;
        item.compared_with = Comparison::median;
        item.limit = item.below ? exact::quotient(*middle, compiled.rule->factor, std::min(middle->scale() + 2, 9))
                                : exact::product(*middle, compiled.rule->factor);
        if (!look_at(series_, compiled, 0, item.parameter, &item).fulfils)
            return std::nullopt;
        return Raised{item, item.time};
    }

    std::optional<Raised> frozen(CompiledRule const& compiled, Exceedance const& item)
    {
        auto const* reading = newest_->find(item.parameter);
        if (reading->value.is_zero() || has(reading->marks, Mark::below_detection) || is_steady(item.parameter))
            return std::nullopt;
        return raised_since(item, unchanged_since(compiled, item));
    }

    /// Whether the class alone says already that the newest record's value does not fulfil the rule: that is so of most.
    bool is_too_good(AlertRule const& rule, ParameterId parameter)
    {
        int limit = 0;
        switch (rule.kind) {
        case RuleKind::worse_than_class:
        case RuleKind::jump: limit = rule.water_class; break;
        case RuleKind::worse_than_target: limit = *input_.site->target_class; break;
        default: return false;
        }
        auto const* judged = series_.judged_item(0, parameter);
        return !judged || !judged->counted || judged->item_class <= limit;
    }

    /// Whether the newest record's value raises the rule.
    std::optional<Raised> raised(CompiledRule const& compiled, ParameterId parameter)
    {
        if (is_too_good(*compiled.rule, parameter))
            return std::nullopt;
        auto const found = look_at(series_, compiled, 0, parameter, nullptr);
        if (!found.counts)
            return std::nullopt;
        switch (compiled.rule->kind) {
        case RuleKind::jump: return jumped(compiled, found.item);
        case RuleKind::frozen: return frozen(compiled, found.item);
        case RuleKind::approaching:
            if (!found.fulfils || found.item.item_class > 3 || !is_worsening(compiled, found.item))
                return std::nullopt;
            return raised_since(found.item, streak(compiled, parameter));
        default: return found.fulfils ? raised_since(found.item, streak(compiled, parameter)) : std::nullopt;
        }
    }

    [[nodiscard]] bool is_steady(ParameterId parameter) const
    {
        auto const* known = input_.standards->parameters().find(parameter);
        return !known || std::ranges::find(steady_parameters, known->name) != steady_parameters.end();
    }

    std::optional<AlertCause> follow(CompiledRule const& compiled, AlertCause const* active)
    {
        auto const& rule = *compiled.rule;
        bool const may_raise = is_worth_a_look(rule, series_);
        if (!active && !may_raise)
            return std::nullopt;
        AlertCause cause;
        if (active)
            cause = *active;
        cause.rule = rule.id;
        cause.kind = rule.kind;
        cause.severity = rule.severity;
        cause.interval = newest_->interval;
        std::erase_if(cause.items, [&](Exceedance& item) {
            auto const now = look_at(series_, compiled, 0, item.parameter, &item);
            if (!now.counts || !now.fulfils)
                return has_recovered(compiled, item) || !is_still_on_record(compiled, cause.since, item);
            item = now.item;
            cause.last = std::max(cause.last, newest_->time);
            return false;
        });
        if (may_raise && series_.is_usable(*newest_))
            raise_items(compiled, cause);
        if (cause.items.empty())
            return std::nullopt;
        return cause;
    }

    /// Adds the items that raise the rule with the newest record.
    void raise_items(CompiledRule const& compiled, AlertCause& cause)
    {
        for (auto const parameter : candidates(compiled, *newest_)) {
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

    AlertStepInput const& input_;
    RecordSeries series_;
    SeriesMemory::Parts& memory_;
    Record const* newest_;
};

}  // namespace

std::vector<AlertCause> step_record(AlertStepInput const& input, std::vector<AlertCause> const& causes, RecordsBack const& back,
                                    SeriesMemory& memory)
{
    return Step{input, back, memory.parts()}.run(causes);
}

std::vector<AlertCause> step_record(AlertStepInput const& input, std::vector<AlertCause> const& causes, RecordsBack const& back)
{
    SeriesMemory nothing_known;
    return step_record(input, causes, back, nothing_known);
}

}  // namespace yihong
