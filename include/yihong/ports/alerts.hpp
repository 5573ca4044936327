#pragma once

#include "yihong/model/alert.hpp"

#include <vector>

namespace yihong {

/// Alerts as they stand (预警), and the silences that keep some of them from being told (静默). To be read by any thread; every method
/// throws StoreError when the store itself fails.
class Alerts {
public:
    virtual ~Alerts() = default;

    /// All alerts as they stand, in no order.
    [[nodiscard]] virtual std::vector<Alert> alerts() const = 0;
    [[nodiscard]] virtual std::vector<Silence> silences() const = 0;
};

}  // namespace yihong
