#include "yihong/evaluate/alert_rules.hpp"

#include <algorithm>

namespace yihong {
namespace {

AlertRule const* data_gap_rule(AlertStepInput const& input) noexcept
{
    auto const found = std::ranges::find(input.rules, RuleKind::data_gap, [](CompiledRule const& c) { return c.rule->kind; });
    return found == input.rules.end() ? nullptr : found->rule;
}

}  // namespace

bool is_live(LastHeard const& heard) noexcept { return heard.received_at - heard.time <= live_within + period_length(heard.interval); }

std::optional<UtcTime> data_gap_from(AlertStepInput const& input, LastHeard const& heard, UtcTime awake_since)
{
    auto const* rule = data_gap_rule(input);
    if (!rule || heard.status != StationStatus::normal || !is_live(heard))
        return std::nullopt;
    return std::max(heard.received_at, awake_since) + rule->after;
}

std::vector<AlertCause> step_time(AlertStepInput const& input, std::vector<AlertCause> const& causes, LastHeard const& heard,
                                  UtcTime awake_since, UtcTime now)
{
    auto after = causes;
    auto const* rule = data_gap_rule(input);
    auto const from = data_gap_from(input, heard, awake_since);
    bool const in_maintenance = input.excluded && input.excluded(now);
    auto const known = std::ranges::find(after, RuleKind::data_gap, &AlertCause::kind);
    if (known != after.end() && (!rule || heard.received_at > known->since)) {
        after.erase(known);
    } else if (known == after.end() && from && *from <= now && !in_maintenance) {
        after.push_back({.rule = rule->id,
                         .kind = RuleKind::data_gap,
                         .severity = rule->severity,
                         .interval = heard.interval,
                         .since = heard.received_at,
                         .last = *from,
                         .items = {}});
    }
    return after;
}

}  // namespace yihong
