#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/layer_set.hpp"

#include <chrono>
#include <expected>
#include <memory>
#include <span>
#include <vector>

namespace yihong {

/// Reads every declared layer with GDAL into longitude/latitude geometry and builds what answers overlay questions.
/// Vector sources are closed again before this returns; a raster stays open, read cell by cell under a mutex by
/// `LayerSet::facts`. Takes its time (files, PROJ): call it at start-up and reload, never on an I/O thread.
///
/// Facts: `county` is the smallest `boundary` feature that contains the place. `river` and `lake` are the nearest named
/// features within the layer's `reach_m`, by geodesic distance. Chainage (里程) runs in kilometres from the beginning of
/// the longest connected line of that name, in its digitised direction; a place beside another channel is projected onto
/// it, and has no chainage where it lies beyond its ends. A zone's id is the layer's id, or `<layer id>/<feature id>`
/// where the layer has several features. A raster answers with the cell that holds the place (nodata and outside: none);
/// `elevation_m` comes from the raster layer named `elevation`.
///
/// \return every problem of every layer, each naming layer, file, the library's own message and what to do:
///         Errc::broken_file, unsupported (no CRS, no georeference), not_found (layer, attribute, raster), duplicate_id,
///         bad_value, too_large. An empty layer, mended and dropped geometry are only logged.
/// \param deadline how long one layer may take to be mended and thinned; broken_file beyond
std::expected<std::shared_ptr<LayerSet const>, std::vector<Failure>>
load_layers(std::span<LayerDeclaration const> layers, std::span<RasterZoneRule const> zone_rules,
            std::chrono::milliseconds deadline = std::chrono::minutes{1});

}  // namespace yihong
