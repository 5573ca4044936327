#pragma once

#include "yihong/ports/store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <random>
#include <ranges>
#include <thread>

/// What every Store has to do. A harness type gives `Store& store()` on an empty store, `void reopen()` (a new
/// process would see the same) and `std::unique_ptr<Store> open_copy(std::filesystem::path const&)` for a backup.
namespace yihong::store_contract {

using namespace std::chrono_literals;

inline UtcTime at(std::chrono::milliseconds since_2025)
{
    return UtcTime{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}} + since_2025;
}

inline Record make_record(SiteNumber site, IntervalKind interval, UtcTime time, std::int64_t value = 781)
{
    return Record{site,
                  interval,
                  StationStatus::normal,
                  Verdict{1, 3, 0},
                  time,
                  time + 90s,
                  {{2, Flag{}, Mark::none, true, Decimal{value, 2}},
                   {7, Flag{'h', 'd'}, Mark::spike, true, Decimal{-value, 0}},
                   {9, Flag{'*'}, Mark::none, false, Decimal{}}}};
}

/// Everything, to the last digit: 7.1 and 7.10 differ here.
inline bool identical(Record const& a, Record const& b)
{
    auto const same = [](Reading const& x, Reading const& y) {
        return x.parameter == y.parameter && x.flag == y.flag && x.marks == y.marks && x.has_value == y.has_value &&
               x.value.mantissa() == y.value.mantissa() && x.value.scale() == y.value.scale();
    };
    return a.site == b.site && a.interval == b.interval && a.status == b.status && a.verdict == b.verdict && a.time == b.time &&
           a.received_at == b.received_at && std::ranges::equal(a.readings, b.readings, same);
}
inline std::string describe(Record const& r)
{
    std::string text = "site " + std::to_string(r.site) + " " + std::string{to_text(r.interval)} + " " + format_rfc3339(r.time) +
                       " received " + format_rfc3339(r.received_at);
    for (auto const& v : r.readings)
        text +=
            " " + std::to_string(v.parameter) + "=" + (v.has_value ? v.value.to_string() : "-") + "(" + std::string{v.flag.text()} + ")";
    return text;
}
inline ::testing::AssertionResult same_records(std::vector<Record> const& got, std::vector<Record> const& wanted)
{
    if (std::ranges::equal(got, wanted, identical))
        return ::testing::AssertionSuccess();
    auto failure = ::testing::AssertionFailure() << got.size() << " records, wanted " << wanted.size();
    for (auto const& r : got | std::views::take(5))
        failure << "\n  got    " << describe(r);
    for (auto const& r : wanted | std::views::take(5))
        failure << "\n  wanted " << describe(r);
    return failure;
}

inline std::vector<Record> read(Store const& store, SeriesQuery const& query)
{
    std::vector<Record> found;
    store.visit_series(query, [&](Record const& r) {
        found.push_back(r);
        return true;
    });
    return found;
}
inline SeriesQuery series(SiteNumber site, std::optional<IntervalKind> interval = IntervalKind::hour)
{
    SeriesQuery query;
    query.site = site;
    query.interval = interval;
    return query;
}
inline void commit(Store& store, std::vector<Record> records)
{
    WriteGroup group;
    group.records.newest = records;
    group.records.added = std::move(records);
    store.commit(group);
}
inline QuarantineEntry make_entry(std::string raw)
{
    return {0, at(1h), "http 127.0.0.1", "readings-json", "unknown_site", "records[3].site: nobody", "nobody", std::move(raw)};
}

inline RawFrame make_frame(SiteNumber site, std::optional<IntervalKind> interval, UtcTime time, std::string bytes,
                           std::chrono::milliseconds delay = 90s)
{
    return {site, interval, time, time + delay, FrameVerdict::accepted, "A140800_0001", "10.1.2.3:40112", std::move(bytes)};
}
inline void commit_frames(Store& store, std::vector<RawFrame> frames)
{
    WriteGroup group;
    group.evidence.frames = std::move(frames);
    store.commit(group);
}
inline std::vector<RawFrame> read_frames(Store const& store, FrameQuery const& query)
{
    std::vector<RawFrame> found;
    store.visit_frames(query, [&](RawFrame const& f) {
        found.push_back(f);
        return true;
    });
    return found;
}
inline FrameQuery frames_of(SiteNumber site, std::optional<IntervalKind> interval = IntervalKind::hour, TimeInterval time = {})
{
    FrameQuery query;
    query.site = site;
    query.interval = interval;
    query.time = time;
    return query;
}

