#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/ports/records.hpp"

#include <optional>
#include <vector>

namespace yihong {

/// What the present states of sites are made of (`Network`): of every series its newest record, and those before it that may hold the newest valid
/// value of an item. A state from these alone is the one that all records would give.
/// \param sites in any order; none: all that the store knows
/// \param at the moment whose states these are: without later records; none: now
/// \throws StoreError
[[nodiscard]] std::vector<Record> recent_records(Records const& records, SiteRegistry const& registry,
                                                 std::optional<std::vector<SiteNumber>> sites = {}, std::optional<UtcTime> at = {});

}  // namespace yihong
