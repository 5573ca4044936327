#pragma once

#include "yihong/geometry/geometry.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace yihong::tiles {

/// One tile (瓦片): `level` is the number of its matrix as the tile matrix set has it; rows count from the north, columns from the west.
struct Tile {
    int level = 0;
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    bool operator==(Tile const&) const = default;
};

/// How many tiles a level has.
struct MatrixSize {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// Rows and columns of one level, both ends included.
struct TileRange {
    int level = 0;
    std::uint32_t first_row = 0, last_row = 0;
    std::uint32_t first_column = 0, last_column = 0;
    [[nodiscard]] bool contains(Tile const& tile) const noexcept
    {
        return tile.level == level && tile.row >= first_row && tile.row <= last_row && tile.column >= first_column &&
               tile.column <= last_column;
    }
};

/// A place on a grid, in tiles of its first level: right is east, down is south.
struct GridPlace {
    double x = 0;
    double y = 0;
};

enum class GridKind : std::uint8_t { mercator, geographic };

/// A tile matrix set (瓦片矩阵集): a pyramid of levels, each with half the cells of the one before. All here hold the whole world.
struct TileMatrixSet {
    std::string_view id;
    std::string_view title;                        ///< Chinese and English
    std::string_view uri;                          ///< of its definition; empty: it is registered nowhere
    std::string_view crs;
    GridKind kind = GridKind::mercator;
    bool north_first = false;                      ///< the axes of its reference system
    int first_level = 0;
    int last_level = 0;

    [[nodiscard]] bool has_level(int level) const noexcept { return level >= first_level && level <= last_level; }
    /// \pre the set has the level, here and below
    [[nodiscard]] MatrixSize size(int level) const noexcept;
    [[nodiscard]] bool contains(Tile const& tile) const noexcept;
    /// In units of the reference system, at the corner in the north-west of the whole grid: x (or longitude), y (or latitude).
    [[nodiscard]] GridPlace origin() const noexcept;
    /// The side of one of 256 cells of a tile, in units of the reference system.
    [[nodiscard]] double cell_size(int level) const noexcept;
    /// As WMTS counts it: by pixels of 0.28 mm.
    [[nodiscard]] double scale_denominator(int level) const noexcept;
    /// Latitudes that the grid does not hold are moved to its edge, or a little beyond.
    [[nodiscard]] GridPlace place_of(LonLat position) const noexcept;
    [[nodiscard]] LonLat lonlat_of(GridPlace place) const noexcept;
    /// \param margin in tiles, all round
    [[nodiscard]] BoundingBox bounds_of(Tile const& tile, double margin = 0) const noexcept;
    /// The tiles that meet a box; those of the whole level where it is empty.
    [[nodiscard]] TileRange range_of(BoundingBox const& box, int level) const noexcept;
};

/// WebMercatorQuad, WorldCRS84Quad, and the geographic grid of 天地图 in CGCS2000.
[[nodiscard]] std::span<TileMatrixSet const> tile_matrix_sets() noexcept;
/// \return null where there is none of that name
[[nodiscard]] TileMatrixSet const* find_tile_matrix_set(std::string_view id) noexcept;

}  // namespace yihong::tiles
