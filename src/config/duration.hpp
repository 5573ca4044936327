#pragma once

#include "yihong/config/config.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace yihong {

/// Text → a duration between two bounds, in the unit of the target.
template <typename Unit>
auto duration_between(Unit low, Unit high)
{
    return [low, high](std::string_view text) -> Result<Unit> {
        auto const value = parse_duration(text);
        if (!value)
            return std::unexpected{value.error()};
        auto const rounded = std::chrono::duration_cast<Unit>(*value);
        if (rounded != *value || rounded < low || rounded > high)
            return fail(Errc::bad_value, fmt::format("\"{}\" is too short, too long, or too exact", text));
        return rounded;
    };
}

}  // namespace yihong
