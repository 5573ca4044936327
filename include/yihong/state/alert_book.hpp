#pragma once

#include "yihong/model/alert.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace yihong {

/// What readers see: the alerts that are in memory as they stand, newest first, and the silences. Immutable.
/// In memory is every alert that is not closed, and every one closed at or after `closed_since`; older ones are in the store.
struct AlertBook {
    std::vector<std::shared_ptr<Alert const>> alerts;
    std::vector<Silence> silences;
    UtcTime closed_since = UtcTime::min();
    std::uint64_t steps = 0;                       ///< of all alerts, wherever they are: the length of their log
    /// \return null when it is not in memory
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const noexcept;
};

}  // namespace yihong
