#include "yihong/evaluate/world.hpp"

#include <string_view>
#include <unordered_set>

namespace yihong {
namespace {

std::map<std::string, std::vector<std::size_t>> lakes_of(std::vector<Site> const& sites, std::vector<OverlayFacts> const& facts)
{
    std::unordered_set<std::string_view> rivers{std::string_view{}};
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i].kind == SiteKind::water_section)
            rivers.insert(river_of(sites[i], facts[i]));
    std::map<std::string, std::vector<std::size_t>> lakes;
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i].kind == SiteKind::lake_section) {
            auto const water = river_of(sites[i], facts[i]);
            lakes[rivers.contains(water) ? sites[i].name : std::string{water}].push_back(i);
        }
    return lakes;
}

}  // namespace

std::shared_ptr<World const> make_world(std::shared_ptr<StandardsBook const> standards, std::vector<Site> sites,
                                        std::shared_ptr<LayerSet const> layers, std::shared_ptr<AlertPlan const> alerts,
                                        std::uint32_t digest)
{
    auto world = std::make_shared<World>();
    world->standards = std::move(standards);
    world->sites = std::make_shared<SiteRegistry const>(std::move(sites));
    world->layers = std::move(layers);
    world->alerts = std::move(alerts);
    world->digest = digest;
    for (auto const& site : world->sites->all())
        world->facts.push_back(site.position ? world->layers->facts(*site.position) : OverlayFacts{});
    world->rivers = RiverOrder{world->sites->all(), world->facts};
    world->lakes = lakes_of(world->sites->all(), world->facts);
    return world;
}

}  // namespace yihong
