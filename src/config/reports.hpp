#pragma once

#include "yihong/model/channel.hpp"
#include "yihong/reports/schedule.hpp"
#include "yihong/reports/settings.hpp"

#include "table_reader.hpp"

namespace yihong {

/// `[reports]`. \param channels that reports may go by; \param folder where relative paths start
void read_reports(TableReader table, std::filesystem::path const& folder, ReportSettings& to, std::vector<Channel> const& channels,
                  std::vector<ReportSchedule>& schedules);

}  // namespace yihong
