#include "yihong/geometry/geos.hpp"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace yihong {
namespace {

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

constexpr double metres_a_degree = 111'320;

}  // namespace

struct Geos::Context {
    GEOSContextHandle_t handle = GEOS_init_r();
    std::string message;                                   // what GEOS said last, e.g. why an operation failed

    Context()
    {
        if (!handle)
            throw std::runtime_error{"GEOS cannot be initialised"};
        auto const keep = [](char const* text, void* self) { static_cast<Context*>(self)->message = text; };
        GEOSContext_setErrorMessageHandler_r(handle, keep, this);
        GEOSContext_setNoticeMessageHandler_r(handle, keep, this);
    }
    Context(Context const&) = delete;
    Context& operator=(Context const&) = delete;
    ~Context() { GEOS_finish_r(handle); }

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

struct Geos::Prepared::Handles {
    Context const* context;
    GeometryPtr geometry;
    PreparedPtr prepared;
};

Geos::Prepared::Prepared(std::unique_ptr<Handles> handles, double size) : handles_{std::move(handles)}, size_{size} {}
Geos::Prepared::Prepared(Prepared&&) noexcept = default;
Geos::Prepared& Geos::Prepared::operator=(Prepared&&) noexcept = default;
Geos::Prepared::~Prepared() = default;

bool Geos::Prepared::covers(LonLat p) const
{
    auto const point = handles_->context->point(p);
    return GEOSPreparedIntersects_r(handles_->context->handle, handles_->prepared.get(), point.get()) == 1;
}

Geos::Geos() : context_{std::make_unique<Context>()} {}
Geos::Geos(Geos&&) noexcept = default;
Geos& Geos::operator=(Geos&&) noexcept = default;
Geos::~Geos() = default;

Geos::Prepared Geos::prepared(Geometry const& area) const
{
    auto const handle = context_->handle;
    auto geometry = context_->to_geos(area);
    double size = 0;
    GEOSArea_r(handle, geometry.get(), &size);
    PreparedPtr prepared{GEOSPrepare_r(handle, geometry.get()), {handle}};
    return {std::make_unique<Prepared::Handles>(context_.get(), std::move(geometry), std::move(prepared)), size};
}

std::string Geos::why_invalid(Geometry const& geometry) const { return context_->why_invalid(context_->to_geos(geometry).get()); }

std::string Geos::mend(MultiPolygon& polygons) const
{
    auto const handle = context_->handle;
    auto const g = context_->to_geos(polygons);
    auto why = context_->why_invalid(g.get());
    if (why.empty())
        return why;
    // The structure method keeps overlapping parts as their union; the linework one would punch a hole there.
    GEOSMakeValidParams* const how = GEOSMakeValidParams_create_r(handle);
    GEOSMakeValidParams_setMethod_r(handle, how, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(handle, how, 0);
    GEOSGeometry* const mended = GEOSMakeValidWithParams_r(handle, g.get(), how);
    GEOSMakeValidParams_destroy_r(handle, how);
    polygons.polygons.clear();
    context_->collect(context_->own(mended, "mending a polygon").get(), polygons.polygons);
    return why;
}

Geometry Geos::simplified(Geometry const& lines_or_polygons, double tolerance_m) const
{
    BoundingBox const box = bounds_of(lines_or_polygons);
    double const shrink = std::max(0.01, std::cos((box.south + box.north) / 2 * std::numbers::pi / 180));
    auto const scaled = [](Geometry moved, double by) {
        for_each_sequence(moved, [&](auto positions) {
            for (LonLat& p : positions)
                p.lon *= by;
        });
        return moved;
    };
    auto const source = context_->to_geos(scaled(lines_or_polygons, shrink));
    auto const thinner =
        context_->own(GEOSTopologyPreserveSimplify_r(context_->handle, source.get(), tolerance_m / metres_a_degree), "simplifying");
    if (dimension(type_of(lines_or_polygons)) == 1) {
        MultiLineString lines;
        context_->collect(thinner.get(), lines.lines);
        return lines.lines.empty() ? lines_or_polygons : scaled(std::move(lines), 1 / shrink);
    }
    MultiPolygon polygons;
    context_->collect(thinner.get(), polygons.polygons);
    return polygons.polygons.empty() ? lines_or_polygons : scaled(std::move(polygons), 1 / shrink);
}

MultiLineString Geos::joined(MultiLineString const& lines) const
{
    auto const all = context_->to_geos(lines);
    auto const merged = context_->own(GEOSLineMergeDirected_r(context_->handle, all.get()), "joining lines");
    MultiLineString result;
    context_->collect(merged.get(), result.lines);
    return result;
}

double Geos::distance(Geometry const& a, Geometry const& b) const
{
    double degrees = 0;
    if (GEOSDistance_r(context_->handle, context_->to_geos(a).get(), context_->to_geos(b).get(), &degrees) != 1)
        context_->give_up("distance");
    return degrees;
}

bool Geos::covers(Geometry const& a, Geometry const& b) const
{
    char const answer = GEOSCovers_r(context_->handle, context_->to_geos(a).get(), context_->to_geos(b).get());
    if (answer != 0 && answer != 1)
        context_->give_up("covers");
    return answer == 1;
}

}  // namespace yihong
