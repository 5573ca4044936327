// What the rules about periods find: the month and the year of a section, the good days of a station, the day of a plant.
#include "yihong/reports/period_rules.hpp"

#include "yihong/reports/water_report.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

class PeriodRulesTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        plan.rules = {rule("year", RuleKind::year_mean), rule("days", RuleKind::good_days), rule("plant-day", RuleKind::discharge_day),
                      rule("limits", RuleKind::discharge)};
        plan.rules[1].target = d("75.0");
        plan.rules[1].percent = 80;
        plan.rules[3].limits = {{"cod", {}, d("40")}};
        plan.rules[3].standard = "许可证 1";
    }
    static AlertRule rule(std::string id, RuleKind kind)
    {
        AlertRule made;
        made.id = std::move(id);
        made.kind = kind;
        return made;
    }
    static Site of_kind(std::uint32_t number, std::string id, SiteKind kind)
    {
        auto made = section(number, std::move(id), "点", 111.5, 3);
        made.kind = kind;
        if (kind != SiteKind::water_section)
            made.target_class.reset();
        return made;
    }
    /// A sample of a section on the 5th of each of these months.
    void sample(int year, unsigned month, std::string_view ammonia, std::string_view oxygen = "8.0")
    {
        auto one = record(
            {{"ph", "7.8"}, {"dissolved_oxygen", oxygen}, {"codmn", "3.0"}, {"ammonia_nitrogen", ammonia}, {"total_phosphorus", "0.10"}},
            IntervalKind::sample, std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month) + "-05");
        one.site = 1;
        records.kept.push_back(one);
    }
    void air_day(Date date, std::string_view pm25)
    {
        auto one = record({{"pm10", "60"}, {"pm25", pm25}, {"so2", "20"}, {"no2", "30"}, {"co", "0.8"}, {"o3_8h", "90"}}, IntervalKind::day,
                          format_date(date));
        one.site = 2;
        records.kept.push_back(one);
    }
    void hours(std::string_view date, std::string_view cod, int count = 24)
    {
        for (int hour = 0; hour < count; ++hour) {
            auto one = record({{"cod", cod}, {"effluent_flow", "100"}}, IntervalKind::hour, date);
            one.time = beijing_midnight(day(date)) + std::chrono::hours{hour};
            one.site = 3;
            records.kept.push_back(one);
        }
    }
    /// \param site w: the section, a: the air station, p: the plant
    PeriodFinding look(std::string_view site, std::string_view midnight)
    {
        auto const world = make_world(
            std::make_shared<StandardsBook const>(book()),
            {of_kind(1, "w", SiteKind::water_section), of_kind(2, "a", SiteKind::air_station), of_kind(3, "p", SiteKind::wastewater_plant)},
            std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(plan));
        auto const index = static_cast<std::size_t>(world->sites->find(site) - world->sites->all().data());
        auto found = look_at_periods({records, nullptr, settings, marks})(*world, index, beijing_midnight(day(midnight)));
        EXPECT_EQ(found.size(), 1U);
        return found.empty() ? PeriodFinding{} : found.front();
    }

    AlertPlan plan;
    KeptRecords records;
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
    Snapshot<MarkBook> marks{std::make_shared<MarkBook const>()};
};

TEST_F(PeriodRulesTest, TheYearSoFarIsTheMeanOfItsMonthsThatAreOver)
{
    for (unsigned month = 1; month <= 4; ++month)
        sample(2025, month, "1.30");
    sample(2025, 5, "0.10");                                    // of a month that is not over
    auto const found = look("w", "2025-05-20");
    ASSERT_EQ(found.says, PeriodSays::bad);
    ASSERT_EQ(found.cause.items.size(), 1U);
    EXPECT_EQ(found.cause.items[0].value, d("1.30"));
    EXPECT_EQ(found.cause.items[0].limit, d("1.0"));
    EXPECT_EQ(found.cause.items[0].item_class, 4);
    EXPECT_EQ(found.cause.last, beijing_midnight(day("2025-05-01")) - 1ms);
    EXPECT_EQ(found.cause.said, "2025年1—4月均值Ⅳ类，目标Ⅲ类；氨氮1.30 mg/L（限值1，4个月中4个月有值，其余8个月均值须不高于0.85）");
    EXPECT_EQ(found.cause.said_en,
              "mean of 2025-01/2025-04: class IV, target class III; Ammonia nitrogen 1.30 mg/L (limit 1, 4 of 4 months "
              "have a value, the 8 months left must have 0.85 or less)");
    EXPECT_EQ(look("w", "2025-06-01").says, PeriodSays::bad) << "1.06 with May";
    sample(2025, 5, "0.00");
    sample(2025, 6, "0.00");
    EXPECT_EQ(look("w", "2025-07-01").says, PeriodSays::good);
}

