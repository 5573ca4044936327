#include "yihong/tiles/grid.hpp"

#include "yihong/geometry/crs84.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace yihong::tiles {
namespace {

constexpr double earth_radius = 6'378'137;                 // metres, of WGS 84 and of CGCS2000
constexpr double half_equator = std::numbers::pi * earth_radius;
constexpr double cells_of_tile = 256;
constexpr double pixel_metres = 0.00028;
constexpr double beyond_mercator = 88;                     // degrees north and south: outside the grid, whose edge is 85.05, and finite

constexpr std::array sets{
    TileMatrixSet{.id = "WebMercatorQuad",
                  .title = "网络墨卡托 Web Mercator",
                  .uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
                  .crs = "http://www.opengis.net/def/crs/EPSG/0/3857",
                  .last_level = 24},
    TileMatrixSet{.id = "WorldCRS84Quad",
                  .title = "经纬度 Longitude and latitude",
                  .uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
                  .crs = crs84,
                  .kind = GridKind::geographic,
                  .last_level = 17},
    // the cells of WorldCRS84Quad; 天地图 counts its levels from 1
    TileMatrixSet{.id = "CGCS2000Quad",
                  .title = "天地图经纬度（c） Tianditu's grid c, CGCS2000",
                  .uri = "",
                  .crs = "http://www.opengis.net/def/crs/EPSG/0/4490",
                  .kind = GridKind::geographic,
                  .north_first = true,
                  .first_level = 1,
                  .last_level = 18},
};

std::uint32_t clamped(double tiles, std::uint32_t count) noexcept
{
    return static_cast<std::uint32_t>(std::clamp(std::floor(tiles), 0.0, static_cast<double>(count - 1)));
}

}  // namespace

MatrixSize TileMatrixSet::size(int level) const noexcept
{
    auto const side = std::uint32_t{1} << static_cast<unsigned>(level - first_level);
    return {kind == GridKind::mercator ? side : 2 * side, side};
}

bool TileMatrixSet::contains(Tile const& tile) const noexcept
{
    if (!has_level(tile.level))
        return false;
    auto const [width, height] = size(tile.level);
    return tile.row < height && tile.column < width;
}

GridPlace TileMatrixSet::origin() const noexcept
{
    return kind == GridKind::mercator ? GridPlace{-half_equator, half_equator} : GridPlace{-180, 90};
}

double TileMatrixSet::cell_size(int level) const noexcept
{
    double const first = (kind == GridKind::mercator ? 2 * half_equator : 180.0) / cells_of_tile;
    return std::ldexp(first, first_level - level);
}

double TileMatrixSet::scale_denominator(int level) const noexcept
{
    double const metres_a_unit = kind == GridKind::mercator ? 1.0 : half_equator / 180;
    return cell_size(level) * metres_a_unit / pixel_metres;
}

GridPlace TileMatrixSet::place_of(LonLat position) const noexcept
{
    double const turn = (position.lon + 180) / 360;
    if (kind == GridKind::geographic)
        return {2 * turn, (90 - position.lat) / 180};
    double const lat = std::clamp(position.lat, -beyond_mercator, beyond_mercator) * std::numbers::pi / 180;
    return {turn, 0.5 - std::asinh(std::tan(lat)) / (2 * std::numbers::pi)};
}

LonLat TileMatrixSet::lonlat_of(GridPlace place) const noexcept
{
    if (kind == GridKind::geographic)
        return {place.x * 180 - 180, 90 - place.y * 180};
    double const lat = std::atan(std::sinh((0.5 - place.y) * 2 * std::numbers::pi)) * 180 / std::numbers::pi;
    return {place.x * 360 - 180, lat};
}

BoundingBox TileMatrixSet::bounds_of(Tile const& tile, double margin) const noexcept
{
    auto const corner = [&](double row, double column) {
        int const down = first_level - tile.level;
        return lonlat_of({std::ldexp(column, down), std::ldexp(row, down)});
    };
    auto const north_west = corner(tile.row - margin, tile.column - margin);
    auto const south_east = corner(tile.row + 1.0 + margin, tile.column + 1.0 + margin);
    return {north_west.lon, south_east.lat, south_east.lon, north_west.lat};
}

TileRange TileMatrixSet::range_of(BoundingBox const& box, int level) const noexcept
{
    auto const [width, height] = size(level);
    if (box.is_empty())
        return {level, 0, height - 1, 0, width - 1};
    auto const north_west = place_of({box.west, box.north});
    auto const south_east = place_of({box.east, box.south});
    int const up = level - first_level;
    return {level, clamped(std::ldexp(north_west.y, up), height), clamped(std::ldexp(south_east.y, up), height),
            clamped(std::ldexp(north_west.x, up), width), clamped(std::ldexp(south_east.x, up), width)};
}

std::span<TileMatrixSet const> tile_matrix_sets() noexcept { return sets; }

TileMatrixSet const* find_tile_matrix_set(std::string_view id) noexcept
{
    auto const found = std::ranges::find(sets, id, &TileMatrixSet::id);
    return found == sets.end() ? nullptr : &*found;
}

}  // namespace yihong::tiles
