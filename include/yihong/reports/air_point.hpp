#pragma once

#include "yihong/base/time.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yihong {

/// When a station is one of the points of evaluation (评价点位), of whose days those of its county and city are made (HJ 663). A point that was moved or
/// given up is none any more: its silence is no missing value.
struct AirPoint {
    std::string station;  ///< id
    std::optional<Date> from, to;  ///< days of Beijing, both part of it; none: without an end
    bool operator==(AirPoint const&) const = default;
};

/// Is the station a point on that day? One that none of them names always is, one that several name is on the days of any.
[[nodiscard]] bool is_point(std::string_view station, Date day, std::span<AirPoint const> points) noexcept;

}  // namespace yihong
