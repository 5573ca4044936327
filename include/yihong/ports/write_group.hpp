#pragma once

#include "yihong/model/alert.hpp"
#include "yihong/model/batch.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/outbox.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

struct RecordChanges {
    std::vector<Record> added;  ///< new ones, and the new versions of revised ones
    std::vector<Record> superseded;  ///< the versions they replace, kept as revisions
    std::vector<Record> came_late;  ///< what came too late to stand: kept as revisions only
    std::vector<Record> withdrawn;  ///< taken back (撤回): they leave their series, before `added` enters it, and are kept as revisions
    UtcTime superseded_at{};
    std::vector<Record> newest;  ///< the newest record of a (site, interval), kept for a quick start
    [[nodiscard]] bool empty() const noexcept
    {
        return added.empty() && superseded.empty() && came_late.empty() && withdrawn.empty() && newest.empty();
    }
};

struct EvidenceChanges {
    std::vector<QuarantineEntry> quarantined;  ///< ids are given on commit
    std::vector<std::uint64_t> cleared;  ///< quarantine entries that were replayed or removed
    std::vector<RawFrame> frames;
    [[nodiscard]] bool empty() const noexcept { return quarantined.empty() && cleared.empty() && frames.empty(); }
};

struct OutboxChanges {
    std::vector<OutboxEntry> added;  ///< ids are given on commit, in this order
    std::vector<std::pair<std::string, std::uint64_t>> done;  ///< (queue, id) of what was delivered
    [[nodiscard]] bool empty() const noexcept { return added.empty() && done.empty(); }
};

struct AlertChanges {
    std::vector<Alert> changed;  ///< as they stand now; of one that comes twice the later one holds
    std::vector<Silence> silences;
    std::vector<std::string> silences_ended;  ///< ids
    [[nodiscard]] bool empty() const noexcept { return changed.empty() && silences.empty() && silences_ended.empty(); }
};

/// Everything that changes in one atomic, synced commit, by the role that reads it.
struct WriteGroup {
    RecordChanges records;
    EvidenceChanges evidence;
    OutboxChanges outbox;
    std::vector<JournalEntry> journal;  ///< numbered and chained by who writes them
    AlertChanges alerts;
    std::vector<Site> sites;  ///< registered by an import
    /// Takes over everything of another, behind its own.
    void add(WriteGroup&& other);
    [[nodiscard]] bool empty() const noexcept
    {
        return records.empty() && evidence.empty() && outbox.empty() && journal.empty() && alerts.empty() && sites.empty();
    }
};

}  // namespace yihong
