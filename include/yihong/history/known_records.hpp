#pragma once

#include "yihong/ports/records.hpp"

namespace yihong {

/// The records as they were known at a moment (当时所知): without what came later, and with what was corrected or withdrawn since. A record that was completed
/// later, with items that it did not have, counts from then on.
class KnownRecords final : public Records {
public:
    /// \param records outlives this
    KnownRecords(Records const& records, UtcTime known_at) : records_{records}, known_at_{known_at} {}

    [[nodiscard]] std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const override;
    void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const override;
    [[nodiscard]] std::vector<Revision> revisions(SiteNumber site, TimeInterval time, std::size_t limit = SIZE_MAX) const override;
    /// Costs a few steps more into the index for each series than that of the store.
    [[nodiscard]] std::vector<Record> newest(NewestQuery const& query) const override;
    void visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const override;

private:
    Records const& records_;
    UtcTime known_at_;
};

}  // namespace yihong
