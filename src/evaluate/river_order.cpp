#include "yihong/evaluate/river_order.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

namespace yihong {
namespace {

constexpr auto unknown = std::numeric_limits<std::size_t>::max();

}  // namespace

RiverOrder::RiverOrder(std::span<Site const> sites, std::span<OverlayFacts const> facts) : river_of_(facts.size(), unknown)
{
    std::map<std::string_view, std::size_t> known;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        auto const* line = line_of_river(sites[i], facts[i]);
        if (!line || !line->chainage_km)
            continue;
        auto const [river, is_new] = known.try_emplace(line->name, rivers_.size());
        if (is_new)
            rivers_.emplace_back();
        river_of_[i] = river->second;
        rivers_[river->second].push_back({i, *line->chainage_km});
    }
    for (auto& places : rivers_)
        std::ranges::sort(
            places, [](Place const& a, Place const& b) { return std::tie(b.chainage_km, a.index) < std::tie(a.chainage_km, b.index); });
}

std::vector<RiverOrder::Upstream> RiverOrder::upstream(std::size_t index) const
{
    std::vector<Upstream> found;
    if (index >= river_of_.size() || river_of_[index] == unknown)
        return found;
    auto const& places = rivers_[river_of_[index]];
    double const here = std::ranges::find(places, index, &Place::index)->chainage_km;
    for (auto const& there : places)
        if (there.chainage_km < here)
            found.push_back({there.index, here - there.chainage_km});
    return found;
}

}  // namespace yihong
