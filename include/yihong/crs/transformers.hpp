#pragma once

#include "yihong/crs/systems.hpp"
#include "yihong/geometry/geometry.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace yihong::crs {

/// From CRS84 to another system, with a PROJ context of its own. Used by one thread at a time.
class Transformer {
public:
    /// A usual system takes less than 1 ms, another one some 100: PROJ looks for the way in its database. \throws std::runtime_error where PROJ has no way
    explicit Transformer(System const& to);
    ~Transformer();
    Transformer(Transformer const&) = delete;
    Transformer& operator=(Transformer const&) = delete;

    /// In the order of the system's axes. \return no geometry where a position has no place in the system
    [[nodiscard]] Geometry moved(Geometry const& geometry) const;
    /// The way back: coordinates in the order of the system's axes. \return no geometry where a position has no place on the globe
    [[nodiscard]] Geometry lonlat_of(Geometry const& geometry) const;
    /// The box round a box of that system: its corners are in the order of the system's axes. The first one near a pole or the antimeridian takes some
    /// 100 ms.
    /// \return one, or two where it crosses the antimeridian; none where it has no place on the globe
    [[nodiscard]] std::vector<BoundingBox> boxes_round(double low_first, double low_second, double high_first, double high_second) const;

private:
    struct Parts;
    [[nodiscard]] Geometry transformed(Geometry const& geometry, bool is_forward) const;
    std::unique_ptr<Parts> parts_;
};

/// Transformers, made once and lent out: there are never more of a system than threads that ask for it at the same time. Any thread may ask.
class Transformers {
public:
    explicit Transformers(Systems systems) : systems_{std::move(systems)} {}
    [[nodiscard]] Systems const& systems() const noexcept { return systems_; }

    /// Comes back when its holder lets it go. The collection outlives it.
    using Lent = std::shared_ptr<Transformer const>;
    /// \pre the system is one of ours, and not CRS84
    [[nodiscard]] Lent lend(System const& system) const;

private:
    Systems systems_;
    mutable std::mutex mutex_;
    mutable std::map<int, std::vector<std::unique_ptr<Transformer>>> idle_;
};

}  // namespace yihong::crs
