// What the channels of an alert are told, and what they are spared.
#include "yihong/evaluate/alert_life.hpp"
#include "yihong/evaluate/duty.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

using namespace std::chrono_literals;

UtcTime const begin = *parse_rfc3339("2026-11-02T08:00:00+08:00");
constexpr ParameterId ammonia = 7, codmn = 4;

Exceedance item(ParameterId parameter, int hundredths, int item_class)
{
    return {.parameter = parameter,
            .value = Decimal{hundredths, 2},
            .limit = Decimal{10, 1},
            .multiple = {},
            .item_class = item_class,
            .time = begin};
}

AlertCause cause(std::string rule, AlertSeverity severity, std::vector<Exceedance> items)
{
    return {.rule = std::move(rule),
            .kind = RuleKind::worse_than_class,
            .severity = severity,
            .interval = IntervalKind::four_hours,
            .since = begin,
            .last = begin,
            .items = std::move(items)};
}

class LessNoise : public ::testing::Test {
protected:
    void SetUp() override { site.id = "middle"; }

    AlertSurroundings around() const { return {.plan = plan, .site = &site, .facts = &facts, .silences = {}, .upstream = {}}; }
    void take(AlertTurn turn)
    {
        for (auto const& step : turn.steps) {
            story += (story.empty() ? "" : " ") + std::string{to_text(step.info.kind)} + (step.told ? "" : "(quiet)");
            last_note = step.info.note;
        }
        alert = std::move(turn.alert);
    }
    void open(std::vector<AlertCause> causes, UtcTime now = begin)
    {
        take(open_alert(make_alert(family, &site, std::move(causes), nullptr, now), around(), now));
    }
    void causes(std::vector<AlertCause> causes, UtcTime now) { take(follow_causes(alert, std::move(causes), nullptr, around(), now)); }
    void time(UtcTime now) { take(follow_time(alert, around(), now)); }
    void act(AlertAction::Kind kind, UtcTime now)
    {
        AlertAction action;
        action.kind = kind;
        action.by = "李值班";
        action.note = "说明";
        auto turn = follow_action(alert, action, alert.id, around(), now);
        ASSERT_TRUE(turn);
        take(std::move(*turn));
    }
    std::string told_since()
    {
        auto const news = story.substr(std::min(seen, story.size()));
        seen = story.size();
        return news;
    }

    AlertPlan plan;
    Site site;
    OverlayFacts facts;
    AlertFamily family = AlertFamily::water;
    Alert alert;
    std::string story, last_note;
    std::size_t seen = 0;
};

AlertCause const notice = cause("notice", AlertSeverity::notice, {item(ammonia, 131, 4)});
AlertCause const alarm = cause("twice", AlertSeverity::alert, {item(ammonia, 131, 4)});

TEST_F(LessNoise, WhatIsKnownForLongIsToldWhenItIsWorseThanAnythingTold)
{
    open({notice, alarm});
    causes({notice}, begin + 20h);
    EXPECT_EQ(told_since(), "opened eased");
    causes({notice, alarm}, begin + 28h);
    causes({notice}, begin + 32h);
    EXPECT_EQ(told_since(), " escalated(quiet) eased(quiet)") << "all of this was told before";
    causes({cause("notice", AlertSeverity::notice, {item(ammonia, 170, 5)})}, begin + 36h);
    EXPECT_EQ(told_since(), " updated") << "a worse class";
    causes({cause("notice", AlertSeverity::notice, {item(ammonia, 250, 6)})}, begin + 40h);
    causes({cause("notice", AlertSeverity::notice, {item(ammonia, 499, 6)})}, begin + 44h);
    EXPECT_EQ(told_since(), " updated") << "the second is worse, but not by far";
    causes({cause("notice", AlertSeverity::notice, {item(ammonia, 500, 6)})}, begin + 48h);
    EXPECT_EQ(told_since(), " updated") << "twice the value";
    causes({cause("notice", AlertSeverity::notice, {item(codmn, 700, 4), item(ammonia, 500, 6)})}, begin + 52h);
    EXPECT_EQ(told_since(), " updated") << "another item";
    causes({notice, alarm, cause("heavy", AlertSeverity::high, {item(ammonia, 250, 6)})}, begin + 56h);
    EXPECT_EQ(told_since(), " escalated") << "more severe than ever";
    EXPECT_EQ(alert.told.messages, 7U);
    EXPECT_EQ(alert.told.severity, AlertSeverity::high);
}

