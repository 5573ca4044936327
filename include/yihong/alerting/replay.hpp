#pragma once

#include "yihong/evaluate/period_findings.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/state/catalog.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace yihong {

/// How long after the end of its period a record is taken to have come, where that is not known: half an hour, as completeness allows.
inline constexpr std::chrono::minutes usual_delay{30};

/// When a record is taken to have come: when it was received, where that is within `live_within` (24 h) after the end of its period; else,
/// for it was filled in or came from an archive, `usual_delay` after that end. Never before its own time.
[[nodiscard]] UtcTime arrival_of(Record const& record) noexcept;

struct ReplayOptions {
    TimeInterval time;                             ///< of the records; they come with what was before as their history
    std::vector<SiteNumber> sites;                 ///< empty: all
    /// Called now and then with the share that is done, 0 to 1, and the records so far; may be empty.
    std::function<void(double share, std::uint64_t records)> on_progress;
    /// Called with every step of an alert, in order; may be empty. Its numbers begin at 1.
    std::function<void(JournalEntry const&)> on_step;
    LookAtPeriods periods = {};                    ///< for rules about periods; empty: they are left out
};

/// What a replay came to.
struct Replay {
    struct Heard {
        std::size_t site = 0;                      ///< index in the registry
        std::uint64_t records = 0;
    };
    std::vector<std::shared_ptr<Alert const>> alerts;      ///< by the time they were opened, then by id
    std::shared_ptr<MemorySource const> collection;          ///< the same as features
    std::vector<Heard> heard;                              ///< sites with judged records in that time, by index
    std::uint64_t records = 0;
    UtcTime begin{};                                       ///< the clock of the replay ran from here
    UtcTime end{};                                         ///< to here
};

/// Stored records once more through the rules of `world` (试算), as if there had been no alerts yet and nobody answered them. They come in
/// the order of `arrival_of`; every ten minutes time is told between them, so that missing data is noticed. Corrected records are seen as
/// they stand now. Rules about the service itself are left out. The clock ends with the last record, or at the end of `time` where that is later. Nothing is written.
/// \throws StoreError
[[nodiscard]] Replay replay(Records const& records, std::shared_ptr<World const> const& world, ReplayOptions const& options);

}  // namespace yihong
