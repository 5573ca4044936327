#pragma once

#include "yihong/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace yihong {

/// Walks JSON text (RFC 8259, strictly, also where a value is skipped) from front to back. What it adds to a library: the digits of a
/// number as they were written, the bytes of any piece, repeated keys, and the exact place of a mistake.
/// A syntax mistake stays: every later call returns false and `failure()` tells line and column. The text must be valid UTF-8.
///
///     for (bool first = true; json.next_member(first, key);)
///         json.skip_value();
class JsonCursor {
public:
    static constexpr int max_depth = 32;

    explicit JsonCursor(std::string_view text) noexcept;

    /// The first character of the next value, `\0` at the end.
    char peek() noexcept;
    /// \pre peek() == '{' or '['
    bool open() noexcept;
    /// Steps to the next member; \return false at the end of the object, or on a mistake
    bool next_member(bool& first, std::string_view& key);
    /// Steps to the next element; \return false at the end of the array, or on a mistake
    bool next_element(bool& first);
    /// Text with escapes resolved; valid until the next call of string().
    bool string(std::string_view& text);
    /// A number as it was written.
    bool number(std::string_view& text) noexcept;
    bool literal(std::string_view word) noexcept;
    bool skip_value(int depth = 0);
    /// Nothing but blanks may follow.
    bool at_end() noexcept;

    [[nodiscard]] bool failed() const noexcept { return mistake_ != nullptr; }
    /// bad_syntax with the place of the mistake.
    [[nodiscard]] Failure failure(std::size_t first_line = 1) const;
    /// `line 3, column 17` of the next byte.
    [[nodiscard]] std::string place(std::size_t first_line = 1) const;
    /// Offset of the next byte.
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(p_ - begin_); }

private:
    bool wrong(char const* what) noexcept;
    void skip_blanks() noexcept;
    bool read_string(std::string_view& text, std::string& scratch);
    bool read_escape(std::string& scratch);
    bool read_hex4(unsigned& unit) noexcept;

    char const* begin_;
    char const* p_;
    char const* end_;
    char const* mistake_ = nullptr;
    std::string key_scratch_;
    std::string text_scratch_;
};

}  // namespace yihong
