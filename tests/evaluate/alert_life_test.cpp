// The life of an alert without a store and without records: causes, deeds and time in; the alert and its steps out.
#include "yihong/evaluate/alert_life.hpp"

#include "yihong/evaluate/alert_routing.hpp"
#include "yihong/evaluate/river_order.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

using namespace std::chrono_literals;

UtcTime const begin = *parse_rfc3339("2026-03-02T08:00:00+08:00");

AlertCause cause(std::string rule, AlertSeverity severity, std::vector<ParameterId> items = {7})
{
    AlertCause made{.rule = std::move(rule),
                    .kind = RuleKind::worse_than_class,
                    .severity = severity,
                    .interval = IntervalKind::four_hours,
                    .since = begin - 4h,
                    .last = begin - 4h,
                    .items = {}};
    for (auto const parameter : items)
        made.items.push_back({.parameter = parameter,
                              .value = Decimal{131, 2},
                              .limit = Decimal{10, 1},
                              .multiple = {},
                              .item_class = 4,
                              .time = begin - 4h});
    return made;
}
AlertCause const notice = cause("exceed-notice", AlertSeverity::notice);
AlertCause const alarm = cause("below-class-iii", AlertSeverity::alert);

class AlertLifeTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        site.id = "middle";
        site.number = 2;
        site.kind = SiteKind::water_section;
        plan.contacts = {{"wang", "王某", "", "", ""}, {"zhao", "赵某", "", "", ""}};
        plan.routes = {{.scope = {}, .level = 0, .contacts = {"wang"}, .channels = {}, .on_duty = false},
                       {.scope = {}, .level = 1, .contacts = {"zhao"}, .channels = {"city"}, .on_duty = false}};
    }

    AlertSurroundings around() const
    {
        return {.plan = plan, .site = &site, .facts = &facts, .gone = gone, .silences = silences, .upstream = {}};
    }

    /// Its steps go to the end of the story.
    void take(AlertTurn turn)
    {
        for (auto const& step : turn.steps) {
            story += (story.empty() ? "" : " ") + std::string{to_text(step.info.kind)} + (step.told ? "" : "(quiet)");
            EXPECT_EQ(step.alert.updated_at, step.info.at);
        }
        alert = std::move(turn.alert);
    }
    void open(std::vector<AlertCause> causes, UtcTime now = begin)
    {
        take(open_alert(make_alert(AlertFamily::water, &site, std::move(causes), nullptr, now), around(), now));
    }
    void causes(std::vector<AlertCause> causes, UtcTime now) { take(follow_causes(alert, std::move(causes), nullptr, around(), now)); }
    void time(UtcTime now) { take(follow_time(alert, around(), now)); }
    std::optional<Errc> act(AlertAction::Kind kind, UtcTime now, std::optional<UtcTime> until = {})
    {
        AlertAction action;
        action.kind = kind;
        action.by = "李值班";
        action.note = "说明";
        action.until = until;
        auto turn = follow_action(alert, action, alert.id, around(), now);
        if (!turn)
            return turn.error().code;
        take(std::move(*turn));
        return std::nullopt;
    }

    AlertPlan plan;
    Site site;
    OverlayFacts facts;
    std::vector<Silence> silences;
    bool gone = false;
    Alert alert;
    std::string story;
};

TEST_F(AlertLifeTest, RisesEasesAndEndsByItself)
{
    open({notice});
    EXPECT_EQ(alert.id, "middle-water-20260301T200000Z") << "by the time of its record";
    causes({notice}, begin + 4h);
    causes({notice, alarm}, begin + 8h);
    EXPECT_EQ(alert.escalate_at, begin + 8h + 30min);
    EXPECT_TRUE(alert.deadlines);
    causes({notice, cause("below-class-iii", AlertSeverity::alert, {7, 9})}, begin + 12h);
    causes({notice}, begin + 16h);
    causes({}, begin + 20h);
    EXPECT_EQ(story, "opened escalated updated eased resolved");
    EXPECT_EQ(alert.state, AlertState::resolved);
    EXPECT_EQ(alert.peak_severity, AlertSeverity::alert);
    EXPECT_EQ(alert.steps, 5U);
    EXPECT_EQ(alert.worst.size(), 2U);
}

TEST_F(AlertLifeTest, ANoticeClosesWithItsEnd)
{
    open({notice});
    causes({}, begin + 4h);
    EXPECT_EQ(story, "opened resolved closed(quiet)") << "one message says both";
    EXPECT_EQ(alert.closed_at, begin + 4h);
}

