#pragma once

#include "yihong/periods/calendar.hpp"

#include <chrono>
#include <filesystem>
#include <string>

/// Reports that are handed out by the clock (定时印发).
namespace yihong {

/// When which report goes where. Due is each period at `time` of the `day`-th day after its end, in Beijing.
struct ReportSchedule {
    std::string kind;  ///< `water-month`
    PeriodKind every = PeriodKind::month;
    int day = 5;  ///< 1: the day after the period's last
    std::chrono::minutes time{9 * 60};
    std::string format = "docx";
    std::string compare = {};  ///< with what, as `parse_comparison` reads it; empty: as the report is without
    std::string place = {};  ///< whose sections; empty: all
    std::filesystem::path folder = {};  ///< where the file is put, beside what is kept; empty: nowhere
    std::string channel = {};  ///< of e-mail, whose recipients get it; empty: nobody does
    bool operator==(ReportSchedule const&) const = default;
};

/// The newest period whose report is due by now.
[[nodiscard]] Period due_period(ReportSchedule const& schedule, UtcTime now) noexcept;
/// `2025年10月地表水水质报告.docx`; the place before it, and the version behind it where it is not the first.
std::string file_name(ReportSchedule const& schedule, Period const& period, int version);

}  // namespace yihong
