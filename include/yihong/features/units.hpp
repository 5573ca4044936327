#pragma once

#include <string>
#include <string_view>

namespace yihong {

/// UCUM code of a unit as it is written in tables (μg/m³, ℃). \return empty when it is not among those we know
[[nodiscard]] std::string ucum(std::string_view unit);

}  // namespace yihong
