#pragma once

#include "yihong/model/site.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace yihong {

/// The order of sites along rivers (上下游关系): by the river of a site and its chainage on the line of that name, where a site beside the line of
/// another river, or beside an approximate one, has no place; and by what the site files say of it (`downstream`), over confluences. Every
/// question about what lies upstream is asked here. Immutable.
class RiverOrder {
public:
    RiverOrder() = default;
    /// \param sites in the order of the registry
    /// \param facts one a site
    RiverOrder(std::span<Site const> sites, std::span<OverlayFacts const> facts);

    struct Upstream {
        std::size_t index = 0;  ///< of the site, in the registry
        std::optional<double> distance_km;  ///< along the river; none where only the order is known
        bool operator==(Upstream const&) const = default;
    };
    /// The sites upstream of one: on its river the nearest first, at one place those earlier in the registry first; behind them those that the
    /// site files alone put there, by how many sections lie between. Empty where nothing is known of either.
    [[nodiscard]] std::vector<Upstream> upstream(std::size_t index) const;

private:
    struct Place {
        std::size_t index = 0;
        double chainage_km = 0;  ///< grows with the water
    };
    std::vector<std::vector<Place>> rivers_;  ///< each from its mouth upwards
    std::vector<std::vector<std::size_t>> above_;  ///< of each site, those whose next section it is
    std::vector<std::size_t> river_of_;  ///< of each site, in `rivers_`; the greatest number: none is known
};

}  // namespace yihong
