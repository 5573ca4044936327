#include "yihong/evaluate/alert_routing.hpp"

#include <algorithm>

namespace yihong {
namespace {

template <typename T>
void add(std::vector<T>& list, T const& entry)
{
    if (std::ranges::find(list, entry) == list.end())
        list.push_back(entry);
}

}  // namespace

Recipients audience_of(Alert const& alert, AlertPlan const& plan, Site const* site, OverlayFacts const* facts,
                       std::span<std::string const> configured, UtcTime at)
{
    Recipients audience;
    for (auto const& id : alert.rules) {
        auto const rule = std::ranges::find(plan.rules, id, &AlertRule::id);
        bool const names_some = rule != plan.rules.end() && !rule->channels.empty();
        for (auto const& channel : names_some ? std::span<std::string const>{rule->channels} : configured)
            add(audience.channels, channel);
    }
    for (int level = 0; site && level <= alert.escalation_level; ++level) {
        auto const who = recipients(plan, *site, *facts, level, at);
        for (auto const* contact : who.contacts)
            add(audience.contacts, contact);
        for (auto const& channel : who.channels)
            add(audience.channels, channel);
    }
    std::erase_if(audience.channels, [&](std::string const& id) { return std::ranges::find(configured, id) == configured.end(); });
    return audience;
}

}  // namespace yihong
