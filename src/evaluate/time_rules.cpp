#include "yihong/evaluate/alert_rules.hpp"

#include <algorithm>

namespace yihong {
namespace {

AlertRule const* rule_of(AlertStepInput const& input, RuleKind kind) noexcept
{
    auto const found = std::ranges::find(input.rules, kind, [](CompiledRule const& c) { return c.rule->kind; });
    return found == input.rules.end() ? nullptr : found->rule;
}

std::optional<UtcTime> gap_from(AlertRule const* rule, LastHeard const& heard, UtcTime awake_since)
{
    if (!rule || heard.status != StationStatus::normal || !is_live(heard))
        return std::nullopt;
    return std::max(heard.received_at, awake_since) + rule->after;
}

/// What the station said holds until it says something else. While the service was away it may have.
std::optional<UtcTime> out_of_service_from(AlertRule const* rule, LastHeard const& heard, UtcTime awake_since)
{
    if (!rule || !is_out_of_service(heard.status) || !is_live(heard))
        return std::nullopt;
    return (heard.received_at >= awake_since ? heard.status_since : std::max(heard.status_since, awake_since)) + rule->after;
}

/// One kind of cause that time begins and a record ends.
/// \param is_over whether newer data have ended the one that holds  \param from when it begins; none: it does not
void step_kind(std::vector<AlertCause>& causes, RuleKind kind, bool is_over, std::optional<UtcTime> from, UtcTime now, AlertCause fresh)
{
    auto const known = std::ranges::find(causes, kind, &AlertCause::kind);
    if (known != causes.end() && is_over)
        causes.erase(known);
    else if (known == causes.end() && from && *from <= now)
        causes.push_back(std::move(fresh));
}

}  // namespace

bool is_live(LastHeard const& heard) noexcept { return heard.received_at - heard.time <= live_within + period_length(heard.interval); }

bool is_out_of_service(StationStatus status) noexcept
{
    return status == StationStatus::maintenance || status == StationStatus::calibration || status == StationStatus::fault;
}

LastHeard heard_after(std::optional<LastHeard> const& before, Record const& newest) noexcept
{
    bool const goes_on =
        before && before->status_since <= newest.time && is_out_of_service(before->status) == is_out_of_service(newest.status);
    return {newest.received_at, newest.time, newest.interval, newest.status, goes_on ? before->status_since : newest.time};
}

std::optional<UtcTime> due_from(AlertStepInput const& input, LastHeard const& heard, UtcTime awake_since)
{
    return heard.status == StationStatus::normal ? gap_from(rule_of(input, RuleKind::data_gap), heard, awake_since)
                                                 : out_of_service_from(rule_of(input, RuleKind::out_of_service), heard, awake_since);
}

std::vector<AlertCause> step_time(AlertStepInput const& input, std::vector<AlertCause> const& causes, LastHeard const& heard,
                                  UtcTime awake_since, UtcTime now)
{
    auto after = causes;
    bool const in_maintenance = input.excluded && input.excluded(now);
    auto const unless_planned = [&](std::optional<UtcTime> from) { return in_maintenance ? std::nullopt : from; };
    auto const fresh = [&](AlertRule const* rule, RuleKind kind, UtcTime since, UtcTime last) {
        return rule ? AlertCause{.rule = rule->id,
                                 .kind = kind,
                                 .severity = rule->severity,
                                 .interval = heard.interval,
                                 .since = since,
                                 .last = last,
                                 .items = {}}
                    : AlertCause{};
    };
    auto const* gap = rule_of(input, RuleKind::data_gap);
    auto const gap_begins = gap_from(gap, heard, awake_since);
    auto const known = std::ranges::find(after, RuleKind::data_gap, &AlertCause::kind);
    bool const has_newer = known != after.end() && heard.received_at > known->since;
    step_kind(after, RuleKind::data_gap, !gap || has_newer, unless_planned(gap_begins), now,
              fresh(gap, RuleKind::data_gap, heard.received_at, gap_begins.value_or(now)));

    auto const* out = rule_of(input, RuleKind::out_of_service);
    step_kind(after, RuleKind::out_of_service, !out || !is_out_of_service(heard.status),
              unless_planned(out_of_service_from(out, heard, awake_since)), now,
              fresh(out, RuleKind::out_of_service, heard.status_since, heard.time));
    return after;
}

}  // namespace yihong