inline void put_out(Store& store, std::vector<OutboxEntry> entries)
{
    WriteGroup group;
    group.outbox.added = std::move(entries);
    store.commit(group);
}
inline void mark_done(Store& store, std::vector<std::pair<std::string, std::uint64_t>> done)
{
    WriteGroup group;
    group.outbox.done = std::move(done);
    store.commit(group);
}
inline std::vector<std::string> payloads(std::vector<OutboxEntry> const& entries)
{
    std::vector<std::string> found;
    for (auto const& e : entries)
        found.push_back(e.payload);
    return found;
}

template <typename Harness>
class RecordStoreContract : public ::testing::Test {
protected:
    Store& store() { return harness_.store(); }
    Harness harness_;
};
TYPED_TEST_SUITE_P(RecordStoreContract);

TYPED_TEST_P(RecordStoreContract, GivesBackARecordExactly)
{
    auto const r = make_record(3, IntervalKind::hour, at(5h));
    commit(this->store(), {r});

    auto const found = this->store().find(3, IntervalKind::hour, at(5h));

    ASSERT_TRUE(found);
    EXPECT_TRUE(same_records({*found}, {r}));
}

TYPED_TEST_P(RecordStoreContract, FindsNothingAtOtherSitesKindsAndTimes)
{
    commit(this->store(), {make_record(3, IntervalKind::hour, at(5h))});

    EXPECT_FALSE(this->store().find(2, IntervalKind::hour, at(5h)));
    EXPECT_FALSE(this->store().find(3, IntervalKind::day, at(5h)));
    EXPECT_FALSE(this->store().find(3, IntervalKind::hour, at(5h + 1ms)));
    EXPECT_TRUE(read(this->store(), series(4)).empty());
}

TYPED_TEST_P(RecordStoreContract, KeepsRecordsWithoutReadingsAndFarTimes)
{
    auto early = make_record(1, IntervalKind::sample, UtcTime{-5'000'000'000'000ms});
    early.readings.clear();
    auto const late = make_record(1, IntervalKind::sample, UtcTime{250'000'000'000'000ms});
    commit(this->store(), {late, early});

    EXPECT_TRUE(same_records(read(this->store(), series(1, IntervalKind::sample)), {early, late}));
}

TYPED_TEST_P(RecordStoreContract, VisitsASeriesInOrderOfTimeInBothDirections)
{
    std::vector<Record> all;
    for (int h = 0; h < 600; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), 700 + h));
    auto shuffled = all;
    std::ranges::shuffle(shuffled, std::mt19937{1});
    for (std::size_t i = 0; i < shuffled.size(); i += 50)
        commit(this->store(), {shuffled.begin() + static_cast<std::ptrdiff_t>(i), shuffled.begin() + static_cast<std::ptrdiff_t>(i + 50)});
    commit(this->store(), {make_record(6, IntervalKind::hour, at(1h)), make_record(8, IntervalKind::hour, at(1h)),
                           make_record(7, IntervalKind::day, at(1h))});

    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    auto backward = series(7);
    backward.newest_first = true;
    std::ranges::reverse(all);
    EXPECT_TRUE(same_records(read(this->store(), backward), all));
}

