#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/site.hpp"

#include <span>
#include <string_view>
#include <vector>

/// Which sites a place chooses. Pure.
namespace yihong::edr {

using Sites = std::vector<Site const*>;

inline constexpr double position_reach_m = 50'000;         ///< `position` takes no site beyond
inline constexpr double longest_radius_m = 20'037'508;     ///< half round the earth
inline constexpr std::size_t most_positions = 2'000;       ///< of `coords`

/// Along a great circle of a sphere of 6371.0088 km, in metres: within half a percent of the ellipsoid's.
[[nodiscard]] double distance_m(LonLat a, LonLat b) noexcept;

/// `coords`: well-known text, longitude first. Everything about it is checked: kind, length, range, rings.
/// \return Errc::bad_syntax or bad_value, too_large above `most_positions`; the detail begins with `coords: `, and says what was given and what is taken
Result<Geometry> read_coords(std::string_view text, std::span<GeometryType const> kinds);

/// The nearest site of each point, each once. \pre points, or one
/// \return Errc::not_found where a point has none within reach; the detail says how far the next one is
Result<Sites> nearest_sites(Sites const& sites, Geometry const& points);
[[nodiscard]] Sites sites_within(Sites const& sites, LonLat centre, double radius_m);
/// Inside of the polygons or on their edge.
[[nodiscard]] Sites sites_in(Sites const& sites, Geometry const& area);
[[nodiscard]] Sites sites_in(Sites const& sites, std::span<BoundingBox const> boxes);

}  // namespace yihong::edr
