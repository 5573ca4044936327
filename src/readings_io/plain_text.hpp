#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

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

/// `*`, `--`, `—` or nothing, blanks aside: no value was written.
bool is_no_value(std::string_view text) noexcept;

}  // namespace yihong
