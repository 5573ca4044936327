// Rules drawn as timelines: a character a record, and under it what holds once that record has come.
#include "testing.hpp"

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"

#include <random>

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

UtcTime const begin = *parse_rfc3339("2026-03-02T00:00:00+08:00");

AlertRule rule(std::string id, RuleKind kind, AlertSeverity severity, int records = 1)
{
    AlertRule made;
    made.id = std::move(id);
    made.kind = kind;
    made.severity = severity;
    made.records = records;
    return made;
}

AlertPlan plan_of(std::vector<AlertRule> rules)
{
    AlertPlan plan;
    plan.rules = std::move(rules);
    return plan;
}

Site section(std::optional<int> target = 3)
{
    Site site;
    site.id = "zhangliuzhuang";
    site.kind = SiteKind::water_section;
    site.target_class = target;
    site.number = 1;
    return site;
}

/// `.` class II, `o` class III at 96 % of its limit, `x` class IV, `X` worse than V; `D` class IV flagged D, `m` class IV under
/// maintenance, `T` over range, `p` class IV by phosphorus with the ammonia good, `?` without ammonia.
Record drawn(char c, UtcTime time, IntervalKind interval = IntervalKind::four_hours)
{
    auto const ammonia = c == 'o' ? "0.96" : c == 'x' || c == 'D' || c == 'm' ? "1.31" : c == 'X' ? "2.50" : c == 'T' ? "9.99" : "0.32";
    // another number each time, as measurements have: a round that repeats all of its items was sent again
    auto const phosphorus = (c == 'p' ? "0.24" : "0.08") + std::to_string((time - begin) / 1min % 7);
    Record made = c == '?' ? record({{"dissolved_oxygen", "7.9"}, {"total_phosphorus", phosphorus}})
                           : record({{"dissolved_oxygen", "7.9"}, {"total_phosphorus", phosphorus}, {"ammonia_nitrogen", ammonia}});
    made.site = 1;
    made.interval = interval;
    made.time = time;
    made.received_at = time + 4h;
    for (auto& reading : made.readings)
        if (reading.parameter == id("ammonia_nitrogen") && (c == 'D' || c == 'T'))
            reading.flag = Flag{c};
    if (c == 'm')
        made.status = StationStatus::maintenance;
    made.verdict = judge(made, SiteKind::water_section, book());
    return made;
}

class Timeline {
public:
    explicit Timeline(AlertPlan plan, Site site = section()) : plan_{std::move(plan)}, site_{std::move(site)}
    {
        rules_ = rules_for(plan_, site_, facts_, book().parameters());
    }

    AlertStepInput input() const { return {rules_, &site_, &book(), {}}; }

    void add(Record const& record)
    {
        auto const at = std::ranges::lower_bound(records_, record.time, {}, &Record::time);
        if (at != records_.end() && at->time == record.time)
            *at = record;
        else
            records_.insert(at, record);
        causes = step_record(input(), causes,
                             [this](std::size_t i) { return i < records_.size() ? &records_[records_.size() - 1 - i] : nullptr; });
    }

    /// Draws what holds after each record: blank, `n`, `a`, `h`.
    std::string run(std::string_view line, std::chrono::minutes step = 4h, IntervalKind interval = IntervalKind::four_hours)
    {
        std::string states;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] != '-')
                add(drawn(line[i], begin + step * static_cast<int>(i), interval));
            states += state();
        }
        return states;
    }

    char state(AlertFamily family = AlertFamily::water) const
    {
        auto const severity = severity_of(causes, family);
        return severity ? to_text(*severity)[0] : ' ';
    }

    std::vector<AlertCause> causes;

private:
    AlertPlan plan_;
    Site site_;
    OverlayFacts facts_;
    std::vector<CompiledRule> rules_;
    std::vector<Record> records_;
};

AlertRule two_in_a_row()
{
    auto made = rule("below-class-iii", RuleKind::worse_than_class, AlertSeverity::alert, 2);
    made.min_gap = 3h;
    return made;
}

AlertPlan usual()
{
    return plan_of({rule("exceed-notice", RuleKind::worse_than_class, AlertSeverity::notice), two_in_a_row(),
                    rule("heavy", RuleKind::heavy, AlertSeverity::high)});
}

TEST(AlertTimeline, RisesWithTheSecondRecordAndEndsAfterThreeGoodOnes)
{
    EXPECT_EQ(Timeline{usual()}.run("..x.x...xx.xxx....."), "  nnnnn naaaaaaa   ");
}

