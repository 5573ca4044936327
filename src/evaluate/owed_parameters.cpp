#include "yihong/evaluate/owed_parameters.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 5> graded_by_the_network{"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"};

}  // namespace

std::vector<ParameterId> owed_parameters(Site const& site, StandardsBook const& standards)
{
    std::vector<ParameterId> owed;
    if (site.kind != SiteKind::water_section || (site.level != "national" && site.level != "provincial"))
        return owed;
    for (auto const name : graded_by_the_network)
        if (auto const* parameter = standards.parameters().find(name))
            owed.push_back(parameter->id);
    std::ranges::sort(owed);
    return owed;
}

}  // namespace yihong
