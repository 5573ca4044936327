#pragma once

#include "field_names.hpp"
#include "gdal_source.hpp"

#include <ogrsf_frmts.h>

#include <map>
#include <memory>
#include <string>

namespace yihong::geo {

/// A vector source while layers are loaded from it.
class VectorDataset {
public:
    /// Opens what the declaration names, with the encoding that its text is really in.
    static Result<std::unique_ptr<VectorDataset>> open(LayerDeclaration const& declaration);
    VectorDataset(VectorDataset const&) = delete;
    VectorDataset& operator=(VectorDataset const&) = delete;
    ~VectorDataset();

    /// \return Errc::not_found with what there is
    Result<OGRLayer*> find_layer(LayerDeclaration const& declaration);
    /// Of one of its layers; what was renamed is logged once.
    FieldNames const& names_of(OGRLayer& layer, LayerDeclaration const& declaration);
    /// What the source says of the layer's CRS; null: nothing.
    /// \return Errc::bad_value where it names one that PROJ does not know: GDAL takes WGS 84 then, and says nothing
    Result<OGRSpatialReference const*> reference_of(OGRLayer& layer, LayerDeclaration const& declaration);

private:
    explicit VectorDataset(DatasetPtr dataset) : dataset_{std::move(dataset)} {}

    DatasetPtr dataset_;
    std::string copy_;                                         // in memory, of a KML; empty: none
    std::map<std::string, std::string> original_names_;        // of its fields
    std::map<OGRLayer*, FieldNames> names_;
};

/// Datasets opened during one load, so that the layers of one file share it. Key: source and encoding.
using OpenDatasets = std::map<std::string, std::unique_ptr<VectorDataset>>;

}  // namespace yihong::geo
