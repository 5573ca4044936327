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
    Decimal assessed;                              ///< rounded to the assessment decimals, unless the edition grades the item unrounded
    WaterItem const* item = nullptr;               ///< null: the standard has no limits for it
    std::array<Decimal, 5> limits{};               ///< Ⅰ to Ⅴ as used (river or lake column); all zero where there are none (pH)
    int item_class = 0;                            ///< 1 to 6, 0: not classified
    bool counted = false;                          ///< took part in the class (valid, graded)
    bool decided = false;                          ///< its class is the section's class
    std::string_view why_not_counted;              ///< e.g. `the flag is not N`; empty when counted
    std::string_view why_not_counted_zh;
    std::optional<Decimal> multiple;  ///< exceedance multiple (超标倍数) over class III, one decimal; none: defined none or not exceeded
};

struct MainPollutant {
    ParameterId parameter = 0;
    std::optional<Decimal> multiple;
};

struct WaterJudgement {
    Edition const* edition = nullptr;
    int water_class = 0;  ///< 1 to 6 (劣Ⅴ), 0: nothing to judge
    bool lake = false;
    std::vector<ItemJudgement> items;  ///< one a reading, in the record's order
    std::vector<ParameterId> deciding;
    std::vector<MainPollutant> main_pollutants;  ///< at most three, only when worse than III
};

/// How one reading of an air record was judged.
struct AqiItem {
    Reading reading;
    Decimal used;  ///< after rounding, where the edition rounds
    IaqiColumn const* column = nullptr;  ///< null: no column of this report uses the reading
    int iaqi = 0;
    int index_low = 0, index_high = 0;  ///< of the breakpoint interval used; equal above the last breakpoint
    Decimal concentration_low, concentration_high;
    bool counted = false;
    bool primary = false;
    std::string_view why_not_counted;
    std::string_view why_not_counted_zh;
};

struct AirJudgement {
    Edition const* edition = nullptr;
    bool daily = false;
    int aqi = 0;  ///< 0: none (nothing valid, or not to be published), or every concentration is 0
    int level = 0;  ///< 1 to 6, 0: none
    std::vector<AqiItem> items;  ///< one a reading, in the record's order
    std::vector<ParameterId> primary;  ///< 首要污染物; empty when AQI <= 50
    std::vector<ParameterId> missing;  ///< indicators of the report without a valid value
    bool published = true;  ///< false: the index is NA (HJ 633-2026: a pollutant is missing; 2012, hourly: both PM are)
};

/// Whether it is graded (有效值): a number of flag N whose unit is not in doubt.
[[nodiscard]] bool is_valid(Reading const& reading) noexcept;

/// `Ⅰ` … `Ⅴ`, `劣Ⅴ`; empty for 0.
std::string_view water_class_label(int water_class) noexcept;
/// The same in English, with plain capitals: `class I` … `class V`, `worse than class V`; empty for 0.
std::string_view water_class_label_en(int water_class) noexcept;
/// `优` `良好` `轻度污染` `中度污染` `重度污染`; empty for 0.
std::string_view water_quality_label(int water_class) noexcept;
/// The grade of a class (水质状况): 1 优 (Ⅰ, Ⅱ), 2 良好, 3 轻度污染, 4 中度污染, 5 重度污染; 0 for 0.
int water_grade(int water_class) noexcept;
std::string_view water_grade_label(int grade) noexcept;
/// `优` `良` `轻度污染` `中度污染` `重度污染` `严重污染`; empty for 0.
std::string_view aqi_category_label(int level) noexcept;
/// 1 (to 50) … 6 (over 300). \pre aqi >= 0
int aqi_level(int aqi) noexcept;

/// Class of one item (单因子水质类别): the best class whose limit the value meets, equality included. DO: the larger the better; pH: inside the range I,
/// else worse than V. \return 1 to 6; 0 when the standard has no limit for that kind of water (TN in rivers) or for a single value (temperature)
[[nodiscard]] int water_item_class(WaterItem const& item, Decimal const& assessed, bool lake) noexcept;
/// (C - S) / S to one decimal, half to even (超标倍数), to two where one would be 0.0. \pre assessed > limit > 0
[[nodiscard]] Decimal multiple_over(Decimal const& assessed, Decimal const& limit) noexcept;
/// The same over class III. \return nothing when none is defined or class III is met
[[nodiscard]] std::optional<Decimal> exceedance_multiple(WaterItem const& item, Decimal const& assessed, bool lake) noexcept;

/// Explains a water record under one edition (断面水质类别: the worst class of its graded items). Single readings are rounded to the assessment
/// decimals before grading (环办监测函〔2020〕82号), but for items that the edition grades unrounded (pH). `round = false` compares all values as they are, as
/// the national publishing system did in 2020-21.
[[nodiscard]] WaterJudgement judge_water(Record const& record, bool lake, WaterStandard const& standard, ParameterBook const& parameters,
                                         bool round = true);

/// The main pollutants (主要污染指标) of `judge_water` alone, without the explanation of all other items.
[[nodiscard]] std::vector<MainPollutant> main_pollutants(Record const& record, bool lake, WaterStandard const& standard);

/// A sub-index (空气质量分指数) and the breakpoint interval it comes from.
struct Iaqi {
    int value = 0;
    int index_low = 0, index_high = 0;
    Decimal concentration_low, concentration_high;
    bool beyond = false;  ///< above the last breakpoint: `value` is the column's `above`
};
/// Rounded up to an integer, in exact arithmetic: an index that is an integer already stays. Zero for values not above zero.
[[nodiscard]] Iaqi iaqi(IaqiColumn const& column, Decimal const& concentration) noexcept;

/// Explains an air record: `day` records by the daily columns, all others by the hourly ones.
[[nodiscard]] AirJudgement judge_air(Record const& record, AqiStandard const& standard, ParameterBook const& parameters);

/// The verdict to keep with a record, under the editions in force on the date of its measurement. Quick: called for every record.
/// Outfalls and plants are not classed: their verdict stays empty. A station that is not `normal` is judged all the same from its valid values.
[[nodiscard]] Verdict judge(Record const& record, SiteKind kind, StandardsBook const& standards);

}  // namespace yihong
