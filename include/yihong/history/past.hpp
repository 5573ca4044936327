#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/features/source.hpp"
#include "yihong/history/period_source.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/reports/settings.hpp"
#include "yihong/state/current_state.hpp"

#include <memory>
#include <optional>

namespace yihong {

/// Collections as they were (历史时刻): those of sites made anew from what the store keeps, those of records and of periods as they were known.
class Past {
public:
    /// \param records, journal outlive this and all that it gives \param state, settings likewise: the sites, standards and settings of today
    Past(Records const& records, Journal const& journal, CurrentState const& state, Snapshot<ReportSettings> const& settings)
        : records_{records}, journal_{journal}, state_{state}, settings_{settings}
    {}

    /// Reads the store: a step or two into the index for each series, and some records of each.
    /// \param present the collection as it is \param at sites: the moment that is shown, not later than now; none: that of `known_at`. Records and periods have none
    /// \param known_at without what came or was corrected after it; none: by all that is known
    /// \return null where the collection keeps no past, or is asked for none \throws StoreError
    [[nodiscard]] std::shared_ptr<FeatureSource const> of(FeatureSource const& present, std::optional<UtcTime> at,
                                                          std::optional<UtcTime> known_at) const;

private:
    [[nodiscard]] std::shared_ptr<FeatureSource const> sites_at(SourceMetadata metadata, SiteKind kind, std::optional<UtcTime> at,
                                                                std::optional<UtcTime> known_at) const;
    [[nodiscard]] std::shared_ptr<FeatureSource const> periods_known(PeriodOf what, UtcTime known_at) const;

    Records const& records_;
    Journal const& journal_;
    CurrentState const& state_;
    Snapshot<ReportSettings> const& settings_;
};

}  // namespace yihong
