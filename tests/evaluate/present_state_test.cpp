// The state of a site out of its records, item by item.
#include "testing.hpp"

#include "yihong/evaluate/present_state.hpp"

#include <random>

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using enum IntervalKind;

UtcTime const noon = *parse_rfc3339("2025-11-06T12:00:00+08:00");

Record taken(IntervalKind interval, UtcTime time, Values values, std::vector<std::string_view> flagged = {})
{
    auto made = record(values, interval);
    made.time = time;
    made.received_at = time + 1h;
    for (auto& reading : made.readings)
        if (std::ranges::find(flagged, name(reading.parameter)) != flagged.end())
            reading.flag = Flag{'D'};
    return made;
}

/// The five of the national network: worse than V by ammonia nitrogen.
Record four_hours_worse_than_v(UtcTime time = noon)
{
    return taken(four_hours, time,
                 {{"ph", "8.1"}, {"dissolved_oxygen", "6.4"}, {"codmn", "7.2"}, {"ammonia_nitrogen", "2.5"}, {"total_phosphorus", "0.14"}});
}

Site section()
{
    Site site;
    site.kind = SiteKind::water_section;
    site.target_class = 3;
    return site;
}

PresentState state_of(std::vector<Record> const& records, UtcTime at, Site const& site = section())
{
    NewestReadings readings;
    for (auto const& one : records)
        EXPECT_NE(readings.take(one), NewestReadings::Change::outdated);
    return present_state(readings, site, book(), at);
}

/// `ph 8.1 4h` of every item, `!` behind one that is not valid
std::string drawn(PresentState const& state)
{
    std::string text;
    for (auto const& item : state.items)
        text += name(item.reading.parameter) + " " + item.reading.value.to_string() + " " + std::string{to_text(item.interval)} +
                (is_valid(item.reading) ? "; " : "!; ");
    return text;
}

std::vector<std::string> names(std::vector<ParameterId> const& ids)
{
    std::vector<std::string> all;
    for (auto const one : ids)
        all.push_back(name(one));
    return all;
}

std::string words(PresentState const& state) { return water_class_text(state.water.water_class, state.missing, book().parameters()); }
std::optional<bool> meets(PresentState const& state, int target = 3)
{
    return meets_target(state.water.water_class, state.class_complete(), target);
}

TEST(PresentState, OfTwoGoodItemsIsABoundThatMeetsNoTarget)
{
    auto const state = state_of({taken(four_hours, noon, {{"ph", "7"}, {"dissolved_oxygen", "8.4"}})}, noon + 1h);

    EXPECT_EQ(state.water.water_class, 1);
    EXPECT_FALSE(state.class_complete());
    EXPECT_EQ(names(state.missing), (std::vector<std::string>{"codmn", "ammonia_nitrogen", "total_phosphorus"}));
    EXPECT_EQ(words(state), "不优于Ⅰ类（缺高锰酸盐指数、氨氮、总磷）");
    EXPECT_EQ(meets(state), std::nullopt);

    auto const bad = state_of({taken(four_hours, noon, {{"ph", "7"}, {"dissolved_oxygen", "4.4"}})}, noon + 1h);
    EXPECT_EQ(words(bad), "不优于Ⅳ类（缺高锰酸盐指数、氨氮、总磷）");
    EXPECT_EQ(meets(bad), false) << "the bound misses it already";
    EXPECT_EQ(meets(bad, 4), std::nullopt);

    auto const worst = state_of({taken(four_hours, noon, {{"ph", "9.4"}})}, noon + 1h);
    EXPECT_EQ(words(worst), "劣Ⅴ类") << "nothing is worse";
    EXPECT_FALSE(worst.class_complete());
}

TEST(PresentState, OfAllThatIsOwedIsComplete)
{
    auto const state = state_of({four_hours_worse_than_v()}, noon + 1h);
    EXPECT_EQ(state.water.water_class, 6);
    EXPECT_TRUE(state.class_complete());
    EXPECT_EQ(words(state), "劣Ⅴ类");
    EXPECT_EQ(meets(state), false);
    EXPECT_EQ(meets_target(3, true, 3), true);
    EXPECT_EQ(meets_target(3, true, std::nullopt), std::nullopt);
    EXPECT_EQ(meets_target(0, true, 3), std::nullopt);
}

