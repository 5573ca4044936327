#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/result.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::cql2 {

/// A number in a filter: exact (a decimal of at most 18 digits) as long as it can be, so that 0.1 + 0.2 equals 0.3 and a limit is compared as it is
/// written; a double otherwise.
class Number {
public:
    Number() noexcept = default;
    explicit Number(std::int64_t whole) noexcept : mantissa_{whole} {}
    explicit Number(Decimal const& decimal) noexcept : mantissa_{decimal.mantissa()}, scale_{static_cast<std::int8_t>(decimal.scale())} {}
    explicit Number(double real) noexcept : real_{real}, is_exact_{false} {}

    /// `-12.50`, `.5`, `1e-3`. \return Errc::bad_value where it is too large, Errc::bad_syntax where it is no number
    static Result<Number> parse(std::string_view text);

    [[nodiscard]] double to_double() const noexcept;
    /// As it was written where it is exact: 1.50 keeps its zero.
    [[nodiscard]] std::string to_string() const;

    /// By value: 1.5 equals 1.50. Where one is a double, both are compared as doubles.
    [[nodiscard]] std::partial_ordering operator<=>(Number const& other) const noexcept;
    [[nodiscard]] bool operator==(Number const& other) const noexcept { return (*this <=> other) == 0; }

private:
    friend class Arithmetic;
    [[nodiscard]] Number with_scale(int scale) const noexcept
    {
        Number number = *this;
        number.scale_ = static_cast<std::int8_t>(scale);
        return number;
    }
    std::int64_t mantissa_ = 0;
    double real_ = 0;
    std::int8_t scale_ = 0;
    bool is_exact_ = true;
};

/// What can be computed. None where there is no result: a division by zero, a result that is not finite.
class Arithmetic {
public:
    static std::optional<Number> add(Number const& a, Number const& b);
    static std::optional<Number> subtract(Number const& a, Number const& b);
    static std::optional<Number> multiply(Number const& a, Number const& b);
    static std::optional<Number> divide(Number const& a, Number const& b);
    /// The whole part of the quotient, towards zero.
    static std::optional<Number> divide_whole(Number const& a, Number const& b);
    /// Of the sign of `a`.
    static std::optional<Number> remainder(Number const& a, Number const& b);
    static std::optional<Number> power(Number const& a, Number const& b);

private:
    static std::optional<Number> real(double value);
    static std::optional<Number> sum(Number const& a, Number const& b, int sign);
};

}  // namespace yihong::cql2
