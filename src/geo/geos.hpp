#pragma once

// The wrapper round GEOS. No handle leaves this module.
#include "yihong/model/layer.hpp"

#include <geos_c.h>

#include <memory>
#include <string>
#include <vector>

namespace yihong::geo {

using Ring = std::vector<LonLat>;
using Parts = std::vector<std::vector<Ring>>;

/// 0 points, 1 lines, 2 polygons; \pre `type` is not `none`
int dimension(GeometryType type) noexcept;

/// A GEOS context with its last message. Used by one thread at a time.
class Geos {
public:
    Geos();
    Geos(Geos const&) = delete;
    Geos& operator=(Geos const&) = delete;
    ~Geos();

    [[nodiscard]] GEOSContextHandle_t handle() const noexcept { return handle_; }
    /// What GEOS said last, e.g. why an operation failed.
    [[nodiscard]] std::string const& message() const noexcept { return message_; }

    struct GeometryDeleter {
        GEOSContextHandle_t context;
        void operator()(GEOSGeometry* g) const noexcept { GEOSGeom_destroy_r(context, g); }
    };
    struct PreparedDeleter {
        GEOSContextHandle_t context;
        void operator()(GEOSPreparedGeometry const* g) const noexcept { GEOSPreparedGeom_destroy_r(context, g); }
    };
    struct TreeDeleter {
        GEOSContextHandle_t context;
        void operator()(GEOSSTRtree* t) const noexcept { GEOSSTRtree_destroy_r(context, t); }
    };
    using GeometryPtr = std::unique_ptr<GEOSGeometry, GeometryDeleter>;
    using PreparedPtr = std::unique_ptr<GEOSPreparedGeometry const, PreparedDeleter>;
    using TreePtr = std::unique_ptr<GEOSSTRtree, TreeDeleter>;

    /// \throw std::runtime_error with GEOS's message for `null`; `what` says what was tried
    GeometryPtr own(GEOSGeometry* geometry, char const* what) const;

    GeometryPtr point(LonLat p) const;
    GeometryPtr rectangle(BoundingBox const& box) const;
    /// Lines as MultiLineString, polygons as MultiPolygon. \pre rings are closed with at least 4 points, lines have 2
    GeometryPtr geometry(Parts const& parts, int dimension) const;
    /// The pieces of `dimension` in it; others are left out (collapsed bits of a mended polygon).
    Parts parts(GEOSGeometry const* geometry, int dimension) const;

private:
    GEOSContextHandle_t handle_;
    std::string message_;
};

}  // namespace yihong::geo