TEST_F(PeriodRulesTest, AYoungYearSaysNothingAndEndsTheOneBefore)
{
    for (unsigned month = 1; month <= 12; ++month)
        sample(2025, month, "1.30");
    sample(2026, 1, "1.90");
    sample(2026, 2, "1.90");
    sample(2026, 3, "1.90");
    auto const last = look("w", "2026-01-15");
    EXPECT_EQ(last.says, PeriodSays::bad) << "the year that is over, until a month of the next one is";
    EXPECT_EQ(last.cause.said.find("其余"), std::string::npos);
    EXPECT_EQ(look("w", "2026-03-31").says, PeriodSays::good);
    EXPECT_EQ(look("w", "2026-04-01").says, PeriodSays::bad);
}

TEST_F(PeriodRulesTest, WithoutEnoughMonthsNothingIsKnown)
{
    sample(2025, 1, "1.30");
    sample(2025, 2, "1.30");
    EXPECT_EQ(look("w", "2025-07-01").says, PeriodSays::unknown);
    sample(2025, 3, "9.00");
    auto const found = look("w", "2025-12-01");
    EXPECT_EQ(found.says, PeriodSays::bad);
    EXPECT_NE(found.cause.said.find("11个月中3个月有值，年内已无法达标"), std::string::npos) << found.cause.said;
}

TEST_F(PeriodRulesTest, GoodDaysAreUsedUpByShareAndThenAltogether)
{
    auto const days_from = [&](std::string_view from, int count, std::string_view pm25) {
        for (int i = 0; i < count; ++i)
            air_day(Date{std::chrono::sys_days{day(from)} + std::chrono::days{i}}, pm25);
    };
    days_from("2025-01-01", 73, "100");                         // of 365 days 91 may be worse than good: 80 % are 72.8
    days_from("2025-03-15", 100, "20");
    EXPECT_EQ(look("a", "2025-03-10").says, PeriodSays::good) << "68 of 91";
    auto const near = look("a", "2025-03-15");
    ASSERT_EQ(near.says, PeriodSays::bad);
    EXPECT_EQ(near.cause.said, "截至2025-03-14有效73天（应有73天），优良0天（0.0%），目标75.0%，已有73天不达优良；余292天中还可有18天");
    plan.rules[1].percent = 100;
    EXPECT_EQ(look("a", "2025-03-15").says, PeriodSays::good) << "18 are left";
    days_from("2025-06-23", 18, "100");
    EXPECT_EQ(look("a", "2025-07-10").says, PeriodSays::good);
    auto const gone = look("a", "2025-07-11");
    ASSERT_EQ(gone.says, PeriodSays::bad);
    EXPECT_NE(gone.cause.said_en.find("of the 174 days left 0 may still be so"), std::string::npos) << gone.cause.said_en;
    days_from("2025-07-11", 1, "100");
    EXPECT_NE(look("a", "2025-07-12").cause.said.find("余173天全部优良也已无法达标"), std::string::npos);
    EXPECT_EQ(look("a", "2026-01-02").says, PeriodSays::good) << "another year";
}

TEST_F(PeriodRulesTest, AYearThatMetItsTargetToTheDayIsNoAlert)
{
    for (int i = 0; i < 365; ++i)
        air_day(Date{std::chrono::sys_days{day("2025-01-01")} + std::chrono::days{i}}, i < 91 ? "100" : "20");
    plan.rules[1].percent = 100;
    EXPECT_EQ(look("a", "2025-12-31").says, PeriodSays::bad) << "the last day must be good";
    EXPECT_EQ(look("a", "2026-01-01").says, PeriodSays::good) << "and it was";
}

TEST_F(PeriodRulesTest, ThePlantsDayIsHeldAgainstItsLimits)
{
    hours("2025-10-24", "52");
    hours("2025-10-25", "40");
    hours("2025-10-26", "90", 3);
    EXPECT_EQ(look("p", "2025-10-24").says, PeriodSays::unknown);
    auto const found = look("p", "2025-10-25");
    ASSERT_EQ(found.says, PeriodSays::bad);
    ASSERT_EQ(found.cause.items.size(), 1U);
    EXPECT_EQ(found.cause.items[0].value, d("52"));
    EXPECT_EQ(found.cause.items[0].limit, d("40"));
    EXPECT_EQ(found.cause.items[0].multiple, d("0.3"));
    EXPECT_EQ(
        found.cause.said,
        "2025-10-24日均值（按流量加权），化学需氧量应有24个、有效24个小时值，限值依据许可证 1；暂定：2025-11-10前补报的停运和检修会改变它");
    EXPECT_EQ(look("p", "2025-10-26").says, PeriodSays::good) << "equal meets";
    EXPECT_EQ(look("p", "2025-10-27").says, PeriodSays::unknown) << "3 of 24 hours say nothing";
}

