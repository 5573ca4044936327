// The life of alerts over a store in memory: what is raised, told, chained and kept.
#include "fixture.hpp"

#include "yihong/write/chained_hash.hpp"

#include <random>

namespace yihong::testing {
namespace {

TEST_F(AlertingTest, OneAlertRisesAndFallsInsteadOfMultiplying)
{
    run("middle", ".xxXxxx...");
    EXPECT_EQ(steps(), "opened escalated escalated eased resolved");
    auto const alert = newest();
    EXPECT_EQ(alert.id, "middle-water-20260302T040000Z");
    EXPECT_EQ(alert.state, AlertState::resolved);
    EXPECT_EQ(alert.peak_severity, AlertSeverity::high);
    EXPECT_EQ(alert.peak_class, 6);
    EXPECT_EQ(alert.water_class, 2) << "what it was at its end";
    ASSERT_EQ(alert.worst.size(), 1U);
    EXPECT_EQ(alert.worst[0].value, (Decimal{250, 2}));
    EXPECT_EQ(alert.worst[0].multiple, (Decimal{15, 1}));
    EXPECT_EQ(alert.first_time, begin + 4h);
    EXPECT_FALSE(alert.resolved_by_person);
    EXPECT_EQ(told("duty"), (std::vector<std::string>{"opened", "escalated", "escalated", "eased", "resolved"}));
    EXPECT_EQ(every_alert(*kept), std::vector{alert});
}

TEST_F(AlertingTest, ANoticeClosesByItself)
{
    run("middle", ".x...");
    EXPECT_EQ(steps(), "opened resolved closed");
    EXPECT_EQ(newest().state, AlertState::closed);
    EXPECT_FALSE(newest().deadlines);
    EXPECT_FALSE(newest().escalate_at);
}

TEST_F(AlertingTest, ComingBackWithinADayReopensAndLaterIsAnother)
{
    run("middle", "xx...x");
    EXPECT_EQ(steps(), "opened escalated resolved reopened");
    run("middle", "x...", begin + 24h);
    run("middle", "........x", begin + 40h);
    EXPECT_EQ(steps(), "opened escalated resolved reopened escalated resolved opened");
    EXPECT_EQ(alerting->published()->alerts.size(), 2U);
}

TEST_F(AlertingTest, EveryStepIsChainedToTheOneBefore)
{
    run("middle", "xxX....");
    run("lower", "x....");
    std::string hash;
    std::uint64_t number = 0;
    for (auto const& step : kept->journal(alert_topic, 0, 1000)) {
        hash = chained_hash(hash, step.document);
        EXPECT_EQ(step.hash, hash);
        EXPECT_EQ(step.number, ++number);
    }
    EXPECT_EQ(number, 7U);
    EXPECT_EQ(kept->story(alert_topic, "middle-water-20260302T000000Z").size(), 4U);
}

TEST_F(AlertingTest, TellsTheWholeStoryWithItsEvidence)
{
    run("upper", "x");
    run("middle", "x");
    auto const document = kept->story(alert_topic, newest().id).at(0).document;
    for (
        auto const* part :
        {R"("specversion":"1.0","id":"middle-water-20260302T000000Z.1")", R"("type":"yihong.alert.opened")", R"("water_class":4)",
         R"("parameter":"ammonia_nitrogen","name":"氨氮","name_en":"Ammonia nitrogen","value":1.31,"unit":"mg/L","limit":1,"multiple":0.3,"class":4)",
         R"("title":"【提示】断面middle水质Ⅳ类：氨氮 1.31 mg/L")", "氨氮 1.31 mg/L（Ⅳ类，高于Ⅲ类限值1，超标0.3倍）",
         R"("standard":"GB 3838-2002")", R"("clause_zh":"表1 第7项")", "PW=******;", R"("river":"汾河","river_chainage_km":40)",
         R"("upstream":[{"site":"upper")", R"("distance_km":30)", R"("likely_consequence_of":["upper-water-20260302T000000Z"])",
         "https://water.example.invalid/api/v1/alerts/middle-water-20260302T000000Z"})
        EXPECT_NE(document.find(part), std::string::npos) << part << "\n" << document;
    EXPECT_EQ(document.find("123456"), std::string::npos) << "the password of a station";
    constexpr std::string_view shown = "##0101QN=1;ST=21;CN=2061;PW=******;MN=A;Flag=5;CP=&&x&&****\r\n";
    EXPECT_NE(document.find("\"sha256\":\"" + chained_hash({}, shown)), std::string::npos) << "of the frame as it is shown\n" << document;
    EXPECT_EQ(document.find("13800000000"), std::string::npos) << "telephone numbers are for the channels";
    EXPECT_NE(kept->outbox("alert:duty", 0, 10).at(0).payload.find("13800000000"), std::string::npos);
}

TEST_F(AlertingTest, UpstreamOfAnotherPollutantExplainsNothing)
{
    run("lower", "x");
    run("middle", "x");
    EXPECT_TRUE(newest().consequence_of.empty()) << "lower lies downstream";
}

TEST_F(AlertingTest, NobodyAcknowledgingTakesItOneLevelUpOnce)
{
    run("middle", "xx");
    auto const due = newest().escalate_at.value();
    EXPECT_EQ(due, begin + 4h + 4h + 5min + 30min);
    tick(due - 1s);
    EXPECT_EQ(steps(), "opened escalated");
    tick(due);
    tick(due + 5h);
    EXPECT_EQ(steps(), "opened escalated escalated");
    EXPECT_EQ(newest().escalation_level, 1);
    EXPECT_NE(kept->outbox("alert:city", 0, 10).back().payload.find("赵某"), std::string::npos);
}

TEST_F(AlertingTest, WhatIsDueByAClockThatWasAheadCountsAnewOnceThatIsSetBack)
{
    auto const ahead = begin + std::chrono::days{300};
    start(ahead);
    run("lower", ".", ahead);
    run("middle", "xx", ahead);
    tick(ahead + 8h + 6min);
    ASSERT_EQ(newest().escalate_at, ahead + 8h + 35min);
    for (bool const runs_on : {true, false}) {         // while it runs, or between two starts
        auto const now = runs_on ? begin : begin - 24h;
        if (!runs_on)
            start(now);
        tick(now);
        EXPECT_EQ(newest().escalate_at, now + 30min) << runs_on;
        EXPECT_EQ(newest().deadlines.value().assign_by, now + 24h) << runs_on;
    }
    EXPECT_EQ(steps(), "opened escalated updated updated");
    tick(begin - 24h + 30min);
    EXPECT_EQ(steps(), "opened escalated updated updated escalated");
    tick(begin - 15h);
    EXPECT_EQ(steps(), "opened escalated updated updated escalated opened") << "a site that was heard by that clock is missed";
}

TEST_F(AlertingTest, AcknowledgingStopsTheEscalation)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::acknowledge, "看到了", begin + 8h + 10min));
    tick(begin + 17h);
    EXPECT_EQ(steps(), "opened escalated acknowledged");
    EXPECT_EQ(newest().acknowledged_by, "李值班");
    EXPECT_EQ(act(AlertAction::Kind::acknowledge).error().code, Errc::conflict);
}

