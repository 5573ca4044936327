#pragma once

#include <string_view>

namespace yihong {

/// The system of all positions here: longitude, then latitude, in degrees of WGS 84.
inline constexpr std::string_view crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

}  // namespace yihong
