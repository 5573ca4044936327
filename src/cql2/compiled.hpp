#pragma once

#include "datum.hpp"
#include "region.hpp"

#include "yihong/cql2/functions.hpp"
#include "yihong/features/feature.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace yihong::cql2 {

/// What a piece comes to for a feature; null where it is constant and nobody asks for one.
using Evaluation = std::function<Datum(Feature const*)>;

/// A piece of a filter, ready to be evaluated.
struct Compiled {
    Type type = Type::boolean;
    Evaluation value = {};
    /// Of a property that is found under several texts: all of them, as a list, of which one has to fulfil a comparison; NULL where it has none.
    Evaluation found = {};
    bool is_constant = false;
    std::shared_ptr<Region const> region = {};  ///< of a geometry in the filter
    bool is_geometry_of_feature = false;
    std::vector<BoundingBox> boxes = {};  ///< of a condition that no feature outside of them fulfils; none: anywhere
};

[[nodiscard]] inline Compiled constant(Type type, Datum datum)
{
    return {.type = type, .value = [datum = std::move(datum)](Feature const*) { return datum; }, .is_constant = true};
}

/// Conditions of each kind, their arguments checked by then.
[[nodiscard]] Compiled spatial(Relation relation, Compiled a, Compiled b);
[[nodiscard]] Compiled temporal(Op op, Compiled a, Compiled b);
[[nodiscard]] Compiled of_arrays(Op op, Compiled a, Compiled b);
[[nodiscard]] Compiled conjunction(std::vector<Compiled> operands);
[[nodiscard]] Compiled disjunction(std::vector<Compiled> operands);
[[nodiscard]] Compiled negation(Compiled operand);
[[nodiscard]] Compiled comparison(Op op, Compiled a, Compiled b);
[[nodiscard]] Compiled between(Compiled value, Compiled low, Compiled high);
[[nodiscard]] Compiled among(Compiled value, std::vector<Compiled> choices);
/// \param pattern constant
[[nodiscard]] Compiled like(Compiled value, Compiled const& pattern);
[[nodiscard]] Compiled is_null(Compiled value);
[[nodiscard]] Compiled arithmetic(Op op, Compiled a, Compiled b);
[[nodiscard]] Compiled folded(Op op, Compiled text);

}  // namespace yihong::cql2
