#include "yihong/cql2/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace yihong::cql2 {
namespace {

__extension__ using Wide = __int128;

constexpr int most_digits = 18;                            // of a mantissa, and behind the point

constexpr std::array<std::int64_t, most_digits + 1> powers_of_ten = [] {
    std::array<std::int64_t, most_digits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i)
        powers[i] = powers[i - 1] * 10;
    return powers;
}();

Wide raised(std::int64_t mantissa, int by) noexcept { return static_cast<Wide>(mantissa) * powers_of_ten[static_cast<std::size_t>(by)]; }

/// Zeros at the end are dropped until it fits.
struct Fitted {
    std::int64_t mantissa;
    int scale;
};
std::optional<Fitted> fitted(Wide mantissa, int scale) noexcept
{
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        --scale;
    }
    if (scale > most_digits || mantissa > INT64_MAX || mantissa < -INT64_MAX)
        return std::nullopt;
    return Fitted{static_cast<std::int64_t>(mantissa), scale};
}

}  // namespace

Result<Number> Number::parse(std::string_view text)
{
    std::string_view rest = text;
    bool const is_negative = rest.starts_with('-');
    if (is_negative || rest.starts_with('+'))
        rest.remove_prefix(1);
    double real = 0;
    auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), real);
    bool const is_number = !rest.empty() && (rest.front() == '.' || (rest.front() >= '0' && rest.front() <= '9'));
    if (!is_number || end != rest.data() + rest.size())
        return fail(Errc::bad_syntax, "'" + std::string{text.substr(0, 40)} + "' is not a number");
    Number number{is_negative ? -real : real};
    if (error == std::errc{}) {
        std::int64_t mantissa = 0;
        int digits = 0;
        int scale = 0;
        bool is_behind_point = false;
        std::size_t at = 0;
        for (; at < rest.size() && rest[at] != 'e' && rest[at] != 'E' && digits <= most_digits && scale <= most_digits; ++at) {
            if (rest[at] == '.') {
                is_behind_point = true;
                continue;
            }
            if (digits < most_digits)
                mantissa = mantissa * 10 + (rest[at] - '0');
            digits += mantissa != 0 || digits == most_digits;
            scale += is_behind_point;
        }
        int exponent = 0;
        if (at < rest.size() && (rest[at] == 'e' || rest[at] == 'E')) {
            auto const first = rest.data() + at + (rest.substr(at + 1).starts_with('+') ? 2 : 1);
            std::from_chars(first, rest.data() + rest.size(), exponent);
            at = rest.size();
        }
        scale = std::abs(exponent) > 100 ? 1000 : scale - exponent;
        if (scale < 0 && digits - scale <= most_digits) {
            mantissa = static_cast<std::int64_t>(raised(mantissa, -scale));
            scale = 0;
        }
        if (at == rest.size() && digits <= most_digits && scale >= 0 && scale <= most_digits) {
            return Number{is_negative ? -mantissa : mantissa}.with_scale(scale);
        }
    }
    if (error == std::errc::result_out_of_range) {         // too small for a double is zero
        bool const is_small = rest.contains("e-") || rest.contains("E-") || rest.starts_with("0.") || rest.starts_with('.');
        if (!is_small)
            return fail(Errc::bad_value, "'" + std::string{text.substr(0, 40)} + "' is too large");
        return Number{0.0};
    }
    return number;
}

double Number::to_double() const noexcept
{
    if (!is_exact_)
        return real_;
    return static_cast<double>(static_cast<long double>(mantissa_) / powers_of_ten[static_cast<std::size_t>(scale_)]);
}

std::string Number::to_string() const
{
    std::array<char, 40> text;
    if (!is_exact_)
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), real_).ptr};
    auto const magnitude = mantissa_ < 0 ? 0 - static_cast<std::uint64_t>(mantissa_) : static_cast<std::uint64_t>(mantissa_);
    std::string digits{text.data(), std::to_chars(text.data(), text.data() + text.size(), magnitude).ptr};
    if (auto const scale = static_cast<std::size_t>(scale_); scale > 0) {
        if (digits.size() <= scale)
            digits.insert(0, scale + 1 - digits.size(), '0');
        digits.insert(digits.size() - scale, 1, '.');
    }
    return (mantissa_ < 0 ? "-" : "") + digits;
}

