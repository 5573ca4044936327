#pragma once

#include "yihong/features/feature.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
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

/// A condition that somebody else evaluates: a filter in CQL2. Used by one thread at a time, as queries are.
class Condition {
public:
    virtual ~Condition() = default;
    /// \pre it was made for the schema of this feature
    [[nodiscard]] virtual bool holds(Feature const& feature) const = 0;
    /// Features outside of these boxes do not fulfil it; none: it says nothing of place.
    [[nodiscard]] virtual std::vector<BoundingBox> const& boxes() const noexcept = 0;
    /// The columns that it looks at, beside the geometry; none: it looks at more of a feature than these.
    [[nodiscard]] virtual std::optional<std::vector<std::size_t>> const& columns() const noexcept = 0;
};

/// What features have to fulfil (过滤条件), over the columns of one schema. Other operators are further alternatives: `holds` then stops
/// compiling until it knows them, and so does every source that translates expressions into its own language.
struct Expression {
    std::variant<And, Or, Equals, std::shared_ptr<Condition const>> node;
};

/// \pre the expression was made for the schema of this feature
[[nodiscard]] bool holds(Expression const& expression, Feature const& feature);
/// Features outside of these boxes do not fulfil it; none: it says nothing of place.
[[nodiscard]] std::span<BoundingBox const> boxes_of(Expression const& expression) noexcept;
/// The columns that it looks at, beside the geometry, some perhaps twice; none: it looks at more of a feature than these.
[[nodiscard]] std::optional<std::vector<std::size_t>> columns_of(Expression const& expression);

}  // namespace yihong
