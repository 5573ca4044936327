// Months of sections stay what reading the records anew gives, whatever comes, is corrected or is taken back.
#include "core_fixture.hpp"

#include "yihong/history/month_keeper.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <random>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

std::string text_of(SectionMonth const& month)
{
    auto text = fmt::format("{} records", month.read.records);
    if (month.read.last_received)
        text += " " + format_rfc3339(*month.read.last_received);
    for (auto const& sample : month.planned)
        text += " planned " + format_rfc3339(sample.time);
    for (auto const& item : month.piece->items)
        text += fmt::format(" | {}: {} of {} days, {} of {} samples, {} {}", item.parameter, item.station ? item.station->to_string() : "-",
                            item.days, item.sample ? item.sample->to_string() : "-", item.samples, item.station_below, item.sample_below);
    return text;
}

class MonthKeeperTest : public CoreFixture {
protected:
    void SetUp() override { restart(); }
    void TearDown() override { core.reset(); }  // before the months that its participant reads
    void restart()
    {
        core.reset();
        months = std::make_unique<SectionMonths>(store);
        CoreOptions options;
        options.alerting.clocks = false;
        auto const known = world({site("a", SiteKind::water_section), site("b", SiteKind::water_section)});
        options.more = {{"periods", std::make_shared<MonthKeeper>(*months, known, pause, ahead)}};
        start(known, std::move(options));
    }
    SiteNumber number(std::string_view id) const { return current->sites->find(id)->number; }
    /// One that is kept, or is from now on.
    std::shared_ptr<SectionMonth const> get(SectionMonths& from, std::string_view id, std::string_view month,
                                            WaterValidity const& validity = {}) const
    {
        auto const one = parse_period(month).value();
        return from.get(number(id), {&one, 1}, validity, standards()->parameters()).front();
    }
    std::string kept(std::string_view id, std::string_view month) const { return text_of(*get(*months, id, month)); }
    std::string fresh(std::string_view id, std::string_view month) const
    {
        auto const one = parse_period(month).value();
        return text_of(read_months(store, number(id), {&one, 1}, {}, standards()->parameters()).front());
    }
    void withdraw(std::string_view id, TimeInterval time)
    {
        SeriesQuery which;
        which.limit = 1000;
        which.site = number(id);
        which.time = time;
        std::promise<std::optional<std::size_t>> promise;
        EXPECT_TRUE(core->writer.submit(WithdrawJob{which, [&](auto count) { promise.set_value(count); }}));
        (void)promise.get_future().get();
    }
    void sample(std::string_view time, std::string_view cod, std::string_view plan)
    {
        send({parsed("a", time, {reading("cod", cod), reading("plan_month", plan)}, IntervalKind::sample)});
    }

    std::unique_ptr<SectionMonths> months;
    std::chrono::milliseconds pause{1h};  ///< nothing is read in the background
    MonthKeeper::Ahead ahead{};
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
};

/// Counts what is read.
class Counting final : public Records {
public:
    explicit Counting(Records const& of) : of_{of} {}
    mutable std::atomic<int> series = 0;
    [[nodiscard]] std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const override
    {
        return of_.find(site, interval, time);
    }
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        ++series;
        of_.visit_series(query, visit);
    }
    [[nodiscard]] std::vector<Revision> revisions(SiteNumber site, TimeInterval time, std::size_t limit) const override
    {
        return of_.revisions(site, time, limit);
    }
    [[nodiscard]] std::vector<Record> newest(NewestQuery const& query) const override { return of_.newest(query); }
    void visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const override
    {
        of_.visit_history(query, visit);
    }

private:
    Records const& of_;
};

TEST_F(MonthKeeperTest, ACorrectionIsInTheMonthAtOnce)
{
    send({parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "8.1")}, IntervalKind::day)});
    auto const before = kept("a", "2025-10");
    send({parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "7.1")}, IntervalKind::day)});
    EXPECT_NE(kept("a", "2025-10"), before);
    EXPECT_EQ(kept("a", "2025-10"), fresh("a", "2025-10"));
    withdraw("a", {});
    EXPECT_EQ(kept("a", "2025-10"), "0 records");
}

TEST_F(MonthKeeperTest, OnlyMonthsThatARecordTouchesAreReadAgain)
{
    auto const of = [&](std::string_view id, std::string_view month) { return get(*months, id, month); };
    auto const own = of("a", "2025-10"), next = of("a", "2025-11"), others = of("b", "2025-10");
    send({parsed("a", "2025-10-31T15:59:00Z", {reading("ph", "8.1")}, IntervalKind::day)});    // the 31st in Beijing
    EXPECT_NE(of("a", "2025-10"), own);
    EXPECT_EQ(of("a", "2025-11"), next);
    EXPECT_EQ(of("b", "2025-10"), others);
}

