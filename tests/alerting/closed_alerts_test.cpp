// Closed alerts leave memory and stay in the store: what leaves, what comes back, and what they cost from then on.
#include "fixture.hpp"

#include <fmt/format.h>

namespace yihong::testing {
namespace {

/// A store whose alerts are counted as they are read.
class CountedAlerts final : public Alerts {
public:
    explicit CountedAlerts(Alerts const& from) : from_{from} {}
    std::vector<Alert> open_alerts() const override { return counted(from_.open_alerts()); }
    std::vector<Alert> closed_alerts(ClosedAlertsQuery const& query) const override { return counted(from_.closed_alerts(query)); }
    std::optional<Alert> find_alert(std::string_view id) const override
    {
        auto found = from_.find_alert(id);
        read += found ? 1 : 0;
        return found;
    }
    std::vector<Silence> silences() const override { return from_.silences(); }

    mutable std::size_t read = 0;

private:
    std::vector<Alert> counted(std::vector<Alert> alerts) const
    {
        read += alerts.size();
        return alerts;
    }
    Alerts const& from_;
};

/// A notice that closed by itself with the third good record, at `begin` + 20 h 5 min.
class AClosedAlert : public AlertingTest {
protected:
    void SetUp() override
    {
        AlertingTest::SetUp();
        run("middle", ".x...");
        ASSERT_EQ(steps(), "opened resolved closed");
    }
    [[nodiscard]] std::size_t in_memory() const { return alerting->published()->alerts.size(); }
    [[nodiscard]] std::size_t features() { return alerting->collection("v")->features().size(); }

