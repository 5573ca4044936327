#include "yihong/evaluate/owed_parameters.hpp"

#include <algorithm>

namespace yihong {

std::vector<ParameterId> owed_parameters(Site const& site, Date first, Date last, WaterStandard const& standard,
                                         ParameterBook const& parameters)
{
    auto const from = static_cast<int>(first.year());
    if (site.owed_parameters.empty())
        return standard.owed;
    std::vector<ParameterId> owed;
    if (!site.has_owed_list(from))
        owed = standard.owed;
    for (auto const& list : site.owed_lists(from, static_cast<int>(last.year())))
        for (auto const& name : list.parameters)
            if (auto const* parameter = parameters.find(name))
                owed.push_back(parameter->id);
    std::ranges::sort(owed);
    owed.erase(std::ranges::unique(owed).begin(), owed.end());
    return owed;
}

std::vector<ParameterId> awaited_parameters(Site const& site, StandardsBook const& standards, Date date)
{
    bool const is_networked = site.kind == SiteKind::water_section && (site.level == "national" || site.level == "provincial");
    auto const* standard = standards.water(date);
    return standard && (is_networked || site.has_owed_list(static_cast<int>(date.year())))
               ? owed_parameters(site, date, date, *standard, standards.parameters())
               : std::vector<ParameterId>{};
}

}  // namespace yihong
