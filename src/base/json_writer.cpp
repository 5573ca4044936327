#include "yihong/base/json_writer.hpp"

#include "yihong/base/text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace yihong {
namespace {

void append_escaped(std::string& out, std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    std::size_t clean = 0;             // start of the run that needs no escaping
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        out += text.substr(clean, i - clean);
        clean = i + 1;
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += hex[c >> 4U];
            out += hex[c & 15U];
        }
    }
    out += text.substr(clean);
}

/// Only ASCII that stands for itself, as nearly all keys and values are. Written so that the compiler makes vectors of it.
bool is_plain(std::string_view text) noexcept
{
    bool special = false;
    for (char const c : text)
        special |= static_cast<signed char>(c) < 0x20 || c == '"' || c == '\\';
    return !special;
}

}  // namespace

void JsonWriter::separate()
{
    if (need_comma_)
        out_ += ',';
    need_comma_ = true;
}

JsonWriter& JsonWriter::begin_object()
{
    separate();
    out_ += '{';
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_object()
{
    out_ += '}';
    need_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::begin_array()
{
    separate();
    out_ += '[';
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_array()
{
    out_ += ']';
    need_comma_ = true;
    return *this;
}

namespace {

/// `,"text":` in one append, for what is short and needs no escaping.
bool append_short(std::string& out, std::string_view text, bool comma, bool colon)
{
    std::array<char, 64> piece;
    if (text.size() > piece.size() - 4)
        return false;
    char* at = piece.data();
    *at = ',';
    at += comma;
    *at++ = '"';
    bool special = false;
    for (char const c : text) {
        special |= static_cast<signed char>(c) < 0x20 || c == '"' || c == '\\';
        *at++ = c;
    }
    if (special)
        return false;
    *at++ = '"';
    *at = ':';
    at += colon;
    out.append(piece.data(), at);
    return true;
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name)
{
    if (append_short(out_, name, need_comma_, true)) {
        need_comma_ = false;
        return *this;
    }
    value(name);
    out_ += ':';
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text)
{
    if (append_short(out_, text, need_comma_, false)) {
        need_comma_ = true;
        return *this;
    }
    separate();
    out_ += '"';
    if (is_plain(text))
        out_ += text;
    else if (is_valid_utf8(text))
        append_escaped(out_, text);
    else
        append_escaped(out_, to_valid_utf8(text));
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(double number)
{
    if (!std::isfinite(number))
        return null();
    separate();
    std::array<char, 32> text;
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    out_.append(text.data(), end);
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number)
{
    separate();
    std::array<char, 24> text;
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    out_.append(text.data(), end);
    return *this;
}

JsonWriter& JsonWriter::value(bool flag)
{
    separate();
    out_ += flag ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::value(Decimal const& number)
{
    separate();
    number.append_to(out_);
    return *this;
}

JsonWriter& JsonWriter::value(UtcTime time)
{
    separate();
    out_ += '"';
    append_rfc3339(out_, time);
    out_ += '"';
    return *this;
}

JsonWriter& JsonWriter::null()
{
    separate();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json)
{
    separate();
    out_ += json;
    return *this;
}

}  // namespace yihong
