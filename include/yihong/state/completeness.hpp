#pragma once

#include "yihong/ports/records.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace yihong {

/// A record counts as late (迟到) when it was received more than this after the end of its period.
inline constexpr std::chrono::hours late_after{1};

/// Whether it came late. Records of kinds without a period are compared with their own time.
[[nodiscard]] bool is_late(Record const& record) noexcept;

/// The periods of one day in Beijing time that a site owed, and what has come of them (数据完整性).
struct DayCompleteness {
    Date date{};
    int expected = 0;                                  ///< periods that are over and whose data should be there
    int present = 0;
    int late = 0;                                      ///< of those present
    std::vector<UtcTime> missing;                      ///< beginnings, ascending
};

/// Completeness by day, oldest first. Periods are those of Beijing's day: hours, 0 4 8 12 16 20 o'clock, days. A period is owed
/// half an hour after its end. One pass over the site's series. \pre period_length(kind) > 0
[[nodiscard]] std::vector<DayCompleteness> completeness(Records const& records, SiteNumber site, IntervalKind kind, Date first, Date last,
                                                        UtcTime now);

/// The newest gap: neighbouring missing periods, at most `most` of them, none of which `skip` holds.
struct Gap {
    UtcTime first{};
    UtcTime last{};                                    ///< beginning of its last period
    int periods = 0;
    bool operator==(Gap const&) const = default;
};
[[nodiscard]] std::optional<Gap> newest_gap(std::vector<DayCompleteness> const& days, IntervalKind kind, int most,
                                            std::vector<UtcTime> const& skip);

}  // namespace yihong
