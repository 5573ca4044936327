#include "yihong/evaluate/duty.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace yihong {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

UtcTime at(std::string_view text) { return parse_rfc3339(text).value(); }
Date date(std::string_view text) { return parse_date(text).value(); }

constexpr std::uint8_t monday_to_friday = 0b0011111;
constexpr std::uint8_t friday = 0b0010000;
constexpr std::uint8_t sunday = 0b1000000;

AlertPlan plan_with(std::vector<DutyShift> duty)
{
    AlertPlan plan;
    for (std::string const id : {"a", "b", "c", "d"})
        plan.contacts.push_back({.id = id, .name = id});
    plan.duty = std::move(duty);
    return plan;
}

std::string ids(std::vector<Contact const*> const& contacts)
{
    std::string all;
    for (auto const* contact : contacts)
        all += contact->id;
    return all;
}

TEST(OnDuty, FollowsTheClockOfBeijing)
{
    struct Case {
        char const* what;
        DutyShift shift;
        char const* time;
        bool on;
    };
    auto const weekly = [](std::uint8_t weekdays, std::chrono::minutes from, std::chrono::minutes to) {
        return DutyShift{{"a"}, {}, {}, weekdays, from, to};
    };
    auto const day = weekly(monday_to_friday, 8h, 20h);
    auto const night = weekly(0, 20h, 8h);
    auto const friday_night = weekly(friday, 20h, 8h);
    auto const sunday_night = weekly(sunday, 22h, 6h);
    auto const round_the_clock = weekly(friday, 8h, 8h);
    auto const to_midnight = weekly(friday, 16h, 24h);
    auto const to_zero = weekly(friday, 16h, 0h);
    DutyShift const dated{{"a"}, at("2026-10-01T08:00:00+08:00"), at("2026-10-02T08:00:00+08:00"), 0, 0min, 24h};
    // 27 November 2026 is a Friday
    for (auto const& [what, shift, time, on] : {
             Case{"always", weekly(0, 0h, 24h), "2026-11-28T03:00:00+08:00", true},
             Case{"before it begins", day, "2026-11-27T07:59:59.999+08:00", false},
             Case{"at its beginning", day, "2026-11-27T08:00:00+08:00", true},
             Case{"before its end", day, "2026-11-27T19:59:59.999+08:00", true},
             Case{"at its end", day, "2026-11-27T20:00:00+08:00", false},
             Case{"on a Saturday", day, "2026-11-28T12:00:00+08:00", false},
             Case{"Monday in Beijing, Sunday in Greenwich", weekly(1, 0h, 8h), "2026-11-29T23:00:00Z", true},
             Case{"a night before midnight", night, "2026-11-27T23:59:00+08:00", true},
             Case{"a night at midnight", night, "2026-11-28T00:00:00+08:00", true},
             Case{"a night before its end", night, "2026-11-28T07:59:00+08:00", true},
             Case{"a night at its end", night, "2026-11-28T08:00:00+08:00", false},
             Case{"a Friday's night is still on Saturday morning", friday_night, "2026-11-28T07:00:00+08:00", true},
             Case{"Friday morning is Thursday's night", friday_night, "2026-11-27T07:00:00+08:00", false},
             Case{"Saturday's night is not Friday's", friday_night, "2026-11-28T21:00:00+08:00", false},
             Case{"a Sunday's night is still on Monday morning", sunday_night, "2026-11-30T05:59:00+08:00", true},
             Case{"over the end of a year", sunday_night, "2024-01-01T01:00:00+08:00", true},
             Case{"from eight to eight: before", round_the_clock, "2026-11-27T07:59:00+08:00", false},
             Case{"from eight to eight: next morning", round_the_clock, "2026-11-28T07:59:00+08:00", true},
             Case{"from eight to eight: its end", round_the_clock, "2026-11-28T08:00:00+08:00", false},
             Case{"to 24:00", to_midnight, "2026-11-27T23:59:59.999+08:00", true},
             Case{"to 24:00: midnight", to_midnight, "2026-11-28T00:00:00+08:00", false},
             Case{"to 00:00 means the same", to_zero, "2026-11-27T23:59:59.999+08:00", true},
             Case{"to 00:00: midnight", to_zero, "2026-11-28T00:00:00+08:00", false},
             Case{"to 00:00: not the midnight before", to_zero, "2026-11-27T00:00:00+08:00", false},
             Case{"the same hour in July: no summer time", day, "2026-07-31T00:00:00Z", true},
             Case{"the same hour in July: before", day, "2026-07-30T23:59:59Z", false},
             Case{"dated: before", dated, "2026-09-30T23:59:59Z", false},
             Case{"dated: at its beginning", dated, "2026-10-01T00:00:00Z", true},
             Case{"dated: before its end", dated, "2026-10-01T23:59:59Z", true},
             Case{"dated: at its end", dated, "2026-10-02T00:00:00Z", false},
         })
        EXPECT_EQ(!on_duty(plan_with({shift}), at(time)).empty(), on) << what;
}

