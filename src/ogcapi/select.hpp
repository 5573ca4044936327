#pragma once

#include "query.hpp"

#include <vector>

namespace yihong::ogcapi {

/// One page of the features that a query matches, in the collection's order.
struct Selection {
    std::vector<Feature const*> features;
    std::size_t matched = 0;                       ///< on all pages together
    std::size_t first = 0;                         ///< how many matching features come before the page
    [[nodiscard]] bool has_more() const noexcept { return first + features.size() < matched; }
};

Selection select(Collection const& collection, Query const& query);

}  // namespace yihong::ogcapi
