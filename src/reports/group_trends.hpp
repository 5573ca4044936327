#pragma once

#include "yihong/reports/water_report.hpp"

namespace yihong {

/// The same period of each year since the one that the query asks for the trend since, its own behind them; years before the first edition of the
/// standard are left out. \pre it asks for one
[[nodiscard]] std::vector<Period> trend_years(WaterQuery const& query, StandardsBook const& standards);

/// Trends of the shares of class I to III of all sections, rivers and places, and of the trophic state of lakes, over the same parts as those of
/// sections. \pre the report has its sections, groups and lakes \throws StoreError
void add_group_trends(WaterReport& report, World const& world, ReportRecords const& records);

}  // namespace yihong
