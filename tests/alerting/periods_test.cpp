// Rules about periods beside the writer: who is looked at, when, and what becomes of what is found.
#include "core_fixture.hpp"

#include "yihong/alerting/replay.hpp"

#include "period_looks.hpp"

#include <atomic>
#include <stdexcept>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

AlertRule year_rule()
{
    AlertRule made;
    made.id = "year";
    made.title = "年均值";
    made.kind = RuleKind::year_mean;
    made.severity = AlertSeverity::notice;
    return made;
}

TEST(PeriodLooksTest, OnceADayAndWithWhatComesForADayBefore)
{
    auto const rule = year_rule();
    SiteWatch watch;
    std::vector<CompiledRule> const rules{{.rule = &rule, .parameters = {}, .limits = {}}};
    watch.rules = rules;
    PeriodLooks looks;
    auto const note = [&](std::string_view time, std::string_view received) {
        Record record;
        record.site = 7;
        record.time = parse_rfc3339(time).value();
        looks.note(watch, record, parse_rfc3339(received).value());
        auto const taken = looks.take();
        return taken.empty() ? std::string{} : format_date(beijing_date(taken.front().midnight));
    };
    EXPECT_EQ(note("2025-05-02T08:00:00+08:00", "2025-05-02T12:10:00+08:00"), "2025-05-02");
    EXPECT_EQ(note("2025-05-02T12:00:00+08:00", "2025-05-02T16:10:00+08:00"), "");
    EXPECT_EQ(note("2025-05-01T12:00:00+08:00", "2025-05-02T16:20:00+08:00"), "2025-05-02") << "late, or corrected";
    EXPECT_EQ(note("2025-05-02T20:00:00+08:00", "2025-05-03T00:10:00+08:00"), "2025-05-03");
    EXPECT_EQ(note("2025-05-03T00:00:00+08:00", "2025-05-03T04:10:00+08:00"), "");
    looks.look_again();
    EXPECT_EQ(note("2025-05-03T04:00:00+08:00", "2025-05-03T08:10:00+08:00"), "2025-05-03") << "other rules hold";
    SiteWatch const none;
    Record record;
    looks.note(none, record, parse_rfc3339("2025-05-04T00:00:00+08:00").value());
    EXPECT_TRUE(looks.take().empty()) << "no rule asks";
}

class PeriodsTest : public CoreFixture {
protected:
    void SetUp() override
    {
        auto const plain = world({site("a", SiteKind::water_section)});
        AlertPlan plan;
        plan.rules = {year_rule()};
        here = make_world(plain->standards, plain->sites->all(), plain->layers, std::make_shared<AlertPlan const>(plan));
        start(here, {.periods = [this](World const&, std::size_t index, UtcTime) { return look(index); }});
    }
    std::vector<PeriodFinding> look(std::size_t index)
    {
        EXPECT_EQ(index, 0U);
        if (broken.exchange(false))
            throw std::runtime_error{"the disk does not answer"};
        PeriodFinding found;
        found.says = says.load();
        found.cause.rule = "year";
        found.cause.kind = RuleKind::year_mean;
        found.cause.severity = AlertSeverity::notice;
        found.cause.since = at("2025-12-31T16:00:00Z");
        found.cause.last = at("2026-03-31T15:59:59Z") + later.load();
        found.cause.said = "图 " + std::to_string(++looked);
        Exceedance item;
        item.parameter = standards()->parameters().find("ammonia_nitrogen")->id;
        item.value = Decimal{13, 1};
        item.limit = Decimal{10, 1};
        item.item_class = 4;
        item.time = found.cause.last;
        found.cause.items = {item};
        return {found};
    }
    /// A record of a day before now, which is looked at whenever it changes.
    void correct(std::string_view value)
    {
        auto const now = utc_now();
        auto const time = std::chrono::floor<std::chrono::hours>(now - 30h);
        ParsedBatch batch;
        batch.records = {parsed("a", format_rfc3339(time - time.time_since_epoch() % 4h), {reading("ammonia_nitrogen", value)}),
                         parsed("a", format_rfc3339(now - now.time_since_epoch() % 4h - 4h), {reading("ammonia_nitrogen", value)})};
        batch.records[1].index = 1;
        batch.format = "readings-json";
        core->intake.submit_and_wait(core->intake.prepare(std::move(batch), "test", *current, now));
    }
    std::shared_ptr<Alert const> alert() const
    {
        auto const book = core->state.alerts.load();
        return book->alerts.empty() ? nullptr : book->alerts.front();
    }
    template <typename T>
    static bool wait_until(T const& holds)
    {
        for (int i = 0; i < 600 && !holds(); ++i)
            std::this_thread::sleep_for(50ms);
        return holds();
    }

