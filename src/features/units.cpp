#include "yihong/features/units.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace yihong {

std::string ucum(std::string_view unit)
{
    std::string code;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> spellings{{{"μ", "u"},
                                                                                      {"µ", "u"},
                                                                                      {"³", "3"},
                                                                                      {"²", "2"},
                                                                                      {"℃", "Cel"},
                                                                                      {"°C", "Cel"},
                                                                                      {"degC", "Cel"},
                                                                                      {"无量纲", "1"},
                                                                                      {"dimensionless", "1"}}};
    while (!unit.empty()) {
        auto const spelling = std::ranges::find_if(spellings, [&](auto const& s) { return unit.starts_with(s.first); });
        code += spelling == spellings.end() ? unit.substr(0, 1) : spelling->second;
        unit.remove_prefix(spelling == spellings.end() ? 1 : spelling->first.size());
    }
    constexpr std::array<std::string_view, 24> known{"mg/L", "ug/L",  "g/L", "ug/m3", "mg/m3", "Cel", "1",   "%",
                                                     "m",    "cm",    "mm",  "km",    "m3/s",  "m/s", "hPa", "kPa",
                                                     "mS/m", "uS/cm", "S/m", "mV",    "km2",   "m2",  "deg", "h"};
    return std::ranges::find(known, code) != known.end() ? code : std::string{};
}

}  // namespace yihong
