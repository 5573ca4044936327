#pragma once

#include "yihong/base/time.hpp"
#include "yihong/model/parameter.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// One edition of a standard, in force between two dates (of the measurement, Beijing time).
struct Edition {
    std::uint8_t number = 0;           ///< stable, kept with every verdict; 1 to 255
    std::string label;                 ///< `GB 3838-2002`, `HJ 633-2026`
    std::string title_zh;
    std::string title_en;
    std::string source;                ///< document and table
    std::optional<Date> effective_from;
    std::optional<Date> effective_to;  ///< last day in force; none: still in force
    [[nodiscard]] bool in_force_on(Date date) const noexcept;
};

/// How a value is compared with its limits. `change`: only the change of a weekly mean is limited (water temperature).
enum class LimitRule : std::uint8_t { maximum, minimum, range, change };

/// One item of GB 3838 Table 1 with its class limits (标准限值), in the parameter's unit. A value equal to a limit meets it.
struct WaterItem {
    ParameterId parameter = 0;
    LimitRule rule = LimitRule::maximum;
    std::array<Decimal, 5> river{};    ///< Ⅰ to Ⅴ; unused for `range` and `change`
    std::array<Decimal, 5> lake{};     ///< for lakes and reservoirs
    Decimal range_low, range_high;  ///< `range` (pH): inside is Ⅰ, outside worse than Ⅴ; `change`: permitted change of the weekly mean
    int decimals = 0;  ///< assessment decimals of the parameter
    bool graded = false;  ///< takes part in the section class (not: temperature, TN, faecal coliforms)
    bool river_limits = true;  ///< false: the standard limits it in lakes only (TN)
    bool has_multiple = true;  ///< an exceedance multiple is defined (not: pH, DO)
    bool toxic = false;  ///< cyanide and heavy metals: named first among main pollutants
    bool rounds_readings = true;  ///< a single reading is rounded to `decimals` before it is graded; a mean always is
    std::string clause;  ///< e.g. `Table 1, item 7`
    std::string clause_zh;  ///< e.g. `表1 第7项`
    [[nodiscard]] std::array<Decimal, 5> const& limits(bool in_lake) const noexcept { return in_lake ? lake : river; }
};

/// A supplementary item for drinking-water sources: one limit, met or not (GB 3838 Table 2).
struct DrinkingWaterItem {
    ParameterId parameter = 0;
    Decimal limit;
    int decimals = 0;
    std::string clause;
    std::string clause_zh;
};

struct WaterStandard {
    Edition edition;
    std::vector<WaterItem> items;  ///< ascending parameter
    std::vector<DrinkingWaterItem> drinking_water;
    /// Items that every section owes (应测项目), ascending: without one of them its class is only a lower bound. Sites may owe others.
    std::vector<ParameterId> owed;
    std::vector<std::int16_t> by_parameter;  ///< parameter → index into `items`, -1: none; for find()
    /// \return null when the standard has no limits for it
    [[nodiscard]] WaterItem const* find(ParameterId parameter) const noexcept
    {
        return parameter < by_parameter.size() && by_parameter[parameter] >= 0 ? &items[static_cast<std::size_t>(by_parameter[parameter])]
                                                                               : nullptr;
    }
};

/// One column of breakpoints (污染物项目浓度限值), e.g. PM10 24 h. Levels without a breakpoint end the column.
struct IaqiColumn {
    std::string name;  ///< `PM10_24h`, as the standard's table heads it
    ParameterId parameter = 0;
    ParameterId day_parameter = 0;  ///< the day's figure as hourly feeds publish it beside the hour (`pm10_24h`); 0: none
    std::vector<Decimal> breakpoints;  ///< for IAQI 0, 50, 100, 150, 200, 300, 400, 500
    int decimals = 0;  ///< of the concentration, where the edition rounds it
    int above = 500;  ///< index above the last breakpoint (SO2 1 h: 200, O3 8 h: 300, else 500)
    std::optional<std::size_t> above_column;  ///< 2012: the column used above the last breakpoint, with its day figure
};

/// The sub-index at each breakpoint (空气质量分指数).
inline constexpr std::array iaqi_levels{0, 50, 100, 150, 200, 300, 400, 500};

struct AqiStandard {
    Edition edition;
    bool rounds_concentration = false;  ///< 2026: half to even to integers (CO one decimal) before the formula
    bool missing_blocks_publication = false;  ///< 2026: with a pollutant missing, publish only above 100
    std::vector<IaqiColumn> columns;
    std::vector<std::size_t> hourly;  ///< columns of the hourly report, in order
    std::vector<std::size_t> daily;
    std::vector<std::size_t> hourly_needs_one_of;  ///< no hourly index when all of these are missing; empty: no such rule
    [[nodiscard]] IaqiColumn const* column(std::string_view name) const noexcept;
};

/// Averaging time of a limit (平均时间). `eight_hours`: the highest 8 h mean of the day (日最大8小时平均).
enum class Averaging : std::uint8_t { hour, eight_hours, day, quarter, year };

