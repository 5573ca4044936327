#pragma once

#include "yihong/cql2/filter.hpp"
#include "yihong/cql2/tree.hpp"
#include "yihong/geometry/relations.hpp"

#include <vector>

namespace yihong::cql2 {

/// A geometry of a filter in longitude and latitude, ready to be asked many times.
class Region {
public:
    /// \throws Refusal where it has no place on the earth or crosses itself
    static Region of(Shape const& shape, Place place, Subject const& subject);
    static Region of(Box const& box, Place place, Subject const& subject);

    /// Whether a geometry stands so to it. \pre `is_defined(relation)`; the geometry is not none
    [[nodiscard]] bool holds(Relation relation, Geometry const& geometry) const;
    /// Of members of several dimensions only whether they meet something is told.
    [[nodiscard]] bool is_defined(Relation relation) const noexcept
    {
        return members_.size() == 1 || relation == Relation::intersects || relation == Relation::disjoint;
    }
    [[nodiscard]] std::vector<BoundingBox> const& boxes() const noexcept { return boxes_; }
    [[nodiscard]] std::vector<Geometry> const& members() const noexcept { return members_; }
    /// Steps that a question takes, about.
    [[nodiscard]] std::size_t steps() const noexcept;

private:
    Region(std::vector<Geometry> members, std::vector<BoundingBox> boxes, bool is_of_boxes, Place place);

    std::vector<Geometry> members_;
    std::vector<Related> related_;                 ///< a member each
    std::vector<BoundingBox> boxes_;               ///< round them
    bool is_of_boxes_;                             ///< they are nothing else
};

}  // namespace yihong::cql2
