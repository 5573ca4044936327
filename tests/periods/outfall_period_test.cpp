#include "yihong/periods/outfall_period.hpp"

#include "yihong/evaluate/exact.hpp"

#include "testing.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

/// A value of COD and its flow in m3/h; empty: none. `M` is a value under maintenance.
struct Pair {
    std::string cod, flow;
};

Record hour(UtcTime time, Pair const& pair)
{
    Record made;
    made.interval = IntervalKind::hour;
    made.time = time;
    if (!pair.cod.empty()) {
        auto& reading = made.readings.emplace_back();
        reading.parameter = id("cod");
        reading.value = pair.cod == "M" ? d("45") : d(pair.cod);
        reading.flag = pair.cod == "M" ? Flag{'M'} : Flag{};
    }
    if (!pair.flow.empty()) {
        auto& reading = made.readings.emplace_back();
        reading.parameter = id("effluent_flow");
        reading.value = exact::quotient(d(pair.flow), d("3.6"), 9);
    }
    return made;
}

class OutfallTest : public ::testing::Test {
protected:
    OutfallPeriod day_of(std::vector<Pair> const& pairs, std::vector<Stretch> stops = {})
    {
        auto const when = period("2025-11-06");
        OutfallSums sums{
            when, when.end, {.cycle_hours = static_cast<int>(24 / pairs.size())}, limits, owed, std::move(stops), book().parameters()};
        auto time = when.begin;
        for (auto const& pair : pairs) {
            sums.add(hour(time, pair));
            time += 24h / pairs.size();
        }
        return sums.finish();
    }

    std::vector<ParameterId> owed{id("cod")};
    std::vector<OutfallLimit> limits{{id("cod"), {"cod", {}, d("40")}, "许可证"}};
};

/// P02: without flow a value is not due; under maintenance, or with its flow missing, it is due and not valid.
TEST_F(OutfallTest, MakesNoMeanOfLessThanThreeQuartersOfADay_P02)
{
    auto const made = day_of({{"38", "410"},
                              {"41", "402"},
                              {"12", "0"},
                              {"11", "0"},
                              {"44", "515"},
                              {"52", "498"},
                              {"47", ""},
                              {"49", "472"},
                              {"M", "455"},
                              {"46", ""},
                              {"43", "440"},
                              {"40", "431"}});
    ASSERT_EQ(made.items.size(), 1U);
    auto const& day = made.items[0].days.at(0);
    EXPECT_EQ(day.counts.due, 10);
    EXPECT_EQ(day.counts.valid, 7);
    EXPECT_EQ(day.counts.both()->to_string(), "70.00");
    EXPECT_EQ(day.mean->rounded(3).to_string(), "44.162");
    EXPECT_FALSE(day.shown.has_value());
    EXPECT_FALSE(day.load_t.has_value());
    EXPECT_EQ(day.verdict, DayVerdict::none);
    EXPECT_EQ(made.items[0].valid_days, 0);
    EXPECT_EQ(made.hours_without_flow, 4);
}

/// P03: weighted by the flow; the two values without flow would hide that the day is over its limit.
TEST_F(OutfallTest, WeighsTheDayByItsFlow_P03)
{
    auto const made = day_of({{"38", "410"},
                              {"41", "402"},
                              {"12", "0"},
                              {"11", "0"},
                              {"44", "515"},
                              {"52", "498"},
                              {"47", "486"},
                              {"49", "472"},
                              {"45", "455"},
                              {"46", "448"},
                              {"43", "440"},
                              {"40", "431"}});
    auto const& item = made.items.at(0);
    auto const& day = item.days.at(0);
    EXPECT_EQ(day.counts.due, 10);
    EXPECT_EQ(day.counts.valid, 10);
    EXPECT_EQ(day.mean->rounded(3).to_string(), "44.729");
    EXPECT_EQ(day.verdict, DayVerdict::exceeded);
    EXPECT_EQ(day.multiple->to_string(), "0.12");
    EXPECT_EQ(day.load_t->rounded(4).to_string(), "0.4077");
    EXPECT_EQ(made.volume_m3->to_string(), "9114");
    EXPECT_EQ(item.exceeded_days, 1);
    EXPECT_EQ(item.met_share()->to_string(), "0.0");
    EXPECT_EQ(item.load_t->rounded(4).to_string(), "0.4077");
}