TEST(OnDuty, ShiftsThatFollowOneAnotherLeaveNoGapAndNoOverlap)
{
    auto const plan = plan_with({{{"a"}, {}, {}, 0, 8h, 16h}, {{"b"}, {}, {}, 0, 16h, 24h}, {{"c"}, {}, {}, 0, 0h, 8h}});
    for (auto time = at("2026-12-30T00:00:00+08:00"); time < at("2027-01-02T00:00:00+08:00"); time += 10min)
        EXPECT_EQ(on_duty(plan, time).size(), 1U) << format_beijing(time);
}

TEST(OnDuty, NamesEachOnceInTheOrderOfThePlan)
{
    auto const plan = plan_with({{{"c", "a"}, {}, {}, 0, 0h, 24h}, {{"a"}, {}, {}, 0, 0h, 24h}, {{"d"}, {}, {}, friday, 0h, 24h}});

    EXPECT_EQ(ids(on_duty(plan, at("2026-11-26T12:00:00+08:00"))), "ac");
    EXPECT_EQ(ids(on_duty(plan, at("2026-11-27T12:00:00+08:00"))), "acd");
    EXPECT_TRUE(on_duty(AlertPlan{}, at("2026-11-27T12:00:00+08:00")).empty());
}

class RecipientsOf : public ::testing::Test {
protected:
    RecipientsOf()
    {
        site.id = "zhangliuzhuang";
        site.level = "national";
        facts.county = "盐湖区";
    }
    static AlertScope county(std::string name)
    {
        AlertScope scope;
        scope.counties = {std::move(name)};
        return scope;
    }
    [[nodiscard]] Recipients at_level(int level) const { return recipients(plan, site, facts, level, at("2026-11-26T12:00:00+08:00")); }

    AlertPlan plan = plan_with({{{"d"}, {}, {}, 0, 0h, 24h}});
    Site site;
    OverlayFacts facts;
};

TEST_F(RecipientsOf, AreThoseOfEveryRouteThatCoversTheSite)
{
    plan.routes = {{county("盐湖区"), 0, {"c", "a"}, {"county", "city"}, false},
                   {{}, 0, {"a"}, {"city", "all"}, false},
                   {county("河津市"), 0, {"b"}, {"other"}, false},
                   {county("盐湖区"), 1, {"b"}, {"chief"}, true}};

    EXPECT_EQ(ids(at_level(0).contacts), "ac");
    EXPECT_EQ(at_level(0).channels, (std::vector<std::string>{"county", "city", "all"}));
    EXPECT_EQ(ids(at_level(1).contacts), "bd") << "and whoever is on duty";
    EXPECT_EQ(at_level(1).channels, std::vector<std::string>{"chief"});
    EXPECT_EQ(at_level(2), Recipients{});
    EXPECT_EQ(last_level(plan, site, facts), 1);
}

TEST_F(RecipientsOf, AreOnDutyWhereNobodyElseIsNamed)
{
    EXPECT_EQ(ids(at_level(0).contacts), "d") << "without any route";
    EXPECT_EQ(at_level(1), Recipients{});
    EXPECT_EQ(last_level(plan, site, facts), 0);

    plan.routes = {{county("河津市"), 0, {"a"}, {}, false}, {county("河津市"), 3, {"a"}, {}, false}, {{}, 2, {"b"}, {}, false}};
    EXPECT_EQ(ids(at_level(0).contacts), "d") << "routes of other sites and levels are none";
    EXPECT_EQ(ids(at_level(2).contacts), "b");
    EXPECT_EQ(last_level(plan, site, facts), 2);

    plan.routes = {{county("盐湖区"), 0, {}, {"county"}, false}};
    EXPECT_EQ(at_level(0), (Recipients{{}, {"county"}})) << "a route that names channels only is a route";
}

