#pragma once

#include "yihong/model/alert.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// When a closed alert was closed; of one that does not say so, when it last changed. By this closed alerts are ordered.
[[nodiscard]] inline UtcTime time_closed(Alert const& alert) noexcept { return alert.closed_at.value_or(alert.updated_at); }

/// Closed alerts, those closed last first; of one moment, the greater id first.
struct ClosedAlertsQuery {
    std::optional<std::pair<UtcTime, std::string>> after;  ///< continue behind this (time_closed, id)
    std::optional<UtcTime> since = {};                     ///< none that was closed before
    std::size_t limit = 1000;
};

/// Alerts as they stand (预警), and the silences that keep some of them from being told (静默). Closed ones lie apart: what is still open
/// is read without them, however many there are. To be read by any thread; every method throws StoreError when the store itself fails.
class Alerts {
public:
    virtual ~Alerts() = default;

    /// All alerts that are not closed (AlertState::closed), by id. Costs what is read.
    [[nodiscard]] virtual std::vector<Alert> open_alerts() const = 0;
    /// Costs what is read.
    [[nodiscard]] virtual std::vector<Alert> closed_alerts(ClosedAlertsQuery const& query) const = 0;
    /// Open or closed.
    [[nodiscard]] virtual std::optional<Alert> find_alert(std::string_view id) const = 0;
    [[nodiscard]] virtual std::vector<Silence> silences() const = 0;
};

}  // namespace yihong