TEST_F(LessNoise, WhatKeepsComingBackIsToldOnce)
{
    open({notice});
    causes({}, begin + 30h);
    EXPECT_EQ(told_since(), "opened resolved closed(quiet)") << "its first end is news";
    EXPECT_FALSE(begins_another(&alert, plan, begin + 54h)) << "a notice that closed by itself comes back as any other does";
    EXPECT_TRUE(begins_another(&alert, plan, begin + 54h + 1ms));
    causes({notice}, begin + 34h);
    EXPECT_EQ(told_since(), " reopened") << "they were told that it is over";
    causes({}, begin + 46h);
    causes({notice}, begin + 50h);
    causes({}, begin + 60h);
    EXPECT_EQ(told_since(), " resolved(quiet) closed(quiet) reopened(quiet) resolved(quiet) closed(quiet)");
}

TEST_F(LessNoise, WhatASilenceHoldsBackIsOneStepUntilItEnds)
{
    open({notice});
    act(AlertAction::Kind::silence, begin + 1h);
    for (int i = 1; i <= 4; ++i)
        causes({cause("notice", AlertSeverity::notice, {item(ammonia, 170, 5)})}, begin + 2h * i);
    EXPECT_EQ(story, "opened silenced(quiet) updated(quiet)");
    time(begin + 26h);
    EXPECT_EQ(story, "opened silenced(quiet) updated(quiet) updated");
}

TEST_F(LessNoise, AirAndDischargesHaveNoClass)
{
    auto const index = [](int aqi) {
        return Exceedance{.parameter = 0, .value = Decimal{aqi, 0}, .limit = Decimal{150, 0}, .multiple = {}, .time = begin};
    };
    open({cause("air", AlertSeverity::alert, {index(160)})});
    causes({cause("air", AlertSeverity::alert, {index(199)})}, begin + 30h);
    EXPECT_EQ(told_since(), "opened");
    causes({cause("air", AlertSeverity::alert, {index(201)})}, begin + 31h);
    EXPECT_EQ(told_since(), " updated") << "another level of the index";
    open({cause("plant", AlertSeverity::alert, {item(5, 5000, 0)})});
    causes({cause("plant", AlertSeverity::alert, {item(5, 9900, 0)})}, begin + 30h);
    EXPECT_EQ(told_since(), " opened");
    causes({cause("plant", AlertSeverity::alert, {item(5, 10000, 0)})}, begin + 31h);
    EXPECT_EQ(told_since(), " updated") << "twice the value";
}

TEST_F(LessNoise, IsSwitchedOffByTheKey)
{
    plan.known_after = 0h;
    open({notice, alarm});
    causes({notice}, begin + 100h);
    causes({notice, alarm}, begin + 104h);
    EXPECT_EQ(story, "opened eased escalated");
}

TEST_F(LessNoise, TheEndOfANoticeIsOneMessage)
{
    open({notice});
    causes({}, begin + 8h);
    EXPECT_EQ(story, "opened resolved closed(quiet)");
    EXPECT_EQ(alert.told.messages, 2U);
}

TEST_F(LessNoise, AReopenedNoticeHasNoOldClock)
{
    open({notice, alarm});
    ASSERT_TRUE(alert.deadlines);
    act(AlertAction::Kind::assign, begin + 1h);
    causes({}, begin + 4h);
    causes({notice}, begin + 8h);
    EXPECT_EQ(alert.state, AlertState::open);
    EXPECT_FALSE(alert.deadlines);
    EXPECT_FALSE(alert.escalate_at);
    EXPECT_FALSE(alert.assigned_at);
    EXPECT_EQ(next_look(alert, plan), UtcTime::max());
    causes({notice, alarm}, begin + 12h);
    EXPECT_EQ(alert.registered_at, begin + 12h);
    EXPECT_EQ(alert.deadlines->assign_by, begin + 36h);
    EXPECT_EQ(alert.escalate_at, begin + 12h + 30min);
    act(AlertAction::Kind::resolve, begin + 13h);
    act(AlertAction::Kind::reopen, begin + 600h);
    time(begin + 600h + 29min);
    EXPECT_EQ(story, "opened assigned resolved reopened escalated resolved reopened") << "nothing of the old deadlines is due";
    EXPECT_EQ(alert.deadlines->assign_by, begin + 624h);
}

