#include "paths.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace yihong::tiles {
namespace {

Spot between(Spot a, Spot b, double t) noexcept { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

/// Where a straight line from a to b is inside the window, as shares of its length (Liang-Barsky).
std::optional<std::pair<double, double>> inside(Spot a, Spot b, Window const& window) noexcept
{
    double begin = 0;
    double end = 1;
    auto const narrow = [&](double from, double step) {
        for (auto const& [edge, sign] : {std::pair{window.low, -1.0}, std::pair{window.high, 1.0}}) {
            double const across = sign * step;
            double const room = sign * (edge - from);
            if (across == 0) {
                if (room < 0)
                    return false;
            } else if (across > 0) {
                end = std::min(end, room / across);
            } else {
                begin = std::max(begin, room / across);
            }
        }
        return begin <= end;
    };
    if (!narrow(a.x, b.x - a.x) || !narrow(a.y, b.y - a.y))
        return std::nullopt;
    return std::pair{begin, end};
}

/// The part of a ring on one side of a straight edge. \param depth how far inside a spot is; negative: outside
template <typename Depth>
Path cut_by_edge(Path const& ring, Depth depth)
{
    Path kept;
    kept.reserve(ring.size() + 2);
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        Spot const a = ring[i];
        Spot const b = ring[i + 1];
        double const from = depth(a);
        double const to = depth(b);
        if (from >= 0)
            kept.push_back(a);
        if ((from >= 0) != (to >= 0))
            kept.push_back(between(a, b, from / (from - to)));
    }
    if (!kept.empty())
        kept.push_back(Spot{kept.front()});
    return kept;
}

/// Of a spot from the piece between a and b, squared.
double distance_squared(Spot s, Spot a, Spot b) noexcept
{
    double const dx = b.x - a.x;
    double const dy = b.y - a.y;
    double const length = dx * dx + dy * dy;
    double const t = length == 0 ? 0 : std::clamp(((s.x - a.x) * dx + (s.y - a.y) * dy) / length, 0.0, 1.0);
    Spot const near = between(a, b, t);
    return (s.x - near.x) * (s.x - near.x) + (s.y - near.y) * (s.y - near.y);
}

}  // namespace

std::vector<Path> cut_line(Path const& line, Window const& window)
{
    std::vector<Path> pieces;
    bool goes_on = false;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        auto const part = inside(line[i], line[i + 1], window);
        if (!part) {
            goes_on = false;
            continue;
        }
        if (!goes_on || part->first > 0)
            pieces.push_back({between(line[i], line[i + 1], part->first)});
        pieces.back().push_back(part->second < 1 ? between(line[i], line[i + 1], part->second) : line[i + 1]);
        goes_on = part->second == 1;
    }
    return pieces;
}

Path cut_ring(Path ring, Window const& window)
{
    if (std::ranges::all_of(ring, [&](Spot s) { return window.contains(s); }))
        return ring;
    ring = cut_by_edge(ring, [&](Spot s) { return s.x - window.low; });
    ring = cut_by_edge(ring, [&](Spot s) { return window.high - s.x; });
    ring = cut_by_edge(ring, [&](Spot s) { return s.y - window.low; });
    return cut_by_edge(ring, [&](Spot s) { return window.high - s.y; });
}

Path thinned(Path const& line, double tolerance)
{
    if (line.size() < 3)
        return line;
    std::vector<bool> stays(line.size());
    stays.front() = stays.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> spans{{0, line.size() - 1}};
    while (!spans.empty()) {
        auto const [first, last] = spans.back();
        spans.pop_back();
        double farthest = tolerance * tolerance;
        std::size_t at = first;
        for (std::size_t i = first + 1; i < last; ++i)
            if (double const d = distance_squared(line[i], line[first], line[last]); d > farthest) {
                farthest = d;
                at = i;
            }
        if (at == first)
            continue;
        stays[at] = true;
        spans.emplace_back(first, at);
        spans.emplace_back(at, last);
    }
    Path kept;
    for (std::size_t i = 0; i < line.size(); ++i)
        if (stays[i])
            kept.push_back(line[i]);
    return kept;
}

}  // namespace yihong::tiles