TEST_F(AlertingTest, DeadlinesAreRemindedOnceAndMarkedOverdue)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::acknowledge, "", begin + 8h + 10min));
    auto const deadlines = newest().deadlines.value();
    auto const opened = newest().opened_at + 4h;   // it became an alert with the second record
    EXPECT_EQ(deadlines.assign_by, opened + 24h);
    EXPECT_EQ(deadlines.progress_by, opened + 72h);
    EXPECT_EQ(deadlines.resolve_by, opened + 168h);
    for (auto now = opened; now < opened + 200h; now += 1h)
        tick(now);
    EXPECT_EQ(steps(), "opened escalated acknowledged reminded overdue reminded overdue reminded overdue");
}

TEST_F(AlertingTest, OtherRulesMoveTheRemindersOfAlertsThatStand)
{
    auto plan = *world->alerts;
    plan.remind_before = 1h;
    use(plan);
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::acknowledge, "", begin + 8h + 10min));
    auto const now = newest().deadlines.value().assign_by - 3h;
    tick(now);
    EXPECT_EQ(steps(), "opened escalated acknowledged");
    plan.remind_before = 6h;
    world = make_world(world->standards, world->sites->all(), world->layers, std::make_shared<AlertPlan const>(plan));
    alerting->use(world);
    tick(now + 1s);
    EXPECT_EQ(steps(), "opened escalated acknowledged reminded");
}

