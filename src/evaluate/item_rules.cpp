#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/owed_parameters.hpp"

#include <algorithm>

namespace yihong {
namespace {

/// An item that was heard longer ago is not missed: what a station measured years ago, or an archive brought, it may have given up.
constexpr std::chrono::days remembered{30};

/// When an item counts as missing: a day mean comes only after its day, and the next one a day later.
std::chrono::minutes patience(AlertRule const& rule, IntervalKind interval) noexcept
{
    return rule.after + (interval == IntervalKind::day ? 2 * period_length(interval) : std::chrono::minutes{0});
}

/// Which items a rule looks at: those that it names, or `otherwise`.
template <typename T>
std::vector<ParameterId> wanted(CompiledRule const& compiled, T const& otherwise)
{
    return compiled.parameters.empty() ? otherwise() : compiled.parameters;
}

/// One step of the rules about items, with the newest record of a site.
class ItemStep {
public:
    ItemStep(AlertStepInput const& input, std::vector<AlertCause> const& before, ItemsHeard const& heard, Record const& newest)
        : input_{input}, before_{before}, heard_{heard}, newest_{newest}
    {
        bool const is_usable = newest.status == StationStatus::normal && !(input.excluded && input.excluded(newest.time));
        others_arrive_ = is_usable && newest.interval <= IntervalKind::day &&
                         std::ranges::any_of(heard.valid, [&](ItemsHeard::Item const& item) { return item.time >= newest.time; });
    }

    std::optional<AlertCause> follow(CompiledRule const& compiled)
    {
        auto const known = std::ranges::find(before_, compiled.rule->id, &AlertCause::rule);
        AlertCause cause;
        if (known != before_.end())
            cause = *known;
        cause.rule = compiled.rule->id;
        cause.kind = compiled.rule->kind;
        cause.severity = compiled.rule->severity;
        std::erase_if(cause.items, [&](Exceedance const& item) {
            auto const* heard = heard_.find(item.parameter);
            return heard && heard->time > item.time;
        });
        if (others_arrive_)
            compiled.rule->kind == RuleKind::item_gap ? add_gaps(compiled, cause) : add_owed(compiled, cause);
        if (cause.items.empty())
            return std::nullopt;
        return cause;
    }

private:
    void add_gaps(CompiledRule const& compiled, AlertCause& cause)
    {
        auto const all_heard = [this] {
            std::vector<ParameterId> all;
            for (auto const& item : heard_.valid)
                all.push_back(item.parameter);
            return all;
        };
        for (auto const parameter : wanted(compiled, all_heard)) {
            auto const* heard = heard_.find(parameter);
            if (heard && newest_.time - heard->time >= patience(*compiled.rule, heard->interval) &&
                newest_.time - heard->time <= remembered)
                add(cause, parameter, heard->time);
        }
    }

    void add_owed(CompiledRule const& compiled, AlertCause& cause)
    {
        if (!heard_.first || newest_.time - *heard_.first < compiled.rule->after)
            return;
        for (auto const parameter :
             wanted(compiled, [this] { return awaited_parameters(*input_.site, *input_.standards, beijing_date(newest_.time)); }))
            if (!heard_.find(parameter) && !is_missed_already(parameter))
                add(cause, parameter, *heard_.first);
    }

    /// An item that came once is missing, however long ago that was.
    [[nodiscard]] bool is_missed_already(ParameterId parameter) const
    {
        return std::ranges::any_of(before_, [&](AlertCause const& cause) {
            return cause.kind == RuleKind::item_gap &&
                   std::ranges::find(cause.items, parameter, &Exceedance::parameter) != cause.items.end();
        });
    }

    void add(AlertCause& cause, ParameterId parameter, UtcTime since)
    {
        auto const at = std::ranges::lower_bound(cause.items, parameter, {}, &Exceedance::parameter);
        if (at != cause.items.end() && at->parameter == parameter)
            return;
        cause.since = cause.items.empty() ? since : std::min(cause.since, since);
        cause.last = newest_.time;
        cause.interval = newest_.interval;
        cause.items.insert(at, {.parameter = parameter, .value = {}, .limit = {}, .multiple = {}, .time = since});
    }

    AlertStepInput const& input_;
    std::vector<AlertCause> const& before_;
    ItemsHeard const& heard_;
    Record const& newest_;
    bool others_arrive_ = false;
};

bool is_about_items(RuleKind kind) noexcept { return kind == RuleKind::item_gap || kind == RuleKind::item_owed; }

}  // namespace

void ItemsHeard::take(Record const& record)
{
    if (record.interval > IntervalKind::day)
        return;
    first = std::min(first.value_or(record.time), record.time);
    if (record.status != StationStatus::normal)
        return;
    for (auto const& reading : record.readings) {
        if (!is_valid(reading))
            continue;
        auto const at = std::ranges::lower_bound(valid, reading.parameter, {}, &Item::parameter);
        if (at == valid.end() || at->parameter != reading.parameter)
            valid.insert(at, {reading.parameter, record.time, record.interval});
        else if (at->time <= record.time)
            *at = {reading.parameter, record.time, record.interval};
    }
}

ItemsHeard::Item const* ItemsHeard::find(ParameterId parameter) const noexcept
{
    auto const at = std::ranges::lower_bound(valid, parameter, {}, &Item::parameter);
    return at != valid.end() && at->parameter == parameter ? &*at : nullptr;
}

std::vector<AlertCause> step_items(AlertStepInput const& input, std::vector<AlertCause> const& causes, ItemsHeard const& heard,
                                   Record const& newest)
{
    std::vector<AlertCause> after;
    std::ranges::copy_if(causes, std::back_inserter(after), [](AlertCause const& cause) { return !is_about_items(cause.kind); });
    ItemStep step{input, causes, heard, newest};
    for (auto const& compiled : input.rules)
        if (is_about_items(compiled.rule->kind))
            if (auto cause = step.follow(compiled))
                after.push_back(std::move(*cause));
    return after;
}

}  // namespace yihong
