#include "yihong/base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace yihong {
namespace {

constexpr std::array<std::int64_t, 19> powers_of_ten = [] {
    std::array<std::int64_t, 19> powers{};
    std::int64_t power = 1;
    for (auto& p : powers) {
        p = power;
        power = power <= INT64_MAX / 10 ? power * 10 : power;
    }
    return powers;
}();

constexpr std::int64_t power_of_ten(int exponent) noexcept { return powers_of_ten[static_cast<std::size_t>(exponent)]; }

/// mantissa / 10^digits, rounded half to even. `digits` may exceed 18 (the result is then zero).
std::int64_t divided_half_even(std::int64_t mantissa, int digits) noexcept
{
    if (digits <= 0)
        return mantissa;
    if (digits > 18)
        return 0;
    std::int64_t const divisor = power_of_ten(digits);
    std::int64_t quotient = mantissa / divisor;
    std::int64_t const rest = std::llabs(mantissa % divisor);
    std::int64_t const twice = rest - (divisor - rest);        // rest*2 - divisor, without overflow
    if (twice > 0 || (twice == 0 && quotient % 2 != 0))
        quotient += mantissa < 0 ? -1 : 1;
    return quotient;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text)
{
    auto const not_a_number = [&] { return fail(Errc::bad_syntax, "'" + std::string{text.substr(0, 40)} + "' is not a number"); };
    std::size_t at = 0;
    bool negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
        negative = text[at++] == '-';

    std::int64_t mantissa = 0;
    int kept = 0;              // significant digits taken so far
    int exponent = 0;          // value = mantissa × 10^exponent, before the dropped digits are rounded in
    int dropped_first = -1;    // the first digit that no longer fits
    bool dropped_rest = false; // whether any later one is not zero
    bool any_digit = false;
    bool after_point = false;
    for (; at < text.size(); ++at) {
        char const c = text[at];
        if (c == '.') {
            if (after_point)
                return not_a_number();
            after_point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        any_digit = true;
        if (kept < 15 && dropped_first < 0) {
            mantissa = mantissa * 10 + (c - '0');
            kept += mantissa != 0;
            exponent -= after_point;
        } else {
            if (dropped_first < 0)
                dropped_first = c - '0';
            else
                dropped_rest |= c != '0';
            exponent += !after_point;
        }
    }
    if (!any_digit)
        return not_a_number();
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E')
            return not_a_number();
        ++at;
        if (at + 1 < text.size() && text[at] == '+' && is_digit(text[at + 1]))
            ++at;
        int shift = 0;
        auto const [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), shift);
        if (end != text.data() + text.size() || error == std::errc::invalid_argument || at == text.size())
            return not_a_number();
        if (error == std::errc::result_out_of_range || shift > 400 || shift < -400)
            shift = text[at] == '-' ? -400 : 400;
        exponent += shift;
    }
    if (dropped_first >= 0) {
        bool const up = dropped_first > 5 || (dropped_first == 5 && (dropped_rest || mantissa % 2 != 0));
        mantissa += up;
    }
    if (mantissa == 0)
        return Decimal{0, exponent >= 0 ? 0 : (exponent < -max_scale ? max_scale : -exponent)};
    if (exponent > 0) {
        for (; exponent > 0 && mantissa <= max_mantissa / 10; --exponent)
            mantissa *= 10;
        if (exponent > 0)
            return fail(Errc::bad_value, "'" + std::string{text.substr(0, 40)} + "' is too large");
    }
    int scale = -exponent;
    if (scale > max_scale) {
        mantissa = divided_half_even(mantissa, scale - max_scale);
        scale = max_scale;
    }
    if (mantissa > max_mantissa) {     // rounding carried into a 16th digit: its last digit is zero
        if (scale == 0)
            return fail(Errc::bad_value, "'" + std::string{text.substr(0, 40)} + "' is too large");
        mantissa /= 10;
        --scale;
    }
    return Decimal{negative ? -mantissa : mantissa, scale};
}

Result<Decimal> Decimal::from_double(double value)
{
    if (!std::isfinite(value))
        return fail(Errc::bad_value, "the number is not finite");
    std::array<char, 40> text;
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return parse({text.data(), static_cast<std::size_t>(end - text.data())});
}

double Decimal::to_double() const noexcept
{
    return static_cast<double>(mantissa_) / static_cast<double>(power_of_ten(scale_));   // both exact, so one rounding
}

char* Decimal::write_to(char* at) const noexcept
{
    if (mantissa_ < 0)
        *at++ = '-';
    auto const scale = static_cast<std::ptrdiff_t>(scale_);
    // with room in front for the point, or for the zeros that a small number begins with
    std::array<char, 2 * max_scale + 16> digits;
    char* const begin = digits.data() + max_scale + 1;
    char* const end = std::to_chars(begin, digits.data() + digits.size(), std::llabs(mantissa_)).ptr;
    char* first = begin;
    while (end - first <= scale)
        *--first = '0';
    at = std::copy(first, end - scale, at);
    if (scale == 0)
        return at;
    *at++ = '.';
    return std::copy(end - scale, end, at);
}

void Decimal::append_to(std::string& out) const
{
    std::array<char, most_characters> text;
    out.append(text.data(), write_to(text.data()));
}

std::string Decimal::to_string() const
{
    std::string out;
    append_to(out);
    return out;
}

Decimal Decimal::rounded(int decimals) const noexcept
{
    if (scale_ <= decimals)
        return *this;
    return Decimal{divided_half_even(mantissa_, scale_ - decimals), decimals};
}

Decimal Decimal::rounded_keeping_nonzero(int decimals) const noexcept
{
    Decimal result = rounded(decimals);
    while (result.is_zero() && !is_zero())
        result = rounded(++decimals);
    return result;
}

Result<Decimal> Decimal::scaled_by_power_of_ten(int power) const
{
    std::int64_t mantissa = mantissa_;
    int scale = scale_ - power;
    for (; scale < 0; ++scale) {
        if (std::llabs(mantissa) > max_mantissa / 10)
            return fail(Errc::bad_value, to_string() + " × 10^" + std::to_string(power) + " is too large");
        mantissa *= 10;
    }
    if (scale > max_scale) {
        mantissa = divided_half_even(mantissa, scale - max_scale);
        scale = max_scale;
    }
    return Decimal{mantissa, scale};
}

Decimal Decimal::normalized() const noexcept
{
    Decimal result = *this;
    while (result.scale_ > 0 && result.mantissa_ % 10 == 0) {
        result.mantissa_ /= 10;
        --result.scale_;
    }
    return result;
}

std::strong_ordering Decimal::operator<=>(Decimal const& other) const noexcept
{
    if (scale_ == other.scale_)
        return mantissa_ <=> other.mantissa_;
    // 15 digits and 12 decimals need up to 27 digits
    auto const raised = [](Decimal const& d, int scale) { return static_cast<__int128>(d.mantissa_) * power_of_ten(scale - d.scale_); };
    int const scale = std::max<int>(scale_, other.scale_);
    return raised(*this, scale) <=> raised(other, scale);
}

}  // namespace yihong
