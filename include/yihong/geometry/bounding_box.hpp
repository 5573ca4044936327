#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"

#include <string_view>
#include <vector>

namespace yihong {

/// The parameter `bbox`, wherever it is understood: west, south, east, north (or with heights, which choose nothing: west, south, lowest, east, north,
/// highest) in CRS84. West is greater than east where the box crosses the antimeridian; longitudes beyond 180 go round the world. The boxes are
/// wider by half a served digit, so that a box made of served coordinates finds what it came from.
/// \return one box, or two where it crosses the antimeridian; Errc::bad_value beginning with `bbox: `
[[nodiscard]] Result<std::vector<BoundingBox>> parse_bounding_boxes(std::string_view text);

}  // namespace yihong
