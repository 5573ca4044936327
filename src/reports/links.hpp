#pragma once

#include "yihong/periods/calendar.hpp"
#include "yihong/reports/report_content.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Addresses under the figures of a report: each leads to the records that it came from.
namespace yihong::links {

/// The records of a site as a page. \param root_url empty: no link \param more `&parameter=codmn`, or nothing
std::string records(std::string_view root_url, std::string_view site, Period const& period, std::string_view more = {});
/// A draft of the report of these sites alone, whose figures lead on. \param kind `water-month`
std::string draft(std::string_view root_url, std::string_view kind, Period const& period, std::vector<std::string_view> const& sites);

/// Every figure of a row that has no link of its own gets this one.
void under_figures(std::vector<Printed>& row, std::string const& link);

}  // namespace yihong::links
