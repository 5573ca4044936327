#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/record.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong {

/// 断面、湖库点位、空气站、排污口、污水处理厂
enum class SiteKind : std::uint8_t { water_section, lake_section, air_station, outfall, wastewater_plant };
std::string_view to_text(SiteKind kind) noexcept;
/// Judged by GB 3838: a river section or a point of a lake.
[[nodiscard]] constexpr bool is_water(SiteKind kind) noexcept { return kind == SiteKind::water_section || kind == SiteKind::lake_section; }
std::optional<SiteKind> parse_site_kind(std::string_view text) noexcept;

/// 国控、省控、市控
inline constexpr std::array<std::string_view, 3> site_levels{"national", "provincial", "municipal"};

/// The order of features in a collection: ids made of digits first, by value ("2" before "10"), then the others by their bytes.
[[nodiscard]] bool id_less(std::string_view a, std::string_view b) noexcept;

/// What a site owes (应测项目) from 1 January of a year on.
struct OwedList {
    static constexpr int always = 0;  ///< of every year
    int since = always;
    std::vector<std::string> parameters;  ///< by name or code
    bool operator==(OwedList const&) const = default;
};

/// A monitored place. `water_section` is judged by the river columns of GB 3838, `lake_section` by the lake ones.
struct Site {
    std::string id;                                 ///< stable, URL-safe
    std::string name;                               ///< Chinese
    std::string name_en;
    SiteKind kind = SiteKind::water_section;
    std::optional<Date> lake_since;                 ///< of a `lake_section` that was a river section before that day (改按湖库评价之日)
    /// The kind by which a measurement of that time is judged.
    [[nodiscard]] SiteKind kind_at(UtcTime time) const noexcept
    {
        return lake_since && time < beijing_midnight(*lake_since) ? SiteKind::water_section : kind;
    }
    std::optional<LonLat> position;                 ///< a site may lack one
    std::string mn;                                 ///< HJ 212 device number; may be empty
    std::string level;                              ///< national | provincial | municipal; may be empty
    std::string water_body;                         ///< 所在水体
    std::string downstream;  ///< id of the next section that its water comes to (下游断面); empty: none, or unknown
    std::optional<double> mouth_km;  ///< where its water joins another one before that section: chainage on the line of that one
    std::string mouth_bank;  ///< from which side, seen with the water: left | right; may be empty
    std::string assessed_for;  ///< 考核归属: whose section it is, e.g. 临汾市侯马市; may be empty
    std::optional<int> target_class;  ///< 1 to 5 (水质目标): its own, or the default of its level
    bool drinking_water_source = false;  ///< 集中式饮用水水源地: what GB 3838 Table 2 limits is judged as well
    /// Items without which its class is only a lower bound (应测项目, 5+X by year), ascending year; a year without its own list has that of the latest
    /// before it. Before the first, or without any: those that the standard says every section owes.
    std::vector<OwedList> owed_parameters;
    [[nodiscard]] bool has_owed_list(int year) const noexcept;
    /// The lists that hold in one of these years, oldest first.
    [[nodiscard]] std::span<OwedList const> owed_lists(int first_year, int last_year) const noexcept;
    /// (publisher, name there), e.g. ("cnemc", "山西省/张留庄"); several names of one publisher are several entries
    std::vector<std::pair<std::string, std::string>> external_ids;
    std::optional<double> coordinate_accuracy_m;
    std::string source;
    /// Which intervals are judged and shown as the site's present state (参评数据类型), a bit each by IntervalKind; devices narrow it.
    std::uint8_t judged_intervals = 0xFF;
    [[nodiscard]] bool judges(IntervalKind interval) const noexcept
    {
        return (judged_intervals >> static_cast<unsigned>(interval) & 1U) != 0;
    }
    std::uint32_t number = 0;  ///< the store's number (SiteNumber); given when the registry is put together
};

/// A river as a layer draws it, seen from a place within its reach.
struct RiverLine {
    std::string name;
    double distance_m = 0;  ///< 0 inside a river drawn as an area
    std::optional<double>
        chainage_km;  ///< 里程, from the start of the digitised line; none beyond its ends, beside an area, and on approximate lines
    std::optional<double> accuracy_m;  ///< how far the line may lie from the water, where the layer says
    bool operator==(RiverLine const&) const = default;
};

/// What the layers know about a site (叠加结果); computed at load, never typed in.
struct OverlayFacts {
    std::string county;  ///< name of the containing `boundary` feature; empty: none
    std::vector<RiverLine> rivers;  ///< within reach, the nearest first; each name once
    std::string lake;
    std::optional<double> lake_distance_m;  ///< 0 inside
    std::vector<std::string> zones;  ///< ids of the zones that contain it
    std::optional<double> elevation_m;
    std::optional<double> elevation_accuracy_m;  ///< error of the elevation model, where it is declared
    std::vector<std::string> zone_notes;  ///< for zones drawn by a value with an error: the value, its error, and whether they decide
    std::vector<std::pair<std::string, std::optional<double>>> raster_values;  ///< (layer id, value; nodata is none)
    bool operator==(OverlayFacts const&) const = default;
};

/// The river that a site is on (所在河流): its water body, else the nearest river of the layers; empty where neither is known. The nearest
/// line is not always the right one: a tributary may not be drawn at all.
[[nodiscard]] std::string_view river_of(Site const& site, OverlayFacts const& facts) noexcept;
/// The names under which filters, scopes and silences find the site: `river_of`, and behind it the nearest river of the layers where that is
/// another one.
[[nodiscard]] std::vector<std::string> rivers_of(Site const& site, OverlayFacts const& facts);
[[nodiscard]] bool is_on_river(Site const& site, OverlayFacts const& facts, std::string_view river) noexcept;
/// The line of the site's own river. \return null where no layer draws it within reach
[[nodiscard]] RiverLine const* line_of_river(Site const& site, OverlayFacts const& facts) noexcept;

/// Is it a section of this place, or of a part of it? 临汾市 has what 临汾市侯马市 is assessed for.
[[nodiscard]] bool is_assessed_for(Site const& site, std::string_view place) noexcept;

/// All sites, by id, MN and external id. Immutable; the index of a site is its place in `all()`.
class SiteRegistry {
public:
    SiteRegistry() = default;
    /// \pre ids and MNs are unique (the loader checks it)
    explicit SiteRegistry(std::vector<Site> sites);

    [[nodiscard]] std::vector<Site> const& all() const noexcept { return sites_; }
    /// By id or MN. \return null when there is none
    [[nodiscard]] Site const* find(std::string_view id_or_mn) const noexcept;
    /// By its number in the store. \return null, nothing when there is none
    [[nodiscard]] Site const* numbered(SiteNumber number) const noexcept;
    [[nodiscard]] std::optional<std::size_t> index_of(SiteNumber number) const noexcept;
    [[nodiscard]] Site const* find_external(std::string_view publisher, std::string_view name) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    std::vector<Site> sites_;  // ascending by id_less
    std::vector<std::int32_t> by_number_;  // index, -1: none has this number
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_key_;
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_external_;
};

}  // namespace yihong
