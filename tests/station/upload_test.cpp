#include "fixture.hpp"

#include "yihong/station/upload.hpp"

namespace yihong::station::test {
namespace {

ParameterBook const& book()
{
    static ParameterBook const parameters{{parameter(1, "w01001", "001"), parameter(2, "w21003", "060"), parameter(3, "")}};
    return parameters;
}

std::vector<std::string> items_of(Record const& of, UploadForm const& form = {})
{
    auto const uploads = to_uploads({&of, 1}, book(), form);
    return uploads.empty() ? std::vector<std::string>{} : uploads.front().items;
}

TEST(Uploads, KeepTheDigitsAndFlagsOfReadings)
{
    EXPECT_EQ(items_of(record(IntervalKind::four_hours, "2021-04-01T00:00:00Z", {reading(1, "8.10"), reading(2, "0.284", Flag{'T'})})),
              (std::vector<std::string>{"w01001-Avg=8.10,w01001-Flag=N", "w21003-Avg=0.284,w21003-Flag=T"}));
    EXPECT_EQ(items_of(record(IntervalKind::realtime, "2021-04-01T00:00:00Z", {reading(1, "8.1")})),
              (std::vector<std::string>{"w01001-Rtd=8.1,w01001-Flag=N"}));
}

TEST(Uploads, OfTheOldestEditionHaveItsCodes)
{
    EXPECT_EQ(items_of(record(IntervalKind::hour, "2021-04-01T00:00:00Z", {reading(2, "0.284")}), {.edition = hj212::Edition::hjt212_2005}),
              (std::vector<std::string>{"060-Avg=0.284,060-Flag=N"}));
}

TEST(Uploads, SayWhatHasNoValueAndLeaveOutWhatHasNoCode)
{
    auto silent = reading(1, "0");
    silent.has_value = false;
    auto broken = silent;
    broken.parameter = 2;
    broken.flag = Flag{'D'};
    EXPECT_EQ(items_of(record(IntervalKind::hour, "2021-04-01T00:00:00Z", {silent, broken, reading(3, "1")})),
              (std::vector<std::string>{"w01001-Avg=--,w01001-Flag=N", "w21003-Avg=--,w21003-Flag=D"}));
}

TEST(Uploads, ShowTheStateOfTheStationByTheFlags)
{
    auto maintained = record(IntervalKind::hour, "2021-04-01T00:00:00Z", {reading(1, "8.1"), reading(2, "1", Flag{'T'})});
    maintained.status = StationStatus::maintenance;
    EXPECT_EQ(items_of(maintained), (std::vector<std::string>{"w01001-Avg=8.1,w01001-Flag=M", "w21003-Avg=1,w21003-Flag=T"}));
}

TEST(Uploads, GoUnderTheCommandOfTheirPeriodOnceItIsOver)
{
    std::vector<Record> records;
    for (auto const kind : all_interval_kinds)
        records.push_back(record(kind, "2021-04-01T00:00:00Z", {reading(1, "8")}));
    std::vector<std::string> seen;
    for (auto const& upload : to_uploads(records, book(), {.time_is_end = true}))
        seen.push_back(fmt::format("{} {} {}", upload.cn, format_rfc3339(upload.available_at), format_rfc3339(upload.data_time)));
    EXPECT_EQ(seen,
              (std::vector<std::string>{"2011 2021-04-01T00:00:00Z 2021-04-01T00:00:00Z", "2051 2021-04-01T00:10:00Z 2021-04-01T00:10:00Z",
                                        "2061 2021-04-01T01:00:00Z 2021-04-01T01:00:00Z", "2061 2021-04-01T04:00:00Z 2021-04-01T04:00:00Z",
                                        "2031 2021-04-02T00:00:00Z 2021-04-02T00:00:00Z"}));
}

TEST(Shift, PutsTheNewestPeriodBeforeNowAndKeepsItsGrid)
{
    std::vector const four{record(IntervalKind::four_hours, "2021-04-01T00:00:00Z", {}),
                           record(IntervalKind::four_hours, "2021-04-01T08:00:00Z", {})};
    auto const shifted = [&](std::string_view now) { return format_rfc3339(four.back().time + shift_to(at(now), four, 10min)); };
    EXPECT_EQ(shifted("2026-11-05T03:59:59Z"), "2026-11-04T20:00:00Z");
    EXPECT_EQ(shifted("2026-11-05T04:00:00Z"), "2026-11-05T00:00:00Z");
    EXPECT_EQ(shifted("2020-01-01T05:00:00Z"), "2020-01-01T00:00:00Z");
    std::vector const hour{record(IntervalKind::hour, "2021-04-01T02:00:00Z", {})};
    EXPECT_EQ(format_rfc3339(hour.back().time + shift_to(at("2026-11-05T07:30:00Z"), hour, 10min)), "2026-11-05T06:00:00Z");
}

TEST(Loop, LastsFromTheFirstRecordToTheEndOfTheLastPeriod)
{
    std::vector const four{record(IntervalKind::four_hours, "2021-04-01T00:00:00Z", {}),
                           record(IntervalKind::four_hours, "2021-04-03T12:00:00Z", {})};
    EXPECT_EQ(loop_period_of(four, 10min), 64h);
    // whole periods of the longest kind, for hours and days together whole days
    std::vector const mixed{record(IntervalKind::day, "2021-03-31T16:00:00Z", {}), record(IntervalKind::hour, "2021-04-01T18:00:00Z", {})};
    EXPECT_EQ(loop_period_of(mixed, 10min), 48h);
    std::vector const instants{record(IntervalKind::realtime, "2021-04-01T00:00:00Z", {}),
                               record(IntervalKind::realtime, "2021-04-01T00:01:00Z", {})};
    EXPECT_EQ(loop_period_of(instants, 10min), 2min);
    EXPECT_EQ(loop_period_of({}, 10min), 0min);
}

TEST(Loop, GivesAMomentTheSameRecordWheneverItIsBegun)
{
    auto const begun = [](std::string_view now) {
        std::vector<Record> records;
        for (int i = 0; i < 3; ++i) {
            records.push_back(record(IntervalKind::four_hours, "2021-04-01T00:00:00Z", {reading(1, std::to_string(i))}));
            records.back().time += i * 4h;
        }
        move_into_last_loop(records, at(now), 12h, 10min);
        std::string text;
        for (auto const& one : records)
            text += fmt::format("{} {} ", format_rfc3339(one.time), one.readings.front().value.to_string());
        return text;
    };
    EXPECT_EQ(begun("2021-04-02T12:00:00Z"), "2021-04-02T00:00:00Z 0 2021-04-02T04:00:00Z 1 2021-04-02T08:00:00Z 2 ");
    EXPECT_EQ(begun("2021-04-02T15:59:59Z"), begun("2021-04-02T12:00:00Z"));
    EXPECT_EQ(begun("2021-04-02T16:00:00Z"), "2021-04-02T04:00:00Z 1 2021-04-02T08:00:00Z 2 2021-04-02T12:00:00Z 0 ");
    EXPECT_EQ(begun("2021-03-31T10:00:00Z"), "2021-03-30T20:00:00Z 2 2021-03-31T00:00:00Z 0 2021-03-31T04:00:00Z 1 ");
}

TEST(Misbehaviours, AreReadFromAList)
{
    auto const read = parse_misbehaviour("bad-crc:0.01,cut,silence:30s,drift:-120s,flood,wrong-password");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, (Misbehaviour{.bad_crc = 0.01, .cut = 0.1, .silence = 30s, .drift = -120s, .flood = 10s, .wrong_password = true}));
    for (auto const* wrong : {"", "bad-crc:2", "cut:-1", "silence:30", "silence:-3s", "drift:", "flood:1y", "wrong-password:1", "rude"})
        EXPECT_FALSE(parse_misbehaviour(wrong)) << wrong;
}

TEST(AnswerTimes, TellTheirPercentilesWithinSixPercent)
{
    AnswerTimes times;
    EXPECT_EQ(times.at(0.5).count(), 0);
    for (int i = 1; i <= 1000; ++i)
        times.add(std::chrono::microseconds{i * 100});
    EXPECT_NEAR(static_cast<double>(times.at(0.5).count()), 50'000, 3'200);
    EXPECT_NEAR(static_cast<double>(times.at(0.99).count()), 99'000, 6'200);
    EXPECT_EQ(times.longest().count(), 100'000);
}

}  // namespace
}  // namespace yihong::station::test
