// The worked examples of the reference for shares, changes and ranks: W07 to W12, W14 to W20, R01, A08.
#include "yihong/periods/changes.hpp"

#include "testing.hpp"

#include <array>

namespace yihong {
namespace {

using namespace testing;

std::string text_of(std::optional<Decimal> const& value) { return value ? value->to_string() : "--"; }

std::vector<SectionOutcome> classes(std::initializer_list<int> of)
{
    std::vector<SectionOutcome> all;
    for (auto const one : of)
        all.push_back({all.size() + 1, one, std::nullopt, true});
    return all;
}

TEST(Counts, OfARiver_W07)
{
    auto const counts = count_sections(classes({2, 3, 3, 4, 2, 3, 6, 2, 3}));
    EXPECT_EQ(counts.by_class, (std::array<int, 7>{0, 0, 3, 4, 1, 0, 1}));
    EXPECT_EQ(text_of(counts.good_share()), "77.8");
    EXPECT_EQ(text_of(counts.bad_share()), "11.1");
    EXPECT_EQ(water_grade_label(basin_grade(counts.classes, evaluation())), "良好");
    EXPECT_EQ(text_of(counts.met_share()), "--");
}

TEST(Counts, OfFewSectionsAreThoseOfTheirMean_W08)
{
    std::vector<Record> const sections{
        record({{"ph", "8.1"}, {"dissolved_oxygen", "7.1"}, {"codmn", "4.2"}, {"ammonia_nitrogen", "0.42"}, {"total_phosphorus", "0.11"}}),
        record({{"ph", "7.9"}, {"dissolved_oxygen", "6.4"}, {"codmn", "5.3"}, {"ammonia_nitrogen", "0.88"}, {"total_phosphorus", "0.19"}}),
        record({{"ph", "7.4"}, {"dissolved_oxygen", "4.1"}, {"codmn", "8.8"}, {"ammonia_nitrogen", "2.31"}, {"total_phosphorus", "0.41"}})};
    auto const river = judge_basin(sections, gb3838(), evaluation(), book());
    EXPECT_EQ(river.mean->water_class, 4);
    EXPECT_EQ(water_grade_label(river.grade), "轻度污染");
    EXPECT_EQ(pollutants_text(river.mean->main_pollutants, book().parameters()), "氨氮(0.2)、总磷(0.2)、高锰酸盐指数(0.02)");
}

TEST(Counts, SharesAtTheBoundaryAreGradedExactly_W09)
{
    struct Example {
        int good, total;
        std::string_view shown, grade;
    };
    for (auto const& [good, total, shown, grade] : std::array<Example, 5>{{{269, 299, "90.0", "良好"},
                                                                           {27, 30, "90.0", "优"},
                                                                           {224, 299, "74.9", "轻度污染"},
                                                                           {3, 4, "75.0", "良好"},
                                                                           {20, 27, "74.1", "轻度污染"}}}) {
        EXPECT_EQ(text_of(share(good, total)), shown);
        EXPECT_EQ(water_grade_label(basin_grade({good, total - good, 0}, evaluation())), grade);
    }
    EXPECT_EQ(share(0, 0), std::nullopt);
}

TEST(Changes, AreTakenFromPrintedShares_W10_W19)
{
    EXPECT_EQ(change_in_points(*share(18, 22), *share(17, 21)).to_string(), "0.8");      // 0.9 of the exact ones
    struct Example {
        std::string_view now, before, change;
    };
    for (auto const& [now, before, change] : std::array<Example, 16>{{{"89.1", "88.2", "0.9"},
                                                                      {"0.6", "1.0", "-0.4"},
                                                                      {"90.3", "89.7", "0.6"},
                                                                      {"0.4", "0.8", "-0.4"},
                                                                      {"81.0", "78.1", "2.9"},
                                                                      {"4.6", "4.7", "-0.1"},
                                                                      {"89.9", "89.1", "0.8"},
                                                                      {"0.7", "0.6", "0.1"},
                                                                      {"91.5", "90.3", "1.2"},
                                                                      {"0.5", "0.4", "0.1"},
                                                                      {"82.1", "81.0", "1.1"},
                                                                      {"4.5", "4.6", "-0.1"},
                                                                      {"89.4", "87.9", "1.5"},
                                                                      {"81.1", "89.0", "-7.9"},
                                                                      {"80.4", "85.1", "-4.7"},
                                                                      {"89.8", "81.1", "8.7"}}})
        EXPECT_EQ(change_in_points(d(now), d(before)), d(change)) << now << " " << before;
    EXPECT_EQ(change_text(change_in_points(d("89.1"), d("88.2")), "个百分点"), "上升0.9个百分点");
    EXPECT_EQ(change_text(change_in_points(d("0.6"), d("1.0")), "个百分点"), "下降0.4个百分点");
    EXPECT_EQ(change_text(change_in_points(d("0.6"), d("0.60")), "个百分点"), "持平");
}

TEST(Changes, OfConcentrationsAreTakenFromPrintedFigures_A08)
{
    struct Example {
        std::string_view now, before, percent;
    };
    for (auto const& [now, before, percent] : std::array<Example, 8>{{{"139", "145", "-4.1"},
                                                                      {"8", "9", "-11.1"},
                                                                      {"42", "39", "7.7"},
                                                                      {"73", "63", "15.9"},
                                                                      {"128", "127", "0.8"},
                                                                      {"25", "24", "4.2"},
                                                                      {"1.1", "1.2", "-8.3"},
                                                                      {"138", "139", "-0.7"}}})
        EXPECT_EQ(text_of(change_in_percent(d(now), d(before))), percent) << now << " " << before;
    EXPECT_EQ(change_in_percent(d("1"), d("0")), std::nullopt);
}

TEST(Changes, InTheWordsOfTheRules_W11_W20)
{
    auto const section = [](int before, int now) { return change_label(change_of_grade(water_grade(before), water_grade(now))); };
    EXPECT_EQ(section(3, 4), "有所变差");
    EXPECT_EQ(section(2, 1), "无明显变化");
    EXPECT_EQ(section(6, 4), "明显好转");
    auto const shares = [](std::string_view good_before, std::string_view bad_before, std::string_view good_now, std::string_view bad_now) {
        return change_label(change_of_shares(d(good_before), d(bad_before), d(good_now), d(bad_now), evaluation()));
    };
    EXPECT_EQ(shares("66.7", "16.7", "75.0", "8.3"), "有所好转");
    EXPECT_EQ(shares("92.0", "0.0", "81.9", "0.0"), "有所变差");
    EXPECT_EQ(shares("53.0", "26.0", "53.5", "26.3"), "无明显变化");
    EXPECT_EQ(shares("47.2", "35.8", "53.8", "34.6"), "无明显变化");
    EXPECT_EQ(shares("59.6", "14.9", "53.2", "17.0"), "无明显变化");
    EXPECT_EQ(water_grade_label(basin_grade({53, 20, 26}, evaluation())), "中度污染");
}

TEST(Trend, OfEightYearsWithTies_W14)
{
    auto const trend = trend_of(numbers({"0.31", "0.27", "0.27", "0.22", "0.24", "0.19", "0.19", "0.16"}), evaluation());
    ASSERT_TRUE(trend.has_value());
    EXPECT_EQ(trend->rs.to_string(), "-0.940");                 // -0.9405
    EXPECT_EQ(trend->critical, d("0.643"));
    EXPECT_EQ(trend->direction, -1);
}

TEST(Counts, ReproducePublishedShares_W15)
{
    struct Example {
        int count, of;
        std::string_view shown;
    };
    for (auto const& [count, of, shown] : std::array<Example, 8>{{{53, 99, "53.5"},
                                                                  {26, 99, "26.3"},
                                                                  {83, 94, "88.3"},
                                                                  {147, 179, "82.1"},
                                                                  {4, 186, "2.2"},
                                                                  {34, 186, "18.3"},
                                                                  {8, 176, "4.5"},
                                                                  {9, 181, "5.0"}}})
        EXPECT_EQ(text_of(share(count, of)), shown);
}

TEST(Counts, TargetMetAndGoodClassAreDifferentCounts_W16)
{
    std::vector<SectionOutcome> const sections{{1, 2, 3, true}, {2, 3, 3, true}, {3, 3, 2, true}, {4, 5, 4, true},
                                               {5, 4, 5, true}, {6, 6, 3, true}, {7, 0, 2, true}};
    auto const counts = count_sections(sections);
    EXPECT_EQ(counts.met, (std::vector<std::size_t>{1, 2, 5}));
    EXPECT_EQ(counts.missed, (std::vector<std::size_t>{3, 4, 6}));
    EXPECT_EQ(counts.not_evaluated, (std::vector<std::size_t>{7}));
    EXPECT_EQ(text_of(counts.met_share()), "50.0");
    EXPECT_EQ(text_of(counts.good_share()), "50.0");
    auto incomplete = sections;
    incomplete[0].complete = false;                             // leaves the rate of targets, not the classes
    auto const fewer = count_sections(incomplete);
    EXPECT_EQ(fewer.undecided, (std::vector<std::size_t>{1}));
    EXPECT_EQ(text_of(fewer.met_share()), "40.0");
    EXPECT_EQ(text_of(fewer.good_share()), "50.0");
}

TEST(Counts, OfPollutantsByExceedRate_W17)
{
    // values in the class wanted
    std::vector<Record> const sections{record({{"ammonia_nitrogen", "1.4"}, {"total_phosphorus", "0.35"}}),
                                       record({{"ammonia_nitrogen", "0.9"}, {"total_phosphorus", "0.25"}, {"cod", "25"}}),
                                       record({{"cod", "35"}}),
                                       record({{"total_phosphorus", "0.25"}}),
                                       record({{"ammonia_nitrogen", "0.4"}, {"total_phosphorus", "0.15"}}),
                                       record({{"cod", "18"}, {"total_phosphorus", "0.25"}, {"dissolved_oxygen", "4"}})};
    auto const river = judge_basin(sections, gb3838(), evaluation(), book());
    ASSERT_EQ(river.main_pollutants.size(), 3U);
    EXPECT_EQ(name(river.main_pollutants[0].parameter), "total_phosphorus");
    EXPECT_EQ(text_of(river.main_pollutants[0].exceed_rate), "66.7");
    EXPECT_EQ(name(river.main_pollutants[1].parameter), "cod");
    EXPECT_EQ(text_of(river.main_pollutants[1].exceed_rate), "33.3");
    EXPECT_EQ(name(river.main_pollutants[2].parameter), "dissolved_oxygen");    // ties with ammonia nitrogen: the standard's order
    EXPECT_EQ(text_of(river.main_pollutants[2].exceed_rate), "16.7");
}

TEST(Counts, CompareTheSameSections_W18)
{
    auto const made = compare_sections(classes({2, 3, 3, 4, 3, 2}), classes({2, 4, 3, 4, 4}));
    EXPECT_EQ(text_of(count_sections(classes({2, 3, 3, 4, 3, 2})).good_share()), "83.3");
    EXPECT_EQ(made.now.classes.total(), 5);
    EXPECT_EQ(text_of(made.now.good_share()), "80.0");
    EXPECT_EQ(text_of(made.before.good_share()), "40.0");
    EXPECT_EQ(change_in_points(*made.now.good_share(), *made.before.good_share()).to_string(), "40.0");
    EXPECT_EQ(made.improved, (std::vector<std::size_t>{2, 5}));
    EXPECT_TRUE(made.worse.empty());
}

TEST(Ranks, EqualOnesShareThePlaceAndTheNextIsLeftOut_R01)
{
    EXPECT_EQ(ranks(numbers({"3.98", "4.12", "4.12", "4.41", "4.41", "5.02"})), (std::vector<int>{1, 2, 2, 4, 4, 6}));
    EXPECT_EQ(ranks(numbers({"3.98", "4.12", "4.12", "4.41", "4.41", "5.02"}), false), (std::vector<int>{6, 4, 4, 2, 2, 1}));
    EXPECT_EQ(ranks(numbers({"0.914", "0.300"}), false), (std::vector<int>{1, 2}));
    EXPECT_EQ(ranks(numbers({"3.98", "4.12", "4.12", "4.41"}), true, TieRule::go_on), (std::vector<int>{1, 2, 2, 3}));
    EXPECT_EQ(rule_text({}), "环办监测〔2017〕51号；由小到大，按显示的四位小数排名，相同者并列，其后名次空出；河流与湖库按断面数加权");
}

/// The sum; how rivers and lakes are weighted was not found in print.
TEST(Ranks, ByTheCityIndexOfThreeCounties_W12)
{
    auto const five_items = [](std::string_view ph, std::string_view oxygen, std::string_view codmn, std::string_view ammonia,
                               std::string_view phosphorus) {
        return record(
            {{"ph", ph}, {"dissolved_oxygen", oxygen}, {"codmn", codmn}, {"ammonia_nitrogen", ammonia}, {"total_phosphorus", phosphorus}});
    };
    auto const index = [](std::vector<Record> const& rivers, std::vector<Record> const& lakes) {
        return *place_index(rivers, lakes, gb3838(), evaluation(), book());
    };
    auto const a = index({five_items("8.1", "8.9", "3.6", "0.31", "0.082"), five_items("8.3", "9.4", "2.9", "0.22", "0.061")},
                         {five_items("8.6", "8.8", "4.4", "0.18", "0.046")});
    auto const b = index({five_items("7.8", "7.1", "5.6", "0.94", "0.171")}, {});
    auto const c = index({five_items("7.6", "5.2", "7.8", "1.62", "0.262"), five_items("7.9", "6.4", "6.1", "1.08", "0.194")}, {});
    EXPECT_EQ(a.rivers->total.to_string(), "2.3049");
    EXPECT_EQ(a.lakes->total.to_string(), "3.2015");
    EXPECT_EQ(a.total.to_string(), "2.6038");
    EXPECT_EQ(b.total.to_string(), "3.8326");
    EXPECT_EQ(c.total.to_string(), "4.8727");
    EXPECT_EQ(relative_change(a.total, d("2.9700")).to_string(), "-12.33");
    EXPECT_EQ(relative_change(c.total, d("5.9000")).to_string(), "-17.41");
    std::vector const changes{relative_change(a.total, d("2.9700")), relative_change(b.total, d("4.0010")),
                              relative_change(c.total, d("5.9000"))};
    EXPECT_EQ(ranks(changes), (std::vector{2, 3, 1}));
    EXPECT_EQ(relative_change(c.total, d("5.9000"), 1).to_string(), "-17.4");
    EXPECT_EQ(place_index({}, {}, gb3838(), evaluation(), book()), std::nullopt);
}

/// W13: 21 items of one section.
TEST(Ranks, TheCityIndexOf21Items_W13)
{
    auto const made = city_water_index(record({{"ph", "8.0"},
                                               {"dissolved_oxygen", "8.0"},
                                               {"codmn", "3.0"},
                                               {"cod", "12"},
                                               {"bod5", "2.0"},
                                               {"ammonia_nitrogen", "0.25"},
                                               {"total_phosphorus", "0.08"},
                                               {"copper", "0.002"},
                                               {"zinc", "0.01"},
                                               {"fluoride", "0.42"},
                                               {"selenium", "0.0002"},
                                               {"arsenic", "0.0012"},
                                               {"mercury", "0.00002"},
                                               {"cadmium", "0.00003"},
                                               {"hexavalent_chromium", "0.002"},
                                               {"lead", "0.0003"},
                                               {"cyanide", "0.0005"},
                                               {"volatile_phenol", "0.0003"},
                                               {"petroleum", "0.005"},
                                               {"anionic_surfactant", "0.02"},
                                               {"sulfide", "0.0025"}}),
                                       false, gb3838(), evaluation());
    EXPECT_EQ(made.total.to_string(), "4.3780");
    EXPECT_TRUE(made.missing.empty());
}

/// W06: concentrations are averaged over the points first.
TEST(Lakes, OfThreePoints_W06)
{
    std::vector<Record> const points{record({{"chlorophyll_a", "21.4"},
                                             {"total_phosphorus", "0.058"},
                                             {"total_nitrogen", "1.62"},
                                             {"transparency", "0.55"},
                                             {"codmn", "5.6"}}),
                                     record({{"chlorophyll_a", "16.1"},
                                             {"total_phosphorus", "0.071"},
                                             {"total_nitrogen", "1.38"},
                                             {"transparency", "0.70"},
                                             {"codmn", "4.9"}}),
                                     record({{"chlorophyll_a", "30.2"},
                                             {"total_phosphorus", "0.064"},
                                             {"total_nitrogen", "1.91"},
                                             {"transparency", "0.45"},
                                             {"codmn", "6.3"}})};
    auto const state = lake_state(points, evaluation(), book().parameters());
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->tli.rounded(1).to_string(), "56.3");
    EXPECT_EQ(trophic_label(state->grade), "轻度富营养");
    auto const judged = judge_period(points, true, gb3838(), book());
    EXPECT_EQ(judged.water_class, 4);
    EXPECT_EQ(pollutants_text(judged.main_pollutants, book().parameters()), "总磷(0.3)");
}

}  // namespace
}  // namespace yihong