TEST_F(MonthKeeperTest, ASampleChangesTheMonthThatItWasTakenForAndTheOneThatItIsNoLonger)
{
    EXPECT_EQ(kept("a", "2025-10"), "0 records");
    sample("2025-11-02T01:00:00Z", "18", "202510");
    EXPECT_NE(kept("a", "2025-10").find("18"), std::string::npos) << kept("a", "2025-10");
    EXPECT_EQ(kept("a", "2025-11"), fresh("a", "2025-11"));
    sample("2025-11-02T01:00:00Z", "18", "202511");
    EXPECT_EQ(kept("a", "2025-10"), "0 records");
    EXPECT_NE(kept("a", "2025-11").find("18"), std::string::npos);
    sample("2025-11-02T01:00:00Z", "18", "202507");            // farther than a month: its time decides
    EXPECT_EQ(kept("a", "2025-07"), fresh("a", "2025-07"));
    EXPECT_NE(kept("a", "2025-11").find("18"), std::string::npos);
}

TEST_F(MonthKeeperTest, IsBoundedAndReadsAgainWhatLeft)
{
    SectionMonths few{store, 2000};
    send({parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "8.1")}, IntervalKind::day)});
    for (int round = 0; round < 2; ++round)
        for (auto const* month : {"2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01"})
            EXPECT_EQ(text_of(*get(few, "a", month)), fresh("a", month));
    EXPECT_LE(few.bytes(), 2000U);
    EXPECT_GT(few.bytes(), 0U);
}

TEST_F(MonthKeeperTest, WhatChangedIsReadBeforeSomebodyAsks)
{
    Counting const counting{store};
    SectionMonths kept{counting};
    auto const text = [&](std::string_view month) { return text_of(*get(kept, "a", month)); };
    (void)text("2025-10");
    (void)text("2025-11");
    Record record = parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "8.1")}, IntervalKind::day).record;
    record.site = number("a");
    WriteGroup group;
    group.records.added = {record, record};
    store.commit(group);
    kept.changed(group.records.added);
    kept.refresh(standards()->parameters());
    auto const before = counting.series.load();
    EXPECT_NE(text("2025-10").find("8.1"), std::string::npos);
    (void)text("2025-11");
    EXPECT_EQ(counting.series, before);
    kept.refresh(standards()->parameters());
    EXPECT_EQ(counting.series, before) << "nothing changed";
}

TEST_F(MonthKeeperTest, AfterAStartTheLastTwoYearsAreReadAhead)
{
    send({parsed("a", "2023-10-03T00:00:00Z", {reading("ph", "7.7")}, IntervalKind::day),
          parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "8.1")}, IntervalKind::day)});
    core.reset();
    Counting const counting{store};
    months = std::make_unique<SectionMonths>(counting);
    ahead = {&store, &settings};
    auto const text = [&](std::string_view month) { return text_of(*get(*months, "a", month)); };
    EXPECT_NE(text("2023-10").find("7.7"), std::string::npos) << "no part of two years";
    auto const each = counting.series.load();              // what a month costs, and a year in one
    std::optional<MonthKeeper> keeper{std::in_place, *months, current, pause, ahead};
    auto const all = each + each * MonthKeeper::years_ahead;
    for (int i = 0; i < 600 && counting.series < all; ++i)
        std::this_thread::sleep_for(50ms);
    keeper.reset();                                        // it keeps what it has begun to read
    EXPECT_EQ(counting.series, all) << "b has no records";
    EXPECT_NE(text("2025-10").find("8.1"), std::string::npos);
    EXPECT_EQ(text("2023-11"), "0 records");
    EXPECT_EQ(counting.series, all) << "they were there";
}

