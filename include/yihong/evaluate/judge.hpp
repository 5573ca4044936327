#pragma once

#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace yihong {

/// How one item of a record was judged: enough to explain it to a duty officer.
struct ItemJudgement {
    Reading reading;
    Decimal assessed;                              ///< rounded to the assessment decimals
    WaterItem const* item = nullptr;               ///< null: the standard has no limits for it
    std::array<Decimal, 5> limits{};               ///< Ⅰ to Ⅴ as used (river or lake column)
    int item_class = 0;                            ///< 1 to 6, 0: not classified
    bool counted = false;                          ///< took part in the class (valid, graded)
    bool decided = false;                          ///< its class is the section's class
    std::string_view why_not_counted;              ///< e.g. `flag D`, `not graded for rivers`; empty when counted
    std::optional<Decimal> multiple;               ///< exceedance multiple (超标倍数) over class III, one decimal; none: defined none or not exceeded
};

struct MainPollutant {
    ParameterId parameter = 0;
    std::optional<Decimal> multiple;
};

struct WaterJudgement {
    Edition const* edition = nullptr;
    int water_class = 0;                           ///< 1 to 6 (劣Ⅴ), 0: nothing to judge
    bool lake = false;
    std::vector<ItemJudgement> items;              ///< one a reading, in the record's order
    std::vector<ParameterId> deciding;
    std::vector<MainPollutant> main_pollutants;    ///< at most three, only when worse than III
};

struct AqiItem {
    Reading reading;
    Decimal used;                                  ///< after rounding, where the edition rounds
    IaqiColumn const* column = nullptr;
    int iaqi = 0;
    int index_low = 0, index_high = 0;             ///< of the breakpoint interval used
    Decimal concentration_low, concentration_high;
    bool counted = false;
    bool primary = false;
    std::string_view why_not_counted;
};

struct AirJudgement {
    Edition const* edition = nullptr;
    bool daily = false;
    int aqi = 0;                                   ///< 0: none (nothing valid, or not to be published)
    int level = 0;                                 ///< 1 to 6
    std::vector<AqiItem> items;
    std::vector<ParameterId> primary;              ///< 首要污染物; empty when AQI <= 50
    std::vector<ParameterId> missing;              ///< indicators of the report without a valid value
    bool published = true;                         ///< false: HJ 633-2026 marks the index NA
};

/// `Ⅰ` … `Ⅴ`, `劣Ⅴ`; empty for 0.
std::string_view water_class_label(int water_class) noexcept;
/// `优` `良好` `轻度污染` `中度污染` `重度污染`; empty for 0.
std::string_view water_quality_label(int water_class) noexcept;
/// `优` `良` `轻度污染` `中度污染` `重度污染` `严重污染`; empty for 0.
std::string_view aqi_category_label(int level) noexcept;
int aqi_level(int aqi) noexcept;

/// Explains a water record under one edition. Single readings are rounded to the assessment decimals before grading
/// (环办监测函〔2020〕82号). `round = false` compares values as they are, as the national publishing system did in 2020-21.
[[nodiscard]] WaterJudgement judge_water(Record const& record, bool lake, WaterStandard const& standard, ParameterBook const& parameters,
                                         bool round = true);
/// Explains an air record: `day` records by the daily columns, all others by the hourly ones.
[[nodiscard]] AirJudgement judge_air(Record const& record, AqiStandard const& standard, ParameterBook const& parameters);

/// The verdict to keep with a record, under the editions in force on the date of its measurement. Quick: called for every record.
/// Outfalls and plants are not classed: their verdict stays empty. A station that is not `normal` is judged all the same from its valid values.
[[nodiscard]] Verdict judge(Record const& record, SiteKind kind, StandardsBook const& standards);

}  // namespace yihong
