#include "region.hpp"

#include "pieces.hpp"

#include "yihong/geometry/geos.hpp"

#include <algorithm>
#include <cmath>

namespace yihong::cql2 {
namespace {

bool is_on_earth(LonLat p) noexcept { return std::abs(p.lon) <= 180 && std::abs(p.lat) <= 90; }

Geometry on_earth(Geometry const& member, Place place, Subject const& subject)
{
    Geometry moved = member;
    if (subject.to_lonlat) {
        auto there = subject.to_lonlat(member);
        if (!there)
            Pieces::refuse(there.error().code, place, there.error().detail);
        moved = *std::move(there);
    }
    for_each_sequence(std::as_const(moved), [&](auto positions) {
        if (!std::ranges::all_of(positions, is_on_earth))
            Pieces::refuse(
                Errc::bad_value, place,
                "the geometry lies outside of longitude -180 to 180 and latitude -90 to 90; longitude stands first, unless filter-crs "
                "names a system with another order");
    });
    return moved;
}

/// Members of one dimension as one geometry; those of several as they are.
std::vector<Geometry> merged(std::vector<Geometry> members)
{
    int const kind = dimension(type_of(members.front()));
    bool const is_of_one_kind = std::ranges::all_of(members, [&](Geometry const& m) { return dimension(type_of(m)) == kind; });
    if (members.size() == 1 || !is_of_one_kind)
        return members;
    MultiPoint points;
    MultiLineString lines;
    MultiPolygon polygons;
    for (auto const& member : members) {
        std::ranges::copy(lines_of(member), std::back_inserter(lines.lines));
        std::ranges::copy(polygons_of(member), std::back_inserter(polygons.polygons));
        if (kind == 0)
            for_each_sequence(member,
                              [&](auto positions) { points.positions.insert(points.positions.end(), positions.begin(), positions.end()); });
    }
    if (kind == 2)
        Geos{}.mend(polygons);                             // members may overlap
    return {kind == 0 ? Geometry{points} : kind == 1 ? Geometry{lines} : Geometry{polygons}};
}

Geometry shape_of(BoundingBox const& box)
{
    LonLat const low{box.west, box.south}, high{box.east, box.north};
    if (low == high)
        return Point{low};
    if (low.lon == high.lon || low.lat == high.lat)
        return LineString{{low, high}};
    return Polygon{{{low, {high.lon, low.lat}, high, {low.lon, high.lat}, low}}};
}

}  // namespace

Region::Region(std::vector<Geometry> members, std::vector<BoundingBox> boxes, bool is_of_boxes, Place place)
    : members_{std::move(members)}, boxes_{std::move(boxes)}, is_of_boxes_{is_of_boxes}
{
    for (auto const& member : members_) {
        auto const& related = related_.emplace_back(member);
        if (auto const why = related.why_invalid(); !why.empty() && dimension(type_of(member)) == 2)
            Pieces::refuse(Errc::bad_value, place, "the polygon is not valid: " + why);
    }
}

Region Region::of(Shape const& shape, Place place, Subject const& subject)
{
    std::vector<Geometry> members;
    std::vector<BoundingBox> boxes;
    for (auto const& member : shape.members) {
        members.push_back(on_earth(member, place, subject));
        boxes.push_back(bounds_of(members.back()));
    }
    return {merged(std::move(members)), std::move(boxes), false, place};
}

Region Region::of(Box const& box, Place place, Subject const& subject)
{
    auto n = box.numbers;
    if (n.size() == 6) {                                   // heights choose nothing
        n.erase(n.begin() + 5);
        n.erase(n.begin() + 2);
    }
    std::vector<BoundingBox> boxes;
    if (subject.to_boxes) {
        boxes = subject.to_boxes(n);
    } else if (is_on_earth({n[0], n[1]}) && is_on_earth({n[2], n[3]}) && n[1] <= n[3]) {
        if (n[0] <= n[2])
            boxes = {{n[0], n[1], n[2], n[3]}};
        else                                               // over the antimeridian
            boxes = {{n[0], n[1], 180, n[3]}, {-180, n[1], n[2], n[3]}};
    }
    if (boxes.empty())
        Pieces::refuse(Errc::bad_value, place,
                       "BBOX is west, south, east, north, longitudes from -180 to 180 and latitudes from -90 to 90, in the order of the "
                       "axes of filter-crs");
    std::vector<Geometry> members;
    for (auto const& each : boxes)
        members.push_back(shape_of(each));
    return {merged(std::move(members)), std::move(boxes), true, place};
}

bool Region::holds(Relation relation, Geometry const& geometry) const
{
    if (relation == Relation::disjoint)
        return !holds(Relation::intersects, geometry);
    if (relation == Relation::intersects && is_of_boxes_)
        return std::ranges::any_of(boxes_, [&](BoundingBox const& box) { return yihong::intersects(geometry, box); });
    return std::ranges::any_of(related_, [&](Related const& member) { return member.holds(relation, geometry); });
}

std::size_t Region::steps() const noexcept
{
    std::size_t positions = 0;
    for (auto const& member : members_)
        for_each_sequence(member, [&](auto sequence) { positions += sequence.size(); });
    return is_of_boxes_ ? 4 : 30 + positions / 20;
}

}  // namespace yihong::cql2
