#pragma once

#include "yihong/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The calendar of reports (统计时段), in Beijing time. What a period should hold is counted from here, never from the rows that are present.
namespace yihong {

/// The last but one are running ones (滚动时段): the year up to a month, twelve months up to one, thirty days up to a day.
enum class PeriodKind : std::uint8_t {
    hour,
    day,
    week,
    ten_days,
    month,
    quarter,
    half_year,
    year,
    year_to_date,
    last_12_months,
    last_30_days,
    interval
};
/// `hour` | `day` | `week` | `ten_days` | …
std::string_view to_text(PeriodKind kind) noexcept;

/// From one instant up to another, which is not part of it. Days and longer begin and end at midnight in Beijing.
struct Period {
    PeriodKind kind = PeriodKind::interval;
    UtcTime begin{};
    UtcTime end{};
    [[nodiscard]] bool contains(UtcTime time) const noexcept { return begin <= time && time < end; }
    [[nodiscard]] Date first_day() const noexcept { return beijing_date(begin); }
    [[nodiscard]] Date last_day() const noexcept { return beijing_date(end - std::chrono::milliseconds{1}); }
    bool operator==(Period const&) const = default;
};

/// `2025`, `2025-H1`, `2025-Q3`, `2025-10`, `2025-10-X2` (中旬: X1 to X3), `2025-W45` (ISO week), `2025-10-03`, `2025-10-03T08`; `2025-10-YTD`, the
/// year up to the end of that month (今年以来), `2025-10-M12`, twelve months up to it (近12个月), `2025-10-03-D30`, thirty days up to that day
/// (滚动30天); and `A/B` from the beginning of A to the end of B. An interval that is a month, a quarter, … becomes one.
/// \return Errc::bad_time naming what is wrong and what is taken
Result<Period> parse_period(std::string_view text);
/// Also the running ones by what they are at the moment: `year-to-date` up to the running month, `last-12-months` up to the last month and
/// `last-30-days` up to the last day that is over.
Result<Period> parse_period(std::string_view text, UtcTime now);
/// One that features of periods are of: as `parse_period`, but a day or longer and no interval.
Result<Period> parse_listed_period(std::string_view text);
/// As `parse_period` reads it.
std::string period_code(Period const& period);
/// As reports head their tables: `2025年10月`, `2025年1—10月`, `2025年10月中旬`.
std::string period_label(Period const& period);

/// The period of that kind in which the instant lies; a running one ends with the month or day in which it lies. \pre not an interval
[[nodiscard]] Period period_of(PeriodKind kind, UtcTime time) noexcept;
/// From midnight at the beginning of `first` to that at the end of `last`; a month, a quarter, … where it is one.
[[nodiscard]] Period days_between(Date first, Date last) noexcept;

/// From 1 January to the end of the period (今年以来).
[[nodiscard]] Period year_to_date(Period const& period) noexcept;
/// The months up to and with that of the period's last day (近 12 个月).
[[nodiscard]] Period last_months(Period const& period, int count) noexcept;
/// The days up to and with the period's last (滚动 30 天).
[[nodiscard]] Period last_days(Period const& period, int count) noexcept;

/// The same period of another year (同比): the same dates, 29 February becoming the 28th. Weeks by their number.
/// \return nothing for a 53rd week where that year has none
[[nodiscard]] std::optional<Period> in_year(Period const& period, int year) noexcept;
/// By which it is named: of a week that of its number, of a running period that in which it ends, else that in which it begins.
[[nodiscard]] int year_of(Period const& period) noexcept;
[[nodiscard]] inline std::optional<Period> year_before(Period const& period) noexcept { return in_year(period, year_of(period) - 1); }
/// The one before (环比): the previous month, quarter, …; of an interval and of the year up to a month as many days before it, or as many months
/// where it is whole months.
[[nodiscard]] Period previous(Period const& period) noexcept;

/// The part that lies before an instant: what can be due by then. Empty (begin equals end) where nothing does.
[[nodiscard]] Period until(Period const& period, UtcTime now) noexcept;
/// Days of the calendar, the last one counted where it is only begun. 0 for an empty one.
[[nodiscard]] int days_in(Period const& period) noexcept;
/// Whether it consists of whole months.
[[nodiscard]] bool is_whole_months(Period const& period) noexcept;
/// The months that it touches, each whole.
[[nodiscard]] std::vector<Period> months_of(Period const& period);

}  // namespace yihong
