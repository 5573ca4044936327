#pragma once

#include "yihong/evaluate/mark_book.hpp"
#include "yihong/evaluate/period_sums.hpp"
#include "yihong/evaluate/water_statistics.hpp"
#include "yihong/periods/calendar.hpp"
#include "yihong/periods/drinking_water.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

/// A section over a period (断面时段评价): means of its days and months, 5+X, class, target. docs/reports.md names the clause of every step.
namespace yihong {

/// What makes a mean count. The defaults are ours where no published number was found (docs/reports.md).
struct WaterValidity {
    int rounds_a_day = 6;  ///< of 4 h data; hours count by the same share
    int rounds_needed = 4;  ///< for a day
    int percent_of_days = 60;  ///< of the days due, for a month
    int months_needed = 8;  ///< of twelve, for a verdict on the target of a year (环办〔2011〕22号 for rivers that freeze or dry)
    bool normal_stations_only = true;  ///< values of a station under maintenance, calibration or with a fault are left out
    /// How many months of several need a mean; in proportion, rounded up.
    [[nodiscard]] int months_needed_of(int months) const noexcept { return (months * months_needed + 11) / 12; }
    bool operator==(WaterValidity const&) const = default;
};

/// What has to be known of a section.
struct SectionFacts {
    bool lake = false;
    std::optional<Date> lake_since = {};  ///< a day within the period, before which it was a river section
    std::optional<int> target_class = {};  ///< 水质目标
    std::vector<ParameterId> owed;  ///< 应测项目: without one of them there is no verdict on the target
    bool drinking_water_source = false;  ///< 集中式饮用水水源地
    std::optional<std::vector<ParameterId>> graded;  ///< its 5+X: what else was analysed is shown and not graded; none: all that there is
};

/// Where a mean comes from. `both`: some months of a longer period from the station, others from the sample.
enum class ValueSource : std::uint8_t { none, station, sample, both };
std::string_view to_text(ValueSource source) noexcept;
/// 自动, 手工, 自动与手工
std::string_view source_label(ValueSource source) noexcept;

/// One item within a month, or within a period that is no whole months: what the station and the laboratory have.
struct ItemPiece {
    ParameterId parameter = 0;
    std::optional<Decimal> station;  ///< mean of the valid daily means, not rounded
    int days = 0;  ///< with a valid daily mean
    std::optional<Decimal> sample;  ///< mean of the samples, not rounded
    int samples = 0;
    bool station_below = true, sample_below = true;  ///< all that entered was below the detection limit
};
/// A month of a section, or a period that is no whole months.
struct SectionPiece {
    Period period;
    std::vector<ItemPiece> items;  ///< ascending parameter
};
/// Of a period, one after the other; shared with whoever keeps them.
using SectionPieces = std::vector<std::shared_ptr<SectionPiece const>>;

/// Adds up the records of one section, day by day. A day is taken from its 4 h values, else from its daily record, else from its hours; half
/// the detection limit counts for what lies below it. Memory: a day's sums, and one entry for each item and month.
class SectionSums {
public:
    /// \param left_out what lies in it does not count (断流、停测)
    SectionSums(Period const& period, WaterValidity const& validity, ParameterBook const& parameters, std::vector<Stretch> left_out = {});
    /// \pre records come in ascending time
    void add(Record const& record);
    /// How far from its plan month a sample may be taken.
    static constexpr std::chrono::days plan_reach{31};
    /// The month that a sample was taken for (计划月份), where the record says it. \return nothing for a number that is no month, or one farther away
    [[nodiscard]] std::optional<Period> plan_month(Record const& record) const;
    /// The months of the period, or the period itself where it is no whole months. Call once, at the end.
    [[nodiscard]] SectionPieces finish();

private:
    struct DayItem {
        ParameterId parameter = 0;
        std::array<ValueSum, 3> sums;  ///< four_hours, day, hour
        bool all_below = true;
    };
    struct PieceItem {
        ParameterId parameter = 0;
        ValueSum days, samples;
        bool days_below = true, samples_below = true;
    };
    struct Piece {
        Period period;
        std::vector<PieceItem> items;
    };
    PieceItem& item_of(Piece& piece, ParameterId parameter);
    Piece* piece_at(UtcTime time);
    void add_sample(Record const& record);
    void close_day();

