#pragma once

#include "yihong/features/source.hpp"
#include "yihong/tiles/grid.hpp"
#include "yihong/tiles_http/routes.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What is said of tiles. Pure: values in, JSON out.
namespace yihong::tiles_http {

using Sources = std::vector<std::shared_ptr<FeatureSource const>>;

/// Levels that TileJSON and the style tell of: clients draw what lies below from the last one, whose cells are 60 cm.
inline constexpr int last_level_of_maps = 14;

/// What tiles are made of: one collection, or all of them.
struct Subject {
    TilesOptions const& options;
    std::string root;                              ///< `http://host[/prefix]`
    Sources sources;
    bool is_collection = false;                    ///< the one source
    std::string selected = {};                     ///< `collections` as it was given, percent-encoded

    /// Where its tile sets stand.
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string title() const;
    [[nodiscard]] BoundingBox bounds() const noexcept;
};

/// The rows and columns that have tiles: those that the bounds of the features meet. Without features every one, so that a collection that fills has
/// its tiles where clients look for them.
[[nodiscard]] tiles::TileRange limits_of(Subject const& subject, tiles::TileMatrixSet const& set, int level);

[[nodiscard]] std::string tile_sets_json(Subject const& subject);
[[nodiscard]] std::string tile_set_json(Subject const& subject, tiles::TileMatrixSet const& set);
/// \pre the set is WebMercatorQuad, which TileJSON and styles are about
[[nodiscard]] std::string tilejson(Subject const& subject);
/// Everything in the official colours, for MapLibre and its like (style specification 8).
[[nodiscard]] std::string style_json(Subject const& subject);
[[nodiscard]] std::string tile_matrix_sets_json(std::string_view root);
[[nodiscard]] std::string tile_matrix_set_json(tiles::TileMatrixSet const& set);

}  // namespace yihong::tiles_http
