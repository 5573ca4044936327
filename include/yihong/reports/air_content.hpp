#pragma once

#include "yihong/reports/air_report.hpp"
#include "yihong/reports/report_content.hpp"

#include <string>

namespace yihong {

/// All of the air report of a period (环境空气质量报告). Names and columns are always the same.
/// \param so_far the year up to the end of the period; null: the period is that, or is not followed by it
ReportContent air_report_content(AirReport const& month, AirReport const* so_far, StandardsBook const& standards,
                                 PrintOptions const& options);
/// That of a report without stations: the names to ask for.
ReportContent air_report_names(StandardsBook const& standards, Date day);

/// As one page to be printed on A4. The same reports and options give the same bytes.
std::string air_report_html(AirReport const& month, AirReport const* so_far, StandardsBook const& standards, PrintOptions const& options);

}  // namespace yihong
