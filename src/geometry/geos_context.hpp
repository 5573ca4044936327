#pragma once

#include "yihong/geometry/geometry.hpp"

#include <geos_c.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace yihong {

static_assert(sizeof(LonLat) == 2 * sizeof(double), "coordinates are handed to GEOS as an array of doubles");

struct GeometryDeleter {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* g) const noexcept { GEOSGeom_destroy_r(context, g); }
};
using GeometryPtr = std::unique_ptr<GEOSGeometry, GeometryDeleter>;
struct PreparedDeleter {
    GEOSContextHandle_t context;
    void operator()(GEOSPreparedGeometry const* g) const noexcept { GEOSPreparedGeom_destroy_r(context, g); }
};
using PreparedPtr = std::unique_ptr<GEOSPreparedGeometry const, PreparedDeleter>;

/// A context of GEOS with what goes in and out of it; for one thread at a time.
struct GeosContext {
    GEOSContextHandle_t handle = GEOS_init_r();
    std::string message;                                   // what GEOS said last, e.g. why an operation failed

    GeosContext()
    {
        if (!handle)
            throw std::runtime_error{"GEOS cannot be initialised"};
        auto const keep = [](char const* text, void* self) { static_cast<GeosContext*>(self)->message = text; };
        GEOSContext_setErrorMessageHandler_r(handle, keep, this);
        GEOSContext_setNoticeMessageHandler_r(handle, keep, this);
    }
    GeosContext(GeosContext const&) = delete;
    GeosContext& operator=(GeosContext const&) = delete;
    ~GeosContext() { GEOS_finish_r(handle); }

    [[noreturn]] void give_up(char const* what) const { throw std::runtime_error{std::string{"GEOS: "} + what + ": " + message}; }
    /// \param what was tried
    GeometryPtr own(GEOSGeometry* geometry, char const* what) const
    {
        if (!geometry)
            give_up(what);
        return GeometryPtr{geometry, {handle}};
    }

    GEOSCoordSequence* sequence(Positions const& positions) const
    {
        return GEOSCoordSeq_copyFromBuffer_r(handle, &positions.front().lon, static_cast<unsigned>(positions.size()), 0, 0);
    }
    /// GEOS takes the pieces over, even when it fails.
    static std::vector<GEOSGeometry*> released(std::vector<GeometryPtr>& from)
    {
        std::vector<GEOSGeometry*> raw;
        for (auto& g : from)
            raw.push_back(g.release());
        return raw;
    }
    GeometryPtr collection(int type, std::vector<GeometryPtr> pieces) const
    {
        auto raw = released(pieces);
        return own(GEOSGeom_createCollection_r(handle, type, raw.data(), static_cast<unsigned>(raw.size())), "collection");
    }
    GeometryPtr point(LonLat p) const { return own(GEOSGeom_createPointFromXY_r(handle, p.lon, p.lat), "point"); }
    GeometryPtr polygon(Polygon const& polygon) const
    {
        std::vector<GeometryPtr> rings;
        for (auto const& ring : polygon.rings)
            rings.push_back(own(GEOSGeom_createLinearRing_r(handle, sequence(ring)), "ring"));
        auto raw = released(rings);
        return own(GEOSGeom_createPolygon_r(handle, raw.front(), raw.data() + 1, static_cast<unsigned>(raw.size() - 1)), "polygon");
    }
    /// Always as several points, lines or polygons.
    GeometryPtr to_geos(Geometry const& geometry) const
    {
        std::vector<GeometryPtr> pieces;
        switch (dimension(type_of(geometry))) {
        case 2:
            for (auto const& each : polygons_of(geometry))
                pieces.push_back(polygon(each));
            return collection(GEOS_MULTIPOLYGON, std::move(pieces));
        case 1:
            for (auto const& line : lines_of(geometry))
                pieces.push_back(own(GEOSGeom_createLineString_r(handle, sequence(line)), "line"));
            return collection(GEOS_MULTILINESTRING, std::move(pieces));
        default:
            for_each_sequence(geometry, [&](auto positions) {
                for (LonLat const p : positions)
                    pieces.push_back(point(p));
            });
            return collection(GEOS_MULTIPOINT, std::move(pieces));
        }
    }

    Positions positions(GEOSGeometry const* line) const
    {
        GEOSCoordSequence const* const sequence = GEOSGeom_getCoordSeq_r(handle, line);
        unsigned size = 0;
        GEOSCoordSeq_getSize_r(handle, sequence, &size);
        Positions found(size);
        if (size > 0)
            GEOSCoordSeq_copyToBuffer_r(handle, sequence, &found.front().lon, 0, 0);
        return found;
    }
    /// The lines or the polygons in it; pieces of another dimension are left out (collapsed bits of a mended polygon).
    template <typename Piece>
    void collect(GEOSGeometry const* geometry, std::vector<Piece>& to) const
    {
        if (GEOSisEmpty_r(handle, geometry) != 0)
            return;
        switch (GEOSGeomTypeId_r(handle, geometry)) {
        case GEOS_LINESTRING:
        case GEOS_LINEARRING:
            if constexpr (std::is_same_v<Piece, Positions>)
                to.push_back(positions(geometry));
            break;
        case GEOS_POLYGON:
            if constexpr (std::is_same_v<Piece, Polygon>) {
                auto& rings = to.emplace_back().rings;
                rings.push_back(positions(GEOSGetExteriorRing_r(handle, geometry)));
                int const holes = GEOSGetNumInteriorRings_r(handle, geometry);
                for (int i = 0; i < holes; ++i)
                    rings.push_back(positions(GEOSGetInteriorRingN_r(handle, geometry, i)));
            }
            break;
        case GEOS_MULTILINESTRING:
        case GEOS_MULTIPOLYGON:
        case GEOS_GEOMETRYCOLLECTION: {
            int const count = GEOSGetNumGeometries_r(handle, geometry);
            for (int i = 0; i < count; ++i)
                collect(GEOSGetGeometryN_r(handle, geometry, i), to);
            break;
        }
        default: break;
        }
    }

    [[nodiscard]] std::string why_invalid(GEOSGeometry const* geometry) const
    {
        if (GEOSisValid_r(handle, geometry) == 1)
            return {};
        std::string why = "invalid";
        if (char* const reason = GEOSisValidReason_r(handle, geometry)) {
            why = reason;
            GEOSFree_r(handle, reason);
        }
        return why;
    }
};

}  // namespace yihong
