#pragma once

#include "yihong/evaluate/alert_command.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/batch.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/committer.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/write/mark_command.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What the writer is asked to do. Each kind says what changes, and how whoever asked is answered. Every answer comes once, on the writer
/// thread, and only when what it speaks of is on disk.
namespace yihong {

/// A frame that goes to disk with its batch, and which of the batch's records came of it.
struct FrameOfBatch {
    RawFrame frame;                                ///< its verdict is set by the writer where `record` is
    std::optional<std::size_t> record;             ///< index into PreparedBatch::records
};

/// A batch that has been checked and judged, ready for the writer.
struct PreparedBatch {
    std::vector<Record> records;
    std::vector<Refusal> refused;
    std::string source;                            ///< kept with what is refused, e.g. `http 127.0.0.1 token=probe`
    std::string format;
    std::string raw_prefix;
    std::vector<std::uint64_t> replayed;           ///< quarantine entries that this batch settles
    /// Of each record, when it first came, where it rested in quarantine since: what was received later stands against it. Else empty.
    std::vector<UtcTime> first_received;
    std::vector<Site> new_sites;                   ///< registered with the batch (import)
    std::vector<FrameOfBatch> frames;              ///< evidence of what a station sent
    bool quiet = false;                            ///< history (import): it raises no alert
};

/// What became of a batch, once it is on disk.
struct IngestReport {
    std::uint64_t accepted = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t revised = 0;
    std::uint64_t superseded = 0;                  ///< replayed, but others were received since: kept as revisions only
    std::vector<Refusal> rejected;                 ///< without raw bytes
};

/// Records, evidence and quarantine.
struct BatchJob {
    PreparedBatch batch;
    /// Gets nothing when the store failed: then nothing of the batch was kept. May be empty.
    std::function<void(std::optional<IngestReport>)> done;
};

/// Several batches that came at once, of many stations: all of them are kept, or none.
struct BatchesJob {
    std::vector<PreparedBatch> batches;
    /// Gets false when the store failed. May be empty.
    std::function<void(bool kept)> done;
};

/// What waits to leave the service, and what has left it.
struct OutboxJob {
    std::vector<OutboxEntry> added;                ///< to be sent, or set aside; ids are given on commit
    std::vector<std::pair<std::string, std::uint64_t>> done_entries;       ///< (queue, id) of what was delivered or given up
    /// Gets false when the store failed and nothing was changed. May be empty.
    std::function<void(bool kept)> done;
};

/// What a person does to alerts and silences.
struct AlertJob {
    AlertCommand command;
    /// Gets nothing when the store failed. May be empty.
    std::function<void(std::optional<AlertOutcome>)> done;
};

/// What a person does to marks of places and times (人工标记).
struct MarkJob {
    MarkCommand command;
    /// Gets nothing when the store failed.
    std::function<void(std::optional<MarkOutcome>)> done;
};

/// Records that should never have come, such as those of a wrong clock, are taken back (撤回). It has a group of its own.
struct WithdrawJob {
    SeriesQuery which;                             ///< where more than its limit lie in it, all of them stand
    /// Gets how many there were, counted to one above the limit; nothing when the store failed and all of them stand.
    std::function<void(std::optional<std::size_t> withdrawn)> done;
};

/// How many periods the stations of sites owe (缺数时段数): shown with the sites, not stored.
struct MissingPeriodsJob {
    std::vector<std::pair<SiteNumber, int>> sites;
};

/// Other standards, sites, layers and rules. They hold from the next group on.
struct WorldJob {
    std::shared_ptr<World const> world;
    std::function<void()> done;                    ///< what is published is of the new world
};

/// Whether the store takes commits: a write of its own that changes nothing.
struct ProbeJob {
    std::function<void(bool writable)> done;
};

using Job = std::variant<BatchJob, BatchesJob, OutboxJob, AlertJob, MarkJob, WithdrawJob, MissingPeriodsJob, WorldJob, ProbeJob>;

}  // namespace yihong
