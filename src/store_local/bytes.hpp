#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace yihong::store_local {

inline std::uint64_t zigzag(std::int64_t v) noexcept { return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63); }
inline std::int64_t unzigzag(std::uint64_t v) noexcept { return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1); }

/// Differences wrap instead of overflowing: damaged bytes must not become undefined behaviour.
inline std::int64_t wrapping_add(std::int64_t a, std::int64_t b) noexcept
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
inline std::int64_t wrapping_sub(std::int64_t a, std::int64_t b) noexcept
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

inline constexpr std::size_t max_varint_bytes = 10;

/// Writes at most ten bytes (LEB128). \return the place behind them
inline char* put_varint(char* at, std::uint64_t v) noexcept
{
    while (v >= 0x80) {
        *at++ = static_cast<char>(v | 0x80);
        v >>= 7;
    }
    *at++ = static_cast<char>(v);
    return at;
}
inline void append_varint(std::string& out, std::uint64_t v)
{
    char buffer[max_varint_bytes];
    out.append(buffer, put_varint(buffer, v));
}
inline void append_text(std::string& out, std::string_view text)
{
    append_varint(out, text.size());
    out += text;
}
/// Most significant byte first, so that keys sort as numbers.
template <typename Unsigned>
void append_big_endian(std::string& out, Unsigned v)
{
    for (int shift = static_cast<int>(sizeof v) * 8 - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint8_t>(v >> shift));
}
template <typename Unsigned>
Unsigned big_endian(std::string_view bytes) noexcept
{
    Unsigned v = 0;
    for (std::size_t i = 0; i < sizeof v; ++i)
        v = static_cast<Unsigned>((v << 8) | static_cast<std::uint8_t>(bytes[i]));
    return v;
}

/// Reads what the functions above wrote. After the first piece that is not there `ok` is false and everything reads as zero.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) noexcept : at_{bytes.data()}, end_{bytes.data() + bytes.size()} {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
    [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    std::uint64_t varint() noexcept
    {
        if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80)
            return static_cast<std::uint8_t>(*at_++);
        return long_varint();
    }
    std::int64_t signed_varint() noexcept { return unzigzag(varint()); }
    std::uint8_t byte() noexcept
    {
        if (at_ == end_)
            return fail(), std::uint8_t{0};
        return static_cast<std::uint8_t>(*at_++);
    }
    std::string_view bytes(std::uint64_t count) noexcept
    {
        if (count > left())
            return fail(), std::string_view{};
        std::string_view const piece{at_, static_cast<std::size_t>(count)};
        at_ += count;
        return piece;
    }
    std::string_view text() noexcept { return bytes(varint()); }
    void fail() noexcept
    {
        ok_ = false;
        at_ = end_;
    }

private:
    std::uint64_t long_varint() noexcept
    {
        std::uint64_t v = 0;
        for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
            auto const b = static_cast<std::uint8_t>(*at_++);
            v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
            if (b < 0x80)
                return v;
        }
        fail();
        return 0;
    }

    char const* at_;
    char const* end_;
    bool ok_ = true;
};

}  // namespace yihong::store_local
