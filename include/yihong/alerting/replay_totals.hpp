#pragma once

#include "yihong/alerting/replay.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace yihong {

/// What the channels of alerts would have been told.
struct ReplayMessages {
    std::uint64_t told = 0;
    std::uint64_t reminders = 0;                   ///< of them because nobody answered, as nobody does in a replay
    void add(Alert const& alert);
};

/// What alerts came of a rule.
struct ReplayedRule {
    int alerts = 0;                                ///< it took part in
    int alone = 0;                                 ///< nothing else did
    double hours = 0;                              ///< that those lasted which nothing else took part in
    ReplayMessages messages;                       ///< of those it took part in
};

/// A replay in figures.
struct ReplayTotals {
    using BySeverity = std::array<int, 3>;         ///< by peak severity, notices first
    explicit ReplayTotals(Replay const& replay);
    /// Of a rule that raised nothing: zeros.
    [[nodiscard]] ReplayedRule of(std::string const& rule) const;

    std::map<std::string, ReplayedRule> rules;
    std::map<std::pair<std::string, std::string>, BySeverity> months;          ///< by site and month of Beijing time
    BySeverity all{};
    ReplayMessages messages;
};

/// The replay as a JSON object: its alerts, then the figures of rules, sites and months (docs/alerts.md).
/// \param most_alerts the first so many are listed; how many there are is said beside them
[[nodiscard]] std::string replay_as_json(Replay const& replay, World const& world, std::size_t most_alerts = SIZE_MAX);

}  // namespace yihong
