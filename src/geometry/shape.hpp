#pragma once

#include "yihong/geometry/geometry.hpp"

#include <string_view>

namespace yihong {

/// What keeps a geometry that was read from being one: a line of one position, a ring that is open or encloses nothing. GEOS asks for
/// that much. Whether rings cross is another question (Geos::why_invalid). \return empty: nothing
[[nodiscard]] inline std::string_view shape_problem(Geometry const& geometry) noexcept
{
    for (auto const& line : lines_of(geometry)) {
        if (line.size() < 2)
            return "a line has at least two positions";
    }
    for (auto const& polygon : polygons_of(geometry)) {
        if (polygon.rings.empty())
            return "a polygon has a ring";
        for (auto const& ring : polygon.rings) {
            if (ring.size() < 4)
                return "a ring has at least four positions, the last being the first";
            if (ring.front() != ring.back())
                return "a ring ends where it begins";
        }
    }
    return {};
}

}  // namespace yihong