struct AirLimit {
    ParameterId parameter = 0;
    Averaging averaging = Averaging::day;
    Decimal class1;  ///< 一级: nature reserves and the like
    Decimal class2;  ///< 二级: all ordinary places
    bool basic = true;  ///< false: Table 2, applied where the ministry or the province says so
};

/// GB 3095: concentration limits of ambient air.
struct AirLimits {
    Edition edition;
    std::vector<AirLimit> limits;
    [[nodiscard]] AirLimit const* find(ParameterId parameter, Averaging averaging) const noexcept;
};

/// HJ 663: statistics of air quality over a month or a year.
struct AirStatistics {
    struct Item {
        ParameterId parameter = 0;
        bool mean = true;  ///< the mean of the period is assessed (not: CO, O3)
        Decimal percentile;  ///< of the daily figures, e.g. 0.95
        Averaging averaging = Averaging::day;  ///< the limit the percentile is compared with
    };
    Edition edition;
    int hours_a_day = 20, hours_in_8h = 6, means_8h_a_day = 14, first_8h_ends_at = 8;
    int days_a_month = 27, days_in_february = 25, days_a_year = 324, points_percent = 75;
    std::vector<Item> items;
    std::vector<std::pair<ParameterId, Decimal>> composite_limits;  ///< S of the composite index
};

/// How rivers, lakes, changes and trends are evaluated (环办〔2011〕22号), the city index (环办监测〔2017〕51号).
struct WaterEvaluation {
    struct TliItem {
        ParameterId parameter = 0;
        double a = 0, b = 0, r = 0;  ///< TLI = 10 (a + b ln x), weight r² / Σr²
    };
    struct Critical {
        int n = 0;
        Decimal p05, p01;  ///< one-tailed
    };
    Edition edition;
    int sections_for_shares = 5;  ///< with fewer, items are averaged over the sections
    int excellent_good = 90, fine_good = 75, moderate_bad = 20, heavy_bad = 40;  ///< percent
    int main_pollutants = 3;
    int change_some = 10, change_clear = 20;  ///< percentage points
    std::vector<TliItem> tli;
    std::vector<Decimal> tli_bounds;  ///< 4, ascending
    std::vector<Critical> critical;  ///< ascending n
    std::vector<ParameterId> cwqi;
};

/// Units in which stations send factors by default (HJ 212-2017 Appendix B), by code.
struct FactorUnits {
    struct Factor {
        std::string code;
        ParameterId parameter = 0;
        std::string unit;  ///< of concentrations and other values
        std::string total_unit;  ///< of cumulative values (`-Cou`); may be empty
        std::string type;  ///< `N5.2`; a hint, senders exceed it; may be empty
        bool in_standard = true;  ///< false: the unit is merely customary
    };
    Edition edition;
    std::vector<Factor> factors;  ///< ascending code
    [[nodiscard]] Factor const* find(std::string_view code) const noexcept;
};

/// Everything of config/standards, immutable. docs/standards.md describes the files.
class StandardsBook {
public:
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return parameters_; }
    /// The edition in force on the measurement's date. \return null when there is none, e.g. before the first
    [[nodiscard]] WaterStandard const* water(Date date) const noexcept;
    [[nodiscard]] AqiStandard const* aqi(Date date) const noexcept;
    [[nodiscard]] AirLimits const* air_limits(Date date) const noexcept;
    [[nodiscard]] AirStatistics const* air_statistics(Date date) const noexcept;
    [[nodiscard]] WaterEvaluation const* water_evaluation(Date date) const noexcept;
    [[nodiscard]] FactorUnits const* factor_units(Date date) const noexcept;
    /// By the number kept with a verdict. \return null when unknown
    [[nodiscard]] WaterStandard const* water_edition(std::uint8_t number) const noexcept;
    [[nodiscard]] AqiStandard const* aqi_edition(std::uint8_t number) const noexcept;
    /// Of any kind of standard.
    [[nodiscard]] Edition const* edition(std::uint8_t number) const noexcept;

    ParameterBook parameters_;
    std::vector<WaterStandard> water_;
    std::vector<AqiStandard> aqi_;
    std::vector<AirLimits> air_limits_;
    std::vector<AirStatistics> air_statistics_;
    std::vector<WaterEvaluation> water_evaluation_;
    std::vector<FactorUnits> factor_units_;
};

/// A file of the folder as read: its name for messages, and its text.
struct StandardsFile {
    std::string name;
    std::string text;
};

/// Checks the texts and puts the book together. Numbers and dates of editions must not clash, limits must ascend, names must be known, unknown keys
/// are errors. \return all problems at once, each naming file, line and key
std::expected<StandardsBook, std::vector<Failure>> parse_standards(std::vector<StandardsFile> const& files);

/// Reads every `*.toml` of the folder; its `kind` says what a file holds, so that a revised standard is one more file.
/// \return all problems at once, also a missing folder or an unreadable file
std::expected<StandardsBook, std::vector<Failure>> load_standards(std::filesystem::path const& directory);

}  // namespace yihong
