#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/model/batch.hpp"
#include "yihong/ports/store.hpp"
#include "yihong/service/alerting.hpp"
#include "yihong/service/event_feed.hpp"
#include "yihong/service/network.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace yihong {

/// A frame that goes to disk with its batch, and which of the batch's records came of it.
struct FrameOfBatch {
    RawFrame frame;                                    ///< its verdict is set by the writer where `record` is
    std::optional<std::size_t> record;                 ///< index into PreparedBatch::records
};

/// A batch that has been checked and judged, ready for the writer.
struct PreparedBatch {
    std::vector<Record> records;
    std::vector<Refusal> refused;
    std::string source;                                ///< kept with what is refused, e.g. `http 127.0.0.1 token=probe`
    std::string format;
    std::string raw_prefix;
    std::vector<std::uint64_t> replayed;               ///< quarantine entries that this batch settles
    std::vector<Site> new_sites;                       ///< registered with the batch (import)
    std::vector<FrameOfBatch> frames;                  ///< evidence of what a station sent
    std::vector<std::pair<SiteNumber, int>> missing_periods;   ///< to be shown with the sites; not stored
    std::vector<OutboxEntry> outbox;                   ///< to be sent, or set aside; ids are given on commit
    std::vector<std::pair<std::string, std::uint64_t>> outbox_done;    ///< (queue, id) of what was delivered
    bool quiet = false;                                ///< history (import): it raises no alert
};

/// What became of a batch, once it is on disk.
struct IngestReport {
    std::uint64_t accepted = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t revised = 0;
    std::vector<Refusal> rejected;                     ///< without raw bytes
};

struct IntakeOptions {
    std::size_t queue_records = 400'000;               ///< waiting records before `submit` says no
    std::size_t group_records = 20'000;                ///< at most about so many share one commit
    std::chrono::minutes future_tolerance{10};
    AlertingOptions alerting;
    /// Called on the writer thread for every record that is new, completed or revised; what it adds to the outbox is in the commit of the record.
    std::function<void(Record const&, FrameVerdict, std::vector<OutboxEntry>&)> on_record;
    /// Called on the writer thread after a commit that put something into the outbox. The entries have no ids.
    std::function<void(std::vector<OutboxEntry> const&)> on_outbox;
    /// Where changes of sites, and a `reset` when the world was replaced, are told once they are published. Outlives the intake; may be null.
    EventFeed* feed = nullptr;
};

/// Counters since the start, for /metrics. Read from any thread.
struct IntakeCounters {
    std::atomic<std::uint64_t> accepted{0}, duplicates{0}, revised{0}, rejected{0}, values{0}, commits{0};
    std::atomic<std::uint64_t> queued_records{0};
    std::atomic<std::int64_t> last_commit_ms{0};  ///< UTC milliseconds
    std::atomic<bool> store_broken{false};
};

/// What the intake does with the store; usually one object in all these roles.
struct IntakeStore {
    Committer& committer;
    Records const& records;
    Evidence const& evidence;
    Alerts const& alerts;
    Journal const& journal;
    IntakeStore(Committer& c, Records const& r, Evidence const& e, Alerts const& a, Journal const& j) noexcept
        : committer{c}, records{r}, evidence{e}, alerts{a}, journal{j}
    {}
    IntakeStore(Store& all) noexcept : IntakeStore{all, all, all, all, all} {}
};

/// The way in. `prepare` is pure and runs on the caller's thread; one writer thread decides duplicate or revision, commits whole
/// groups of waiting batches at once, publishes the network, and only then answers.
class Intake {
public:
    /// What `store` names and `catalog` outlive the intake. \throws StoreError
    Intake(IntakeStore store, Snapshot<Catalog>& catalog, std::shared_ptr<World const> world, IntakeOptions options = {});
    /// Commits what waits, then ends.
    ~Intake();
    Intake(Intake const&) = delete;
    Intake& operator=(Intake const&) = delete;

