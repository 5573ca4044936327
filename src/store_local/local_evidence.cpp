#include "bytes.hpp"
#include "entry_codec.hpp"
#include "keys.hpp"
#include "state.hpp"

#include <algorithm>

namespace yihong {

using namespace store_local;

namespace {

constexpr char no_interval = '\xff';

/// The part of a frame's key that all frames of its record share.
void append_frame_record(std::string& key, SiteNumber site, std::optional<IntervalKind> interval, UtcTime time)
{
    append_big_endian(key, site);
    key += interval ? static_cast<char>(*interval) : no_interval;
    append_time(key, time);
}

QuarantineEntry read_entry(Database const& database, std::uint64_t id, std::string_view value)
{
    auto entry = decode_quarantine(value);
    if (!entry)
        database.refuse_bytes("quarantine entry " + std::to_string(id));
    entry->id = id;
    return std::move(*entry);
}

}  // namespace

std::size_t store_local::bytes_of(std::vector<RawFrame> const& frames)
{
    std::size_t bytes = 0;
    for (auto const& f : frames)
        bytes += frame_key_size + f.device.size() + f.peer.size() + f.bytes.size() + 32;
    return bytes;
}

void Writing::add(EvidenceChanges const& changes)
{
    std::string key;
    std::string value;
    for (auto const& frame : changes.frames) {
        key.clear();
        append_frame_record(key, frame.site, frame.interval, frame.time);
        append_time(key, frame.received_at);
        append_big_endian(key, own++);
        value.clear();
        encode_frame(frame, value);
        put(Family::frames, key, value);
    }
    auto& bytes = *counters.quarantine_bytes;
    for (auto const& entry : changes.quarantined) {
        auto const encoded = encode_quarantine(entry);
        bytes += encoded.size();
        put(Family::quarantine, number_key(++counters.last_quarantine_id), encoded);
    }
    counters.quarantined += changes.quarantined.size();
    auto cleared = changes.cleared;
    std::ranges::sort(cleared);
    cleared.erase(std::ranges::unique(cleared).begin(), cleared.end());
    rocksdb::PinnableSlice present;
    for (auto const id : cleared) {
        if (!database.get(Family::quarantine, number_key(id), present))
            continue;
        bytes -= std::min<std::uint64_t>(bytes, present.size());
        present.Reset();
        remove(Family::quarantine, number_key(id));
        --counters.quarantined;
    }
}

void Writing::bound_quarantine(LocalStoreOptions const& options, UtcTime now, std::vector<std::uint64_t> const& cleared)
{
    constexpr std::size_t most = 5000;
    auto& bytes = *counters.quarantine_bytes;
    auto const it = database.iterate(Family::quarantine);
    std::size_t left = most;
    for (it->SeekToFirst(); left > 0 && it->Valid(); it->Next(), --left) {
        if (std::ranges::find(cleared, big_endian<std::uint64_t>(it->key().ToStringView())) != cleared.end())
            continue;                                  // it leaves with this commit anyway
        auto const value = it->value().ToStringView();
        auto const entry = decode_quarantine(value);
        bool const is_old = entry && entry->received_at < now - options.quarantine_max_age;
        if (!is_old && bytes <= options.quarantine_max_bytes)
            break;
        remove(Family::quarantine, it->key().ToStringView());
        bytes -= std::min<std::uint64_t>(bytes, value.size());
        counters.quarantined -= std::min<std::uint64_t>(counters.quarantined, 1);
    }
    database.check(it->status());
}

std::vector<QuarantineEntry> LocalStore::quarantine(std::uint64_t after, std::size_t limit, std::size_t bytes) const
{
    std::vector<QuarantineEntry> found;
    if (after == UINT64_MAX)
        return found;
    auto const it = state_->database.iterate(Family::quarantine);
    std::size_t taken = 0;
    for (it->Seek(number_key(after + 1)); it->Valid() && found.size() < limit && taken < bytes; it->Next()) {
        found.push_back(read_entry(state_->database, big_endian<std::uint64_t>(it->key().ToStringView()), it->value().ToStringView()));
        taken += found.back().raw.size();
    }
    state_->database.check(it->status());
    return found;
}

std::optional<QuarantineEntry> LocalStore::quarantine_entry(std::uint64_t id) const
{
    rocksdb::PinnableSlice value;
    if (!state_->database.get(Family::quarantine, number_key(id), value))
        return std::nullopt;
    return read_entry(state_->database, id, value.ToStringView());
}

void LocalStore::visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const
{
    if (query.time.begin && query.time.end && *query.time.begin > *query.time.end)
        return;
    auto const& database = state_->database;
    std::string lower;
    append_frame_record(lower, query.site, query.interval, query.time.begin.value_or(UtcTime::min()));
    std::string upper;
    append_frame_record(upper, query.site, query.interval, query.time.end.value_or(UtcTime::max()));
    upper.append(frame_key_size - frame_record_size + 1, '\xff');      // behind every frame of that time
    rocksdb::Slice const lower_slice = lower;
    rocksdb::Slice const upper_slice = upper;
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_slice;
    options.iterate_upper_bound = &upper_slice;
    options.auto_prefix_mode = true;        // asks the filters when it is about one record
    auto const it = database.iterate(Family::frames, options);
    auto left = query.limit;
    for (query.newest_first ? it->SeekToLast() : it->Seek(lower); left > 0 && it->Valid(); query.newest_first ? it->Prev() : it->Next()) {
        auto const key = it->key().ToStringView();
        auto frame = key.size() == frame_key_size ? decode_frame(it->value().ToStringView()) : std::nullopt;
        if (!frame)
            database.refuse_bytes("a frame");
        frame->site = query.site;
        frame->interval = query.interval;
        frame->time = read_time(key.substr(5));
        frame->received_at = read_time(key.substr(frame_record_size));
        if (!visit(*frame))
            return;
        --left;
    }
    database.check(it->status());
}

}  // namespace yihong
