#pragma once

#include "comparison.hpp"

#include "yihong/api/routes.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/reports/print_options.hpp"
#include "yihong/reports/report_kinds.hpp"
#include "yihong/reports/settings.hpp"
#include "yihong/reports/water_report.hpp"

#include <string>
#include <vector>

namespace yihong::api {

/// A checked request for water over a period.
struct StatisticsRequest {
    Period period;
    PeriodComparison compare;
    std::optional<UtcTime> as_of;
    std::optional<UtcTime> known_at;  ///< `asof`; of statistics alone
    std::vector<std::string> sites;
    std::string place;
    bool outlook = false;
    bool trend = false;
    std::optional<std::uint64_t> trend_since;  ///< a year
    std::optional<std::uint64_t> rounds_needed;  ///< of six, for a day; none: as configured
    std::optional<std::uint64_t> percent_of_days;  ///< for a month; none: as configured
    http::Form form = http::Form::json;
    bool bom = false;
};
/// What the report is made from: as configured, where the request does not say otherwise. \param now where the request names no other
/// \return Errc::bad_value for what cannot be compared with
Result<WaterQuery> query_of(StatisticsRequest const& wanted, ReportSettings const& settings, UtcTime now);

/// `/api/v1/statistics/…`, `/api/v1/reports/…`.
std::vector<http::Route> make_statistics_routes(Services const& services);

/// Members of every document of a period: `period`, `base`, `as_of`, `edition`, `data`.
void write_basis(JsonWriter& json, Period const& period, std::optional<Period> const& base, UtcTime as_of, std::string_view edition,
                 DataState const& data);
/// Our name of an item, `total_phosphorus`; empty for one that is not in the book.
std::string_view parameter_name(ParameterId id, ParameterBook const& parameters);

std::string statistics_json(WaterReport const& report, World const& world);
/// One row a section and item.
std::string statistics_csv(WaterReport const& report, World const& world, bool bom);
/// A workbook: compliance, means, rivers, places, what is still possible, and how it was made; of the other kinds the sheets of theirs. Numbers are
/// numbers.
std::string statistics_xlsx(WaterReport const& report, World const& world, PrintOptions const& options,
                            WaterReportKind kind = WaterReportKind::month);

}  // namespace yihong::api