TEST_F(LessNoise, RemindersThatAreNotUrgentWaitForTheMorning)
{
    auto const evening = *parse_rfc3339("2026-11-02T21:45:00+08:00");
    open({notice, alarm}, evening);
    EXPECT_EQ(alert.escalate_at, evening + 30min);
    time(evening + 31min);
    time(evening + 9h);                            // 06:45
    EXPECT_EQ(story, "opened");
    time(evening + 9h + 15min);
    EXPECT_EQ(story, "opened reminded");
    EXPECT_EQ(alert.told.reminders, 1U);
}

TEST_F(LessNoise, DeadlinesToo)
{
    auto const evening = *parse_rfc3339("2026-11-02T23:00:00+08:00");
    open({notice, alarm}, evening);
    act(AlertAction::Kind::acknowledge, evening + 1min);
    // assigning is due at 23:00 on the next day, half of which is the reminder at 11:00
    EXPECT_EQ(next_look(alert, plan), evening + 12h);
    time(evening + 12h);
    EXPECT_EQ(next_look(alert, plan), *parse_rfc3339("2026-11-04T07:00:00+08:00"));
    time(evening + 25h);
    EXPECT_EQ(story, "opened acknowledged reminded");
    time(*parse_rfc3339("2026-11-04T07:00:00+08:00"));
    EXPECT_EQ(story, "opened acknowledged reminded overdue");
}

TEST_F(LessNoise, SevereOnesNeverWaitAndAreRepeatedUntilSomebodyAcknowledges)
{
    auto const night = *parse_rfc3339("2026-11-03T01:00:00+08:00");
    plan.repeat_every = 45min;
    open({cause("heavy", AlertSeverity::high, {item(ammonia, 250, 6)})}, night);
    time(night + 30min);
    time(night + 30min + 44min);
    EXPECT_EQ(story, "opened reminded");
    for (int i = 1; i <= 3; ++i)
        time(night + 30min + 45min * i);
    EXPECT_EQ(story, "opened reminded reminded reminded reminded");
    act(AlertAction::Kind::acknowledge, night + 3h);
    time(night + 10h);
    EXPECT_EQ(story, "opened reminded reminded reminded reminded acknowledged");
    EXPECT_FALSE(alert.escalate_at);
}

TEST_F(LessNoise, RepeatsComeAtTheLastLevel)
{
    plan.routes = {{.scope = {}, .level = 0, .contacts = {}, .channels = {"a"}},
                   {.scope = {}, .level = 1, .contacts = {}, .channels = {"b"}}};
    open({cause("heavy", AlertSeverity::high, {item(ammonia, 250, 6)})});
    time(begin + 30min);
    EXPECT_EQ(alert.escalation_level, 1);
    time(begin + 90min);
    time(begin + 150min);
    EXPECT_EQ(story, "opened escalated reminded reminded");
    EXPECT_EQ(alert.escalation_level, 1);
    plan.repeat_every = 0min;
    time(begin + 210min);
    time(begin + 600min);
    EXPECT_EQ(story, "opened escalated reminded reminded reminded") << "none is set any more";
}

TEST(QuietHours, EndInTheMorning)
{
    DailyHours const night{22h, 7h};
    EXPECT_TRUE(is_within(night, *parse_rfc3339("2026-11-02T22:00:00+08:00")));
    EXPECT_TRUE(is_within(night, *parse_rfc3339("2026-11-03T06:59:59+08:00")));
    EXPECT_FALSE(is_within(night, *parse_rfc3339("2026-11-03T07:00:00+08:00")));
    EXPECT_EQ(end_of(night, *parse_rfc3339("2026-11-02T23:00:00+08:00")), *parse_rfc3339("2026-11-03T07:00:00+08:00"));
    EXPECT_EQ(end_of(night, begin), begin);
    EXPECT_EQ(end_of({1h, 5h}, *parse_rfc3339("2026-11-03T02:00:00+08:00")), *parse_rfc3339("2026-11-03T05:00:00+08:00"));
    EXPECT_FALSE(is_within({}, begin)) << "from equal to to: never";
}