TEST_F(AlertLifeTest, WhatComesBackWithinADayIsTheSameAlert)
{
    open({alarm});
    EXPECT_FALSE(begins_another(&alert, plan, begin + 1h)) << "it is not over";
    causes({}, begin + 4h);
    EXPECT_FALSE(begins_another(&alert, plan, begin + 28h));
    EXPECT_TRUE(begins_another(&alert, plan, begin + 28h + 1ms));
    EXPECT_TRUE(begins_another(nullptr, plan, begin));
    causes({alarm}, begin + 28h);
    EXPECT_EQ(story, "opened resolved reopened");
    EXPECT_EQ(alert.state, AlertState::open);
    EXPECT_FALSE(alert.resolved_at);
}

TEST_F(AlertLifeTest, APersonsWordStandsForAWhileAgainstTheSameReadings)
{
    open({alarm});
    EXPECT_EQ(act(AlertAction::Kind::resolve, begin + 1h), std::nullopt);
    causes({alarm}, begin + 4h);
    EXPECT_EQ(next_look(alert, plan), begin + 25h);
    time(begin + 25h - 1ms);
    EXPECT_EQ(story, "opened resolved");
    auto const resolved = alert;
    time(begin + 25h);
    EXPECT_EQ(story, "opened resolved reopened");
    alert = resolved;
    causes({alarm, cause("heavy", AlertSeverity::high)}, begin + 4h);
    EXPECT_EQ(story, "opened resolved reopened reopened") << "worse than the person knew";
    alert = resolved;
    causes({}, begin + 4h);
    EXPECT_EQ(story, "opened resolved reopened reopened commented(quiet)") << "the word was right";
    EXPECT_EQ(act(AlertAction::Kind::close, begin + 5h), std::nullopt);
    EXPECT_FALSE(waits_for_time(alert));
    alert = resolved;
    gone = true;
    time(begin + 100h);
    EXPECT_EQ(alert, resolved) << "nothing measures there any more";
}

TEST_F(AlertLifeTest, GoesOneLevelUpOnceThenReminds)
{
    open({alarm});
    EXPECT_EQ(next_look(alert, plan), begin + 30min);
    time(begin + 30min);
    EXPECT_EQ(alert.escalation_level, 1);
    EXPECT_FALSE(alert.escalate_at) << "there is no higher level";
    plan.routes.pop_back();
    alert = {};
    open({alarm});
    time(begin + 30min);
    EXPECT_EQ(story, "opened escalated opened reminded");
}

TEST_F(AlertLifeTest, RemindsOfEachDeadlineOnceAndMarksItOverdue)
{
    plan.acknowledge_within = 0min;
    open({alarm});
    auto const deadlines = alert.deadlines.value();
    EXPECT_EQ(next_look(alert, plan), begin + 12h) << "half of a day, which is less than remind_before";
    for (auto now = begin; now < begin + 24h * 9; now += 1h)
        time(now);
    EXPECT_EQ(story, "opened reminded overdue reminded overdue reminded overdue");
    EXPECT_EQ(next_look(alert, plan), UtcTime::max());

    story.clear();
    open({alarm});
    time(deadlines.resolve_by + 1h);
    EXPECT_EQ(story, "opened overdue overdue overdue") << "at once, after an outage of the service";
}

TEST_F(AlertLifeTest, IsQuietInASilenceAndTellsWhatItOwesAfterwards)
{
    silences = {{.id = "1",
                 .site = "middle",
                 .river = {},
                 .county = {},
                 .rule = "below-class-iii",
                 .begin = begin,
                 .end = begin + 6h,
                 .reason = {},
                 .author = {},
                 .created_at = {}}};
    open({notice});
    causes({notice, alarm}, begin + 4h);
    EXPECT_EQ(story, "opened escalated(quiet)") << "the silence is about the second rule";
    EXPECT_TRUE(alert.owes_notice);
    EXPECT_EQ(next_look(alert, plan), UtcTime::min());
    alert.escalate_at.reset();
    time(begin + 5h);
    time(begin + 6h);
    EXPECT_EQ(story, "opened escalated(quiet) updated");
    EXPECT_FALSE(alert.owes_notice);
    EXPECT_EQ(act(AlertAction::Kind::silence, begin + 7h, begin + 20h), std::nullopt);
    causes({notice, alarm, cause("heavy", AlertSeverity::high)}, begin + 8h);
    EXPECT_EQ(story, "opened escalated(quiet) updated silenced(quiet) escalated") << "asked for when it was less severe";
}

