#pragma once

#include "yihong/model/alert.hpp"
#include "yihong/model/batch.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// The store is broken or cannot be reached. The message says what, where and what to do next.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Frames of one site, oldest first by `time`, then by receipt.
struct FrameQuery {
    SiteNumber site = 0;
    std::optional<IntervalKind> interval;           ///< none: the frames without a record
    TimeInterval time;
    std::size_t limit = 100;
    bool newest_first = false;
};

/// Something that has to leave the service (发件箱): written in the commit of what caused it, gone in the commit after its receiver took it.
struct OutboxEntry {
    std::uint64_t id = 0;  ///< ascending over all queues; given on commit
    std::string queue;  ///< who sends it, e.g. `forward:province`
    std::string payload;
    bool operator==(OutboxEntry const&) const = default;
};

/// Everything that changes in one atomic, synced commit.
struct WriteGroup {
    std::vector<Record> records;  ///< new ones, and the new versions of revised ones
    std::vector<Record> superseded;  ///< the versions they replace, kept as revisions
    UtcTime superseded_at{};
    std::vector<Record> newest;  ///< the newest record of a (site, interval), kept for a quick start
    std::vector<QuarantineEntry> quarantine;  ///< ids are given on commit
    std::vector<std::uint64_t> quarantine_cleared;  ///< replayed or removed entries
    std::vector<Site> registered_sites;  ///< sites registered by an import
    std::vector<RawFrame> frames;
    std::vector<OutboxEntry> outbox;  ///< ids are given on commit, in this order
    std::vector<std::pair<std::string, std::uint64_t>> outbox_done;  ///< (queue, id) of what was delivered
    std::vector<Alert> alerts;  ///< as they stand now
    std::vector<AlertStep> alert_steps;  ///< with their numbers
    std::vector<Silence> silences;
    std::vector<std::string> silences_ended;  ///< ids
    [[nodiscard]] bool empty() const noexcept
    {
        return records.empty() && superseded.empty() && newest.empty() && quarantine.empty() && quarantine_cleared.empty() &&
               registered_sites.empty() && frames.empty() && outbox.empty() && outbox_done.empty() && alerts.empty() &&
               alert_steps.empty() && silences.empty() && silences_ended.empty();
    }
};

struct SeriesQuery {
    SiteNumber site = 0;
    std::optional<IntervalKind> interval;  ///< none: all kinds, merged by time, then by kind
    TimeInterval time;
    /// Only this parameter is read: records come with at most that one reading, perhaps with none. Several times quicker.
    std::optional<ParameterId> parameter;
    std::size_t limit = 1000;
    /// Continue behind this key (keyset paging).
    std::optional<std::pair<UtcTime, IntervalKind>> after;
    bool newest_first = false;
};

struct Revision {
    Record record;  ///< the superseded version
    UtcTime superseded_at{};
};

struct StoreStats {
    std::uint64_t disk_bytes = 0;
    std::uint64_t records_estimate = 0;
    std::uint64_t quarantine_entries = 0;
    std::uint64_t frames_bytes = 0;  ///< of the evidence, on disk
};

/// Where records rest. Synchronous; the caller chooses the thread. `commit` is called by one thread, the reads by any.
/// Every method throws StoreError when the store itself fails.
class RecordStore {
public:
    virtual ~RecordStore() = default;

    /// Atomic and on disk when it returns.
    virtual void commit(WriteGroup const& group) = 0;

    [[nodiscard]] virtual std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const = 0;
    /// Calls `visit` oldest first (or newest first) until the limit, or until it returns false.
    virtual void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const = 0;
    [[nodiscard]] virtual std::vector<Revision> revisions(SiteNumber site, TimeInterval time) const = 0;
    /// The newest record of every (site, interval).
    [[nodiscard]] virtual std::vector<Record> newest() const = 0;

    /// Entries with an id above `after`, ascending.
    [[nodiscard]] virtual std::vector<QuarantineEntry> quarantine(std::uint64_t after, std::size_t limit) const = 0;
    [[nodiscard]] virtual std::optional<QuarantineEntry> quarantine_entry(std::uint64_t id) const = 0;

    /// Calls `visit` until the limit, or until it returns false. Frames leave by age and size, so the oldest may be gone.
    virtual void visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const = 0;
    /// Entries of a queue with an id above `after`, ascending.
    [[nodiscard]] virtual std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const = 0;

    /// All alerts as they stand, in no order.
    [[nodiscard]] virtual std::vector<Alert> alerts() const = 0;
    /// The story of one alert, from its first step.
    [[nodiscard]] virtual std::vector<AlertStep> alert_steps(std::string_view alert) const = 0;
    /// Steps of all alerts with a number above `after`, ascending.
    [[nodiscard]] virtual std::vector<AlertStep> alert_log(std::uint64_t after, std::size_t limit) const = 0;
    /// The end of the log, to which the next step is chained.
    [[nodiscard]] virtual std::optional<AlertStep> last_alert_step() const = 0;
    [[nodiscard]] virtual std::vector<Silence> silences() const = 0;

    /// The numbers of these site ids, in order; new ids get new numbers, durably.
    [[nodiscard]] virtual std::vector<SiteNumber> number_sites(std::span<std::string const> ids) = 0;
    [[nodiscard]] virtual std::vector<Site> registered_sites() const = 0;

    /// A whole, openable copy in a new folder, while reading and writing go on.
    virtual void backup(std::filesystem::path const& directory) = 0;
    /// Packs what can be packed (bench, before a figure of bytes per value is taken).
    virtual void compact() = 0;
    [[nodiscard]] virtual StoreStats stats() const = 0;
};

}  // namespace yihong
