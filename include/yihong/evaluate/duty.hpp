#pragma once

#include "yihong/base/time.hpp"
#include "yihong/model/alert_plan.hpp"

#include <string>
#include <vector>

namespace yihong {

/// Who is on duty (值班) at a time: each once, in the order of the plan's contacts. The end of a shift is not part of it; a weekly
/// shift over midnight belongs to the weekday on which it begins.
/// The pointers are into `plan`.
[[nodiscard]] std::vector<Contact const*> on_duty(AlertPlan const& plan, UtcTime now);

/// Whether a time lies in hours that come every day in Beijing time.
[[nodiscard]] bool is_within(DailyHours const& hours, UtcTime time) noexcept;
/// The time itself where it does not lie in these hours, else their end.
[[nodiscard]] UtcTime end_of(DailyHours const& hours, UtcTime time) noexcept;

/// Whom an alert goes to.
struct Recipients {
    std::vector<Contact const*> contacts;          ///< each once, in the order of the plan; pointers into it
    std::vector<std::string> channels;             ///< ids, beside those of the rule; each once, in the order of the routes
    bool operator==(Recipients const&) const = default;
};
/// The contacts and channels of the routes of `level` that cover the site, with whoever is on duty where a route says so. Where no
/// route of level 0 covers it, level 0 is whoever is on duty.
[[nodiscard]] Recipients recipients(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, int level, UtcTime now);

/// The highest level of the routes that cover the site; 0 without any.
[[nodiscard]] int last_level(AlertPlan const& plan, Site const& site, OverlayFacts const& facts) noexcept;

/// Whether planned work (计划维护) covers the site at a time; the end is not part of it.
[[nodiscard]] bool in_maintenance(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, UtcTime time) noexcept;

/// The deadlines of the 13710 rule, by calendar days or, where the calendar says so, working days (工作日). Days are those of Beijing and
/// the hour of registration stays. A month ends on the same day of the later month, clamped to its last, and in working days on the
/// working day at or after it. `resolve_by` is that of a major matter (重大复杂事项) where `major`.
[[nodiscard]] AlertDeadlines deadlines_from(AlertPlan const& plan, UtcTime registered, bool major);

}  // namespace yihong
