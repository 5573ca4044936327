#include "yihong/hj212/frame.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace yihong::hj212 {
namespace {

constexpr std::string_view head = "##";
constexpr std::size_t length_digits = 4;
constexpr std::size_t crc_digits = 4;
constexpr std::size_t overhead = 12;   // of a frame, beside its segment

/// Both check sums feed 8 bits through the polynomial A001; what they feed differs.
constexpr std::array<std::uint16_t, 256> low_byte_table = [] {
    std::array<std::uint16_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned reg = byte;
        for (int bit = 0; bit < 8; ++bit)
            reg = reg & 1U ? reg >> 1U ^ 0xA001U : reg >> 1U;
        table[byte] = static_cast<std::uint16_t>(reg);
    }
    return table;
}();

/// Row k: what a byte has done to the high byte of the register k + 1 bytes later.
constexpr std::size_t stride = 16;
constexpr std::array<std::array<std::uint8_t, 256>, stride> high_byte_tables = [] {
    std::array<std::array<std::uint8_t, 256>, stride> tables{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        auto high = static_cast<std::uint8_t>(byte);
        for (auto& table : tables)
            table[byte] = high = static_cast<std::uint8_t>(low_byte_table[high] >> 8U);
    }
    return tables;
}();

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Length {
    std::size_t value = 0;
    std::size_t end = 0;               ///< where the segment begins
};

enum class Look { found, nothing, more };

constexpr std::string_view cp_begin = "CP=&&";
constexpr std::string_view cp_end = "&&";

/// `…CP=&&…&&`
bool is_segment(std::string_view text) noexcept
{
    auto const cp = text.ends_with(cp_end) ? text.find(cp_begin) : std::string_view::npos;
    return cp != std::string_view::npos && cp + cp_begin.size() + cp_end.size() <= text.size();
}

/// The length behind `##`: four digits, or fewer (also with blanks before them) and then the first letter of the segment.
Look read_length(std::string_view text, Length& length) noexcept
{
    std::size_t at = head.size();
    std::size_t digits = 0;
    for (; at < head.size() + length_digits && at < text.size(); ++at) {
        if (is_digit(text[at])) {
            length.value = length.value * 10 + static_cast<std::size_t>(text[at] - '0');
            ++digits;
        } else if (text[at] != ' ' || digits != 0) {
            break;
        }
    }
    if (at == text.size())
        return Look::more;
    length.end = at;
    if (digits == length_digits)
        return Look::found;
    return digits > 0 && is_letter(text[at]) ? Look::found : Look::nothing;
}

/// What stands behind a segment.
struct Tail {
    Look look = Look::nothing;
    std::uint16_t crc = 0;
    std::size_t crc_end = 0;
    std::size_t end = 0;               ///< behind the line end, where there is one
};

/// The CRC, as `%04X` or `%X` writes it, and the line end. \param length of the segment; without a line end it has to look like one
Tail read_tail(std::string_view text, Length const& length) noexcept
{
    Tail tail;
    auto const begin = length.end + length.value;
    auto at = begin;
    unsigned crc = 0;
    for (; at < text.size() && at < begin + crc_digits; ++at) {
        int const digit = hex_digit(text[at]);
        if (digit < 0)
            break;
        crc = crc << 4U | static_cast<unsigned>(digit);
    }
    tail.crc = static_cast<std::uint16_t>(crc);
    tail.crc_end = at;
    while (at < text.size() && at < tail.crc_end + 2 && text[at] == '\r')
        ++at;
    if (at >= text.size()) {
        tail.look = Look::more;
        return tail;
    }
    if (tail.crc_end == begin)
        return tail;
    if (text[at] == '\n') {
        tail.look = Look::found;
        tail.end = at + 1;
    } else if (is_segment(text.substr(length.end, length.value))) {
        tail.look = Look::found;
        tail.end = tail.crc_end;
    }
    return tail;
}

}  // namespace

std::uint16_t crc_of(std::string_view segment, CrcForm form) noexcept
{
    std::uint16_t reg = 0xFFFF;
    if (form == CrcForm::hj212) {
        // The register is cut to its high byte before each byte comes in (附录A); that is what sets it apart from Modbus. A step is
        // linear over XOR, so what each of 16 bytes does to the high byte is looked up at once instead of one after the other.
        while (segment.size() > stride) {
            auto high = high_byte_tables[stride - 1][static_cast<std::uint8_t>((reg >> 8U) ^ static_cast<std::uint8_t>(segment[0]))];
            for (std::size_t i = 1; i < stride; ++i)
                high ^= high_byte_tables[stride - 1 - i][static_cast<std::uint8_t>(segment[i])];
            reg = static_cast<std::uint16_t>(high << 8U);
            segment.remove_prefix(stride);
        }
        for (char const c : segment)
            reg = low_byte_table[static_cast<std::uint8_t>((reg >> 8U) ^ static_cast<std::uint8_t>(c))];
        return reg;
    }
    for (char const c : segment)
        reg = static_cast<std::uint16_t>(reg >> 8U ^ low_byte_table[static_cast<std::uint8_t>(reg ^ static_cast<std::uint8_t>(c))]);
    return form == CrcForm::modbus ? reg : static_cast<std::uint16_t>(reg << 8U | reg >> 8U);
}