TEST_F(RecipientsOf, MaintenanceCoversItsSitesAndItsTime)
{
    AlertScope scope;
    scope.sites = {"zhangliuzhuang"};
    plan.maintenance = {{scope, at("2026-12-01T09:00:00+08:00"), at("2026-12-03T18:00:00+08:00"), "pump"}};

    EXPECT_FALSE(in_maintenance(plan, site, facts, at("2026-12-01T00:59:59Z")));
    EXPECT_TRUE(in_maintenance(plan, site, facts, at("2026-12-01T01:00:00Z")));
    EXPECT_TRUE(in_maintenance(plan, site, facts, at("2026-12-03T09:59:59Z")));
    EXPECT_FALSE(in_maintenance(plan, site, facts, at("2026-12-03T10:00:00Z")));
    site.id = "longmen";
    EXPECT_FALSE(in_maintenance(plan, site, facts, at("2026-12-02T00:00:00Z")));
}

std::string beijing(AlertDeadlines const& deadlines)
{
    return format_beijing(deadlines.assign_by) + " " + format_beijing(deadlines.progress_by) + " " + format_beijing(deadlines.resolve_by);
}

TEST(Deadlines, AreThoseOfTheWorkedExample)
{
    auto const registered = at("2026-11-05T09:30:00+08:00");

    EXPECT_EQ(beijing(deadlines_from({}, registered, false)),
              "2026-11-06T09:30:00+08:00 2026-11-08T09:30:00+08:00 2026-11-12T09:30:00+08:00");
    EXPECT_EQ(beijing(deadlines_from({}, registered, true)),
              "2026-11-06T09:30:00+08:00 2026-11-08T09:30:00+08:00 2026-12-05T09:30:00+08:00");
    EXPECT_FALSE(deadlines_from({}, registered, false).major);
    EXPECT_TRUE(deadlines_from({}, registered, true).major);
}

TEST(Deadlines, MonthEndsOnTheSameDayOrTheLast)
{
    struct Case {
        char const* registered;
        int months;
        char const* resolve_by;
    };
    for (auto const& [registered, months, resolve_by] : {
             Case{"2026-01-31T10:00:00+08:00", 1, "2026-02-28T10:00:00+08:00"},
             Case{"2028-01-31T10:00:00+08:00", 1, "2028-02-29T10:00:00+08:00"},
             Case{"2026-03-31T10:00:00+08:00", 1, "2026-04-30T10:00:00+08:00"},
             Case{"2026-12-15T10:00:00+08:00", 1, "2027-01-15T10:00:00+08:00"},
             Case{"2026-11-30T10:00:00+08:00", 3, "2027-02-28T10:00:00+08:00"},
             Case{"2026-02-28T10:00:00+08:00", 1, "2026-03-28T10:00:00+08:00"},
             Case{"2026-11-05T23:30:00Z", 1, "2026-12-06T07:30:00+08:00"},         // the 6th in Beijing
         }) {
        AlertPlan plan;
        plan.major_months = months;
        EXPECT_EQ(format_beijing(deadlines_from(plan, at(registered), true).resolve_by), resolve_by) << registered;
    }
}

/// The National Day holiday of 2026 as a calendar would have it: 1 to 7 October off, 10 October worked.
AlertPlan working_plan()
{
    AlertPlan plan;
    plan.calendar.working_days = true;
    for (auto day = sys_days{date("2026-10-01")}; day <= sys_days{date("2026-10-07")}; day += days{1})
        plan.calendar.holidays.emplace_back(day);
    plan.calendar.workdays = {date("2026-10-10")};
    return plan;
}

