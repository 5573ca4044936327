#pragma once

#include "yihong/alerting/alert_document.hpp"
#include "yihong/ports/alerts.hpp"
#include "yihong/state/alert_book.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong::alerts {

/// What of all alerts is wanted.
struct AlertFilter {
    std::vector<AlertState> states;                ///< empty: any
    std::optional<AlertSeverity> at_least;
    std::optional<AlertFamily> family;
    std::string site, river, county, rule;         ///< empty: any
    TimeInterval opened;
    std::string after;                             ///< cursor of a page, as `AlertPage::next` was; empty: the first page
    std::size_t limit = 100;

    [[nodiscard]] bool takes(Alert const& alert, AlertContext const& context) const;
    [[nodiscard]] bool takes_closed() const noexcept;
};

/// A page of the list of alerts: those in memory by the time they were opened, newest first, and behind them the older closed ones of the
/// store, closed last first.
struct AlertPage {
    std::vector<std::shared_ptr<Alert const>> alerts;
    std::optional<std::size_t> matched;            ///< of all pages; none where older closed ones may match: nobody counts those
    std::string next;                              ///< cursor of the page behind this one; empty: there is none
};

/// So many older closed alerts are looked at for one page at most: a page of a filter that few of them pass may be short, or empty, and
/// still have one behind it.
inline constexpr std::size_t looked_at_limit = 10'000;

/// Reads the store where older closed alerts may be wanted: for a thread that may wait.
/// \return Errc::bad_value where `after` is no cursor  \throws StoreError
[[nodiscard]] Result<AlertPage> read_page(AlertBook const& book, Alerts const& store, AlertFilter const& filter,
                                          AlertContext const& context);

}  // namespace yihong::alerts