    std::shared_ptr<World const> here;
    std::atomic<PeriodSays> says = PeriodSays::bad;
    std::atomic<std::chrono::days> later{};        // than the period that was bad
    std::atomic<int> looked = 0;
    std::atomic<bool> broken = false;  ///< the next look fails
};

TEST_F(PeriodsTest, ALookThatFailsIsMadeOnceMore)
{
    broken = true;
    correct("1.3");
    ASSERT_TRUE(wait_until([&] { return alert() != nullptr; }));
    EXPECT_FALSE(broken);
    EXPECT_EQ(alert()->rules, std::vector<std::string>{"year"});
}

TEST_F(PeriodsTest, IsToldOnceFollowsItsFiguresAndEndsWithThem)
{
    correct("0.4");
    ASSERT_TRUE(wait_until([&] { return alert() != nullptr; }));
    EXPECT_EQ(alert()->family, AlertFamily::period);
    auto const id = alert()->id;
    EXPECT_EQ(id, "a-period-20260331T155959Z");
    auto const before = looked.load();
    correct("0.5");
    auto const said = [&] { return alert()->causes.empty() ? std::string{} : alert()->causes.front().said; };
    ASSERT_TRUE(wait_until([&] { return looked > before && said() == "图 " + std::to_string(looked); })) << said();
    EXPECT_EQ(store.story(alert_topic, id).size(), 1U) << "other words of the same matter are no news";
    says = PeriodSays::unknown;
    later = std::chrono::days{30};
    auto const known = looked.load();
    correct("0.6");
    ASSERT_TRUE(wait_until([&] { return looked > known; }));
    says = PeriodSays::good;
    correct("0.7");
    ASSERT_TRUE(wait_until([&] { return alert()->state == AlertState::closed; })) << "a notice closes by itself";
    EXPECT_EQ(store.story(alert_topic, id).size(), 3U);
}

TEST_F(PeriodsTest, EndsWhereWhatItSaidOfThatPeriodHasLostItsGround)
{
    correct("0.4");
    ASSERT_TRUE(wait_until([&] { return alert() != nullptr; }));
    says = PeriodSays::unknown;                                 // its records were withdrawn, or a stop was reported
    correct("0.5");
    EXPECT_TRUE(wait_until([&] { return alert()->state == AlertState::closed; }));
}

TEST_F(PeriodsTest, AReplayLooksWithTheFirstRecordOfADay)
{
    std::vector<UtcTime> midnights;
    WriteGroup group;
    for (int period = 0; period < 12; ++period) {
        Record made;
        made.site = here->sites->all()[0].number;
        made.interval = IntervalKind::four_hours;
        made.time = at("2026-04-01T00:00:00+08:00") + period * 4h;
        made.received_at = made.time + 4h + 10min;
        made.readings = {reading("ammonia_nitrogen", "0.4")};
        group.records.added.push_back(made);
    }
    store.commit(group);
    auto const result = replay(
        store, here,
        {.time = {}, .sites = {}, .on_progress = {}, .on_step = {}, .periods = [&](World const&, std::size_t index, UtcTime midnight) {
             midnights.push_back(midnight);
             return look(index);
         }});
    EXPECT_EQ(midnights, (std::vector{at("2026-04-01T00:00:00+08:00"), at("2026-04-02T00:00:00+08:00"), at("2026-04-03T00:00:00+08:00")}));
    ASSERT_EQ(result.alerts.size(), 1U);
    EXPECT_EQ(result.alerts[0]->opened_at, at("2026-03-31T20:10:00Z"));
}

}  // namespace
}  // namespace yihong::testing