TYPED_TEST_P(RecordStoreContract, IncludesBothEndsOfTheTimeInterval)
{
    std::vector<Record> all;
    for (int h = 0; h < 1000; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
    commit(this->store(), all);
    for (auto const& [first, last] : {std::pair{0, 0}, {1, 23}, {100, 268}, {167, 168}, {500, 999}}) {
        for (bool const newest_first : {false, true}) {
            auto query = series(7);
            query.newest_first = newest_first;
            query.time = {at(std::chrono::hours{first}), at(std::chrono::hours{last})};
            std::vector<Record> wanted{all.begin() + first, all.begin() + last + 1};
            if (newest_first)
                std::ranges::reverse(wanted);
            EXPECT_TRUE(same_records(read(this->store(), query), wanted)) << first << " to " << last;
        }
    }
    auto open_end = series(7);
    open_end.time = {at(998h), std::nullopt};
    EXPECT_EQ(read(this->store(), open_end).size(), 2U);
    open_end.time = {std::nullopt, at(1h)};
    EXPECT_EQ(read(this->store(), open_end).size(), 2U);
    open_end.time = {at(2h), at(1h)};
    EXPECT_TRUE(read(this->store(), open_end).empty());
}

TYPED_TEST_P(RecordStoreContract, MergesAllKindsByTimeThenKind)
{
    std::vector<Record> const all{make_record(7, IntervalKind::hour, at(0h)),       make_record(7, IntervalKind::day, at(0h)),
                                  make_record(7, IntervalKind::hour, at(1h)),       make_record(7, IntervalKind::realtime, at(2h)),
                                  make_record(7, IntervalKind::minute, at(2h)),     make_record(7, IntervalKind::hour, at(2h)),
                                  make_record(7, IntervalKind::four_hours, at(4h)), make_record(7, IntervalKind::sample, at(4h))};
    commit(this->store(), all);

    EXPECT_TRUE(same_records(read(this->store(), series(7, std::nullopt)), all));
}

TYPED_TEST_P(RecordStoreContract, PagesByKeyWithoutGapOrRepetition)
{
    std::vector<Record> all;
    for (int h = 0; h < 400; ++h) {
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
        if (h % 4 == 0)
            all.push_back(make_record(7, IntervalKind::four_hours, at(std::chrono::hours{h})));
    }
    commit(this->store(), all);
    for (bool const newest_first : {false, true}) {
        auto query = series(7, std::nullopt);
        query.newest_first = newest_first;
        query.limit = 7;
        std::vector<Record> collected;
        for (auto page = read(this->store(), query); !page.empty(); page = read(this->store(), query)) {
            ASSERT_LE(page.size(), 7U);
            collected.insert(collected.end(), page.begin(), page.end());
            query.after = {page.back().time, page.back().interval};
        }
        EXPECT_TRUE(same_records(collected, all));
        std::ranges::reverse(all);
    }
}

TYPED_TEST_P(RecordStoreContract, StopsAtTheLimitAndWhenTheVisitorHasEnough)
{
    std::vector<Record> all;
    for (int h = 0; h < 300; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h})));
    commit(this->store(), all);
    auto query = series(7);
    query.limit = 0;
    EXPECT_TRUE(read(this->store(), query).empty());
    query.limit = 250;
    EXPECT_EQ(read(this->store(), query).size(), 250U);
    int visited = 0;
    this->store().visit_series(query, [&](Record const&) { return ++visited < 5; });
    EXPECT_EQ(visited, 5);
}

TYPED_TEST_P(RecordStoreContract, ReadsOneParameterAlone)
{
    auto without = make_record(7, IntervalKind::hour, at(1h));
    without.readings.erase(without.readings.begin() + 1);
    commit(this->store(), {make_record(7, IntervalKind::hour, at(0h)), without});
    auto query = series(7);
    query.parameter = ParameterId{7};

    auto const found = read(this->store(), query);

    ASSERT_EQ(found.size(), 2U);
    ASSERT_EQ(found[0].readings.size(), 1U);
    EXPECT_EQ(found[0].readings[0].value, (Decimal{-781, 0}));
    EXPECT_TRUE(found[1].readings.empty());
}

TYPED_TEST_P(RecordStoreContract, ReplacesARecordAndKeepsWhatItSuperseded)
{
    auto const first = make_record(7, IntervalKind::hour, at(3h), 100);
    auto second = make_record(7, IntervalKind::hour, at(3h), 200);
    second.received_at = at(9h);
    auto third = make_record(7, IntervalKind::hour, at(3h), 300);
    third.received_at = at(10h);
    commit(this->store(), {first, make_record(7, IntervalKind::hour, at(4h))});
    for (auto const& [old, now, when] : {std::tuple{first, second, at(9h)}, {second, third, at(10h)}}) {
        WriteGroup group;
        group.records.added = {now};
        group.records.superseded = {old};
        group.records.superseded_at = when;
        this->store().commit(group);
    }

    auto const found = this->store().find(7, IntervalKind::hour, at(3h));
    ASSERT_TRUE(found);
    EXPECT_TRUE(same_records({*found}, {third}));
    EXPECT_EQ(read(this->store(), series(7)).size(), 2U);
    auto const revisions = this->store().revisions(7, {});
    ASSERT_EQ(revisions.size(), 2U);
    EXPECT_TRUE(same_records({revisions[0].record, revisions[1].record}, {first, second}));
    EXPECT_EQ(revisions[0].superseded_at, at(9h));
    EXPECT_EQ(revisions[1].superseded_at, at(10h));
    EXPECT_TRUE(this->store().revisions(8, {}).empty());
    EXPECT_TRUE(this->store().revisions(7, {at(4h), std::nullopt}).empty());
    EXPECT_EQ(this->store().revisions(7, {at(3h), at(3h)}).size(), 2U);
}

