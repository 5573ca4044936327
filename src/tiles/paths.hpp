#pragma once

#include <vector>

/// Cutting and thinning in the plane.
namespace yihong::tiles {

struct Spot {
    double x = 0;
    double y = 0;
    bool operator==(Spot const&) const = default;
};

using Path = std::vector<Spot>;

/// A square, from `low` to `high` on both axes.
struct Window {
    double low = 0;
    double high = 0;
    [[nodiscard]] bool contains(Spot s) const noexcept { return s.x >= low && s.x <= high && s.y >= low && s.y <= high; }
};

/// The pieces of a line inside the window, in its direction.
[[nodiscard]] std::vector<Path> cut_line(Path const& line, Window const& window);
/// The part of a ring inside the window. Where it leaves and comes back, the edge of the window joins the two (Sutherland-Hodgman): in the buffer,
/// where it is not seen. \param ring closed, as is what comes back; empty where nothing is inside
[[nodiscard]] Path cut_ring(Path ring, Window const& window);
/// Without the spots that are nearer than `tolerance` to the line through those that stay (Douglas-Peucker). Both ends stay.
[[nodiscard]] Path thinned(Path const& line, double tolerance);

}  // namespace yihong::tiles
