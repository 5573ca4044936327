#pragma once

#include "yihong/base/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace yihong {

/// A point in time: UTC, milliseconds since 1970. The program knows no other clock inside.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Beijing time (北京时间) is UTC+8 all year.
inline constexpr std::chrono::hours beijing_offset{8};

/// A calendar date, as standards and editions use it: the date of the measurement in Beijing time.
using Date = std::chrono::year_month_day;

UtcTime utc_now() noexcept;
[[nodiscard]] Date beijing_date(UtcTime time) noexcept;
/// Midnight in Beijing at the beginning of `date`.
[[nodiscard]] UtcTime beijing_midnight(Date date) noexcept;

/// RFC 3339 `2025-11-06T20:00:00[.123]+08:00` or `Z`; the offset is required. A blank before the offset counts as `+`,
/// because form decoding turns `+` into a blank. Years 0000 to 9999 (QGIS sends both ends for half-open intervals).
/// \return Errc::bad_time naming what is wrong.
Result<UtcTime> parse_rfc3339(std::string_view text);

/// `2025-11-06T12:00:00Z`, with milliseconds only where they are not zero.
std::string format_rfc3339(UtcTime time);
void append_rfc3339(std::string& out, UtcTime time);
/// \param at with room for `most_rfc3339_characters` \return behind the last one
char* write_rfc3339(char* at, UtcTime time) noexcept;
inline constexpr std::size_t most_rfc3339_characters = 32;
/// `2025-11-06T20:00:00+08:00`, for readers in Yuncheng.
std::string format_beijing(UtcTime time);
/// `2025-11-06 20:00`, as people there read it; the second is left out.
std::string format_beijing_minute(UtcTime time);

/// `2025-11-06`. \return Errc::bad_time.
Result<Date> parse_date(std::string_view text);
std::string format_date(Date date);

/// A closed interval of time; an absent end is open.
struct TimeInterval {
    std::optional<UtcTime> begin;
    std::optional<UtcTime> end;
    [[nodiscard]] bool contains(UtcTime t) const noexcept { return (!begin || *begin <= t) && (!end || t <= *end); }
    bool operator==(TimeInterval const&) const = default;
};

/// The `datetime` parameter of OGC API: an instant, `A/B`, `../B`, `A/..`, `/B`, `A/`. A date alone is the day in Beijing.
/// \return Errc::bad_time, also when the end lies before the beginning.
Result<TimeInterval> parse_time_interval(std::string_view text);

}  // namespace yihong
