#include "yihong/periods/calendar.hpp"

#include <gtest/gtest.h>

#include <array>

namespace yihong {
namespace {

Period p(std::string_view text)
{
    auto const period = parse_period(text);
    EXPECT_TRUE(period.has_value()) << text;
    return period.value_or(Period{});
}
UtcTime t(std::string_view text) { return parse_rfc3339(text).value(); }

TEST(Calendar, ReadsAndWritesEveryKind)
{
    struct Example {
        std::string_view code, first, last, label;
        PeriodKind kind;
    };
    for (auto const& [code, first, last, label, kind] : std::array<Example, 20>{{
             {"2025", "2025-01-01", "2025-12-31", "2025年", PeriodKind::year},
             {"2025-H2", "2025-07-01", "2025-12-31", "2025年下半年", PeriodKind::half_year},
             {"2025-Q3", "2025-07-01", "2025-09-30", "2025年第3季度", PeriodKind::quarter},
             {"2024-02", "2024-02-01", "2024-02-29", "2024年2月", PeriodKind::month},
             {"2025-02-X1", "2025-02-01", "2025-02-10", "2025年2月上旬", PeriodKind::ten_days},
             {"2025-02-X3", "2025-02-21", "2025-02-28", "2025年2月下旬", PeriodKind::ten_days},
             {"2026-W01", "2025-12-29", "2026-01-04", "2026年第1周（12月29日—1月4日）", PeriodKind::week},
             {"2020-W53", "2020-12-28", "2021-01-03", "2020年第53周（12月28日—1月3日）", PeriodKind::week},
             {"2025-10-03", "2025-10-03", "2025-10-03", "2025年10月3日", PeriodKind::day},
             {"2025-10-03T08", "2025-10-03", "2025-10-03", "2025年10月3日08时", PeriodKind::hour},
             {"2025-01/2025-10", "2025-01-01", "2025-10-31", "2025年1—10月", PeriodKind::interval},
             {"2024-11/2025-10", "2024-11-01", "2025-10-31", "2024年11月—2025年10月", PeriodKind::interval},
             {"2025-10-03/2025-10-17", "2025-10-03", "2025-10-17", "2025年10月3日—10月17日", PeriodKind::interval},
             {"2025-10-03T08/2025-10-04T11", "2025-10-03", "2025-10-04", "2025年10月3日08时—10月4日11时", PeriodKind::interval},
             {"2025-10-YTD", "2025-01-01", "2025-10-31", "2025年1—10月", PeriodKind::year_to_date},
             {"2025-01-YTD", "2025-01-01", "2025-01-31", "2025年1月", PeriodKind::year_to_date},
             {"2025-10-M12", "2024-11-01", "2025-10-31", "2024年11月—2025年10月（近12个月）", PeriodKind::last_12_months},
             {"2025-12-M12", "2025-01-01", "2025-12-31", "2025年1—12月（近12个月）", PeriodKind::last_12_months},
             {"2024-03-10-D30", "2024-02-10", "2024-03-10", "2024年2月10日—3月10日（近30天）", PeriodKind::last_30_days},
             {"2025-12-20/2026-01-03", "2025-12-20", "2026-01-03", "2025年12月20日—2026年1月3日", PeriodKind::interval},
         }}) {
        auto const period = p(code);
        EXPECT_EQ(period_code(period), code);
        EXPECT_EQ(format_date(period.first_day()), first) << code;
        EXPECT_EQ(format_date(period.last_day()), last) << code;
        EXPECT_EQ(period_label(period), label);
        EXPECT_EQ(to_text(period.kind), to_text(kind)) << code;
        if (kind != PeriodKind::interval)
            EXPECT_EQ(period_of(kind, period.end - std::chrono::milliseconds{1}), period) << code;
    }
    EXPECT_EQ(p("2025-10-01/2025-10-31"), p("2025-10"));
    EXPECT_EQ(p("2025-07/2025-09"), p("2025-Q3"));
    EXPECT_EQ(p("2025-01/2025-06"), p("2025-H1"));
    EXPECT_EQ(p("2025-Q1/2025-Q4"), p("2025"));
    for (auto const wrong : {"",           "25-10",      "2025-13",       "2025-00",       "2025-Q5",     "2025-H0",         "2025-W53",
                             "2025-10-X4", "2025-02-29", "2025-10-03T24", "2025-10/",      "/2025",       "2025-10/2025-09", "2025-1O",
                             "2025-YTD",   "2025-10-M6", "2025-10-D30",   "2025-10-03-D7", "2025-10-ytd", "last-30-days"})
        EXPECT_FALSE(parse_period(wrong)) << wrong;
}

TEST(Calendar, ListedPeriodsAreOfADayOrLonger)
{
    for (auto const taken :
         {"2025", "2025-H2", "2025-Q3", "2024-02", "2025-02-X1", "2026-W01", "2025-10-03", "2025-10-YTD", "2025-10-M12", "2025-10-03-D30"})
        EXPECT_EQ(parse_listed_period(taken).value(), p(taken)) << taken;
    for (auto const wrong : {"", "2025-13", "2021-02-30", "2021-W60", "2021-H3", "2021-Q5", "2021-10-D4", "2025-10-03T08",
                             "2025-01/2025-10", "2025-10/2025-10", "2025-10,2025-11", " 2025-10"}) {
        auto const refused = parse_listed_period(wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().detail,
                  "'" + std::string{wrong} +
                      "' is no period of a day or longer: 2025, 2025-H1, 2025-Q3, 2025-10, 2025-10-X2, 2025-W45, 2025-10-03, 2025-10-YTD, "
                      "2025-10-M12, 2025-10-03-D30; hours and intervals are not taken here");
    }
}

/// D01 of the reference.
TEST(Calendar, MonthsAreThoseOfBeijing)
{
    for (auto const& [time, month] : {std::pair{"2020-10-31T16:00:00Z", "2020-11"}, std::pair{"2020-11-30T15:59:59Z", "2020-11"},
                                      std::pair{"2020-11-30T16:00:00Z", "2020-12"}, std::pair{"2024-02-29T16:30:00Z", "2024-03"},
                                      std::pair{"2025-12-31T15:00:00Z", "2025-12"}}) {
        EXPECT_EQ(period_code(period_of(PeriodKind::month, t(time))), month) << time;
        EXPECT_TRUE(p(month).contains(t(time)));
    }
}

TEST(Calendar, ComparesWithOtherPeriods)
{
    EXPECT_EQ(period_code(*year_before(p("2025-10"))), "2024-10");
    EXPECT_EQ(period_code(*year_before(p("2024-02-29"))), "2023-02-28");
    EXPECT_EQ(*year_before(p("2025-02-28")), p("2024-02-28"));
    EXPECT_EQ(year_before(p("2025-02"))->last_day(), parse_date("2024-02-29").value());
    EXPECT_EQ(period_code(*year_before(p("2025-01/2025-10"))), "2024-01/2024-10");
    EXPECT_EQ(period_code(*year_before(p("2024-01/2024-02"))), "2023-01/2023-02");
    EXPECT_EQ(period_code(*in_year(p("2025-Q3"), 2020)), "2020-Q3");
    EXPECT_EQ(period_code(*in_year(p("2025-02-X3"), 2024)), "2024-02-X3");
    EXPECT_EQ(in_year(p("2024-02-X3"), 2025)->last_day(), parse_date("2025-02-28").value());
    EXPECT_EQ(period_code(*in_year(p("2025-W45"), 2024)), "2024-W45");
    EXPECT_EQ(in_year(p("2020-W53"), 2021), std::nullopt);
    EXPECT_EQ(period_code(*year_before(p("2025-10-03T08"))), "2024-10-03T08");
    EXPECT_EQ(*year_before(p("2025-10-03T08/2025-10-04T11")), p("2024-10-03T08/2024-10-04T11"));
    EXPECT_EQ(*year_before(p("2025-02-28T23")), p("2024-02-28T23"));
    EXPECT_EQ(*year_before(p("2024-02-28")), p("2023-02-28"));

    EXPECT_EQ(period_code(*year_before(p("2026-W01"))), "2025-W01") << "it begins on 29 December 2025";
    EXPECT_EQ(period_code(*year_before(p("2025-10-YTD"))), "2024-10-YTD");
    EXPECT_EQ(period_code(*year_before(p("2025-10-M12"))), "2024-10-M12");
    EXPECT_EQ(period_code(*in_year(p("2025-10-M12"), 2020)), "2020-10-M12");
    EXPECT_EQ(period_code(*year_before(p("2025-03-10-D30"))), "2024-03-10-D30");
    EXPECT_EQ(days_in(*year_before(p("2025-03-10-D30"))), 30) << "whatever February has";

    EXPECT_EQ(period_code(previous(p("2025-10-M12"))), "2024-10-M12");
    EXPECT_EQ(period_code(previous(p("2025-10-03-D30"))), "2025-09-03-D30");
    EXPECT_EQ(period_code(previous(p("2025-10-YTD"))), "2024-03/2024-12");
    EXPECT_EQ(period_code(previous(p("2025-01"))), "2024-12");
    EXPECT_EQ(period_code(previous(p("2025-Q1"))), "2024-Q4");
    EXPECT_EQ(period_code(previous(p("2025-03-X1"))), "2025-02-X3");
    EXPECT_EQ(period_code(previous(p("2025-W01"))), "2024-W52");
    EXPECT_EQ(period_code(previous(p("2025-01/2025-10"))), "2024-03/2024-12");
    EXPECT_EQ(period_code(previous(p("2025-10-03/2025-10-07"))), "2025-09-28/2025-10-02");
}

TEST(Calendar, RunsOn)
{
    EXPECT_EQ(period_code(year_to_date(p("2025-10"))), "2025-01/2025-10");
    EXPECT_EQ(period_code(year_to_date(p("2025-12"))), "2025");
    EXPECT_EQ(period_code(year_to_date(p("2025-10-17"))), "2025-01-01/2025-10-17");
    EXPECT_EQ(period_code(last_months(p("2025-10"), 12)), "2024-11/2025-10");
    EXPECT_EQ(period_code(last_months(p("2025-12"), 12)), "2025");
    EXPECT_EQ(period_code(last_days(p("2025-10-03"), 30)), "2025-09-04/2025-10-03");
}

/// By what they are at the moment, in Beijing.
TEST(Calendar, NamesRunningPeriods)
{
    auto const now = t("2026-01-31T16:30:00Z");                 // 1 February in Beijing
    EXPECT_EQ(period_code(parse_period("year-to-date", now).value()), "2026-02-YTD");
    EXPECT_EQ(period_code(parse_period("last-12-months", now).value()), "2026-01-M12");
    EXPECT_EQ(period_code(parse_period("last-30-days", now).value()), "2026-01-31-D30");
    EXPECT_EQ(parse_period("2025-10", now).value(), p("2025-10"));
    auto const refused = parse_period("last-week", now);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().detail.starts_with("'last-week' is no period: 2025, ")) << refused.error().detail;
    EXPECT_TRUE(refused.error().detail.ends_with("; or year-to-date, last-12-months, last-30-days")) << refused.error().detail;
}

TEST(Calendar, CountsWhatIsDue)
{
    EXPECT_EQ(days_in(p("2024-02")), 29);
    EXPECT_EQ(days_in(p("2025")), 365);
    EXPECT_EQ(days_in(until(p("2025-10"), t("2025-10-06T12:00:00+08:00"))), 6);
    EXPECT_EQ(days_in(until(p("2025-10"), t("2025-10-06T00:00:00+08:00"))), 5);
    EXPECT_EQ(days_in(until(p("2025-10"), t("2025-09-06T00:00:00+08:00"))), 0);
    EXPECT_EQ(until(p("2025-10"), t("2026-01-01T00:00:00Z")), p("2025-10"));
    EXPECT_EQ(months_of(p("2025")).size(), 12U);
    EXPECT_EQ(months_of(p("2025-10-31/2025-11-01")).size(), 2U);
    EXPECT_EQ(period_code(months_of(p("2024-11/2025-02")).back()), "2025-02");
    EXPECT_TRUE(is_whole_months(p("2025-01/2025-10")));
    EXPECT_FALSE(is_whole_months(p("2025-10-X3")));
}

}  // namespace
}  // namespace yihong
