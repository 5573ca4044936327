#pragma once

#include "yihong/features/source.hpp"
#include "yihong/tiles/shape.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::tiles {

/// The columns that stand in tiles as attributes: all but those that say once more what another says, as a flat feature shows them.
[[nodiscard]] std::vector<std::size_t> columns_in_tiles(Schema const& schema);

/// How many features a layer of a tile shows whole; of more, one point stands for all within `crowd_cells` of it.
inline constexpr std::size_t crowd = 10'000;
inline constexpr int crowd_cells = 32;

/// The features that a tile may show: those of the source that meet it with its buffer, and have a place.
[[nodiscard]] std::vector<std::shared_ptr<Feature const>> features_in(FeatureSource const& source, FeatureQuery query,
                                                                      TileMatrixSet const& set, Tile const& tile);

/// Features as one layer of a vector tile (Mapbox Vector Tile 2.1). A tile is its layers one after the other. Each feature has its id as the
/// attribute `id` (the format's own ids are numbers), and the attributes that have a value. \return empty where the tile shows nothing of them
[[nodiscard]] std::string encode_layer(std::string_view name, std::vector<std::shared_ptr<Feature const>> const& features,
                                       TileMatrixSet const& set, Tile const& tile);

}  // namespace yihong::tiles
