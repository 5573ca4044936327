#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace yihong {

/// Longitude (east) and latitude (north) in degrees, WGS 84 (CGCS2000 agrees within a metre). Always in this order.
struct LonLat {
    double lon = 0;
    double lat = 0;
    bool operator==(LonLat const&) const = default;
};

/// west, south, east, north in degrees; closed.
struct BoundingBox {
    double west = 180, south = 90, east = -180, north = -90;
    [[nodiscard]] bool is_empty() const noexcept { return west > east || south > north; }
    void extend(LonLat p) noexcept;
    void extend(BoundingBox const& b) noexcept;
    [[nodiscard]] bool contains(LonLat p) const noexcept { return p.lon >= west && p.lon <= east && p.lat >= south && p.lat <= north; }
    [[nodiscard]] bool intersects(BoundingBox const& b) const noexcept
    {
        return !(b.west > east || b.east < west || b.south > north || b.north < south);
    }
    bool operator==(BoundingBox const&) const = default;
};

using Positions = std::vector<LonLat>;

struct Point {
    LonLat position;
    bool operator==(Point const&) const = default;
};
struct MultiPoint {
    Positions positions;
    bool operator==(MultiPoint const&) const = default;
};
struct LineString {
    Positions positions;
    bool operator==(LineString const&) const = default;
};
struct MultiLineString {
    std::vector<Positions> lines;
    bool operator==(MultiLineString const&) const = default;
};
/// The outer ring first, then holes; a ring ends where it begins. Layers come in the winding of RFC 7946.
struct Polygon {
    std::vector<Positions> rings;
    bool operator==(Polygon const&) const = default;
};
struct MultiPolygon {
    std::vector<Polygon> polygons;
    bool operator==(MultiPolygon const&) const = default;
};

/// A geometry in longitude/latitude (几何); `monostate` is none (GeoJSON's null).
using Geometry = std::variant<std::monostate, Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon>;

/// The alternatives of `Geometry`, in their order.
enum class GeometryType : std::uint8_t { none, point, multi_point, line_string, multi_line_string, polygon, multi_polygon };
[[nodiscard]] inline GeometryType type_of(Geometry const& geometry) noexcept { return static_cast<GeometryType>(geometry.index()); }
/// `MultiPolygon`; empty for none
[[nodiscard]] std::string_view geojson_name(GeometryType type) noexcept;
/// 0 points, 1 lines, 2 polygons; 0 for none
[[nodiscard]] int dimension(GeometryType type) noexcept;

/// Calls `visit` with each sequence of positions: all points of a multi-point at once, each line, each ring.
/// \param geometry a `Geometry`, const or not
template <typename G, typename Visit>
    requires std::same_as<std::remove_const_t<G>, Geometry>
void for_each_sequence(G& geometry, Visit visit)
{
    using Span = std::span<std::conditional_t<std::is_const_v<G>, LonLat const, LonLat>>;
    std::visit(
        [&]<typename T>(T& g) {
            using Type = std::remove_const_t<T>;
            if constexpr (std::is_same_v<Type, Point>) {
                visit(Span{&g.position, 1});
            } else if constexpr (std::is_same_v<Type, MultiPoint> || std::is_same_v<Type, LineString>) {
                visit(Span{g.positions});
            } else if constexpr (std::is_same_v<Type, MultiLineString>) {
                for (auto& line : g.lines)
                    visit(Span{line});
            } else if constexpr (std::is_same_v<Type, Polygon>) {
                for (auto& ring : g.rings)
                    visit(Span{ring});
            } else if constexpr (std::is_same_v<Type, MultiPolygon>) {
                for (auto& polygon : g.polygons)
                    for (auto& ring : polygon.rings)
                        visit(Span{ring});
            }
        },
        geometry);
}

/// The lines of a line or of several; none for other geometry. Inside `geometry`.
[[nodiscard]] std::span<Positions const> lines_of(Geometry const& geometry) noexcept;
/// The polygons of a polygon or of several; none for other geometry. Inside `geometry`.
[[nodiscard]] std::span<Polygon const> polygons_of(Geometry const& geometry) noexcept;
/// How many points, lines or polygons it has.
[[nodiscard]] std::size_t part_count(Geometry const& geometry) noexcept;

/// Empty without positions.
[[nodiscard]] BoundingBox bounds_of(Geometry const& geometry) noexcept;

/// Exact test of a geometry against a closed box; a box inside a polygon's hole does not meet it.
[[nodiscard]] bool intersects(Geometry const& geometry, BoundingBox const& box) noexcept;

}  // namespace yihong
