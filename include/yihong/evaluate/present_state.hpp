#pragma once

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/owed_parameters.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The present state of a site (现状), item by item: values in, values out. Time is an argument.
namespace yihong {

/// How long after its time what came still counts as current (时效); later a value no longer does, and a site is `stale` (数据过期).
[[nodiscard]] std::chrono::minutes freshness(IntervalKind kind) noexcept;

/// A reading with the record that it comes from.
struct SourcedReading {
    Reading reading;
    IntervalKind interval = IntervalKind::realtime;
    StationStatus status = StationStatus::normal;
    UtcTime time{};                                ///< of the phenomenon
    UtcTime received_at{};
    [[nodiscard]] UtcTime valid_until() const noexcept { return time + freshness(interval); }
    [[nodiscard]] bool is_fresh(UtcTime at) const noexcept { return at <= valid_until(); }
};

/// The newest readings of one site, of each parameter and interval: the newest valid one and, where it is newer, the newest that is not valid.
class NewestReadings {
public:
    enum class Change : std::uint8_t { none, taken, outdated };
    /// Takes a record as it stands now; records come in any order, and again when they are corrected.
    /// \return `outdated` where a value that was the newest is not valid any more, so that an older one counts again: then gather from the series anew
    Change take(Record const& record);

    /// Ascending parameter, then interval.
    [[nodiscard]] std::vector<SourcedReading> const& all() const noexcept { return readings_; }
    /// Until when the state that they make at `at` stays the same, if nothing comes.
    [[nodiscard]] UtcTime hold_until(UtcTime at) const noexcept;

private:
    std::vector<SourcedReading> readings_;
};

/// The state of a site at a moment.
struct PresentState {
    /// One a parameter, ascending: its newest valid reading, or the newest that is not valid where no valid one is current.
    std::vector<SourcedReading> items;
    /// Water: how the items were judged, one each, in their order; no edition and no items where no standard was in force.
    WaterJudgement water;
    /// Items that the section owes and that do not count: its class is a lower bound then. Empty for other kinds of sites.
    std::vector<ParameterId> missing;
    /// Air: how the newest hour (or day) was judged, which is one record: an index is never made of several.
    AirJudgement air;
    std::optional<SourcedReading> air_source;  ///< any reading of that record; none: nothing to judge

    /// Of the items, those without a valid value.
    [[nodiscard]] std::vector<ParameterId> not_valid() const;
    [[nodiscard]] bool class_complete() const noexcept { return water.water_class > 0 && missing.empty(); }
};

/// Makes the state of a site from its newest readings, and judges it.
///
/// Of each parameter the newest valid value counts; once it is older than the freshness of its interval nothing stands in for it, so that no sample
/// of last month hides that the station has fallen silent. Values at the same time: the longer interval, a sample before all. Real-time and minute
/// values, and those of intervals that the site does not judge, only stand in where no other value is fresh; the latter never count in the class.
/// The edition is that of the newest judged value's day.
[[nodiscard]] PresentState present_state(NewestReadings const& readings, Site const& site, StandardsBook const& standards, UtcTime at);

/// The owed items that a judgement has no valid reading of.
[[nodiscard]] std::vector<ParameterId> missing_of(WaterJudgement const& judgement, std::vector<ParameterId> const& owed);

/// Whether the class is only a lower bound. Not 劣Ⅴ: nothing is worse.
[[nodiscard]] constexpr bool is_bound(int water_class, bool complete) noexcept { return !complete && water_class > 0 && water_class < 6; }
/// `Ⅱ类`; with items missing `不优于Ⅱ类（缺高锰酸盐指数、氨氮）` where that makes it a bound. Empty for class 0.
[[nodiscard]] std::string water_class_text(int water_class, std::span<ParameterId const> missing, ParameterBook const& parameters);
/// \return nothing without class or target, and where missing items leave it open: a bound that misses the target misses it, none meets it
[[nodiscard]] std::optional<bool> meets_target(int water_class, bool complete, std::optional<int> target) noexcept;

}  // namespace yihong
