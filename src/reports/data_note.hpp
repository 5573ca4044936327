#pragma once

#include "yihong/reports/water_report.hpp"

#include <string>

namespace yihong {

/// From which records a report is made, and up to when what is due was counted (数据状态).
std::string data_note(DataState const& data, UtcTime as_of);

}  // namespace yihong