TEST(AlertTimeline, HeavyPollutionIsHighAtOnceAndEasesFirst) { EXPECT_EQ(Timeline{usual()}.run(".XxxxX..xx..."), " hhhahhhaaaa "); }

TEST(AlertTimeline, WhatDoesNotCountNeitherRaisesNorInterruptsNorRecovers)
{
    EXPECT_EQ(Timeline{usual()}.run("DDmmx.D.m.xDmx.D?m.."), "    nnnnn nnnaaaaaa ");
}

TEST(AlertTimeline, AnotherItemBeingWorseIsNotTheSameItemTwice)
{
    EXPECT_EQ(Timeline{plan_of({two_in_a_row()})}.run("xpxpxp...xx"), "          a");
    EXPECT_EQ(Timeline{plan_of({two_in_a_row()})}.run("pp"), " a");
}

TEST(AlertTimeline, HourlyRecordsCountOnlyThreeHoursApart)
{
    EXPECT_EQ((Timeline{plan_of({two_in_a_row()})}.run(".xxxx...xx.xx", 1h, IntervalKind::hour)), "    aaa      ");
}

TEST(AlertTimeline, RecordsMoreThanADayApartAreNotConsecutive)
{
    EXPECT_EQ(Timeline{plan_of({two_in_a_row()})}.run("x-----x"), "      a");
    EXPECT_EQ(Timeline{plan_of({two_in_a_row()})}.run("x------x"), "        ");
}

TEST(AlertTimeline, EachItemRecoversByItsOwnValues)
{
    Timeline line{usual()};
    line.run("x");
    EXPECT_EQ(line.causes.at(0).items.size(), 1U);
    // ammonia is missing ever after; phosphorus is fine: nobody may say that the ammonia has recovered
    EXPECT_EQ(line.run("x????????"), "nnnnnnnnn");
}

TEST(AlertTimeline, TheTargetOfTheSectionIsItsOwnMeasure)
{
    auto target = rule("below-target", RuleKind::worse_than_target, AlertSeverity::alert, 2);
    EXPECT_EQ(Timeline(plan_of({target}), section(2)).run(".oo..."), "  aaa ");
    EXPECT_EQ(Timeline(plan_of({target}), section(4)).run("xxxxXX"), "     a");
    EXPECT_EQ(Timeline(plan_of({target}), section(std::nullopt)).run("XXXX"), "    ");
}

TEST(AlertTimeline, ALateRecordCountsForThePresentOnly)
{
    auto const at = [](int i) { return begin + 4h * i; };
    Timeline now_bad{usual()};
    now_bad.run("..-x");
    EXPECT_EQ(now_bad.state(), 'n');
    now_bad.add(drawn('x', at(2)));
    EXPECT_EQ(now_bad.state(), 'a') << "with the late record the last two are worse";

    Timeline long_good{usual()};
    long_good.run("..--...");
    long_good.add(drawn('x', at(2)));
    long_good.add(drawn('X', at(3)));
    EXPECT_EQ(long_good.state(), ' ') << "nobody is told about the past";
}

TEST(AlertTimeline, ACorrectionTakesBackWhatItCorrects)
{
    Timeline line{usual()};
    EXPECT_EQ(line.run("...x"), "   n");
    line.add(drawn('.', begin + 12h));
    EXPECT_EQ(line.state(), ' ');
}

TEST(AlertTimeline, ApproachingNeedsRisingValuesBelowTheLimit)
{
    auto near = rule("approaching", RuleKind::approaching, AlertSeverity::notice);
    Timeline rising{plan_of({near})};
    auto const with = [](char const* ammonia, int i) {
        Record made = record({{"ammonia_nitrogen", ammonia}});
        made.interval = IntervalKind::four_hours;
        made.time = begin + 4h * i;
        made.verdict = judge(made, SiteKind::water_section, book());
        return made;
    };
    rising.add(with("0.70", 0));
    rising.add(with("0.85", 1));
    EXPECT_EQ(rising.state(), ' ');
    rising.add(with("0.90", 2));
    EXPECT_EQ(rising.state(), 'n') << "90 % of 1.0 itself counts";
    EXPECT_EQ(rising.causes.at(0).items.at(0).limit, (Decimal{10, 1}));

    Timeline steady{plan_of({near})};
    EXPECT_EQ(steady.run("oooo"), "    ");

    near.records = 4;
    Timeline longer{plan_of({near})};
    int i = 0;
    for (auto const* ammonia : {"0.70", "0.92", "0.93", "0.94"})
        longer.add(with(ammonia, i++));
    EXPECT_EQ(longer.state(), ' ') << "worse each time, but only the third in a row above 90 %";
    longer.add(with("0.95", i));
    EXPECT_EQ(longer.state(), 'n');
}

