#pragma once

#include "yihong/config/config.hpp"

#include "table_reader.hpp"

#include <filesystem>
#include <vector>

namespace yihong {

/// The `[[layers]]`, with their problems. \param folder relative sources start from there
std::vector<LayerDeclaration> read_layers(TableReader& root, std::filesystem::path const& folder);
/// The `[[zones]]` that rasters among `layers` draw.
std::vector<RasterZoneRule> read_zones(TableReader& root, std::vector<LayerDeclaration> const& layers);

}  // namespace yihong
