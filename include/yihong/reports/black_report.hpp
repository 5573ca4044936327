#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/periods/black_odorous.hpp"
#include "yihong/periods/calendar.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/reports/water_report.hpp"

#include <string>
#include <vector>

namespace yihong {

struct BlackRow {
    Site const* site = nullptr;  ///< of the world that the report was made from
    std::string water;
    BlackPoint point;
};
struct BlackWaterRow {
    std::string name;
    BlackWater water;
};
struct BlackReport {
    Period period;
    std::vector<BlackRow> points;  ///< in the order of the registry
    std::vector<BlackWaterRow> waters;  ///< by name
    DataState data;
};

/// Black-odorous waters over a period, from its samples. \param sites ids; empty: every section whose samples have a redox potential, which only
/// these waters are sampled for. \return Errc::bad_value for an unknown site. \throws StoreError
Result<BlackReport> make_black_report(Period const& period, std::vector<std::string> const& sites, World const& world,
                                      Records const& records);

}  // namespace yihong
