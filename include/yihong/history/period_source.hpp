#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/features/source.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/reports/settings.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace yihong {

/// The collections of periods (时段评价): sections, rivers, areas of water (考核归属, else the county; cities, levels), air stations, counties and the city by
/// their air, outfalls and plants, lakes. Each has one type of geometry, so that every format can hold it.
enum class PeriodOf : std::uint8_t { section, river, area, air_station, air_area, outfall, lake };
inline constexpr std::array all_periods_of{PeriodOf::section,  PeriodOf::river,   PeriodOf::area, PeriodOf::air_station,
                                           PeriodOf::air_area, PeriodOf::outfall, PeriodOf::lake};

/// What they are made of; everything outlives the sources.
struct PeriodMaterials {
    Records const& records;
    SectionMonths* months;  ///< of the records; null: none are kept
    Snapshot<ReportSettings> const& settings;
    Snapshot<MarkBook> const& marks;
    std::optional<UtcTime> known_at = {};  ///< the records and marks are those of then, and what is due is counted up to it; none: now
    AirMonths* air_months = nullptr;  ///< of the records; null: none are kept
};

[[nodiscard]] std::string_view period_collection_id(PeriodOf what) noexcept;
/// Of the sites that it is made of; it stands for all kinds of their collection (`collection_of`).
[[nodiscard]] SiteKind kind_of(PeriodOf what) noexcept;
/// From the oldest to the newest record of what the collection is made of, with those that were withdrawn; ends absent: there never was one.
/// \throws StoreError
[[nodiscard]] TimeInterval period_data(PeriodOf what, World const& world, Records const& records);

/// `section-periods`, `river-periods`, `area-periods`, `air-periods`, `air-area-periods`, `outfall-periods`, `lake-periods`: one feature a place and period of which there
/// are records (of outlets one an item too), by the beginning of the period, the shorter ones first, then by place. Listed are the months and years that the data touches; whoever asks for one `period` by its code gets it,
/// whatever it is (`2025-Q3`, `2025-W45`, `2025-10-03`). Nothing is in memory but one feature and the months that are kept; its version is empty.
/// \param data from the oldest to the newest record; ends absent: there is none, and the collection says that it is empty
std::shared_ptr<FeatureSource const> make_period_source(PeriodOf what, std::shared_ptr<World const> world, TimeInterval const& data,
                                                        PeriodMaterials const& materials);

}  // namespace yihong