std::partial_ordering Number::operator<=>(Number const& other) const noexcept
{
    if (is_exact_ && other.is_exact_) {
        if (scale_ == other.scale_)
            return mantissa_ <=> other.mantissa_;
        int const scale = std::max(scale_, other.scale_);
        return raised(mantissa_, scale - scale_) <=> raised(other.mantissa_, scale - other.scale_);
    }
    if (is_exact_ && scale_ == 0)                          // 64 bits of a long double hold every whole number
        return static_cast<long double>(mantissa_) <=> static_cast<long double>(other.real_);
    if (other.is_exact_ && other.scale_ == 0)
        return static_cast<long double>(real_) <=> static_cast<long double>(other.mantissa_);
    return to_double() <=> other.to_double();
}

std::optional<Number> Arithmetic::real(double value) { return std::isfinite(value) ? std::optional{Number{value}} : std::nullopt; }

std::optional<Number> Arithmetic::sum(Number const& a, Number const& b, int sign)
{
    if (a.is_exact_ && b.is_exact_) {
        int const scale = std::max(a.scale_, b.scale_);
        if (auto const exact = fitted(raised(a.mantissa_, scale - a.scale_) + sign * raised(b.mantissa_, scale - b.scale_), scale))
            return Number{exact->mantissa}.with_scale(exact->scale);
    }
    return real(a.to_double() + sign * b.to_double());
}

std::optional<Number> Arithmetic::add(Number const& a, Number const& b) { return sum(a, b, 1); }
std::optional<Number> Arithmetic::subtract(Number const& a, Number const& b) { return sum(a, b, -1); }

std::optional<Number> Arithmetic::multiply(Number const& a, Number const& b)
{
    if (a.is_exact_ && b.is_exact_)
        if (auto const exact = fitted(static_cast<Wide>(a.mantissa_) * b.mantissa_, a.scale_ + b.scale_))
            return Number{exact->mantissa}.with_scale(exact->scale);
    return real(a.to_double() * b.to_double());
}

std::optional<Number> Arithmetic::divide(Number const& a, Number const& b)
{
    if (b == Number{})
        return std::nullopt;
    if (a.is_exact_ && b.is_exact_) {                      // exact where the quotient has few digits
        Wide const above = raised(a.mantissa_, most_digits);
        if (above % b.mantissa_ == 0)
            if (auto const exact = fitted(above / b.mantissa_, a.scale_ + most_digits - b.scale_))
                return Number{exact->mantissa}.with_scale(exact->scale);
    }
    return real(a.to_double() / b.to_double());
}

std::optional<Number> Arithmetic::divide_whole(Number const& a, Number const& b)
{
    if (b == Number{})
        return std::nullopt;
    if (a.is_exact_ && b.is_exact_) {
        int const scale = std::max(a.scale_, b.scale_);
        if (auto const exact = fitted(raised(a.mantissa_, scale - a.scale_) / raised(b.mantissa_, scale - b.scale_), 0))
            return Number{exact->mantissa};
    }
    return real(std::trunc(a.to_double() / b.to_double()));
}

std::optional<Number> Arithmetic::remainder(Number const& a, Number const& b)
{
    if (b == Number{})
        return std::nullopt;
    if (a.is_exact_ && b.is_exact_) {
        int const scale = std::max(a.scale_, b.scale_);
        if (auto const exact = fitted(raised(a.mantissa_, scale - a.scale_) % raised(b.mantissa_, scale - b.scale_), scale))
            return Number{exact->mantissa}.with_scale(exact->scale);
    }
    return real(std::fmod(a.to_double(), b.to_double()));
}

std::optional<Number> Arithmetic::power(Number const& a, Number const& b)
{
    constexpr std::int64_t most_steps = 64;
    if (a.is_exact_ && b.is_exact_ && b.scale_ == 0 && b.mantissa_ >= 0 && b.mantissa_ <= most_steps) {
        std::optional<Number> result{std::int64_t{1}};
        for (std::int64_t i = 0; i < b.mantissa_ && result; ++i)
            result = multiply(*result, a);
        return result;
    }
    return real(std::pow(a.to_double(), b.to_double()));
}

}  // namespace yihong::cql2
