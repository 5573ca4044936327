#pragma once

#include "yihong/history/period_source.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/state/site_collections.hpp"
#include "yihong/write/participant.hpp"

#include <array>

namespace yihong {

/// Shows the collections of periods, and makes them anew where the data begins to touch another month, or another world begins. Adds nothing to a commit.
class PeriodKeeper final : public Participant {
public:
    /// \throws StoreError
    PeriodKeeper(PeriodMaterials const& materials, CurrentState const& state);

    void on_record(RecordTaken const& taken, GroupUnderWay& group) override;
    void committed(CommitMade const& made) override;

private:
    /// Of the sites of one collection: the months from the first to the last record. Withdrawn ones stay in it: months without records have no feature.
    struct Extent {
        TimeInterval months;  ///< both ends absent: there is no record
        bool changed = true;
        void widen(UtcTime time);
    };
    [[nodiscard]] Extent& extent_of(SiteKind kind) noexcept { return extents_[collection_of(kind)]; }

    PeriodMaterials materials_;
    std::shared_ptr<World const> world_;
    std::array<Extent, site_collections.size()> extents_;
};

}  // namespace yihong
