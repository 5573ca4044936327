#include "yihong/store_local/local_store.hpp"

#include "alert_codec.hpp"
#include "bytes.hpp"
#include "database.hpp"
#include "entry_codec.hpp"
#include "series_merge.hpp"
#include "series_reader.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace yihong {

using namespace store_local;

namespace {

/// Small files of frames would add up, since nothing merges them; but the log cannot go before they are written.
constexpr auto frames_flush_after = std::chrono::hours{24};

constexpr std::string_view counters_key = "counters";
constexpr std::string_view number_prefix = "number:";     // + site id → SiteNumber
constexpr std::string_view site_prefix = "site:";         // + site id → registered site

/// Changes with every commit, in the same batch.
struct Counters {
    std::uint64_t records = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t last_quarantine_id = 0;
    std::uint64_t last_outbox_id = 0;      // not in stores made before there was an outbox
};

std::string encode(Counters const& c)
{
    std::string out;
    for (auto const n : {c.records, c.quarantined, c.last_quarantine_id, c.last_outbox_id})
        append_varint(out, n);
    return out;
}

std::string quarantine_key(std::uint64_t id)
{
    std::string key;
    append_big_endian(key, id);
    return key;
}

/// Site, kind, time, then when it was superseded and a number that makes the key its own.
constexpr std::size_t revision_key_size = 4 + 1 + 8 + 8 + 8;

void append_time(std::string& key, UtcTime time)
{
    append_big_endian(key, static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (1ULL << 63));
}
UtcTime read_time(std::string_view bytes)
{
    return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(big_endian<std::uint64_t>(bytes) ^ (1ULL << 63))}};
}

constexpr char no_interval = '\xff';

/// The part of a frame's key that all frames of its record share.
void append_frame_record(std::string& key, SiteNumber site, std::optional<IntervalKind> interval, UtcTime time)
{
    append_big_endian(key, site);
    key += interval ? static_cast<char>(*interval) : no_interval;
    append_time(key, time);
}

/// Behind its length the name of one queue is never the beginning of another's.
std::string outbox_prefix(std::string_view queue)
{
    std::string key;
    append_text(key, queue);
    return key;
}
std::string outbox_key(std::string_view queue, std::uint64_t id)
{
    auto key = outbox_prefix(queue);
    append_big_endian(key, id);
    return key;
}

/// What the first byte of a key says it is about.
enum class AlertKey : char { alert = 'a', step = 'l', step_of = 'o', silence = 's' };
std::string alert_key(AlertKey kind, std::string_view id = {}) { return std::string{static_cast<char>(kind)} + std::string{id}; }
std::string step_key(std::uint64_t number)
{
    auto key = alert_key(AlertKey::step);
    append_big_endian(key, number);
    return key;
}
/// Behind a zero byte, which no id has, one alert's steps are never found under the beginning of another's id.
std::string steps_of_prefix(std::string_view alert) { return alert_key(AlertKey::step_of, alert) + '\0'; }

Row row_of(Record const& r) { return {r.time, r.received_at, r.status, r.verdict, r.readings}; }

/// Records of one chunk go into one merge: the fewer entries, the cheaper the commit and everything after it.
void add_records(std::span<Record const> records, rocksdb::ColumnFamilyHandle* family, rocksdb::WriteBatch& batch)
{
    struct Place {
        SiteNumber site;
        IntervalKind interval;
        std::int64_t chunk;
        UtcTime time;
        std::uint32_t index;
        [[nodiscard]] bool same_chunk(Place const& o) const noexcept
        {
            return site == o.site && interval == o.interval && chunk == o.chunk;
        }
    };
    std::vector<Place> places;
    places.reserve(records.size());
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        auto const& r = records[i];
        places.push_back({r.site, r.interval, chunk_number(r.interval, r.time), r.time, i});
    }
    std::ranges::sort(places, {}, [](Place const& p) { return std::tuple{p.site, p.interval, p.time, p.index}; });

    std::vector<Row> rows;
    std::string value;
    for (auto at = places.begin(); at != places.end();) {
        rows.clear();
        auto const first = at;
        for (; at != places.end() && at->same_chunk(*first); ++at) {
            Row const row = row_of(records[at->index]);
            if (!rows.empty() && rows.back().time == row.time)
                rows.back() = row;                                  // twice in one group: the later one stays
            else
                rows.push_back(row);
        }
        value.clear();
        encode_chunk(rows, value);
        batch.Merge(family, series_key(first->site, first->interval, first->chunk), value);
    }
}

