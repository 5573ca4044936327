#pragma once

#include "yihong/model/record.hpp"

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace yihong {

/// Records of one site.
struct SeriesQuery {
    SiteNumber site = 0;
    std::optional<IntervalKind> interval;  ///< none: all kinds, merged by time, then by kind
    TimeInterval time;
    /// In any order; empty: all. Records come with no other readings, perhaps with none. The fewer, the quicker: one is several times
    /// quicker than all.
    std::vector<ParameterId> parameters;
    std::size_t limit = 1000;
    /// Continue behind this key (keyset paging).
    std::optional<std::pair<UtcTime, IntervalKind>> after;
    bool newest_first = false;
};

/// What a record said before it was corrected.
struct Revision {
    Record record;  ///< the superseded version
    UtcTime superseded_at{};
};

/// The newest record of each series.
struct NewestQuery {
    std::optional<UtcTime> before;  ///< only records whose time is before this instant; none: all
    std::optional<std::vector<SiteNumber>> sites;  ///< in any order; none: all sites
    std::optional<IntervalKind> interval;  ///< none: all kinds, each on its own
};

/// The place of a record among those of all sites.
struct HistoryKey {
    UtcTime time{};
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::realtime;
    auto operator<=>(HistoryKey const&) const = default;
};
[[nodiscard]] inline HistoryKey history_key(Record const& record) noexcept { return {record.time, record.site, record.interval}; }

/// What a record has to fulfil.
struct RecordCondition {
    /// Asked in any order, on the thread that reads, of records that are gone when it returns. Empty: all fulfil it.
    std::function<bool(Record const&)> holds = {};
    std::vector<ParameterId> parameters = {};  ///< whose readings it looks at, in any order; perhaps others come with them. Empty: all
};

/// Records of many sites in the order of time, then site, then kind.
struct HistoryQuery {
    std::vector<SiteNumber> sites;  ///< in any order; none of the others
    std::optional<IntervalKind> interval;  ///< none: all kinds
    TimeInterval time;
    std::vector<ParameterId> parameters;  ///< as SeriesQuery's
    std::size_t limit = 1000;
    std::optional<HistoryKey> after;  ///< continue behind this key (keyset paging)
    bool newest_first = false;  ///< the whole order is turned round
    /// What does not fulfil it is neither visited nor counted: the store reads no more of it than must be looked at.
    RecordCondition condition = {};
};

/// The records that the store keeps (监测记录), to be read. By any thread; every method throws StoreError when the store itself fails.
/// Costs are those of an index by site, kind and time, which every store has.
class Records {
public:
    virtual ~Records() = default;

    [[nodiscard]] virtual std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const = 0;
    /// Calls `visit` oldest first (or newest first) until the limit, or until it returns false. Costs what is visited.
    virtual void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const = 0;
    /// What was superseded, by time, then by kind, then by when it was superseded; the first `limit` of it. In memory are at most as many
    /// of each kind.
    [[nodiscard]] virtual std::vector<Revision> revisions(SiteNumber site, TimeInterval time, std::size_t limit = SIZE_MAX) const = 0;
    /// The newest record of every (site, interval) asked for, in that order, from one state of the store. Costs a step or two into the
    /// index for each series, however long it is.
    [[nodiscard]] virtual std::vector<Record> newest(NewestQuery const& query) const = 0;
    /// Calls `visit` until the limit, or until it returns false; all of one call from one state of the store. In memory are at most some
    /// thousand records, however many sites or records are asked for. Costs a step into the index for each series and some thousand
    /// records visited, at least one for each series: ask for long pages rather than short ones. With a condition it costs all records
    /// that the condition is asked of, visited or not.
    virtual void visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const = 0;
};

}  // namespace yihong