TEST_F(AlertLifeTest, EveryDeedAsksForItsState)
{
    using Kind = AlertAction::Kind;
    open({alarm});
    for (auto const kind : {Kind::reopen, Kind::close})
        EXPECT_EQ(act(kind, begin + 1h), Errc::conflict) << to_text(kind);
    EXPECT_EQ(act(Kind::silence, begin + 1h, begin), Errc::bad_value);
    EXPECT_EQ(act(Kind::silence, begin + 1h, begin + 24h * 91), Errc::bad_value);
    EXPECT_EQ(act(Kind::assign, begin + 1h), std::nullopt);
    EXPECT_EQ(alert.assignee, "李值班");
    EXPECT_EQ(alert.state, AlertState::acknowledged) << "whoever hands it on has seen it";
    EXPECT_EQ(act(Kind::acknowledge, begin + 1h), Errc::conflict);
    EXPECT_EQ(act(Kind::progress, begin + 2h), std::nullopt);
    EXPECT_EQ(act(Kind::resolve, begin + 3h), std::nullopt);
    for (auto const kind : {Kind::acknowledge, Kind::assign, Kind::resolve, Kind::silence})
        EXPECT_EQ(act(kind, begin + 4h), Errc::conflict) << to_text(kind);
    EXPECT_EQ(act(Kind::close, begin + 4h), Errc::conflict) << "the readings have not recovered";
    causes({}, begin + 5h);
    EXPECT_EQ(act(Kind::close, begin + 6h), std::nullopt);
    EXPECT_EQ(act(Kind::progress, begin + 7h), Errc::conflict);
    EXPECT_EQ(act(Kind::reopen, begin + 8h), std::nullopt);
    EXPECT_EQ(story, "opened assigned progressed(quiet) resolved commented(quiet) closed reopened");

    AlertAction action;
    EXPECT_EQ(follow_action(alert, action, alert.id, around(), begin).error().code, Errc::bad_value) << "nobody did it";
    action.by = "李";
    action.note = std::string(4001, 'x');
    EXPECT_EQ(follow_action(alert, action, alert.id, around(), begin).error().code, Errc::too_large);
    action.note.clear();
    action.links = {"ftp://example.invalid"};
    EXPECT_EQ(follow_action(alert, action, alert.id, around(), begin).error().code, Errc::bad_value);
    action.links.clear();
    action.kind = Kind::comment;
    EXPECT_EQ(follow_action(alert, action, alert.id, around(), begin).error().code, Errc::missing_field);
}

TEST_F(AlertLifeTest, NamesWhatMayExplainItOnce)
{
    auto with = around();
    with.upstream = [](Alert const&) { return std::vector<std::string>{"upper-water-1"}; };
    auto const opened = open_alert(make_alert(AlertFamily::water, &site, {notice}, nullptr, begin), with, begin);
    auto const risen = follow_causes(opened.alert, {notice, alarm}, nullptr, with, begin + 4h);
    EXPECT_EQ(risen.alert.consequence_of, std::vector<std::string>{"upper-water-1"});
}

TEST_F(AlertLifeTest, TellsThePeopleOfEveryLevelReachedAndTheChannelsOfItsRules)
{
    std::vector<std::string> const configured{"duty", "city", "mail"};
    plan.rules.resize(2);
    plan.rules[0].id = "exceed-notice";
    plan.rules[0].channels = {"mail", "gone"};
    plan.rules[1].id = "below-class-iii";
    open({notice});
    auto const names = [&] {
        auto const audience = audience_of(alert, plan, &site, &facts, configured, begin);
        std::string text;
        for (auto const* contact : audience.contacts)
            text += contact->id + " ";
        for (auto const& channel : audience.channels)
            text += channel + " ";
        return text;
    };
    EXPECT_EQ(names(), "wang mail ") << "a channel that is not configured is none";
    alert.escalation_level = 1;
    EXPECT_EQ(names(), "wang zhao mail city ");
    alert.rules = {"below-class-iii"};
    alert.escalation_level = 0;
    EXPECT_EQ(names(), "wang duty city mail ") << "a rule that names no channel means every one";
    EXPECT_TRUE(audience_of(alert, plan, nullptr, nullptr, configured, begin).contacts.empty()) << "the service's own";
}

TEST(RiverOrder, NamesWhatLiesUpstreamTheNearestFirst)
{
    std::vector<OverlayFacts> facts(6);
    std::vector<Site> sites(6);
    auto const place = [&](std::size_t i, std::string river, std::optional<double> chainage) {
        facts[i].rivers = {{.name = std::move(river), .distance_m = 0, .chainage_km = chainage, .accuracy_m = {}}};
    };
    place(0, "汾河", 90.0);
    place(1, "汾河", 10.0);
    place(2, "涑水河", 5.0);
    place(3, "汾河", 40.0);
    place(4, "汾河", std::nullopt);
    place(5, "汾河", 40.0);
    RiverOrder const order{sites, facts};
    EXPECT_EQ(order.upstream(0), (std::vector<RiverOrder::Upstream>{{3, 50.0}, {5, 50.0}, {1, 80.0}}));
    EXPECT_EQ(order.upstream(3), (std::vector<RiverOrder::Upstream>{{1, 30.0}})) << "a neighbour at the same place is not upstream";
    EXPECT_TRUE(order.upstream(1).empty());
    EXPECT_TRUE(order.upstream(2).empty());
    EXPECT_TRUE(order.upstream(4).empty());
    EXPECT_TRUE(RiverOrder{}.upstream(0).empty());
}

}  // namespace
}  // namespace yihong
