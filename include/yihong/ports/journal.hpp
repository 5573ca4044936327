#pragma once

#include "yihong/model/alert.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace yihong {

/// The log of all alerts (预警日志), each step chained to the one before it. To be read by any thread; every method throws StoreError
/// when the store itself fails.
class Journal {
public:
    virtual ~Journal() = default;

    /// The story of one alert, from its first step.
    [[nodiscard]] virtual std::vector<AlertStep> alert_steps(std::string_view alert) const = 0;
    /// Steps of all alerts with a number above `after`, ascending.
    [[nodiscard]] virtual std::vector<AlertStep> alert_log(std::uint64_t after, std::size_t limit) const = 0;
    /// The end of the log, to which the next step is chained.
    [[nodiscard]] virtual std::optional<AlertStep> last_alert_step() const = 0;
};

}  // namespace yihong
