#include "yihong/reports/air_point.hpp"

namespace yihong {

bool is_point(std::string_view station, Date day, std::span<AirPoint const> points) noexcept
{
    bool is_named = false;
    for (auto const& point : points) {
        if (point.station != station)
            continue;
        is_named = true;
        if ((!point.from || *point.from <= day) && (!point.to || day <= *point.to))
            return true;
    }
    return !is_named;
}

}  // namespace yihong
