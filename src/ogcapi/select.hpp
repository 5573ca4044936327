#pragma once

#include "yihong/features/source.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong::ogcapi {

/// One page of the features that a query matches, in the order of the query.
struct Selection {
    std::vector<std::shared_ptr<Feature const>> features;
    std::optional<std::size_t> matched;            ///< on all pages together; none: the collection does not count
    std::size_t first = 0;                         ///< how many matching features come before the page
    bool has_more = false;                         ///< others match behind it
    std::size_t leading = 0;                       ///< how many stand at the beginning out of turn
    std::vector<std::string> out_of_turn = {};     ///< these, behind those of the pages before

    /// The page ends earlier: what it took is too large.
    void cut(std::size_t count)
    {
        has_more = has_more || count < features.size();
        features.resize(count);
        if (count < leading) {
            out_of_turn.resize(out_of_turn.size() - (leading - count));
            leading = count;
        }
    }
};

Selection select(FeatureSource const& collection, FeatureQuery const& query);

}  // namespace yihong::ogcapi
