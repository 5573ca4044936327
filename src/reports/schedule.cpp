#include "yihong/reports/schedule.hpp"

#include "yihong/reports/report_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {

Period due_period(ReportSchedule const& schedule, UtcTime now) noexcept
{
    auto period = previous(period_of(schedule.every, now));
    while (period.end + std::chrono::days{schedule.day - 1} + schedule.time > now)
        period = previous(period);
    return period;
}

std::string file_name(ReportSchedule const& schedule, Period const& period, int version)
{
    auto const* report = find_report(schedule.kind);
    auto name = fmt::format("{}{}{}{}.{}", schedule.place, period_label(period), report ? report->title : schedule.kind,
                            version > 1 ? fmt::format("（第{}版）", version) : "", schedule.format);
    std::ranges::replace(name, '/', '_');
    return name;
}

}  // namespace yihong
