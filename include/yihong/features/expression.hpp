#pragma once

#include "yihong/features/feature.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihong {

/// A column equals a value that was given as text; a list has it among its elements. Which readings of the text there are depends on the
/// column's type. Null equals nothing.
struct Equals {
    std::size_t column = 0;
    std::string text;
    std::optional<std::int64_t> integer = {};
    std::optional<double> number = {};
    std::optional<bool> flag = {};
    std::optional<UtcTime> time = {};
    std::optional<Date> date = {};
};

struct Expression;

/// All of them hold; without operands it holds always.
struct And {
    std::vector<Expression> operands;
};

/// One of them holds; without operands it never does.
struct Or {
    std::vector<Expression> operands;
};

/// What features have to fulfil (过滤条件), over the columns of one schema. Other operators are further alternatives: `holds` then stops
/// compiling until it knows them, and so does every source that translates expressions into its own language.
struct Expression {
    std::variant<And, Or, Equals> node;
};

/// \pre the expression was made for the schema of this feature
[[nodiscard]] bool holds(Expression const& expression, Feature const& feature);

}  // namespace yihong
