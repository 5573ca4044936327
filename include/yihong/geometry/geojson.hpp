#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"

#include <string>
#include <string_view>

namespace yihong {

inline constexpr int usual_decimals = 7;           ///< about a centimetre
inline constexpr int most_decimals = 9;

/// The GeoJSON geometry object, or `null`. \param decimals at most, 0 to `most_decimals`
void append_geojson(std::string& out, Geometry const& geometry, int decimals = usual_decimals);
/// A coordinate with at most so many decimals, without trailing zeros.
void append_coordinate(std::string& out, double degrees, int decimals = usual_decimals);

/// A geometry object of RFC 7946, or `null`. Heights and foreign members are passed over. Recursion ends at the depth of the types, and
/// memory is bounded by the length of the text. The text must be valid UTF-8.
/// \return Errc::bad_syntax or bad_value with line and column, Errc::unsupported for a GeometryCollection
[[nodiscard]] Result<Geometry> parse_geojson(std::string_view text);

}  // namespace yihong
