#pragma once

#include "series_tails.hpp"

#include "yihong/write/writer.hpp"

#include <optional>
#include <vector>

namespace yihong {

/// What a record of the group is shown to a participant with, once more if need be.
struct Shown {
    RecordKey key;
    FrameVerdict verdict = FrameVerdict::accepted;
    bool quiet = false;
    UtcTime received_at{};
    bool withdrawn = false;                        ///< taken back: nothing is left to be shown but that
    int failures = 0;                              ///< how often showing it failed
};

/// What is to be said to whoever handed in a job.
struct Answer {
    IngestReport report;                           ///< of a batch
    std::optional<AlertOutcome> alert;             ///< of a command
    std::optional<MarkOutcome> marks;              ///< likewise
    std::optional<std::size_t> answered_by;        ///< the place of the participant that carried the command out
    std::size_t withdrawn = 0;                     ///< records
};

/// A group while it is put together: what all jobs together write, and what they are answered.
struct Group {
    UtcTime now{};
    WriteGroup write;
    std::vector<Answer> answers;                   ///< one a job
    std::vector<Shown> shown;                      ///< every record that changed, in order
    std::vector<std::pair<SiteNumber, int>> missing_periods;
    std::shared_ptr<World const> new_world;        ///< set: it holds after this group
    std::uint64_t values = 0;
};

}  // namespace yihong
