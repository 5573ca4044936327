// What a backlog (补传) raises: nothing one by one, and once what stands when it is in. And that what rules look back on is what lies in the store.
#include "core_fixture.hpp"

#include <fmt/format.h>

#include <random>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class BacklogTest : public CoreFixture {
protected:
    void SetUp() override { start_anew(store); }

    /// As after a start of the service.
    void start_anew(MemoryStore& of)
    {
        auto made = site("a", SiteKind::water_section);
        made.level = "national";
        made.number = of.number_sites({&made.id, 1}).front();
        CoreOptions options;
        options.alerting.clocks = false;
        options.alerting.keep_closed = std::chrono::days{3650};  // the clock of these records is not that of the machine
        core.reset();
        core = std::make_unique<Core>(of, make_world(standards(), {made}, std::make_shared<NoLayers const>(), plan()), std::move(options));
        current = core->intake.world();
    }

    static std::shared_ptr<AlertPlan const> plan()
    {
        AlertPlan plan;
        plan.rules = exceedance_rules();
        plan.rules[1].min_gap = 3h;
        AlertRule heavy = plan.rules[0];
        heavy.id = "heavy";
        heavy.kind = RuleKind::heavy;
        heavy.severity = AlertSeverity::high;
        AlertRule jump = plan.rules[0];
        jump.id = "jump";
        jump.kind = RuleKind::jump;
        jump.water_class = 2;
        plan.rules.insert(plan.rules.end(), {heavy, jump});
        return std::make_shared<AlertPlan const>(std::move(plan));
    }

    static std::string text(UtcTime time) { return format_rfc3339(time); }
    ParsedRecord water(UtcTime time, std::string_view ammonia, IntervalKind interval = IntervalKind::four_hours) const
    {
        // others each time, as measurements have: a round that repeats all of its items was sent again
        auto const codmn = fmt::format("3.{}", 1 + time.time_since_epoch() / 1h % 7);
        return parsed("a", text(time),
                      {reading("ph", "8.1"), reading("dissolved_oxygen", "7.9"), reading("codmn", codmn),
                       reading("ammonia_nitrogen", ammonia), reading("total_phosphorus", "0.08")},
                      interval);
    }
    /// Rounds up to the last one, each with the ammonia of its letter: `x` class IV, `.` good.
    IngestReport post(std::string_view line, UtcTime last)
    {
        std::vector<ParsedRecord> records;
        for (std::size_t i = 0; i < line.size(); ++i)
            records.push_back(water(last - 4h * static_cast<int>(line.size() - 1 - i), line[i] == 'x' ? "1.31" : "0.32"));
        return send(std::move(records), text(now));
    }
    std::string steps() const
    {
        std::string kinds;
        for (auto const& step : store.journal(alert_topic, 0, 10'000)) {
            auto const from = step.document.find("yihong.alert.") + 13;
            kinds += (kinds.empty() ? "" : " ") + step.document.substr(from, step.document.find('"', from) - from);
        }
        return kinds;
    }
    Alert alert() const { return *core->state.alerts.load()->alerts.at(0); }

    UtcTime const now = at("2026-03-20T08:30:00Z");
};

TEST_F(BacklogTest, OfAWeekRaisesOnceWhatStandsAndNamesSinceWhen)
{
    auto const last = now - 5h;
    post(std::string(20, '.') + std::string(22, 'x'), last);
    EXPECT_EQ(steps(), "opened") << "not a step for each of 22 records";
    EXPECT_EQ(alert().first_time, last - 21 * 4h);
    EXPECT_EQ(alert().opened_at, now);
    EXPECT_EQ(alert().severity, AlertSeverity::alert) << "twice in a row, and more";
    EXPECT_EQ(alert().told.messages, 1U);
}

TEST_F(BacklogTest, ThatEndsWithGoodWaterRaisesNothing)
{
    post(std::string(30, 'x') + "......", now - 5h);
    EXPECT_EQ(steps(), "");
}

TEST_F(BacklogTest, ThatIsHistoryRaisesNothing)
{
    post(std::string(42, 'x'), now - 30h);
    EXPECT_EQ(steps(), "");
    post("xx", now - std::chrono::days{300});
    EXPECT_EQ(steps(), "");
}

TEST_F(BacklogTest, PostedRecordByRecordRaisesOnceToo)
{
    for (int hours = 22; hours >= 14; hours -= 4)
        post("x", now - std::chrono::hours{hours});
    EXPECT_EQ(steps(), "opened escalated") << "a notice, then twice in a row";
}

TEST_F(BacklogTest, BringsWhatHoldsUpToDateHoweverOldItIs)
{
    post("xx", now - 5h);
    ASSERT_EQ(steps(), "opened");
    send({water(now - 9h, "0.20"), water(now - 5h, "0.21")}, text(now + 40h));  // corrected two days later
    EXPECT_EQ(steps(), "opened resolved");
}

TEST_F(BacklogTest, OfHoursThatAreFreshTellsWhatPassedOnTheWay)
{
    std::vector<ParsedRecord> records;
    auto const first = now - 3h;
    for (int i = 0; i < 4; ++i)
        records.push_back(water(first + 1h * i, i == 0 ? "1.31" : "0.32", IntervalKind::hour));
    send(std::move(records), text(now));
    EXPECT_EQ(steps(), "opened resolved closed");
}

TEST_F(BacklogTest, OfFreshRecordsIsToldOnceWhereItStands)
{
    post("xx", now - 1h);
    EXPECT_EQ(steps(), "opened");
    EXPECT_EQ(alert().severity, AlertSeverity::alert);
    EXPECT_EQ(alert().first_time, now - 5h);
}

TEST_F(BacklogTest, IsLookedBackOnBeforeItLiesInTheStore)
{
    std::vector<ParsedRecord> records;
    for (int i = 60; i > 0; --i)  // more than a tail has
        records.push_back(water(now - 1h * i, fmt::format("0.1{}", i % 10), IntervalKind::hour));
    records.push_back(water(now, "0.95", IntervalKind::hour));
    send(std::move(records), text(now));
    ASSERT_EQ(steps(), "opened");
    EXPECT_EQ(alert().rules, std::vector<std::string>{"jump"});
    EXPECT_EQ(alert().worst.at(0).median, (Decimal{145, 3}));
}

TEST_F(BacklogTest, LooksTheSameHoweverOftenTheServiceWasStarted)
{
    std::vector<std::string> logs;
    for (bool const restarts : {false, true}) {
        MemoryStore of;
        start_anew(of);
        std::mt19937 random{7};
        for (int round = 0; round < 300; ++round) {
            auto const time = at("2026-03-01T00:00:00Z") + round * 4h;
            auto const came = text(time + 4h + 10min);
            auto const ammonia = [&] { return fmt::format("{}.{:02}", random() % 8 == 0 ? 1 + random() % 2 : 0, 10 + random() % 80); };
            if (random() % 10 > 0)
                send({water(time, ammonia())}, came);
            if (random() % 12 == 0)  // late, or a correction
                send({water(time - 4h * (1 + random() % 30), ammonia())}, came);
            if (random() % 9 == 0 && restarts)
                start_anew(of);
        }
        std::string log;
        for (auto const& step : of.journal(alert_topic, 0, 10'000))
            log += step.document + "\n";
        logs.push_back(log);
        core.reset();
    }
    EXPECT_GT(std::ranges::count(logs[0], '\n'), 50);
    EXPECT_TRUE(logs[0] == logs[1]);
}

}  // namespace
}  // namespace yihong::testing