/// Frames are nearly all of the bytes of a group.
std::size_t reserve_for(std::span<RawFrame const> frames)
{
    std::size_t bytes = 0;
    for (auto const& f : frames)
        bytes += frame_key_size + f.device.size() + f.peer.size() + f.bytes.size() + 32;
    return bytes;
}

}  // namespace

struct LocalStore::State {
    template <typename... Mode>
    State(std::filesystem::path const& directory, LocalStoreOptions const& opened_with, Mode... mode)
        : database{directory, opened_with, mode...}, options{opened_with}, last_flush{std::chrono::steady_clock::now()},
          last_frames_flush{last_flush}
    {
        rocksdb::PinnableSlice stored;
        if (database.get(Family::meta, counters_key, stored)) {
            ByteReader in{stored.ToStringView()};
            counters.records = in.varint();
            counters.quarantined = in.varint();
            counters.last_quarantine_id = in.varint();
            if (!in.at_end())
                counters.last_outbox_id = in.varint();
            if (!in.ok())
                database.refuse_bytes("the counters");
        }
        visit_prefix(Family::meta, number_prefix, [&](std::string_view id, std::string_view value) {
            if (value.size() != sizeof(SiteNumber))
                database.refuse_bytes("a site number");
            auto const number = big_endian<SiteNumber>(value);
            numbers.emplace(id, number);
            last_number = std::max(last_number, number);
        });
    }

    /// Entries of a family whose key begins with `prefix`; `visit` gets the rest of the key.
    void visit_prefix(Family family, std::string_view prefix, auto const& visit) const
    {
        auto const it = database.iterate(family);
        for (it->Seek(slice(prefix)); it->Valid() && it->key().starts_with(slice(prefix)); it->Next())
            visit(it->key().ToStringView().substr(prefix.size()), it->value().ToStringView());
        database.check(it->status());
    }

    [[nodiscard]] Record only_record(SeriesKey key, std::string_view chunk) const
    {
        SeriesRows rows;
        if (!rows.append(chunk) || rows.rows().size() != 1)
            database.refuse_bytes("a revision");
        return to_record(key, rows.rows().front());
    }

    [[nodiscard]] QuarantineEntry read_entry(std::uint64_t id, std::string_view value) const
    {
        auto entry = decode_quarantine(value);
        if (!entry)
            database.refuse_bytes("quarantine entry " + std::to_string(id));
        entry->id = id;
        return std::move(*entry);
    }

    [[nodiscard]] AlertStep read_step(std::string_view number, std::string_view value) const
    {
        auto step = number.size() == sizeof(std::uint64_t) ? decode_alert_step(value) : std::nullopt;
        if (!step)
            database.refuse_bytes("a step of the alert log");
        step->number = big_endian<std::uint64_t>(number);
        return std::move(*step);
    }

    Database database;
    LocalStoreOptions options;
    std::chrono::steady_clock::time_point last_flush;
    std::chrono::steady_clock::time_point last_frames_flush;

    mutable std::mutex counters_mutex;    // written by the committing thread, read by any
    Counters counters;

    std::mutex numbers_mutex;
    std::unordered_map<std::string, SiteNumber> numbers;
    SiteNumber last_number = 0;           // 0 is nobody's
};

LocalStore::LocalStore(std::unique_ptr<State> state) : state_{std::move(state)} {}
LocalStore::~LocalStore() = default;

std::unique_ptr<LocalStore> LocalStore::open(std::filesystem::path const& directory, LocalStoreOptions const& options)
{
    return std::unique_ptr<LocalStore>{new LocalStore{std::make_unique<State>(directory, options)}};
}

std::unique_ptr<LocalStore> LocalStore::open_to_read(std::filesystem::path const& directory, LocalStoreOptions const& options)
{
    return std::unique_ptr<LocalStore>{new LocalStore{std::make_unique<State>(directory, options, Database::ToRead{})}};
}

