// The daily digest: exactly one a day, whatever happens to the service, to every channel.
#include "fixture.hpp"

#include "yihong/write/chained_hash.hpp"

namespace yihong::testing {
namespace {

/// 08:00 in Beijing on 2 March is `begin`.
UtcTime beijing(std::string_view text) { return at(std::string{text} + "+08:00"); }

class DigestTest : public AlertingTest {
protected:
    void SetUp() override
    {
        digest_at = 8h + 30min;
        AlertingTest::SetUp();
    }
    std::vector<std::string> days() const
    {
        std::vector<std::string> all;
        for (auto const& entry : kept->journal(digest_topic, 0, 100))
            all.push_back(entry.subject);
        return all;
    }
    std::size_t told_digests(std::string_view channel) const
    {
        auto const kinds = told(channel);
        return static_cast<std::size_t>(std::ranges::count(kinds, "digest"));
    }
};

TEST_F(DigestTest, IsMadeOnceADayAndToldToEveryChannel)
{
    run("middle", "x");
    tick(beijing("2026-03-02T08:29:59"));
    EXPECT_EQ(days(), std::vector<std::string>{});
    tick(beijing("2026-03-02T08:30:00"));
    tick(beijing("2026-03-02T08:30:01"));
    tick(beijing("2026-03-03T08:29:59"));
    EXPECT_EQ(days(), std::vector<std::string>{"2026-03-02"});
    tick(beijing("2026-03-03T08:31:00"));
    EXPECT_EQ(days(), (std::vector<std::string>{"2026-03-02", "2026-03-03"}));
    EXPECT_EQ(told_digests("duty"), 2U);
    EXPECT_EQ(told_digests("city"), 2U);
}

TEST_F(DigestTest, SurvivesRestartsAndLostCommits)
{
    run("middle", "x");
    lose_commits = true;
    tick(beijing("2026-03-02T08:30:00"));
    lose_commits = false;
    EXPECT_EQ(days(), std::vector<std::string>{});
    tick(beijing("2026-03-02T08:30:01"));
    start(beijing("2026-03-02T09:00:00"));
    tick(beijing("2026-03-02T09:00:01"));
    EXPECT_EQ(days(), std::vector<std::string>{"2026-03-02"});
    start(beijing("2026-03-05T11:00:00"));
    tick(beijing("2026-03-05T11:00:01"));
    EXPECT_EQ(days(), (std::vector<std::string>{"2026-03-02", "2026-03-05"}))
        << "what was missed while the service was away is made up for";
    EXPECT_EQ(told_digests("duty"), 2U);
    auto const log = kept->journal(digest_topic, 0, 100);
    EXPECT_EQ(log[1].number, 2U);
    EXPECT_EQ(log[1].hash, chained_hash(log[0].hash, log[1].document));
    EXPECT_EQ(log[1].at, beijing("2026-03-05T08:30:00"));
}

TEST_F(DigestTest, IsNotOwedForDaysBeforeTheFirstStartAndWakesNobody)
{
    start(beijing("2026-03-02T11:00:00"));
    run("middle", "x");
    tick(beijing("2026-03-02T12:00:00"));
    EXPECT_EQ(days(), std::vector<std::string>{});
    tick(beijing("2026-03-03T23:00:00"));
    tick(beijing("2026-03-04T06:59:00"));
    EXPECT_EQ(days(), std::vector<std::string>{}) << "in quiet hours";
    tick(beijing("2026-03-04T07:00:00"));
    EXPECT_EQ(days(), std::vector<std::string>{"2026-03-03"});
}

TEST_F(DigestTest, IsToldToNobodyWhenThereIsNothingToSay)
{
    run("middle", ".");
    tick(beijing("2026-03-03T08:30:00"));
    EXPECT_EQ(days(), std::vector<std::string>{"2026-03-03"});
    EXPECT_EQ(told_digests("duty"), 0U);
}

TEST_F(DigestTest, SaysWhatIsOpenWhatChangedWhatIsDueAndWhoIsSilent)
{
    run("middle", "xx");
    run("lower", ".....");
    act(AlertAction::Kind::acknowledge, {}, begin + 9h);
    auto const morning = beijing("2026-03-03T08:30:00");
    tick(morning);
    auto const document = kept->journal(digest_topic, 0, 1).at(0).document;
    EXPECT_NE(document.find(R"("type":"yihong.alert.digest")"), std::string::npos);
    EXPECT_NE(
        document.find(
            R"({"alert":"middle-water-20260302T000000Z","site":"middle","site_name":"断面middle","what":"assign","by":"2026-03-03T08:05:00Z","overdue":false,"who":"王某"})"),
        std::string::npos)
        << document;
    EXPECT_NE(
        document.find(R"("changed":[{"alert":"middle-water-20260302T000000Z","site":"middle","site_name":"断面middle","kind":"opened")"),
        std::string::npos)
        << document;
    EXPECT_NE(document.find("【每日摘要】未了结预警1个（严重0个），逾期0项，0站无数据"), std::string::npos) << document;
    EXPECT_EQ(document.find("13800000000"), std::string::npos) << "telephone numbers leave by the channels only";
    tick(beijing("2026-03-04T08:30:00"));
    auto const later = kept->journal(digest_topic, 1, 1).at(0).document;
    EXPECT_NE(later.find(R"("why":"data_gap","since":"2026-03-02T20:05:00Z")"), std::string::npos) << later;
    EXPECT_NE(later.find("· 断面lower：自2026-03-03 04:05起没有数据"), std::string::npos) << later;
    EXPECT_NE(later.find(R"("overdue":true)"), std::string::npos) << later;
}

TEST_F(DigestTest, IsOffWhereTheKeySaysSo)
{
    digest_at.reset();
    use(*world->alerts);
    run("middle", "x");
    tick(beijing("2026-03-04T08:30:00"));
    EXPECT_EQ(days(), std::vector<std::string>{});
}

/// What is found of months, worse than class III up to their last days.
TEST_F(AlertingTest, EveryMonthHasItsOwnAlertAndItsResult)
{
    AlertRule month;
    month.id = "month-mean";
    month.kind = RuleKind::month_mean;
    month.severity = AlertSeverity::notice;
    month.min_records = 60;
    AlertPlan plan;
    plan.rules = {month};
    use(plan);
    auto const found = [&](std::string_view midnight, bool over) {
        PeriodFinding one;
        one.says = PeriodSays::bad;
        one.cause.rule = month.id;
        one.cause.kind = month.kind;
        one.cause.severity = month.severity;
        one.cause.last = beijing(midnight) - 1ms;
        one.cause.month_over = over;
        one.cause.mean_class = 4;
        Exceedance item;
        item.parameter = world->standards->parameters().find("ammonia_nitrogen")->id;
        item.value = Decimal{131, 2};
        item.item_class = 4;
        one.cause.items = {item};
        WriteGroup group;
        alerting->begin();
        alerting->take_periods({world->sites->find("middle")->number, beijing(midnight)}, {one}, beijing(midnight) + 5min, group);
        commit(group);
    };
    for (auto const* midnight : {"2026-04-11T00:00:00", "2026-04-12T00:00:00", "2026-04-30T00:00:00"})
        found(midnight, false);
    found("2026-05-01T00:00:00", true);
    found("2026-05-01T00:00:00", true);                 // until May is old enough
    found("2026-05-20T00:00:00", false);
    found("2026-06-01T00:00:00", true);
    EXPECT_EQ(steps(), "opened resolved closed opened resolved closed");
    EXPECT_EQ(alerting->published()->alerts.size(), 2U);
    auto const log = kept->journal(alert_topic, 0, 100);
    EXPECT_NE(log.at(1).document.find("2026年4月均值为Ⅳ类，未达到Ⅲ类"), std::string::npos);
    EXPECT_NE(log.at(4).document.find("2026年5月均值为Ⅳ类，未达到Ⅲ类"), std::string::npos);
    EXPECT_EQ(told("duty"), (std::vector<std::string>{"opened", "resolved", "opened", "resolved"}));
}

TEST_F(AlertingTest, AStationThatIsRepairedForADayIsTold)
{
    AlertRule out;
    out.id = "out-of-service";
    out.kind = RuleKind::out_of_service;
    out.severity = AlertSeverity::notice;
    out.after = 24h;
    AlertRule gap = out;
    gap.id = "gap";
    gap.kind = RuleKind::data_gap;
    AlertPlan plan;
    plan.rules = {gap, out};
    use(plan);
    auto record = drawn("middle", 'X', begin);
    record.status = StationStatus::maintenance;
    take(record);
    tick(begin + 23h);
    EXPECT_EQ(steps(), "");
    tick(begin + 300h);
    EXPECT_EQ(steps(), "opened");
    EXPECT_EQ(newest().opened_at, begin + 24h) << "at its time, however late that is noticed";
    EXPECT_EQ(newest().family, AlertFamily::operation);
    start(begin + 301h);
    tick(begin + 302h);
    take(drawn("middle", '.', begin + 304h));
    EXPECT_EQ(steps(), "opened resolved closed");
}

}  // namespace
}  // namespace yihong::testing