class MonthRuleTest : public PeriodRulesTest {
protected:
    void SetUp() override
    {
        plan.rules = {rule("month", RuleKind::month_mean)};
        plan.rules[0].min_records = 60;
    }
    /// Rounds of a day of the section, every four hours; fewer where `count` says so.
    void rounds(Date date, std::string_view ammonia, int count = 6, StationStatus status = StationStatus::normal,
                std::string_view flag = "N")
    {
        for (int round = 0; round < count; ++round) {
            auto one = record(
                {{"ph", "7.8"}, {"dissolved_oxygen", "8.0"}, {"codmn", "3.0"}, {"ammonia_nitrogen", ammonia}, {"total_phosphorus", "0.10"}},
                IntervalKind::four_hours, format_date(date));
            one.site = 1;
            one.time = beijing_midnight(date) + 4h * round;
            one.status = status;
            for (auto& reading : one.readings)
                reading.flag = Flag::parse(flag).value();
            records.kept.push_back(one);
        }
    }
    void days(std::string_view first, int count, std::string_view ammonia)
    {
        for (int i = 0; i < count; ++i)
            rounds(Date{std::chrono::sys_days{day(first)} + std::chrono::days{i}}, ammonia);
    }
    /// The section in the report of a period, as of its end.
    SectionPeriod in_report(std::string_view period)
    {
        WaterQuery query;
        query.period = parse_period(period).value();
        query.as_of = query.period.end;
        auto const world = make_world(std::make_shared<StandardsBook const>(book()), {of_kind(1, "w", SiteKind::water_section)},
                                      std::make_shared<NoLayers const>());
        return make_water_report(query, *world, {records, nullptr, marks.load()}).value().sections.front().now;
    }
    static void expect_same(PeriodFinding const& found, SectionPeriod const& section)
    {
        EXPECT_EQ(found.cause.mean_class, section.judgement.water_class);
        EXPECT_EQ(found.cause.items.empty(), section.target == TargetVerdict::met);
        for (auto const& item : found.cause.items)
            EXPECT_EQ(item.value, section.find(item.parameter)->shown);
    }
};

TEST_F(MonthRuleTest, TheRunningMonthIsLookedAtFromTenValidDaysOn)
{
    days("2025-10-01", 9, "1.60");
    EXPECT_EQ(look("w", "2025-10-10").says, PeriodSays::good) << "of September nothing is known, of October too little";
    days("2025-10-10", 9, "1.60");
    EXPECT_EQ(look("w", "2025-10-10").says, PeriodSays::good);
    auto const found = look("w", "2025-10-11");
    ASSERT_EQ(found.says, PeriodSays::bad);
    EXPECT_FALSE(found.cause.month_over);
    EXPECT_EQ(found.cause.last, beijing_midnight(day("2025-10-11")) - 1ms);
    ASSERT_EQ(found.cause.items.size(), 1U);
    EXPECT_EQ(found.cause.items[0].value, d("1.60"));
    EXPECT_EQ(found.cause.items[0].item_class, 5);
    EXPECT_EQ(found.cause.said, "氨氮有效10天（应有10天）");
    expect_same(found, in_report("2025-10-01/2025-10-10"));
    plan.rules[0].parameters = {"codmn"};
    EXPECT_EQ(look("w", "2025-10-11").says, PeriodSays::good);
}

TEST_F(MonthRuleTest, SaysWhatTheReportSaysOfInvalidDaysMissingRoundsAndMarks)
{
    for (int i = 0; i < 4; ++i)                                 // three of six rounds are no day
        rounds(Date{std::chrono::sys_days{day("2025-10-01")} + std::chrono::days{i}}, "9.00", 3);
    for (int i = 4; i < 6; ++i)                                 // flagged as invalid
        rounds(Date{std::chrono::sys_days{day("2025-10-01")} + std::chrono::days{i}}, "9.00", 6, StationStatus::normal, "D");
    for (int i = 6; i < 8; ++i)
        rounds(Date{std::chrono::sys_days{day("2025-10-01")} + std::chrono::days{i}}, "9.00", 6, StationStatus::maintenance);
    days("2025-10-09", 3, "9.00");                              // marked as dry below
    days("2025-10-12", 20, "0.98");
    EXPECT_EQ(look("w", "2025-11-01").says, PeriodSays::bad);
    EXPECT_FALSE(look("w", "2025-11-01").cause.items.empty()) << "with the days that are dry";
    expect_same(look("w", "2025-11-01"), in_report("2025-10"));

    marks.publish(marked({mark_of(PeriodMarkKind::dry, "w", day("2025-10-09"), day("2025-10-11"))}));
    auto const found = look("w", "2025-11-01");
    EXPECT_TRUE(found.cause.month_over);
    EXPECT_TRUE(found.cause.items.empty()) << "0.98 meets";
    EXPECT_EQ(found.cause.mean_class, 3);
    expect_same(found, in_report("2025-10"));
    expect_same(look("w", "2025-11-05"), in_report("2025-10"));         // November is too young: once more the result
}

TEST_F(MonthRuleTest, AMonthWithTooFewDaysHasNoResultAndEndsItsRunningMean)
{
    days("2025-10-01", 12, "1.60");
    EXPECT_EQ(look("w", "2025-10-13").says, PeriodSays::bad);
    EXPECT_EQ(look("w", "2025-10-25").says, PeriodSays::unknown) << "12 of 24 days are no mean";
    auto const over = look("w", "2025-11-01");
    EXPECT_EQ(over.says, PeriodSays::good);
    EXPECT_EQ(in_report("2025-10").judgement.water_class, 0);
}

}  // namespace
}  // namespace yihong