TYPED_TEST_P(RecordStoreContract, KeepsEveryRevisionOfOneMoment)
{
    for (int i = 0; i < 3; ++i) {
        WriteGroup group;
        group.records.added = {make_record(7, IntervalKind::hour, at(3h), 500 + i)};
        group.records.superseded = {make_record(7, IntervalKind::hour, at(3h), 100 + i),
                                    make_record(7, IntervalKind::hour, at(3h), 200 + i)};
        group.records.superseded_at = at(9h);
        this->store().commit(group);
    }

    EXPECT_EQ(this->store().revisions(7, {}).size(), 6U);
}

TYPED_TEST_P(RecordStoreContract, TheLaterOfTwoVersionsInOneGroupStays)
{
    commit(this->store(), {make_record(7, IntervalKind::hour, at(3h), 1), make_record(7, IntervalKind::hour, at(3h), 2)});

    EXPECT_TRUE(same_records(read(this->store(), series(7)), {make_record(7, IntervalKind::hour, at(3h), 2)}));
}

TYPED_TEST_P(RecordStoreContract, KnowsTheNewestRecordOfEverySeries)
{
    EXPECT_TRUE(this->store().newest().empty());
    for (int h = 0; h < 400; ++h) {
        std::vector<Record> records;
        for (SiteNumber s = 1; s <= 3; ++s)
            records.push_back(make_record(s, IntervalKind::hour, at(std::chrono::hours{h * static_cast<int>(s)})));
        commit(this->store(), records);
    }
    commit(this->store(), {make_record(2, IntervalKind::day, at(24h))});
    WriteGroup late;                       // arrives late: it is not the newest
    late.records.added = {make_record(2, IntervalKind::hour, at(5h))};
    this->store().commit(late);

    EXPECT_TRUE(
        same_records(this->store().newest(), {make_record(1, IntervalKind::hour, at(399h)), make_record(2, IntervalKind::hour, at(798h)),
                                              make_record(2, IntervalKind::day, at(24h)), make_record(3, IntervalKind::hour, at(1197h))}));
}

TYPED_TEST_P(RecordStoreContract, NumbersSitesOnceAndForAll)
{
    std::vector<std::string> const ids{"zhangliuzhuang", "longmen", "zhangliuzhuang"};
    auto const numbers = this->store().number_sites(ids);
    ASSERT_EQ(numbers.size(), 3U);
    EXPECT_EQ(numbers[0], numbers[2]);
    EXPECT_NE(numbers[0], numbers[1]);
    EXPECT_NE(numbers[0], 0U);

    this->harness_.reopen();

    std::vector<std::string> const more{"number", "longmen", "zhangliuzhuang"};
    auto const again = this->store().number_sites(more);
    EXPECT_EQ(again[1], numbers[1]);
    EXPECT_EQ(again[2], numbers[0]);
    EXPECT_TRUE(again[0] != again[1] && again[0] != again[2] && again[0] != 0);
}

TYPED_TEST_P(RecordStoreContract, ListsRegisteredSitesAsTheyWereLastWritten)
{
    Site plain;
    plain.id = "b-site";
    plain.name = "小韩村（西曲村）";
    Site full = plain;
    full.id = "a-site";
    full.kind = SiteKind::air_station;
    full.position = LonLat{110.9931, 35.0228};
    full.target_class = 3;
    full.coordinate_accuracy_m = 250.5;
    full.external_ids = {{"cnemc", "山西省/张留庄"}, {"cnemc", "山西省/张留庄2"}};
    full.mn = "A140800_0001";
    full.level = "national";
    full.water_body = "涑水河";
    full.source = "import";
    full.name_en = "Xiaohan";
    WriteGroup group;
    group.sites = {plain, full};
    this->store().commit(group);
    plain.name = "另名";
    group.sites = {plain};
    this->store().commit(group);

    auto const sites = this->store().registered_sites();

    ASSERT_EQ(sites.size(), 2U);
    EXPECT_EQ(sites[1].name, "另名");
    EXPECT_FALSE(sites[1].position);
    EXPECT_FALSE(sites[1].target_class);
    auto const& got = sites[0];
    EXPECT_EQ(std::tie(got.id, got.name, got.name_en, got.kind, got.position, got.mn, got.level, got.water_body, got.target_class,
                       got.external_ids, got.coordinate_accuracy_m, got.source),
              std::tie(full.id, full.name, full.name_en, full.kind, full.position, full.mn, full.level, full.water_body, full.target_class,
                       full.external_ids, full.coordinate_accuracy_m, full.source));
}

