#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// The GeoJSON geometry object, or `null`; at most 7 decimals, which is about a centimetre.
void append_geojson(std::string& out, Geometry const& geometry);
/// A coordinate with at most 7 decimals, without trailing zeros.
void append_coordinate(std::string& out, double degrees);

/// A geometry object of RFC 7946, or `null`. Heights and foreign members are passed over. Recursion ends at the depth of the types, and
/// memory is bounded by the length of the text. The text must be valid UTF-8.
/// \return Errc::bad_syntax or bad_value with line and column, Errc::unsupported for a GeometryCollection
[[nodiscard]] Result<Geometry> parse_geojson(std::string_view text);

}  // namespace yihong
