#include "yihong/state/completeness.hpp"

#include "world_fixture.hpp"

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

struct Completeness : ::testing::Test {
    MemoryStore store;
    Date const day{std::chrono::year{2026} / 11 / 5};

    void record(std::string_view time, std::chrono::minutes delay = 60min, IntervalKind kind = IntervalKind::four_hours)
    {
        WriteGroup group;
        Record made;
        made.site = 1;
        made.interval = kind;
        made.time = at(time);
        made.received_at = made.time + delay;
        group.records.added.push_back(made);
        store.commit(group);
    }
    static std::string shown(std::vector<DayCompleteness> const& days)
    {
        std::string text;
        for (auto const& d : days) {
            text += format_date(d.date) + " " + std::to_string(d.present) + "/" + std::to_string(d.expected) + " late " +
                    std::to_string(d.late);
            for (auto const t : d.missing)
                text += " " + format_beijing(t).substr(11, 5);
            text += "\n";
        }
        return text;
    }
};

TEST_F(Completeness, ADayOfBeijingHasSixFourHourPeriodsAndOwesThoseThatAreOver)
{
    record("2026-11-05T00:00:00+08:00");
    record("2026-11-05T08:07:00+08:00");                       // off the grid: it is the period's all the same
    record("2026-11-05T12:00:00+08:00", 6h);                   // two hours after its end
    EXPECT_EQ(shown(completeness(store, 1, IntervalKind::four_hours, day, day, at("2026-11-05T20:29:00+08:00"))),
              "2026-11-05 3/4 late 1 04:00\n");
    EXPECT_EQ(shown(completeness(store, 1, IntervalKind::four_hours, day, day, at("2026-11-05T20:30:00+08:00"))),
              "2026-11-05 3/5 late 1 04:00 16:00\n");
}

TEST_F(Completeness, HoursOfTwoDaysAndOtherKindsDoNotCount)
{
    record("2026-11-05T23:00:00+08:00", 61min, IntervalKind::hour);
    record("2026-11-06T00:00:00+08:00", 61min, IntervalKind::hour);
    record("2026-11-06T01:00:00+08:00", 61min, IntervalKind::realtime);
    auto const days =
        completeness(store, 1, IntervalKind::hour, day, Date{std::chrono::year{2026} / 11 / 6}, at("2026-11-06T02:40:00+08:00"));
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].present, 1);
    EXPECT_EQ(days[0].missing.size(), 23U);
    EXPECT_EQ(shown({days[1]}), "2026-11-06 1/2 late 0 01:00\n");
}

TEST_F(Completeness, TheNewestGapComesFirstBoundedAndWithoutWhatWasAskedInVain)
{
    for (auto const* time : {"2026-11-05T04:00:00+08:00", "2026-11-05T16:00:00+08:00"})
        record(time);
    auto const days = completeness(store, 1, IntervalKind::four_hours, day, day, at("2026-11-06T12:00:00+08:00"));
    ASSERT_EQ(shown(days), "2026-11-05 2/6 late 0 00:00 08:00 12:00 20:00\n");
    auto const gap = [&](int most, std::vector<UtcTime> const& skip) { return newest_gap(days, IntervalKind::four_hours, most, skip); };
    auto const evening = at("2026-11-05T20:00:00+08:00");
    auto const noon = at("2026-11-05T12:00:00+08:00");
    auto const morning = at("2026-11-05T08:00:00+08:00");
    EXPECT_EQ(gap(24, {}), (Gap{evening, evening, 1}));
    EXPECT_EQ(gap(24, {evening}), (Gap{morning, noon, 2}));
    EXPECT_EQ(gap(1, {evening}), (Gap{noon, noon, 1}));
    EXPECT_EQ(gap(24, {evening, noon, morning, at("2026-11-05T00:00:00+08:00")}), std::nullopt);
}

}  // namespace
}  // namespace yihong::testing
