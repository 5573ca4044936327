#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/features/source.hpp"
#include "yihong/ports/records.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace yihong {

/// What the collection of their records is called: `water-records`, `air-records` or `outfall-records`.
[[nodiscard]] std::string_view record_collection_id(SiteKind kind) noexcept;

/// The collections that hold what a store keeps (历史记录): `water-records`, `air-records` and `outfall-records`, one feature a record, by time, then site,
/// then interval. Nothing of it is in memory but the piece that is read just now, and nothing is cached: its version is empty.
/// \param kind whose records: of rivers and lakes, of air stations, or of outfalls and plants
/// \param columns the parameters that have a column, ascending
/// \param has_records whether there is any record of them: without, the collection says that it is empty
/// \param records outlives the source
std::shared_ptr<FeatureSource const> make_record_source(std::shared_ptr<World const> world, SiteKind kind,
                                                        std::span<ParameterId const> columns, bool has_records, Records const& records);

}  // namespace yihong
