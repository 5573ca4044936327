#include "water_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace yihong {

std::vector<Failure> check_water_network(std::span<Site const> sites)
{
    std::vector<Failure> found;
    std::unordered_map<std::string_view, Site const*> known;
    for (auto const& site : sites)
        known.emplace(site.id, &site);
    auto const next = [&](Site const& site) -> Site const* {
        auto const there = known.find(site.downstream);
        return site.downstream.empty() || there == known.end() ? nullptr : there->second;
    };
    for (auto const& site : sites) {
        if (site.downstream.empty())
            continue;
        auto const* below = next(site);
        if (!is_water(site.kind))
            found.push_back({Errc::bad_value, fmt::format("site \"{}\": downstream: only water sections have one", site.id)});
        else if (!below)
            found.push_back(
                {Errc::unknown_site, fmt::format("site \"{}\": downstream: there is no site \"{}\"", site.id, site.downstream)});
        else if (!is_water(below->kind))
            found.push_back(
                {Errc::bad_value, fmt::format("site \"{}\": downstream: \"{}\" is no water section", site.id, site.downstream)});
    }
    // a way longer than there are sites has come round; it is told at the first of its sites by id
    for (auto const& site : sites) {
        std::size_t steps = 0;
        bool is_first = true;
        Site const* at = next(site);
        for (; at && at != &site && steps < sites.size(); at = next(*at), ++steps)
            is_first = is_first && site.id < at->id;
        if (at == &site && is_first)
            found.push_back({Errc::bad_value, fmt::format("site \"{}\": downstream: its water runs in a circle", site.id)});
    }
    return found;
}

}  // namespace yihong
