#include "yihong/evaluate/owed_parameters.hpp"

#include <algorithm>

namespace yihong {

std::vector<ParameterId> owed_parameters(Site const& site, WaterStandard const& standard, ParameterBook const& parameters)
{
    if (!site.owed_parameters)
        return standard.owed;
    std::vector<ParameterId> owed;
    for (auto const& name : *site.owed_parameters)
        if (auto const* parameter = parameters.find(name))
            owed.push_back(parameter->id);
    std::ranges::sort(owed);
    return owed;
}

std::vector<ParameterId> awaited_parameters(Site const& site, StandardsBook const& standards, Date date)
{
    bool const is_networked = site.kind == SiteKind::water_section && (site.level == "national" || site.level == "provincial");
    auto const* standard = standards.water(date);
    return standard && (site.owed_parameters || is_networked) ? owed_parameters(site, *standard, standards.parameters())
                                                              : std::vector<ParameterId>{};
}

}  // namespace yihong
