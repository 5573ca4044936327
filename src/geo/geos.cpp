#include "geos.hpp"

#include <stdexcept>

namespace yihong::geo {

static_assert(sizeof(LonLat) == 2 * sizeof(double), "coordinates are handed to GEOS as an array of doubles");

int dimension(GeometryType type) noexcept
{
    switch (type) {
    case GeometryType::polygon:
    case GeometryType::multi_polygon: return 2;
    case GeometryType::line_string:
    case GeometryType::multi_line_string: return 1;
    default: return 0;
    }
}

Geos::Geos() : handle_{GEOS_init_r()}
{
    if (!handle_)
        throw std::runtime_error{"GEOS cannot be initialised"};
    auto const keep = [](char const* text, void* self) { static_cast<Geos*>(self)->message_ = text; };
    GEOSContext_setErrorMessageHandler_r(handle_, keep, this);
    GEOSContext_setNoticeMessageHandler_r(handle_, keep, this);
}

Geos::~Geos() { GEOS_finish_r(handle_); }

Geos::GeometryPtr Geos::own(GEOSGeometry* geometry, char const* what) const
{
    if (!geometry)
        throw std::runtime_error{std::string{"GEOS: "} + what + ": " + message_};
    return GeometryPtr{geometry, {handle_}};
}

Geos::GeometryPtr Geos::point(LonLat p) const { return own(GEOSGeom_createPointFromXY_r(handle_, p.lon, p.lat), "point"); }

Geos::GeometryPtr Geos::rectangle(BoundingBox const& box) const
{
    return own(GEOSGeom_createRectangle_r(handle_, box.west, box.south, box.east, box.north), "rectangle");
}

Geos::GeometryPtr Geos::geometry(Parts const& parts, int dim) const
{
    auto const sequence = [&](Ring const& ring) {
        return GEOSCoordSeq_copyFromBuffer_r(handle_, &ring.front().lon, static_cast<unsigned>(ring.size()), 0, 0);
    };
    auto const release = [](std::vector<GeometryPtr>& from) {           // GEOS takes them over, even when it fails
        std::vector<GEOSGeometry*> raw;
        for (auto& g : from)
            raw.push_back(g.release());
        return raw;
    };
    std::vector<GeometryPtr> pieces;
    for (auto const& part : parts) {
        if (dim == 1) {
            pieces.push_back(own(GEOSGeom_createLineString_r(handle_, sequence(part.front())), "line"));
            continue;
        }
        std::vector<GeometryPtr> rings;
        for (auto const& ring : part)
            rings.push_back(own(GEOSGeom_createLinearRing_r(handle_, sequence(ring)), "ring"));
        auto raw = release(rings);
        pieces.push_back(
            own(GEOSGeom_createPolygon_r(handle_, raw.front(), raw.data() + 1, static_cast<unsigned>(raw.size() - 1)), "polygon"));
    }
    auto raw = release(pieces);
    int const type = dim == 1 ? GEOS_MULTILINESTRING : GEOS_MULTIPOLYGON;
    return own(GEOSGeom_createCollection_r(handle_, type, raw.data(), static_cast<unsigned>(raw.size())), "collection");
}

Parts Geos::parts(GEOSGeometry const* geometry, int dim) const
{
    auto const ring = [&](GEOSGeometry const* line) {
        GEOSCoordSequence const* s = GEOSGeom_getCoordSeq_r(handle_, line);
        unsigned size = 0;
        GEOSCoordSeq_getSize_r(handle_, s, &size);
        Ring points(size);
        if (size > 0)
            GEOSCoordSeq_copyToBuffer_r(handle_, s, &points.front().lon, 0, 0);
        return points;
    };
    Parts found;
    if (GEOSisEmpty_r(handle_, geometry) != 0)
        return found;
    switch (GEOSGeomTypeId_r(handle_, geometry)) {
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        if (dim == 1)
            found.push_back({ring(geometry)});
        break;
    case GEOS_POLYGON:
        if (dim == 2) {
            std::vector<Ring> rings{ring(GEOSGetExteriorRing_r(handle_, geometry))};
            int const holes = GEOSGetNumInteriorRings_r(handle_, geometry);
            for (int i = 0; i < holes; ++i)
                rings.push_back(ring(GEOSGetInteriorRingN_r(handle_, geometry, i)));
            found.push_back(std::move(rings));
        }
        break;
    case GEOS_MULTILINESTRING:
    case GEOS_MULTIPOLYGON:
    case GEOS_GEOMETRYCOLLECTION: {
        int const count = GEOSGetNumGeometries_r(handle_, geometry);
        for (int i = 0; i < count; ++i)
            for (auto& part : parts(GEOSGetGeometryN_r(handle_, geometry, i), dim))
                found.push_back(std::move(part));
        break;
    }
    default: break;
    }
    return found;
}

}  // namespace yihong::geo
