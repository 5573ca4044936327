#pragma once

#include "yihong/ports/store_error.hpp"
#include "yihong/store_local/local_store.hpp"

#include <rocksdb/db.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace yihong::store_local {

/// The column families; their order is that of `family_names`.
enum class Family : std::size_t {
    meta,         ///< format, counters, site numbers, registered sites (the default family)
    series,       ///< records
    revisions,
    quarantine,
    frames,
    outbox,
    alerts,       ///< alerts, silences
    journal,
};
inline constexpr std::array<std::string_view, 8> family_names{"default", "series", "revisions", "quarantine",
                                                              "frames",  "outbox", "alerts",    "journal"};

/// Site, interval kind (`no_interval` for frames without a record), time of the record; then when it was received and a
/// number that makes the key its own.
inline constexpr std::size_t frame_record_size = 4 + 1 + 8;
inline constexpr std::size_t frame_key_size = frame_record_size + 8 + 8;

inline rocksdb::Slice slice(std::string_view s) noexcept
{
    return {s.empty() ? "" : s.data(), s.size()};      // RocksDB compares even nothing, which is no place at all where a view has none
}

/// Brings a store from one format to the next: reads `db`, adds its changes to `batch`, which also carries the new number.
class Database;
using Migration = std::function<void(Database& database, rocksdb::WriteBatch& batch)>;

/// The format before the first migration. The format written is `oldest_format` plus the number of migrations.
inline constexpr std::uint64_t oldest_format = 1;
/// Of this version of the program, in order: the first one leads from `oldest_format` to the next.
std::span<Migration const> migrations();

/// The last commit before the damage of a log. \return nothing where files of records are damaged too
std::optional<LastCommit> last_whole_commit(std::filesystem::path const& directory, LocalStoreOptions const& options);

/// What can be done about a log that cannot be read to its end.
enum class LogRecovery {
    torn_end,        ///< a torn last entry was never acknowledged and is dropped; damage before it is an error
    to_the_damage,   ///< up to the last whole commit before it; what stands behind is given up
    all_that_reads,  ///< that, and every commit behind that can be read
};

/// A file is damaged or missing.
class DamagedStore : public StoreError {
public:
    using StoreError::StoreError;
};
/// Another process, or this one, has it open for writing.
class StoreInUse : public StoreError {
public:
    using StoreError::StoreError;
};
/// There was no space to open it for writing.
class NoSpaceToOpen : public StoreError {
public:
    using StoreError::StoreError;
};

/// An open RocksDB with the families above. Every failure is a StoreError that says what, where and what to do.
class Database {
public:
    Database(std::filesystem::path directory, LocalStoreOptions const& options, std::span<Migration const> steps = migrations(),
             LogRecovery recovery = LogRecovery::torn_end);
    /// What is there, as it is now, also while another process has it open. Nothing is written, not even a newer format.
    struct ToRead {
        LogRecovery recovery = LogRecovery::torn_end;
        bool waits_for_space = false;      ///< it should have been opened for writing: see `refuses_writes_for`
    };
    Database(std::filesystem::path directory, LocalStoreOptions const& options, ToRead);
    ~Database();
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    [[nodiscard]] bool only_reads() const noexcept { return only_reads_; }
    [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family f) const noexcept { return families_[static_cast<std::size_t>(f)]; }
    /// \return false when there is no such key
    bool get(Family f, std::string_view key, rocksdb::PinnableSlice& value) const;
    /// Atomic and on disk when it returns. After a failure (disk full) the next call first tries to go on.
    void write(rocksdb::WriteBatch& batch);
    /// See LocalStore.
    [[nodiscard]] std::chrono::milliseconds refuses_writes_for() const noexcept;
    [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterate(Family f, rocksdb::ReadOptions const& options = {}) const;
    /// Begins to write what lies in memory into files: of every family, or of all but `frames`, whose files should be large.
    void begin_flush(bool with_frames);
    /// Writes everything into files and packs them, until nothing is left to be merged or dropped.
    void compact();
    void checkpoint(std::filesystem::path const& directory);
    /// Reads everything against its checksums. \throws StoreError naming what is damaged
    void verify() const;
    /// What the blocks that are kept take, and what waits to be written.
    [[nodiscard]] std::size_t cache_bytes() const noexcept { return cache_->GetUsage(); }
    /// Of the files of one family.
    [[nodiscard]] std::uint64_t file_bytes(Family f) const;
    [[nodiscard]] std::uint64_t last_sequence() const noexcept { return db_->GetLatestSequenceNumber(); }
    [[nodiscard]] std::filesystem::path const& directory() const noexcept { return directory_; }
    void check(rocksdb::Status const& status) const;
    /// The bytes passed the checksum but cannot be understood.
    [[noreturn]] void refuse_bytes(std::string_view what) const;

private:
    [[nodiscard]] std::optional<std::uint64_t> stored_format() const;
    [[nodiscard]] bool is_compacting(rocksdb::ColumnFamilyHandle* family) const;
    void tell(rocksdb::Status const& status) noexcept;
    void bring_up_to_date(std::span<Migration const> steps);

    std::filesystem::path directory_;
    bool only_reads_ = false;
    bool waits_for_space_ = false;
    std::shared_ptr<rocksdb::Cache> cache_;
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> families_;
    mutable std::atomic<std::int64_t> refusing_since_ = 0; // milliseconds of the steady clock; 0: it takes writes
    std::atomic<bool> write_failed_ = false;   // records and site numbers may be written by two threads
};

}  // namespace yihong::store_local
