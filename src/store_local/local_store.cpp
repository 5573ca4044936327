#include "yihong/store_local/local_store.hpp"

#include "bytes.hpp"
#include "state.hpp"

namespace yihong {

using namespace store_local;

namespace {

/// Small files of frames would add up, since nothing merges them; but the log cannot go before they are written.
constexpr auto frames_flush_after = std::chrono::hours{24};

}  // namespace

std::string store_local::encode_counters(Counters const& c)
{
    std::string out;
    for (auto const n : {c.records, c.quarantined, c.last_quarantine_id, c.last_outbox_id, c.last_commit.number,
                         zigzag(c.last_commit.at.time_since_epoch().count())})
        append_varint(out, n);
    return out;
}

std::optional<Counters> store_local::decode_counters(std::string_view bytes)
{
    ByteReader in{bytes};
    Counters counters;
    counters.records = in.varint();
    counters.quarantined = in.varint();
    counters.last_quarantine_id = in.varint();
    if (!in.at_end())
        counters.last_outbox_id = in.varint();
    if (!in.at_end()) {
        counters.last_commit.number = in.varint();
        counters.last_commit.at = UtcTime{std::chrono::milliseconds{in.signed_varint()}};
    }
    return in.ok() ? std::optional{counters} : std::nullopt;
}

void LocalStore::State::read_counters()
{
    rocksdb::PinnableSlice stored;
    if (!database.get(Family::meta, counters_key, stored))
        return;
    auto const known = decode_counters(stored.ToStringView());
    if (!known)
        database.refuse_bytes("the counters");
    counters = *known;
}

void LocalStore::State::flush_when_due()
{
    auto const now = std::chrono::steady_clock::now();
    if (now - last_flush < options.flush_after)
        return;
    last_flush = now;
    bool const with_frames = now - last_frames_flush >= frames_flush_after;
    if (with_frames)
        last_frames_flush = now;
    database.begin_flush(with_frames);
}

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

CommitNumber LocalStore::commit(WriteGroup const& group)
{
    if (group.empty())
        return state_->counters.last_commit.number;
    auto& database = state_->database;
    Writing writing{.database = database,
                    .batch = rocksdb::WriteBatch{bytes_of(group.evidence.frames)},
                    .counters = state_->counters,          // only this thread changes them
                    .own = database.last_sequence()};      // grows with every commit
    writing.add(group.records);
    writing.add(group.evidence);
    writing.add(group.outbox);
    writing.add(group.journal);
    writing.add(group.alerts);
    writing.add(group.sites);
    writing.counters.last_commit = {writing.counters.last_commit.number + 1, utc_now()};
    writing.put(Family::meta, counters_key, encode_counters(writing.counters));
    database.write(writing.batch);
    {
        std::scoped_lock const lock{state_->counters_mutex};
        state_->counters = writing.counters;
    }
    state_->claims.forget(group.outbox.done);
    state_->flush_when_due();
    return writing.counters.last_commit.number;
}

LastCommit LocalStore::last_commit() const
{
    std::scoped_lock const lock{state_->counters_mutex};
    return state_->counters.last_commit;
}

void LocalStore::probe()
{
    auto& database = state_->database;
    rocksdb::WriteBatch batch;
    batch.Put(database.family(Family::meta), slice(counters_key), slice(encode_counters(state_->counters)));   // as they are
    database.write(batch);
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