TEST_F(AlertingTest, AnAlertMayOpenAndBeOverdueInOneCommit)
{
    std::vector<Record> const records{drawn("middle", 'x', begin), drawn("middle", 'x', begin + 4h)};
    WriteGroup group;
    for (std::size_t n = 1; n <= records.size(); ++n) {
        RecordsBack const back = [&records, n](std::size_t i) { return i < n ? &records[n - 1 - i] : nullptr; };
        alerting->on_record({.record = records[n - 1], .before = nullptr, .back = back, .received_at = records[n - 1].received_at}, {},
                            group);
    }
    alerting->tick(begin + 408h, group);           // each step of the clock replaces the alert that it began from
    commit(group);
    EXPECT_EQ(steps(), "opened escalated escalated overdue overdue overdue");
}

TEST_F(AlertingTest, AssigningAndReportingMeetTheirDeadlines)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::assign, "请河津市处理", begin + 9h));
    EXPECT_EQ(newest().state, AlertState::acknowledged) << "whoever hands it on has seen it";
    EXPECT_EQ(act(AlertAction::Kind::progress, "").error().code, Errc::missing_field);
    for (auto now = begin + 9h; now < begin + 100h; now += 1h) {
        if (now == begin + 30h)
            ASSERT_TRUE(act(AlertAction::Kind::progress, "已派人", now));
        tick(now);
    }
    EXPECT_EQ(steps(), "opened escalated assigned progressed");
}

TEST_F(AlertingTest, WithoutFurtherWordsOneTakesItOnAndSilencesForADay)
{
    run("middle", "xx");
    AlertAction action;
    action.alert = newest().id;
    action.by = "李值班";
    action.kind = AlertAction::Kind::assign;
    WriteGroup group;
    EXPECT_EQ(alerting->act(action, begin + 9h, group).value()->assignee, "李值班");
    action.kind = AlertAction::Kind::silence;
    EXPECT_EQ(alerting->act(action, begin + 9h, group).value()->silent_until, begin + 33h);
}

TEST_F(AlertingTest, APersonsWordStandsForADayAgainstTheWater)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::resolve, "人工复测达标", begin + 9h));
    EXPECT_EQ(act(AlertAction::Kind::close).error().code, Errc::conflict) << "the readings have not recovered";
    run("middle", "xx", begin + 8h);
    EXPECT_EQ(steps(), "opened escalated resolved") << "nothing is worse than it was";
    tick(begin + 34h);
    EXPECT_EQ(steps(), "opened escalated resolved reopened");
}

TEST_F(AlertingTest, WorseThanAPersonKnewReopensAtOnce)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::resolve, "", begin + 9h));
    run("middle", "X", begin + 8h);
    EXPECT_EQ(steps(), "opened escalated resolved reopened");
    EXPECT_EQ(newest().severity, AlertSeverity::high);
}

TEST_F(AlertingTest, ASilencedAlertIsKeptAndToldAfterwards)
{
    WriteGroup group;
    alerting->add_silence({.id = "s1",
                           .site = "middle",
                           .river = {},
                           .county = {},
                           .rule = {},
                           .begin = begin,
                           .end = begin + 24h,
                           .reason = "检修",
                           .author = "王",
                           .created_at = begin},
                          group);
    commit(group);
    run("middle", "xx");
    EXPECT_EQ(steps(), "opened escalated");
    EXPECT_TRUE(told("duty").empty());
    start(begin + 20h);                             // a restart forgets neither silence nor debt
    tick(begin + 20h);
    EXPECT_TRUE(told("duty").empty());
    tick(begin + 24h);
    tick(begin + 25h);
    EXPECT_EQ(told("duty").at(0), "updated");
    EXPECT_TRUE(kept->silences().empty());
}

TEST_F(AlertingTest, SilenceOfOneAlertEndsWhenItGetsWorse)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::silence, "", begin + 9h, begin + 48h));
    run("middle", "X", begin + 8h);
    EXPECT_EQ(told("duty").back(), "escalated");
}

TEST_F(AlertingTest, ADataGapBeginsAtItsTimeAndEndsWithData)
{
    run("lower", "..");
    tick(begin + 16h + 4min);
    EXPECT_EQ(steps(), "");
    tick(begin + 19h);
    EXPECT_EQ(steps(), "opened");
    EXPECT_EQ(newest().opened_at, begin + 4h + 4h + 5min + 8h) << "when its data was missed, not when somebody looked";
    EXPECT_EQ(newest().family, AlertFamily::operation);
    run("lower", ".", begin + 16h);
    EXPECT_EQ(steps(), "opened resolved closed");
}