void LocalStore::commit(WriteGroup const& group)
{
    if (group.empty())
        return;
    auto& database = state_->database;
    Counters counters = state_->counters;       // only this thread changes them
    rocksdb::WriteBatch batch{reserve_for(group.frames)};
    add_records(group.records, database.family(Family::series), batch);

    std::string key;
    std::string value;
    std::uint64_t own = database.last_sequence();           // grows with every commit
    for (auto const& r : group.superseded) {
        key = series_prefix(r.site, r.interval);
        append_time(key, r.time);
        append_time(key, group.superseded_at);
        append_big_endian(key, own++);
        value.clear();
        Row const row = row_of(r);
        encode_chunk({&row, 1}, value);
        batch.Put(database.family(Family::revisions), key, value);
    }
    for (auto const& frame : group.frames) {
        key.clear();
        append_frame_record(key, frame.site, frame.interval, frame.time);
        append_time(key, frame.received_at);
        append_big_endian(key, own++);
        value.clear();
        encode_frame(frame, value);
        batch.Put(database.family(Family::frames), key, value);
    }
    for (auto const& entry : group.outbox)
        batch.Put(database.family(Family::outbox), outbox_key(entry.queue, ++counters.last_outbox_id), entry.payload);
    for (auto const& [queue, id] : group.outbox_done)
        batch.Delete(database.family(Family::outbox), outbox_key(queue, id));
    for (auto const& alert : group.alerts)
        batch.Put(database.family(Family::alerts), alert_key(AlertKey::alert, alert.id), encode_alert(alert));
    for (auto const& step : group.alert_steps) {
        batch.Put(database.family(Family::alerts), step_key(step.number), encode_alert_step(step));
        key = steps_of_prefix(step.alert);
        append_big_endian(key, step.number);
        batch.Put(database.family(Family::alerts), key, rocksdb::Slice{});
    }
    for (auto const& silence : group.silences)
        batch.Put(database.family(Family::alerts), alert_key(AlertKey::silence, silence.id), encode_silence(silence));
    for (auto const& id : group.silences_ended)
        batch.Delete(database.family(Family::alerts), alert_key(AlertKey::silence, id));
    for (auto const& entry : group.quarantine)
        batch.Put(database.family(Family::quarantine), quarantine_key(++counters.last_quarantine_id), encode_quarantine(entry));
    auto cleared = group.quarantine_cleared;
    std::ranges::sort(cleared);
    cleared.erase(std::ranges::unique(cleared).begin(), cleared.end());
    rocksdb::PinnableSlice present;
    std::uint64_t removed = 0;
    for (auto const id : cleared) {
        if (!database.get(Family::quarantine, quarantine_key(id), present))
            continue;
        present.Reset();
        batch.Delete(database.family(Family::quarantine), quarantine_key(id));
        ++removed;
    }
    for (auto const& site : group.registered_sites)
        batch.Put(database.family(Family::meta), std::string{site_prefix} + site.id, encode_site(site));

    counters.quarantined += group.quarantine.size() - removed;
    counters.records += group.records.size() - std::min(group.records.size(), group.superseded.size());
    batch.Put(database.family(Family::meta), slice(counters_key), encode(counters));
    database.write(batch);
    {
        std::scoped_lock const lock{state_->counters_mutex};
        state_->counters = counters;
    }
    if (auto const now = std::chrono::steady_clock::now(); now - state_->last_flush >= state_->options.flush_after) {
        state_->last_flush = now;
        bool const with_frames = now - state_->last_frames_flush >= frames_flush_after;
        if (with_frames)
            state_->last_frames_flush = now;
        database.begin_flush(with_frames);
    }
}

std::optional<Record> LocalStore::find(SiteNumber site, IntervalKind interval, UtcTime time) const
{
    ReadingMerge const reading;
    rocksdb::PinnableSlice chunk;
    if (!state_->database.get(Family::series, series_key(site, interval, chunk_number(interval, time)), chunk))
        return std::nullopt;
    SeriesRows rows;
    if (!read_merged(chunk.ToStringView(), rows))
        state_->database.refuse_bytes("a piece of a series");
    auto const row = std::ranges::lower_bound(rows.rows(), time, {}, &Row::time);
    if (row == rows.rows().end() || row->time != time)
        return std::nullopt;
    return to_record({site, interval}, *row);
}

void LocalStore::visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const
{
    std::vector<std::unique_ptr<SeriesCursor>> cursors;
    for (auto const kind : all_interval_kinds) {
        if (query.interval && *query.interval != kind)
            continue;
        auto cursor = std::make_unique<SeriesCursor>(state_->database, query, kind);
        if (cursor->row() != nullptr)
            cursors.push_back(std::move(cursor));
    }
    auto const order = [](std::unique_ptr<SeriesCursor> const& c) { return std::pair{c->row()->time, c->interval()}; };
    Record record;
    record.site = query.site;
    for (std::size_t left = query.limit; left > 0 && !cursors.empty(); --left) {
        auto const next = query.newest_first ? std::ranges::max_element(cursors, {}, order) : std::ranges::min_element(cursors, {}, order);
        Row const& row = *(*next)->row();
        record.interval = (*next)->interval();
        record.status = row.status;
        record.verdict = row.verdict;
        record.time = row.time;
        record.received_at = row.received_at;
        record.readings.assign(row.readings.begin(), row.readings.end());
        if (!visit(record))
            return;
        (*next)->advance();
        if ((*next)->row() == nullptr)
            cursors.erase(next);
    }
}

