#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/crs84.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reference systems that coordinates are asked for in. Inside the service everything is CRS84, longitude and latitude.
namespace yihong::crs {

using yihong::crs84;

/// A reference system of the EPSG register, with its axes in the order that the register gives them: latitude first in EPSG:4490, north first in
/// the Gauss-Krüger zones.
struct System {
    int code = 0;  ///< EPSG; 0: CRS84
    std::string uri;  ///< `http://www.opengis.net/def/crs/EPSG/0/4547`
    std::string name;  ///< as the register calls it
    bool north_first = false;  ///< its first axis is the northing or the latitude
    bool in_degrees = true;  ///< false: metres, or whatever its axes have
    /// What its own coordinates are written with, where nobody says: 1 cm of degrees, 0.1 mm of metres.
    [[nodiscard]] int usual_decimals() const noexcept { return in_degrees ? 7 : 4; }
};

/// Those that a service has: CRS84 first. Immutable. The usual ones: WGS 84, CGCS2000, its Gauss-Krüger zones that cover Shanxi (3° and 6°, with and
/// without the zone in the easting), and web maps.
class Systems {
public:
    Systems();  ///< CRS84 alone
    /// \param further EPSG codes beside the usual ones \return Errc::bad_value for one that PROJ does not know, has no way to, or that has no two axes
    static Result<Systems> make(std::span<int const> further);

    [[nodiscard]] std::vector<System> const& all() const noexcept { return all_; }
    /// By its URI, also `https:` and `[EPSG:4547]`, `EPSG:4547`. \return null when it is none of them
    [[nodiscard]] System const* find(std::string_view name) const noexcept;

private:
    std::vector<System> all_;
};

}  // namespace yihong::crs