TEST(Deadlines, CountWorkingDays)
{
    struct Case {
        char const* what;
        char const* registered;
        char const* deadlines;
    };
    for (auto const& [what, registered, deadlines] : {
             Case{"a Monday", "2026-11-02T09:30:00+08:00", "2026-11-03T09:30:00+08:00 2026-11-05T09:30:00+08:00 2026-11-11T09:30:00+08:00"},
             Case{"a Friday", "2026-11-06T09:30:00+08:00", "2026-11-09T09:30:00+08:00 2026-11-11T09:30:00+08:00 2026-11-17T09:30:00+08:00"},
             Case{"a Saturday: the first day is Monday", "2026-11-07T23:59:00+08:00",
                  "2026-11-09T23:59:00+08:00 2026-11-11T23:59:00+08:00 2026-11-17T23:59:00+08:00"},
             Case{"before the holiday, over a worked Saturday", "2026-09-30T16:00:00+08:00",
                  "2026-10-08T16:00:00+08:00 2026-10-10T16:00:00+08:00 2026-10-15T16:00:00+08:00"},
             Case{"Friday in Greenwich, Saturday in Beijing", "2026-11-06T16:30:00Z",
                  "2026-11-09T00:30:00+08:00 2026-11-11T00:30:00+08:00 2026-11-17T00:30:00+08:00"},
         })
        EXPECT_EQ(beijing(deadlines_from(working_plan(), at(registered), false)), deadlines) << what;

    // 7 November is a Saturday, 1 to 7 October are holidays
    EXPECT_EQ(format_beijing(deadlines_from(working_plan(), at("2026-10-07T09:30:00+08:00"), true).resolve_by),
              "2026-11-09T09:30:00+08:00");
    EXPECT_EQ(format_beijing(deadlines_from(working_plan(), at("2026-09-03T09:30:00+08:00"), true).resolve_by),
              "2026-10-08T09:30:00+08:00");
    EXPECT_EQ(format_beijing(deadlines_from(working_plan(), at("2026-09-10T09:30:00+08:00"), true).resolve_by), "2026-10-10T09:30:00+08:00")
        << "a worked Saturday";
}

TEST(Deadlines, OfAssigningMayBeHoursByDayAndNight)
{
    auto plan = working_plan();
    plan.assign_within = std::chrono::hours{2};
    EXPECT_EQ(beijing(deadlines_from(plan, at("2026-11-07T23:30:00+08:00"), false)),
              "2026-11-08T01:30:00+08:00 2026-11-11T23:30:00+08:00 2026-11-17T23:30:00+08:00")
        << "a Saturday";
}

TEST(Deadlines, AreInOrderKeepTheHourAndGrowWithTheDay)
{
    std::mt19937 random{13710};     // the same every time
    auto const below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int round = 0; round < 300; ++round) {
        AlertPlan plan;
        plan.calendar.working_days = below(2) == 1;
        plan.assign_days = 1 + below(3);
        plan.progress_days = plan.assign_days + below(5);
        plan.resolve_days = plan.progress_days + below(10);
        plan.major_months = 1 + below(3);
        auto const first = sys_days{date("2026-01-01")} + days{below(800)};
        for (int i = below(30); i > 0; --i) {
            auto const day = first + days{below(60)};
            auto const weekday = std::chrono::weekday{day}.iso_encoding();
            auto& dates = weekday > 5 && below(2) == 1 ? plan.calendar.workdays : plan.calendar.holidays;
            dates.emplace_back(day);
        }
        auto const is_off = [&](UtcTime time) {
            auto const day = beijing_date(time);
            auto const listed = [&](std::vector<Date> const& dates) { return std::ranges::find(dates, day) != dates.end(); };
            return listed(plan.calendar.holidays) ||
                   (std::chrono::weekday{sys_days{day}}.iso_encoding() > 5 && !listed(plan.calendar.workdays));
        };
        auto const hour = [](UtcTime time) { return time - beijing_midnight(beijing_date(time)); };
        std::optional<std::array<AlertDeadlines, 2>> before;
        for (auto time = beijing_midnight(Date{first}) + std::chrono::minutes{below(24 * 60)};
             time < beijing_midnight(Date{first + days{60}}); time += days{1}) {
            std::array const now{deadlines_from(plan, time, false), deadlines_from(plan, time, true)};
            for (std::size_t major = 0; major < 2; ++major) {
                auto const& d = now[major];
                EXPECT_LT(time, d.assign_by);
                EXPECT_LE(d.assign_by, d.progress_by);
                EXPECT_LE(d.progress_by, now[0].resolve_by);
                for (auto const by : {d.assign_by, d.progress_by, d.resolve_by}) {
                    EXPECT_EQ(hour(by), hour(time));
                    EXPECT_FALSE(plan.calendar.working_days && is_off(by)) << format_beijing(by);
                }
                if (before) {
                    EXPECT_LE((*before)[major].assign_by, d.assign_by);
                    EXPECT_LE((*before)[major].progress_by, d.progress_by);
                    EXPECT_LE((*before)[major].resolve_by, d.resolve_by);
                }
            }
            before = now;
        }
        if (HasFailure())
            return;
    }
}

}  // namespace
}  // namespace yihong
