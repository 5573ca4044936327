#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// Well-known binary (OGC 06-103r4), little-endian, longitude first, two dimensions. None is an empty GEOMETRYCOLLECTION.
[[nodiscard]] std::string to_wkb(Geometry const& geometry);

/// Either byte order. Z and M, marked as ISO does (1001 …) or as GDAL's 2.5D, are read and left out. A count is believed only as far as
/// bytes follow, so memory is bounded by the length of the input.
/// \return Errc::bad_syntax or bad_value with the place of the byte, Errc::unsupported for a collection that is not empty, and curves
[[nodiscard]] Result<Geometry> parse_wkb(std::string_view bytes);

}  // namespace yihong
