#include "yihong/evaluate/alert_life.hpp"

#include "yihong/evaluate/alert_rules.hpp"

#include "alert_turn.hpp"

#include <algorithm>
#include <utility>

namespace yihong {
namespace {

/// `20251106T120000Z`, for ids.
std::string compact(UtcTime time)
{
    auto text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

/// Whether `after` has a rule that `before` had not.
bool has_new_rule(std::vector<AlertCause> const& after, std::vector<AlertCause> const& before)
{
    return std::ranges::any_of(
        after, [&](AlertCause const& cause) { return std::ranges::find(before, cause.rule, &AlertCause::rule) == before.end(); });
}

/// Whether a rule of both has an item in `after` that it had not in `before`.
bool has_new_item(std::vector<AlertCause> const& after, std::vector<AlertCause> const& before)
{
    return std::ranges::any_of(after, [&](AlertCause const& cause) {
        auto const known = std::ranges::find(before, cause.rule, &AlertCause::rule);
        return known != before.end() && std::ranges::any_of(cause.items, [&](Exceedance const& item) {
                   return std::ranges::find(known->items, item.parameter, &Exceedance::parameter) == known->items.end();
               });
    });
}

void take_causes(Alert& alert, std::vector<AlertCause> causes, AlertRecords const* records)
{
    alert.causes = std::move(causes);
    alert.severity = severity_of(alert.causes, alert.family).value_or(alert.severity);
    alert.peak_severity = std::max(alert.peak_severity, alert.severity);
    for (auto const& cause : alert.causes) {
        if (std::ranges::find(alert.rules, cause.rule) == alert.rules.end())
            alert.rules.push_back(cause.rule);
        alert.first_time = std::min(alert.first_time.value_or(cause.since), cause.since);
        auto const last = cause.kind == RuleKind::data_gap ? cause.since : cause.last;
        alert.last_time = std::max(alert.last_time.value_or(last), last);
    }
    take_values(alert, records);
}

/// The last look before a step on account of readings.
void prepare(Turn& turn)
{
    turn.set_clocks();
    if (!turn.around().upstream)
        return;
    auto& named = turn.alert.consequence_of;
    for (auto& id : turn.around().upstream(turn.alert))
        if (std::ranges::find(named, id) == named.end())
            named.push_back(std::move(id));
}

/// What the causes that hold now make of an alert that has taken them. \return nothing where it is the same matter
std::optional<AlertStepKind> change_by(Turn& turn, std::vector<AlertCause> const& before, AlertSeverity was, bool had_recovered)
{
    auto& alert = turn.alert;
    bool const is_new = has_new_rule(alert.causes, before);
    if (is_over(alert.state)) {
        // a person said that it is solved, and nothing is worse than it was then: keep count, and tell nobody
        if (!had_recovered && !is_new)
            return std::nullopt;
        turn.set_open();
        return AlertStepKind::reopened;
    }
    if (alert.severity > was) {
        alert.silent_until.reset();                // asked for when it was less severe
        return AlertStepKind::escalated;
    }
    if (alert.severity < was)
        return AlertStepKind::eased;
    if (is_new || has_new_item(alert.causes, before))
        return AlertStepKind::updated;
    return std::nullopt;
}

/// Whether its story ended with good readings, not only with a person's word.
bool has_recovered(Alert const& alert) noexcept { return is_over(alert.state) && alert.causes.empty(); }

}  // namespace

bool begins_another(Alert const* known, AlertPlan const& plan, UtcTime now) noexcept
{
    if (!known)
        return true;
    bool const comes_back = known->state == AlertState::resolved && known->resolved_at && now - *known->resolved_at <= plan.reopen_within;
    return has_recovered(*known) && !comes_back;
}

Alert make_alert(AlertFamily family, Site const* site, std::vector<AlertCause> causes, AlertRecords const* records, UtcTime now)
{
    Alert alert;
    alert.family = family;
    if (site) {
        alert.site = site->number;
        alert.site_id = site->id;
    }
    alert.opened_at = now;
    take_causes(alert, std::move(causes), records);
    alert.id = alert.site_id + (site ? "-" : "");
    alert.id += to_text(family);
    alert.id += "-" + compact(alert.last_time.value_or(now));
    return alert;
}

AlertTurn open_alert(Alert made, AlertSurroundings const& around, UtcTime now)
{
    Turn turn{std::move(made), around, now};
    prepare(turn);
    turn.take(AlertStepKind::opened);
    return std::move(turn).result();
}

AlertTurn follow_causes(Alert known, std::vector<AlertCause> causes, AlertRecords const* records, AlertSurroundings const& around,
                        UtcTime now)
{
    Turn turn{std::move(known), around, now};
    auto& alert = turn.alert;
    if (causes.empty()) {
        alert.causes.clear();
        take_values(alert, records);
        if (is_over(alert.state)) {                // a person's word was right
            turn.take(AlertStepKind::commented, {"数据已恢复正常", "the readings have recovered"});
        } else {
            turn.resolve(false, {.kind = AlertStepKind::resolved, .at = now});
        }
        return std::move(turn).result();
    }
    auto const before = alert.causes;
    auto const was = alert.severity;
    bool const had_recovered = has_recovered(alert);
    take_causes(alert, std::move(causes), records);
    if (auto const kind = change_by(turn, before, was, had_recovered)) {
        prepare(turn);
        turn.take(*kind);
    }
    return std::move(turn).result();
}

}  // namespace yihong
