#pragma once

#include "gdal_source.hpp"
#include "to_lon_lat.hpp"

#include <array>
#include <memory>
#include <optional>

namespace yihong::geo {

/// Band 1 of a georeferenced raster, sampled cell by cell. Used by one thread at a time.
class Raster {
public:
    static Result<Raster> open(LayerDeclaration const& declaration);

    [[nodiscard]] std::shared_ptr<Layer const> const& layer() const noexcept { return layer_; }
    /// The value of the cell that holds the place; none outside, at nodata, and where the file cannot be read (logged).
    [[nodiscard]] std::optional<double> sample(LonLat position);

private:
    Raster(DatasetPtr dataset, ToLonLat place) : dataset_{std::move(dataset)}, place_{std::move(place)} {}

    DatasetPtr dataset_;
    ToLonLat place_;
    std::array<double, 6> to_cell_{};
    std::optional<double> nodata_;
    double scale_ = 1;
    double offset_ = 0;
    std::shared_ptr<Layer const> layer_;
};

}  // namespace yihong::geo
