#pragma once

#include <string_view>

namespace yihong {

/// The colour that 地表水环境质量评价办法 gives a water class (1 … 6), `#00ccff`; grey for 0, no class.
[[nodiscard]] std::string_view class_colour(int water_class) noexcept;
/// The colour that HJ 633 gives a level of the AQI (1 … 6); grey for 0, no index.
[[nodiscard]] std::string_view aqi_level_colour(int level) noexcept;

}  // namespace yihong