TEST(AlertTimeline, AJumpIsMeasuredAgainstTheMedianOfTheWeek)
{
    auto jump = rule("jump", RuleKind::jump, AlertSeverity::notice);
    jump.water_class = 2;
    EXPECT_EQ(Timeline{plan_of({jump})}.run("...........o"), "            ") << "eleven values are too few";
    Timeline line{plan_of({jump})};
    EXPECT_EQ(line.run("............o...."), "            nnn  ");
    EXPECT_EQ(line.causes.size(), 0U);

    Timeline oxygen{plan_of({jump})};
    auto const with = [](char const* value, int i) {
        Record made = record({{"dissolved_oxygen", value}});
        made.interval = IntervalKind::four_hours;
        made.time = begin + 4h * i;
        made.verdict = judge(made, SiteKind::water_section, book());
        return made;
    };
    for (int i = 0; i < 12; ++i)
        oxygen.add(with("9.0", i));
    oxygen.add(with("4.6", 12));
    EXPECT_EQ(oxygen.state(), ' ');
    oxygen.add(with("4.4", 13));
    ASSERT_EQ(oxygen.state(), 'n') << "below half of the median";
    EXPECT_TRUE(oxygen.causes[0].items[0].below);
    EXPECT_EQ(oxygen.causes[0].items[0].limit, (Decimal{45, 1}));
}

TEST(AlertTimeline, OverRangeAndFrozenConcernTheOperationOfTheStation)
{
    auto frozen = rule("frozen", RuleKind::frozen, AlertSeverity::notice, 6);
    frozen.parameters = {"ammonia_nitrogen"};
    frozen.recover_records = 1;
    Timeline stuck{plan_of({frozen})};
    stuck.run(".....");
    EXPECT_EQ(stuck.state(AlertFamily::operation), ' ');
    stuck.add(drawn('.', begin + 20h));
    ASSERT_EQ(stuck.state(AlertFamily::operation), 'n');
    EXPECT_EQ(stuck.causes[0].since, begin);
    stuck.add(drawn('o', begin + 24h));
    EXPECT_EQ(stuck.state(AlertFamily::operation), ' ');

    Timeline beyond{plan_of({rule("over-range", RuleKind::over_range, AlertSeverity::notice)})};
    beyond.run(".T");
    EXPECT_EQ(beyond.state(AlertFamily::operation), 'n');
    beyond.run("..T...");
    EXPECT_EQ(beyond.state(AlertFamily::operation), ' ');
}

TEST(AlertTimeline, AirIsWatchedByItsIndex)
{
    auto air = rule("air", RuleKind::aqi, AlertSeverity::alert, 3);
    air.aqi = 150;
    Site station = section();
    station.kind = SiteKind::air_station;
    Timeline line{plan_of({air}), station};
    std::string states;
    int hour = 0;
    for (int const aqi : {120, 160, 170, 149, 180, 190, 151, 150, 0, 90, 80}) {
        Record made = record({{"pm25", "100"}});
        made.time = begin + 1h * hour++;
        made.interval = IntervalKind::hour;
        made.verdict.aqi = static_cast<std::uint16_t>(aqi);
        line.add(made);
        states += line.state(AlertFamily::air);
    }
    EXPECT_EQ(states, "      aaaa ");
}

TEST(AlertTimeline, DischargesHaveLimitsOfTheirOwn)
{
    auto discharge = rule("plant", RuleKind::discharge, AlertSeverity::alert);
    discharge.limits = {{"cod", {}, Decimal{40, 0}}, {"ph", Decimal{6, 0}, Decimal{9, 0}}};
    Site plant = section();
    plant.kind = SiteKind::wastewater_plant;
    Timeline line{plan_of({discharge}), plant};
    auto const with = [](char const* cod, char const* ph, int i) {
        Record made = record({{"cod", cod}, {"ph", ph}});
        made.time = begin + 24h * i;
        made.interval = IntervalKind::day;
        return made;
    };
    line.add(with("40", "9", 0));
    EXPECT_EQ(line.state(AlertFamily::discharge), ' ');
    line.add(with("62", "5.9", 1));
    ASSERT_EQ(line.state(AlertFamily::discharge), 'a');
    for (auto const& item : line.causes[0].items) {
        bool const cod = item.parameter == id("cod");
        EXPECT_EQ(item.below, !cod);
        EXPECT_EQ(item.multiple, (cod ? std::optional{Decimal{6, 1}} : std::nullopt)) << "(62 - 40) / 40, to one decimal, half to even";
    }
}

