#pragma once

#include "yihong/cql2/tree.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::cql2 {

/// How tightly an operator binds in text.
enum class Binding : std::uint8_t { disjunction, conjunction, negation, predicate, sum, product, power, primary };

/// What there is to know of a word of the language.
struct Word {
    Op op;
    std::string_view json;                         ///< in JSON; in text too, in any case, where it is called like a function
    std::size_t least, most;                       ///< arguments
    Binding binding = Binding::primary;
    std::string_view symbol = {};                  ///< between its two operands; empty: none
};

[[nodiscard]] Word const& word_of(Op op) noexcept;
/// What a name means when it is called, in any case; `Op::function` for every other.
[[nodiscard]] Op op_named(std::string_view name);
/// Whether it is called like a function in text: S_INTERSECTS(a, b).
[[nodiscard]] bool is_called(Op op) noexcept;
/// `S_INTERSECTS`, as text has it.
[[nodiscard]] std::string text_name(Op op);
/// What is wrong with so many arguments; empty: nothing.
[[nodiscard]] std::string arity_problem(Op op, std::size_t arguments);

}  // namespace yihong::cql2
