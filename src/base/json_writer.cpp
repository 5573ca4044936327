#include "yihong/base/json_writer.hpp"

#include "yihong/base/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

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

/// Whether one of eight bytes is no ASCII that stands for itself, as nearly all of keys and values is: a control character, ", \ or not ASCII.
bool has_special(std::uint64_t bytes) noexcept
{
    constexpr std::uint64_t each = 0x0101010101010101;
    constexpr std::uint64_t high = each * 0x80;
    auto const below = [](std::uint64_t text, std::uint64_t limit) { return (text - each * limit) & ~text & high; };
    return ((bytes & high) | below(bytes, 0x20) | below(bytes ^ each * '"', 1) | below(bytes ^ each * '\\', 1)) != 0;
}

/// Copies text, eight bytes at a time. \param special becomes true where a byte of it does not stand for itself \return behind the copy
char* copy(char* at, std::string_view text, bool& special) noexcept
{
    auto const size = text.size();
    if (size < 4) {
        for (char const c : text)
            special |= has_special(0x2020202020202000U | static_cast<unsigned char>(*at++ = c));
        return at;
    }
    if (size < 8) {
        std::uint32_t front = 0, back = 0;  // they overlap
        std::memcpy(&front, text.data(), sizeof front);
        std::memcpy(&back, text.data() + size - sizeof back, sizeof back);
        special |= has_special(std::uint64_t{front} << 32U | back);
        std::memcpy(at, &front, sizeof front);
        std::memcpy(at + size - sizeof back, &back, sizeof back);
        return at + size;
    }
    auto const take = [&](std::size_t place) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + place, sizeof bytes);
        special |= has_special(bytes);
        std::memcpy(at + place, &bytes, sizeof bytes);
    };
    for (std::size_t place = 0; place + 8 < size; place += 8)
        take(place);
    take(size - 8);
    return at + size;
}

/// Appends what `write(char* at)` writes, which returns the place behind it. \param most bytes that it writes
template <typename Write>
void append(std::string& out, std::size_t most, Write write)
{
    auto const before = out.size();
    out.resize_and_overwrite(before + most, [&](char* text, std::size_t) { return static_cast<std::size_t>(write(text + before) - text); });
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

bool JsonWriter::append_plain(std::string_view text, bool colon)
{
    bool special = false;
    append(out_, text.size() + 4, [&](char* at) {
        char* const begin = at;
        *at = ',';
        at += need_comma_;
        *at++ = '"';
        at = copy(at, text, special);
        *at++ = '"';
        *at = ':';
        at += colon;
        return special ? begin : at;
    });
    if (!special)
        need_comma_ = !colon;
    return !special;
}

JsonWriter& JsonWriter::key(std::string_view name)
{
    if (append_plain(name, true))
        return *this;
    value(name);
    out_ += ':';
    need_comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text)
{
    if (append_plain(text, false))
        return *this;
    separate();
    out_ += '"';
    if (is_valid_utf8(text))
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
    append(out_, 1 + Decimal::most_characters, [&](char* at) {
        *at = ',';
        return number.write_to(at + need_comma_);
    });
    need_comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(UtcTime time)
{
    append(out_, 3 + most_rfc3339_characters, [&](char* at) {
        *at = ',';
        at += need_comma_;
        *at++ = '"';
        at = write_rfc3339(at, time);
        *at++ = '"';
        return at;
    });
    need_comma_ = true;
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
