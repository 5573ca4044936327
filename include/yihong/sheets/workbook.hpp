#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <string>
#include <variant>
#include <vector>

/// Tables as Excel workbooks: numbers as numbers.
namespace yihong::sheets {

/// Nothing, text, or a number that is shown with its decimals (7.10 stays 7.10).
using Cell = std::variant<std::monostate, std::string, Decimal>;

struct Column {
    std::string title;
    double width = 12;  ///< in letters
};

/// One sheet: a head of one row that stays in sight, and rows below it.
struct Sheet {
    std::string name;  ///< at most 31 letters, none of []:*?/\ and '
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

/// The bytes of an .xlsx. The same sheets and time give the same bytes. \param made what the file says of its age
/// \throws std::runtime_error where it cannot be written (it goes through a temporary file)
std::string to_xlsx(std::vector<Sheet> const& sheets, UtcTime made);

}  // namespace yihong::sheets
