#pragma once

#include "yihong/model/alert_plan.hpp"
#include "yihong/standards/standards_book.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

/// The alert engine (预警规则引擎): pure functions from records to the causes that hold. Time is an argument.
namespace yihong {

/// A rule with its parameters resolved.
struct CompiledRule {
    AlertRule const* rule = nullptr;
    std::vector<ParameterId> parameters;           ///< ascending; empty: all that are judged
    std::vector<std::pair<ParameterId, DischargeLimit const*>> limits;   ///< ascending parameter
    ParameterId water_temperature = 0;             ///< that decides between limits in cold and warm water; 0: there is none
};

/// The rules of a plan that are about one kind of site with these facts, in the plan's order. `plan` outlives them. Names that the
/// standards do not know are passed over (the check of the configuration reports them).
[[nodiscard]] std::vector<CompiledRule> rules_for(AlertPlan const& plan, Site const& site, OverlayFacts const& facts,
                                                  ParameterBook const& parameters);

/// Records of one site and interval, newest first from 0. \return null when there are no more; a record stays where it is during the step
using RecordsBack = std::function<Record const*(std::size_t)>;
/// How many records of a site and interval, the newest included, rules can look back on: a month of hours and more.
inline constexpr std::size_t records_back_limit = 1'024;

/// What a step looks at.
struct AlertStepInput {
    std::span<CompiledRule const> rules;           ///< of the site
    Site const* site = nullptr;
    StandardsBook const* standards = nullptr;
    std::function<bool(UtcTime)> excluded;         ///< times of planned maintenance; may be empty: none
};

/// The causes that hold at a site once `back(0)` is the newest record of its interval, or a record before it came late or was corrected.
/// Only valid values count: flag N, no doubt about the unit, the station normal, no maintenance. A value that does not count is passed
/// over: it neither raises, nor interrupts, nor recovers. A cause ends after `recover_records` consecutive valid values of each of its
/// items that no longer fulfil it. Values are consecutive (连续) while no gap lies between two of them: more than a day, four days between
/// day means, two months between samples. Behind a gap every count starts anew, that of recovery too: one good value after days without
/// any does not yet say that the water is good again. What a rule takes from a window of time (the median of `jump`, the mean of a
/// month) is bounded by that window, gaps or not. A round that was sent again (重复上报) does not count:
/// its items of one group, at least two, all equal those of the round before. `frozen` counts them, for equal values are what it looks for.
/// Causes of other intervals, and of `data_gap`, `out_of_service`, `item_gap` and `item_owed`, stay as they are; those whose rule is gone end.
[[nodiscard]] std::vector<AlertCause> step_record(AlertStepInput const& input, std::vector<AlertCause> const& causes,
                                                  RecordsBack const& back);

/// When a site was last heard, for `data_gap` and `out_of_service`.
struct LastHeard {
    UtcTime received_at{};  ///< of its newest record
    UtcTime time{};  ///< its phenomenon time
    IntervalKind interval = IntervalKind::hour;
    StationStatus status = StationStatus::normal;
    UtcTime status_since{};  ///< phenomenon time of the first record since it is, or is not, out of service
};
/// How long before it came a record may have been measured for its site to count as reporting live; a site that was only ever filled
/// from archives is not missed.
inline constexpr std::chrono::hours live_within{24};
[[nodiscard]] bool is_live(LastHeard const& heard) noexcept;
/// The station says that it is being worked on, or does not work (维护、校准、故障). One that is stopped is meant to be.
[[nodiscard]] bool is_out_of_service(StationStatus status) noexcept;
/// Takes a record that is newer than what was heard before.
[[nodiscard]] LastHeard heard_after(std::optional<LastHeard> const& before, Record const& newest) noexcept;

/// When the site's data will count as missing (数据中断), or what it says of itself as lasting too long (长时间维护或故障), if nothing else comes.
/// \return nothing where no rule watches it, it does not report live, or it has been stopped
/// \param awake_since a gap is measured from there at the earliest: the service cannot have heard before
[[nodiscard]] std::optional<UtcTime> due_from(AlertStepInput const& input, LastHeard const& heard, UtcTime awake_since);
/// The causes that hold once time has come to `now`: `data_gap` begins, or ends with newer data; `out_of_service` begins, or ends with a
/// record of a station that works again.
[[nodiscard]] std::vector<AlertCause> step_time(AlertStepInput const& input, std::vector<AlertCause> const& causes, LastHeard const& heard,
                                                UtcTime awake_since, UtcTime now);

/// When each item of a site last had a valid value, over all its records up to day means; for `item_gap` and `item_owed`.
struct ItemsHeard {
    struct Item {
        ParameterId parameter = 0;
        UtcTime time{};  ///< of the record
        IntervalKind interval = IntervalKind::hour;
    };
    std::optional<UtcTime> first;  ///< the oldest record that is known
    std::vector<Item> valid;  ///< ascending parameter
    /// Takes what a record has of valid values.
    void take(Record const& record);
    /// \return null when none is known
    [[nodiscard]] Item const* find(ParameterId parameter) const noexcept;
};
/// The causes that hold once `newest` has come, and is in `heard`: items without a valid value for long while others arrive (因子缺测), and items
/// that the site owes and that never came (应报未报). They end, item by item, with a valid value.
[[nodiscard]] std::vector<AlertCause> step_items(AlertStepInput const& input, std::vector<AlertCause> const& causes,
                                                 ItemsHeard const& heard, Record const& newest);

/// How the service itself is doing.
struct ServiceStatus {
    std::optional<UtcTime> stalled_since;  ///< since when a channel has not got through; none: all do
    std::optional<int> disk_used_percent;
    std::optional<UtcTime> last_data;  ///< when the last record of a station that reports live came
    std::optional<UtcTime> clock_set;  ///< when the clock was set last, by the clock as it is since
};
/// The causes of the service's own alert (self-watch) at `now`.
[[nodiscard]] std::vector<AlertCause> step_service(AlertPlan const& plan, std::vector<AlertCause> const& causes,
                                                   ServiceStatus const& status, UtcTime awake_since, UtcTime now);

/// The highest severity among causes of a family. \return nothing when none holds
[[nodiscard]] std::optional<AlertSeverity> severity_of(std::span<AlertCause const> causes, AlertFamily family) noexcept;

}  // namespace yihong
