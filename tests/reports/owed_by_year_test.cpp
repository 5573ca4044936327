// What a section owes from year to year (5+X).
#include "yihong/reports/report_content.hpp"
#include "yihong/reports/water_html.hpp"

#include "water_fixture.hpp"

namespace yihong {
namespace {

using namespace testing;

/// 5+X by section and year.
class OwedByYear : public WaterReportTest {
protected:
    void SetUp() override
    {
        WaterReportTest::SetUp();
        auto grown = section(1, "a", "甲断面", 110.5, 3);
        std::vector<std::string> const five{"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"};
        auto with_fluoride = five;
        with_fluoride.emplace_back("fluoride");
        grown.owed_parameters = {{2024, five}, {2025, with_fluoride}};
        world = make_world(std::make_shared<StandardsBook const>(book()), {grown, section(2, "b", "乙断面", 111.5, 3)},
                           std::make_shared<NoLayers const>());
    }
    void sample(std::string_view day, std::string_view fluoride)
    {
        auto one = record({{"fluoride", fluoride}}, IntervalKind::sample, day);
        one.site = 1;
        records.kept.push_back(one);
    }
    ParameterId fluoride() const { return book().parameters().find("fluoride")->id; }
};

TEST_F(OwedByYear, TakesTheListOfThePeriodsYear)
{
    sample("2024-10-06", "1.4");  // worse than III, and not asked for in 2024
    auto const made = report(query("2025-10")).sections[0];
    EXPECT_EQ(made.now.missing, std::vector{fluoride()});
    EXPECT_EQ(made.now.target, TargetVerdict::unknown);
    EXPECT_TRUE(made.base->missing.empty());
    EXPECT_EQ(made.base->target, TargetVerdict::missed);  // by ammonia nitrogen, 1.2
    EXPECT_EQ(made.base->judgement.water_class, 4);
    EXPECT_FALSE(made.base->find(fluoride())->graded) << "shown, not graded";
    EXPECT_EQ(report(query("2023-10")).sections[0].now.missing.size(), 5U) << "before the first list what every section owes";
    EXPECT_EQ(report(query("2027-10")).sections[0].now.missing.size(), 6U) << "the latest list holds on";
}

TEST_F(OwedByYear, SaysWhereTheComparedPeriodOwedOtherItems)
{
    sample("2025-10-06", "0.5");
    auto const html = water_report_html(report(query("2025-10")), *world, {});
    EXPECT_TRUE(html.contains("甲断面应测项目与2024年10月不同：增氟化物。")) << html;
    EXPECT_FALSE(html.contains("乙断面应测项目"));
    auto wanted = query("2024-10");
    wanted.base = parse_period("2025-10").value();
    EXPECT_TRUE(water_report_html(report(wanted), *world, {}).contains("甲断面应测项目与2025年10月不同：减氟化物。"));
}

TEST_F(OwedByYear, OwesInAPeriodOfTwoYearsWhatOneOfThemOwes)
{
    sample("2025-01-06", "1.4");
    auto const made = report(query("2024-10/2025-10")).sections[0].now;
    EXPECT_TRUE(made.missing.empty());
    EXPECT_TRUE(made.find(fluoride())->graded);
    auto const running = report(query("2025-01-M12")).sections[0].now;
    EXPECT_TRUE(running.find(fluoride())->graded);
}

TEST_F(OwedByYear, DecidesWhatIsStillPossible)
{
    sample("2025-03-06", "1.4");
    auto wanted = query("2025-10");
    wanted.outlook = true;
    auto const items = report(wanted).sections[0].outlook->items;
    EXPECT_EQ(std::ranges::count(items, fluoride(), &Allowance::parameter), 1);
    wanted = query("2024-10");
    wanted.as_of = parse_rfc3339("2024-11-05T00:00:00Z").value();
    wanted.outlook = true;
    auto const before = report(wanted).sections[0].outlook->items;
    EXPECT_EQ(std::ranges::count(before, fluoride(), &Allowance::parameter), 0);
}

}  // namespace
}  // namespace yihong
