#include "yihong/evaluate/river_order.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace yihong {
namespace {

constexpr auto unknown = std::numeric_limits<std::size_t>::max();

}  // namespace

RiverOrder::RiverOrder(std::span<Site const> sites, std::span<OverlayFacts const> facts)
    : above_(sites.size()), river_of_(facts.size(), unknown)
{
    std::unordered_map<std::string_view, std::size_t> index_of;
    for (std::size_t i = 0; i < sites.size(); ++i)
        index_of.emplace(sites[i].id, i);
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (auto const below = index_of.find(sites[i].downstream); !sites[i].downstream.empty() && below != index_of.end())
            above_[below->second].push_back(i);
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
    if (index >= river_of_.size())
        return found;
    if (river_of_[index] != unknown) {
        auto const& places = rivers_[river_of_[index]];
        double const here = std::ranges::find(places, index, &Place::index)->chainage_km;
        for (auto const& there : places)
            if (there.chainage_km < here)
                found.push_back({there.index, here - there.chainage_km});
    }
    // the site files are checked for circles; one that comes round all the same ends here
    std::vector<std::size_t> way{index};
    for (std::size_t at = 0; at < way.size(); ++at) {
        for (auto const above : above_[way[at]]) {
            if (std::ranges::find(way, above) != way.end())
                continue;
            way.push_back(above);
            if (std::ranges::find(found, above, &Upstream::index) == found.end())
                found.push_back({above, std::nullopt});
        }
    }
    return found;
}

}  // namespace yihong
