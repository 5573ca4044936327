#pragma once

#include "yihong/features/source.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

/// What the collections of sites are called, and what makes the state of a site: the same now and for a moment that is over.
namespace yihong {

struct SiteCollection {
    std::string_view id, title, title_en, description;
    SiteKind kind;                                 ///< that stands for all of its kinds
};

inline constexpr std::array<SiteCollection, 3> site_collections{{
    {"water-sections", "地表水断面", "Water sections",
     "断面与湖库点位的现状：各项目最新的有效值及水质类别（GB 3838）。 The newest valid value of every item, and the water class they make.",
     SiteKind::water_section},
    {"air-stations", "空气质量监测站", "Air stations",
     "空气站的最新监测记录及空气质量指数（HJ 633）。 Newest record and air quality index of every station.", SiteKind::air_station},
    {"outfalls", "排污口与污水处理厂", "Outfalls and treatment plants",
     "排污口与污水处理厂的最新监测记录。 Newest record of every outfall and wastewater treatment plant.", SiteKind::outfall},
}};

/// \return its place in `site_collections`
[[nodiscard]] std::size_t collection_of(SiteKind kind) noexcept;

[[nodiscard]] SourceMetadata metadata_of(SiteCollection const& collection);

/// The record that stands for a site: one of an interval that is judged wins over any other; then the newer wins; at the same time the longer interval
/// does, and the later comer of two that are equal.
/// \param known null: none yet
[[nodiscard]] bool is_newest_of(Site const& site, Record const& candidate, Record const* known) noexcept;

/// Whether the record does not speak of this moment any more (数据过期). Without a record a site is stale.
[[nodiscard]] bool is_stale(std::optional<Record> const& newest, UtcTime at) noexcept;

/// Adds the record's parameters to these. \param columns ascending \return whether any was new
bool add_columns(std::vector<ParameterId>& columns, Record const& record);

}  // namespace yihong
