#include "yihong/crs/transformers.hpp"

#include "proj_handles.hpp"
#include "usual_systems.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>

namespace yihong::crs {

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
    bool in_degrees = false;
    std::vector<Kept> kept{};

    explicit Parts(System const& to) : context{proj_context_create()}, target{"EPSG:" + std::to_string(to.code)}, in_degrees{to.in_degrees}
    {
        proj_log_level(context.get(), PJ_LOG_NONE);
        if (auto const operation = usual_operation(to.code); !operation.empty())
            transformation.reset(proj_create(context.get(), operation.c_str()));
        else
            transformation.reset(from_register());
        if (!transformation)
            throw std::runtime_error{"PROJ has no way from CRS84 to " + target};
    }

    PJ* from_register() const { return proj_create_crs_to_crs(context.get(), "OGC:CRS84", target.c_str(), nullptr); }

    /// The transformation with the two systems that it is between, which boxes need: made when the first one comes, for that takes PROJ 110 ms.
    PJ* of_systems()
    {
        if (!between_systems)
            between_systems.reset(from_register());
        return between_systems.get();
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
    auto* const transformation = parts_->transformation.get();
    for_each_sequence(made, [&](std::span<LonLat> positions) {
        if (positions.empty())
            return;
        proj_trans_generic(transformation, is_forward ? PJ_FWD : PJ_INV, &positions.front().lon, sizeof(LonLat), positions.size(),
                           &positions.front().lat, sizeof(LonLat), positions.size(), nullptr, 0, 0, nullptr, 0, 0);
        for (auto const& p : positions)
            has_place = has_place && std::isfinite(p.lon) && std::isfinite(p.lat);
    });
    proj_errno_reset(transformation);
    return has_place ? made : Geometry{};
}

std::vector<BoundingBox> Transformer::boxes_round(double low_first, double low_second, double high_first, double high_second) const
{
    if (parts_->in_degrees && low_second > high_second) {  // longitude is the second axis of the degrees: the box crosses the antimeridian
        auto both = boxes_round(low_first, low_second, high_first, 180);
        std::ranges::move(boxes_round(low_first, -180, high_first, high_second), std::back_inserter(both));
        return both;
    }
    constexpr int points_an_edge = 21;
    BoundingBox box;
    auto* const transformation = parts_->of_systems();
    if (transformation == nullptr)
        return {};
    int const found = proj_trans_bounds(parts_->context.get(), transformation, PJ_INV, low_first, low_second, high_first, high_second,
                                        &box.west, &box.south, &box.east, &box.north, points_an_edge);
    proj_errno_reset(transformation);
    if (!found || !std::isfinite(box.west) || !std::isfinite(box.south) || !std::isfinite(box.east) || !std::isfinite(box.north))
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
