#pragma once

#include "yihong/evaluate/judge.hpp"

#include <span>
#include <string_view>
#include <vector>

/// Black-odorous waters (黑臭水体) by the guide of 2015 (城市黑臭水体整治工作指南): transparency, dissolved oxygen, redox potential, ammonia nitrogen.
namespace yihong {

enum class Blackness : std::uint8_t { unknown, none, light, heavy };
/// `none` | `light` | `heavy`; `unknown` with too few values.
std::string_view to_text(Blackness grade) noexcept;
/// 不黑臭, 轻度黑臭, 重度黑臭, 数据不足
std::string_view blackness_label(Blackness grade) noexcept;

/// One indicator of a point.
struct BlackIndicator {
    ParameterId parameter = 0;
    int values = 0;
    int light = 0;  ///< in the range of light ones; a value on a limit is on its better side (the guide does not say)
    int heavy = 0;
    [[nodiscard]] Decimal heavy_share() const;  ///< percent, one decimal; 0 without values
};
struct BlackPoint {
    int samples = 0;
    std::vector<BlackIndicator> indicators;  ///< transparency, oxygen, redox potential, ammonia nitrogen
    Blackness grade = Blackness::unknown;
};
/// Heavy where one indicator is heavy in 60 % of its values, or two in 30 %; else light where any value is light or heavy.
/// Fewer than three samples, or an indicator without a value, make no grade.
[[nodiscard]] BlackPoint judge_black_point(std::span<Record const> samples, ParameterBook const& parameters);

struct BlackWater {
    int points = 0;  ///< with a grade
    int heavy_points = 0;
    Blackness grade = Blackness::unknown;
    [[nodiscard]] Decimal heavy_share() const;  ///< percent of the points, one decimal
};
/// Heavy where 60 % of the points are; else as bad as light where any point is not free of it.
[[nodiscard]] BlackWater judge_black_water(std::span<Blackness const> points);

}  // namespace yihong
