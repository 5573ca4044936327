#pragma once

// The wrapper round PROJ. A transformation belongs to the thread that loads layers, or to whoever samples a raster.
#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/layer.hpp"

#include <ogr_spatialref.h>
#include <proj.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace yihong::geo {

/// Between a source's coordinates and longitude/latitude in WGS 84, GCJ-02 undone. One transformation serves the whole layer: choosing it
/// point by point would tear a layer where the area of a published datum shift ends.
class ToLonLat {
public:
    /// Where the source lies, in its own coordinates; none: not known. Asked only where it matters.
    using Extent = std::function<std::optional<BoundingBox>()>;

    /// \param file what the source says of itself; null: nothing. The declaration's `crs` wins over it.
    /// \return Errc::bad_value for a CRS that PROJ does not know, unsupported for one that has no place on the globe. A datum that is shifted
    ///         by parameters made for elsewhere, or by none, is logged as a warning.
    static Result<ToLonLat> make(OGRSpatialReference const* file, LayerDeclaration const& declaration, Extent const& extent);

    /// Neither the file nor the declaration names a CRS: longitude/latitude is taken for granted.
    [[nodiscard]] bool is_assumed() const noexcept { return assumed_; }
    /// In place. \return false when a coordinate cannot be reprojected or is no longitude/latitude afterwards
    [[nodiscard]] bool apply(std::span<LonLat> points);
    /// The other way, for sampling: longitude/latitude to source coordinates. \return false when there is none
    [[nodiscard]] bool undo(LonLat& point);

private:
    struct ContextDeleter {
        void operator()(PJ_CONTEXT* context) const noexcept { proj_context_destroy(context); }
    };
    struct PjDeleter {
        void operator()(PJ* pj) const noexcept { proj_destroy(pj); }
    };
    using PjPtr = std::unique_ptr<PJ, PjDeleter>;

    Result<void> choose(OGRSpatialReference const& srs, LayerDeclaration const& declaration, Extent const& extent);
    [[nodiscard]] LonLat moved(PJ_DIRECTION direction, LonLat point) const;

    std::unique_ptr<PJ_CONTEXT, ContextDeleter> context_;  // first: outlives the transformation
    PjPtr transformation_;  // null: already longitude/latitude
    bool north_first_ = false;  // the source's coordinates stand the other way round
    bool gcj02_ = false;
    bool assumed_ = false;
};

}  // namespace yihong::geo
