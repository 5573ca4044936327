#pragma once

#include "yihong/base/time.hpp"
#include "yihong/model/parameter.hpp"

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
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

enum class LimitRule : std::uint8_t { maximum, minimum, range };

/// One item of GB 3838 Table 1 with its class limits (标准限值).
struct WaterItem {
    ParameterId parameter = 0;
    LimitRule rule = LimitRule::maximum;
    std::array<Decimal, 5> river{};    ///< Ⅰ to Ⅴ; unused for `range`
    std::array<Decimal, 5> lake{};
    Decimal range_low, range_high;     ///< pH: inside is Ⅰ, outside is worse than Ⅴ
    bool graded = false;               ///< takes part in the section class (not: temperature, TN, faecal coliforms)
    bool river_limits = true;          ///< false: the standard limits it in lakes only (TN)
    bool has_multiple = true;          ///< an exceedance multiple is defined (not: pH, DO)
    bool toxic = false;                ///< cyanide and heavy metals: named first among main pollutants
    std::string clause;                ///< e.g. `Table 1, item 7`
    std::string clause_zh;             ///< e.g. `表1 第7项`
};

/// A supplementary item for drinking-water sources: one limit, met or not (GB 3838 Table 2).
struct DrinkingWaterItem {
    ParameterId parameter = 0;
    Decimal limit;
    std::string clause;
    std::string clause_zh;
};

struct WaterStandard {
    Edition edition;
    std::vector<WaterItem> items;                  ///< ascending parameter
    std::vector<DrinkingWaterItem> drinking_water;
    [[nodiscard]] WaterItem const* find(ParameterId parameter) const noexcept;
};

/// One column of breakpoints (污染物项目浓度限值), e.g. PM10 24 h. Levels without a breakpoint end the column.
struct IaqiColumn {
    std::string name;                  ///< `PM10_24h`, as the standard's table heads it
    ParameterId parameter = 0;
    std::vector<Decimal> breakpoints;  ///< for IAQI 0, 50, 100, 150, 200, 300, 400, 500
    int above = 500;                   ///< index above the last breakpoint (SO2 1 h: 200, O3 8 h: 300, else 500)
};

struct AqiStandard {
    Edition edition;
    bool rounds_concentration = false; ///< 2026: half to even to integers (CO one decimal) before the formula
    bool missing_blocks_publication = false;       ///< 2026: with a pollutant missing, publish only above 100
    std::vector<IaqiColumn> columns;
    std::vector<std::string> hourly;   ///< columns of the hourly report, in order
    std::vector<std::string> daily;
    [[nodiscard]] IaqiColumn const* column(std::string_view name) const noexcept;
};

/// Everything of config/standards, immutable. See docs/data-model.md for the files.
class StandardsBook {
public:
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return parameters_; }
    /// The edition in force on the measurement's date. \return null before the first edition
    [[nodiscard]] WaterStandard const* water(Date date) const noexcept;
    [[nodiscard]] AqiStandard const* aqi(Date date) const noexcept;
    /// By the number kept with a verdict. \return null when unknown
    [[nodiscard]] WaterStandard const* water_edition(std::uint8_t number) const noexcept;
    [[nodiscard]] AqiStandard const* aqi_edition(std::uint8_t number) const noexcept;
    [[nodiscard]] Edition const* edition(std::uint8_t number) const noexcept;

    ParameterBook parameters_;
    std::vector<WaterStandard> water_;
    std::vector<AqiStandard> aqi_;
    // further tables (GB 3095 limits, HJ 663 statistics, section evaluation, TLI) follow here
};

/// Reads and checks every file of the folder. \return all problems at once, each naming file, line and key
std::expected<StandardsBook, std::vector<Failure>> load_standards(std::filesystem::path const& directory);

}  // namespace yihong