TEST_F(AlertingTest, ReopeningAndClosingAskForTheRightState)
{
    run("middle", "xx");
    EXPECT_EQ(act(AlertAction::Kind::close).error().code, Errc::conflict);
    EXPECT_EQ(act(AlertAction::Kind::reopen).error().code, Errc::conflict);
    run("middle", "...", begin + 8h);
    ASSERT_TRUE(act(AlertAction::Kind::close));
    EXPECT_EQ(newest().state, AlertState::closed);
    ASSERT_TRUE(act(AlertAction::Kind::reopen, "水又黑了"));
    EXPECT_EQ(newest().state, AlertState::open);
    AlertAction unknown;
    unknown.alert = "nobody";
    unknown.by = "x";
    WriteGroup group;
    EXPECT_EQ(alerting->act(unknown, begin, group).error().code, Errc::not_found);
    EXPECT_TRUE(group.empty());
}

TEST_F(AlertingTest, ALostCommitLeavesNothingBehind)
{
    run("middle", "x");
    lose_commits = true;
    run("middle", "xX", begin + 4h);
    lose_commits = false;
    EXPECT_EQ(newest().severity, AlertSeverity::notice);
    run("middle", "x", begin + 8h);
    EXPECT_EQ(steps(), "opened escalated");
    EXPECT_EQ(kept->last_entry(alert_topic)->number, 2U);
}

TEST_F(AlertingTest, TheSameRecordsGiveTheSameLogByteForByte)
{
    std::string_view const line = "..xx.XX....x.....xxxxx....";
    run("upper", line);
    run("middle", line, begin + 8h);
    auto const first = kept->journal(alert_topic, 0, 1000);
    ASSERT_GT(first.size(), 8U);
    kept = std::make_unique<MemoryStore>();
    seen.clear();
    SetUp();
    for (std::size_t i = 0; i < line.size(); ++i) {
        take(drawn("upper", line[i], begin + 4h * static_cast<int>(i)));
        start();                                    // a crash between any two commits changes nothing
    }
    run("middle", line, begin + 8h);
    EXPECT_EQ(kept->journal(alert_topic, 0, 1000), first);
}

