// Days of air stations stay what reading the records anew gives, whatever comes, is corrected or is taken back.
#include "core_fixture.hpp"

#include "yihong/history/month_keeper.hpp"
#include "yihong/reports/air_report.hpp"

#include <fmt/format.h>

#include <random>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

std::string text_of(std::vector<Record> const& days, DataState const& read)
{
    auto text = fmt::format("{} records", read.records);
    if (read.last_received)
        text += " " + format_rfc3339(*read.last_received);
    for (auto const& day : days) {
        text += " | " + format_rfc3339(day.time);
        for (auto const& one : day.readings)
            text += fmt::format(" {}={}", one.parameter, one.value.to_string());
    }
    return text;
}

class AirMonthsTest : public CoreFixture {
protected:
    void SetUp() override { restart(); }
    void TearDown() override { core.reset(); }  // before the months that its participant reads
    void restart()
    {
        core.reset();
        months = std::make_unique<SectionMonths>(store);
        air = std::make_unique<AirMonths>(store);
        CoreOptions options;
        options.alerting.clocks = false;
        auto const known = world({site("a", SiteKind::air_station), site("b", SiteKind::air_station), site("w", SiteKind::water_section)});
        options.more = {{"periods", std::make_shared<MonthKeeper>(*months, known, pause, ahead, air.get())}};
        start(known, std::move(options));
    }
    std::string days(std::string_view id, std::string_view period, AirMonths* kept) const
    {
        DataState read;
        auto const made = read_air_days({store, nullptr, std::make_shared<MarkBook const>(), kept}, *current->sites->find(id),
                                        parse_period(period).value(), *standards(), read);
        return text_of(made, read);
    }
    std::string kept(std::string_view id, std::string_view period) const { return days(id, period, air.get()); }
    std::string fresh(std::string_view id, std::string_view period) const { return days(id, period, nullptr); }
    void withdraw(std::string_view id, TimeInterval time)
    {
        SeriesQuery which;
        which.limit = 1000;
        which.site = current->sites->find(id)->number;
        which.time = time;
        std::promise<std::optional<std::size_t>> promise;
        EXPECT_TRUE(core->writer.submit(WithdrawJob{which, [&](auto count) { promise.set_value(count); }}));
        (void)promise.get_future().get();
    }
    /// 24 hours of a day of Beijing alike.
    void hours(std::string_view id, std::string_view midnight, std::string_view pm10)
    {
        std::vector<ParsedRecord> batch;
        for (int hour = 0; hour < 24; ++hour)
            batch.push_back(parsed(id, format_rfc3339(at(midnight) + std::chrono::hours{hour}),
                                   {reading("pm10", pm10), reading("o3", "60")}, IntervalKind::hour));
        send(std::move(batch));
    }

    std::unique_ptr<SectionMonths> months;
    std::unique_ptr<AirMonths> air;
    std::chrono::milliseconds pause{1h};  ///< nothing is read in the background
    MonthKeeper::Ahead ahead{};
    Snapshot<ReportSettings> settings{std::make_shared<ReportSettings const>()};
};

TEST_F(AirMonthsTest, ACorrectionIsInTheDaysAtOnce)
{
    hours("a", "2025-10-02T16:00:00Z", "80");
    auto const before = kept("a", "2025");
    EXPECT_EQ(before, fresh("a", "2025"));
    EXPECT_NE(before.find("=80"), std::string::npos) << before;
    hours("a", "2025-10-02T16:00:00Z", "90");
    EXPECT_EQ(kept("a", "2025"), fresh("a", "2025"));
    EXPECT_NE(kept("a", "2025").find("=90"), std::string::npos);
    withdraw("a", {});
    EXPECT_EQ(kept("a", "2025"), "0 records");
}

TEST_F(AirMonthsTest, OnlyTheMonthOfTheRecordLeaves)
{
    auto const get = [&](std::string_view id, std::string_view month) {
        return air->get(current->sites->find(id)->number, parse_period(month).value(), *standards());
    };
    auto const own = get("a", "2025-10"), next = get("a", "2025-11"), others = get("b", "2025-10");
    hours("a", "2025-10-30T16:00:00Z", "80");              // the 31st in Beijing
    EXPECT_NE(get("a", "2025-10"), own);
    EXPECT_EQ(get("a", "2025-11"), next);
    EXPECT_EQ(get("b", "2025-10"), others);
}

TEST_F(AirMonthsTest, IsBoundedAndReadsAgainWhatLeft)
{
    AirMonths few{store, 1500};
    hours("a", "2025-10-02T16:00:00Z", "80");
    for (int round = 0; round < 2; ++round)
        EXPECT_EQ(days("a", "2025", &few), fresh("a", "2025"));
    EXPECT_LE(few.bytes(), 1500U);
    EXPECT_GT(few.bytes(), 0U);
}

TEST_F(AirMonthsTest, ReadsAheadAfterAStart)
{
    hours("a", "2025-10-02T16:00:00Z", "80");
    ahead = {&store, &settings};
    restart();
    for (int i = 0; i < 600 && air->bytes() == 0; ++i)
        std::this_thread::sleep_for(50ms);
    EXPECT_GT(air->bytes(), 0U);
    EXPECT_EQ(kept("a", "2025"), fresh("a", "2025"));
}

/// Any sequence of records, corrections, withdrawals and restarts; whole months, a year, and parts of months.
TEST_F(AirMonthsTest, IsAlwaysWhatTheRecordsGive)
{
    pause = 1ms;                                           // others read while records come
    ahead = {&store, &settings};                           // and after each start
    restart();
    constexpr std::array shown{"2024-02", "2024-12", "2025-01", "2024", "2024-12-20/2025-01-10", "2025-W01"};
    for (unsigned seed = 1; seed <= 5; ++seed) {
        std::mt19937 random{seed};
        auto const any = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
        for (int step = 0; step < 60; ++step) {
            auto const* id = any(4) == 0 ? "b" : "a";
            auto const day = at(any(5) == 0 ? "2024-02-27T16:00:00Z" : "2024-12-24T16:00:00Z") + std::chrono::days{any(20)};
            auto const value = fmt::format("{}", 20 + any(200));
            switch (any(8)) {
            case 0: withdraw(id, {day, day + std::chrono::hours{any(48)}}); break;
            case 1: restart(); break;
            case 2:
                send({parsed(id, format_rfc3339(day), {reading("pm10", value), reading("o3_8h", value, any(6) ? "N" : "D")},
                             IntervalKind::day)});
                break;
            case 3:
                send({parsed(id, format_rfc3339(day + std::chrono::hours{any(24)}), {reading("pm10", value)}, IntervalKind::hour)});
                break;
            default: hours(id, format_rfc3339(day), value);
            }
            for (auto const* period : shown) {
                if (any(3) == 0)
                    continue;                              // it stays as it was, perhaps over several changes
                ASSERT_EQ(kept("a", period), fresh("a", period)) << "seed " << seed << ", step " << step << ", " << period;
                ASSERT_EQ(kept("b", period), fresh("b", period)) << "seed " << seed << ", step " << step << ", " << period;
            }
        }
    }
}

}  // namespace
}  // namespace yihong::testing
