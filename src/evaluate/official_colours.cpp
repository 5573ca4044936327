#include "yihong/evaluate/official_colours.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

using Colours = std::array<std::string_view, 7>;
constexpr Colours classes{"#dddddd", "#ccffff", "#00ccff", "#00ff00", "#ffff00", "#ff9b00", "#ff0000"};
constexpr Colours aqi_levels{"#dddddd", "#00e400", "#ffff00", "#ff7e00", "#ff0000", "#99004c", "#7e0023"};

std::string_view of(Colours const& colours, int level) noexcept { return colours[static_cast<std::size_t>(std::clamp(level, 0, 6))]; }

}  // namespace

std::string_view class_colour(int water_class) noexcept { return of(classes, water_class); }
std::string_view aqi_level_colour(int level) noexcept { return of(aqi_levels, level); }

}  // namespace yihong
