#include "yihong/sheets/workbook.hpp"

#include <xlsxwriter.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>

#include <unistd.h>

namespace yihong::sheets {
namespace {

struct WorkbookCloser {
    void operator()(lxw_workbook* workbook) const noexcept { lxw_workbook_free(workbook); }
};

/// A file name that nobody else has; the file is gone with it.
class TemporaryFile {
public:
    TemporaryFile()
    {
        path_ = (std::filesystem::temp_directory_path() / "yihong-XXXXXX").string();
        int const fd = ::mkstemp(path_.data());
        if (fd < 0)
            throw std::runtime_error{"no temporary file can be made for a workbook"};
        ::close(fd);
    }
    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    [[nodiscard]] std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
};

class Book {
public:
    explicit Book(std::string const& path, UtcTime made) : workbook_{workbook_new(path.c_str())}
    {
        if (!workbook_)
            throw std::runtime_error{"a workbook cannot be made"};
        lxw_doc_properties properties{};
        properties.created = std::chrono::system_clock::to_time_t(made);
        workbook_set_properties(workbook_.get(), &properties);
        head_ = workbook_add_format(workbook_.get());
        format_set_bold(head_);
        format_set_text_wrap(head_);
        format_set_bottom(head_, LXW_BORDER_THIN);
    }

    void add(Sheet const& sheet)
    {
        auto* const made = workbook_add_worksheet(workbook_.get(), sheet.name.c_str());
        if (made == nullptr)
            throw std::runtime_error{"a workbook takes no sheet of the name " + sheet.name};
        worksheet_freeze_panes(made, 1, 1);
        for (std::size_t at = 0; at < sheet.columns.size(); ++at) {
            auto const column = static_cast<lxw_col_t>(at);
            worksheet_set_column(made, column, column, sheet.columns[at].width, nullptr);
            worksheet_write_string(made, 0, column, sheet.columns[at].title.c_str(), head_);
        }
        for (std::size_t row = 0; row < sheet.rows.size(); ++row)
            for (std::size_t at = 0; at < sheet.rows[row].size(); ++at)
                write(made, static_cast<lxw_row_t>(row + 1), static_cast<lxw_col_t>(at), sheet.rows[row][at]);
    }

    void close()
    {
        auto* const workbook = workbook_.release();        // closing frees it, whatever comes of it
        if (auto const error = workbook_close(workbook); error != LXW_NO_ERROR)
            throw std::runtime_error{std::string{"a workbook cannot be written: "} + lxw_strerror(error)};
    }

private:
    void write(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, Cell const& cell)
    {
        if (auto const* text = std::get_if<std::string>(&cell))
            worksheet_write_string(sheet, row, column, text->c_str(), nullptr);
        else if (auto const* number = std::get_if<Decimal>(&cell))
            worksheet_write_number(sheet, row, column, number->to_double(), format_of(number->scale()));
    }

    lxw_format* format_of(int decimals)
    {
        auto& format = formats_[decimals];
        if (format == nullptr) {
            format = workbook_add_format(workbook_.get());
            format_set_num_format(format,
                                  (decimals > 0 ? "0." + std::string(static_cast<std::size_t>(decimals), '0') : std::string{"0"}).c_str());
        }
        return format;
    }

    std::unique_ptr<lxw_workbook, WorkbookCloser> workbook_;
    lxw_format* head_ = nullptr;
    std::map<int, lxw_format*> formats_;                   ///< by decimals
};

}  // namespace

std::string to_xlsx(std::vector<Sheet> const& sheets, UtcTime made)
{
    TemporaryFile const file;
    Book book{file.path(), made};
    for (auto const& sheet : sheets)
        book.add(sheet);
    book.close();
    std::ifstream in{file.path(), std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (bytes.empty())
        throw std::runtime_error{"a workbook cannot be read back"};
    return bytes;
}

}  // namespace yihong::sheets
