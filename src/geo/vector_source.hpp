#pragma once

#include "gdal_source.hpp"

#include "yihong/geometry/geometry.hpp"
#include "yihong/geometry/geos.hpp"

#include <map>
#include <string>
#include <vector>

namespace yihong::geo {

/// A vector layer as loaded, with what the overlay needs beyond what is served.
struct LoadedLayer {
    std::shared_ptr<Layer const> layer;
    std::vector<std::string> names;        ///< of the features; empty: unnamed
    std::vector<Geometry> exact;             ///< unsimplified; empty: the layer's own geometry is exact
    std::vector<std::optional<double>> accuracy_m;  ///< of the features; none: not said
    double reach_m = 0;
    bool approximate = false;

    [[nodiscard]] Geometry const& geometry(std::size_t feature) const
    {
        return exact.empty() ? layer->features[feature].geometry : exact[feature];
    }
};

/// Datasets opened during one load, so that the layers of one file share it. Key: source and encoding.
using OpenDatasets = std::map<std::string, DatasetPtr>;

Result<LoadedLayer> load_vector(LayerDeclaration const& declaration, OpenDatasets& open, Geos& geos);

}  // namespace yihong::geo