TEST_F(OutfallTest, TakesThePlainMeanWhereNoFlowIsMeasured)
{
    auto const made = day_of({{"38", ""}, {"42", ""}, {"40", ""}, {"", ""}});
    EXPECT_FALSE(made.by_flow);
    auto const& day = made.items.at(0).days.at(0);
    EXPECT_EQ(day.shown->to_string(), "40.0");
    EXPECT_EQ(day.verdict, DayVerdict::met);
    EXPECT_FALSE(day.load_t.has_value());
    EXPECT_FALSE(made.volume_m3.has_value());
}

/// P01: a stop of 36 h that was reported leaves what is due; received and valid counts as the example gives them.
TEST_F(OutfallTest, LeavesReportedStopsOutOfWhatIsDue_P01)
{
    auto const month = period("2025-11");
    struct Came {
        std::string_view parameter;
        int received, invalid;
    };
    constexpr std::array came{Came{"cod", 668, 9}, Came{"ammonia_nitrogen", 660, 14}, Came{"total_phosphorus", 655, 31},
                              Came{"total_nitrogen", 668, 9}};
    auto const rates = [&](std::vector<Stretch> stops) {
        auto const until_stop = month.begin + 36h;
        OutfallSums sums{month, month.end, {}, {}, {}, std::move(stops), book().parameters()};
        for (auto const& one : came)
            for (int i = 0; i < one.received; ++i) {
                auto made = record({{one.parameter, "3"}}, IntervalKind::hour);
                made.time = until_stop + std::chrono::hours{i};
                made.readings[0].flag = i < one.invalid ? Flag{'D'} : Flag{};
                sums.add(made);
            }
        return sums.finish();
    };
    auto const made = rates({{month.begin, month.begin + 36h}});
    EXPECT_EQ(made.counts.due, 2736);
    EXPECT_EQ(made.counts.received, 2651);
    EXPECT_EQ(made.counts.valid, 2588);
    EXPECT_EQ(made.counts.transmission()->to_string(), "96.89");
    EXPECT_EQ(made.counts.validity()->to_string(), "97.62");
    EXPECT_EQ(made.counts.both()->to_string(), "94.59");
    EXPECT_EQ(made.hours_stopped, 36);
    EXPECT_EQ(rates({}).counts.transmission()->to_string(), "92.05");
}

/// P04
TEST(Outfall, CountsWhatLiesBelowTheAnalyserAsTheStandardSays_P04)
{
    auto const counted = [](std::string_view parameter, std::string_view value) {
        return value_of_outfall(record({{parameter, value}}).readings[0], book().parameters()).to_string();
    };
    EXPECT_EQ(counted("cod", "-1.2"), "2");
    EXPECT_EQ(counted("cod", "0"), "2");
    EXPECT_EQ(counted("cod", "6.1"), "6.1");
    EXPECT_EQ(counted("ammonia_nitrogen", "0"), "0.01");
    EXPECT_EQ(counted("ammonia_nitrogen", "0.004"), "0.01");
    EXPECT_EQ(counted("ammonia_nitrogen", "0.31"), "0.31");
    EXPECT_EQ(counted("total_phosphorus", "0"), "0.005");
    EXPECT_EQ(counted("total_nitrogen", "0"), "0.025");
}