TEST(PresentState, KeepsTheOtherItemsWhenASampleBringsOne)
{
    std::vector const records{four_hours_worse_than_v(), taken(sample, noon + 2h, {{"codmn", "1.5"}})};
    auto const state = state_of(records, noon + 3h);
    EXPECT_EQ(drawn(state), "ph 8.1 4h; dissolved_oxygen 6.4 4h; codmn 1.5 sample; ammonia_nitrogen 2.5 4h; total_phosphorus 0.14 4h; ");
    EXPECT_EQ(state.water.water_class, 6);
    EXPECT_TRUE(state.class_complete());

    auto const later = state_of(records, noon + 13h);
    EXPECT_EQ(drawn(later), "codmn 1.5 sample; ") << "each item has its own time";
    EXPECT_EQ(words(later), "不优于Ⅰ类（缺pH值、溶解氧、氨氮、总磷）");
    EXPECT_EQ(meets(later), std::nullopt);

    auto const fluoride = state_of({four_hours_worse_than_v(), taken(sample, noon + 2h, {{"fluoride", "0.4"}})}, noon + 3h);
    EXPECT_EQ(fluoride.items.size(), 6U);
    EXPECT_EQ(fluoride.water.water_class, 6);
}

TEST(PresentState, KeepsTheChemicalItemsWhenAnHourBringsThePhysicalOnes)
{
    auto const state =
        state_of({four_hours_worse_than_v(), taken(hour, noon + 1h, {{"water_temperature", "11"}, {"ph", "8"}, {"dissolved_oxygen", "9"}})},
                 noon + 2h);
    EXPECT_EQ(
        drawn(state),
        "water_temperature 11 hour; ph 8 hour; dissolved_oxygen 9 hour; codmn 7.2 4h; ammonia_nitrogen 2.5 4h; total_phosphorus 0.14 4h; ");
    EXPECT_EQ(state.water.water_class, 6);
    EXPECT_TRUE(state.class_complete());
}

TEST(PresentState, LosesEachItemByItsOwnTime)
{
    std::vector const records{four_hours_worse_than_v(), taken(hour, noon + 1h, {{"ph", "8"}, {"dissolved_oxygen", "9"}})};
    NewestReadings readings;
    for (auto const& one : records)
        readings.take(one);
    EXPECT_EQ(readings.hold_until(noon + 2h), noon + 4h);
    EXPECT_EQ(state_of(records, noon + 4h).items.size(), 5U);
    auto const without_hour = state_of(records, noon + 4h + 1ms);
    EXPECT_EQ(drawn(without_hour), "codmn 7.2 4h; ammonia_nitrogen 2.5 4h; total_phosphorus 0.14 4h; ")
        << "what was measured before does not stand in for what is newest";
    EXPECT_EQ(names(without_hour.missing), (std::vector<std::string>{"ph", "dissolved_oxygen"}));
    EXPECT_TRUE(state_of(records, noon + 12h + 1ms).items.empty());
    EXPECT_EQ(readings.hold_until(noon + 13h), UtcTime::max());
}

TEST(PresentState, IsNoSampleOfLastMonthWhereTheStationHasFallenSilent)
{
    auto const old = taken(sample, noon - 480h, {{"codmn", "1.5"}, {"ammonia_nitrogen", "0.1"}, {"fluoride", "0.4"}});
    auto const state = state_of({old, four_hours_worse_than_v()}, noon + 13h);
    EXPECT_EQ(drawn(state), "fluoride 0.4 sample; ");
    EXPECT_EQ(state.water.water_class, 1);
    EXPECT_FALSE(state.class_complete());
}

