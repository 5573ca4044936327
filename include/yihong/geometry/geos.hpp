#pragma once

#include "yihong/geometry/geometry.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace yihong {

/// What needs a geometry library: validity, simplification, joining, relations of any two geometries. The one wrapper round GEOS; no
/// handle leaves it. Used by one thread at a time, as is everything that it prepares. Methods throw std::runtime_error with GEOS's message
/// where it gives up.
/// \pre rings are closed with at least 4 positions, lines have 2: what the readers of this module and the layers bring
class Geos {
public:
    Geos();
    Geos(Geos&&) noexcept;
    Geos& operator=(Geos&&) noexcept;
    ~Geos();

    /// An area that is asked many times. Must not outlive its Geos.
    class Prepared {
    public:
        Prepared(Prepared&&) noexcept;
        Prepared& operator=(Prepared&&) noexcept;
        ~Prepared();
        /// Inside or on the edge.
        [[nodiscard]] bool covers(LonLat p) const;
        /// In square degrees: only to compare areas of one place.
        [[nodiscard]] double size() const noexcept { return size_; }

    private:
        friend class Geos;
        struct Handles;
        Prepared(std::unique_ptr<Handles> handles, double size);
        std::unique_ptr<Handles> handles_;
        double size_;
    };
    /// \param area polygons
    [[nodiscard]] Prepared prepared(Geometry const& area) const;

    /// From this moment on `mend` and `simplified` give up, also where they are under way. None, as at the start: they take as long as they take.
    void give_up_at(std::optional<std::chrono::steady_clock::time_point> deadline) noexcept;

    /// Empty for a valid geometry.
    [[nodiscard]] std::string why_invalid(Geometry const& geometry) const;
    /// Mends polygons that are not valid, keeping overlapping parts as their union. \return why they were not; empty: nothing to do
    std::string mend(MultiPolygon& polygons) const;
    /// Topology-preserving simplification (Douglas-Peucker) with a tolerance in metres. \return several lines or several polygons; the
    /// geometry itself where nothing would be left
    [[nodiscard]] Geometry simplified(Geometry const& lines_or_polygons, double tolerance_m) const;
    /// Lines joined where one ends and the next begins, in their own direction.
    [[nodiscard]] MultiLineString joined(MultiLineString const& lines) const;
    /// In degrees; 0 where they meet. \pre neither is none
    [[nodiscard]] double distance(Geometry const& a, Geometry const& b) const;
    /// No position of `b` lies outside `a`. \pre neither is none
    [[nodiscard]] bool covers(Geometry const& a, Geometry const& b) const;

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace yihong
