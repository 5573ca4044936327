#pragma once

#include "yihong/evaluate/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// What sections are taken together (区域): whose they are (考核归属), their county where nobody says whose, a city with all of its parts, a level
/// (国控、省控、市控). A section is in several of them.
enum class WaterAreaKind : std::uint8_t { assessed_for, county, city, level };
/// `assessed_for` | `county` | `city` | `level`
[[nodiscard]] std::string_view to_text(WaterAreaKind kind) noexcept;

struct WaterArea {
    std::string name;  ///< 河津市, 运城市, 国控
    WaterAreaKind kind = WaterAreaKind::county;
    std::vector<std::string> sections;  ///< ids, in the order of the registry
};

/// By name, each once. A city is the one of the configuration, and whatever another 考核归属 begins with (临汾市 of 临汾市侯马市).
[[nodiscard]] std::vector<WaterArea> water_areas(World const& world, std::string_view own_city);

}  // namespace yihong
