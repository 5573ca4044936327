// The worked examples of the reference for sections: W01, W02, W03, W04, W05.
#include "testing.hpp"

#include <fmt/format.h>

#include <array>

namespace yihong {
namespace {

using namespace testing;

constexpr auto over = "2026-06-01T00:00:00Z";  // every period of these tests is over by then

SectionPeriod evaluate(std::string_view code, std::vector<Record> const& records, SectionFacts const& facts, std::string_view now = over,
                       WaterValidity const& validity = {})
{
    SectionSums sums{period(code), validity, book().parameters()};
    for (auto const& one : records)
        sums.add(one);
    return evaluate_section(period(code), sums.finish(), facts, validity, book(), time(now));
}

/// A month of daily records of some items, from its first day on.
std::vector<Record> days_of(std::string_view month, std::vector<std::pair<std::string_view, std::vector<std::string_view>>> const& items)
{
    std::vector<Record> records;
    for (std::size_t i = 0; i < items.front().second.size(); ++i) {
        Record one;
        one.interval = IntervalKind::day;
        one.time = period(month).begin + std::chrono::days{i};
        for (auto const& [name, values] : items) {
            Reading reading;
            reading.parameter = id(name);
            reading.value = d(values.at(i));
            one.readings.push_back(reading);
        }
        std::ranges::sort(one.readings, {}, &Reading::parameter);
        records.push_back(std::move(one));
    }
    return records;
}

std::vector<std::string> names(std::vector<ParameterId> const& ids)
{
    std::vector<std::string> all;
    for (auto const one : ids)
        all.push_back(name(one));
    return all;
}

TEST(SectionPeriod, AveragesDaysRoundsOnceThenGrades_W01)
{
    auto const records = days_of("2025-10", {{"ph", {"7.12", "8.05", "8.31", "7.88", "8.4", "7.95"}},
                                             {"dissolved_oxygen", {"6.82", "5.91", "4.77", "5.2", "5.64", "6.03"}},
                                             {"codmn", {"4.8", "5.1", "6.6", "5.9", "6.3", "5.4"}},
                                             {"ammonia_nitrogen", {"0.62", "0.81", "1.34", "1.12", "0.97", "0.88"}},
                                             {"total_phosphorus", {"0.142", "0.166", "0.231", "0.208", "0.187", "0.172"}}});
    auto const made = evaluate("2025-10", records, {.target_class = 3, .owed = five(), .graded = {}}, over, {.percent_of_days = 10});
    auto const exact = [&](std::string_view item) { return made.find(id(item))->exact.rounded(4).to_string(); };
    auto const shown = [&](std::string_view item) { return made.find(id(item))->shown.to_string(); };
    EXPECT_EQ(exact("ph"), "7.7061");
    EXPECT_EQ(exact("dissolved_oxygen"), "5.7283");
    EXPECT_EQ(exact("codmn"), "5.6833");
    EXPECT_EQ(exact("ammonia_nitrogen"), "0.9567");
    EXPECT_EQ(exact("total_phosphorus"), "0.1843");
    EXPECT_EQ(shown("ph"), "8");
    EXPECT_EQ(shown("dissolved_oxygen"), "5.7");
    EXPECT_EQ(shown("ammonia_nitrogen"), "0.96");
    EXPECT_EQ(shown("total_phosphorus"), "0.184");
    EXPECT_EQ(made.judgement.water_class, 3);
    EXPECT_EQ(names(made.judgement.deciding),
              (std::vector<std::string>{"dissolved_oxygen", "codmn", "ammonia_nitrogen", "total_phosphorus"}));
    EXPECT_EQ(made.target, TargetVerdict::met);
    EXPECT_EQ(explain(made, book().parameters()),
              "2025年10月水质类别Ⅲ类，良好，由溶解氧（5.7）、高锰酸盐指数（5.7）、氨氮（0.96）、总磷（0.184）决定；目标Ⅲ类，达标。");
}

TEST(SectionPeriod, CountsHalfTheDetectionLimit_W02)
{
    std::vector<Record> samples;
    int day = 1;
    for (auto const text : {"<0.025", "<0.025", "0.031", "0.048", "<0.025", "0.12"}) {
        std::string_view const value{text};
        bool const below = value.starts_with('<');
        auto one = at("2025-10-0" + std::to_string(day++) + "T09:00", IntervalKind::sample, {{"ammonia_nitrogen", value.substr(below)}});
        if (below)
            one.readings[0].marks = Mark::below_detection;
        samples.push_back(one);
    }
    auto const made = evaluate("2025-10", samples, {});
    auto const& item = *made.find(id("ammonia_nitrogen"));
    EXPECT_EQ(item.exact.rounded(5).to_string(), "0.03942");
    EXPECT_EQ(item.shown.to_string(), "0.04");
    EXPECT_FALSE(item.below_detection);
    EXPECT_EQ(item.samples, 6);
    std::vector<Record> const below{samples[0], samples[1]};
    auto const none = evaluate("2025-10", below, {});
    EXPECT_TRUE(none.find(id("ammonia_nitrogen"))->below_detection);
    EXPECT_EQ(none.find(id("ammonia_nitrogen"))->exact.rounded(4).to_string(), "0.0125");
}

TEST(SectionPeriod, RoundsHalfToEvenBeforeItGrades_W03)
{
    struct Example {
        std::string_view item, mean, rounded;
        int water_class;
    };
    for (auto const& [item, mean, rounded, water_class] : std::array<Example, 16>{{
             {"total_phosphorus", "0.2005", "0.200", 3},
             {"total_phosphorus", "0.2015", "0.202", 4},
             {"total_phosphorus", "0.20050001", "0.201", 4},
             {"ammonia_nitrogen", "1.005", "1.00", 3},
             {"ammonia_nitrogen", "1.0051", "1.01", 4},
             {"codmn", "6.05", "6.0", 3},
             {"codmn", "6.15", "6.2", 4},
             {"dissolved_oxygen", "4.95", "5.0", 3},
             {"dissolved_oxygen", "4.949", "4.9", 4},
             {"dissolved_oxygen", "7.45", "7.4", 2},
             {"ph", "9.49", "9", 1},
             {"ph", "9.5", "10", 6},
             {"ph", "8.5", "8", 1},
             {"ph", "5.5", "6", 1},
             {"ph", "5.49", "5", 6},
             {"total_phosphorus", "0.0004", "0.0004", 1},
         }}) {
        auto const made = evaluate("2025-10", {at("2025-10-05T09:00", IntervalKind::sample, {{item, mean}})}, {});
        EXPECT_EQ(made.find(id(item))->shown.to_string(), rounded) << item << " " << mean;
        EXPECT_EQ(made.judgement.water_class, water_class) << item << " " << mean;
    }
}

std::vector<Record> station_and_sample()
{
    std::vector<Record> records;
    for (int day = 0; day < 31; ++day) {
        auto one = record({{"ph", "8.02"},
                           {"dissolved_oxygen", "7.34"},
                           {"codmn", "5.42"},
                           {"ammonia_nitrogen", "0.417"},
                           {"total_phosphorus", "0.1636"}},
                          IntervalKind::day);
        one.time = period("2025-10").begin + std::chrono::days{day};
        records.push_back(one);
        if (day == 5)
            records.push_back(at("2025-10-06T09:30", IntervalKind::sample,
                                 {{"ph", "7.9"},
                                  {"dissolved_oxygen", "8.6"},
                                  {"codmn", "4.9"},
                                  {"ammonia_nitrogen", "0.31"},
                                  {"total_phosphorus", "0.11"},
                                  {"cod", "23"},
                                  {"fluoride", "1.21"},
                                  {"bod5", "3.4"},
                                  {"arsenic", "0.0031"}}));
    }
    return records;
}

TEST(SectionPeriod, TakesFiveFromTheStationAndTheOthersFromTheSample_W04)
{
    auto graded = five();
    graded.push_back(id("cod"));
    graded.push_back(id("fluoride"));
    auto const made = evaluate("2025-10", station_and_sample(), {.target_class = 3, .owed = graded, .graded = graded});
    EXPECT_EQ(made.judgement.water_class, 4);
    EXPECT_EQ(names(made.judgement.deciding), (std::vector<std::string>{"cod", "fluoride"}));
    EXPECT_EQ(pollutants_text(made.judgement.main_pollutants, book().parameters()), "氟化物(0.2)、化学需氧量(0.2)");
    EXPECT_EQ(made.find(id("cod"))->shown.to_string(), "23.0");
    EXPECT_EQ(made.find(id("total_phosphorus"))->shown.to_string(), "0.164");
    for (auto const item : five())
        EXPECT_EQ(to_text(made.find(item)->source), "station");
    EXPECT_EQ(to_text(made.find(id("cod"))->source), "sample");
    EXPECT_FALSE(made.find(id("bod5"))->graded);       // analysed, shown, not in the X of this section
    EXPECT_EQ(made.find(id("bod5"))->shown.to_string(), "3.4");
    EXPECT_EQ(made.target, TargetVerdict::missed);

    auto records = station_and_sample();
    std::erase_if(records, [](Record const& one) { return one.interval == IntervalKind::sample; });
    auto const station_only = evaluate("2025-10", records, {.target_class = 3, .owed = graded, .graded = graded});
    EXPECT_EQ(station_only.judgement.water_class, 3);
    EXPECT_EQ(names(station_only.missing), (std::vector<std::string>{"cod", "fluoride"}));
    EXPECT_EQ(station_only.target, TargetVerdict::unknown);     // X of last month is not carried over
}

TEST(SectionPeriod, SaysWhyTheSampleIsUsedWhereTheStationsMonthDoesNotCount_W05)
{
    auto records = station_and_sample();
    int kept = 0;
    for (auto& one : records)
        if (one.interval == IntervalKind::day && ++kept > 6)
            std::erase_if(one.readings, [](Reading const& reading) { return reading.parameter == id("codmn"); });
    auto const made = evaluate("2025-10", records, {.target_class = 3, .owed = five(), .graded = five()});
    auto const& codmn = *made.find(id("codmn"));
    EXPECT_EQ(codmn.days, 6);
    EXPECT_EQ(codmn.days_due, 31);
    EXPECT_EQ(codmn.shown.to_string(), "4.9");
    EXPECT_EQ(codmn.source, ValueSource::sample);
    EXPECT_EQ(codmn.note, "自动监测有效6天（共31天），采用手工监测结果");
    EXPECT_EQ(made.target, TargetVerdict::met);

    std::erase_if(records, [](Record const& one) { return one.interval == IntervalKind::sample; });
    auto const without = evaluate("2025-10", records, {.target_class = 3, .owed = five(), .graded = five()});
    EXPECT_EQ(names(without.missing), (std::vector<std::string>{"codmn"}));
    EXPECT_EQ(without.target, TargetVerdict::unknown);
    EXPECT_EQ(without.find(id("codmn"))->note, "自动监测有效6天（共31天），未采用");
    EXPECT_EQ(
        explain(without, book().parameters()),
        "2025年10月水质类别Ⅲ类，良好，由总磷（0.164）决定；缺少高锰酸盐指数，类别按已有项目评价；目标Ⅲ类，无法判定；高锰酸盐指数：自动监"
        "测有效6天（共31天），未采用。");
}

TEST(SectionPeriod, NotesOfOneReasonStandTogether)
{
    auto records = days_of("2025-10", {{"codmn", {"4.8", "5.1"}}, {"ammonia_nitrogen", {"0.62", "0.81"}}});
    auto more = days_of("2025-10", {{"total_phosphorus", {"0.1"}}});
    more.front().time += std::chrono::days{5};
    records.push_back(more.front());
    auto const made = evaluate("2025-10", records, {.target_class = 3, .owed = five(), .graded = five()});
    EXPECT_EQ(notes_of(made, book().parameters()), (std::vector<std::string>{"高锰酸盐指数、氨氮：自动监测有效2天（共31天），未采用",
                                                                             "总磷：自动监测有效1天（共31天），未采用"}));
}

TEST(SectionPeriod, ADayCountsWithFourOfSixRounds)
{
    std::vector<Record> records;
    auto const round = [&](std::string_view day, int hour, std::string_view value) {
        auto one =
            at(std::string{day} + (hour < 10 ? "T0" : "T") + std::to_string(hour) + ":00", IntervalKind::four_hours, {{"codmn", value}});
        records.push_back(one);
    };
    for (int hour = 0; hour < 24; hour += 4)
        round("2025-10-01", hour, "4");
    for (int hour = 0; hour < 16; hour += 4)
        round("2025-10-02", hour, "6");
    for (int hour = 0; hour < 12; hour += 4)
        round("2025-10-03", hour, "100");
    auto const made = evaluate("2025-10-01/2025-10-03", records, {.target_class = {}, .owed = five(), .graded = {}});
    auto const& item = *made.find(id("codmn"));
    EXPECT_EQ(item.days, 2);
    EXPECT_EQ(item.days_due, 3);
    EXPECT_EQ(item.shown.to_string(), "5.0");
    records.back().status = StationStatus::maintenance;         // rounds of a station that is not normal do not count
    records[6].status = StationStatus::maintenance;
    EXPECT_EQ(evaluate("2025-10-01/2025-10-03", records, {}).find(id("codmn"))->days, 1);
    // what is due is counted from the calendar: of ten days, two are too few
    EXPECT_EQ(evaluate("2025-10-X1", records, {.target_class = {}, .owed = five(), .graded = {}}).missing.size(), 5U);
}

TEST(SectionPeriod, ADayTakesNothingFromTheDayBefore)
{
    auto records = days_of("2025-10", {{"ph", {"7.1", "7.2", "7.3"}}, {"codmn", {"5.0", "1.0", "3.0"}}});
    std::erase_if(records[1].readings, [](Reading const& one) { return one.parameter == id("codmn"); });
    auto later = days_of("2025-11", {{"ph", {"7.4"}}, {"ammonia_nitrogen", {"0.5"}}, {"codmn", {"0.5"}}});
    for (auto& reading : later.front().readings)
        if (reading.parameter == id("codmn"))
            reading.marks = Mark::below_detection;
    records.insert(records.end(), later.begin(), later.end());
    auto const pieces = evaluate("2025-10/2025-11", records, {}, over, {.percent_of_days = 1}).pieces;
    auto const piece = [&](std::size_t month, std::string_view item) -> ItemPiece const* {
        auto const at = std::ranges::find(pieces.at(month)->items, id(item), &ItemPiece::parameter);
        return at == pieces.at(month)->items.end() ? nullptr : &*at;
    };
    EXPECT_EQ(piece(0, "ph")->days, 3);
    EXPECT_EQ(piece(0, "codmn")->days, 2);
    EXPECT_EQ(piece(0, "codmn")->station->normalized().to_string(), "4");
    EXPECT_FALSE(piece(0, "codmn")->station_below);
    EXPECT_EQ(piece(0, "ammonia_nitrogen"), nullptr);
    EXPECT_EQ(piece(1, "ammonia_nitrogen")->days, 1);
    EXPECT_TRUE(piece(1, "codmn")->station_below);
}

TEST(SectionPeriod, HoursAndDailyRecordsFillDaysWithoutRounds)
{
    std::vector<Record> records;
    for (int hour = 0; hour < 16; ++hour) {
        auto one = record({{"codmn", "3"}}, IntervalKind::hour);
        one.time = period("2025-10-01").begin + std::chrono::hours{hour};
        records.push_back(one);
    }
    EXPECT_EQ(evaluate("2025-10-01", records, {.target_class = {}, .owed = five(), .graded = {}}).find(id("codmn"))->days, 1);
    records.pop_back();
    EXPECT_EQ(evaluate("2025-10-01", records, {.target_class = {}, .owed = five(), .graded = {}}).find(id("codmn"))->days, 0);
    auto daily = record({{"codmn", "5"}}, IntervalKind::day);
    daily.time = period("2025-10-01").begin;
    records.insert(records.begin(), daily);
    EXPECT_EQ(evaluate("2025-10-01", records, {.target_class = {}, .owed = five(), .graded = {}}).find(id("codmn"))->shown.to_string(),
              "5.0");
}

TEST(SectionPeriod, AYearIsTheMeanOfUnroundedMonths)
{
    std::vector<Record> records;
    for (auto const& [month, value] : {std::pair{"01", "0.2014"}, std::pair{"02", "0.2014"}, std::pair{"04", "0.1986"}})
        records.push_back(at(std::string{"2025-"} + month + "-05T09:00", IntervalKind::sample, {{"total_phosphorus", value}}));
    auto const made = evaluate("2025", records, {.target_class = 3, .owed = {id("total_phosphorus")}, .graded = {}});
    auto const& item = *made.find(id("total_phosphorus"));
    EXPECT_EQ(item.months, 3);
    EXPECT_EQ(item.months_due, 12);
    EXPECT_EQ(item.shown.to_string(), "0.200");                 // of 0.20047; the rounded months would give 0.2003
    auto const so_far = evaluate("2025", records, {}, "2025-04-10T00:00:00+08:00");
    EXPECT_TRUE(so_far.provisional);
    EXPECT_EQ(so_far.find(id("total_phosphorus"))->months_due, 4);
    EXPECT_EQ(so_far.find(id("total_phosphorus"))->days_due, 31 + 28 + 31 + 9);
}

TEST(SectionPeriod, AYearOfFewMonthsHasAClassAndNoVerdict)
{
    std::vector<Record> records;
    SectionFacts const facts{.target_class = 3, .owed = {id("total_phosphorus")}, .graded = {}};
    for (int month = 1; month <= 7; ++month)
        records.push_back(at(fmt::format("2025-{:02}-05T09:00", month), IntervalKind::sample, {{"total_phosphorus", "0.15"}}));
    auto const seven = evaluate("2025", records, facts);
    EXPECT_EQ(seven.judgement.water_class, 3);
    EXPECT_EQ(seven.target, TargetVerdict::unknown);
    EXPECT_EQ(seven.months.with_means, 7);
    EXPECT_EQ(seven.months.due, 12);
    EXPECT_TRUE(explain(seven, book().parameters()).contains("应有12个月，7个月有均值，不足8个月；目标Ⅲ类，无法判定"));
    EXPECT_EQ(evaluate("2025", records, facts, over, {.months_needed = 7}).target, TargetVerdict::met);
    EXPECT_EQ(evaluate("2025", records, facts, "2025-08-01T00:00:00+08:00").target, TargetVerdict::met) << "of those that have begun";
    EXPECT_EQ(evaluate("2025-07", records, facts).target, TargetVerdict::met) << "a month has none but itself";
    EXPECT_EQ(evaluate("2025-07", records, facts).months.needed, 0);
    EXPECT_EQ(evaluate("2025-Q3", records, facts).target, TargetVerdict::unknown) << "one of three";
    records.push_back(at("2025-08-05T09:00", IntervalKind::sample, {{"total_phosphorus", "0.15"}}));
    auto const eight = evaluate("2025", records, facts);
    EXPECT_EQ(eight.target, TargetVerdict::met);
    EXPECT_TRUE(explain(eight, book().parameters()).contains("应有12个月，8个月有均值；目标"));
}

TEST(SectionPeriod, ThirdsDoNotBreakATie)
{
    std::vector<Record> records;
    for (auto const& [month, values] :
         {std::pair{"01", std::array{"0.2013", "0.2013", "0.2014"}}, std::pair{"02", std::array{"0.2016", "0.2016", "0.2018"}}}) {
        int day = 3;
        for (auto const value : values)
            records.push_back(at(std::string{"2025-"} + month + "-0" + std::to_string(day++) + "T09:00", IntervalKind::sample,
                                 {{"total_phosphorus", value}}));
    }
    // 0.20133… and 0.20166…: 0.2015 exactly, which goes to the even 0.202
    EXPECT_EQ(evaluate("2025-01/2025-02", records, {}).find(id("total_phosphorus"))->shown.to_string(), "0.202");
}

TEST(SectionPeriod, WithoutDataNothingIsEvaluated)
{
    auto const made = evaluate("2025-10", {}, {.target_class = 3, .owed = five(), .graded = {}});
    EXPECT_EQ(made.judgement.water_class, 0);
    EXPECT_EQ(made.target, TargetVerdict::unknown);
    EXPECT_EQ(made.missing.size(), 5U);
    EXPECT_EQ(explain(made, book().parameters()), "2025年10月有效数据不足，不参评。");
}

}  // namespace
}  // namespace yihong
