#include "yihong/geo/gcj02.hpp"

#include <cmath>
#include <numbers>

namespace yihong {
namespace {

// Krasovsky 1940, as the published formula uses it.
constexpr double semi_major_m = 6378245.0;
constexpr double eccentricity_squared = 0.00669342162296594323;

bool is_shifted(LonLat p) noexcept { return p.lon >= 72.004 && p.lon <= 137.8347 && p.lat >= 0.8293 && p.lat <= 55.8271; }

/// The shift in degrees at a WGS 84 position.
LonLat offset(LonLat p) noexcept
{
    using std::numbers::pi;
    double const x = p.lon - 105.0;
    double const y = p.lat - 35.0;
    auto const waves = [](double v, double a, double b) { return a * std::sin(v * pi) + b * std::sin(v / 3.0 * pi); };
    double const ripple = 20.0 * std::sin(6.0 * x * pi) + 20.0 * std::sin(2.0 * x * pi);
    double const root = std::sqrt(std::abs(x));

    double const north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
                         (ripple + waves(y, 20.0, 40.0) + waves(y / 12.0, 160.0, 0.0) + 320.0 * std::sin(y / 30.0 * pi)) * 2.0 / 3.0;
    double const east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
                        (ripple + waves(x, 20.0, 40.0) + waves(x / 12.0, 150.0, 0.0) + 300.0 * std::sin(x / 30.0 * pi)) * 2.0 / 3.0;

    double const phi = p.lat * pi / 180.0;
    double const w2 = 1.0 - eccentricity_squared * std::sin(phi) * std::sin(phi);
    double const meridian_m = semi_major_m * (1.0 - eccentricity_squared) / (w2 * std::sqrt(w2));
    double const parallel_m = semi_major_m / std::sqrt(w2) * std::cos(phi);
    return {east * 180.0 / (parallel_m * pi), north * 180.0 / (meridian_m * pi)};
}

}  // namespace

LonLat wgs84_to_gcj02(LonLat position) noexcept
{
    if (!is_shifted(position))
        return position;
    LonLat const d = offset(position);
    return {position.lon + d.lon, position.lat + d.lat};
}

LonLat gcj02_to_wgs84(LonLat position) noexcept
{
    if (!is_shifted(position))
        return position;
    // The offset changes by less than a hundredth of the way moved, so each round gains about two decimals.
    LonLat guess = position;
    for (int round = 0; round < 20; ++round) {
        LonLat const d = offset(guess);
        LonLat const next{position.lon - d.lon, position.lat - d.lat};
        double const moved = std::abs(next.lon - guess.lon) + std::abs(next.lat - guess.lat);
        guess = next;
        if (moved < 1e-12)
            break;
    }
    return guess;
}

}  // namespace yihong