/// P05: the limit in brackets holds at 12 degC and below.
TEST(Outfall, HoldsColdWaterAgainstTheLimitInBrackets_P05)
{
    DischargeLimit const grade_1a{"ammonia_nitrogen", {}, d("5"), d("8")};
    for (auto const& [temperature, limit, verdict] : {std::tuple{"11.8", "8", DayVerdict::met}, std::tuple{"12.0", "8", DayVerdict::met},
                                                      std::tuple{"12.1", "5", DayVerdict::exceeded}}) {
        OutfallDay day;
        day.shown = d("6.2");
        hold_against(day, grade_1a, d(temperature));
        EXPECT_EQ(day.limit->to_string(), limit) << temperature;
        EXPECT_EQ(day.verdict, verdict) << temperature;
    }
    OutfallDay unknown;
    unknown.shown = d("6.2");
    hold_against(unknown, grade_1a, {});
    EXPECT_EQ(unknown.verdict, DayVerdict::exceeded);     // nothing says that it was cold
}

TEST(Outfall, HoldsARangeAtBothEnds)
{
    DischargeLimit const ph{"ph", d("6"), d("9")};
    for (auto const& [value, limit] : {std::pair{"5.9", "6"}, std::pair{"9.1", "9"}}) {
        OutfallDay day;
        day.shown = d(value);
        hold_against(day, ph, {});
        EXPECT_EQ(day.verdict, DayVerdict::exceeded);
        EXPECT_EQ(day.limit->to_string(), limit);
        EXPECT_FALSE(day.multiple.has_value());
    }
}

TEST_F(OutfallTest, OwesWhatItMeasuresByItselfAndNoMore)
{
    limits.push_back({id("bod5"), {"bod5", {}, d("10")}, "许可证"});
    limits.push_back({id("faecal_coliform"), {"faecal_coliform", {}, d("1000")}, "许可证"});
    auto const items = [&](OutfallPeriod const& made) {
        std::vector<std::string> all;
        for (auto const& item : made.items)
            all.push_back(name(item.parameter) + " " + std::to_string(item.counts.due));
        return all;
    };
    EXPECT_EQ(items(day_of({{"", ""}, {"", ""}, {"", ""}, {"", ""}})), (std::vector<std::string>{"cod 4"}))
        << "a silent station owes it all the same";
    auto const when = period("2025-11-06");
    OutfallSums sums{when, when.end, {}, limits, owed, {}, book().parameters()};
    auto came = record({{"faecal_coliform", "20"}, {"water_temperature", "14"}}, IntervalKind::hour);
    sums.add(came);
    EXPECT_EQ(items(sums.finish()), (std::vector<std::string>{"cod 24", "faecal_coliform 24"}));
}

TEST_F(OutfallTest, ShowsAndJudgesPhWithTwoDecimals)
{
    auto const when = period("2025-11-06");
    std::vector<OutfallLimit> const range{{id("ph"), {"ph", d("6"), d("9")}, "许可证"}};
    OutfallSums sums{when, when.end, {}, range, {}, {}, book().parameters()};
    for (int hour = 0; hour < 24; ++hour) {
        auto came = record({{"ph", "9.31"}}, IntervalKind::hour);
        came.time = when.begin + std::chrono::hours{hour};
        sums.add(came);
    }
    auto const made = sums.finish();
    EXPECT_EQ(made.items.at(0).days.at(0).shown->to_string(), "9.31");
    EXPECT_EQ(made.items[0].exceeded_days, 1);
    EXPECT_EQ(made.items[0].mean->to_string(), "9.31");
}

TEST_F(OutfallTest, CountsWhatIsDueUpToTheMomentAsked)
{
    auto const when = period("2025-11-06");
    OutfallSums sums{when, when.begin + 90min, {}, limits, owed, {}, book().parameters()};
    sums.add(hour(when.begin, {"38", "410"}));
    sums.add(hour(when.begin + 3h, {"38", "410"}));
    auto const made = sums.finish();
    EXPECT_EQ(made.counts.due, 1);                        // the hour that is over
    EXPECT_EQ(made.counts.received, 1);
}

}  // namespace
}  // namespace yihong
