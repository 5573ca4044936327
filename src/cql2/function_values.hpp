#pragma once

#include "datum.hpp"

#include "yihong/cql2/functions.hpp"

#include <span>
#include <string_view>

namespace yihong::cql2 {

/// Null where there is none of this name.
[[nodiscard]] FunctionInfo const* find_function(std::string_view name) noexcept;
/// What a function comes to. \pre the arguments are of its types, none of them NULL
[[nodiscard]] Datum value_of(FunctionInfo const& function, std::span<Datum const> arguments);

}  // namespace yihong::cql2
