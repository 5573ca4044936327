#pragma once

#include "yihong/ports/store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <ranges>
#include <string>
#include <vector>

/// What every store has to do, a suite a role (records_contract.hpp and its neighbours). A harness type gives `Store& store()` on an
/// empty store, `void reopen()` (a new process would see the same), `void compact()` (what the engine does in its own time) and
/// `std::unique_ptr<Store> open_copy(std::filesystem::path const&)` for a backup.
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
class StoreContract : public ::testing::Test {
protected:
    Store& store() { return harness_.store(); }
    Harness harness_;
};

}  // namespace yihong::store_contract
