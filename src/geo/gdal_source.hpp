#pragma once

// The wrapper round GDAL and its use of PROJ. Datasets are opened, read and closed by the thread that loads layers.
#include "yihong/base/result.hpp"
#include "yihong/model/layer.hpp"

#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace yihong::geo {

/// Takes what GDAL, OGR and PROJ say on this thread while it lives; nothing of it reaches standard error.
class GdalMessages {
public:
    GdalMessages();
    GdalMessages(GdalMessages const&) = delete;
    GdalMessages& operator=(GdalMessages const&) = delete;
    ~GdalMessages();

    [[nodiscard]] bool failed() const noexcept { return !errors_.empty(); }
    /// The errors, joined (GDAL often explains in a second one); "no reason given" without any.
    [[nodiscard]] std::string errors() const;
    [[nodiscard]] std::vector<std::string> const& warnings() const noexcept { return warnings_; }
    void clear();

private:
    std::vector<std::string> errors_;
    std::vector<std::string> warnings_;
};

struct DatasetCloser {
    void operator()(GDALDataset* d) const noexcept { GDALClose(d); }
};
using DatasetPtr = std::unique_ptr<GDALDataset, DatasetCloser>;

/// \param flags GDAL_OF_VECTOR or GDAL_OF_RASTER
/// \param encoding of Shapefile text; empty: what the file says
/// \return Errc::broken_file with GDAL's message
Result<DatasetPtr> open_dataset(std::string const& source, unsigned flags, char const* encoding = nullptr);

/// What `declaration` was about, in front of every failure of it.
Failure layer_failure(Errc code, LayerDeclaration const& declaration, std::string const& text);

/// A layer with what its declaration says of it, still without content.
std::shared_ptr<Layer> declared_layer(LayerDeclaration const& declaration);

/// Between a source's coordinates and longitude/latitude in WGS 84, GCJ-02 undone.
class ToLonLat {
public:
    /// \param file what the source says of itself; null: nothing. The declaration's `crs` wins over it.
    /// \return Errc::bad_value for a CRS that PROJ does not know
    static Result<ToLonLat> make(OGRSpatialReference const* file, LayerDeclaration const& declaration);

    /// Neither the file nor the declaration names a CRS: longitude/latitude is taken for granted.
    [[nodiscard]] bool is_assumed() const noexcept { return assumed_; }
    /// In place. \return false when a coordinate cannot be reprojected or is no longitude/latitude afterwards
    [[nodiscard]] bool apply(std::span<LonLat> points);
    /// The other way, for sampling: longitude/latitude to source coordinates. \return false when there is none
    [[nodiscard]] bool undo(LonLat& point);

private:
    std::unique_ptr<OGRCoordinateTransformation> forward_;             // null: already longitude/latitude
    std::unique_ptr<OGRCoordinateTransformation> backward_;
    std::vector<double> x_, y_;
    std::vector<int> success_;
    bool gcj02_ = false;
    bool assumed_ = false;
};

}  // namespace yihong::geo
