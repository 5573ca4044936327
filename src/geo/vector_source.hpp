#pragma once

#include "vector_dataset.hpp"

#include "yihong/geometry/geometry.hpp"
#include "yihong/geometry/geos.hpp"

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

Result<LoadedLayer> load_vector(LayerDeclaration const& declaration, OpenDatasets& open, Geos& geos);

}  // namespace yihong::geo
