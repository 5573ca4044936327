#pragma once

#include "yihong/evaluate/river_order.hpp"
#include "yihong/model/alert_plan.hpp"
#include "yihong/model/layer_set.hpp"
#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace yihong {

/// Everything that a reload replaces: standards, sites, layers, what the layers know about the sites, and the alert plan.
/// Immutable; whoever uses it holds it.
struct World {
    std::shared_ptr<StandardsBook const> standards;
    std::shared_ptr<SiteRegistry const> sites;     ///< every site has its store number
    std::shared_ptr<LayerSet const> layers;
    std::vector<OverlayFacts> facts;               ///< one a site, in the order of sites->all()
    RiverOrder rivers;                             ///< of the sites, from their facts
    /// The lakes and reservoirs (湖库) by name, with the places of their points among the sites, ascending: sections of the kind `lake_section` of one
    /// water body, by which the lake is called; points on a river that has sections of its own are a lake each, called as the point.
    std::map<std::string, std::vector<std::size_t>> lakes;
    std::shared_ptr<AlertPlan const> alerts;  ///< rules, people and calendar; never null
    /// Of the files it was made from: another one where anything may be configured otherwise, the same after a restart where nothing is.
    std::uint32_t digest = 0;
};

/// Puts a world together; computes the overlay facts, the order along rivers and the lakes. \pre every site has its number
/// \param alerts without it, an empty plan: nothing raises an alert
std::shared_ptr<World const> make_world(std::shared_ptr<StandardsBook const> standards, std::vector<Site> sites,
                                        std::shared_ptr<LayerSet const> layers,
                                        std::shared_ptr<AlertPlan const> alerts = std::make_shared<AlertPlan const>(),
                                        std::uint32_t digest = 0);

}  // namespace yihong
