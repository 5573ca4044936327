#pragma once

#include "yihong/evaluate/alert_rules.hpp"

#include <span>
#include <unordered_map>
#include <vector>

namespace yihong {

/// What one batch brought of a series, and the rules have not looked at yet.
struct WaitingLook {
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::hour;
    UtcTime received_at{};
    RecordsBack back;
    UtcTime newest{};                              ///< what came behind it belongs to a later batch
    std::vector<UtcTime> turns;                    ///< records that each were the newest, and fresh when they came (新鲜): ascending
    bool changed = false;  ///< more than these turns: a record came late, was corrected, or is of a backlog (补传)

    /// The series as it was when the record of this time was its newest.
    [[nodiscard]] RecordsBack up_to(UtcTime time) const;
};

/// The looks of a group that wait for the end of their batch, in the order in which they were asked for.
class WaitingLooks {
public:
    /// That of a series. \return null when there is none
    [[nodiscard]] WaitingLook* find(SiteNumber site, IntervalKind interval);
    WaitingLook& add(WaitingLook look);
    /// Takes out those of a site.
    [[nodiscard]] std::vector<WaitingLook> take_of(SiteNumber site);
    [[nodiscard]] std::vector<WaitingLook> take_all();
    /// Whether something of another batch waits at a site.
    [[nodiscard]] bool has_other(SiteNumber site, UtcTime received_at) const;
    void clear() noexcept;

private:
    std::vector<WaitingLook> looks_;  ///< taken out ones have no `back`
    std::unordered_map<SiteNumber, std::vector<std::size_t>> by_site_;
};

}  // namespace yihong