AlertCause month(std::string_view last, bool over, std::vector<Exceedance> items = {item(codmn, 800, 4)})
{
    auto made = cause("month", AlertSeverity::notice, std::move(items));
    made.kind = RuleKind::month_mean;
    made.last = *parse_rfc3339(last);
    made.mean_class = made.items.empty() ? 2 : 4;
    made.month_over = over;
    return made;
}

class MonthAlert : public LessNoise {
protected:
    void SetUp() override
    {
        LessNoise::SetUp();
        family = AlertFamily::month;
        site.target_class = 3;
    }
};

TEST_F(MonthAlert, HasItsResultToldOnce)
{
    open({month("2026-11-20T20:00:00+08:00", false)});
    causes({month("2026-11-30T20:00:00+08:00", true)}, begin + 30 * 24h);
    EXPECT_EQ(story, "opened resolved closed(quiet)");
    EXPECT_EQ(last_note, "");
    EXPECT_TRUE(alert.causes.empty());
    causes({month("2026-11-30T20:00:00+08:00", true)}, begin + 30 * 24h + 1h);
    EXPECT_EQ(story, "opened resolved closed(quiet)") << "a correction that leaves the result says nothing new";
    causes({month("2026-11-30T20:00:00+08:00", true, {})}, begin + 30 * 24h + 2h);
    EXPECT_EQ(story, "opened resolved closed(quiet) updated");
    EXPECT_EQ(last_note, "数据更正后，2026年11月均值为Ⅱ类，达到Ⅲ类");
}

TEST_F(MonthAlert, TheResultSaysClassAndTarget)
{
    open({month("2026-11-30T20:00:00+08:00", true)}, begin + 30 * 24h);
    EXPECT_EQ(story, "opened resolved(quiet) closed(quiet)") << "one message says it all";
    auto turn = open_alert(make_alert(family, &site, {month("2026-11-30T20:00:00+08:00", true)}, nullptr, begin), around(), begin);
    EXPECT_EQ(turn.steps.front().info.note, "2026年11月均值为Ⅳ类，未达到Ⅲ类");
    EXPECT_EQ(turn.steps.front().info.note_en, "mean of 2026-11: class IV, misses class III");
}

TEST_F(MonthAlert, MayBeMetInTheEnd)
{
    open({month("2026-11-20T20:00:00+08:00", false)});
    auto turn = follow_causes(alert, {month("2026-11-30T20:00:00+08:00", true, {})}, nullptr, around(), begin + 30 * 24h);
    EXPECT_EQ(turn.steps.front().info.note, "2026年11月均值为Ⅱ类，达到Ⅲ类");
    EXPECT_EQ(turn.steps.front().info.note_en, "mean of 2026-11: class II, meets class III");
    EXPECT_TRUE(turn.steps.front().told);
    EXPECT_TRUE(is_met_month({month("2026-11-30T20:00:00+08:00", true, {})}));
}

TEST_F(MonthAlert, BadNovemberAndBadDecemberAreTwo)
{
    open({month("2026-11-20T20:00:00+08:00", false)});
    EXPECT_FALSE(begins_another(&alert, plan, begin, {month("2026-11-21T20:00:00+08:00", false)}));
    EXPECT_TRUE(begins_another(&alert, plan, begin, {month("2026-12-10T20:00:00+08:00", false)}));
    causes({}, begin + 48h);
    EXPECT_FALSE(begins_another(&alert, plan, begin + 200h, {month("2026-11-28T20:00:00+08:00", false)}))
        << "one a month, however long ago it recovered";
    causes({month("2026-11-28T20:00:00+08:00", false)}, begin + 200h);
    EXPECT_EQ(alert.state, AlertState::open);
    EXPECT_EQ(story, "opened resolved closed(quiet) reopened");
}

}  // namespace
}  // namespace yihong
