#include "yihong/evaluate/world.hpp"

namespace yihong {

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
    return world;
}

}  // namespace yihong
