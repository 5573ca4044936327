#pragma once

#include "yihong/ports/store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace yihong {

struct LocalStoreOptions {
    std::size_t block_cache_bytes = 32U << 20;      ///< unpacked blocks kept for reading, and what waits to be written
    std::size_t write_buffer_bytes = 24U << 20;     ///< gathered in memory, all kinds together, before files are written
    /// Even a small write buffer goes into packed files after this time, because those read faster.
    std::chrono::seconds flush_after = std::chrono::minutes{15};
    /// Frames leave by whole files, the oldest first, once they are older or together larger than this. What lies in the
    /// write buffer does not count yet.
    std::chrono::seconds frames_max_age = std::chrono::days{365};
    std::uint64_t frames_max_bytes = 4ULL << 30;
    /// Quarantine leaves entry by entry, the oldest first.
    std::chrono::seconds quarantine_max_age = std::chrono::days{3650};
    std::uint64_t quarantine_max_bytes = 512ULL << 20;
};

/// What was saved of a damaged store.
struct Salvaged {
    LastCommit last;               ///< the newest commit that is there
    LastCommit acknowledged;       ///< the newest one that was acknowledged, as far as that is known
    bool is_whole = true;          ///< everything up to `last` is there; false: what could not be read of the log is missing in between
};

/// The embedded store: one folder, one process. RocksDB underneath (docs/decisions/0001-store-engine.md).
///
/// Records lie in packed pieces of a series (a week of hours, say). A commit is written to the log and synced before it
/// returns; after a crash the log is replayed. Every block is read against its checksum: damage is a StoreError, never data.
/// `RecordChanges::newest` needs no place of its own here, the newest record is the end of its series.
class LocalStore final : public Store {
public:
    /// Opens the store in `directory`, or makes a new one in an absent or empty folder. Older formats are brought up to date.
    /// \throws StoreError another process has it open; a file is missing or damaged; it was written by a newer version;
    ///         the folder holds something else
    static std::unique_ptr<LocalStore> open(std::filesystem::path const& directory, LocalStoreOptions const& options = {});
    /// The store of `directory` as it is now, to be read beside the service that has it open, or without one. What is committed there
    /// afterwards is not seen. Nothing is written: `commit` fails, and new site numbers last as long as this object.
    /// \throws StoreError there is no store; a file is missing or damaged; another version wrote it
    static std::unique_ptr<LocalStore> open_to_read(std::filesystem::path const& directory, LocalStoreOptions const& options = {});
    /// The last commit that was acknowledged, whether it is there or not. \return nothing where that was not noted
    [[nodiscard]] static std::optional<LastCommit> acknowledged(std::filesystem::path const& directory);
    /// Makes a store whose log is damaged one that opens: up to the last whole commit before the damage, or, where that cannot be, of all
    /// that can be read. \param aside a new folder; the log as it was is copied there first \throws StoreError where files of records are damaged
    static Salvaged salvage(std::filesystem::path const& directory, std::filesystem::path const& aside);
    ~LocalStore() override;

    // Records
    [[nodiscard]] std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const override;
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override;
    [[nodiscard]] std::vector<Revision> revisions(SiteNumber site, TimeInterval time, std::size_t limit = SIZE_MAX) const override;
    [[nodiscard]] std::vector<Record> newest(NewestQuery const& query) const override;
    void visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const override;
    // Evidence
    [[nodiscard]] std::vector<QuarantineEntry> quarantine(std::uint64_t after, std::size_t limit,
                                                          std::size_t bytes = SIZE_MAX) const override;
    [[nodiscard]] std::optional<QuarantineEntry> quarantine_entry(std::uint64_t id) const override;
    void visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const override;
    // Outbox
    [[nodiscard]] std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const override;
    // OutboxClaims
    [[nodiscard]] std::vector<OutboxEntry> claim(OutboxClaim const& claim) override;
    void give_back(std::string_view queue, std::string_view claimant) override;
    // Journal
    [[nodiscard]] std::vector<JournalEntry> story(std::string_view topic, std::string_view subject) const override;
    [[nodiscard]] std::vector<JournalEntry> journal(std::string_view topic, std::uint64_t after, std::size_t limit) const override;
    [[nodiscard]] std::optional<JournalEntry> last_entry(std::string_view topic) const override;
    // Alerts
    [[nodiscard]] std::vector<Alert> open_alerts() const override;
    [[nodiscard]] std::vector<Alert> closed_alerts(ClosedAlertsQuery const& query) const override;
    [[nodiscard]] std::optional<Alert> find_alert(std::string_view id) const override;
    [[nodiscard]] std::vector<Silence> silences() const override;
    // Sites
    [[nodiscard]] std::vector<SiteNumber> number_sites(std::span<std::string const> ids) override;
    [[nodiscard]] std::vector<Site> registered_sites() const override;
    // Committer
    CommitNumber commit(WriteGroup const& group) override;
    [[nodiscard]] LastCommit last_commit() const override;
    void probe() override;
    // StoreAdmin
    /// `directory` must be absent or empty. On the same file system the files are shared by hard links, so it is quick and
    /// small at first, but it is no protection against a failing disk: copy it elsewhere.
    void backup(std::filesystem::path const& directory) override;
    [[nodiscard]] StoreStats stats() const override;

    /// For how long the engine has refused every write and will not recover by itself; zero: it takes them, or waits for space on the disk.
    /// Any thread.
    [[nodiscard]] std::chrono::milliseconds refuses_writes_for() const noexcept;
    /// What blocks take that are kept in memory, and what waits there to be written. Any thread.
    [[nodiscard]] std::size_t cache_bytes() const noexcept;
    /// Reads everything that is there against its checksums. \throws StoreError naming what is damaged
    void verify() const;
    /// Packs what can be packed (bench, before a figure of bytes per value is taken).
    void compact();

    struct State;

private:
    explicit LocalStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace yihong
