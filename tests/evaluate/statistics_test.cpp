// The worked examples of the reference for periods, rivers, lakes, cities and years.
#include "testing.hpp"

#include "yihong/evaluate/air_statistics.hpp"
#include "yihong/evaluate/water_statistics.hpp"

namespace yihong {
namespace {

using namespace testing;

std::vector<Decimal> numbers(std::initializer_list<std::string_view> texts)
{
    std::vector<Decimal> all;
    for (auto const text : texts)
        all.push_back(d(text));
    return all;
}

std::vector<Sample> samples(std::initializer_list<std::string_view> texts)
{
    std::vector<Sample> all;
    for (auto const text : texts)
        all.push_back({d(text), false});
    return all;
}

TEST(Mean, OfAcidityIsTakenOverHydrogenIons)
{
    EXPECT_EQ(ph_mean_of(samples({"7.2", "8.4", "8.0"}), 2)->to_string(), "7.59");
    EXPECT_EQ(mean_of(samples({"7.2", "8.4", "8.0"}), 2)->to_string(), "7.87");      // the wrong way, as the reference warns
    for (int tenths = 0; tenths < 140; ++tenths) {  // equal values average to themselves, also on the edge
        Decimal const value{tenths * 10 + 5, 2};
        EXPECT_EQ(ph_mean_of(std::vector<Sample>(3, Sample{value, false}), 1), value.rounded(1)) << value.to_string();
    }
    EXPECT_EQ(ph_mean_of({}, 2), std::nullopt);
}

TEST(Mean, IsRoundedOnceHalfToEvenAndKeepsADigit)
{
    EXPECT_EQ(mean_of(samples({"1.00", "1.01"}), 2)->to_string(), "1.00");
    EXPECT_EQ(mean_of(samples({"1.01", "1.02"}), 2)->to_string(), "1.02");
    EXPECT_EQ(mean_of(samples({"0.001", "0", "0"}), 2)->to_string(), "0.0003");
    EXPECT_EQ(mean_of(samples({"0", "0"}), 2)->to_string(), "0.00");
    EXPECT_EQ(mean_of({}, 2), std::nullopt);
}

TEST(Mean, CountsHalfTheDetectionLimit)
{
    EXPECT_EQ(mean_of(std::vector<Sample>{{d("0.05"), true}, {d("0.075"), false}}, 3)->to_string(), "0.050");
    EXPECT_EQ(mean_of(std::vector<Sample>{{d("0.000000000001"), true}}, 12)->to_string(),
              "0.000000000000");  // half of the last digit goes to even
}

TEST(Period, AveragesFirstRoundsOnceThenGrades)
{
    std::vector<Record> week{record({{"ph", "7.2"}, {"ammonia_nitrogen", "1.004"}}), record({{"ph", "8.4"}, {"ammonia_nitrogen", "1.004"}}),
                             record({{"ph", "8.0"}, {"ammonia_nitrogen", "1.010"}, {"codmn", "9"}})};
    week[2].readings.at(2 - 1).flag = Flag{'M'};  // codmn comes second
    auto const mean = mean_record(week, book());
    ASSERT_EQ(mean.readings.size(), 2U);
    EXPECT_EQ(mean.find(id("ph"))->value.to_string(), "8");
    EXPECT_EQ(mean.find(id("ammonia_nitrogen"))->value.to_string(), "1.01");  // 1.006, where each value alone rounds to 1.00, 1.00, 1.01
    EXPECT_EQ(judge_period(week, false, gb3838(), book()).water_class, 4);
    EXPECT_TRUE(mean_record({}, book()).readings.empty());
}

TEST(Basin, GradesByShares)
{
    struct Example {
        ClassCounts counts;
        char const *good, *bad, *grade;
    };
    for (auto const& e : {Example{{9, 2, 1}, "75.0", "8.3", "良好"},
                          {{8, 3, 1}, "66.7", "8.3", "轻度污染"},
                          {{5, 2, 5}, "41.7", "41.7", "重度污染"},
                          {{9, 1, 0}, "90.0", "0.0", "优"},
                          {{3, 1, 1}, "60.0", "20.0", "中度污染"}}) {
        EXPECT_EQ(e.counts.good_share().to_string(), e.good);
        EXPECT_EQ(e.counts.bad_share().to_string(), e.bad);
        EXPECT_EQ(water_grade_label(basin_grade(e.counts, evaluation())), e.grade);
    }
    EXPECT_EQ(basin_grade({899, 101, 0}, evaluation()), 2);  // 89.9
    EXPECT_EQ(basin_grade({8999, 1001, 0}, evaluation()), 2);  // 89.99 shows as 90.0 and still is no 优
    EXPECT_EQ(basin_grade({}, evaluation()), 0);
}

TEST(Basin, AveragesFewerThanFiveSections)
{
    std::vector<Record> const four(4, record({{"codmn", "7"}, {"ammonia_nitrogen", "0.4"}}));
    auto const few = judge_basin(four, gb3838(), evaluation(), book());
    ASSERT_TRUE(few.mean.has_value());
    EXPECT_EQ(few.mean->water_class, 4);
    EXPECT_EQ(few.grade, 3);
    ASSERT_EQ(few.main_pollutants.size(), 1U);
    EXPECT_EQ(few.main_pollutants[0].multiple, d("0.2"));
}

TEST(Basin, NamesThePollutantsOfMostSections)
{
    std::vector<Record> six{record({{"codmn", "7"}, {"cod", "22"}}),
                            record({{"codmn", "7"}}),
                            record({{"codmn", "16"}, {"ammonia_nitrogen", "1.2"}}),
                            record({{"codmn", "3"}, {"cod", "21"}}),
                            record({{"codmn", "3"}, {"bod5", "5"}}),
                            record({{"codmn", "3"}}),
                            record({{"conductivity", "800"}})};
    auto const many = judge_basin(six, gb3838(), evaluation(), book());
    EXPECT_FALSE(many.mean.has_value());
    EXPECT_EQ(many.counts.total(), 6);  // the last section has nothing to grade
    EXPECT_EQ(many.counts.good, 1);
    EXPECT_EQ(many.counts.bad, 1);
    EXPECT_EQ(many.grade, 3);
    ASSERT_EQ(many.main_pollutants.size(), 3U);
    EXPECT_EQ(name(many.main_pollutants[0].parameter), "codmn");
    EXPECT_EQ(many.main_pollutants[0].exceed_rate->to_string(), "50.0");
    EXPECT_EQ(name(many.main_pollutants[1].parameter), "cod");
}

TEST(Change, OfShares)
{
    EXPECT_EQ(change_label(change_of_shares(d("66.7"), d("16.7"), d("75.0"), d("8.3"), evaluation())), "有所好转");
    EXPECT_EQ(change_label(change_of_shares(d("80"), d("4"), d("62"), d("9"), evaluation())), "明显变差");
    EXPECT_EQ(change_of_shares(d("80"), d("0"), d("90"), d("0"), evaluation()), 0);
    EXPECT_EQ(change_of_shares(d("80"), d("0"), d("90.1"), d("0"), evaluation()), 1);
    EXPECT_EQ(change_of_shares(d("80"), d("0"), d("60"), d("0"), evaluation()), -1);
}

TEST(Change, OfGradesAndTheLargerOfBoth)
{
    EXPECT_EQ(change_label(change_of_grade(water_grade(2), water_grade(1))), "无明显变化");  // both 优
    EXPECT_EQ(change_label(change_of_grade(water_grade(4), water_grade(3))), "有所好转");
    EXPECT_EQ(change_label(change_of_grade(water_grade(3), water_grade(5))), "明显变差");
    EXPECT_EQ(change_of_grade(5, 1), 2);
    EXPECT_EQ(larger_change(1, 2), 2);
    EXPECT_EQ(larger_change(-2, 1), -2);
    EXPECT_EQ(larger_change(-1, 1), 1);
}

TEST(Trend, FollowsSpearman)
{
    auto const falling = trend_of(numbers({"1.42", "1.18", "1.25", "0.96", "0.88", "0.71"}), evaluation()).value();
    EXPECT_EQ(falling.rs.to_string(), "-0.943");
    EXPECT_EQ(falling.critical, d("0.829"));
    EXPECT_EQ(falling.direction, -1);
    auto const stable = trend_of(numbers({"6.1", "5.8", "6.4", "5.9", "6.0", "6.3"}), evaluation()).value();
    EXPECT_EQ(stable.rs.to_string(), "0.200");
    EXPECT_EQ(stable.direction, 0);
    auto const five = trend_of(numbers({"0.31", "0.28", "0.22", "0.19", "0.15"}), evaluation()).value();
    EXPECT_EQ(five.rs, d("-1"));
    EXPECT_EQ(five.critical, d("0.9"));
    EXPECT_EQ(five.direction, -1);
    EXPECT_EQ(trend_of(numbers({"1", "2", "3", "5", "4"}), evaluation())->direction, 0);  // rs = 0.9 is not above 0.900
    EXPECT_EQ(trend_of(numbers({"1", "2", "3", "4"}), evaluation()), std::nullopt);
    EXPECT_EQ(trend_of(numbers({"1", "1", "1", "1", "1"}), evaluation())->direction, 0);
    EXPECT_EQ(trend_of(std::vector<Decimal>(11, d("1")), evaluation())->critical, d("0.564"));  // that of 10
}

TEST(TrophicState, OfTheTwoLakesOfTheReference)
{
    auto const rich = trophic_state(record({{"chlorophyll_a", "18.4"},
                                            {"total_phosphorus", "0.062"},
                                            {"total_nitrogen", "1.45"},
                                            {"transparency", "0.62"},
                                            {"codmn", "5.1"}}),
                                    evaluation())
                          .value();
    std::vector<std::string> parts;
    for (auto const& [parameter, part] : rich.parts)
        parts.push_back(part.to_string());
    EXPECT_EQ(parts, (std::vector<std::string>{"56.63", "49.20", "60.82", "60.45", "44.44"}));
    EXPECT_EQ(rich.tli.to_string(), "54.45");
    EXPECT_EQ(trophic_label(rich.grade), "轻度富营养");
    auto const poor = trophic_state(record({{"chlorophyll_a", "3.2"},
                                            {"total_phosphorus", "0.018"},
                                            {"total_nitrogen", "0.55"},
                                            {"transparency", "2.4"},
                                            {"codmn", "2.1"}}),
                                    evaluation())
                          .value();
    parts.clear();
    for (auto const& [parameter, part] : poor.parts)
        parts.push_back(part.to_string());
    EXPECT_EQ(parts, (std::vector<std::string>{"37.63", "29.12", "44.40", "34.20", "20.83"}));
    EXPECT_EQ(poor.tli.to_string(), "33.53");
    EXPECT_EQ(trophic_label(poor.grade), "中营养");
    EXPECT_FALSE(trophic_state(record({{"chlorophyll_a", "18.4"}, {"total_phosphorus", "0.062"}}), evaluation()).has_value());
    EXPECT_FALSE(trophic_state(record({{"chlorophyll_a", "0"},
                                       {"total_phosphorus", "0.062"},
                                       {"total_nitrogen", "1.45"},
                                       {"transparency", "0.62"},
                                       {"codmn", "5.1"}}),
                               evaluation())
                     .has_value());
}

TEST(CityWaterIndex, OfFiveItems)
{
    auto const now = city_water_index(
        record({{"ph", "8.1"}, {"dissolved_oxygen", "7.8"}, {"codmn", "4.2"}, {"ammonia_nitrogen", "0.56"}, {"total_phosphorus", "0.13"}}),
        false, gb3838(), evaluation());
    std::vector<std::string> parts;
    for (auto const& [parameter, part] : now.parts)
        parts.push_back(part.normalized().to_string());
    EXPECT_EQ(parts, (std::vector<std::string>{"0.55", "0.641", "0.7", "0.56", "0.65"}));
    EXPECT_EQ(now.total, d("3.101"));
    EXPECT_EQ(now.missing.size(), 16U);
    auto const base = city_water_index(
        record({{"ph", "8.0"}, {"dissolved_oxygen", "7.2"}, {"codmn", "4.9"}, {"ammonia_nitrogen", "0.83"}, {"total_phosphorus", "0.17"}}),
        false, gb3838(), evaluation());
    EXPECT_EQ(base.total, d("3.6911"));
    EXPECT_EQ(relative_change(now.total, base.total).to_string(), "-15.99");
    EXPECT_EQ(city_water_index(record({{"ph", "6.4"}}), false, gb3838(), evaluation()).total, d("0.6"));
    EXPECT_EQ(city_water_index(record({{"total_phosphorus", "0.05"}}), true, gb3838(), evaluation()).total, d("1"));
}

TEST(Water, DrinkingItemsOxygenSaturationAndWarming)
{
    auto const drinking = judge_drinking_water(record({{"sulfate", "250"}, {"nitrate", "10.1"}, {"codmn", "3"}}), gb3838());
    ASSERT_EQ(drinking.size(), 2U);
    EXPECT_TRUE(drinking[0].met);
    EXPECT_FALSE(drinking[1].met);
    EXPECT_EQ(drinking[1].item->clause_zh, "表2 第3项");
    EXPECT_EQ(dissolved_oxygen_saturation(d("20"))->to_string(), "9.07");
    EXPECT_EQ(dissolved_oxygen_saturation(d("-1")), std::nullopt);
    auto const& temperature = *gb3838().find(id("water_temperature"));
    EXPECT_EQ(temperature_change_is_permitted(temperature, d("18.0"), d("19.0")), true);
    EXPECT_EQ(temperature_change_is_permitted(temperature, d("18.0"), d("19.1")), false);
    EXPECT_EQ(temperature_change_is_permitted(temperature, d("18.0"), d("16.0")), true);
    EXPECT_EQ(temperature_change_is_permitted(temperature, d("18.0"), d("15.9")), false);
    EXPECT_EQ(temperature_change_is_permitted(*gb3838().find(id("ph")), d("7"), d("8")), std::nullopt);
}

AirStatistics const& hj663() { return *book().air_statistics(day("2026-02-28")); }

TEST(AirStatistics_, PercentilesOfTheReference)
{
    auto const values = numbers({"31", "12", "55", "44", "90", "61", "27", "73", "18", "40"});
    EXPECT_EQ(percentile(values, d("0.95")), d("82.35"));
    EXPECT_EQ(percentile(values, d("0.9")), d("74.7"));
    EXPECT_EQ(percentile(values, d("0")), d("12"));
    EXPECT_EQ(percentile(values, d("1")), d("90"));
    EXPECT_EQ(percentile({}, d("0.9")), std::nullopt);
    // Where k lies: over 1, 2, …, n the percentile is k itself.
    auto const place = [](int n, std::string_view p) {
        std::vector<Decimal> ascending;
        for (int i = 1; i <= n; ++i)
            ascending.emplace_back(i, 0);
        return percentile(ascending, d(p)).value().to_string();
    };
    EXPECT_EQ(place(365, "0.98"), "357.72");
    EXPECT_EQ(place(365, "0.95"), "346.8");
    EXPECT_EQ(place(365, "0.90"), "328.6");
    EXPECT_EQ(place(353, "0.98"), "345.96");
    EXPECT_EQ(place(353, "0.95"), "335.4");
    EXPECT_EQ(place(353, "0.90"), "317.8");
}

TEST(AirStatistics_, CompositeIndexUnderBothLimits)
{
    std::vector<std::pair<ParameterId, Decimal>> const values{{id("so2"), d("10")},  {id("no2"), d("28")}, {id("pm10"), d("82")},
                                                              {id("pm25"), d("44")}, {id("co"), d("1.4")}, {id("o3_8h"), d("178")}};
    auto const before = composite_index(values, hj663());
    std::vector<std::string> parts;
    for (auto const& [parameter, part] : before.parts)
        parts.push_back(name(parameter) + " " + part.normalized().to_string());
    std::ranges::sort(parts);
    EXPECT_EQ(parts, (std::vector<std::string>{"co 0.35", "no2 0.7", "o3_8h 1.1125", "pm10 1.1714", "pm25 1.2571", "so2 0.1667"}));
    EXPECT_EQ(before.total.to_string(), "4.76");
    EXPECT_EQ(name(before.largest), "pm25");
    EXPECT_EQ(composite_index(values, *book().air_statistics(day("2026-03-01"))).total.to_string(), "5.16");
    EXPECT_EQ(composite_index({}, hj663()).missing.size(), 6U);
}

TEST(AirStatistics_, DaysAndEightHoursNeedTheirHours)
{
    std::vector<std::optional<Decimal>> hours(24, d("30"));
    EXPECT_EQ(daily_mean(hours, hj663(), 0), d("30"));
    for (int i = 0; i < 4; ++i)
        hours[static_cast<std::size_t>(i)].reset();
    EXPECT_EQ(daily_mean(hours, hj663(), 0), d("30"));  // 20 are left
    hours[4].reset();
    EXPECT_EQ(daily_mean(hours, hj663(), 0), std::nullopt);
    std::vector<std::optional<Decimal>> const eight{d("10"), d("20"), {}, d("30"), d("40"), {}, d("50"), d("61")};
    EXPECT_EQ(eight_hour_mean(eight, hj663(), 0), d("35"));
    EXPECT_EQ(eight_hour_mean(std::span{eight}.first(7), hj663(), 0), std::nullopt);
}

TEST(AirStatistics_, HighestEightHoursNeedFourteenMeansUnlessTheLimitIsExceeded)
{
    std::vector<std::optional<Decimal>> hours(24);
    for (std::size_t h = 0; h < 24; ++h)
        hours[h] = Decimal{static_cast<std::int64_t>(h < 10 ? 40 : 120), 0};
    EXPECT_EQ(daily_highest_8h(hours, hj663(), d("160"), 0), d("120"));  // 17 means
    for (std::size_t h = 0; h < 6; ++h)
        hours[h].reset();
    EXPECT_EQ(daily_highest_8h(hours, hj663(), d("160"), 0), std::nullopt);  // hours 7 to 24: means end at 12 to 24, 13 of them
    EXPECT_EQ(daily_highest_8h(hours, hj663(), d("119"), 0), d("120"));
    EXPECT_EQ(daily_highest_8h({}, hj663(), d("160"), 0), std::nullopt);
}

TEST(AirStatistics_, MonthsYearsCitiesAndGoodDays)
{
    EXPECT_TRUE(month_is_valid(27, std::chrono::May, hj663()));
    EXPECT_FALSE(month_is_valid(26, std::chrono::May, hj663()));
    EXPECT_TRUE(month_is_valid(25, std::chrono::February, hj663()));
    std::array<int, 12> months{27, 25, 27, 27, 27, 27, 27, 27, 27, 27, 27, 27};
    EXPECT_FALSE(year_is_valid(months, hj663()));  // 322
    months[0] += 2;
    EXPECT_TRUE(year_is_valid(months, hj663()));
    months[1] = 24;
    months[2] = 31;
    EXPECT_FALSE(year_is_valid(months, hj663()));
    EXPECT_EQ(city_mean(std::vector<std::optional<Decimal>>{d("40"), d("50"), d("61"), {}}, hj663(), 0), d("50"));
    EXPECT_EQ(city_mean(std::vector<std::optional<Decimal>>{d("40"), d("50"), {}, {}}, hj663(), 0), std::nullopt);
    auto const days = good_days(std::vector<std::optional<int>>{100, 101, 42, std::nullopt});
    EXPECT_EQ(days.good, 2);
    EXPECT_EQ(days.valid, 3);
    EXPECT_EQ(days.percent.to_string(), "66.7");
}

TEST(AirStatistics_, LimitsFollowTheEdition)
{
    auto const& before = *book().air_limits(day("2026-02-28"));
    auto const& now = *book().air_limits(day("2026-03-01"));
    auto const& later = *book().air_limits(day("2031-01-01"));
    EXPECT_EQ(before.find(id("pm25"), Averaging::day)->class2, d("75"));
    EXPECT_EQ(now.find(id("pm25"), Averaging::day)->class2, d("60"));
    EXPECT_EQ(later.find(id("pm25"), Averaging::day)->class2, d("50"));
    // The four values that change on 2026-03-01, and no other.
    int changed = 0;
    ASSERT_EQ(before.limits.size(), now.limits.size());
    for (auto const& limit : before.limits) {
        auto const* next = now.find(limit.parameter, limit.averaging);
        ASSERT_NE(next, nullptr);
        EXPECT_EQ(limit.class1, next->class1);
        changed += limit.class2 != next->class2;
    }
    EXPECT_EQ(changed, 4);
    EXPECT_TRUE(check_limit(d("75"), d("75")).met);
    EXPECT_EQ(check_limit(d("90"), d("75")).multiple, d("0.2"));
}

TEST(AirStatistics_, APollutantMeetsItsLimitsByMeanAndPercentile)
{
    auto const& limits = *book().air_limits(day("2020-01-01"));
    std::vector<Decimal> daily(300, d("30"));
    daily.insert(daily.end(), 24, d("80"));
    auto const pm25 = evaluate_pollutant(*std::ranges::find(hj663().items, id("pm25"), &AirStatistics::Item::parameter), daily, limits, 0);
    EXPECT_EQ(pm25.days, 324U);
    EXPECT_EQ(pm25.mean, d("34"));
    EXPECT_TRUE(pm25.mean_check.met);
    EXPECT_EQ(pm25.percentile, d("80"));
    EXPECT_FALSE(pm25.percentile_check.met);
    EXPECT_EQ(pm25.percentile_check.multiple, d("0.07"));
    EXPECT_FALSE(pm25.met);
    auto const ozone = evaluate_pollutant(*std::ranges::find(hj663().items, id("o3_8h"), &AirStatistics::Item::parameter),
                                          numbers({"100", "160"}), limits, 0);
    EXPECT_EQ(ozone.mean, std::nullopt);
    EXPECT_TRUE(ozone.met);
}

}  // namespace
}  // namespace yihong
