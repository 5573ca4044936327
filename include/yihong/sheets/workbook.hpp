#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// Tables as Excel workbooks: numbers as numbers.
namespace yihong::sheets {

/// A text or a number that leads to an address. Excel takes 65,530 of them in a sheet: what comes behind is written without.
struct Linked {
    std::variant<std::string, Decimal> shown;
    std::string url;
};

/// Nothing, text, a number that is shown with its decimals (7.10 stays 7.10), any other number (nothing where it is not finite), yes or no,
/// a day, or a moment, which is shown in Beijing time: Excel knows no time zone; or one of these that leads somewhere.
using Cell = std::variant<std::monostate, std::string, Decimal, double, bool, Date, UtcTime, Linked>;

struct Column {
    std::string title;
    double width = 12;  ///< in letters
};

/// What a workbook is to be.
struct Making {
    std::optional<UtcTime> made = {};  ///< what the file says of its age; none: now
    bool any_size = false;  ///< a sheet may take 4 GB and more, which not every program reads
};

/// Writes a workbook sheet by sheet and row by row, to disk as they come: memory is bounded however many they are.
/// Without `finish` what was written is thrown away. It throws std::runtime_error where the library or the disk refuses.
class Workbook {
public:
    /// \param file new; what is made on the way lies in its folder
    Workbook(std::filesystem::path const& file, Making const& making);
    ~Workbook();
    Workbook(Workbook const&) = delete;
    Workbook& operator=(Workbook const&) = delete;

    /// Ends the sheet before it. A head of one row stays in sight.
    /// \param name at most 31 letters, none of []:*?/\ and ', none twice
    void begin_sheet(std::string const& name, std::span<Column const> columns);
    /// \return whether the sheet takes another row
    [[nodiscard]] bool has_room() const noexcept;
    /// \pre a sheet was begun and has room
    void add_row(std::span<Cell const> cells);
    void finish();

private:
    class Book;
    std::unique_ptr<Book> book_;
};

/// One sheet as a whole.
struct Sheet {
    std::string name;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

/// The bytes of an .xlsx. The same sheets and time give the same bytes. \param made what the file says of its age
/// \throws std::runtime_error where it cannot be written (it goes through a temporary file)
std::string to_xlsx(std::vector<Sheet> const& sheets, UtcTime made);

}  // namespace yihong::sheets
