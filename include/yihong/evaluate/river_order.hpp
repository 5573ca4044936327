#pragma once

#include "yihong/model/site.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace yihong {

/// The order of sites along rivers (上下游关系), by the river of a site and its chainage on the line of that name: a
/// site beside the line of another river, or beside an approximate one, has no place in the order. Every question about what lies upstream is
/// asked here, so that a river network with its confluences can take the place of names. Immutable.
class RiverOrder {
public:
    RiverOrder() = default;
    /// \param sites in the order of the registry
    /// \param facts one a site
    RiverOrder(std::span<Site const> sites, std::span<OverlayFacts const> facts);

    struct Upstream {
        std::size_t index = 0;  ///< of the site, in the registry
        double distance_km = 0;  ///< along the river
        bool operator==(Upstream const&) const = default;
    };
    /// The sites upstream of one, the nearest first; at one place, those earlier in the registry first. Empty where its river or its
    /// place there is not known.
    [[nodiscard]] std::vector<Upstream> upstream(std::size_t index) const;

private:
    struct Place {
        std::size_t index = 0;
        double chainage_km = 0;  ///< grows with the water
    };
    std::vector<std::vector<Place>> rivers_;  ///< each from its mouth upwards
    std::vector<std::size_t> river_of_;  ///< of each site, in `rivers_`; the greatest number: none is known
};

}  // namespace yihong
