#pragma once

#include "yihong/model/alert.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace yihong {

/// What readers see: every alert as it stands, newest first, and the silences. Immutable.
struct AlertBook {
    std::vector<std::shared_ptr<Alert const>> alerts;
    std::vector<Silence> silences;
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const noexcept;
};

}  // namespace yihong
