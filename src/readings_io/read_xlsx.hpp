#pragma once

#include "yihong/readings_io/readings.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// The first sheet of a workbook, as CSV of which line N is its row N.
struct SheetText {
    std::string name;
    std::string csv;
};

/// Whether bytes begin as a workbook (.xlsx, a ZIP archive) does.
[[nodiscard]] bool is_workbook(std::string_view bytes) noexcept;

/// \return Errc::broken_file for what is no whole workbook, Errc::too_large for one of more than 64 MB, unpacked or as text
Result<SheetText> sheet_to_csv(std::string_view xlsx);

/// A place in the sheet for one in its text: `line 3, column 2` becomes `sheet 'Sheet1', row 3, column B`.
[[nodiscard]] Failure in_sheet(std::string_view sheet, Failure failure);

}  // namespace yihong
