#pragma once

#include "yihong/base/time.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace yihong {

/// Compares the wall clock with a clock that nobody sets. On one thread.
class ClockWatch {
public:
    using Steady = std::chrono::steady_clock::time_point;

    /// \return by how much the wall clock was set since the last look, where it is worth telling (half a minute); less is how clocks are corrected
    std::optional<std::chrono::milliseconds> look(UtcTime wall, Steady steady)
    {
        constexpr std::chrono::seconds worth_telling{30};
        auto const was = std::exchange(last_, std::pair{wall, steady});
        if (!was)
            return std::nullopt;
        auto const set = (wall - was->first) - std::chrono::duration_cast<std::chrono::milliseconds>(steady - was->second);
        return set >= worth_telling || set <= -worth_telling ? std::optional{set} : std::nullopt;
    }

private:
    std::optional<std::pair<UtcTime, Steady>> last_;
};

}  // namespace yihong
