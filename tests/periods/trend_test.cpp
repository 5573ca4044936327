// Trends of the means of a section: over the parts of a period, and over the same period of several years.
#include "testing.hpp"
#include "yihong/periods/trend.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

using namespace testing;

constexpr auto over = "2026-06-01T00:00:00Z";  // every period of these tests is over by then

using Means = std::vector<std::pair<std::string, std::string>>;  // (month, value of its sample)

/// A section of one item, sampled on the fifth of each of these months.
SectionPeriod sampled(std::string_view code, Means const& means, std::string_view now = over, std::string_view item = "fluoride")
{
    SectionSums sums{period(code), {}, book().parameters()};
    for (auto const& [month, value] : means)
        sums.add(at(month + "-05T09:00", IntervalKind::sample, {{item, value}}));
    return evaluate_section(period(code), sums.finish(), {}, {}, book(), time(now));
}
std::optional<SectionTrend> within(std::string_view code, Means const& means, std::string_view now = over,
                                   std::string_view item = "fluoride")
{
    return trend_within(sampled(code, means, now, item), evaluation(), book().parameters(), time(now));
}
std::string text_of(SectionTrend const& trend) { return trend_text(trend, book().parameters()); }

/// Every month of a year alike.
void add_year(Means& means, int year, std::string const& value, int months = 12)
{
    for (int month = 1; month <= months; ++month)
        means.emplace_back(fmt::format("{}-{:02}", year, month), value);
}

/// W14 of the reference, as the annual means of eight years; seven months make no year (22号: eight).
TEST(Trend, OverTheYearsOfAPeriod_W14)
{
    Means means;
    int year = 2017;
    for (auto const* value : {"0.31", "0.27", "0.27", "0.22", "0.24", "0.19", "0.19"})
        add_year(means, year++, value, 8);
    auto seven = means;
    add_year(means, 2024, "0.16", 8);
    auto const trend = within("2017/2024", means).value();
    EXPECT_EQ(to_text(trend.step), "year");
    ASSERT_EQ(trend.items.size(), 1U);
    EXPECT_EQ(trend.items[0].parameter, id("fluoride"));
    EXPECT_EQ(trend.items[0].means.size(), 8U);
    auto const& result = trend.items[0].result.value();
    EXPECT_EQ(result.rs.to_string(), "-0.940");
    EXPECT_EQ(result.critical.to_string(), "0.643");
    EXPECT_EQ(to_text(result), "falling");
    EXPECT_EQ(text_of(trend), "2017年至2024年逐年均值（8期，临界值0.643）：显著下降 氟化物（rs=-0.940）");

    add_year(seven, 2024, "0.16", 7);
    auto const without = within("2017/2024", seven).value();
    EXPECT_EQ(without.items[0].means.size(), 7U);
    EXPECT_EQ(without.items[0].result->critical.to_string(), "0.714");
}

TEST(Trend, OverTheLongestPartsOfWhichThereAreFive)
{
    Means means;
    for (int year = 2021; year <= 2024; ++year)
        add_year(means, year, std::to_string(year - 2020));
    auto const quarters = within("2021/2024", means).value();
    EXPECT_EQ(to_text(quarters.step), "quarter");
    EXPECT_EQ(quarters.items[0].means.size(), 16U);
    EXPECT_EQ(to_text(*quarters.items[0].result), "rising");
    auto const off_the_quarters = within("2021-02/2022-07", means).value();  // of which whole: the second of 2021 to the second of 2022
    EXPECT_EQ(off_the_quarters.periods.size(), 5U);
    EXPECT_EQ(period_code(off_the_quarters.periods.front()), "2021-Q2");
    EXPECT_EQ(to_text(within("2021", means)->step), "month");
    EXPECT_EQ(within("2021-H1", means)->items[0].means.size(), 6U);
    EXPECT_FALSE(within("2021-Q1", means));
    EXPECT_FALSE(within("2021-03", means));
    EXPECT_FALSE(within("2021-01-04/2021-06-11", means)) << "no whole months";
}

