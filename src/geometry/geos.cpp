#include "yihong/geometry/geos.hpp"

#include "geos_context.hpp"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace yihong {
namespace {

constexpr double metres_a_degree = 111'320;

using Clock = std::chrono::steady_clock;

thread_local std::optional<Clock::time_point> deadline_of_this_thread;

/// GEOS asks in every longer loop whether to go on; what is thrown here is what the operation fails with.
void look_at_the_clock()
{
    if (deadline_of_this_thread && Clock::now() > *deadline_of_this_thread)
        throw std::runtime_error{"it takes too long; mend or thin the geometry first (ogr2ogr -makevalid, -simplify)"};
}

/// As long as it lives, operations of this thread end at the deadline.
class Watched {
public:
    explicit Watched(std::optional<Clock::time_point> deadline)
    {
        static std::once_flag registered;
        std::call_once(registered, [] { GEOS_interruptRegisterCallback(look_at_the_clock); });
        deadline_of_this_thread = deadline;
        look_at_the_clock();                               // small operations do not ask
    }
    Watched(Watched const&) = delete;
    Watched& operator=(Watched const&) = delete;
    ~Watched() { deadline_of_this_thread.reset(); }
};

}  // namespace

struct Geos::Context : GeosContext {
    std::optional<Clock::time_point> deadline;
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

void Geos::give_up_at(std::optional<Clock::time_point> deadline) noexcept { context_->deadline = deadline; }

std::string Geos::why_invalid(Geometry const& geometry) const { return context_->why_invalid(context_->to_geos(geometry).get()); }

std::string Geos::mend(MultiPolygon& polygons) const
{
    auto const handle = context_->handle;
    Watched const watched{context_->deadline};
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
    Watched const watched{context_->deadline};
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