void FrameDecoder::settle()
{
    auto const left = bytes_.substr(at_);
    // Swapped with a new string where memory must go: assignment and erase keep it.
    if (left.empty() || rest_.capacity() > 2 * (limit_ + overhead))
        std::string{left}.swap(rest_);
    else if (bytes_.data() == rest_.data())
        rest_.erase(0, at_);
    else
        rest_.assign(left);
    bytes_ = rest_;
    settled_ += at_;
    told_ -= std::min(told_, at_);
    at_ = 0;
    skipped_text_ = {};
    last_ = none;
}

void FrameDecoder::feed(std::string_view bytes)
{
    settle();
    if (rest_.empty()) {
        bytes_ = bytes;
    } else {
        rest_.append(bytes);
        bytes_ = rest_;
    }
}

void FrameDecoder::skip_to(std::size_t position) noexcept
{
    skipped_ += position - at_;
    at_ = position;
}

void FrameDecoder::tell_skipped(std::size_t end, std::size_t shown) noexcept
{
    skipped_text_ = end > told_ ? bytes_.substr(told_, end - told_) : std::string_view{};
    told_ = std::max(told_, shown);
}

void FrameDecoder::reject() noexcept
{
    if (last_ == none)
        return;
    at_ = std::exchange(last_, none);
    skip_to(at_ + 1);
}

void FrameDecoder::give_up() noexcept
{
    if (has_begun())
        skip_to(at_ + 1);
}

std::optional<Frame> FrameDecoder::next()
{
    last_ = none;
    auto const wait = [this] {
        tell_skipped(at_, at_);
        return std::nullopt;
    };
    for (;;) {
        auto const begin = bytes_.find(head, at_);
        if (begin == std::string_view::npos) {
            // a single # at the end may be the first half of a head
            skip_to(bytes_.size() - (bytes_.size() > at_ && bytes_.back() == '#' ? 1 : 0));
            return wait();
        }
        skip_to(begin);
        auto const text = bytes_.substr(begin);
        Length length;
        auto const look = read_length(text, length);
        if (look == Look::more)
            return wait();
        if (look == Look::nothing || length.value == 0 || length.value > limit_) {
            skip_to(begin + 1);  // not 2: in ### the frame may begin at the second
            continue;
        }
        auto const tail = read_tail(text, length);
        if (tail.look == Look::more)
            return wait();
        if (tail.look == Look::nothing) {
            skip_to(begin + 1);
            continue;
        }
        last_ = begin;
        at_ = begin + tail.end;
        tell_skipped(begin, at_);
        return Frame{text.substr(0, tail.end), text.substr(length.end, length.value), tail.crc};
    }
}

std::optional<Frame> FrameDecoder::without_end()
{
    auto const text = bytes_.substr(at_);
    Length length;
    if (!text.starts_with(head) || read_length(text, length) != Look::found || length.value == 0 || length.value > limit_ ||
        text.size() <= length.end + length.value)
        return std::nullopt;
    auto const tail = read_tail(text, length);
    auto const segment = text.substr(length.end, length.value);
    if (tail.look != Look::more || tail.crc_end == length.end + length.value || !is_segment(segment))
        return std::nullopt;
    last_ = at_;
    at_ += tail.crc_end;
    told_ = std::max(told_, at_);
    return Frame{text.substr(0, tail.crc_end), segment, tail.crc};
}

void FrameDecoder::put_back() noexcept
{
    if (last_ != none)
        at_ = told_ = std::exchange(last_, none);
}

std::string why_no_frame(std::string_view text)
{
    auto const begin = std::min(text.find(head), text.size());
    text.remove_prefix(begin);
    if (text.empty())
        return "no ## before it";
    Length length;
    if (read_length(text, length) != Look::found || length.value == 0)
        return "no length of four digits behind ##";
    auto const cp = text.find(cp_begin, length.end);
    auto const close = cp == std::string_view::npos ? cp : text.find(cp_end, cp + cp_begin.size());
    if (close == std::string_view::npos)
        return fmt::format("the length says {}, and no CP=&&…&& is whole", length.value);
    auto const segment = text.substr(length.end, close + cp_end.size() - length.end);
    if (segment.size() != length.value) {
        auto const is_continued = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
        auto const in_utf8 = segment.size() - static_cast<std::size_t>(std::ranges::count_if(segment, is_continued));
        std::size_t in_gbk = 0;
        for (std::size_t at = 0; at < segment.size(); at += static_cast<unsigned char>(segment[at]) >= 0x81 ? 2 : 1)
            ++in_gbk;
        return fmt::format("the length says {}, the segment has {} bytes{}", length.value, segment.size(),
                           length.value == in_utf8 || length.value == in_gbk ? ": it counts characters" : "");
    }
    return "no check sum of up to four hexadecimal digits behind &&";
}

std::string to_frame(std::string_view segment, std::uint16_t crc)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(segment.size() + overhead);
    out = "##0000";
    auto rest = segment.size();
    for (std::size_t at = 5; at > 1 && rest > 0; --at, rest /= 10)
        out[at] = static_cast<char>('0' + rest % 10);
    out += segment;
    for (int shift = 12; shift >= 0; shift -= 4)
        out += hex[crc >> static_cast<unsigned>(shift) & 0xFU];
    out += "\r\n";
    return out;
}

std::string to_frame(std::string_view segment, CrcForm form) { return to_frame(segment, crc_of(segment, form)); }

}  // namespace yihong::hj212