std::vector<Revision> LocalStore::revisions(SiteNumber site, TimeInterval time) const
{
    std::vector<Revision> found;
    auto const it = state_->database.iterate(Family::revisions);
    for (auto const kind : all_interval_kinds) {
        std::string const prefix = series_prefix(site, kind);
        std::string from = prefix;
        append_time(from, time.begin.value_or(UtcTime::min()));
        for (it->Seek(from); it->Valid() && it->key().starts_with(prefix); it->Next()) {
            auto const key = it->key().ToStringView();
            if (key.size() != revision_key_size)
                state_->database.refuse_bytes("the key of a revision");
            if (time.end && read_time(key.substr(5)) > *time.end)
                break;
            found.push_back({state_->only_record({site, kind}, it->value().ToStringView()), read_time(key.substr(13))});
        }
        state_->database.check(it->status());
    }
    std::ranges::sort(
        found, {}, [](Revision const& r) { return std::tuple{r.record.time, r.record.interval, r.superseded_at, r.record.received_at}; });
    return found;
}

std::vector<Record> LocalStore::newest() const
{
    rocksdb::ReadOptions options;
    options.fill_cache = false;                  // the ends of all series are read once, at the start
    auto const it = state_->database.iterate(Family::series, options);
    ReadingMerge const reading;
    std::vector<Record> found;
    SeriesRows rows;
    for (it->SeekToLast(); it->Valid();) {
        auto const key = parse_series_key(it->key().ToStringView());
        if (!key || !read_merged(it->value().ToStringView(), rows))
            state_->database.refuse_bytes("a piece of a series");
        found.push_back(to_record(*key, rows.rows().back()));
        it->SeekForPrev(series_prefix(key->site, key->interval));
    }
    state_->database.check(it->status());
    std::ranges::reverse(found);
    return found;
}

std::vector<QuarantineEntry> LocalStore::quarantine(std::uint64_t after, std::size_t limit) const
{
    std::vector<QuarantineEntry> found;
    if (after == UINT64_MAX)
        return found;
    auto const it = state_->database.iterate(Family::quarantine);
    for (it->Seek(quarantine_key(after + 1)); it->Valid() && found.size() < limit; it->Next())
        found.push_back(state_->read_entry(big_endian<std::uint64_t>(it->key().ToStringView()), it->value().ToStringView()));
    state_->database.check(it->status());
    return found;
}