    std::string const id = "middle-water-20260302T040000Z";
    UtcTime const closed_at = begin + 20h + 5min;
    UtcTime const over = closed_at + keep_closed + 1ms;
};

TEST_F(AClosedAlert, LeavesMemoryWhenItsTimeIsOverAndStaysInTheStore)
{
    auto const as_kept = kept->find_alert(id);
    tick(over - 1ms);
    EXPECT_EQ(in_memory(), 1U);
    auto const commits = kept->commits;
    tick(over);
    EXPECT_EQ(in_memory(), 0U);
    EXPECT_EQ(features(), 0U);
    EXPECT_EQ(alerting->published()->closed_since, closed_at + 1ms);
    EXPECT_EQ(alerting->published()->steps, 3U) << "they are counted wherever their alert is";
    EXPECT_EQ(kept->commits, commits) << "nothing changed in the store";
    EXPECT_EQ(kept->find_alert(id), as_kept);
    EXPECT_EQ(kept->story(alert_topic, id).size(), 3U);
    start(over);
    EXPECT_EQ(in_memory(), 0U) << "a start finds the same";
    start(over - 1ms);
    EXPECT_EQ(in_memory(), 1U);
}

TEST_F(AClosedAlert, LeavesTheOthersAsTheyAre)
{
    run("upper", "xx");
    run("lower", ".....x...", begin + 24h);        // closed a day later
    auto const seen_before = alerting->collection("v")->features();
    ASSERT_EQ(seen_before.size(), 3U);
    tick(over);
    std::vector<std::string> ids;
    for (auto const& alert : alerting->published()->alerts)
        ids.push_back(alert->site_id);
    EXPECT_EQ(ids, (std::vector<std::string>{"lower", "lower", "upper"})) << "the first one: no data for a month";
    auto const after = alerting->collection("v");
    for (auto const& before : seen_before)
        if (before->id().starts_with("lower-water"))
            EXPECT_EQ(after->find(before->id()), before) << "made anew for nothing";
}

TEST_F(AClosedAlert, IsLoadedWhenSomebodyCommentsOnItAndLeavesAgain)
{
    tick(over);
    ASSERT_TRUE(act_on(id, AlertAction::Kind::comment, "补充调查结论", over + 1h));
    EXPECT_EQ(in_memory(), 1U);
    EXPECT_EQ(kept->find_alert(id)->steps, 4U);
    EXPECT_EQ(kept->story(alert_topic, id).size(), 4U);
    tick(over + 2h);
    EXPECT_EQ(in_memory(), 0U) << "it is as long closed as it was";
    EXPECT_EQ(act_on(id, AlertAction::Kind::acknowledge, "", over + 3h).error().code, Errc::conflict);
    EXPECT_EQ(act_on("nobody", AlertAction::Kind::comment, "x", over + 3h).error().code, Errc::not_found);
    EXPECT_EQ(in_memory(), 0U);
}

TEST_F(AClosedAlert, ACommentAndTheClockMayShareACommit)
{
    tick(over - 1ms);
    AlertAction action{.kind = AlertAction::Kind::comment, .alert = id, .by = "李值班", .from = {}, .note = "x", .assignee = {}};
    WriteGroup group;
    ASSERT_TRUE(alerting->act(action, over, group));
    alerting->tick(over, group);
    commit(group);
    EXPECT_EQ(kept->find_alert(id)->steps, 4U) << "what leaves with its own commit would be lost to it";
    tick(over + 1s);
    EXPECT_EQ(in_memory(), 0U);
}

TEST_F(AClosedAlert, IsKeptAgainWhenItIsReopenedUntilItHasBeenClosedForAsLong)
{
    tick(over);
    ASSERT_TRUE(act_on(id, AlertAction::Kind::reopen, "", over + 1h));
    tick(over + 100h * 24);
    EXPECT_EQ(newest().state, AlertState::open);
    EXPECT_EQ(alerting->standing(world->sites->find("middle")->number)->id, id);
    ASSERT_TRUE(act(AlertAction::Kind::resolve, "", over + 2500h));
    if (newest().state != AlertState::closed)
        ASSERT_TRUE(act(AlertAction::Kind::close, "", over + 2500h));
    tick(over + 2500h + keep_closed - 1h);
    EXPECT_EQ(in_memory(), 1U);
    tick(over + 2500h + keep_closed + 1h);
    EXPECT_EQ(in_memory(), 0U);
}

TEST_F(AClosedAlert, IsNotReopenedWhereANewerOneOfItsSiteAndFamilyWasClosedSince)
{
    run("middle", "x...", begin + 48h);
    run("lower", "x...", begin + 48h);
    ASSERT_EQ(in_memory(), 3U);
    tick(begin + 100 * 24h);
    auto const refused = act_on(id, AlertAction::Kind::reopen, "", begin + 100 * 24h);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_NE(refused.error().detail.find("middle-water-20260304T000000Z"), std::string::npos) << refused.error().detail;
    EXPECT_TRUE(act_on("middle-water-20260304T000000Z", AlertAction::Kind::reopen, "", begin + 100 * 24h));
}

TEST_F(AClosedAlert, WhatComesAfterItIsAnotherAndNeverHasItsId)
{
    tick(over);
    seen.clear();                                  // its records were dropped, and the same come again
    run("middle", "x", begin + 4h);
    auto const another = newest();
    EXPECT_TRUE(another.id.starts_with(id)) << another.id;
    EXPECT_NE(another.id, id);
    EXPECT_EQ(kept->find_alert(id)->state, AlertState::closed) << "overwritten by another";
    EXPECT_EQ(every_alert(*kept).size(), 2U);
}

TEST_F(AClosedAlert, StaysAsLongAsTheRulesLookBack)
{
    keep_closed = 1h;
    auto plan = *world->alerts;
    plan.reopen_within = 24h;
    plan.upstream_hours = 48h;
    use(plan);
    start(closed_at + 30h);
    tick(closed_at + 30h);
    EXPECT_EQ(in_memory(), 1U);
    tick(closed_at + 49h);
    EXPECT_EQ(in_memory(), 0U);
    plan.upstream_hours = 100h;                    // a reload looks further back
    world = make_world(world->standards, world->sites->all(), world->layers, std::make_shared<AlertPlan const>(plan));
    alerting->use(world);
    tick(closed_at + 50h);
    EXPECT_EQ(in_memory(), 1U);
    EXPECT_EQ(features(), 1U);
}

TEST_F(AClosedAlert, ALostCommitBringsNothingBack)
{
    tick(over);
    lose_commits = true;
    ASSERT_TRUE(act_on(id, AlertAction::Kind::comment, "x", over + 1h));
    lose_commits = false;
    tick(over + 2h);
    EXPECT_EQ(in_memory(), 0U);
    EXPECT_EQ(kept->find_alert(id)->steps, 3U);
}

TEST_F(AlertingTest, AHundredThousandClosedAlertsCostAStartAndAPublicationNothing)
{
    constexpr std::size_t old = 100'000;
    WriteGroup group;
    Alert alert;
    alert.site_id = "middle";
    alert.site = world->sites->find("middle")->number;
    alert.state = AlertState::closed;
    for (std::size_t n = 0; n < old; ++n) {
        alert.opened_at = begin - 40 * 24h - 1h * static_cast<int>(n);
        alert.closed_at = alert.updated_at = alert.opened_at + 30min;
        alert.id = fmt::format("middle-water-{}", n);
        group.alerts.changed.push_back(alert);
    }
    kept->commit(group);
    CountedAlerts const counted{*kept};
    read_from = &counted;
    start();
    EXPECT_EQ(counted.read, 0U) << "a start reads what it keeps";
    run("upper", "xx");
    run("middle", ".x...");
    EXPECT_EQ(alerting->published()->alerts.size(), 2U);
    EXPECT_EQ(alerting->collection("v")->features().size(), 2U);
    tick(begin + 21h);
    start(begin + 21h);
    EXPECT_EQ(alerting->published()->alerts.size(), 2U);
    EXPECT_EQ(counted.read, 2U);
    EXPECT_EQ(every_alert(*kept).size(), old + 2);
}

}  // namespace
}  // namespace yihong::testing