TYPED_TEST_P(RecordStoreContract, KeepsQuarantineWithRawBytesAndPages)
{
    WriteGroup group;
    for (int i = 0; i < 10; ++i)
        group.evidence.quarantined.push_back(make_entry(std::string{"raw\0\xff", 5} + std::to_string(i)));
    this->store().commit(group);

    auto const page = this->store().quarantine(0, 4);
    ASSERT_EQ(page.size(), 4U);
    auto const rest = this->store().quarantine(page.back().id, 100);
    ASSERT_EQ(rest.size(), 6U);
    EXPECT_LT(page[3].id, rest[0].id);
    auto const wanted = make_entry(std::string{"raw\0\xff", 5} + "4");
    EXPECT_EQ(std::tie(rest[0].received_at, rest[0].source, rest[0].format, rest[0].code, rest[0].detail, rest[0].site, rest[0].raw),
              std::tie(wanted.received_at, wanted.source, wanted.format, wanted.code, wanted.detail, wanted.site, wanted.raw));
    EXPECT_EQ(this->store().quarantine_entry(rest[0].id)->raw, wanted.raw);
    EXPECT_TRUE(this->store().quarantine(UINT64_MAX, 5).empty());
    EXPECT_TRUE(this->store().quarantine(0, 0).empty());
}

TYPED_TEST_P(RecordStoreContract, NeverGivesAQuarantineIdTwice)
{
    WriteGroup group;
    group.evidence.quarantined = {make_entry("a"), make_entry("b")};
    this->store().commit(group);
    auto const last = this->store().quarantine(0, 10).back().id;
    WriteGroup clear;
    clear.evidence.cleared = {last, last, 12345};
    this->store().commit(clear);
    EXPECT_FALSE(this->store().quarantine_entry(last));
    EXPECT_EQ(this->store().stats().quarantine_entries, 1U);
    this->harness_.reopen();
    group.evidence.quarantined = {make_entry("c")};
    this->store().commit(group);

    EXPECT_GT(this->store().quarantine(0, 10).back().id, last);
    EXPECT_EQ(this->store().stats().quarantine_entries, 2U);
}

TYPED_TEST_P(RecordStoreContract, FindsEveryFrameOfARecordInOrderOfReceipt)
{
    auto const first = make_frame(7, IntervalKind::hour, at(3h), std::string{"##\0\xff\r\n", 6}, 90s);
    auto again = make_frame(7, IntervalKind::hour, at(3h), "again", 2h);
    again.verdict = FrameVerdict::duplicate;
    auto twin = again;                                   // even its receipt is the same
    twin.bytes = "twin";
    commit_frames(this->store(), {again, twin});
    commit_frames(this->store(),
                  {make_frame(7, IntervalKind::hour, at(2h), "before"), make_frame(7, IntervalKind::hour, at(3h + 1ms), "behind"), first,
                   make_frame(7, IntervalKind::day, at(3h), "other kind"), make_frame(8, IntervalKind::hour, at(3h), "other site"),
                   make_frame(7, std::nullopt, at(3h), "no record")});

    std::vector<RawFrame> wanted{first, again, twin};
    EXPECT_EQ(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(3h)})), wanted);
    this->harness_.reopen();
    EXPECT_EQ(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(3h)})), wanted);
    auto backward = frames_of(7, IntervalKind::hour, {at(3h), at(3h)});
    backward.newest_first = true;
    std::ranges::reverse(wanted);
    EXPECT_EQ(read_frames(this->store(), backward), wanted);
    EXPECT_TRUE(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(4h), at(5h)})).empty());
    EXPECT_TRUE(read_frames(this->store(), frames_of(7, IntervalKind::hour, {at(3h), at(2h)})).empty());
}

