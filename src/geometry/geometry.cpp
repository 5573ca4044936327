#include "yihong/geometry/geometry.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

/// Liang–Barsky: whether any point of the segment lies in the closed box.
bool segment_meets(BoundingBox const& box, LonLat a, LonLat b) noexcept
{
    double from = 0;
    double to = 1;
    auto const clip = [&](double step, double room) {      // keeps t with step * t <= room
        if (step == 0)
            return room >= 0;
        double const t = room / step;
        if (step < 0)
            from = std::max(from, t);
        else
            to = std::min(to, t);
        return from <= to;
    };
    double const dx = b.lon - a.lon;
    double const dy = b.lat - a.lat;
    return clip(-dx, a.lon - box.west) && clip(dx, box.east - a.lon) && clip(-dy, a.lat - box.south) && clip(dy, box.north - a.lat);
}

bool line_meets(BoundingBox const& box, Positions const& line) noexcept
{
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (segment_meets(box, line[i - 1], line[i]))
            return true;
    }
    return !line.empty() && box.contains(line.front());
}

/// Even-odd over all rings, so that a hole is outside.
bool covers(Polygon const& polygon, LonLat p) noexcept
{
    bool inside = false;
    for (auto const& ring : polygon.rings) {
        for (std::size_t i = 1; i < ring.size(); ++i) {
            LonLat const a = ring[i - 1];
            LonLat const b = ring[i];
            if ((a.lat > p.lat) != (b.lat > p.lat) && p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                inside = !inside;
        }
    }
    return inside;
}

bool polygon_meets(BoundingBox const& box, Polygon const& polygon) noexcept
{
    // where no edge meets the box, it lies wholly inside the polygon, in a hole, or outside
    return std::ranges::any_of(polygon.rings, [&](auto const& ring) { return line_meets(box, ring); }) ||
           covers(polygon, {box.west, box.south});
}

}  // namespace

void BoundingBox::extend(LonLat p) noexcept
{
    west = std::min(west, p.lon);
    east = std::max(east, p.lon);
    south = std::min(south, p.lat);
    north = std::max(north, p.lat);
}

void BoundingBox::extend(BoundingBox const& b) noexcept
{
    west = std::min(west, b.west);
    east = std::max(east, b.east);
    south = std::min(south, b.south);
    north = std::max(north, b.north);
}

std::string_view geojson_name(GeometryType type) noexcept
{
    constexpr std::array<std::string_view, 7> names{"", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"};
    return names[static_cast<std::size_t>(type)];
}

int dimension(GeometryType type) noexcept
{
    switch (type) {
    case GeometryType::polygon:
    case GeometryType::multi_polygon: return 2;
    case GeometryType::line_string:
    case GeometryType::multi_line_string: return 1;
    default: return 0;
    }
}

std::span<Positions const> lines_of(Geometry const& geometry) noexcept
{
    if (auto const* one = std::get_if<LineString>(&geometry))
        return {&one->positions, 1};
    if (auto const* several = std::get_if<MultiLineString>(&geometry))
        return several->lines;
    return {};
}

std::span<Polygon const> polygons_of(Geometry const& geometry) noexcept
{
    if (auto const* one = std::get_if<Polygon>(&geometry))
        return {one, 1};
    if (auto const* several = std::get_if<MultiPolygon>(&geometry))
        return several->polygons;
    return {};
}

std::size_t part_count(Geometry const& geometry) noexcept
{
    if (auto const* points = std::get_if<MultiPoint>(&geometry))
        return points->positions.size();
    return std::holds_alternative<Point>(geometry) ? 1 : lines_of(geometry).size() + polygons_of(geometry).size();
}

BoundingBox bounds_of(Geometry const& geometry) noexcept
{
    BoundingBox box;
    for_each_sequence(geometry, [&](auto positions) {
        for (LonLat const p : positions)
            box.extend(p);
    });
    return box;
}

bool intersects(Geometry const& geometry, BoundingBox const& box) noexcept
{
    if (auto const* point = std::get_if<Point>(&geometry))
        return box.contains(point->position);
    if (auto const* points = std::get_if<MultiPoint>(&geometry))
        return std::ranges::any_of(points->positions, [&](LonLat p) { return box.contains(p); });
    return std::ranges::any_of(lines_of(geometry), [&](auto const& line) { return line_meets(box, line); }) ||
           std::ranges::any_of(polygons_of(geometry), [&](auto const& polygon) { return polygon_meets(box, polygon); });
}

}  // namespace yihong
