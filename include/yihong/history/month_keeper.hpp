#pragma once

#include "yihong/reports/section_months.hpp"
#include "yihong/write/participant.hpp"

namespace yihong {

/// Keeps the months of sections up to date with each commit: those that a record touches are made anew when somebody asks. Adds nothing to a commit.
class MonthKeeper final : public Participant {
public:
    /// \param months outlives this
    explicit MonthKeeper(SectionMonths& months) : months_{months} {}
    void committed(CommitMade const& made) override;

private:
    SectionMonths& months_;
};

}  // namespace yihong
