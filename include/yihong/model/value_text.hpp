#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/result.hpp"

#include <string>
#include <string_view>

namespace yihong {

struct Parameter;
struct Reading;

/// `text` without blanks at its ends, also those of spreadsheets and of Chinese typesetting: U+3000, no-break and zero-width ones, a BOM.
[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;

/// Full-width letters, digits and signs (０．５Ｌ) as their ASCII twins, ideographic and no-break spaces as blanks, every dash and minus as `-`.
[[nodiscard]] std::string with_plain_letters(std::string_view text);

/// How a value may be written, on every way in. There is one rule, and it is here:
/// - a number in any form that Decimal::parse takes, also in full-width digits;
/// - no value: nothing, signs alone (`*`, `/`, `-`, `--`, `—`, also with a `;` behind them), `NaN`, `NULL`, `NA`, `N/A`, `#N/A`, 无, 缺测 and the like;
/// - below the detection limit (低于检出限): with the limit, `0.025L`, `<0.025`, `ND(0.025)`, or without it, `ND`, `未检出`, `低于检出限`.
/// Letters of either case, blanks in between and around.
struct ValueText {
    bool has_number = false;
    bool is_below_detection = false;
    Decimal number{};  ///< the value, or the limit that it is below
};

/// \return Errc::bad_value for everything else, `'seven' is not a number`
Result<ValueText> read_value_text(std::string_view text);

/// Whether nothing was written for a value.
[[nodiscard]] bool is_no_value(std::string_view text);

/// Sets value and mark of a reading; its `number` is in the canonical unit by now. Below a limit that the text does not give it is that of the
/// parameter's usual method, where that is known; otherwise the reading has no value, and is marked all the same.
void set_value(Reading& reading, ValueText const& text, Parameter const& parameter) noexcept;

}  // namespace yihong
