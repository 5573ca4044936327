#pragma once

#include "commit_mark.hpp"
#include "database.hpp"

#include "yihong/ports/committer.hpp"
#include "yihong/store_local/local_store.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace yihong::store_local {

/// Changes with every commit, in the same batch.
struct Counters {
    std::uint64_t records = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t last_quarantine_id = 0;
    std::uint64_t last_outbox_id = 0;      // not in stores made before there was an outbox
    LastCommit last_commit;                // not in stores made before commits were numbered
    std::optional<std::uint64_t> quarantine_bytes;     // not in stores made before quarantine had a bound
};

inline constexpr std::string_view counters_key = "counters";
std::string encode_counters(Counters const& counters);
/// \return none when the bytes are none
std::optional<Counters> decode_counters(std::string_view bytes);

/// A commit that is being put together: each role adds its part.
struct Writing {
    Database& database;
    rocksdb::WriteBatch batch;
    Counters counters;                     ///< as they are once it is written
    std::uint64_t own;                     ///< makes a key its own: no commit before had this number or a higher one

    void put(Family family, std::string_view key, std::string_view value) { batch.Put(database.family(family), slice(key), slice(value)); }
    void remove(Family family, std::string_view key) { batch.Delete(database.family(family), slice(key)); }

    void add(RecordChanges const& changes);
    void add(EvidenceChanges const& changes);
    /// The oldest entries of quarantine leave until the rest is within its bounds, a few thousand at most with one commit.
    void bound_quarantine(LocalStoreOptions const& options, UtcTime now, std::vector<std::uint64_t> const& cleared);
    void add(OutboxChanges const& changes);
    void add(std::vector<JournalEntry> const& entries);
    void add(AlertChanges const& changes);
    void add(std::vector<Site> const& registered);
    /// Rewrites the chunks of these records without them. \return how many there were
    std::uint64_t take_out(std::span<Record const> records);
};

/// The bytes that the frames will take: nearly all of those of a group.
std::size_t bytes_of(std::vector<RawFrame> const& frames);

/// Entries of a family whose key begins with `prefix`; `visit` gets the rest of the key and the value.
void visit_prefix(Database const& database, Family family, std::string_view prefix, auto const& visit)
{
    auto const it = database.iterate(family);
    for (it->Seek(slice(prefix)); it->Valid() && it->key().starts_with(slice(prefix)); it->Next())
        visit(it->key().ToStringView().substr(prefix.size()), it->value().ToStringView());
    database.check(it->status());
}

/// Calls `visit` with the entries of a queue, ascending, until it returns false.
void visit_outbox(Database const& database, std::string_view queue, std::uint64_t after, std::function<bool(OutboxEntry&&)> const& visit);

/// Who sends what waits, until when. In memory only.
class Claims {
public:
    std::vector<OutboxEntry> take(OutboxClaim const& claim, Database const& database);
    void give_back(std::string_view queue, std::string_view claimant);
    /// Call when it is on disk that they are done: an entry that is read beside that is still held.
    void forget(std::vector<std::pair<std::string, std::uint64_t>> const& done);

private:
    struct Held {
        std::string claimant;
        UtcTime until{};
    };
    std::mutex mutex_;
    std::map<std::string, std::map<std::uint64_t, Held>, std::less<>> held_;       // by queue and entry
};

/// Sites and their numbers, of which new ones are given.
class SiteNumbers {
public:
    explicit SiteNumbers(Database& database);
    std::vector<SiteNumber> number(std::span<std::string const> ids);

private:
    Database& database_;
    std::mutex mutex_;
    std::unordered_map<std::string, SiteNumber> numbers_;
    SiteNumber last_ = 0;                  // 0 is nobody's
};

}  // namespace yihong::store_local

namespace yihong {

struct LocalStore::State {
    template <typename... Mode>
    State(std::filesystem::path const& directory, LocalStoreOptions const& opened_with, Mode... mode)
        : database{directory, opened_with, mode...}, options{opened_with}, last_flush{std::chrono::steady_clock::now()},
          last_frames_flush{last_flush}, numbers{database}
    {
        read_counters();
    }
    void read_counters();
    /// Tells what is missing of what was acknowledged, and notes the commits from now on.
    void begin_marking();
    /// Begins to write files of what has lain in memory long enough.
    void flush_when_due();

    store_local::Database database;
    LocalStoreOptions options;
    std::chrono::steady_clock::time_point last_flush;
    std::chrono::steady_clock::time_point last_frames_flush;
    store_local::SiteNumbers numbers;
    store_local::Claims claims;

    mutable std::mutex counters_mutex;    // written by the committing thread, read by any
    store_local::Counters counters;
    std::optional<store_local::CommitMark> mark;   // none: it only reads
    std::uint64_t lost_commits = 0;
};

}  // namespace yihong
