#include "yihong/config/alert_plan.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

/// Looks names up and tells of those that nothing has.
class ReferenceCheck {
public:
    explicit ReferenceCheck(PlanNames const& names) : names_{names} {}

    void names(std::string_view where, std::string_view key, std::vector<std::string> const& given, PlanNames::Set const& known, Errc code,
               std::string_view what)
    {
        for (auto const& name : given) {
            if (!known.contains(name))
                found_.push_back({code, fmt::format("{}: {}: {} \"{}\"", where, key, what, name)});
        }
    }
    void scope(std::string_view where, AlertScope const& scope)
    {
        names(where, "scope.river", scope.rivers, names_.rivers, Errc::not_found,
              "neither a site's water_body nor a river layer has the name");
        names(where, "scope.county", scope.counties, names_.counties, Errc::not_found, "no boundary layer has a county named");
        names(where, "scope.zone", scope.zones, names_.zones, Errc::not_found, "no zone has the id");
        for (auto const& place : scope.assessed_for) {
            auto const known = names_.assessed_for.lower_bound(place);
            if (known == names_.assessed_for.end() || !known->starts_with(place))
                found_.push_back({Errc::not_found, fmt::format("{}: scope.assessed_for: no site is assessed for \"{}\"", where, place)});
        }
        names(where, "scope.site", scope.sites, names_.sites, Errc::unknown_site, "no site file has a site");
    }
    void channels(std::string_view where, std::vector<std::string> const& given)
    {
        names(where, "channels", given, names_.channels, Errc::not_found, "no [[channels]] has the id");
    }
    void parameters(std::string_view where, std::string_view key, std::vector<std::string> const& given)
    {
        names(where, key, given, names_.parameters, Errc::unknown_parameter, "parameters.toml has neither the code nor the name");
    }
    [[nodiscard]] std::vector<Failure> found() && { return std::move(found_); }

private:
    PlanNames const& names_;
    std::vector<Failure> found_;
};

}  // namespace

std::vector<Failure> check_plan(AlertPlan const& plan, PlanNames const& names)
{
    ReferenceCheck check{names};
    for (std::size_t i = 0; i < plan.rules.size(); ++i) {
        auto const& rule = plan.rules[i];
        auto const where = fmt::format("rules[{}] (\"{}\")", i, rule.id);
        check.scope(where, rule.scope);
        check.parameters(where, "parameters", rule.parameters);
        std::vector<std::string> limited;
        for (auto const& limit : rule.limits)
            limited.push_back(limit.parameter);
        check.parameters(where, "limits", limited);
        check.channels(where, rule.channels);
    }
    for (std::size_t i = 0; i < plan.routes.size(); ++i) {
        auto const where = fmt::format("routes[{}]", i);
        check.scope(where, plan.routes[i].scope);
        check.channels(where, plan.routes[i].channels);
    }
    for (std::size_t i = 0; i < plan.maintenance.size(); ++i)
        check.scope(fmt::format("maintenance[{}]", i), plan.maintenance[i].scope);
    return std::move(check).found();
}

}  // namespace yihong
