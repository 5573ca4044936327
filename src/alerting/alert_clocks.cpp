#include "alert_clocks.hpp"

#include "yihong/evaluate/alert_life.hpp"

namespace yihong {

void AlertClocks::reset()
{
    for (auto& [id, next] : next_)
        next = UtcTime::min();
}

void AlertClocks::changed(Alert const& alert)
{
    if (waits_for_time(alert))
        next_[alert.id] = UtcTime::min();
    else
        next_.erase(alert.id);
}

void AlertClocks::forget(std::string_view id)
{
    if (auto const known = next_.find(id); known != next_.end())
        next_.erase(known);
}

std::vector<std::string> AlertClocks::due(UtcTime now) const
{
    std::vector<std::string> ids;
    for (auto const& [id, next] : next_)
        if (next <= now)
            ids.push_back(id);
    return ids;
}

void AlertClocks::looked_at(Alert const& alert, AlertPlan const& plan)
{
    if (auto const known = next_.find(alert.id); known != next_.end())
        known->second = next_look(alert, plan);
}

}  // namespace yihong
