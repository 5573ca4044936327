#pragma once

#include <array>
#include <string>
#include <string_view>

namespace yihong::crs {

/// What the register says of the systems that every service has: to open PROJ's database for it would cost every start some 8 ms.
struct UsualSystem {
    int code;
    std::string_view name;
    bool north_first;
    bool in_degrees;
    int meridian = 0;  ///< of a zone, degrees east
    int easting = 0;  ///< of its meridian, metres: with the zone's number in front where the system has it
};
inline constexpr std::array usual_systems{
    UsualSystem{4326, "WGS 84", true, true},
    UsualSystem{4490, "China Geodetic Coordinate System 2000", true, true},
    UsualSystem{4546, "CGCS2000 / 3-degree Gauss-Kruger CM 111E", true, false, 111, 500'000},
    UsualSystem{4547, "CGCS2000 / 3-degree Gauss-Kruger CM 114E", true, false, 114, 500'000},
    UsualSystem{4525, "CGCS2000 / 3-degree Gauss-Kruger zone 37", true, false, 111, 37'500'000},
    UsualSystem{4526, "CGCS2000 / 3-degree Gauss-Kruger zone 38", true, false, 114, 38'500'000},
    UsualSystem{4508, "CGCS2000 / Gauss-Kruger CM 111E", true, false, 111, 500'000},
    UsualSystem{4509, "CGCS2000 / Gauss-Kruger CM 117E", true, false, 117, 500'000},
    UsualSystem{4497, "CGCS2000 / Gauss-Kruger zone 19", true, false, 111, 19'500'000},
    UsualSystem{4498, "CGCS2000 / Gauss-Kruger zone 20", true, false, 117, 20'500'000},
    UsualSystem{3857, "WGS 84 / Pseudo-Mercator", false, false},
};

/// \return null for a system that is none of them
UsualSystem const* usual_system(int code) noexcept;
/// How PROJ comes from CRS84 to a usual system, as it says itself once it has looked through its database for some 110 ms.
std::string usual_operation(UsualSystem const& system);

}  // namespace yihong::crs
