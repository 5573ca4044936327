#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Walks the rows of RFC 4180 text (also with bare LF, or CR CR LF as programs leave it that translate line ends twice). A BOM at the front and blank lines are passed over. Views stay valid until
/// the next row. GB18030 text may be walked too: its second bytes are never a comma, quote or line end.
class CsvRows {
public:
    explicit CsvRows(std::string_view text, std::size_t first_line = 1);

    /// Steps to the next row. \return false at the end
    bool next();

    [[nodiscard]] std::span<std::string_view const> fields() const noexcept { return fields_; }
    /// The row's own bytes without its line end.
    [[nodiscard]] std::string_view raw() const noexcept { return raw_; }
    /// The line on which the row begins.
    [[nodiscard]] std::size_t line() const noexcept { return row_line_; }
    /// Where the row begins and where the next one may begin.
    [[nodiscard]] std::size_t begin() const noexcept { return begin_; }
    [[nodiscard]] std::size_t end() const noexcept { return at_; }
    /// The line at `end()`.
    [[nodiscard]] std::size_t next_line() const noexcept { return line_; }
    /// Whether a line end closed the row; the text's last row may lack one.
    [[nodiscard]] bool closed() const noexcept { return closed_; }
    /// A quoted field was still open at the end of the text.
    [[nodiscard]] bool open_quote() const noexcept { return open_quote_; }
    /// Field number (from 1) of a quote where none may be, 0: none.
    [[nodiscard]] std::size_t stray_quote() const noexcept { return stray_quote_; }

private:
    char const* quoted_field(char const* p);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_;
    std::vector<std::string_view> fields_;
    std::deque<std::string> unescaped_;
    std::string_view raw_;
    std::size_t begin_ = 0;
    std::size_t row_line_ = 0;
    std::size_t stray_quote_ = 0;
    bool closed_ = false;
    bool open_quote_ = false;
};

}  // namespace yihong
