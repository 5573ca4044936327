#pragma once

#include "site_watches.hpp"

#include "yihong/alerting/alerting.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace yihong {

/// Whose periods have to be looked at: once a day, with the first record that comes, and again with each record of a day before that comes late,
/// is corrected or withdrawn, and where people mark something. Nothing is read for it.
class PeriodLooks {
public:
    void note(SiteWatch const& watch, Record const& record, UtcTime received_at);
    void note(SiteWatch const& watch, SiteNumber site, std::shared_ptr<PeriodMark const> mark, UtcTime now);
    /// Other rules hold: every site is looked at with its next record.
    void look_again() noexcept { looked_.clear(); }
    [[nodiscard]] std::vector<PeriodLook> take();

private:
    std::unordered_map<SiteNumber, UtcTime> looked_;  ///< the midnight of the last look
    std::map<SiteNumber, PeriodLook> due_;
};

}  // namespace yihong
