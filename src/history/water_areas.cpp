#include "water_areas.hpp"

#include "yihong/state/site_level.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace yihong {
namespace {

/// 临汾市 of 临汾市侯马市. \return empty where the place is no part of a city
std::string_view city_of(std::string_view place) noexcept
{
    std::size_t end = place.size();
    for (std::string_view const ending : {"市", "自治州", "地区", "盟"})
        if (auto const at = place.find(ending); at != std::string_view::npos && at > 0)
            end = std::min(end, at + ending.size());
    return end < place.size() ? place.substr(0, end) : std::string_view{};
}

}  // namespace

std::string_view to_text(WaterAreaKind kind) noexcept
{
    switch (kind) {
    case WaterAreaKind::assessed_for: return "assessed_for";
    case WaterAreaKind::county: return "county";
    case WaterAreaKind::city: return "city";
    case WaterAreaKind::level: break;
    }
    return "level";
}

std::vector<WaterArea> water_areas(World const& world, std::string_view own_city)
{
    std::map<std::string, WaterArea, std::less<>> areas;
    auto const put = [&](std::string_view name, WaterAreaKind kind, Site const& site) {
        if (name.empty())
            return;
        auto& area = areas.try_emplace(std::string{name}, std::string{name}, kind).first->second;
        if (kind == WaterAreaKind::assessed_for)
            area.kind = kind;                              // sections without it may lie in a county that is called so
        area.sections.push_back(site.id);
    };
    std::set<std::string, std::less<>> cities;
    auto const& sites = world.sites->all();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        auto const& site = sites[i];
        if (!is_water(site.kind))
            continue;
        if (site.assessed_for.empty())
            put(world.facts[i].county, WaterAreaKind::county, site);
        else
            put(site.assessed_for, WaterAreaKind::assessed_for, site);
        for (auto const& [level, label] : site_level_labels)
            if (site.level == level)
                put(label, WaterAreaKind::level, site);
        if (auto const city = city_of(site.assessed_for); !city.empty())
            cities.emplace(city);
        if (!own_city.empty() && is_assessed_for(site, own_city))
            cities.emplace(own_city);
    }
    for (auto const& name : cities) {
        WaterArea city{name, WaterAreaKind::city, {}};
        for (auto const& site : sites)
            if (is_water(site.kind) && is_assessed_for(site, name))
                city.sections.push_back(site.id);
        areas[name] = std::move(city);
    }
    std::vector<WaterArea> all;
    for (auto& [name, area] : areas)
        all.push_back(std::move(area));
    return all;
}

}  // namespace yihong
