#pragma once

#include "yihong/ports/journal.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/participant.hpp"

#include <string>

namespace yihong {

/// The marks of people (人工标记) as a journal has them.
struct KeptMarks {
    std::uint64_t number = 0;  ///< of the last entry
    std::string hash;
    std::shared_ptr<MarkBook const> book;
};
/// \throws StoreError
[[nodiscard]] KeptMarks read_marks(Journal const& journal);

/// Keeps the marks of people (人工标记): each version is an entry of the journal, chained to the one before it, in the commit that acknowledges it.
/// Readers see the marks once that is on disk.
class MarkKeeper final : public Participant {
public:
    /// Reads the journal of marks. \param state outlives this \throws StoreError
    MarkKeeper(Journal const& journal, CurrentState& state);

    void begin() override;
    std::optional<MarkOutcome> on_marks(MarkCommand const& command, GroupUnderWay& group) override;
    void committed(CommitMade const& made) override;

private:
    std::shared_ptr<PeriodMark const> keep(PeriodMark mark, GroupUnderWay& group);
    MarkOutcome add(AddMarks const& wanted, GroupUnderWay& group);
    MarkOutcome change(ChangeMark const& wanted, GroupUnderWay& group);

    CurrentState& state_;
    KeptMarks kept_, now_;  ///< on disk, and with the group under way
};

}  // namespace yihong