    /// The world that readers should parse against.
    [[nodiscard]] std::shared_ptr<World const> world() const { return world_.load(); }

    /// Checks and judges. `batch`'s raw views must still be alive.
    [[nodiscard]] PreparedBatch prepare(ParsedBatch batch, std::string source, World const& world, UtcTime now) const;

    /// Called on the writer thread after the commit; an empty result means the store failed and nothing was kept.
    using Done = std::function<void(std::optional<IngestReport>)>;
    /// \return false when the queue is full: `batch` was not taken, try again later
    [[nodiscard]] bool submit(PreparedBatch&& batch, Done done);
    /// As `submit`, waiting for room and for the commit. For commands. \throws StoreError
    IngestReport submit_and_wait(PreparedBatch batch);

    /// Does something to the alerts on the writer thread, in a commit of its own kind: `work` may add to the group; `done` is called
    /// after the commit, with false when the store failed and nothing was kept.
    void change_alerts(std::function<void(Alerting&, WriteGroup&, UtcTime)> work, std::function<void(bool)> done);
    /// All alerts and silences as of the last commit. Any thread.
    [[nodiscard]] std::shared_ptr<AlertBook const> alerts() const { return alerting_.published(); }

    /// Replaces standards, sites and layers; returns when the new network is published.
    void replace_world(std::shared_ptr<World const> world);

    [[nodiscard]] IntakeCounters const& counters() const noexcept { return counters_; }
    /// Changes whenever a record of the site changes; for caches and ETags of its series. Any thread.
    [[nodiscard]] std::string series_version(SiteNumber site) const;

private:
    struct Job {
        PreparedBatch batch = {};
        Done done = {};
        std::shared_ptr<World const> new_world = {};  // set: a replacement, not a batch
        std::function<void()> replaced = {};
        std::function<void(Alerting&, WriteGroup&, UtcTime)> change = {};  // of alerts
        std::function<void(bool)> changed = {};
    };
    static constexpr std::size_t tail_length = 24;  // what mark_suspicious looks at
    /// The last records of a (site, interval) without gaps, oldest first: what duplicates and quality marks are checked against.
    struct Tail {
        std::deque<Record> records;
        bool filled = false;  // read from the store at the first record
        bool touched = false;  // its newest changed in this group
    };
    class Group;
    struct RecordKey {
        SiteNumber site;
        IntervalKind interval;
        UtcTime time;
        bool operator==(RecordKey const&) const = default;
    };
    struct RecordKeyHash {
        std::size_t operator()(RecordKey const& key) const noexcept;
    };
    static RecordKey key_of(Record const& record) noexcept { return {record.site, record.interval, record.time}; }

    void run();
    void process(std::deque<Job>& jobs);
    void watch(RecordKey const& key, UtcTime now, PreparedBatch const& batch, std::vector<RecordKey> const& keys, WriteGroup& group);
    void show_alerts();
    Tail& tail(Record const& record);
    FrameVerdict take(Record&& record, Group& group, IngestReport& report, ParameterBook const& parameters);
    static void insert_into_tail(Tail& tail, Record const& record);
    void fill(Tail& tail, SiteNumber site, IntervalKind interval);

    IntakeStore store_;
    IntakeOptions options_;
    Snapshot<World> world_;
    std::string epoch_;  // of versions: another one at every start
    Network network_;
    Alerting alerting_;
    UtcTime next_tick_{};  // of the alerts' clocks
    std::vector<std::array<Tail, all_interval_kinds.size()>> tails_;  // by site number
    IntakeCounters counters_;
    /// By site number; sites that share a slot only invalidate each other's caches needlessly.
    std::array<std::atomic<std::uint32_t>, 16'384> series_versions_{};
    std::atomic<std::uint32_t> world_version_{0};

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable room_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::thread writer_;
};

}  // namespace yihong