TYPED_TEST_P(RecordStoreContract, VisitsFramesInBothDirectionsUntilTheLimitOrTheVisitorHasEnough)
{
    std::vector<RawFrame> all;
    for (int m = 0; m < 900; ++m)                        // some before 1970, and in several files
        all.push_back(make_frame(7, IntervalKind::minute, UtcTime{(m - 450) * 1min}, std::to_string(m) + std::string(300, 'x')));
    auto shuffled = all;
    std::ranges::shuffle(shuffled, std::mt19937{5});
    for (std::size_t i = 0; i < shuffled.size(); i += 90)
        commit_frames(this->store(),
                      {shuffled.begin() + static_cast<std::ptrdiff_t>(i), shuffled.begin() + static_cast<std::ptrdiff_t>(i + 90)});
    for (bool const newest_first : {false, true}) {
        auto query = frames_of(7, IntervalKind::minute);
        query.newest_first = newest_first;
        query.limit = 10'000;
        EXPECT_EQ(read_frames(this->store(), query), all);
        query.limit = 250;
        EXPECT_EQ(read_frames(this->store(), query), (std::vector<RawFrame>{all.begin(), all.begin() + 250}));
        query.limit = 0;
        EXPECT_TRUE(read_frames(this->store(), query).empty());
        query.limit = 10;
        int visited = 0;
        this->store().visit_frames(query, [&](RawFrame const&) { return ++visited < 5; });
        EXPECT_EQ(visited, 5);
        std::ranges::reverse(all);
    }
    auto part = frames_of(7, IntervalKind::minute, {UtcTime{-1min}, UtcTime{1min}});
    EXPECT_EQ(read_frames(this->store(), part), (std::vector<RawFrame>{all.begin() + 449, all.begin() + 452}));
}

TYPED_TEST_P(RecordStoreContract, KeepsFramesWithoutARecordAndWithoutASite)
{
    auto nobody = make_frame(0, std::nullopt, at(1h), "unknown MN", 0s);
    nobody.verdict = FrameVerdict::refused;
    nobody.device = "";
    auto heartbeat = make_frame(7, std::nullopt, at(2h), "heartbeat", 0s);
    heartbeat.verdict = FrameVerdict::kept;
    commit_frames(this->store(), {heartbeat, nobody});

    EXPECT_EQ(read_frames(this->store(), frames_of(0, std::nullopt)), std::vector{nobody});
    EXPECT_EQ(read_frames(this->store(), frames_of(7, std::nullopt)), std::vector{heartbeat});
    EXPECT_TRUE(read_frames(this->store(), frames_of(7)).empty());
    EXPECT_TRUE(read(this->store(), series(7, std::nullopt)).empty());
}

TYPED_TEST_P(RecordStoreContract, AQueueGivesItsEntriesInOrderUntilTheyAreDone)
{
    put_out(this->store(), {{0, "forward:province", "p1"}, {0, "forward", "f1"}, {0, "forward:province", "p2"}});
    put_out(this->store(), {{0, "forward:province", std::string{"p3\0\xff", 5}}});

    auto const all = this->store().outbox("forward:province", 0, 10);
    ASSERT_EQ(payloads(all), (std::vector<std::string>{"p1", "p2", std::string{"p3\0\xff", 5}}));
    EXPECT_EQ(all[0].queue, "forward:province");
    EXPECT_GT(all[0].id, 0U);
    EXPECT_LT(all[0].id, all[1].id);
    EXPECT_LT(all[1].id, all[2].id);
    EXPECT_EQ(payloads(this->store().outbox("forward", 0, 10)), std::vector<std::string>{"f1"});
    EXPECT_EQ(payloads(this->store().outbox("forward:province", all[0].id, 1)), std::vector<std::string>{"p2"});
    EXPECT_TRUE(this->store().outbox("forward:province", 0, 0).empty());
    EXPECT_TRUE(this->store().outbox("forward:province", UINT64_MAX, 10).empty());
    EXPECT_TRUE(this->store().outbox("forward:", 0, 10).empty());

    mark_done(this->store(), {{"forward:province", all[0].id}, {"forward:province", all[0].id}, {"forward", all[1].id}, {"nobody", 12345}});

    EXPECT_EQ(payloads(this->store().outbox("forward:province", 0, 10)), (std::vector<std::string>{"p2", all[2].payload}));
    EXPECT_EQ(payloads(this->store().outbox("forward", 0, 10)), std::vector<std::string>{"f1"});
}

TYPED_TEST_P(RecordStoreContract, NeverGivesAnOutboxIdTwice)
{
    put_out(this->store(), {{0, "a", "1"}, {0, "b", "2"}});
    auto const last = this->store().outbox("b", 0, 10).back().id;
    EXPECT_GT(last, this->store().outbox("a", 0, 10).back().id);           // ascending over all queues
    mark_done(this->store(), {{"b", last}});
    this->harness_.reopen();

    put_out(this->store(), {{0, "b", "3"}});

    EXPECT_GT(this->store().outbox("b", 0, 10).back().id, last);
    EXPECT_EQ(payloads(this->store().outbox("a", 0, 10)), std::vector<std::string>{"1"});
}

