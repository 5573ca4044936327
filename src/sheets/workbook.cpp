#include "yihong/sheets/workbook.hpp"

#include <xlsxwriter.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include <unistd.h>

namespace yihong::sheets {
namespace {

constexpr lxw_row_t most_rows = 1'048'576;                 // of a sheet, its head with them

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

/// Days since the beginning of 1900, as Excel counts them.
template <typename Duration>
double excel_days(std::chrono::sys_time<Duration> time)
{
    constexpr double epoch = 25'569;                       // 1970-01-01
    return epoch + std::chrono::duration<double, std::chrono::days::period>{time.time_since_epoch()}.count();
}

}  // namespace

class Workbook::Book {
public:
    Book(std::filesystem::path const& file, Making const& making)
    {
        auto folder = file.parent_path().string();
        lxw_workbook_options options{
            .constant_memory = LXW_TRUE, .tmpdir = folder.data(), .use_zip64 = static_cast<std::uint8_t>(making.any_size)};
        workbook_.reset(workbook_new_opt(file.c_str(), &options));
        if (!workbook_)
            throw std::runtime_error{"a workbook cannot be made"};
        if (making.made) {
            lxw_doc_properties properties{};
            properties.created = std::chrono::system_clock::to_time_t(*making.made);
            workbook_set_properties(workbook_.get(), &properties);
        }
        head_ = workbook_add_format(workbook_.get());
        format_set_bold(head_);
        format_set_text_wrap(head_);
        format_set_bottom(head_, LXW_BORDER_THIN);
    }

    void begin_sheet(std::string const& name, std::span<Column const> columns)
    {
        sheet_ = workbook_add_worksheet(workbook_.get(), name.c_str());
        if (sheet_ == nullptr)
            throw std::runtime_error{"a workbook takes no sheet of the name " + name};
        worksheet_freeze_panes(sheet_, 1, 1);
        for (lxw_col_t at = 0; auto const& column : columns) {
            worksheet_set_column(sheet_, at, at, column.width, nullptr);
            worksheet_write_string(sheet_, 0, at++, column.title.c_str(), head_);
        }
        row_ = 1;
        links_ = 0;
    }

    [[nodiscard]] bool has_room() const noexcept { return row_ < most_rows; }

    void add_row(std::span<Cell const> cells)
    {
        for (lxw_col_t at = 0; auto const& cell : cells)
            std::visit([&](auto const& value) { write(at++, value); }, cell);
        ++row_;
    }

    void finish()
    {
        auto* const workbook = workbook_.release();        // closing frees it, whatever comes of it
        if (auto const error = workbook_close(workbook); error != LXW_NO_ERROR)
            throw std::runtime_error{std::string{"a workbook cannot be written: "} + lxw_strerror(error)};
    }

private:
    void write(lxw_col_t, std::monostate) {}
    void write(lxw_col_t at, std::string const& text) { worksheet_write_string(sheet_, row_, at, text.c_str(), nullptr); }
    void write(lxw_col_t at, bool flag) { worksheet_write_boolean(sheet_, row_, at, flag ? 1 : 0, nullptr); }
    void write(lxw_col_t at, double number)
    {
        if (std::isfinite(number))
            worksheet_write_number(sheet_, row_, at, number, nullptr);
    }
    void write(lxw_col_t at, Decimal number)
    {
        auto const decimals = static_cast<std::size_t>(number.scale());
        auto* const format = shown_as(decimals > 0 ? "0." + std::string(decimals, '0') : "0");
        worksheet_write_number(sheet_, row_, at, number.to_double(), format);
    }
    void write(lxw_col_t at, Linked const& linked)
    {
        constexpr std::size_t most_links = 65'530, longest_link = 2'079;
        if (links_ < most_links && linked.url.size() <= longest_link &&
            worksheet_write_url(sheet_, row_, at, linked.url.c_str(), nullptr) == LXW_NO_ERROR)
            ++links_;
        std::visit([&](auto const& shown) { write(at, shown); }, linked.shown);  // the address stays under it
    }
    void write(lxw_col_t at, Date date)
    {
        worksheet_write_number(sheet_, row_, at, excel_days(std::chrono::sys_days{date}), shown_as("yyyy-mm-dd"));
    }
    void write(lxw_col_t at, UtcTime time)
    {
        worksheet_write_number(sheet_, row_, at, excel_days(time + beijing_offset), shown_as("yyyy-mm-dd hh:mm"));
    }

    lxw_format* shown_as(std::string const& pattern)
    {
        auto& format = formats_[pattern];
        if (format == nullptr) {
            format = workbook_add_format(workbook_.get());
            format_set_num_format(format, pattern.c_str());
        }
        return format;
    }

    std::unique_ptr<lxw_workbook, WorkbookCloser> workbook_;
    lxw_format* head_ = nullptr;
    std::map<std::string, lxw_format*> formats_;           ///< by pattern
    lxw_worksheet* sheet_ = nullptr;
    lxw_row_t row_ = 0;
    std::size_t links_ = 0;                                ///< of the sheet
};

Workbook::Workbook(std::filesystem::path const& file, Making const& making) : book_{std::make_unique<Book>(file, making)} {}
Workbook::~Workbook() = default;
void Workbook::begin_sheet(std::string const& name, std::span<Column const> columns) { book_->begin_sheet(name, columns); }
bool Workbook::has_room() const noexcept { return book_->has_room(); }
void Workbook::add_row(std::span<Cell const> cells) { book_->add_row(cells); }
void Workbook::finish() { book_->finish(); }

std::string to_xlsx(std::vector<Sheet> const& sheets, UtcTime made)
{
    TemporaryFile const file;
    Workbook book{file.path(), {.made = made}};
    for (auto const& sheet : sheets) {
        book.begin_sheet(sheet.name, sheet.columns);
        for (auto const& row : sheet.rows)
            book.add_row(row);
    }
    book.finish();
    std::ifstream in{file.path(), std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (bytes.empty())
        throw std::runtime_error{"a workbook cannot be read back"};
    return bytes;
}

}  // namespace yihong::sheets
