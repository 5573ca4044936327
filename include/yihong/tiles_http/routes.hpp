#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/features/source.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/state/catalog.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::tiles_http {

inline constexpr std::string_view tile_type = "application/vnd.mapbox-vector-tile";

/// The conformance classes of OGC API - Tiles and of tile matrix sets that the routes hold to.
[[nodiscard]] std::span<std::string_view const> conformance_classes() noexcept;
/// Whether a collection is served as tiles: all that lie in memory. A history would be read through for every tile.
[[nodiscard]] bool has_tiles(FeatureSource const& collection) noexcept;

struct TilesOptions {
    std::string title = "一泓 Yihong";
    std::string attribution = {};
    bool hide_empty = false;                       ///< collections without a feature are no part of what is said of all together
    std::size_t cache_bytes = 32U << 20U;          ///< layers of tiles and finished replies, compressed forms included
};

/// OGC API - Tiles over the current catalog: vector tiles of each collection and of all together, their tile sets and tile matrix sets, TileJSON
/// and a style. A tile is made on `makers` and kept until a feature that it shows is another one.
class Tiles {
public:
    /// \param makers makes tiles; both must outlive the routes, this object need not
    Tiles(Snapshot<Catalog> const& catalog, net::Pool& makers, TilesOptions options);
    [[nodiscard]] std::vector<http::Route> routes() const;

    struct Statistics {
        std::size_t made = 0;  ///< layers of tiles
        std::size_t bytes = 0;  ///< kept
    };
    [[nodiscard]] Statistics statistics() const;
    /// For /metrics.
    [[nodiscard]] std::string metrics_text() const;

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace yihong::tiles_http