    Period period_;
    WaterValidity validity_;
    std::vector<Stretch> left_out_;
    ParameterId ph_ = 0;
    ParameterId plan_month_ = 0;
    bool by_months_ = false;  ///< the pieces are months
    std::vector<Piece> pieces_;
    std::size_t piece_ = 0;  ///< of the present day
    std::optional<std::chrono::sys_days> day_;
    std::vector<DayItem> today_;  ///< ascending parameter
};

/// What of one month (or of the period, where it is no whole months) entered.
struct MonthValue {
    std::size_t piece = 0;  ///< which of the period's months
    Decimal exact;
    ValueSource source = ValueSource::none;
};
/// One item over the period, with all that has to be said of it.
struct ItemPeriod {
    ParameterId parameter = 0;
    ValueSource source = ValueSource::none;
    Decimal exact;  ///< the mean, to twelve decimals; only where there is a source
    Decimal shown;  ///< rounded once, half to even: this is graded and printed
    int days = 0, days_due = 0;  ///< with a valid daily mean of the station, and by the calendar
    int samples = 0;
    int months = 0, months_due = 0;  ///< with a value, and by the calendar; both 1 for a period that is no whole months
    bool below_detection = false;  ///< all that entered was: shown as 未检出
    bool graded = false;
    std::vector<MonthValue> by_month;  ///< oldest first; months without a value are left out
    std::string note;  ///< why the station's value is not used, in Chinese; empty: nothing to say
};

enum class TargetVerdict : std::uint8_t { none, met, missed, unknown };
/// `met` | `missed` | `unknown`; empty where the section has no target.
std::string_view to_text(TargetVerdict verdict) noexcept;
/// 达标, 未达标, 无法判定, 无目标
std::string_view target_label(TargetVerdict verdict) noexcept;
/// \param complete whether all owed items have a value, and enough months: otherwise nothing is said
[[nodiscard]] TargetVerdict target_verdict(int water_class, std::optional<int> target_class, bool complete) noexcept;

/// Of a period of several months: those with a mean, of the items that every section owes and that are not missing the one that has the fewest.
struct MonthsKnown {
    int with_means = 0, due = 0;  ///< due: begun by now and not marked as dry or not measured throughout
    int needed = 0;  ///< for a verdict on the target, of those begun; 0: no period of several months
    [[nodiscard]] bool are_enough() const noexcept { return with_means >= needed; }
};

struct SectionPeriod {
    Period period;
    SectionPieces pieces;
    std::vector<ItemPeriod> items;  ///< ascending parameter; owed ones also without a value
    WaterJudgement judgement;  ///< of the shown means of the graded items
    std::vector<ParameterId> missing;  ///< owed, without a value
    std::optional<int> target_class;
    TargetVerdict target = TargetVerdict::none;
    bool provisional = false;  ///< the period is not over
    MonthsKnown months = {};
    std::optional<Date> lake_since = {};  ///< a day within it, before which the section was one of a river: all of it is judged as a lake
    int days_due = 0;  ///< of the calendar, up to now
    int days_left_out = 0;  ///< of the calendar, up to now: not due, as people marked them (断流、停测)
    std::optional<DrinkingWaterPeriod> drinking_water = {};  ///< of a drinking-water source
    PeriodMarks marks = {};  ///< that stand and touch the period, for whoever explains it
    /// Nothing was due by now: it is dry or not measured, and not missing.
    [[nodiscard]] bool is_left_out() const noexcept { return days_left_out > 0 && days_due == 0; }
    /// All owed items have a mean, over enough months: its class says whether the target is met.
    [[nodiscard]] bool is_decisive() const noexcept { return missing.empty() && months.are_enough(); }
    [[nodiscard]] ItemPeriod const* find(ParameterId parameter) const noexcept;
};

/// Mean first, rounded once, then graded; a year is the mean of the unrounded means of its months. The items of `station_first` come from the
/// station where its month counts, the others from the sample.
/// \param now what is due by then; \pre a standard is in force on the period's last day
/// \param left_out whole days that are not due, apart from each other and within the period; \pre their records are in none of the pieces
[[nodiscard]] SectionPeriod evaluate_section(Period const& period, SectionPieces pieces, SectionFacts const& facts,
                                             WaterValidity const& validity, StandardsBook const& standards, UtcTime now,
                                             std::span<Stretch const> left_out = {});
/// How many days of the station are valid, of those due (自动监测有效天数): of the item that has the fewest.
struct StationDays {
    int valid = 0, due = 0;
    /// Percent, one decimal (有效率); nothing where none is due.
    [[nodiscard]] std::optional<Decimal> share() const;
};
/// \param owed the items that count: those that every section owes
[[nodiscard]] StationDays station_days(SectionPeriod const& section, std::span<ParameterId const> owed);
/// Items whose station goes before the sample (环办监测函〔2020〕82号): the five of 5+X and total nitrogen.
[[nodiscard]] std::vector<ParameterId> station_first(WaterStandard const& standard, ParameterBook const& parameters);
/// The shown means of the graded items: what is graded.
[[nodiscard]] Record means_of(SectionPeriod const& section);
/// A mean as it is printed: rounded once to the item's decimals, half to even, never to zero. \param parameter null: one that is not in the book
[[nodiscard]] Decimal printed_mean(Decimal const& exact, Parameter const* parameter);
/// The same before rounding: what means over sections and indices are made of.
[[nodiscard]] Record exact_means_of(SectionPeriod const& section);

/// `2024-07-01起由河流断面改为湖库点位，…`: of a period on both sides of that day; empty of another.
std::string lake_since_text(SectionPeriod const& section);
/// `氨氮（1.20）`, and what is missing and why: one sentence for the reader of a report.
std::string explain(SectionPeriod const& section, ParameterBook const& parameters);
/// `氨氮、总磷：自动监测有效6天（共30天），未采用`: why values of the station are not used, items of the same reason together.
std::vector<std::string> notes_of(SectionPeriod const& section, ParameterBook const& parameters);
/// The Chinese name of an item, `?` for one that is not in the book.
std::string item_name(ParameterId id, ParameterBook const& parameters);
/// `氟化物(0.2)、化学需氧量(0.2)`; `—` where nothing exceeds class III.
std::string pollutants_text(std::vector<MainPollutant> const& pollutants, ParameterBook const& parameters);

}  // namespace yihong
