// A mark of people and the rules about periods: it is looked at once, beside the writer, and the story of the alert says why.
#include "core_fixture.hpp"
#include "temporary_folder.hpp"

#include "yihong/history/mark_keeper.hpp"
#include "yihong/periods/calendar.hpp"
#include "yihong/reports/period_rules.hpp"
#include "yihong/store_local/local_store.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <atomic>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

class MarkedPeriodsTest : public WorldFixture {
protected:
    void SetUp() override
    {
        std::vector<Site> sites{site("a", SiteKind::water_section), site("b", SiteKind::water_section),
                                site("plant", SiteKind::wastewater_plant)};
        for (auto& one : sites)
            one.number = disk->number_sites({&one.id, 1}).front();
        AlertPlan plan;
        plan.rules.resize(2);
        plan.rules[0].id = "year";
        plan.rules[0].kind = RuleKind::year_mean;
        plan.rules[0].severity = AlertSeverity::notice;
        plan.rules[0].min_months = 1;                           // in any month of the calendar there is one that is over
        plan.rules[1].id = "plant-day";
        plan.rules[1].kind = RuleKind::discharge_day;
        plan.rules[1].severity = AlertSeverity::notice;
        AlertRule limits;
        limits.id = "limits";
        limits.kind = RuleKind::discharge;
        limits.limits = {{"cod", {}, Decimal{40, 0}}};
        limits.records = 1000;                                  // only what the days are held against
        plan.rules.push_back(limits);
        here = make_world(standards(), std::move(sites), std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(plan));
        CoreOptions options;
        options.make_first = [this](CurrentState& state) {
            keeper = &state.marks;
            return std::vector<Seat>{{"marks", std::make_shared<MarkKeeper>(*disk, state)}};
        };
        options.periods = [this](World const& world, std::size_t index, UtcTime midnight) {
            auto found = look_at_periods({*disk, nullptr, settings, *keeper})(world, index, midnight);
            ++looked[index];
            return found;
        };
        core = std::make_unique<Core>(*disk, here, std::move(options));
    }
    void TearDown() override { core.reset(); }

    ParsedRecord record(std::string_view id, UtcTime time, IntervalKind interval, std::vector<Reading> readings) const
    {
        ParsedRecord made;
        made.site = here->sites->find(id);
        made.record.time = time;
        made.record.interval = interval;
        made.record.readings = std::move(readings);
        made.raw = "raw bytes";
        return made;
    }
    void send(std::vector<ParsedRecord> records)
    {
        ParsedBatch batch;
        for (std::uint32_t i = 0; i < records.size(); ++i)
            records[i].index = i;
        batch.records = std::move(records);
        batch.format = "readings-json";
        auto const report = core->intake.submit_and_wait(core->intake.prepare(std::move(batch), "test", *here, utc_now()));
        EXPECT_TRUE(report.rejected.empty());
    }
    /// Means of every day of the month that is over, and a round of today: 2.4 mg/L ammonia in the first ten days, 1.3 later.
    void send_month()
    {
        std::vector<ParsedRecord> records;
        for (auto day = month.begin; day < month.end; day += std::chrono::days{1})
            records.push_back(record("a", day, IntervalKind::day,
                                     {reading("dissolved_oxygen", "8.0"),
                                      reading("ammonia_nitrogen", day < month.begin + std::chrono::days{10} ? "2.4" : "1.3")}));
        auto const now = utc_now();
        records.push_back(
            record("a", now - now.time_since_epoch() % 4h - 4h, IntervalKind::four_hours, {reading("ammonia_nitrogen", "0.4")}));
        for (auto& one : records)
            std::ranges::sort(one.record.readings, {}, &Reading::parameter);
        send(std::move(records));
    }
    std::optional<MarkOutcome> carry_out(MarkCommand command)
    {
        std::promise<std::optional<MarkOutcome>> promise;
        EXPECT_TRUE(core->writer.submit(MarkJob{std::move(command), [&](auto outcome) { promise.set_value(std::move(outcome)); }}));
        return promise.get_future().get();
    }
    PeriodMark made(PeriodMarkKind kind, std::string id, UtcTime begin, UtcTime end)
    {
        PeriodMark mark;
        mark.kind = kind;
        mark.site = std::move(id);
        mark.begin = begin;
        mark.end = end;
        mark.reason = "河道无水";
        mark.document = "12号";
        mark.by = "李";
        auto const outcome = carry_out(AddMarks{{mark}});
        return *(**outcome).front();
    }
    PeriodMark changed(PeriodMark mark, std::string note)
    {
        mark.note = std::move(note);
        mark.by = "王";
        auto const outcome = carry_out(ChangeMark{std::move(mark)});
        return *(**outcome).front();
    }