TEST(AlertTimeline, ColdWaterHasALimitOfItsOwn)
{
    auto discharge = rule("plant", RuleKind::discharge, AlertSeverity::alert);
    discharge.limits = {{"ammonia_nitrogen", {}, Decimal{5, 0}, Decimal{8, 0}}};
    Site plant = section();
    plant.kind = SiteKind::wastewater_plant;
    Timeline line{plan_of({discharge}), plant};
    auto cold = record({{"water_temperature", "12.0"}, {"ammonia_nitrogen", "6.2"}}, IntervalKind::day);
    cold.time = begin;
    line.add(cold);
    EXPECT_EQ(line.state(AlertFamily::discharge), ' ');
    auto warm = record({{"water_temperature", "12.1"}, {"ammonia_nitrogen", "6.3"}}, IntervalKind::day);
    warm.time = begin + 24h;
    line.add(warm);
    EXPECT_EQ(line.state(AlertFamily::discharge), 'a');
}

/// Dates of Beijing, and one value of each.
Record of_day(std::string const& date, char const* parameter, char const* value, IntervalKind interval)
{
    Record made = record({{parameter, value}});
    made.interval = interval;
    made.time = *parse_rfc3339(date + "T08:00:00+08:00");
    made.verdict = judge(made, SiteKind::water_section, book());
    return made;
}

TEST(AlertGap, EqualValuesMonthsApartAreNotFrozen)
{
    auto frozen = rule("frozen", RuleKind::frozen, AlertSeverity::notice, 6);
    Timeline line{plan_of({frozen})};
    for (auto const* date : {"2026-01-01", "2026-03-01", "2026-05-01", "2026-07-01", "2026-09-01", "2026-11-20"})
        line.add(of_day(date, "codmn", "3.2", IntervalKind::four_hours));
    EXPECT_EQ(line.state(AlertFamily::operation), ' ');

    Timeline daily{plan_of({frozen})};              // a day mean may come four days after the one before
    for (auto const* date : {"2026-01-01", "2026-01-05", "2026-01-09", "2026-01-13", "2026-01-17", "2026-01-21"})
        daily.add(of_day(date, "codmn", "3.2", IntervalKind::day));
    EXPECT_EQ(daily.state(AlertFamily::operation), 'n');

    Timeline sampled{plan_of({frozen})};            // and a sample two months after
    for (auto const* date : {"2026-01-01", "2026-03-01", "2026-05-01", "2026-07-01", "2026-09-01", "2026-11-20"})
        sampled.add(of_day(date, "codmn", "3.2", IntervalKind::sample));
    EXPECT_EQ(sampled.state(AlertFamily::operation), ' ') << "the last lies 80 days behind the one before";
    sampled = Timeline{plan_of({frozen})};
    for (auto const* date : {"2026-01-01", "2026-03-01", "2026-05-01", "2026-07-01", "2026-09-01", "2026-11-01"})
        sampled.add(of_day(date, "codmn", "3.2", IntervalKind::sample));
    EXPECT_EQ(sampled.state(AlertFamily::operation), 'n');
}

TEST(AlertGap, ValuesAcrossItAreNotGettingWorse)
{
    auto const near = rule("approaching", RuleKind::approaching, AlertSeverity::notice);
    auto const add = [](Timeline& line, char const* ammonia, std::chrono::hours after) {
        Record made = record({{"ammonia_nitrogen", ammonia}});
        made.interval = IntervalKind::four_hours;
        made.time = begin + after;
        made.verdict = judge(made, SiteKind::water_section, book());
        line.add(made);
        return line.state();
    };
    Timeline line{plan_of({near})};
    add(line, "0.70", 0h);
    add(line, "0.85", 4h);
    EXPECT_EQ(add(line, "0.91", 4h + 25h), ' ');
    EXPECT_EQ(add(line, "0.93", 4h + 29h), ' ');
    EXPECT_EQ(add(line, "0.95", 4h + 33h), 'n') << "the third behind the gap";
    Timeline without{plan_of({near})};
    add(without, "0.70", 0h);
    add(without, "0.85", 4h);
    EXPECT_EQ(add(without, "0.91", 4h + 24h), 'n') << "a day is no gap";
}

