#pragma once

#include "yihong/tiles/grid.hpp"

#include <cstdint>
#include <vector>

namespace yihong::tiles {

/// Cells along the side of a tile.
inline constexpr int extent = 4096;
/// Cells all round a tile that belong to its picture, so that symbols and lines at its edge are drawn whole.
inline constexpr int buffer = 64;

/// A cell of a tile, from its corner in the north-west; y grows to the south. Those of the buffer lie outside 0 … extent.
struct Cell {
    std::int32_t x = 0;
    std::int32_t y = 0;
    bool operator==(Cell const&) const = default;
};

/// By the numbers of the format.
enum class ShapeType : std::uint8_t { none = 0, points = 1, lines = 2, polygons = 3 };

/// What a tile shows of a geometry. A ring is not closed by its first cell once more; outer rings turn clockwise as they are seen, and the holes
/// of each follow it counter-clockwise (version 2 of the format).
struct Shape {
    ShapeType type = ShapeType::none;
    std::vector<std::vector<Cell>> parts = {};  ///< all points; each line; each ring
    [[nodiscard]] bool is_empty() const noexcept { return parts.empty(); }
};

/// The geometry cut to the tile with its buffer, on its cells. Lines and rings are thinned where nobody sees it (Douglas-Peucker, half a
/// pixel of a tile drawn with 512), and what is smaller than that is left out. \pre the set has the tile
[[nodiscard]] Shape shape_in(Geometry const& geometry, TileMatrixSet const& set, Tile const& tile);

}  // namespace yihong::tiles
