#pragma once

#include "yihong/evaluate/alert_command.hpp"
#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/committer.hpp"
#include "yihong/state/event_feed.hpp"
#include "yihong/state/network.hpp"
#include "yihong/write/mark_command.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace yihong {

/// A group of changes on its way to disk, as one participant sees it. What the participant adds to `share` is in the same commit as what
/// caused it. Lives on the writer thread, until the group is committed or lost.
class GroupUnderWay {
public:
    virtual ~GroupUnderWay() = default;
    [[nodiscard]] virtual UtcTime now() const noexcept = 0;
    [[nodiscard]] virtual World const& world() const noexcept = 0;
    [[nodiscard]] virtual WriteGroup& share() noexcept = 0;
    /// The frames that a record came in, those of this very group first.
    [[nodiscard]] virtual std::vector<RawFrame> frames_of(Record const& record) const = 0;
    /// The newest record of a site as it is shown, without this group. \return null when there is none
    [[nodiscard]] virtual Record const* newest(SiteNumber site) const noexcept = 0;
};

/// A record that is new, was completed, was revised, or was withdrawn.
struct RecordTaken {
    Record const& record;                          ///< as it is kept now
    Record const* before;                          ///< what it was until now; null: it is new, or shown once more
    FrameVerdict verdict;                          ///< accepted or revised
    bool withdrawn;                                ///< taken back (撤回): `record` has no readings, and `back` does not know it
    bool quiet;                                    ///< history: nobody can act on it any more
    UtcTime received_at;                           ///< of what came just now; a completed record keeps this too
    RecordsBack const& back;  ///< of its site and interval; `back(0)` is the newest, not always this one. A copy is good until `finish`
};

/// What a commit brought, once it is on disk.
struct CommitMade {
    WriteGroup const& group;  ///< all shares together; entries have no ids
    std::shared_ptr<World const> const& new_world;  ///< set: it holds from now on
    Network& network;  ///< what is shown of the sites; published after the last participant
    UtcTime at;
    std::vector<LiveEvent>& events;  ///< told to the live streams behind the changes of sites
};

/// Something that takes part in every commit (提交参与者): it sees each record that changes, adds what follows from it to the same commit, and
/// learns whether the commit was made. The writer asks its participants in a fixed order, on its own thread. What one of them throws loses its
/// share of the group and nothing else: the writer tells it `rolled_back` at once, and shows it the records of that group again with the next.
class Participant {
public:
    virtual ~Participant() = default;
    /// A group begins. What a lost one left in memory is read anew here.
    virtual void begin() {}
    virtual void on_record(RecordTaken const&, GroupUnderWay&) {}
    /// \return nothing: the command is not for this participant
    virtual std::optional<AlertOutcome> on_command(AlertCommand const&, GroupUnderWay&) { return std::nullopt; }
    /// \return nothing: somebody else keeps the marks
    virtual std::optional<MarkOutcome> on_marks(MarkCommand const&, GroupUnderWay&) { return std::nullopt; }
    /// Time has come to `now()`, about once a second.
    virtual void tick(GroupUnderWay&) {}
    /// The last word before the commit.
    virtual void finish(GroupUnderWay&) {}
    virtual void committed(CommitMade const&) {}
    /// Its share is lost, with the group or alone.
    virtual void rolled_back() noexcept {}
};

}  // namespace yihong
