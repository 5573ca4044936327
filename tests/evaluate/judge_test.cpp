// The worked examples of the reference for sections and indices, and the corners beside them.
#include "testing.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/water_statistics.hpp"

#include <map>

namespace yihong {
namespace {

using namespace testing;

WaterJudgement judged(Values values, bool lake = false) { return judge_water(record(values), lake, gb3838(), book().parameters()); }

std::map<std::string, int> classes(WaterJudgement const& judgement)
{
    std::map<std::string, int> all;
    for (auto const& item : judgement.items)
        all[name(item.reading.parameter)] = item.item_class;
    return all;
}

std::string shown(std::vector<MainPollutant> const& pollutants)
{
    std::string text;
    for (auto const& main : pollutants)
        text += name(main.parameter) + (main.multiple ? "(" + main.multiple->to_string() + ")" : "") + " ";
    return text;
}

TEST(SectionClass, RiverOfExampleAIsClassVByItsAmmonia)
{
    auto const judgement = judged({{"ph", "8.1"},
                                   {"dissolved_oxygen", "6.4"},
                                   {"codmn", "5.2"},
                                   {"cod", "22"},
                                   {"bod5", "4.6"},
                                   {"ammonia_nitrogen", "1.62"},
                                   {"total_phosphorus", "0.24"},
                                   {"fluoride", "1.12"}});
    EXPECT_EQ(judgement.water_class, 5);
    EXPECT_EQ(water_class_label(5), "Ⅴ");
    EXPECT_EQ(water_quality_label(5), "中度污染");
    EXPECT_EQ(classes(judgement), (std::map<std::string, int>{{"ph", 1},
                                                              {"dissolved_oxygen", 2},
                                                              {"codmn", 3},
                                                              {"cod", 4},
                                                              {"bod5", 4},
                                                              {"ammonia_nitrogen", 5},
                                                              {"total_phosphorus", 4},
                                                              {"fluoride", 4}}));
    EXPECT_EQ(shown(judgement.main_pollutants), "ammonia_nitrogen(0.6) total_phosphorus(0.2) bod5(0.2) ");
    EXPECT_EQ(judgement.deciding, std::vector{id("ammonia_nitrogen")});
    EXPECT_EQ(judgement.edition->label, "GB 3838-2002");
}

TEST(SectionClass, RiverOfExampleBIsClassIVByItsOxygenWithoutMultiple)
{
    auto const judgement =
        judged({{"ph", "7.6"}, {"dissolved_oxygen", "4.62"}, {"codmn", "4.4"}, {"ammonia_nitrogen", "0.40"}, {"total_phosphorus", "0.12"}});
    EXPECT_EQ(judgement.water_class, 4);
    EXPECT_EQ(classes(judgement), (std::map<std::string, int>{
                                      {"ph", 1}, {"dissolved_oxygen", 4}, {"codmn", 3}, {"ammonia_nitrogen", 2}, {"total_phosphorus", 3}}));
    EXPECT_EQ(shown(judgement.main_pollutants), "dissolved_oxygen ");
}

TEST(SectionClass, LakeOfExampleCIsClassIVByTheLakeColumnOfPhosphorus)
{
    Values const values{
        {"ph", "8.6"}, {"dissolved_oxygen", "8.2"}, {"codmn", "5.1"}, {"ammonia_nitrogen", "0.31"}, {"total_phosphorus", "0.062"}};
    auto const judgement = judged(values, true);
    EXPECT_EQ(judgement.water_class, 4);
    EXPECT_EQ(classes(judgement), (std::map<std::string, int>{
                                      {"ph", 1}, {"dissolved_oxygen", 1}, {"codmn", 3}, {"ammonia_nitrogen", 2}, {"total_phosphorus", 4}}));
    EXPECT_EQ(shown(judgement.main_pollutants), "total_phosphorus(0.2) ");
    EXPECT_EQ(judged(values, false).water_class, 3);
}

TEST(SectionClass, RoundingExamplesComeOutHalfToEven)
{
    struct Example {
        char const *parameter, *value, *rounded;
        int item_class;
    };
    for (auto const& e : {Example{"ammonia_nitrogen", "1.005", "1.00", 3},
                          {"ammonia_nitrogen", "1.015", "1.02", 4},
                          {"dissolved_oxygen", "4.95", "5.0", 3},
                          {"dissolved_oxygen", "4.85", "4.8", 4},
                          {"codmn", "6.05", "6.0", 3},
                          {"codmn", "6.15", "6.2", 4},
                          {"total_phosphorus", "0.2005", "0.200", 3},
                          {"total_phosphorus", "0.2015", "0.202", 4}}) {
        auto const item = judged({{e.parameter, e.value}}).items.at(0);
        EXPECT_EQ(item.assessed.to_string(), e.rounded) << e.parameter << " " << e.value;
        EXPECT_EQ(item.item_class, e.item_class) << e.parameter << " " << e.value;
    }
}

TEST(SectionClass, AnEqualValueMeetsTheLimitAndTheBestOfSeveralClassesCounts)
{
    EXPECT_EQ(judged({{"cod", "15"}}).water_class, 1);                  // 15 is the limit of I and of II
    EXPECT_EQ(judged({{"cod", "40"}}).water_class, 5);
    EXPECT_EQ(judged({{"cod", "40.1"}}).water_class, 6);
    EXPECT_EQ(judged({{"dissolved_oxygen", "2.0"}}).water_class, 5);
    EXPECT_EQ(judged({{"dissolved_oxygen", "1.9"}}).water_class, 6);
    EXPECT_EQ(judged({{"cyanide", "0.2"}}).water_class, 3);             // some reprints say 0.02
    EXPECT_EQ(judged({{"mercury", "0.00005"}}).water_class, 1);
    EXPECT_EQ(judged({{"mercury", "0.00006"}}).water_class, 3);
}

TEST(SectionClass, AcidityOutsideSixToNineIsWorseThanVAndHasNoMultiple)
{
    EXPECT_EQ(judged({{"ph", "6"}}).water_class, 1);
    EXPECT_EQ(judged({{"ph", "9"}}).water_class, 1);
    EXPECT_EQ(judged({{"ph", "9.5"}}).water_class, 6);
    EXPECT_EQ(judged({{"ph", "5.4"}}).water_class, 6);
    EXPECT_EQ(shown(judged({{"ph", "9.6"}}).main_pollutants), "ph ");
    EXPECT_EQ(judge_water(record({{"ph", "9.01"}}), false, gb3838(), book().parameters(), false).water_class, 6);
}

TEST(SectionClass, AcidityIsGradedAsMeasuredUnlessTheEditionRoundsIt)
{
    EXPECT_EQ(judged({{"ph", "9.4"}}).water_class, 6);
    EXPECT_EQ(judged({{"ph", "5.97"}}).water_class, 6);
    EXPECT_EQ(judged({{"ph", "9.4"}}).items.at(0).assessed, d("9.4"));
    EXPECT_EQ(judge(record({{"ph", "9.4"}}), SiteKind::water_section, book()), (Verdict{1, 6, 0}));
    EXPECT_EQ(judge_period(std::vector{record({{"ph", "9.4"}})}, false, gb3838(), book()).water_class, 1) << "a mean is rounded once";

    auto rounding = book();
    for (auto& item : rounding.water_.at(0).items)
        item.rounds_readings = true;
    auto const by_whole_numbers = [&](std::string_view value) {
        return judge_water(record({{"ph", value}}), false, rounding.water_.at(0), rounding.parameters()).items.at(0);
    };
    EXPECT_EQ(by_whole_numbers("9.4").assessed.to_string(), "9");
    EXPECT_EQ(by_whole_numbers("9.4").item_class, 1);
    EXPECT_EQ(by_whole_numbers("9.5").item_class, 6);                   // rounds to 10
    EXPECT_EQ(by_whole_numbers("5.5").item_class, 1);                   // rounds to 6
    EXPECT_EQ(judge(record({{"ph", "9.4"}}), SiteKind::water_section, rounding), (Verdict{1, 1, 0}));
}

TEST(SectionClass, ADoubtfulUnitDoesNotCount)
{
    auto doubtful = record({{"codmn", "3"}, {"total_phosphorus", "90"}});
    doubtful.readings.at(1).marks = Mark::unit_doubtful;
    auto const judgement = judge_water(doubtful, false, gb3838(), book().parameters());
    EXPECT_EQ(judgement.water_class, 2);
    EXPECT_EQ(judgement.items.at(1).why_not_counted, "its unit is doubtful");
    EXPECT_EQ(judge(doubtful, SiteKind::water_section, book()), (Verdict{1, 2, 0}));
}

TEST(SectionClass, TheNationalNetworkOwesFiveItems)
{
    std::vector<std::string> names;
    for (auto const parameter : gb3838().owed)
        names.push_back(name(parameter));
    EXPECT_EQ(names, (std::vector<std::string>{"ph", "dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"}));
}

TEST(SectionClass, TemperatureNitrogenAndColiformsDoNotCount)
{
    auto const river = judged(
        {{"water_temperature", "31"}, {"total_nitrogen", "14"}, {"faecal_coliform", "90000"}, {"conductivity", "900"}, {"codmn", "3"}});
    EXPECT_EQ(river.water_class, 2);
    EXPECT_EQ(classes(river),
              (std::map<std::string, int>{
                  {"water_temperature", 0}, {"total_nitrogen", 0}, {"faecal_coliform", 6}, {"conductivity", 0}, {"codmn", 2}}));
    for (auto const& item : river.items)
        EXPECT_EQ(item.counted, item.why_not_counted.empty()) << name(item.reading.parameter);
    auto const lake = judged({{"total_nitrogen", "1.2"}, {"codmn", "3"}}, true);
    EXPECT_EQ(lake.water_class, 2);
    EXPECT_EQ(classes(lake).at("total_nitrogen"), 4);
    EXPECT_EQ(judged({{"total_nitrogen", "14"}}).water_class, 0);
    EXPECT_EQ(judge(record({{"total_nitrogen", "14"}}), SiteKind::water_section, book()), (Verdict{1, 0, 0}))
        << "no class, but under this edition";
}

TEST(SectionClass, OnlyValidValuesCount)
{
    auto doubtful = record({{"codmn", "3"}, {"ammonia_nitrogen", "9"}, {"total_phosphorus", "9"}});
    for (auto& reading : doubtful.readings) {
        if (reading.parameter == id("ammonia_nitrogen"))
            reading.flag = Flag{'D'};
        if (reading.parameter == id("total_phosphorus"))
            reading.has_value = false;
    }
    auto const judgement = judge_water(doubtful, false, gb3838(), book().parameters());
    EXPECT_EQ(judgement.water_class, 2);
    EXPECT_EQ(judge(doubtful, SiteKind::water_section, book()), (Verdict{1, 2, 0}));
    EXPECT_EQ(classes(judgement), (std::map<std::string, int>{{"codmn", 2}, {"ammonia_nitrogen", 0}, {"total_phosphorus", 0}}));
    EXPECT_EQ(judgement.items.at(1).why_not_counted, "the flag is not N");
    EXPECT_EQ(judgement.items.at(1).why_not_counted_zh, "数据标记不是N");
    EXPECT_EQ(judgement.items.at(2).why_not_counted, "no value");
}

TEST(SectionClass, CyanideAndHeavyMetalsAreNamedFirst)
{
    auto const judgement = judged({{"ammonia_nitrogen", "9"}, {"cod", "90"}, {"bod5", "9"}, {"lead", "0.06"}, {"cyanide", "0.3"}});
    EXPECT_EQ(shown(judgement.main_pollutants), "cyanide(0.5) lead(0.2) ammonia_nitrogen(8.0) ");
    EXPECT_TRUE(judged({{"codmn", "6"}, {"lead", "0.01"}}).main_pollutants.empty());
}

TEST(SectionClass, EveryItemOfTableOneCarriesItsClauseAndLimits)
{
    ASSERT_EQ(gb3838().items.size(), 24U);
    ASSERT_EQ(gb3838().drinking_water.size(), 5U);
    auto const item = judged({{"ammonia_nitrogen", "1.31"}}).items.at(0);
    EXPECT_EQ(item.item->clause, "Table 1, item 7");
    EXPECT_EQ(item.item->clause_zh, "表1 第7项");
    EXPECT_EQ(item.limits, (std::array{d("0.15"), d("0.5"), d("1"), d("1.5"), d("2")}));
    EXPECT_EQ(item.multiple, d("0.3"));
    EXPECT_TRUE(item.decided);
    EXPECT_EQ(judged({{"ammonia_nitrogen", "1.04"}}).items.at(0).multiple, d("0.04")) << "over its limit, but not 0.0 times";
}

TEST(SectionClass, FollowsTheDateAndTheKindOfSite)
{
    auto const old = record({{"codmn", "3"}}, IntervalKind::sample, "2002-05-31");
    EXPECT_EQ(judge(old, SiteKind::water_section, book()), Verdict{});
    EXPECT_EQ(judge(record({{"codmn", "3"}}, IntervalKind::sample, "2002-06-01"), SiteKind::water_section, book()), (Verdict{1, 2, 0}));
    auto const phosphorus = record({{"total_phosphorus", "0.062"}});
    EXPECT_EQ(judge(phosphorus, SiteKind::water_section, book()).water_class, 2);
    EXPECT_EQ(judge(phosphorus, SiteKind::lake_section, book()).water_class, 4);
    EXPECT_EQ(judge(phosphorus, SiteKind::outfall, book()), Verdict{});
    EXPECT_EQ(judge(phosphorus, SiteKind::wastewater_plant, book()), Verdict{});
}

TEST(SectionClass, HugeAndTinyNumbersStayInBounds)
{
    for (auto const* text : {"999999999999999", "0.000000000001", "-999999999999999", "0"})
        for (auto const& item : gb3838().items) {
            auto const judgement = judged({{name(item.parameter), text}}, true);
            auto const verdict = judge(record({{name(item.parameter), text}}), SiteKind::lake_section, book());
            EXPECT_EQ(verdict.water_class, judgement.water_class);
        }
    EXPECT_EQ(judged({{"mercury", "0.000000000001"}}).items.at(0).assessed, d("0.000000000001"));   // never rounded to zero
}

struct Day {
    char const *so2, *no2, *pm10, *co, *o3_8h, *pm25;
};
AirJudgement daily(Day const& v, std::string_view date)
{
    auto const made = record({{"so2", v.so2}, {"no2", v.no2}, {"pm10", v.pm10}, {"co", v.co}, {"o3_8h", v.o3_8h}, {"pm25", v.pm25}},
                             IntervalKind::day, date);
    return judge_air(made, *book().aqi(day(date)), book().parameters());
}
std::map<std::string, int> indices(AirJudgement const& judgement)
{
    std::map<std::string, int> all;
    for (auto const& item : judgement.items)
        if (item.counted)
            all[name(item.reading.parameter)] = item.iaqi;
    return all;
}
std::string primary(AirJudgement const& judgement)
{
    std::string text;
    for (auto const parameter : judgement.primary)
        text += name(parameter) + " ";
    return text;
}

TEST(Aqi, TheDaysOfTheReferenceComeOutInBothEditions)
{
    struct Example {
        Day day;
        std::map<std::string, int> iaqi2012, iaqi2026;
        int aqi2012, aqi2026;
        char const *primary2012, *primary2026;
    };
    std::vector<Example> const examples{{{"9", "31", "118", "0.9", "71", "58"},
                                         {{"so2", 9}, {"no2", 39}, {"pm10", 84}, {"co", 23}, {"o3_8h", 36}, {"pm25", 79}},
                                         {{"so2", 9}, {"no2", 39}, {"pm10", 99}, {"co", 23}, {"o3_8h", 36}, {"pm25", 96}},
                                         84,
                                         99,
                                         "pm10 ",
                                         "pm10 "},
                                        {{"12", "46", "134", "1.3", "64", "72"},
                                         {{"so2", 12}, {"no2", 58}, {"pm10", 92}, {"co", 33}, {"o3_8h", 32}, {"pm25", 97}},
                                         {{"so2", 12}, {"no2", 58}, {"pm10", 106}, {"co", 33}, {"o3_8h", 32}, {"pm25", 111}},
                                         97,
                                         111,
                                         "pm25 ",
                                         "pm25 "},
                                        {{"8", "22", "74", "0.6", "187", "29"},
                                         {{"so2", 8}, {"no2", 28}, {"pm10", 62}, {"co", 15}, {"o3_8h", 125}, {"pm25", 42}},
                                         {{"so2", 8}, {"no2", 28}, {"pm10", 68}, {"co", 15}, {"o3_8h", 125}, {"pm25", 42}},
                                         125,
                                         125,
                                         "o3_8h ",
                                         "o3_8h "},
                                        {{"14", "38", "660", "0.8", "90", "130"},
                                         {{"so2", 14}, {"no2", 48}, {"pm10", 500}, {"co", 20}, {"o3_8h", 45}, {"pm25", 172}},
                                         {{"so2", 14}, {"no2", 48}, {"pm10", 500}, {"co", 20}, {"o3_8h", 45}, {"pm25", 172}},
                                         500,
                                         500,
                                         "pm10 ",
                                         "pm10 "}};
    for (auto const& e : examples) {
        auto const before = daily(e.day, "2026-02-28");
        EXPECT_EQ(before.edition->label, "HJ 633-2012");
        EXPECT_EQ(indices(before), e.iaqi2012);
        EXPECT_EQ(before.aqi, e.aqi2012);
        EXPECT_EQ(primary(before), e.primary2012);
        auto const after = daily(e.day, "2026-03-01");
        EXPECT_EQ(after.edition->label, "HJ 633-2026");
        EXPECT_EQ(indices(after), e.iaqi2026);
        EXPECT_EQ(after.aqi, e.aqi2026);
        EXPECT_EQ(primary(after), e.primary2026);
        EXPECT_TRUE(after.published && after.missing.empty());
    }
    EXPECT_EQ(aqi_category_label(daily(examples[1].day, "2026-03-01").level), "轻度污染");
    EXPECT_EQ(aqi_category_label(daily(examples[1].day, "2026-02-28").level), "良");
}

TEST(Aqi, ConcentrationsAreRoundedFirstIn2026)
{
    struct Example {
        char const *parameter, *value, *used;
        IntervalKind interval;
        int iaqi;
    };
    for (auto const& e : {Example{"co", "2.05", "2.0", IntervalKind::day, 50},
                          {"co", "2.15", "2.2", IntervalKind::day, 55},
                          {"pm25", "35.5", "36", IntervalKind::day, 52},
                          {"pm25", "60.4", "60", IntervalKind::day, 100},
                          {"o3_8h", "850", "850", IntervalKind::day, 300},
                          {"so2", "900", "900", IntervalKind::hour, 200}}) {
        auto const item =
            judge_air(record({{e.parameter, e.value}}, e.interval, "2026-03-01"), hj633_2026(), book().parameters()).items.at(0);
        EXPECT_EQ(item.used, d(e.used)) << e.parameter << " " << e.value;
        EXPECT_EQ(item.iaqi, e.iaqi) << e.parameter << " " << e.value;
    }
    // 2012 knows no such rule: 35.1 is already above the breakpoint.
    EXPECT_EQ(judge_air(record({{"pm25", "35.1"}}, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters()).items.at(0).iaqi,
              51);
}

TEST(Aqi, IsRoundedUpButAWholeIndexStays)
{
    auto const& pm25 = *hj633_2012().column("PM2.5_24h");
    EXPECT_EQ(iaqi(pm25, d("0")).value, 0);
    EXPECT_EQ(iaqi(pm25, d("-3")).value, 0);
    EXPECT_EQ(iaqi(pm25, d("0.000000000001")).value, 1);
    EXPECT_EQ(iaqi(pm25, d("7")).value, 10);
    EXPECT_EQ(iaqi(pm25, d("35")).value, 50);
    EXPECT_EQ(iaqi(pm25, d("35.000000000001")).value, 51);
    EXPECT_EQ(iaqi(pm25, d("500")).value, 500);
    EXPECT_EQ(iaqi(pm25, d("500.1")).value, 500);
    EXPECT_EQ(iaqi(pm25, d("999999999999999")).value, 500);
    auto const explained = iaqi(*hj633_2012().column("O3_8h"), d("187"));   // (150-100)/(215-160)*(187-160)+100 = 124.5
    EXPECT_EQ(explained.value, 125);
    EXPECT_EQ(explained.index_low, 100);
    EXPECT_EQ(explained.index_high, 150);
    EXPECT_EQ(explained.concentration_low, d("160"));
    EXPECT_EQ(explained.concentration_high, d("215"));
}

TEST(Aqi, ShortColumnsEndAsEachEditionSays)
{
    // 2012: above 800 the day's SO2 serves instead, where the station publishes it; else the index stays at 200.
    auto const alone =
        judge_air(record({{"so2", "900"}, {"pm25", "10"}}, IntervalKind::hour, "2020-01-01"), hj633_2012(), book().parameters());
    EXPECT_EQ(alone.aqi, 200);
    auto const with_day = judge_air(record({{"so2", "900"}, {"pm25", "10"}, {"so2_24h", "1200"}}, IntervalKind::hour, "2020-01-01"),
                                    hj633_2012(), book().parameters());
    EXPECT_EQ(with_day.aqi, 250);
    EXPECT_EQ(with_day.items.at(1).column->name, "SO2_24h");
    EXPECT_EQ(with_day.items.at(1).used, d("1200"));
    EXPECT_EQ(primary(with_day), "so2 ");
    auto const ozone =
        judge_air(record({{"o3_8h", "850"}, {"o3", "900"}}, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters());
    EXPECT_EQ(ozone.aqi, 350);
    // 2026 fixes the index.
    EXPECT_EQ(
        judge_air(record({{"so2", "900"}, {"so2_24h", "1200"}}, IntervalKind::hour, "2026-03-01"), hj633_2026(), book().parameters()).aqi,
        200);
    EXPECT_EQ(judge_air(record({{"o3_8h", "850"}, {"o3", "900"}}, IntervalKind::day, "2026-03-01"), hj633_2026(), book().parameters()).aqi,
              300);
}

TEST(Aqi, WithAPollutantMissingIsPublishedAbove100OnlyFrom2026)
{
    auto const clean = record({{"pm25", "20"}, {"pm10", "60"}}, IntervalKind::day, "2026-03-01");
    auto const now = judge_air(clean, hj633_2026(), book().parameters());
    EXPECT_FALSE(now.published);
    EXPECT_EQ(now.aqi, 0);
    EXPECT_EQ(now.level, 0);
    EXPECT_EQ(now.missing, (std::vector{id("so2"), id("no2"), id("co"), id("o3_8h")}));
    EXPECT_EQ(indices(now).at("pm10"), 58);
    EXPECT_EQ(judge(clean, SiteKind::air_station, book()), (Verdict{11, 0, 0}));
    auto const dirty = record({{"pm25", "90"}}, IntervalKind::day, "2026-03-01");
    EXPECT_EQ(judge_air(dirty, hj633_2026(), book().parameters()).aqi, 128);
    EXPECT_EQ(judge(dirty, SiteKind::air_station, book()), (Verdict{11, 0, 128}));
    EXPECT_EQ(judge(record({{"pm25", "20"}}, IntervalKind::day, "2026-02-28"), SiteKind::air_station, book()), (Verdict{10, 0, 29}));
    EXPECT_EQ(judge(record({{"pm25", "20"}}, IntervalKind::day, "2015-12-31"), SiteKind::air_station, book()), Verdict{});
    EXPECT_EQ(judge(record({}, IntervalKind::day, "2026-03-01"), SiteKind::air_station, book()), (Verdict{11, 0, 0}));
}

TEST(Aqi, DayFiguresOfAnHourlyFeedServeADailyReportOnly)
{
    Values const values{{"pm25", "10"}, {"pm25_24h", "75"}};
    EXPECT_EQ(judge_air(record(values, IntervalKind::hour, "2020-01-01"), hj633_2012(), book().parameters()).aqi, 15);
    auto const day_report = judge_air(record(values, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters());
    EXPECT_EQ(day_report.aqi, 15);
    EXPECT_EQ(day_report.items.at(1).why_not_counted, "another reading serves this indicator");
    EXPECT_EQ(judge_air(record({{"pm25_24h", "75"}}, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters()).aqi, 100);
}

TEST(Aqi, TiedPollutantsAreAllPrimaryAndNoneIsUpTo50)
{
    EXPECT_EQ(
        primary(judge_air(record({{"pm25", "75"}, {"pm10", "150"}}, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters())),
        "pm10 pm25 ");
    EXPECT_EQ(
        primary(judge_air(record({{"pm25", "35"}, {"pm10", "50"}}, IntervalKind::day, "2020-01-01"), hj633_2012(), book().parameters())),
        "");
}

TEST(Labels, AreThoseOfTheStandards)
{
    EXPECT_EQ(water_class_label(0), "");
    EXPECT_EQ(water_class_label(1), "Ⅰ");
    EXPECT_EQ(water_class_label(6), "劣Ⅴ");
    EXPECT_EQ(water_class_label(7), "");
    EXPECT_EQ(water_quality_label(0), "");
    EXPECT_EQ(water_quality_label(1), "优");
    EXPECT_EQ(water_quality_label(2), "优");
    EXPECT_EQ(water_quality_label(3), "良好");
    EXPECT_EQ(water_quality_label(4), "轻度污染");
    EXPECT_EQ(water_quality_label(6), "重度污染");
    EXPECT_EQ(aqi_level(50), 1);
    EXPECT_EQ(aqi_level(51), 2);
    EXPECT_EQ(aqi_level(300), 5);
    EXPECT_EQ(aqi_level(301), 6);
    EXPECT_EQ(aqi_category_label(6), "严重污染");
    EXPECT_EQ(aqi_category_label(0), "");
}

}  // namespace
}  // namespace yihong
