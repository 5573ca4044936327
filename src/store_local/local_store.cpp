#include "yihong/store_local/local_store.hpp"

#include "bytes.hpp"
#include "state.hpp"

#include "yihong/base/log.hpp"

#include <fmt/format.h>

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
    if (c.quarantine_bytes)
        append_varint(out, *c.quarantine_bytes);
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
    if (!in.at_end())
        counters.quarantine_bytes = in.varint();
    return in.ok() ? std::optional{counters} : std::nullopt;
}

void LocalStore::State::read_counters()
{
    rocksdb::PinnableSlice stored;
    counters.quarantine_bytes = 0;
    if (!database.get(Family::meta, counters_key, stored))
        return;
    auto const known = decode_counters(stored.ToStringView());
    if (!known)
        database.refuse_bytes("the counters");
    counters = *known;
    if (!counters.quarantine_bytes) {
        counters.quarantine_bytes = 0;
        visit_prefix(database, Family::quarantine, {},
                     [&](std::string_view, std::string_view value) { *counters.quarantine_bytes += value.size(); });
    }
}

void LocalStore::State::begin_marking()
{
    auto const& last = counters.last_commit;
    auto const noted = CommitMark::read(database.directory());
    if (noted && noted->last.number > last.number) {
        lost_commits = noted->last.number - last.number;
        log::error(
            "store_lost_commits",
            {{"first", last.number + 1},
             {"last", noted->last.number},
             {"from", format_rfc3339(last.at)},
             {"until", format_rfc3339(noted->last.at)},
             {"detail", "they were acknowledged, and the log of the store does not have them; let the senders send that time again"}});
    }
    log::info("store_opened", {{"last_commit", last.number}, {"at", format_rfc3339(last.at)}, {"closed_in_order", noted && noted->closed}});
    mark.emplace(database.directory(), last);
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
    auto const opened = [&](auto... how) {
        std::unique_ptr<LocalStore> store{new LocalStore{std::make_unique<State>(directory, options, how...)}};
        store->state_->begin_marking();
        return store;
    };
    try {
        return opened();
    } catch (NoSpaceToOpen const& problem) {
        log::error("store_only_reads", {{"detail", problem.what()}});
        return std::unique_ptr<LocalStore>{
            new LocalStore{std::make_unique<State>(directory, options, Database::ToRead{.waits_for_space = true})}};
    } catch (DamagedStore const& problem) {
        auto const noted = CommitMark::read(directory);
        auto const whole = last_whole_commit(directory, options);
        if (!noted || !whole)
            throw;
        if (whole->number < noted->last.number)
            throw DamagedStore{
                fmt::format("{}\nof {} acknowledged commits {} are whole, the last one of {}: `yihong store salvage` goes on from there",
                            problem.what(), noted->last.number, whole->number, format_rfc3339(whole->at))};
        log::warning("store_log_end_dropped", {{"last_commit", whole->number}, {"detail", "what stood behind was never acknowledged"}});
        return opened(migrations(), LogRecovery::to_the_damage);
    }
}

std::optional<LastCommit> store_local::last_whole_commit(std::filesystem::path const& directory, LocalStoreOptions const& options)
{
    try {
        LocalStore::State const state{directory, options, Database::ToRead{LogRecovery::to_the_damage}};
        return state.counters.last_commit;
    } catch (StoreError const&) {
        return std::nullopt;
    }
}

std::optional<LastCommit> LocalStore::acknowledged(std::filesystem::path const& directory)
{
    auto const noted = CommitMark::read(directory);
    return noted ? std::optional{noted->last} : std::nullopt;
}

Salvaged LocalStore::salvage(std::filesystem::path const& directory, std::filesystem::path const& aside)
{
    if (!std::filesystem::exists(directory / "CURRENT"))
        throw StoreError{"store " + directory.string() +
                         ": there is nothing to salvage, it has no file CURRENT; check the data folder, or restore the last backup"};
    std::filesystem::create_directories(aside);
    for (auto const& entry : std::filesystem::directory_iterator{directory})
        if (entry.path().extension() == ".log")
            std::filesystem::copy_file(entry.path(), aside / entry.path().filename());
    auto const noted = acknowledged(directory);
    auto const with = [&](LogRecovery recovery) {
        LocalStore const store{std::make_unique<State>(directory, LocalStoreOptions{}, migrations(), recovery)};
        store.state_->database.verify();
        return Salvaged{.last = store.last_commit(),
                        .acknowledged = noted.value_or(store.last_commit()),
                        .is_whole = recovery == LogRecovery::to_the_damage};
    };
    try {
        return with(LogRecovery::to_the_damage);
    } catch (DamagedStore const&) {
        return with(LogRecovery::all_that_reads);
    } catch (StoreInUse const&) {                  // nothing was touched
        std::filesystem::remove_all(aside);
        throw;
    }
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
    if (!group.evidence.quarantined.empty())
        writing.bound_quarantine(state_->options, utc_now(), group.evidence.cleared);
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
    if (state_->mark)
        state_->mark->put(writing.counters.last_commit);
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

std::chrono::milliseconds LocalStore::refuses_writes_for() const noexcept { return state_->database.refuses_writes_for(); }

std::size_t LocalStore::cache_bytes() const noexcept { return state_->database.cache_bytes(); }

void LocalStore::verify() const { state_->database.verify(); }

void LocalStore::compact() { state_->database.compact(); }

StoreStats LocalStore::stats() const
{
    StoreStats stats;
    {
        std::scoped_lock const lock{state_->counters_mutex};
        stats.records_estimate = state_->counters.records;
        stats.quarantine_entries = state_->counters.quarantined;
    }
    stats.lost_commits = state_->lost_commits;
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
