#pragma once

#include "yihong/reports/water_report.hpp"

#include <string>

namespace yihong {

/// From which records a report is made, and up to when what is due was counted (数据状态).
std::string data_note(DataState const& data, UtcTime as_of);

/// 上年同期（2024年10月）, 上一时段（2025年9月）; empty where nothing is compared.
std::string compared_with(Period const& period, std::optional<Period> const& base);

}  // namespace yihong
