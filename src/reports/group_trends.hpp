#pragma once

#include "yihong/reports/water_report.hpp"

namespace yihong {

/// Trends of the shares of class I to III of all sections, rivers and places, and of the trophic state of lakes, over the same parts as those of
/// sections. \pre the report has its sections, groups and lakes \throws StoreError
void add_group_trends(WaterReport& report, World const& world, ReportRecords const& records);

}  // namespace yihong
