#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <optional>
#include <string_view>

namespace yihong {

/// The everyday form of a number, `-12.340`: up to 15 digits, up to 12 of them decimals. Keeps trailing zeros.
/// \return false for anything else; Decimal::parse then decides
inline bool read_plain_decimal(std::string_view text, Decimal& value) noexcept
{
    char const* p = text.data();
    char const* const end = p + text.size();
    bool const negative = p != end && *p == '-';
    p += negative;
    if (text.size() > 17 || p == end)
        return false;
    std::int64_t mantissa = 0;
    char const* const first = p;
    for (; p != end && static_cast<unsigned char>(*p - '0') < 10; ++p)
        mantissa = mantissa * 10 + (*p - '0');
    auto digits = p - first;
    std::ptrdiff_t scale = 0;
    if (p != end && *p == '.') {
        char const* const point = p++;
        for (; p != end && static_cast<unsigned char>(*p - '0') < 10; ++p)
            mantissa = mantissa * 10 + (*p - '0');
        scale = p - point - 1;
        digits += scale;
    }
    if (p != end || p[-1] == '.' || first[0] == '.' || digits > 15 || scale > Decimal::max_scale)
        return false;
    value = Decimal{negative ? -mantissa : mantissa, static_cast<int>(scale)};
    return true;
}

/// The everyday form of a time, `2025-11-06T20:00:00+08:00` or with `Z`.
/// \return false for anything else; parse_rfc3339 then decides
bool read_plain_time(std::string_view text, UtcTime& time) noexcept;

/// A time as spreadsheets and people write it, in Beijing time: `2025/11/6 20:00`, `2025-11-06 20:00:00`, `2025年11月6日20时`, `2025.11.6`
/// (midnight), `下午` and `PM`, 24:00 as the end of the day, 14 or 12 digits in a row, or the serial number of a cell (`45967.8333`, days since
/// 1899-12-30; a workbook that counts from 1904 says nothing of that, so its numbers come out four years early). Seconds of a serial number with
/// fewer than six decimals are those of the nearest minute. With `+08:00` or `Z` behind it, at that offset.
/// \return nothing for anything else, also for the form of RFC 3339 with its T, which carries an offset
std::optional<UtcTime> read_sheet_time(std::string_view text);

}  // namespace yihong