std::optional<QuarantineEntry> LocalStore::quarantine_entry(std::uint64_t id) const
{
    rocksdb::PinnableSlice value;
    if (!state_->database.get(Family::quarantine, quarantine_key(id), value))
        return std::nullopt;
    return state_->read_entry(id, value.ToStringView());
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

std::vector<OutboxEntry> LocalStore::outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const
{
    std::vector<OutboxEntry> found;
    if (after == UINT64_MAX)
        return found;
    auto const prefix = outbox_prefix(queue);
    auto const upper = outbox_key(queue, UINT64_MAX);       // no farther: the next queue may begin with many entries done
    rocksdb::Slice const upper_slice = upper;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper_slice;
    auto const it = state_->database.iterate(Family::outbox, options);
    for (it->Seek(outbox_key(queue, after + 1)); it->Valid() && found.size() < limit; it->Next()) {
        auto const id = it->key().ToStringView().substr(prefix.size());
        if (id.size() != sizeof(std::uint64_t))
            state_->database.refuse_bytes("the key of an outbox entry");
        found.push_back({big_endian<std::uint64_t>(id), std::string{queue}, it->value().ToString()});
    }
    state_->database.check(it->status());
    return found;
}

std::vector<Alert> LocalStore::alerts() const
{
    std::vector<Alert> found;
    state_->visit_prefix(Family::alerts, alert_key(AlertKey::alert), [&](std::string_view id, std::string_view value) {
        auto alert = decode_alert(value);
        if (!alert)
            state_->database.refuse_bytes("alert " + std::string{id});
        alert->id = id;
        found.push_back(std::move(*alert));
    });
    return found;
}

std::vector<AlertStep> LocalStore::alert_steps(std::string_view alert) const
{
    std::vector<AlertStep> found;
    rocksdb::PinnableSlice value;
    state_->visit_prefix(Family::alerts, steps_of_prefix(alert), [&](std::string_view number, std::string_view) {
        value.Reset();
        if (number.size() != sizeof(std::uint64_t) ||
            !state_->database.get(Family::alerts, step_key(big_endian<std::uint64_t>(number)), value))
            state_->database.refuse_bytes("the story of alert " + std::string{alert});
        found.push_back(state_->read_step(number, value.ToStringView()));
    });
    return found;
}

std::vector<AlertStep> LocalStore::alert_log(std::uint64_t after, std::size_t limit) const
{
    std::vector<AlertStep> found;
    if (after == UINT64_MAX)
        return found;
    auto const prefix = alert_key(AlertKey::step);
    auto const it = state_->database.iterate(Family::alerts);
    for (it->Seek(step_key(after + 1)); it->Valid() && it->key().starts_with(prefix) && found.size() < limit; it->Next())
        found.push_back(state_->read_step(it->key().ToStringView().substr(1), it->value().ToStringView()));
    state_->database.check(it->status());
    return found;
}

std::optional<AlertStep> LocalStore::last_alert_step() const
{
    auto const it = state_->database.iterate(Family::alerts);
    it->SeekForPrev(step_key(UINT64_MAX));
    state_->database.check(it->status());
    if (!it->Valid() || !it->key().starts_with(alert_key(AlertKey::step)))
        return std::nullopt;
    return state_->read_step(it->key().ToStringView().substr(1), it->value().ToStringView());
}

std::vector<Silence> LocalStore::silences() const
{
    std::vector<Silence> found;
    state_->visit_prefix(Family::alerts, alert_key(AlertKey::silence), [&](std::string_view id, std::string_view value) {
        auto silence = decode_silence(value);
        if (!silence)
            state_->database.refuse_bytes("silence " + std::string{id});
        silence->id = id;
        found.push_back(std::move(*silence));
    });
    return found;
}

std::vector<SiteNumber> LocalStore::number_sites(std::span<std::string const> ids)
{
    std::scoped_lock const lock{state_->numbers_mutex};
    auto& database = state_->database;
    rocksdb::WriteBatch batch;
    std::unordered_map<std::string_view, SiteNumber> fresh;
    std::vector<SiteNumber> given;
    given.reserve(ids.size());
    for (auto const& id : ids) {
        if (auto const known = state_->numbers.find(id); known != state_->numbers.end()) {
            given.push_back(known->second);
            continue;
        }
        auto const [place, added] = fresh.emplace(id, state_->last_number + static_cast<SiteNumber>(fresh.size()) + 1);
        given.push_back(place->second);
        if (!added)
            continue;
        std::string value;
        append_big_endian(value, place->second);
        batch.Put(database.family(Family::meta), std::string{number_prefix} + id, value);
    }
    if (!fresh.empty() && !database.only_reads())
        database.write(batch);
    state_->last_number += static_cast<SiteNumber>(fresh.size());
    for (auto const& [id, number] : fresh)
        state_->numbers.emplace(id, number);
    return given;
}

std::vector<Site> LocalStore::registered_sites() const
{
    std::vector<Site> found;
    state_->visit_prefix(Family::meta, site_prefix, [&](std::string_view id, std::string_view value) {
        auto site = decode_site(value);
        if (!site)
            state_->database.refuse_bytes("registered site " + std::string{id});
        site->id = id;
        found.push_back(std::move(*site));
    });
    return found;
}

void LocalStore::backup(std::filesystem::path const& directory) { state_->database.checkpoint(directory); }

void LocalStore::compact() { state_->database.compact(); }

StoreStats LocalStore::stats() const
{
    StoreStats stats;
    {
        std::scoped_lock const lock{state_->counters_mutex};
        stats.records_estimate = state_->counters.records;
        stats.quarantine_entries = state_->counters.quarantined;
    }
    stats.frames_bytes = state_->database.file_bytes(Family::frames);
    std::error_code ec;        // files come and go while others write
    for (std::filesystem::directory_iterator it{state_->database.directory(), ec}, end; !ec && it != end; it.increment(ec)) {
        std::error_code gone;
        auto const size = it->file_size(gone);
        stats.disk_bytes += gone ? 0 : size;
    }
    return stats;
}

}  // namespace yihong
