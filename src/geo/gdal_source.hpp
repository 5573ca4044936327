#pragma once

// The wrapper round GDAL. Datasets are opened, read and closed by the thread that loads layers.
#include "yihong/base/result.hpp"
#include "yihong/model/layer.hpp"

#include <gdal_priv.h>

#include <memory>
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

}  // namespace yihong::geo
