#pragma once

#include "yihong/base/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yihong {

/// A decimal number as an instrument prints it: `mantissa × 10^-scale`. Exact, so that rounding and comparison with limits
/// follow the standards' decimal arithmetic (GB/T 8170) and a value leaves as it came (7.10 keeps its zero).
class Decimal {
public:
    static constexpr int max_scale = 12;
    static constexpr std::int64_t max_mantissa = 999'999'999'999'999;   // 15 digits: also exact as double

    constexpr Decimal() noexcept = default;
    /// \pre |mantissa| <= max_mantissa, 0 <= scale <= max_scale
    constexpr Decimal(std::int64_t mantissa, int scale) noexcept : mantissa_{mantissa}, scale_{scale} {}

    /// `-12.340`, `.5`, `5.`, `1e-3`, `+3`. Digits beyond the 15th or the 12th decimal are rounded half to even.
    /// \return Errc::bad_syntax when it is no number (also NaN, infinity, blanks), Errc::bad_value when it is too large.
    static Result<Decimal> parse(std::string_view text);
    /// The shortest decimal that reads back as `value`. \return Errc::bad_value when not finite or too large.
    static Result<Decimal> from_double(double value);

    [[nodiscard]] constexpr std::int64_t mantissa() const noexcept { return mantissa_; }
    [[nodiscard]] constexpr int scale() const noexcept { return static_cast<int>(scale_); }
    [[nodiscard]] double to_double() const noexcept;
    [[nodiscard]] std::string to_string() const;
    void append_to(std::string& out) const;
    /// \param at with room for `most_characters` \return behind the last one
    char* write_to(char* at) const noexcept;
    static constexpr std::size_t most_characters = 24;

    /// Rounded half to even (四舍六入五成双, GB/T 8170) to `decimals`; fewer decimals than that stay as they are.
    [[nodiscard]] Decimal rounded(int decimals) const noexcept;
    /// As `rounded`, but a value other than zero never becomes zero: it keeps one significant digit.
    [[nodiscard]] Decimal rounded_keeping_nonzero(int decimals) const noexcept;
    /// Multiplied by 10^power, exactly. \return Errc::bad_value when it leaves the range.
    [[nodiscard]] Result<Decimal> scaled_by_power_of_ten(int power) const;
    [[nodiscard]] constexpr bool is_zero() const noexcept { return mantissa_ == 0; }
    /// Without trailing zeros after the point: 7.10 → 7.1.
    [[nodiscard]] Decimal normalized() const noexcept;

    /// Compares the numbers: 7.1 equals 7.10.
    [[nodiscard]] std::strong_ordering operator<=>(Decimal const& other) const noexcept;
    [[nodiscard]] bool operator==(Decimal const& other) const noexcept { return (*this <=> other) == 0; }

private:
    // one word for both, since whatever holds values holds millions of them
    std::int64_t mantissa_ : 56 = 0;
    std::int64_t scale_ : 8 = 0;
};
static_assert(sizeof(Decimal) == 8);

}  // namespace yihong
