#pragma once

#include "yihong/reports/water_report.hpp"

#include <algorithm>
#include <limits>

namespace yihong {

/// Adds the records of a site in a period, the oldest first, to `sums`, and notes in `data` that they were read. \throws StoreError
template <typename Sums>
void add_records(Sums& sums, Records const& records, Site const& site, Period const& period, DataState& data)
{
    SeriesQuery query;
    query.site = site.number;
    query.time = {period.begin, period.end - std::chrono::milliseconds{1}};
    query.limit = std::numeric_limits<std::size_t>::max();
    records.visit_series(query, [&](Record const& record) {
        ++data.records;
        data.last_received = data.last_received ? std::max(*data.last_received, record.received_at) : record.received_at;
        sums.add(record);
        return true;
    });
}

}  // namespace yihong
