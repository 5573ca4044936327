#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/periods/calendar.hpp"

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// An outlet over a period (排口时段统计): daily means against limits, loads, transmission and validity, from its hours. docs/reports.md names
/// the clause of every step.
namespace yihong {

/// What makes the means of an outlet count (HJ 356-2019).
struct OutfallRules {
    int cycle_hours = 1;  ///< an analyser gives a value each so many hours (1, 2, 3, 4 or 6): one is due
    int percent_of_hours = 75;  ///< of the values due, for a day
    int percent_of_days = 75;  ///< of the days due, for the mean of the period
    bool operator==(OutfallRules const&) const = default;
};

/// The limit of an item at an outlet (排放限值).
struct OutfallLimit {
    ParameterId parameter = 0;
    DischargeLimit limit;
    std::string standard;  ///< where it stands; may be empty
};

/// How many values came and counted, of those that were due (应传、实传、有效). What is stopped or has no flow is in none of them.
struct OutfallCounts {
    int due = 0;
    int received = 0;
    int valid = 0;
    void add(OutfallCounts const& other) noexcept;
    [[nodiscard]] std::optional<Decimal> transmission() const;  ///< 传输率: received of due, percent, two decimals
    [[nodiscard]] std::optional<Decimal> validity() const;  ///< 有效率: valid of received
    [[nodiscard]] std::optional<Decimal> both() const;  ///< 传输有效率: valid of due
};

enum class DayVerdict : std::uint8_t { none, met, exceeded };
/// `none` | `met` | `exceeded`
std::string_view to_text(DayVerdict verdict) noexcept;

/// One item on one day of the calendar.
struct OutfallDay {
    Date date{};
    OutfallCounts counts;
    std::optional<Decimal> mean;  ///< of the valid values, by their flow, nine decimals, however few they are
    std::optional<Decimal> shown;  ///< rounded once to the item's decimals; none: too few values, the day does not count
    std::optional<Decimal> limit;  ///< that it is held against: the upper one, or the one that it broke
    DayVerdict verdict = DayVerdict::none;
    std::optional<Decimal> multiple;  ///< 超标倍数, two decimals
    std::optional<Decimal> load_t;  ///< of a day that counts, over the hours with a value; six decimals
};

struct OutfallItem {
    ParameterId parameter = 0;
    std::optional<OutfallLimit> limit;  ///< none: nothing limits it
    OutfallCounts counts;
    std::vector<OutfallDay> days;  ///< with a value due
    int valid_days = 0, met_days = 0, exceeded_days = 0;
    std::optional<Decimal> mean;  ///< of the valid days, where they are enough; rounded once
    std::optional<std::size_t> worst;  ///< of the days the one with the highest mean; none: no valid day
    std::optional<Decimal> load_t;  ///< sum of the days' loads
    int filled_days = 0;  ///< without a load of their own (fill_loads)
    std::optional<Decimal> filled_load_t;  ///< with those days; none: nothing to fill them with, or no load at all
    [[nodiscard]] std::optional<Decimal> met_share() const;  ///< 达标率: percent of the days with a verdict, one decimal
    /// Whether all days with a verdict met the limit. \return nothing without a limit, and where none is over it but too few days are valid to say so
    [[nodiscard]] std::optional<bool> met() const noexcept;
};

struct OutfallPeriod {
    std::vector<OutfallItem> items;  ///< ascending parameter
    OutfallCounts counts;  ///< of all items
    bool by_flow = false;  ///< false: no flow was measured; means are arithmetic, and there are no loads
    int hours_stopped = 0;
    int hours_without_flow = 0;
    std::optional<Decimal> volume_m3;  ///< over the hours with flow, no decimals
};

/// Adds up the hours of one outlet.
class OutfallSums {
public:
    /// \param until what is due is counted up to then
    /// \param owed items that are due though nothing of them comes
    /// \param limits, owed, parameters outlive the sums
    OutfallSums(Period const& period, UtcTime until, OutfallRules const& rules, std::span<OutfallLimit const> limits,
                std::span<ParameterId const> owed, std::vector<Stretch> stops, ParameterBook const& parameters);
    void add(Record const& record);
    /// Items: those that are owed, and of others those that came and have a limit or are in mg/L.
    [[nodiscard]] OutfallPeriod finish() const;

private:
    struct Value {
        bool valid = false;
        Decimal value;
    };
    /// A cycle of the analyser.
    struct Slot {
        std::map<ParameterId, Value> values;
        std::optional<Decimal> flow;  ///< L/s
        bool stopped = false;
        [[nodiscard]] bool is_due() const noexcept { return !stopped && !(flow && flow->is_zero()); }
    };
    struct Day {
        Date date{};
        std::vector<Slot const*> slots;  ///< that are due
        std::optional<Decimal> water_temperature;
    };
    [[nodiscard]] std::vector<Day> days() const;
    [[nodiscard]] OutfallDay day_of(Day const& day, Parameter const& parameter, std::optional<OutfallLimit> const& limit,
                                    bool by_flow) const;
    [[nodiscard]] OutfallItem item_of(std::vector<Day> const& days, Parameter const& parameter, bool by_flow) const;

    Period period_;
    OutfallRules rules_;
    std::span<OutfallLimit const> limits_;
    std::span<ParameterId const> owed_;
    ParameterBook const& parameters_;
    ParameterId flow_ = 0, temperature_ = 0;
    std::vector<Slot> slots_;
};

/// Puts in for each day without a load the largest of the last 30 valid daily loads before it (HJ 356-2019, 缺失数据替代); concentration and flow stay as
/// they are, and hours of a day that counts are not filled. \param before the same outlet in the days before: where its loads begin
void fill_loads(OutfallPeriod& now, OutfallPeriod const& before);

/// What a value counts as that was accepted though it lies below what analysers can tell apart (COD 2, ammonia nitrogen 0.01, TP 0.005, TN
/// 0.025 mg/L); the value itself for all others.
[[nodiscard]] Decimal value_of_outfall(Reading const& reading, ParameterBook const& parameters);

/// As tables print it: `40`, `6—9`, `5（水温≤12℃为8）`.
[[nodiscard]] std::string limit_text(DischargeLimit const& limit);

/// What an item of the outlet came to, in words (Chinese): mean and days, limit and days over it, rates, load, and what is not due.
/// \param as_of says whether the period is over
[[nodiscard]] std::string explain(OutfallPeriod const& outlet, OutfallItem const& item, Parameter const& parameter, Period const& period,
                                  UtcTime as_of);

/// Holds a daily mean against a limit. \param water_temperature of the day; none: not measured
void hold_against(OutfallDay& day, DischargeLimit const& limit, std::optional<Decimal> const& water_temperature);

}  // namespace yihong