TYPED_TEST_P(RecordStoreContract, ABackupHoldsFramesAndTheOutbox)
{
    auto const folder = std::filesystem::temp_directory_path() / ("yihong-backup-" + std::to_string(std::random_device{}()));
    auto const frame = make_frame(7, IntervalKind::hour, at(3h), "frame");
    commit_frames(this->store(), {frame});
    put_out(this->store(), {{0, "a", "1"}});
    this->store().backup(folder / "copy");
    {
        auto const copy = this->harness_.open_copy(folder / "copy");
        EXPECT_EQ(read_frames(*copy, frames_of(7)), std::vector{frame});
        EXPECT_EQ(copy->outbox("a", 0, 10), this->store().outbox("a", 0, 10));
    }
    std::filesystem::remove_all(folder);
}

/// Every field at a value of its own.
inline Alert full_alert(std::string id)
{
    Alert a;
    a.id = std::move(id);
    a.family = AlertFamily::operation;
    a.site = 7;
    a.site_id = "zhangliuzhuang";
    a.state = AlertState::resolved;
    a.severity = AlertSeverity::notice;
    a.peak_severity = AlertSeverity::high;
    Exceedance const item{.parameter = 5,
                          .value = Decimal{131, 2},
                          .limit = Decimal{10, 1},
                          .below = true,
                          .multiple = Decimal{3, 1},
                          .item_class = 4,
                          .time = at(1h)};
    a.causes = {{.rule = "below-class-iii",
                 .kind = RuleKind::over_range,
                 .severity = AlertSeverity::high,
                 .interval = IntervalKind::sample,
                 .since = at(1h),
                 .last = at(2h),
                 .items = {item, item}}};
    a.rules = {"below-class-iii", "heavy"};
    a.worst = {item};
    a.water_class = 6;
    a.aqi = 301;
    a.opened_at = at(3h), a.updated_at = at(4h), a.acknowledged_at = at(5h), a.assigned_at = at(6h), a.progress_at = at(7h),
    a.resolved_at = at(8h);
    a.closed_at = at(9h), a.first_time = at(10h), a.last_time = at(11h);
    a.resolved_by_person = true;
    a.acknowledged_by = "王";
    a.assignee = "李";
    a.consequence_of = {"upstream-water-1", "upstream-water-2"};
    a.deadlines = AlertDeadlines{at(12h), at(13h), at(14h), true};
    a.reminded = 5;
    a.escalation_level = 2;
    a.escalate_at = at(15h);
    a.silent_until = at(16h);
    a.owes_notice = true;
    a.steps = 9;
    return a;
}

TYPED_TEST_P(RecordStoreContract, KeepsAlertsTheirStoriesAndSilences)
{
    Alert plain;
    plain.id = "b-water-1";
    Alert changed = full_alert("a-water-1");
    Silence const silence{.id = "s1",
                          .site = "a",
                          .river = "汾河",
                          .county = "河津市",
                          .rule = "r",
                          .begin = at(1h),
                          .end = at(2h),
                          .reason = "检修",
                          .author = "王",
                          .created_at = at(0h)};
    WriteGroup first;
    first.alerts.changed = {changed, plain};
    first.journal = {{1, "a-water-1", "{\"a\":1}", "aa"}, {2, "b-water-1", "{}", "bb"}};
    first.alerts.silences = {silence};
    this->store().commit(first);
    EXPECT_EQ(this->store().silences(), std::vector{silence});
    changed.steps = 10;
    WriteGroup second;
    second.alerts.changed = {changed};
    second.journal = {{3, "a-water-1", "{\"a\":2}", "cc"}, {4, "a-water-10", "{}", "dd"}};
    second.alerts.silences_ended = {"s1"};
    this->store().commit(second);
    for (int pass = 0; pass < 2; ++pass) {
        auto alerts = this->store().alerts();
        std::ranges::sort(alerts, {}, &Alert::id);
        EXPECT_EQ(alerts, (std::vector{changed, plain}));
        EXPECT_EQ(this->store().alert_steps("a-water-1"), (std::vector<AlertStep>{first.journal[0], second.journal[0]}));
        EXPECT_TRUE(this->store().alert_steps("a-water").empty());
        EXPECT_EQ(this->store().alert_log(1, 2), (std::vector<AlertStep>{first.journal[1], second.journal[0]}));
        EXPECT_EQ(this->store().last_alert_step(), second.journal[1]);
        EXPECT_TRUE(this->store().silences().empty());
        this->harness_.reopen();
    }
}

