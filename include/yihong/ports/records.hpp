#pragma once

#include "yihong/model/record.hpp"

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
    /// Only this parameter is read: records come with at most that one reading, perhaps with none. Several times quicker.
    std::optional<ParameterId> parameter;
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

/// The records that the store keeps (监测记录), to be read. By any thread; every method throws StoreError when the store itself fails.
class Records {
public:
    virtual ~Records() = default;

    [[nodiscard]] virtual std::optional<Record> find(SiteNumber site, IntervalKind interval, UtcTime time) const = 0;
    /// Calls `visit` oldest first (or newest first) until the limit, or until it returns false.
    virtual void visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const = 0;
    /// What was superseded, by time, then by kind, then by when it was superseded.
    [[nodiscard]] virtual std::vector<Revision> revisions(SiteNumber site, TimeInterval time) const = 0;
    /// The newest record of every (site, interval), in that order.
    [[nodiscard]] virtual std::vector<Record> newest() const = 0;
};

}  // namespace yihong
