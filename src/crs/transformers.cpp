#include "yihong/crs/transformers.hpp"

#include "proj_handles.hpp"
#include "usual_systems.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace yihong::crs {
namespace {

constexpr int steps_an_edge = 22;  // of a box that is moved

}  // namespace

struct Transformer::Parts {
    /// Where a place of a point went: the same sites are asked for again and again, and their records all lie at them. A place has one slot.
    struct Kept {
        LonLat from{std::numeric_limits<double>::quiet_NaN(), 0};  // equal to nothing
        LonLat to{};
    };
    static constexpr std::size_t slots = 16 * 1024;  // 512 KB

    ContextPtr context;  // first: outlives the transformations
    PjPtr transformation;
    PjPtr between_systems{};  // see `of_systems`
    std::string target;
    UsualSystem const* usual;  // null: it is none of them
    bool in_degrees = false;
    std::vector<Kept> kept{};

    explicit Parts(System const& to)
        : context{proj_context_create()}, target{"EPSG:" + std::to_string(to.code)}, usual{usual_system(to.code)}, in_degrees{to.in_degrees}
    {
        proj_log_level(context.get(), PJ_LOG_NONE);
        transformation.reset(usual ? proj_create(context.get(), usual_operation(*usual).c_str()) : from_register());
        if (!transformation)
            throw std::runtime_error{"PROJ has no way from CRS84 to " + target};
    }

    PJ* from_register() const { return proj_create_crs_to_crs(context.get(), "OGC:CRS84", target.c_str(), nullptr); }

    /// The transformation with the two systems that it is between, which boxes at a pole or the antimeridian need: made when the first one comes, for that
    /// takes PROJ 110 ms.
    PJ* of_systems()
    {
        if (!usual)
            return transformation.get();
        if (!between_systems)
            between_systems.reset(from_register());
        return between_systems.get();
    }

    /// The box round what the edges of a box come to. Where neither a pole nor the antimeridian is near, nothing inside comes to lie farther out.
    /// \return none where one may be, or where it is no usual system
    std::optional<BoundingBox> box_of_edges(LonLat low, LonLat high)
    {
        constexpr double half_round_the_globe = 20'037'508.342'789'244;  // of web maps, metres
        bool const is_web = usual && !usual->in_degrees && usual->meridian == 0;
        if (!usual || low.lon > high.lon || low.lat > high.lat ||
            (is_web && (low.lon < -half_round_the_globe || high.lon > half_round_the_globe)))
            return std::nullopt;
        std::vector<LonLat> points;
        for (int i = 0; i <= steps_an_edge; ++i) {
            double const part = static_cast<double>(i) / steps_an_edge;
            LonLat const between{std::lerp(low.lon, high.lon, part), std::lerp(low.lat, high.lat, part)};
            points.insert(points.end(), {{low.lon, between.lat}, {high.lon, between.lat}, {between.lon, low.lat}, {between.lon, high.lat}});
        }
        move(points, false);
        BoundingBox box;
        for (auto const& p : points)
            box.extend(p);
        auto const is_safe = [this](LonLat p) {
            bool const of_zone = usual->meridian != 0;
            return std::abs(p.lon - usual->meridian) <= (of_zone ? 60 : 180) &&
                   std::abs(p.lat) <= (of_zone ? 70 : 90);  // not where it is no number
        };
        return std::ranges::all_of(points, is_safe) ? std::optional{box} : std::nullopt;
    }

    void move(std::span<LonLat> positions, bool is_forward)
    {
        proj_trans_generic(transformation.get(), is_forward ? PJ_FWD : PJ_INV, &positions.front().lon, sizeof(LonLat), positions.size(),
                           &positions.front().lat, sizeof(LonLat), positions.size(), nullptr, 0, 0, nullptr, 0, 0);
        proj_errno_reset(transformation.get());
    }

    Kept& slot_of(LonLat place)
    {
        if (kept.empty())
            kept.resize(slots);
        auto const bits = std::bit_cast<std::uint64_t>(place.lon) * 0x9E3779B97F4A7C15U ^ std::bit_cast<std::uint64_t>(place.lat);
        return kept[(bits * 0x9E3779B97F4A7C15U) >> 50U];
    }
};

Transformer::Transformer(System const& to) : parts_{std::make_unique<Parts>(to)} {}

Transformer::~Transformer() = default;

Geometry Transformer::moved(Geometry const& geometry) const
{
    auto const* point = std::get_if<Point>(&geometry);
    if (point == nullptr)
        return transformed(geometry, true);
    auto& kept = parts_->slot_of(point->position);
    if (kept.from == point->position)
        return Point{kept.to};
    auto made = transformed(geometry, true);
    if (auto const* moved = std::get_if<Point>(&made))
        kept = {point->position, moved->position};
    return made;
}

Geometry Transformer::lonlat_of(Geometry const& geometry) const { return transformed(geometry, false); }

Geometry Transformer::transformed(Geometry const& geometry, bool is_forward) const
{
    Geometry made = geometry;
    bool has_place = true;
    for_each_sequence(made, [&](std::span<LonLat> positions) {
        if (positions.empty())
            return;
        parts_->move(positions, is_forward);
        for (auto const& p : positions)
            has_place = has_place && std::isfinite(p.lon) && std::isfinite(p.lat);
    });
    return has_place ? made : Geometry{};
}

std::vector<BoundingBox> Transformer::boxes_round(double low_first, double low_second, double high_first, double high_second) const
{
    if (parts_->in_degrees && low_second > high_second) {  // longitude is the second axis of the degrees: the box crosses the antimeridian
        auto both = boxes_round(low_first, low_second, high_first, 180);
        std::ranges::move(boxes_round(low_first, -180, high_first, high_second), std::back_inserter(both));
        return both;
    }
    if (auto const box = parts_->box_of_edges({low_first, low_second}, {high_first, high_second}))
        return {*box};
    BoundingBox box;
    auto* const transformation = parts_->of_systems();
    if (transformation == nullptr)
        return {};
    int const found = proj_trans_bounds(parts_->context.get(), transformation, PJ_INV, low_first, low_second, high_first, high_second,
                                        &box.west, &box.south, &box.east, &box.north, steps_an_edge - 1);
    proj_errno_reset(transformation);
    if (!found || !std::isfinite(box.west) || !std::isfinite(box.south) || !std::isfinite(box.east) || !std::isfinite(box.north))
        return {};
    if (box.south > 90 || box.north < -90)  // PROJ does not mind: somebody put the longitude first
        return {};
    if (box.west > box.east)
        return {{box.west, box.south, 180, box.north}, {-180, box.south, box.east, box.north}};
    return {box};
}

Transformers::Lent Transformers::lend(System const& system) const
{
    std::unique_ptr<Transformer> one;
    {
        std::lock_guard const lock{mutex_};
        if (auto& idle = idle_[system.code]; !idle.empty()) {
            one = std::move(idle.back());
            idle.pop_back();
        }
    }
    if (!one)
        one = std::make_unique<Transformer>(system);
    auto const take_back = [this, code = system.code](Transformer const* lent) {
        std::lock_guard const lock{mutex_};
        idle_[code].emplace_back(const_cast<Transformer*>(lent));
    };
    return Lent{one.release(), take_back};
}

}  // namespace yihong::crs
