#pragma once

#include "yihong/model/period_mark.hpp"

#include <algorithm>
#include <span>

namespace yihong {

/// Whether the time lies in one of them.
[[nodiscard]] inline bool is_within(std::span<Stretch const> stretches, UtcTime time) noexcept
{
    return std::ranges::any_of(stretches, [&](Stretch const& one) { return one.first <= time && time < one.second; });
}

}  // namespace yihong