TEST(PresentState, TakesAnInstantOnlyWhereNothingElseIsCurrent)
{
    std::vector records{four_hours_worse_than_v(), taken(realtime, noon + 2h, {{"ammonia_nitrogen", "0.1"}, {"turbidity", "30"}}),
                        taken(minute, noon + 2h, {{"ammonia_nitrogen", "0.2"}})};
    EXPECT_EQ(
        drawn(state_of(records, noon + 2h)),
        "ph 8.1 4h; dissolved_oxygen 6.4 4h; codmn 7.2 4h; ammonia_nitrogen 2.5 4h; total_phosphorus 0.14 4h; turbidity 30 realtime; ");
    records.erase(records.begin());
    auto const alone = state_of(records, noon + 2h);
    EXPECT_EQ(drawn(alone), "ammonia_nitrogen 0.2 minute; turbidity 30 realtime; ") << "at the same time the longer interval";
    EXPECT_EQ(alone.water.water_class, 2);

    auto judges_four_hours = section();
    judges_four_hours.judged_intervals = 1U << static_cast<unsigned>(four_hours);
    auto const unjudged = state_of(records, noon + 2h, judges_four_hours);
    EXPECT_EQ(unjudged.water.water_class, 0);
    ASSERT_EQ(unjudged.water.items.size(), 2U);
    EXPECT_EQ(unjudged.water.items[0].why_not_counted, "its interval is not judged at this site");
    EXPECT_EQ(unjudged.missing.size(), 5U);
}

TEST(PresentState, AtTheSameTimeTakesTheLongerIntervalAndASampleBeforeAll)
{
    auto const at_noon = [](IntervalKind interval, std::string_view value) { return taken(interval, noon, {{"codmn", value}}); };
    EXPECT_EQ(drawn(state_of({at_noon(four_hours, "4"), at_noon(hour, "3")}, noon)), "codmn 4 4h; ");
    EXPECT_EQ(drawn(state_of({at_noon(sample, "2"), at_noon(day, "5"), at_noon(four_hours, "4")}, noon)), "codmn 2 sample; ");
}

TEST(PresentState, CountsTheNewestValidValueAndShowsAnotherOnlyWhereThereIsNone)
{
    std::vector const records{
        four_hours_worse_than_v(),
        taken(four_hours, noon + 4h, {{"ammonia_nitrogen", "0.1"}, {"codmn", "3"}, {"lead", "9"}}, {"ammonia_nitrogen", "lead"})};
    auto const state = state_of(records, noon + 5h);
    EXPECT_EQ(drawn(state),
              "ph 8.1 4h; dissolved_oxygen 6.4 4h; codmn 3 4h; ammonia_nitrogen 2.5 4h; total_phosphorus 0.14 4h; lead 9 4h!; ");
    EXPECT_EQ(names(state.not_valid()), std::vector<std::string>{"lead"});
    EXPECT_EQ(state.water.water_class, 6);
    EXPECT_TRUE(state.class_complete());

    auto const gone = state_of(records, noon + 13h);
    EXPECT_EQ(names(gone.missing), (std::vector<std::string>{"ph", "dissolved_oxygen", "ammonia_nitrogen", "total_phosphorus"}));
}

TEST(PresentState, OwesWhatTheSiteSays)
{
    auto own = section();
    own.owed_parameters = {{OwedList::always, {"w21003", "fluoride"}}};
    EXPECT_EQ(names(state_of({four_hours_worse_than_v()}, noon, own).missing), (std::vector<std::string>{"fluoride"}));
    own.owed_parameters = {{OwedList::always, {}}};
    EXPECT_TRUE(state_of({taken(four_hours, noon, {{"codmn", "3"}})}, noon, own).class_complete());
    own.owed_parameters = {{OwedList::always, {"total_nitrogen"}}};
    EXPECT_TRUE(state_of({taken(four_hours, noon, {{"codmn", "3"}, {"total_nitrogen", "9"}})}, noon, own).class_complete())
        << "it is there, though rivers are not graded by it";
}

