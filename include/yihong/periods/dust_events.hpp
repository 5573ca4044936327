#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <optional>
#include <span>
#include <vector>

/// Days on which dust may have come (沙尘日建议), from the hours of a station: proposed to people, never decided.
namespace yihong {

struct ParticleHour {
    UtcTime time{};
    std::optional<Decimal> pm10, pm25;  ///< μg/m³
};
/// Dust as the hours show it.
struct DustEvent {
    UtcTime begin{}, end{};  ///< its first hour, and the end of its last one
    Decimal before;  ///< mean PM10 of the six hours before it
    Decimal highest;  ///< PM10
    UtcTime highest_at{};
};

/// It begins with an hour whose PM10 is above 150 and at least twice the mean of the six hours before (three of them at least), or above 150 with a
/// share of PM2.5 at most half of theirs; it ends when PM10 is back within 10 % of that mean, or after three days. 环办监测〔2016〕120号 as remembered;
/// reference: reports.md 2.3. \param hours ascending; hours that are missing may lack
[[nodiscard]] std::vector<DustEvent> dust_events(std::span<ParticleHour const> hours);

}  // namespace yihong
