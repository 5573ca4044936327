#pragma once

#include "statistics.hpp"

#include "yihong/reports/outfall_report.hpp"

namespace yihong::api {

/// A checked request for outfalls and plants over a period.
struct OutfallRequest {
    Period period;
    PeriodComparison compare{CompareWith::previous};
    std::optional<UtcTime> as_of;
    std::optional<UtcTime> known_at;  ///< `asof`; of statistics alone
    std::vector<std::string> sites;
    std::string place;
    http::Form form = http::Form::json;
    bool bom = false;
};

/// `/api/v1/statistics/outfalls`.
http::Route make_outfall_statistics_route(Services const& services);
/// `/api/v1/reports/plants`: a draft by GET, handed out by POST.
http::Route make_outfall_report_route(Services const& services, http::Method method);

}  // namespace yihong::api