/// No alert is raised twice without an end between, none ends that was not open, whatever comes in whatever order.
TEST_F(AlertingTest, EveryStoryMakesSense)
{
    std::mt19937 random{20261124};
    for (int round = 0; round < 60; ++round) {
        kept = std::make_unique<MemoryStore>();
        seen.clear();
        SetUp();
        auto now = begin;
        for (int i = 0; i < 120; ++i) {
            auto const dice = random() % 20;
            now += std::chrono::minutes{random() % 300};
            if (dice < 14) {
                auto record = drawn(std::array{"upper", "middle", "lower"}[random() % 3], "...xX"[random() % 5],
                                    begin + 4h * static_cast<int>(random() % 40 + static_cast<unsigned>(i / 3)));
                record.received_at = now;
                take(record);
            } else if (dice < 16) {
                tick(now);
            } else if (dice == 16) {
                start(now);
            } else if (!alerting->published()->alerts.empty()) {
                (void)act(static_cast<AlertAction::Kind>(random() % 8), "说明", now, now + 10h);
            }
        }
        std::map<std::string, bool> is_open;
        std::map<std::string, std::string> open_of_family;
        for (auto const& step : kept->journal(alert_topic, 0, 10'000)) {
            auto const from = step.document.find("yihong.alert.") + 13;
            auto const kind = step.document.substr(from, step.document.find('"', from) - from);
            auto& open = is_open[step.subject];
            auto const family = step.subject.substr(0, step.subject.rfind("-2026"));
            if (kind == "opened" || kind == "reopened") {
                EXPECT_FALSE(open) << step.document;
                EXPECT_TRUE(open_of_family[family].empty()) << step.subject << " beside " << open_of_family[family];
                open_of_family[family] = step.subject;
                open = true;
            } else if (kind == "resolved") {
                EXPECT_TRUE(open) << step.document;
                open_of_family[family].clear();
                open = false;
            }
        }
        for (auto const& alert : every_alert(*kept))
            EXPECT_EQ(is_open[alert.id], alert.state < AlertState::resolved) << alert.id;
    }
}

TEST_F(AlertingTest, ASiteThatIsGoneHoldsNothingUp)
{
    run("middle", "xx");
    ASSERT_TRUE(act(AlertAction::Kind::resolve, "断面撤销", begin + 9h));
    auto sites = world->sites->all();
    std::erase_if(sites, [](Site const& site) { return site.id == "middle"; });
    world = make_world(world->standards, std::move(sites), world->layers, world->alerts);
    start(begin + 10h);
    EXPECT_NO_THROW(tick(begin + 40h)) << "a tick that throws loses the readings of all other sites";
    EXPECT_EQ(newest().state, AlertState::resolved) << "there is nothing left to measure";
    ASSERT_TRUE(act(AlertAction::Kind::close, "", begin + 41h)) << "nor to wait for";
    EXPECT_EQ(steps(), "opened escalated resolved closed");
}

TEST_F(AlertingTest, WatchesOverTheServiceItself)
{
    AlertPlan plan;
    for (auto const kind : {RuleKind::outbox_stalled, RuleKind::store_full, RuleKind::no_data, RuleKind::clock_jump}) {
        AlertRule rule;
        rule.id = to_text(kind);
        rule.kind = kind;
        rule.percent = 95;
        rule.after = kind == RuleKind::no_data ? 9h : 15min;
        plan.rules.push_back(rule);
    }
    use(plan);
    ServiceStatus status;
    alerting = std::make_unique<Alerting>(*kept, *kept,
                                          AlertingOptions{.public_url = {}, .channels = {"duty"}, .status = [&] { return status; }}, begin);
    alerting->use(world);
    tick(begin + 100h);
    EXPECT_EQ(steps(), "") << "no station has ever reported";
    status.stalled_since = begin + 100h;
    tick(begin + 100h + 14min);
    EXPECT_EQ(steps(), "");
    tick(begin + 100h + 15min);
    ASSERT_EQ(steps(), "opened");
    EXPECT_EQ(newest().family, AlertFamily::service);
    EXPECT_EQ(newest().site_id, "");
    EXPECT_EQ(kept->story(alert_topic, newest().id).at(0).document.find("\"position\":["), std::string::npos);
    EXPECT_NE(kept->story(alert_topic, newest().id).at(0).document.find("一泓服务通知积压"), std::string::npos);
    status.disk_used_percent = 96;
    tick(begin + 101h);
    status.stalled_since.reset();
    status.disk_used_percent = 94;
    tick(begin + 102h);
    EXPECT_EQ(steps(), "opened updated reminded") << "94 % is not yet free again";
    status.disk_used_percent = 92;
    tick(begin + 103h);
    EXPECT_EQ(steps(), "opened updated reminded resolved");
    take(drawn("lower", '.', begin + 103h));
    tick(begin + 103h + 4h + 5min + 9h);
    EXPECT_EQ(steps(), "opened updated reminded resolved reopened");
    EXPECT_EQ(alerting->collection("v")->features()[0]->geojson().find("\"geometry\":null") != std::string::npos, true);
    status.clock_set = begin + 117h;
    tick(begin + 117h + 1min);
    EXPECT_NE(kept->story(alert_topic, newest().id).back().document.find("时钟跳变"), std::string::npos);
    tick(begin + 118h + 1min);
    auto const causes = newest().causes;
    ASSERT_EQ(causes.size(), 1U) << "a clock that was set is told for an hour";
    EXPECT_EQ(causes[0].rule, "no_data");
}

TEST_F(AlertingTest, IsACollectionWithGeometry)
{
    run("middle", "xx");
    auto const collection = alerting->collection("v1");
    ASSERT_EQ(collection->features().size(), 1U);
    auto const& rendered = *collection->features()[0];
    EXPECT_NE(rendered.geojson().find(R"("geometry":{"type":"Point","coordinates":[40,35]},"properties":{"site":"middle")"),
              std::string::npos)
        << rendered.geojson();
    EXPECT_NE(rendered.geojson().find(R"("state":"open","severity":"alert")"), std::string::npos) << rendered.geojson();
    EXPECT_EQ(rendered.value(collection->schema().find("site").value()), Value{std::string{"middle"}});
}

TEST_F(AlertingTest, NamesTheSameDecidingParametersInTheCollectionAndInItsDocuments)
{
    auto record = drawn("middle", 'X', begin);      // ammonia worse than V …
    for (auto& reading : record.readings)
        if (world->standards->parameters().find(reading.parameter)->name == "dissolved_oxygen")
            reading.value = Decimal{45, 1};         // … and oxygen of class IV
    record.verdict = judge(record, SiteKind::water_section, *world->standards);
    take(record);
    EXPECT_NE(alerting->collection("v1")->features()[0]->geojson().find(R"("deciding_parameters":"ammonia_nitrogen")"), std::string::npos);
    EXPECT_NE(kept->story(alert_topic, newest().id).at(0).document.find(R"("deciding_parameters":["ammonia_nitrogen"])"),
              std::string::npos);
}

}  // namespace
}  // namespace yihong::testing
