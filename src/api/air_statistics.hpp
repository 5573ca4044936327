#pragma once

#include "statistics.hpp"

#include "yihong/reports/air_report.hpp"

namespace yihong::api {

/// A checked request for air over a period.
struct AirRequest {
    Period period;
    PeriodComparison compare;
    std::optional<UtcTime> as_of;
    std::optional<UtcTime> known_at;  ///< `asof`; of statistics alone
    std::vector<std::string> sites;
    std::optional<Decimal> target;
    bool outlook = false;
    std::optional<Decimal> pm25_target;  ///< asks for the outlook too
    http::Form form = http::Form::json;
    bool bom = false;
};
http::Parameters<AirRequest> air_parameters();
/// \param now where the request names no other \return Errc::bad_value for what cannot be compared with
Result<AirQuery> query_of(AirRequest const& wanted, ReportSettings const& settings, UtcTime now);

/// `/api/v1/statistics/air-stations`.
http::Route make_air_statistics_route(Services const& services);
std::string air_statistics_json(AirReport const& report, World const& world);
/// One row a station, place or all, and pollutant.
std::string air_statistics_csv(AirReport const& report, World const& world, bool bom);

/// `/api/v1/reports/air-month`: a draft by GET, handed out by POST.
http::Route make_air_report_route(Services const& services, http::Method method);

}  // namespace yihong::api
