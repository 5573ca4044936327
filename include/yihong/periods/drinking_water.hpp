#pragma once

#include "yihong/evaluate/water_statistics.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a centralised drinking-water source owes beside its class (集中式生活饮用水地表水源地补充项目): met or not, no class (GB 3838 Table 2).
namespace yihong {

struct DrinkingWaterPeriod {
    std::vector<DrinkingWaterJudgement> items;  ///< those with a mean, in the table's order
    std::vector<ParameterId> missing;  ///< that the table limits, without a mean
    /// Not met where one exceeds its limit. \return nothing where none does and one is missing
    [[nodiscard]] std::optional<bool> met() const noexcept;
};
/// \param means printed means of the period, graded or not
[[nodiscard]] DrinkingWaterPeriod evaluate_drinking_water(Record const& means, WaterStandard const& standard);

/// 达标, 不达标, 不判定
std::string_view drinking_water_label(std::optional<bool> met) noexcept;
/// `硝酸盐(0.2)、铁(1.3)`: those that exceed, by how much; empty where none does.
std::string drinking_water_exceeded(DrinkingWaterPeriod const& source, ParameterBook const& parameters);
/// `饮用水源补充项目（GB 3838-2002 表2）不达标：硝酸盐 12.30 mg/L（限值10，超0.2倍）；未测 铁、锰`
std::string drinking_water_text(DrinkingWaterPeriod const& source, ParameterBook const& parameters);

}  // namespace yihong
