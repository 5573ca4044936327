// Stored records once more through the rules: the same as the live engine, with silences, in order of arrival.
#include "core_fixture.hpp"

#include "yihong/alerting/replay.hpp"
#include "yihong/evaluate/judge.hpp"

#include <random>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

UtcTime const begin = at("2026-01-05T00:00:00Z");

AlertRule rule(std::string id, RuleKind kind, AlertSeverity severity = AlertSeverity::notice)
{
    AlertRule made;
    made.id = std::move(id);
    made.title = made.id;
    made.kind = kind;
    made.severity = severity;
    return made;
}

class ReplayTest : public WorldFixture {
protected:
    std::shared_ptr<World const> with(AlertPlan plan)
    {
        auto const plain =
            world({site("a", SiteKind::water_section), site("b", SiteKind::water_section), site("c", SiteKind::water_section)});
        return make_world(plain->standards, plain->sites->all(), plain->layers, std::make_shared<AlertPlan const>(std::move(plan)));
    }
    Record record(World const& in, std::string_view id, int period, std::string_view ammonia, UtcTime received_at) const
    {
        Record made;
        made.site = in.sites->find(id)->number;
        made.interval = IntervalKind::four_hours;
        made.time = begin + 4h * period;
        made.received_at = received_at;
        made.readings = {reading("dissolved_oxygen", "7.9"), reading("ammonia_nitrogen", ammonia)};
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        made.verdict = judge(made, SiteKind::water_section, *in.standards);
        return made;
    }
    void keep(std::vector<Record> records)
    {
        WriteGroup group;
        group.records.added = std::move(records);
        store.commit(group);
    }
    static std::vector<std::string> stories(Replay const& replay)
    {
        std::vector<std::string> all;
        for (auto const& alert : replay.alerts)
            all.push_back(alert->id + " " + std::string{to_text(alert->peak_severity)} + " " + format_rfc3339(alert->opened_at) + " " +
                          (alert->resolved_at ? format_rfc3339(*alert->resolved_at) : "-"));
        return all;
    }
};

