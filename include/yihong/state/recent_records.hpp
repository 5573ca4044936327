#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/ports/records.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace yihong {

/// What the present states of sites are made of (`Network`): of every series its newest record, and those before it that may hold the newest valid
/// value of an item. A state from these alone is the one that all records would give.
/// The records of a site stand together.
/// \param sites in any order; none: all that the store knows
/// \param at the moment whose states these are: without later records; none: now
/// \throws StoreError
[[nodiscard]] std::vector<Record> recent_records(Records const& records, SiteRegistry const& registry,
                                                 std::optional<std::vector<SiteNumber>> sites = {}, std::optional<UtcTime> at = {});

/// The records of each site. \param records those of a site stand together \param visit gets a span of each
template <typename Visit>
void for_each_site(std::span<Record const> records, Visit visit)
{
    while (!records.empty()) {
        auto const next = std::ranges::find_if(records, [&](Record const& record) { return record.site != records.front().site; });
        auto const count = static_cast<std::size_t>(next - records.begin());
        visit(records.first(count));
        records = records.subspan(count);
    }
}

}  // namespace yihong
