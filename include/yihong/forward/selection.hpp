#pragma once

#include "yihong/model/forward.hpp"
#include "yihong/ports/sites.hpp"
#include "yihong/write/participant.hpp"

#include <string>
#include <vector>

namespace yihong::forward {

/// Which records go on to which platforms (转发选择), as a participant of every commit: an entry in the outbox for each forward that wants the
/// record, in the record's own commit.
class Selection final : public Participant {
public:
    /// \pre the forwards' sites exist (the loader checks it) \throws StoreError
    Selection(std::vector<Forward> const& forwards, Sites& sites);
    void on_record(RecordTaken const& taken, GroupUnderWay& group) override;

private:
    struct Wish {
        std::string queue;
        std::vector<SiteNumber> sites;  ///< ascending; empty: all
        std::vector<IntervalKind> intervals;
    };
    std::vector<Wish> wishes_;
};

}  // namespace yihong::forward