TEST_F(ReplayTest, GivesTheVeryLogOfTheLiveEngine)
{
    auto two = rule("twice", RuleKind::worse_than_class, AlertSeverity::alert);
    two.records = 2;
    two.min_gap = 3h;
    auto jump = rule("jump", RuleKind::jump);
    jump.water_class = 2;
    AlertPlan plan;
    plan.rules = {rule("once", RuleKind::worse_than_class), two, jump, rule("approaching", RuleKind::approaching)};
    plan.ledger_from = plan.escalate_from = AlertSeverity::high;       // nothing by time alone: the live engine's clock is today's
    auto const here = with(plan);
    AlertingOptions options;
    options.clocks = false;
    Core core{store, here, {.alerting = options}};
    auto& live = core.intake;
    std::mt19937 random{20261125};
    std::array<std::string_view, 8> const values{"0.32", "0.41", "0.55", "0.92", "0.97", "1.31", "1.62", "2.50"};
    std::array<std::size_t, 3> level{};            // wanders, so that exceedances last
    for (int period = 0; period < 240; ++period) { // forty days: several of the pieces that a replay reads
        for (std::size_t s = 0; s < 3; ++s) {
            level[s] = std::clamp<std::size_t>(level[s] + random() % 3, 1, 8) - 1;
            int const late = s == 2 && period % 7 == 3 ? 3 : 0;        // some of c come behind newer ones
            int const of = s == 2 && period % 7 == 3 ? period - late : period;
            if (s == 2 && (period % 7 == 0))
                continue;                          // they are the ones
            ParsedRecord parsed;
            auto const id = std::string(1, static_cast<char>('a' + s));
            auto const made = record(*here, id, of, values[level[s]], {});
            parsed.site = here->sites->find(id);
            parsed.record = made;
            ParsedBatch batch;
            batch.records.push_back(parsed);
            live.submit_and_wait(live.prepare(std::move(batch), "test", *here, begin + 4h * (period + 1) + 5min));
        }
    }
    auto const logged = store.journal(alert_topic, 0, 100'000);
    ASSERT_GT(logged.size(), 60U);
    std::vector<JournalEntry> again;
    auto const result = replay(
        store, here, {.time = {}, .sites = {}, .on_progress = {}, .on_step = [&](JournalEntry const& step) { again.push_back(step); }});
    ASSERT_EQ(again.size(), logged.size());
    for (std::size_t i = 0; i < logged.size(); ++i)
        ASSERT_EQ(again[i].document, logged[i].document) << i;
    EXPECT_EQ(again, logged);
    auto alerts = every_alert(store);
    std::ranges::sort(alerts, {}, [](Alert const& alert) { return std::tie(alert.opened_at, alert.id); });
    ASSERT_EQ(alerts.size(), result.alerts.size());
    for (std::size_t i = 0; i < alerts.size(); ++i)
        EXPECT_EQ(alerts[i], *result.alerts[i]);
}

TEST_F(ReplayTest, RecordsOfAnArchiveComeHalfAnHourAfterTheirPeriod)
{
    auto const here = with({});
    auto const received = [&](std::string_view text) { return format_rfc3339(arrival_of(record(*here, "a", 0, "0.32", at(text)))); };
    EXPECT_EQ(received("2026-01-05T04:07:00Z"), "2026-01-05T04:07:00Z");
    EXPECT_EQ(received("2026-01-05T00:01:00Z"), "2026-01-05T00:01:00Z") << "some send a period when it begins";
    EXPECT_EQ(received("2026-01-06T04:00:00Z"), "2026-01-06T04:00:00Z");
    EXPECT_EQ(received("2026-01-06T04:00:01Z"), "2026-01-05T04:30:00Z");
    EXPECT_EQ(received("2026-11-25T00:00:00Z"), "2026-01-05T04:30:00Z");
    EXPECT_EQ(received("2026-01-04T23:55:00Z"), "2026-01-05T00:00:00Z") << "a clock ahead of ours";
}

TEST_F(ReplayTest, ADataGapBeginsAtItsTimeAndEndsWithData)
{
    AlertPlan plan;
    plan.rules = {rule("data-gap", RuleKind::data_gap)};
    auto const here = with(plan);
    auto const imported = at("2026-11-25T00:00:00Z");
    keep({record(*here, "a", 0, "0.32", imported), record(*here, "a", 1, "0.32", imported), record(*here, "a", 7, "0.32", imported),
          record(*here, "b", 0, "0.32", imported), record(*here, "b", 2, "0.32", imported)});
    // the last of a came at 08:30, the next at 08:30 of the day after; b lacked one period, which is no more than 8 h
    EXPECT_EQ(stories(replay(store, here, {})),
              (std::vector<std::string>{"a-operation-20260105T083000Z notice 2026-01-05T16:30:00Z 2026-01-06T08:30:00Z",
                                        "b-operation-20260105T123000Z notice 2026-01-05T20:30:00Z -"}));
    auto const later =
        replay(store, here,
               {.time = {{}, at("2026-01-08T00:00:00Z")}, .sites = {here->sites->find("a")->number}, .on_progress = {}, .on_step = {}});
    EXPECT_EQ(stories(later), (std::vector<std::string>{"a-operation-20260105T083000Z notice 2026-01-05T16:30:00Z 2026-01-06T08:30:00Z",
                                                        "a-operation-20260106T083000Z notice 2026-01-06T16:30:00Z -"}))
        << "the clock runs to the end that was asked for, and b was not asked for";
    EXPECT_EQ(later.end, at("2026-01-08T00:00:00Z"));
    EXPECT_EQ(later.records, 3U);

    // c reported live before the beginning, b was filled in: both send nothing more
    keep({record(*here, "c", 2, "0.32", begin + 12h)});
    EXPECT_EQ(stories(replay(store, here, {.time = {begin + 20h, {}}, .sites = {}, .on_progress = {}, .on_step = {}})),
              (std::vector<std::string>{"c-operation-20260105T120000Z notice 2026-01-06T04:00:00Z -"}))
        << "8 h after the replay began, not after the record";
    EXPECT_EQ(stories(replay(store, here, {.time = {begin + 20h, begin + 60h}, .sites = {}, .on_progress = {}, .on_step = {}})),
              (std::vector<std::string>{"c-operation-20260105T120000Z notice 2026-01-06T04:00:00Z -",
                                        "a-operation-20260106T083000Z notice 2026-01-06T16:30:00Z -"}))
        << "b was filled in, and is not missing however long the replay goes on";
}

TEST_F(ReplayTest, WhatLiesBeforeTheBeginningIsHistoryOnly)
{
    auto two = rule("twice", RuleKind::worse_than_class);
    two.records = 2;
    AlertPlan plan;
    plan.rules = {two};
    auto const here = with(plan);
    std::vector<Record> records;
    for (auto const period : {0, 1, 2, 3})
        records.push_back(record(*here, "a", period, period == 0 ? "0.32" : "1.31", begin + 4h * (period + 1)));
    keep(std::move(records));
    EXPECT_EQ(stories(replay(store, here, {})), (std::vector<std::string>{"a-water-20260105T080000Z notice 2026-01-05T12:00:00Z -"}));
    ReplayOptions options;
    options.time.begin = begin + 12h;
    auto const from = replay(store, here, options);
    EXPECT_EQ(stories(from), (std::vector<std::string>{"a-water-20260105T120000Z notice 2026-01-05T16:00:00Z -"}))
        << "its first record is the second in a row";
    EXPECT_EQ(from.records, 1U);
    options.time.begin = begin + 13h;
    EXPECT_EQ(replay(store, here, options).records, 0U);
}

TEST_F(ReplayTest, LeavesOutTheRulesAboutTheServiceItself)
{
    AlertPlan plan;
    plan.rules = {rule("nothing", RuleKind::no_data), rule("once", RuleKind::worse_than_class)};
    auto const here = with(plan);
    keep({record(*here, "a", 0, "0.32", begin + 4h), record(*here, "a", 20, "1.31", begin + 84h)});
    EXPECT_EQ(stories(replay(store, here, {})), (std::vector<std::string>{"a-water-20260108T080000Z notice 2026-01-08T12:00:00Z -"}));
}

TEST_F(ReplayTest, WritesNothing)
{
    AlertPlan plan;
    plan.rules = {rule("once", RuleKind::worse_than_class)};
    auto const here = with(plan);
    keep({record(*here, "a", 0, "1.31", begin + 4h)});
    auto const commits = store.commits;
    EXPECT_EQ(replay(store, here, {}).alerts.size(), 1U);
    EXPECT_EQ(store.commits, commits);
    EXPECT_TRUE(every_alert(store).empty());
}

}  // namespace
}  // namespace yihong::testing
