#include "yihong/tiles/shape.hpp"

#include "paths.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace yihong::tiles {
namespace {

constexpr Window window{-buffer, extent + buffer};
constexpr double tolerance = 4;                            // cells: half a pixel where the tile has 512
constexpr std::int64_t least_area = 2 * 4 * 4;             // twice the area, in cells, of what is left out

/// From places on the earth to spots on the tile.
class Drawing {
public:
    Drawing(TileMatrixSet const& set, Tile const& tile)
        : set_{set}, scale_{std::ldexp(extent, tile.level - set.first_level)}, left_{static_cast<double>(tile.column) * extent},
          top_{static_cast<double>(tile.row) * extent}
    {}
    [[nodiscard]] Spot spot_of(LonLat position) const noexcept
    {
        auto const place = set_.place_of(position);
        return {place.x * scale_ - left_, place.y * scale_ - top_};
    }
    [[nodiscard]] Path path_of(Positions const& positions) const
    {
        Path path;
        path.reserve(positions.size());
        for (auto const position : positions)
            path.push_back(spot_of(position));
        return path;
    }

private:
    TileMatrixSet const& set_;
    double scale_, left_, top_;
};

Cell cell_of(Spot spot) noexcept
{
    return {static_cast<std::int32_t>(std::lround(spot.x)), static_cast<std::int32_t>(std::lround(spot.y))};
}

/// Each cell once in a row.
std::vector<Cell> cells_of(Path const& path)
{
    std::vector<Cell> cells;
    cells.reserve(path.size());
    for (auto const spot : path)
        if (auto const cell = cell_of(spot); cells.empty() || cells.back() != cell)
            cells.push_back(cell);
    return cells;
}

/// Twice the area; positive for a ring that turns clockwise as it is seen.
std::int64_t area_of(std::vector<Cell> const& ring) noexcept
{
    std::int64_t area = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        auto const& a = ring[i];
        auto const& b = ring[(i + 1) % ring.size()];
        area += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
    }
    return area;
}

void add_points(Shape& shape, std::vector<Spot> const& spots)
{
    std::vector<Cell> cells;
    for (auto const spot : spots)
        if (window.contains(spot))
            cells.push_back(cell_of(spot));
    if (!cells.empty())
        shape.parts.push_back(std::move(cells));
}

void add_line(Shape& shape, Path const& line)
{
    for (auto const& piece : cut_line(line, window)) {
        auto cells = cells_of(thinned(piece, tolerance));
        if (cells.size() >= 2)
            shape.parts.push_back(std::move(cells));
    }
}

/// \return whether anything is left of the ring
bool add_ring(Shape& shape, Path ring, bool is_outer)
{
    auto cells = cells_of(thinned(cut_ring(std::move(ring), window), tolerance));
    if (cells.size() > 1 && cells.front() == cells.back())
        cells.pop_back();
    if (cells.size() < 3)
        return false;
    auto const area = area_of(cells);
    if (std::abs(area) < least_area)
        return false;
    if ((area > 0) != is_outer)
        std::ranges::reverse(cells);
    shape.parts.push_back(std::move(cells));
    return true;
}

ShapeType type_in_tile(Geometry const& geometry) noexcept
{
    if (type_of(geometry) == GeometryType::none)
        return ShapeType::none;
    return static_cast<ShapeType>(dimension(type_of(geometry)) + 1);
}

}  // namespace

Shape shape_in(Geometry const& geometry, TileMatrixSet const& set, Tile const& tile)
{
    Drawing const drawing{set, tile};
    Shape shape{.type = type_in_tile(geometry)};
    if (auto const* point = std::get_if<Point>(&geometry))
        add_points(shape, {drawing.spot_of(point->position)});
    else if (auto const* points = std::get_if<MultiPoint>(&geometry))
        add_points(shape, drawing.path_of(points->positions));
    for (auto const& line : lines_of(geometry))
        add_line(shape, drawing.path_of(line));
    for (auto const& polygon : polygons_of(geometry))
        for (std::size_t i = 0; i < polygon.rings.size(); ++i)
            if (!add_ring(shape, drawing.path_of(polygon.rings[i]), i == 0) && i == 0)
                break;                                     // holes of nothing
    return shape;
}

}  // namespace yihong::tiles