TEST(Trend, TakesWhatIsOverAndPrinted)
{
    Means rising;
    for (int month = 1; month <= 8; ++month)
        rising.emplace_back(fmt::format("2025-{:02}", month), fmt::format("0.{}", month + 1));
    auto const so_far = within("2025", rising, "2025-05-20T00:00:00Z").value();
    EXPECT_EQ(so_far.periods.size(), 4U);                       // May is not over
    EXPECT_EQ(text_of(so_far), "2025年1月至2025年4月逐月均值：不足5期，不作趋势分析 氟化物");
    EXPECT_EQ(text_of(*within("2025", {}, "2025-01-20T00:00:00Z")), "还没有结束的时段，满5期后作趋势分析");
    EXPECT_EQ(text_of(*within("2025", {})), "2025年1月至2025年12月逐月均值：没有均值");
    EXPECT_EQ(text_of(*within("2025", rising)), "2025年1月至2025年12月逐月均值（8期，临界值0.643）：显著上升 氟化物（rs=1.000）");

    // 0.2001 … 0.2008 are all printed as 0.200: no trend of what nobody can see
    Means alike;
    for (int month = 1; month <= 8; ++month)
        alike.emplace_back(fmt::format("2025-{:02}", month), fmt::format("0.20{:02}", month % 4));
    auto const stable = within("2025", alike).value();
    EXPECT_EQ(stable.items[0].means[3].second.to_string(), "0.200");
    EXPECT_EQ(to_text(*stable.items[0].result), "stable");
    EXPECT_EQ(text_of(stable), "2025年1月至2025年12月逐月均值（8期，临界值0.643）：无显著变化 氟化物");
}

TEST(Trend, SaysHowManyMeansWhereThatDiffers)
{
    SectionSums sums{period("2025"), {}, book().parameters()};
    for (int month = 1; month <= 8; ++month) {
        auto const value = fmt::format("0.{}", month);
        auto const time = fmt::format("2025-{:02}-05T09:00", month);
        sums.add(month > 5 ? at(time, IntervalKind::sample, {{"fluoride", value}})
                           : at(time, IntervalKind::sample, {{"fluoride", value}, {"zinc", value}}));
    }
    auto const section = evaluate_section(period("2025"), sums.finish(), {}, {}, book(), time(over));
    EXPECT_EQ(text_of(*trend_within(section, evaluation(), book().parameters(), time(over))),
              "2025年1月至2025年12月逐月均值（8期，临界值0.643）：显著上升 锌（rs=1.000，5期，临界值0.9）、氟化物（rs=1.000）");
}

TEST(Trend, OfAcidityIsThatOfItsMeans)
{
    Means means;
    for (int year = 2019; year <= 2024; ++year) {
        add_year(means, year, "7.0");
        means.back().second = fmt::format("{}.0", 2 + year - 2019);  // one acid month, less acid each year
    }
    auto const trend = within("2019/2024", means, over, "ph").value();
    EXPECT_EQ(to_text(trend.step), "year");
    EXPECT_EQ(to_text(*trend.items[0].result), "rising");
    EXPECT_EQ(trend.items[0].means[0].second.to_string(), "3") << "of the hydrogen ions, not 6.6 of the numbers";
}

TEST(Trend, OverTheSamePeriodOfSeveralYears)
{
    std::vector<SectionPeriod> octobers;
    for (int year = 2020; year <= 2025; ++year) {
        auto const code = fmt::format("{}-10", year);
        octobers.push_back(year == 2022 ? sampled(code, {}) : sampled(code, {{code, fmt::format("0.{}", 9 - (year - 2020))}}));
    }
    auto const trend = trend_over_years(octobers, evaluation(), time(over));
    EXPECT_EQ(trend.periods.size(), 6U);
    ASSERT_EQ(trend.items.size(), 1U);
    EXPECT_EQ(trend.items[0].means.size(), 5U);                 // nothing was sampled in 2022
    EXPECT_EQ(period_code(trend.periods[trend.items[0].means[2].first]), "2023-10");
    EXPECT_EQ(text_of(trend), "2020年10月至2025年10月逐年均值（5期，临界值0.9）：显著下降 氟化物（rs=-1.000）");

    std::vector<SectionPeriod> years;
    for (int year = 2020; year <= 2025; ++year) {
        Means means;
        add_year(means, year, "0.5", year == 2021 ? 7 : 12);
        years.push_back(sampled(std::to_string(year), means, "2025-12-20T00:00:00Z"));
    }
    auto const short_one = trend_over_years(years, evaluation(), time("2025-12-20T00:00:00Z"));
    EXPECT_EQ(short_one.periods.size(), 5U) << "2025 is not over";
    EXPECT_EQ(short_one.items[0].means.size(), 4U) << "seven months make no year";
    EXPECT_FALSE(short_one.items[0].result);
}

}  // namespace
}  // namespace yihong
