#include "yihong/evaluate/alert_rules.hpp"

#include <algorithm>

namespace yihong {

std::vector<AlertCause> step_service(AlertPlan const& plan, std::vector<AlertCause> const& causes, ServiceStatus const& status,
                                     UtcTime awake_since, UtcTime now)
{
    constexpr int slack_percent = 2;  // between filling up and being free again
    constexpr std::chrono::hours told_for{1};  // what has happened is over at once: somebody has to see it
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
        } else if (rule.kind == RuleKind::clock_jump) {
            if (status.clock_set && now - *status.clock_set < told_for)
                since = status.clock_set;
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

}  // namespace yihong
