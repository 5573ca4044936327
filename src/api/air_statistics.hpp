#pragma once

#include "statistics.hpp"

#include "yihong/reports/air_report.hpp"

namespace yihong::api {

/// `/api/v1/statistics/air-stations`.
http::Route make_air_statistics_route(Services const& services);
std::string air_statistics_json(AirReport const& report, World const& world);

}  // namespace yihong::api
