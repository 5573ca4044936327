#include "yihong/base/json_cursor.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

constexpr auto ends_plain_string = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c)
        table[c] = true;
    table['"'] = table['\\'] = true;
    return table;
}();

void append_utf8(std::string& out, unsigned code)
{
    auto const tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | code >> 6U);
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | code >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | code >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

JsonCursor::JsonCursor(std::string_view text) noexcept : begin_{text.data()}, p_{begin_}, end_{begin_ + text.size()} {}

bool JsonCursor::wrong(char const* what) noexcept
{
    if (mistake_ == nullptr) {
        mistake_ = what;
        end_ = p_;                        // nothing more is read
    }
    return false;
}

std::string JsonCursor::place(std::size_t first_line) const
{
    auto const lines = static_cast<std::size_t>(std::count(begin_, p_, '\n'));
    char const* line_start = p_;
    while (line_start > begin_ && line_start[-1] != '\n')
        --line_start;
    return "line " + std::to_string(first_line + lines) + ", column " + std::to_string(p_ - line_start + 1);
}

Failure JsonCursor::failure(std::size_t first_line) const
{
    return {Errc::bad_syntax, place(first_line) + ": " + (mistake_ != nullptr ? mistake_ : "no mistake")};
}

void JsonCursor::skip_blanks() noexcept
{
    while (p_ < end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\t' || *p_ == '\r'))
        ++p_;
}

char JsonCursor::peek() noexcept
{
    skip_blanks();
    return p_ < end_ ? *p_ : '\0';
}

bool JsonCursor::open() noexcept
{
    if (failed())
        return false;
    ++p_;
    return true;
}

bool JsonCursor::next_member(bool& first, std::string_view& key)
{
    char c = peek();
    if (c == '}') {
        ++p_;
        return false;
    }
    if (!first) {
        if (c != ',')
            return wrong("a comma or } is missing");
        ++p_;
        c = peek();
    }
    first = false;
    if (c != '"')
        return wrong("a member's name in quotes is missing");
    if (!read_string(key, key_scratch_))
        return false;
    if (peek() != ':')
        return wrong("a colon is missing");
    ++p_;
    return true;
}

bool JsonCursor::next_element(bool& first)
{
    char const c = peek();
    if (c == ']') {
        ++p_;
        return false;
    }
    if (!first) {
        if (c != ',')
            return wrong("a comma or ] is missing");
        ++p_;
        if (peek() == ']')
            return wrong("a value is missing behind the comma");
    }
    first = false;
    return p_ < end_ || wrong("the array is not closed");
}

bool JsonCursor::string(std::string_view& text)
{
    if (peek() != '"')
        return wrong("a text in quotes is missing");
    return read_string(text, text_scratch_);
}

bool JsonCursor::read_string(std::string_view& text, std::string& scratch)
{
    char const* start = ++p_;
    bool escaped = false;
    for (;;) {
        while (p_ < end_ && !ends_plain_string[static_cast<unsigned char>(*p_)])
            ++p_;
        if (p_ == end_)
            return wrong("a text is not closed");
        if (*p_ == '"')
            break;
        if (*p_ != '\\')
            return wrong("a control character stands inside a text");
        if (!escaped)
            scratch.clear();
        escaped = true;
        scratch.append(start, p_);
        if (!read_escape(scratch))
            return false;
        start = p_;
    }
    if (escaped)
        scratch.append(start, p_);
    text = escaped ? std::string_view{scratch} : std::string_view{start, static_cast<std::size_t>(p_ - start)};
    ++p_;
    return true;
}

bool JsonCursor::read_hex4(unsigned& unit) noexcept
{
    unit = 0;
    for (int i = 0; i < 4; ++i, ++p_) {
        if (p_ == end_)
            return wrong("a text is not closed");
        char const c = *p_;
        auto const lower = static_cast<char>(c | 0x20);
        if (!is_digit(c) && (lower < 'a' || lower > 'f'))
            return wrong("\\u needs four hexadecimal digits");
        unit = unit << 4U | static_cast<unsigned>(is_digit(c) ? c - '0' : lower - 'a' + 10);
    }
    return true;
}

bool JsonCursor::read_escape(std::string& scratch)
{
    ++p_;                                                             // the backslash
    if (p_ == end_)
        return wrong("a text is not closed");
    constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (auto const at = names.find(*p_); at != std::string_view::npos) {
        scratch += meanings[at];
        ++p_;
        return true;
    }
    if (*p_ != 'u')
        return wrong("an unknown escape");
    ++p_;
    unsigned unit = 0, low = 0;
    if (!read_hex4(unit))
        return false;
    if (unit >= 0xDC00 && unit < 0xE000)
        return wrong("a lone surrogate");
    if (unit >= 0xD800 && unit < 0xDC00) {
        if (end_ - p_ < 2 || p_[0] != '\\' || p_[1] != 'u')
            return wrong("a lone surrogate");
        p_ += 2;
        if (!read_hex4(low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return wrong("a lone surrogate");
        unit = 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
    }
    append_utf8(scratch, unit);
    return true;
}

bool JsonCursor::number(std::string_view& text) noexcept
{
    skip_blanks();
    char const* const start = p_;
    char const* p = p_;
    auto const digits = [&] {
        char const* const before = p;
        while (p < end_ && is_digit(*p))
            ++p;
        return p - before;
    };
    p += p < end_ && *p == '-';
    char const* const first = p;
    auto const whole = digits();
    bool good = whole == 1 || (whole > 1 && *first != '0');
    if (good && p < end_ && *p == '.') {
        ++p;
        good = digits() > 0;
    }
    if (good && p < end_ && (*p == 'e' || *p == 'E')) {
        ++p;
        p += p < end_ && (*p == '-' || *p == '+');
        good = digits() > 0;
    }
    if (!good)
        return wrong("not a number");
    p_ = p;
    text = {start, static_cast<std::size_t>(p - start)};
    return true;
}

bool JsonCursor::literal(std::string_view word) noexcept
{
    skip_blanks();
    if (!std::string_view{p_, static_cast<std::size_t>(end_ - p_)}.starts_with(word))
        return wrong("not a value");
    p_ += word.size();
    return true;
}

bool JsonCursor::skip_value(int depth)
{
    std::string_view text;
    bool first = true;
    switch (peek()) {
    case '"': return string(text);
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    case '\0': return wrong("a value is missing");
    case '{':
        if (depth >= max_depth)
            return wrong("nested too deep");
        for (open(); next_member(first, text);) {
            if (!skip_value(depth + 1))
                return false;
        }
        return !failed();
    case '[':
        if (depth >= max_depth)
            return wrong("nested too deep");
        for (open(); next_element(first);) {
            if (!skip_value(depth + 1))
                return false;
        }
        return !failed();
    default: return number(text);
    }
}

bool JsonCursor::at_end() noexcept
{
    skip_blanks();
    return !failed() && (p_ == end_ || wrong("something follows the end"));
}

}  // namespace yihong
