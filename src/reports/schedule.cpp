#include "yihong/reports/schedule.hpp"

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
    auto name = fmt::format("{}{}{}{}.{}", schedule.place, period_label(period),
                            schedule.kind == "air-month" ? "环境空气质量报告"
                            : schedule.kind == "plants"  ? "污水处理厂和排口达标报告"
                                                         : "地表水水质报告",
                            version > 1 ? fmt::format("（第{}版）", version) : "", schedule.format);
    std::ranges::replace(name, '/', '_');
    return name;
}

}  // namespace yihong