TEST(PresentState, JudgesByTheColumnOfTheTimeOfItsValues)
{
    auto moved = section();
    moved.kind = SiteKind::lake_section;
    std::vector const records{taken(four_hours, noon, {{"total_phosphorus", "0.15"}})};
    moved.lake_since = beijing_date(noon);
    EXPECT_EQ(state_of(records, noon, moved).water.water_class, 5);
    moved.lake_since = beijing_date(noon + 24h);
    EXPECT_EQ(state_of(records, noon, moved).water.water_class, 3);
}

TEST(PresentState, OwesWhatTheYearOfItsValuesSays)
{
    auto own = section();
    auto const this_year = static_cast<int>(beijing_date(noon).year());
    own.owed_parameters = {{this_year - 1, {"w21003", "fluoride"}}, {this_year + 1, {"lead"}}};
    EXPECT_EQ(names(state_of({four_hours_worse_than_v()}, noon, own).missing), (std::vector<std::string>{"fluoride"}))
        << "the latest list before it";
    own.owed_parameters = {{this_year + 1, {"lead"}}};
    EXPECT_EQ(names(state_of({taken(four_hours, noon, {{"codmn", "3"}})}, noon, own).missing).size(), 4U) << "as all others, until then";
}

TEST(PresentState, JudgesTheAirByOneRecordAlone)
{
    Site station;
    station.kind = SiteKind::air_station;
    std::vector const records{taken(hour, noon, {{"pm25", "180"}, {"pm10", "60"}, {"o3", "21"}}),
                              taken(hour, noon + 1h, {{"pm25", "20"}, {"o3", "30"}}), taken(realtime, noon + 1h, {{"pm25", "300"}})};
    auto const state = state_of(records, noon + 2h, station);
    EXPECT_EQ(drawn(state), "pm25 20 hour; pm10 60 hour; o3 30 hour; ");
    auto const alone = judge_air(records[1], hj633_2012(), book().parameters());
    EXPECT_EQ(state.air.aqi, alone.aqi);
    EXPECT_EQ(state.air.items.size(), 2U);
    EXPECT_EQ(state.air_source->time, noon + 1h);
}

TEST(NewestReadings, AreTheSameInWhateverOrderRecordsCome)
{
    std::vector<Record> records;
    for (int i = 0; i < 6; ++i) {
        records.push_back(taken(four_hours, noon + 4h * i, {{"codmn", std::to_string(i + 1)}, {"ammonia_nitrogen", "0.1"}},
                                i % 2 ? std::vector<std::string_view>{"codmn"} : std::vector<std::string_view>{}));
        records.push_back(taken(hour, noon + 3h * i, {{"codmn", std::to_string(i + 10)}},
                                i > 3 ? std::vector<std::string_view>{"codmn"} : std::vector<std::string_view>{}));
    }
    auto const expected = drawn(state_of(records, noon + 21h));
    EXPECT_EQ(expected, "codmn 5 4h; ammonia_nitrogen 0.1 4h; ");
    std::mt19937 random{7};
    for (int i = 0; i < 50; ++i) {
        std::ranges::shuffle(records, random);
        auto const state = state_of(records, noon + 21h);
        EXPECT_EQ(drawn(state), expected);
        EXPECT_TRUE(state.not_valid().empty());
    }
}

TEST(NewestReadings, SayWhenAValueThatCountedIsWithdrawn)
{
    using Change = NewestReadings::Change;
    NewestReadings readings;
    EXPECT_EQ(readings.take(taken(hour, noon, {{"codmn", "3"}})), Change::taken);
    EXPECT_EQ(readings.take(taken(hour, noon + 1h, {{"codmn", "4"}})), Change::taken);
    EXPECT_EQ(readings.take(taken(hour, noon, {{"codmn", "5"}}, {"codmn"})), Change::none) << "it did not count any more";
    EXPECT_EQ(readings.take(taken(hour, noon + 1h, {{"codmn", "4.5"}})), Change::taken) << "another value of the same time";
    EXPECT_EQ(readings.take(taken(hour, noon + 1h, {{"codmn", "4.5"}}, {"codmn"})), Change::outdated);
}

}  // namespace
}  // namespace yihong
