#include "yihong/geometry/relations.hpp"

#include "geos_context.hpp"

#include <utility>

namespace yihong {

struct Related::Handles {
    explicit Handles(Geometry const& of)
        : geometry{context.to_geos(of)}, prepared{GEOSPrepare_r(context.handle, geometry.get()), {context.handle}}, bounds{bounds_of(of)}
    {}
    GeosContext context;
    GeometryPtr geometry;
    PreparedPtr prepared;
    BoundingBox bounds;
};

Related::Related(Geometry const& geometry) : handles_{std::make_unique<Handles>(geometry)} {}
Related::Related(Related&&) noexcept = default;
Related& Related::operator=(Related&&) noexcept = default;
Related::~Related() = default;

bool Related::holds(Relation relation, Geometry const& subject) const
{
    if (!handles_->bounds.intersects(bounds_of(subject)))
        return relation == Relation::disjoint;
    auto const& context = handles_->context;
    auto const handle = context.handle;
    auto const* const single = std::get_if<Point>(&subject);
    auto const other = single ? context.point(single->position) : context.to_geos(subject);
    auto const answer = [&] {
        auto const* const ours = handles_->prepared.get();
        switch (relation) {
        case Relation::intersects: return GEOSPreparedIntersects_r(handle, ours, other.get());
        case Relation::disjoint: return GEOSPreparedDisjoint_r(handle, ours, other.get());
        case Relation::touches: return GEOSPreparedTouches_r(handle, ours, other.get());
        case Relation::overlaps: return GEOSPreparedOverlaps_r(handle, ours, other.get());
        case Relation::crosses: return GEOSPreparedCrosses_r(handle, ours, other.get());
        case Relation::within: return GEOSPreparedContains_r(handle, ours, other.get());  // the other way round: ours is asked
        case Relation::contains: return GEOSPreparedWithin_r(handle, ours, other.get());
        case Relation::equals: return GEOSEquals_r(handle, handles_->geometry.get(), other.get());
        }
        std::unreachable();
    }();
    if (answer != 0 && answer != 1)
        context.give_up("the relation of two geometries");
    return answer == 1;
}

std::string Related::why_invalid() const { return handles_->context.why_invalid(handles_->geometry.get()); }

}  // namespace yihong
