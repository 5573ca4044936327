#include "yihong/evaluate/alert_rules.hpp"

#include <algorithm>

namespace yihong {
namespace {

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
    case RuleKind::year_mean: return is_water(site);
    case RuleKind::good_days: return site == SiteKind::air_station;
    case RuleKind::discharge:
    case RuleKind::discharge_day: return site == SiteKind::outfall || site == SiteKind::wastewater_plant;
    case RuleKind::data_gap:
    case RuleKind::frozen:
    case RuleKind::over_range:
    case RuleKind::out_of_service:
    case RuleKind::item_gap:
    case RuleKind::item_owed: return true;
    case RuleKind::outbox_stalled:
    case RuleKind::store_full:
    case RuleKind::no_data:
    case RuleKind::clock_jump: return false;       // about the service, not a site
    }
    return false;
}

}  // namespace

std::vector<CompiledRule> rules_for(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, ParameterBook const& parameters)
{
    std::vector<CompiledRule> all;
    for (auto const& rule : plan.rules) {
        if (!suits(rule.kind, site.kind) || !covers(rule.scope, site, facts) ||
            ((rule.kind == RuleKind::worse_than_target || rule.kind == RuleKind::year_mean) && !site.target_class))
            continue;
        CompiledRule compiled{.rule = &rule, .parameters = {}, .limits = {}};
        if (auto const* temperature = parameters.find("water_temperature"))
            compiled.water_temperature = temperature->id;
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

std::optional<AlertSeverity> severity_of(std::span<AlertCause const> causes, AlertFamily family) noexcept
{
    std::optional<AlertSeverity> highest;
    for (auto const& cause : causes)
        if (family_of(cause.kind) == family && (!highest || cause.severity > *highest))
            highest = cause.severity;
    return highest;
}

}  // namespace yihong