    std::shared_ptr<Alert const> alert(std::string_view id) const
    {
        auto const book = core->state.alerts.load();
        auto const found = std::ranges::find(book->alerts, id, [](auto const& one) { return one->site_id; });
        return found == book->alerts.end() ? nullptr : *found;
    }
    std::string mean() const
    {
        auto const now = alert("a");
        return now && !now->causes.empty() ? now->causes.front().items.front().value.to_string() : "none";
    }
    /// The steps of its story, `kind: note (note_en)`.
    std::vector<std::string> story(std::string const& id) const
    {
        std::vector<std::string> steps;
        for (auto const& entry : disk->story(alert_topic, id)) {
            simdjson::dom::parser parser;
            simdjson::dom::element const root = parser.parse(entry.document);
            auto const text = [&](std::string_view pointer) { return std::string{root.at_pointer(pointer).get_string().value()}; };
            steps.push_back(fmt::format("{}: {} ({})", text("/data/event/kind"), text("/data/event/note"), text("/data/event/note_en")));
        }
        return steps;
    }
    template <typename T>
    static bool wait_until(T const& holds)
    {
        for (int i = 0; i < 1200 && !holds(); ++i)
            std::this_thread::sleep_for(50ms);
        return holds();
    }

    TemporaryFolder folder;
    std::unique_ptr<LocalStore> disk = LocalStore::open(folder / "store");
    Period const month = previous(period_of(PeriodKind::month, utc_now()));
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
    Snapshot<MarkBook> const* keeper = nullptr;
    std::array<std::atomic<int>, 3> looked{};
    std::shared_ptr<World const> here;
    std::unique_ptr<Core> core;
};

TEST_F(MarkedPeriodsTest, TheAlertOfAYearFollowsTheMarkAndItsStorySaysWhy)
{
    send_month();
    ASSERT_TRUE(wait_until([&] { return alert("a") != nullptr; }));
    auto const id = alert("a")->id;
    auto const whole = mean();
    auto const before = looked[0].load();

    auto mark = made(PeriodMarkKind::dry, "a", month.begin, month.end);
    ASSERT_TRUE(wait_until([&] { return alert("a")->state == AlertState::closed; })) << "nothing of the year so far is left";
    EXPECT_EQ(looked[0], before + 1) << "once";
    EXPECT_EQ(looked[1], 0) << "another site";

    mark.end = month.begin + std::chrono::days{10};
    mark = changed(mark, "复流");
    ASSERT_TRUE(wait_until([&] { return mean() == "1.30"; })) << mean();
    EXPECT_EQ(alert("a")->id, id);
    mark.state = PeriodMarkState::withdrawn;
    mark = changed(mark, "登记有误");
    ASSERT_TRUE(wait_until([&] { return mean() == whole; })) << mean();
    EXPECT_EQ(looked[0], before + 3);

    auto const first = format_date(month.first_day());
    auto const tenth = format_date(Date{std::chrono::sys_days{month.first_day()} + std::chrono::days{9}});
    auto const last = format_date(month.last_day());
    EXPECT_EQ(story(id),
              (std::vector<std::string>{
                  "opened:  ()",
                  fmt::format("resolved: 李登记人工标记：断流，{}至{}，河道无水，12号 (李 made mark m1: dry, {} to {})", first, last, first,
                              last),
                  "closed:  ()",
                  fmt::format("reopened: 王更正人工标记：断流，{}至{}，河道无水，12号（复流） (王 corrected mark m1: dry, {} to {})", first,
                              tenth, first, tenth),
                  fmt::format("commented: 王撤销人工标记：断流，{}至{}，河道无水，12号（登记有误） (王 withdrew mark m1: dry, {} to {})",
                              first, tenth, first, tenth)}));
}

TEST_F(MarkedPeriodsTest, AReportedStopEndsTheAlertOfThePlantsDay)
{
    auto const yesterday = beijing_midnight(beijing_date(utc_now())) - std::chrono::days{1};
    std::vector<ParsedRecord> records;
    for (int hour = 0; hour < 24; ++hour)
        records.push_back(record("plant", yesterday + std::chrono::hours{hour}, IntervalKind::hour, {reading("cod", "52")}));
    if (auto const hour = std::chrono::floor<std::chrono::hours>(utc_now()) - 1h; hour >= yesterday + std::chrono::days{1})
        records.push_back(record("plant", hour, IntervalKind::hour, {reading("cod", "30")}));          // it reports live
    send(std::move(records));
    ASSERT_TRUE(wait_until([&] { return alert("plant") != nullptr; }));
    EXPECT_FALSE(alert("plant")->causes.empty());
    (void)made(PeriodMarkKind::stop, "plant", yesterday, yesterday + std::chrono::days{1});
    EXPECT_TRUE(wait_until([&] { return alert("plant")->state == AlertState::closed; }));
    EXPECT_EQ(looked[0], 0);
}

TEST_F(MarkedPeriodsTest, AMarkThatChangesNoFigureChangesNoAlert)
{
    send_month();
    ASSERT_TRUE(wait_until([&] { return alert("a") != nullptr; }));
    auto const known = *alert("a");
    auto const before = looked[0].load();
    (void)made(PeriodMarkKind::upstream, "a", month.begin, month.end);
    ASSERT_TRUE(wait_until([&] { return looked[0] > before; }));
    (void)made(PeriodMarkKind::dry, "b", month.begin, month.end);
    ASSERT_TRUE(wait_until([&] { return looked[1] > 0; })) << "what was found of a is taken, or about to be";
    std::this_thread::sleep_for(1500ms);                        // a tick of the writer
    EXPECT_EQ(*alert("a"), known);
    EXPECT_EQ(looked[0], before + 1);
}

}  // namespace
}  // namespace yihong::testing
