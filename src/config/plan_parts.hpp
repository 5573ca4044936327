#pragma once

#include "table_reader.hpp"

#include "yihong/config/alert_plan.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The parts of an alerts file, each read from its table. What is wrong becomes a problem of the reader; the part then holds what could be read.
namespace yihong {

/// A string, or an array of strings; each only once.
void read_names(TableReader& reader, std::string_view key, std::vector<std::string>& to);
/// `08:00`, and `24:00` as an end: minutes after midnight. \return Errc::bad_value
Result<std::chrono::minutes> clock_from(std::string_view text);
/// Which sites it is about (适用范围), from the key `scope`.
void read_scope(TableReader& parent, AlertScope& to);
/// Says so where `end` is not later than `begin`.
void require_order(TableReader& reader, std::optional<UtcTime> const& begin, std::optional<UtcTime> const& end);

[[nodiscard]] AlertRule read_rule(TableReader& rule);
[[nodiscard]] Contact read_contact(TableReader& contact);
/// \param contacts ids of all
[[nodiscard]] DutyShift read_shift(TableReader& shift, PlanNames::Set const& contacts);
[[nodiscard]] AlertRoute read_route(TableReader& route, PlanNames::Set const& contacts);
[[nodiscard]] Maintenance read_maintenance(TableReader& maintenance);
void read_calendar(TableReader calendar, WorkCalendar& to);
/// When reminders wait (安静时段).
void read_quiet(TableReader quiet, DailyHours& to);
/// When the daily digest goes out (每日摘要); `off`: never.
void read_digest(TableReader digest, std::optional<std::chrono::minutes>& to);

}  // namespace yihong
