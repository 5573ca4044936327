#pragma once

#include "yihong/base/decimal.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>

/// Exact arithmetic on decimals for means, ratios and indices: 128-bit integers, one rounding at the end.
namespace yihong::exact {

__extension__ using Int = __int128;       // 15 digits raised by 12 decimals and once more by 6 still fit

constexpr std::array<std::int64_t, 19> powers_of_ten = [] {
    std::array<std::int64_t, 19> powers{};
    std::int64_t power = 1;
    for (std::size_t i = 0; i < powers.size(); ++i, power = i < powers.size() ? power * 10 : power)
        powers[i] = power;
    return powers;
}();

/// \pre 0 <= exponent <= 36
constexpr Int power_of_ten(int exponent) noexcept
{
    return exponent <= 18 ? Int{powers_of_ten[static_cast<std::size_t>(exponent)]}
                          : Int{powers_of_ten[18]} * powers_of_ten[static_cast<std::size_t>(exponent - 18)];
}

/// a <=> b, inline and in 64 bits where the scales lie close together, as values and limits do.
inline std::strong_ordering compare(Decimal const& a, Decimal const& b) noexcept
{
    int const difference = b.scale() - a.scale();
    if (difference >= 0 && difference <= 3)          // 15 digits and 3 more
        return a.mantissa() * powers_of_ten[static_cast<std::size_t>(difference)] <=> b.mantissa();
    if (difference < 0 && difference >= -3)
        return a.mantissa() <=> b.mantissa() * powers_of_ten[static_cast<std::size_t>(-difference)];
    return a <=> b;
}

/// The value × 10^scale. \pre scale >= value.scale()
constexpr Int raised(Decimal const& value, int scale) noexcept
{
    int const by = scale - value.scale();
    if (by <= 18)                                    // one multiplication of 64 bits
        return Int{value.mantissa()} * Int{powers_of_ten[static_cast<std::size_t>(by)]};
    return value.mantissa() * power_of_ten(by);
}

/// Whether it may be divided in 64 bits, which is several times faster.
constexpr bool fits_64(Int value) noexcept { return static_cast<std::int64_t>(value) == value; }

/// \pre divisor > 0
constexpr Int divided_half_even(Int dividend, Int divisor) noexcept
{
    auto const halved = []<typename T>(T of, T by) {
        T quotient = of / by;
        T const rest = of % by < 0 ? -(of % by) : of % by;
        T const twice = rest - (by - rest);
        if (twice > 0 || (twice == 0 && quotient % 2 != 0))
            quotient += of < 0 ? -1 : 1;
        return quotient;
    };
    if (fits_64(dividend) && fits_64(divisor))
        return halved(static_cast<std::int64_t>(dividend), static_cast<std::int64_t>(divisor));
    return halved(dividend, divisor);
}

/// Towards plus infinity. \pre divisor > 0
constexpr Int divided_up(Int dividend, Int divisor) noexcept
{
    if (fits_64(dividend) && fits_64(divisor)) {
        auto const a = static_cast<std::int64_t>(dividend);
        auto const b = static_cast<std::int64_t>(divisor);
        return a / b + (a % b > 0 ? 1 : 0);
    }
    return dividend / divisor + (dividend % divisor > 0 ? 1 : 0);
}

/// mantissa × 10^-scale; what does not fit loses decimals, and beyond the range it stays at the largest number.
constexpr Decimal to_decimal(Int mantissa, int scale) noexcept
{
    int const surplus = std::max(0, scale - Decimal::max_scale);
    mantissa = surplus ? divided_half_even(mantissa, power_of_ten(surplus)) : mantissa;
    scale -= surplus;
    while (scale > 0 && (mantissa > Decimal::max_mantissa || mantissa < -Decimal::max_mantissa)) {
        mantissa = divided_half_even(mantissa, 10);
        --scale;
    }
    return Decimal{static_cast<std::int64_t>(std::clamp<Int>(mantissa, -Decimal::max_mantissa, Decimal::max_mantissa)), scale};
}

constexpr Decimal plus(Decimal const& a, Decimal const& b) noexcept
{
    int const scale = std::max(a.scale(), b.scale());
    return to_decimal(raised(a, scale) + raised(b, scale), scale);
}

constexpr Decimal minus(Decimal const& a, Decimal const& b) noexcept { return plus(a, Decimal{-b.mantissa(), b.scale()}); }

/// a / b, rounded half to even once. \pre b > 0, 0 <= decimals <= 9
constexpr Decimal quotient(Decimal const& a, Decimal const& b, int decimals) noexcept
{
    int const scale = std::max(a.scale(), b.scale());
    return to_decimal(divided_half_even(raised(a, scale) * power_of_ten(decimals), raised(b, scale)), decimals);
}

/// a × b. The product of two 15-digit numbers fits before it is cut to 15 digits.
constexpr Decimal product(Decimal const& a, Decimal const& b) noexcept
{
    return to_decimal(static_cast<Int>(a.mantissa()) * b.mantissa(), a.scale() + b.scale());
}

}  // namespace yihong::exact
