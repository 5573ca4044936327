#pragma once

#include "yihong/reports/print_options.hpp"
#include "yihong/reports/report_kinds.hpp"
#include "yihong/reports/water_report.hpp"

#include <string>

namespace yihong {

/// The water report of a period as one page to be printed on A4 (地表水水质报告), in Chinese: text, tables and charts of one computation, charts as SVG;
/// or its tables of compliance, or of ranks. The same report and options give the same bytes.
std::string water_report_html(WaterReport const& report, World const& world, PrintOptions const& options,
                              WaterReportKind kind = WaterReportKind::month);

}  // namespace yihong