TYPED_TEST_P(RecordStoreContract, SurvivesReopeningAndCompaction)
{
    std::vector<Record> all;
    for (int h = 0; h < 500; ++h)
        all.push_back(make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), 700 + h));
    commit(this->store(), {all.begin(), all.begin() + 300});
    this->harness_.reopen();
    commit(this->store(), {all.begin() + 300, all.end()});
    this->harness_.compact();
    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    this->harness_.reopen();

    EXPECT_TRUE(same_records(read(this->store(), series(7)), all));
    EXPECT_EQ(this->store().stats().records_estimate, 500U);
    EXPECT_GT(this->store().stats().disk_bytes, 0U);
}

TYPED_TEST_P(RecordStoreContract, BacksUpWhileWritingGoesOn)
{
    auto const folder = std::filesystem::temp_directory_path() / ("yihong-backup-" + std::to_string(std::random_device{}()));
    commit(this->store(), {make_record(7, IntervalKind::hour, at(0h), 0)});
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::thread writer{[&] {
        for (int h = 1; !stop; ++h) {
            commit(this->store(), {make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), h)});
            written = h;
        }
    }};
    while (written < 20)
        std::this_thread::yield();
    int const before = written;
    this->store().backup(folder / "copy");
    EXPECT_THROW(this->store().backup(folder / "copy"), StoreError);
    stop = true;
    writer.join();
    {
        auto const copy = this->harness_.open_copy(folder / "copy");
        auto query = series(7);
        query.limit = 1'000'000;
        auto const copied = read(*copy, query);
        ASSERT_GT(copied.size(), static_cast<std::size_t>(before));
        for (std::size_t h = 0; h < copied.size(); ++h)      // no gap: the copy is one moment
            ASSERT_TRUE(
                same_records({copied[h]}, {make_record(7, IntervalKind::hour, at(std::chrono::hours{h}), static_cast<std::int64_t>(h))}));
        commit(*copy, {make_record(9, IntervalKind::hour, at(0h))});
        EXPECT_FALSE(this->store().find(9, IntervalKind::hour, at(0h)));
    }
    std::filesystem::remove_all(folder);
}

TYPED_TEST_P(RecordStoreContract, ReadersSeeWholeGroupsOnly)
{
    std::atomic<bool> stop = false;
    std::thread writer{[&] {
        for (int h = 0; h < 150; ++h)
            commit(this->store(), {make_record(7, IntervalKind::hour, at(std::chrono::hours{2 * h}), h),
                                   make_record(7, IntervalKind::hour, at(std::chrono::hours{2 * h + 1}), h)});
        stop = true;
    }};
    std::size_t seen = 0;
    while (!stop) {
        auto const found = read(this->store(), series(7));
        ASSERT_EQ(found.size() % 2, 0U);
        ASSERT_GE(found.size(), seen);
        seen = found.size();
    }
    writer.join();
    EXPECT_EQ(read(this->store(), series(7)).size(), 300U);
}

REGISTER_TYPED_TEST_SUITE_P(RecordStoreContract, GivesBackARecordExactly, FindsNothingAtOtherSitesKindsAndTimes,
                            KeepsRecordsWithoutReadingsAndFarTimes, VisitsASeriesInOrderOfTimeInBothDirections,
                            IncludesBothEndsOfTheTimeInterval, MergesAllKindsByTimeThenKind, PagesByKeyWithoutGapOrRepetition,
                            StopsAtTheLimitAndWhenTheVisitorHasEnough, ReadsOneParameterAlone, ReplacesARecordAndKeepsWhatItSuperseded,
                            KeepsEveryRevisionOfOneMoment, TheLaterOfTwoVersionsInOneGroupStays, KnowsTheNewestRecordOfEverySeries,
                            NumbersSitesOnceAndForAll, ListsRegisteredSitesAsTheyWereLastWritten, KeepsQuarantineWithRawBytesAndPages,
                            NeverGivesAQuarantineIdTwice, SurvivesReopeningAndCompaction, BacksUpWhileWritingGoesOn,
                            ReadersSeeWholeGroupsOnly, FindsEveryFrameOfARecordInOrderOfReceipt,
                            VisitsFramesInBothDirectionsUntilTheLimitOrTheVisitorHasEnough, KeepsFramesWithoutARecordAndWithoutASite,
                            AQueueGivesItsEntriesInOrderUntilTheyAreDone, NeverGivesAnOutboxIdTwice, ABackupHoldsFramesAndTheOutbox,
                            KeepsAlertsTheirStoriesAndSilences);

}  // namespace yihong::store_contract