TEST(AlertGap, RecoveryIsCountedAnewBehindIt)
{
    EXPECT_EQ(Timeline{usual()}.run("x..-----."), "nnnnnnnn ") << "a day is no gap";
    EXPECT_EQ(Timeline{usual()}.run("x..------..."), "nnnnnnnnnnn ");
    EXPECT_EQ(Timeline{usual()}.run("xx------x..."), "naaaaaaaaaa ");
    auto once = rule("once", RuleKind::worse_than_class, AlertSeverity::notice);
    once.recover_records = 1;
    EXPECT_EQ(Timeline{plan_of({once})}.run("x----------."), "nnnnnnnnnnn ") << "one that asks for a single value has it";
}

TEST(AlertGap, TheMedianIsOfItsWindowWhateverLiesBetween)
{
    auto jump = rule("jump", RuleKind::jump, AlertSeverity::notice);
    jump.water_class = 2;
    EXPECT_EQ(Timeline{plan_of({jump})}.run("............------------o"), "                        n") << "two days without data";
}

TEST(AlertDataGap, BeginsAtItsTimeAndEndsWithData)
{
    Timeline line{plan_of({rule("data-gap", RuleKind::data_gap, AlertSeverity::notice)})};
    LastHeard heard{.received_at = begin + 5h, .time = begin, .interval = IntervalKind::four_hours, .status = StationStatus::normal};
    EXPECT_EQ(due_from(line.input(), heard, begin), begin + 13h);
    auto causes = step_time(line.input(), {}, heard, begin, begin + 13h - 1ms);
    EXPECT_TRUE(causes.empty());
    causes = step_time(line.input(), causes, heard, begin, begin + 13h);
    ASSERT_EQ(causes.size(), 1U);
    EXPECT_EQ(step_time(line.input(), causes, heard, begin, begin + 99h), causes) << "once";
    heard.received_at = begin + 100h;
    EXPECT_TRUE(step_time(line.input(), causes, heard, begin, begin + 100h).empty());
}

TEST(AlertDataGap, HasItsReasons)
{
    Timeline line{plan_of({rule("data-gap", RuleKind::data_gap, AlertSeverity::notice)})};
    LastHeard heard{.received_at = begin + 400h, .time = begin, .interval = IntervalKind::four_hours, .status = StationStatus::normal};
    EXPECT_EQ(due_from(line.input(), heard, begin), std::nullopt) << "an archive was read in; the station was never live";
    heard.received_at = begin + 5h;
    EXPECT_EQ(due_from(line.input(), heard, begin + 50h), begin + 58h) << "the service itself was away";
    heard.status = StationStatus::stopped;
    EXPECT_EQ(due_from(line.input(), heard, begin), std::nullopt);
    Timeline const unwatched{usual()};
    EXPECT_EQ(due_from(unwatched.input(), heard, begin), std::nullopt);
}

TEST(AlertTimeline, ARuleThatIsGoneEndsWhatItRaised)
{
    Timeline line{usual()};
    line.run("xx");
    Timeline other{plan_of({rule("heavy", RuleKind::heavy, AlertSeverity::high)})};
    other.causes = line.causes;
    other.run(".");
    EXPECT_TRUE(other.causes.empty());
}

/// The same records in any order of arrival end in causes that the present condition justifies.
TEST(AlertTimeline, AnyOrderOfArrivalEndsWithNothingOnceTheWaterIsGood)
{
    std::mt19937 random{20261125};
    std::string_view const letters = ".oxXDmT?p-";
    for (int round = 0; round < 300; ++round) {
        std::vector<Record> records;
        for (int i = 0; i < 30; ++i)
            if (char const c = letters[random() % letters.size()]; c != '-')
                records.push_back(drawn(c, begin + 4h * i));
        std::ranges::shuffle(records, random);
        Timeline line{usual()};
        for (auto const& r : records)
            line.add(r);
        for (int i = 30; i < 33; ++i)
            line.add(drawn('.', begin + 4h * i));
        EXPECT_EQ(line.state(), ' ') << "round " << round;
    }
}

}  // namespace
}  // namespace yihong
