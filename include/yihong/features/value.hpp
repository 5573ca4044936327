#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/time.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihong {

/// A parameter and by how much it exceeds its limit (超标倍数); none: there is no multiple of it.
struct ParameterMultiple {
    std::string parameter;
    std::optional<Decimal> multiple;
    bool operator==(ParameterMultiple const&) const = default;
};

/// The value of a property, as exact as where it comes from. `monostate` is null.
using Value = std::variant<std::monostate, bool, std::int64_t, double, Decimal, std::string, UtcTime, Date, std::vector<std::string>,
                           std::vector<ParameterMultiple>>;

/// Null for an empty text.
[[nodiscard]] inline Value text_value(std::string_view text) { return text.empty() ? Value{} : Value{std::string{text}}; }
/// Null for nothing; whole numbers of any width.
template <typename T>
[[nodiscard]] Value optional_value(std::optional<T> const& value)
{
    if (!value)
        return {};
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
        return static_cast<std::int64_t>(*value);
    else
        return *value;
}

/// As JSON: decimals as they came, times as RFC 3339 in UTC, lists as arrays.
void write_value(JsonWriter& json, Value const& value);
/// As plain text, for people; a decimal without its trailing zeros. Lists by `、`; empty for null and objects.
[[nodiscard]] std::string to_text(Value const& value);

[[nodiscard]] inline bool is_null(Value const& value) noexcept { return std::holds_alternative<std::monostate>(value); }
/// The number in it; none where it is no number.
[[nodiscard]] std::optional<double> number_of(Value const& value) noexcept;
/// How values of one column are sorted: nothing first, numbers by value, texts by their bytes, times as they passed.
[[nodiscard]] std::weak_ordering compare(Value const& a, Value const& b) noexcept;

}  // namespace yihong