/// A run of months is read once; each of them is what it is alone, with the samples that were taken for it in another one.
TEST_F(MonthKeeperTest, MonthsThatAreReadTogetherAreWhatTheyAreAlone)
{
    for (auto const& [time, plan] : {std::pair{"2025-01-31T01:00:00Z", "202502"}, std::pair{"2025-02-01T01:00:00Z", "202501"},
                                     std::pair{"2025-03-02T01:00:00Z", "202502"}, std::pair{"2025-03-31T15:59:00Z", "202503"},
                                     std::pair{"2025-04-02T01:00:00Z", "202503"}, std::pair{"2024-12-30T01:00:00Z", "202501"}})
        sample(time, "18", plan);
    for (auto const* time : {"2025-01-31T15:59:00Z", "2025-01-31T16:00:00Z", "2025-03-31T15:59:00Z", "2025-03-31T16:00:00Z"})
        send({parsed("a", time, {reading("ph", "8.1")}, IntervalKind::day)});
    Counting const counting{store};
    SectionMonths together{counting};
    (void)get(together, "a", "2025-02");                   // the others are a run before it and one behind it
    auto const each = counting.series.load();
    auto const quarter = months_of(parse_period("2025-Q1").value());
    auto const made = together.get(number("a"), quarter, {}, standards()->parameters());
    EXPECT_EQ(counting.series, each * 3);
    ASSERT_EQ(made.size(), 3U);
    for (std::size_t i = 0; i < made.size(); ++i)
        EXPECT_EQ(text_of(*made[i]), fresh("a", period_code(quarter[i])));
    SectionMonths anew{store};
    auto const year = months_of(parse_period("2025").value());
    auto const of_year = anew.get(number("a"), year, {}, standards()->parameters());
    for (std::size_t i = 0; i < of_year.size(); ++i)
        EXPECT_EQ(text_of(*of_year[i]), fresh("a", period_code(year[i])));
}

TEST_F(MonthKeeperTest, AnotherValidityIsReadAnew)
{
    send({parsed("a", "2025-10-03T00:00:00Z", {reading("ph", "8.1")})});
    EXPECT_EQ(kept("a", "2025-10").find("8.1"), std::string::npos) << "one round of six makes no day";
    WaterValidity one;
    one.rounds_needed = 1;
    auto const made = get(*months, "a", "2025-10", one);
    EXPECT_NE(text_of(*made).find("8.1"), std::string::npos);
    EXPECT_EQ(kept("a", "2025-10"), fresh("a", "2025-10"));
}

/// Any sequence of records, corrections, withdrawals and restarts.
TEST_F(MonthKeeperTest, IsAlwaysWhatTheRecordsGive)
{
    pause = 1ms;                                           // others read while records come
    ahead = {&store, &settings};                           // and after each start
    restart();
    constexpr std::array shown{"2024-02", "2024-12", "2025-01", "2025-02", "2025-03"};
    for (unsigned seed = 1; seed <= 8; ++seed) {
        std::mt19937 random{seed};
        auto const any = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
        for (int step = 0; step < 120; ++step) {
            auto const* id = any(4) == 0 ? "b" : "a";
            auto const time = at(any(5) == 0 ? "2024-02-28T00:00:00Z" : "2024-12-25T00:00:00Z") + std::chrono::hours{4 * any(600)};
            auto const value = fmt::format("{}.{}", 1 + any(8), any(10));
            switch (any(12)) {
            case 0: withdraw(id, {time, time + std::chrono::hours{any(48)}}); break;
            case 1: restart(); break;
            case 2:
            case 3:
                send({parsed(id, format_rfc3339(time),
                             {reading("cod", value), reading("plan_month", std::array{"202412", "202501", "202502", "202503"}[any(4)])},
                             IntervalKind::sample)});
                break;
            default: {
                auto const interval = std::array{IntervalKind::four_hours, IntervalKind::four_hours, IntervalKind::hour, IntervalKind::day};
                std::vector<ParsedRecord> batch;
                auto const kind = interval[static_cast<std::size_t>(any(4))];
                for (int i = 0; i < 6; ++i)
                    batch.push_back(parsed(id, format_rfc3339(time + i * 4h),
                                           {reading("ph", value), reading("codmn", value, any(6) ? "N" : "D")}, kind));
                send(std::move(batch));
            }
            }
            for (auto const* month : shown) {
                if (any(3) == 0)
                    continue;                              // it stays as it was, perhaps over several changes
                ASSERT_EQ(kept("a", month), fresh("a", month)) << "seed " << seed << ", step " << step << ", " << month;
                ASSERT_EQ(kept("b", month), fresh("b", month)) << "seed " << seed << ", step " << step << ", " << month;
            }
            if (any(4) == 0) {                             // and in one: what of them is kept, and the rest from the records
                auto const winter = months_of(parse_period("2024-11/2025-03").value());
                auto const made = months->get(number("a"), winter, {}, standards()->parameters());
                for (std::size_t i = 0; i < made.size(); ++i)
                    ASSERT_EQ(text_of(*made[i]), fresh("a", period_code(winter[i]))) << "seed " << seed << ", step " << step;
            }
        }
    }
}

}  // namespace
}  // namespace yihong::testing
