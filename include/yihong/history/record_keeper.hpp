#pragma once

#include "yihong/ports/records.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/participant.hpp"

#include <array>
#include <memory>
#include <vector>

namespace yihong {

/// Shows the collections of records, and makes one anew where a record brings an item that none of its kind had, or another world begins. Adds
/// nothing to a commit.
class RecordKeeper final : public Participant {
public:
    /// \param records outlives the catalog \throws StoreError
    RecordKeeper(Records const& records, CurrentState const& state);

    void on_record(RecordTaken const& taken, GroupUnderWay& group) override;
    void committed(CommitMade const& made) override;

private:
    struct Collection {
        SiteKind kind;
        std::vector<ParameterId> columns;  // ascending
        bool has_records = false;
        bool changed = true;
    };
    void look_at(Site const& site, Record const& record);

    Records const& records_;
    std::shared_ptr<World const> world_;
    std::array<Collection, 3> collections_;
};

}  // namespace yihong
