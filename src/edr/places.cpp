#include "places.hpp"

#include "yihong/geometry/relations.hpp"
#include "yihong/geometry/wkt.hpp"
#include "yihong/http/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yihong::edr {
namespace {

template <typename Is>
Sites chosen(Sites const& sites, Is is)
{
    Sites all;
    std::ranges::copy_if(sites, std::back_inserter(all), is);
    return all;
}

std::string kinds_text(std::span<GeometryType const> kinds)
{
    std::string text;
    for (auto const kind : kinds) {
        std::string name{geojson_name(kind)};
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        text.append(text.empty() ? "" : " or ").append(name);
    }
    return text;
}

}  // namespace

double distance_m(LonLat a, LonLat b) noexcept
{
    constexpr double radius = 6'371'008.8;
    auto const radians = [](double degrees) { return degrees * std::numbers::pi / 180; };
    double const lat = std::sin(radians(b.lat - a.lat) / 2);
    double const lon = std::sin(radians(b.lon - a.lon) / 2);
    double const h = lat * lat + std::cos(radians(a.lat)) * std::cos(radians(b.lat)) * lon * lon;
    return 2 * radius * std::asin(std::sqrt(std::min(1.0, h)));
}

Result<Geometry> read_coords(std::string_view text, std::span<GeometryType const> kinds)
{
    auto const refuse = [&](Errc code, std::string_view why) {
        return fail(code, fmt::format("coords: {} {}; {} is taken: longitude, then latitude, in degrees, -180 to 180 and -90 to 90",
                                      http::quoted(text), why, kinds_text(kinds)));
    };
    auto geometry = parse_wkt(text);
    if (!geometry)
        return refuse(geometry.error().code, "is no well-known text, " + geometry.error().detail);
    if (std::ranges::find(kinds, type_of(*geometry)) == kinds.end())
        return refuse(Errc::bad_value, "is another geometry");
    if (bounds_of(*geometry).is_empty())
        return refuse(Errc::bad_value, "has no positions");
    std::size_t count = 0;
    for_each_sequence(*geometry, [&](auto positions) { count += positions.size(); });
    if (count > most_positions)
        return fail(Errc::too_large, fmt::format("coords: has {} positions; at most {} are taken", count, most_positions));
    auto const box = bounds_of(*geometry);
    if (!(box.west >= -180 && box.east <= 180 && box.south >= -90 && box.north <= 90))
        return refuse(Errc::bad_value, "lies outside");
    if (dimension(type_of(*geometry)) == 2)
        if (auto const why = Related{*geometry}.why_invalid(); !why.empty())
            return refuse(Errc::bad_value, "is not valid (" + why + ")");
    return geometry;
}

Result<Sites> nearest_sites(Sites const& sites, Geometry const& points)
{
    Sites found;
    std::string problem;
    for_each_sequence(points, [&](auto positions) {
        for (LonLat const at : positions) {
            auto const away = [&](Site const* site) { return distance_m(at, *site->position); };
            auto const nearest = std::ranges::min_element(sites, {}, away);
            if (nearest == sites.end() || away(*nearest) > position_reach_m) {
                problem = fmt::format("coords: no site lies within {:.0f} km of {} {}", position_reach_m / 1000, at.lon, at.lat);
                if (nearest != sites.end())
                    problem += fmt::format("; the nearest, {}, is {:.0f} km away", (*nearest)->id, away(*nearest) / 1000);
            } else if (std::ranges::find(found, *nearest) == found.end()) {
                found.push_back(*nearest);
            }
        }
    });
    if (!problem.empty())
        return fail(Errc::not_found, std::move(problem));
    return found;
}

Sites sites_within(Sites const& sites, LonLat centre, double radius_m)
{
    return chosen(sites, [&](Site const* site) { return distance_m(centre, *site->position) <= radius_m; });
}

Sites sites_in(Sites const& sites, Geometry const& area)
{
    auto const box = bounds_of(area);
    Related const related{area};
    return chosen(sites, [&](Site const* site) {
        return box.contains(*site->position) && related.holds(Relation::intersects, Point{*site->position});
    });
}

Sites sites_in(Sites const& sites, std::span<BoundingBox const> boxes)
{
    return chosen(sites, [&](Site const* site) {
        return std::ranges::any_of(boxes, [&](BoundingBox const& box) { return box.contains(*site->position); });
    });
}

}  // namespace yihong::edr
