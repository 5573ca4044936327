#pragma once

#include "yihong/reports/schedule.hpp"
#include "yihong/reports/settings.hpp"

#include "table_reader.hpp"

namespace yihong {

/// `[reports]`. \param folder where relative paths start
void read_reports(TableReader table, std::filesystem::path const& folder, ReportSettings& to, std::vector<ReportSchedule>& schedules);

}  // namespace yihong
