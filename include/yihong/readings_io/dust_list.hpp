#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// A row of a list of dust days (城市扣沙数据).
struct DustDay {
    std::size_t line = 0;  ///< of a sheet: its row
    std::string place;  ///< of a city or county
    Date date{};
    std::string reason, document;  ///< empty: the list does not say
};

/// Reads a list of city and day: CSV in UTF-8 or GB18030, or the first sheet of a workbook (.xlsx) that is not hidden. Its header names the columns
/// `city` (or `place`, 城市, 区域) and `date` (`day`, 日期), and may name `reason` (原因) and `document` (文号); others are passed over. Dates as
/// 2026-04-12, 2026/4/12, 2026年4月12日, 20260412, or a cell of a date.
/// \return a failure that names line and column, of a workbook sheet and row
Result<std::vector<DustDay>> read_dust_list(std::string_view body);

}  // namespace yihong
