#pragma once

#include "yihong/reports/section_months.hpp"

#include <limits>

namespace yihong {

/// Adds the records of a site in a period, the oldest first, to `sums`, and notes in `data` that they were read. \throws StoreError
template <typename Sums>
void add_records(Sums& sums, Records const& records, SiteNumber site, Period const& period, DataState& data)
{
    SeriesQuery query;
    query.site = site;
    query.time = {period.begin, period.end - std::chrono::milliseconds{1}};
    query.limit = std::numeric_limits<std::size_t>::max();
    records.visit_series(query, [&](Record const& record) {
        data.note(record.received_at);
        sums.add(record);
        return true;
    });
}

}  // namespace yihong
