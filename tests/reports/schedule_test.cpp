#include "yihong/reports/schedule.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

std::string due(ReportSchedule const& schedule, std::string_view now)
{
    return period_code(due_period(schedule, parse_rfc3339(now).value()));
}

TEST(ReportSchedule, IsDueSomeDaysAfterTheEndOfItsPeriod)
{
    ReportSchedule schedule{.kind = "water-month"};
    EXPECT_EQ(due(schedule, "2025-11-05T08:59:59+08:00"), "2025-09");
    EXPECT_EQ(due(schedule, "2025-11-05T09:00:00+08:00"), "2025-10");
    EXPECT_EQ(due(schedule, "2026-01-05T09:00:00+08:00"), "2025-12");
    schedule.every = PeriodKind::week;
    schedule.day = 1;
    EXPECT_EQ(due(schedule, "2025-11-10T09:00:00+08:00"), "2025-W45");       // Monday
    schedule.every = PeriodKind::year;
    schedule.day = 40;
    EXPECT_EQ(due(schedule, "2026-02-08T09:00:00+08:00"), "2024");
    EXPECT_EQ(due(schedule, "2026-02-09T09:00:00+08:00"), "2025");
}

TEST(ReportSchedule, NamesItsFile)
{
    ReportSchedule schedule{.kind = "water-month"};
    EXPECT_EQ(file_name(schedule, parse_period("2025-10").value(), 1), "2025年10月地表水水质报告.docx");
    schedule.kind = "section-compliance";
    EXPECT_EQ(file_name(schedule, parse_period("2025-10").value(), 1), "2025年10月断面水质达标情况表.docx");
    schedule.kind = "ranking";
    EXPECT_EQ(file_name(schedule, parse_period("2025-10").value(), 1), "2025年10月水质排名.docx");
    schedule.kind = "air-month";
    schedule.place = "临汾/侯马";
    EXPECT_EQ(file_name(schedule, parse_period("2025-Q3").value(), 2), "临汾_侯马2025年第3季度环境空气质量报告（第2版）.docx");
}

}  // namespace
}  // namespace yihong
