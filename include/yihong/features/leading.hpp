#pragma once

#include "yihong/features/feature.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace yihong {

/// How many features lead a collection (`FeatureQuery::lead`): clients that guess look at the first 5 to 10.
inline constexpr std::size_t most_leading = 5;

/// Which of some features lead: those that between them have a value in every column where any has one, as far as so few can; those with most values
/// first. \param at the feature in a place, below `count`
[[nodiscard]] std::vector<std::uint32_t> leading_places(std::size_t count, std::function<Feature const&(std::uint32_t)> const& at,
                                                        Schema const& schema);

}  // namespace yihong
