#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace yihong::cql2 {

/// What a piece of a filter comes to.
enum class Type : std::uint8_t { boolean, number, text, time, geometry, list };
/// `string`, as JSON Schema and /functions call it.
[[nodiscard]] std::string_view name_of(Type type) noexcept;

/// A function that filters may call beside the words of the language.
struct FunctionInfo {
    std::string_view name;
    std::string_view title;                        ///< Chinese
    std::string_view title_en;
    std::vector<Type> arguments;
    Type result;
};
[[nodiscard]] std::span<FunctionInfo const> functions() noexcept;

}  // namespace yihong::cql2
