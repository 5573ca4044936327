#pragma once

#include "gdal_source.hpp"

#include <string>

namespace yihong::geo {

/// How a Shapefile that does not say so encodes its attribute text. Most Chinese ones are GBK and carry no .cpg; GDAL then takes them for
/// Latin-1. Looks at the bytes themselves.
/// \return `GBK`, `UTF-8`, or null when GDAL's reading stands
char const* guess_shapefile_encoding(GDALDataset& opened, std::string const& source);

}  // namespace yihong::geo
