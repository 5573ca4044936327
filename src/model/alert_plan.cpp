#include "yihong/model/alert_plan.hpp"

#include <algorithm>

namespace yihong {

bool covers(AlertScope const& scope, Site const& site, OverlayFacts const& facts)
{
    auto const admits = [](auto const& list, auto const& value) { return list.empty() || std::ranges::find(list, value) != list.end(); };
    auto const in_zone = [&] {
        return std::ranges::any_of(facts.zones, [&](std::string const& zone) { return admits(scope.zones, zone); });
    };
    auto const on_river = [&](std::string const& river) { return is_on_river(site, facts, river); };
    auto const is_theirs = [&](std::string const& place) { return is_assessed_for(site, place); };
    return admits(scope.kinds, site.kind) && admits(scope.levels, site.level) &&
           (scope.rivers.empty() || std::ranges::any_of(scope.rivers, on_river)) && admits(scope.counties, facts.county) &&
           (scope.zones.empty() || in_zone()) && admits(scope.sites, site.id) &&
           (scope.assessed_for.empty() || std::ranges::any_of(scope.assessed_for, is_theirs)) &&
           (!scope.filter.condition || scope.filter.condition->covers(site, facts));
}

}  // namespace yihong
