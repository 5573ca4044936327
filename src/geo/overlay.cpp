#include "overlay.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string_view>
#include <utility>

namespace yihong::geo {
namespace {

constexpr double semi_major_m = 6378137.0;                     // WGS 84
constexpr double flattening = 1 / 298.257223563;
constexpr double radians = std::numbers::pi / 180;
constexpr std::size_t chunk_segments = 32;

/// The order of the declarations, whatever order the tree finds them in.
std::vector<std::uint32_t> in_order(std::vector<std::uint32_t> places)
{
    std::ranges::sort(places);
    return places;
}

}  // namespace

Overlay::Overlay(std::vector<LoadedLayer> const& layers)
{
    geod_init(&ellipsoid_, semi_major_m, flattening);
    for (auto const& loaded : layers) {
        Layer const& layer = *loaded.layer;
        if (layer.role == LayerRole::boundary || layer.role == LayerRole::zone) {
            bool const one = layer.features.size() == 1;
            for (std::size_t i = 0; i < layer.features.size(); ++i) {
                std::string const zone = one ? layer.id : layer.id + '/' + layer.features[i].id;
                add_area(layer.role, layer.role == LayerRole::zone ? zone : loaded.names[i], loaded.geometry(i), {});
            }
        } else if (layer.role == LayerRole::river && dimension(layer.geometry_type) == 1) {
            add_rivers(loaded);
        } else if (layer.role == LayerRole::river || layer.role == LayerRole::lake) {
            add_water_areas(loaded);
        }
    }
    area_tree_ = BoxTree{area_boxes_};
    chunk_tree_ = tree_of_chunks();
}

void Overlay::add_area(LayerRole role, std::string name, Geometry const& geometry, std::optional<double> accuracy_m)
{
    if (part_count(geometry) == 0 || name.empty())             // a name is the answer: without one there is none
        return;
    areas_.push_back({role, std::move(name), geos_.prepared(geometry), accuracy_m});
    area_boxes_.push_back(bounds_of(geometry));
}

/// A river is often drawn in pieces: they are joined where one ends and the next begins, in their own direction. Approximate pieces stay
/// apart, each with its own accuracy: nobody is placed along them.
void Overlay::add_rivers(LoadedLayer const& loaded)
{
    struct Pieces {
        MultiLineString all;
        std::optional<double> accuracy_m;                      // of the worst
    };
    std::map<std::string, Pieces> rivers;
    std::map<std::string, std::size_t> approximate;
    for (std::size_t i = 0; i < loaded.names.size(); ++i) {
        auto const& name = loaded.names[i];
        if (name.empty())
            continue;
        auto const lines = lines_of(loaded.geometry(i));
        auto const accuracy_m = loaded.accuracy_m[i];
        if (loaded.approximate) {
            auto const [water, is_new] = approximate.try_emplace(name, waters_.size());
            if (is_new)
                waters_.push_back({LayerRole::river, name, loaded.reach_m, true});
            for (auto const& line : lines)
                add_line(water->second, line, false, accuracy_m);
            continue;
        }
        auto& pieces = rivers[name];
        pieces.all.lines.insert(pieces.all.lines.end(), lines.begin(), lines.end());
        pieces.accuracy_m = std::max(pieces.accuracy_m, accuracy_m);
    }
    for (auto const& [name, pieces] : rivers) {
        std::size_t const water = waters_.size();
        waters_.push_back({LayerRole::river, name, loaded.reach_m});
        for (auto& line : geos_.joined(pieces.all).lines) {
            add_line(water, std::move(line), true, pieces.accuracy_m);
            std::size_t& main = waters_[water].main_line;
            if (main == none || lines_.back().chainage_m.back() > lines_[main].chainage_m.back())
                main = lines_.size() - 1;
        }
    }
}

void Overlay::add_water_areas(LoadedLayer const& loaded)
{
    for (std::size_t i = 0; i < loaded.names.size(); ++i) {
        if (loaded.names[i].empty() || part_count(loaded.geometry(i)) == 0)
            continue;
        add_area(loaded.layer->role, loaded.names[i], loaded.geometry(i), loaded.accuracy_m[i]);
        waters_.push_back({loaded.layer->role, loaded.names[i], loaded.reach_m, loaded.approximate});
        for (auto const& polygon : polygons_of(loaded.geometry(i)))
            for (auto const& ring : polygon.rings)
                add_line(waters_.size() - 1, ring, false, loaded.accuracy_m[i]);
    }
}

void Overlay::add_line(std::size_t water, Positions points, bool with_chainage, std::optional<double> accuracy_m)
{
    std::size_t const line = lines_.size();
    for (std::size_t first = 0; first + 1 < points.size(); first += chunk_segments)
        chunks_.push_back({line, first, std::min(first + chunk_segments, points.size() - 1)});
    std::vector<double> chainage;
    if (with_chainage) {
        chainage.push_back(0);
        for (std::size_t i = 1; i < points.size(); ++i)
            chainage.push_back(chainage.back() + distance_m(points[i - 1], points[i]));
    }
    lines_.push_back({water, std::move(points), std::move(chainage), accuracy_m});
    if (waters_[water].reach_m > widest_reach_m_)
        widest_reach_m_ = waters_[water].reach_m;
}

BoxTree Overlay::tree_of_chunks() const
{
    std::vector<BoundingBox> boxes;
    for (Chunk const& c : chunks_) {
        auto& box = boxes.emplace_back();
        for (std::size_t i = c.first; i <= c.last; ++i)
            box.extend(lines_[c.line].points[i]);
    }
    return BoxTree{boxes};
}

Overlay::Plane Overlay::plane_at(LonLat place)
{
    double const e2 = flattening * (2 - flattening);
    double const sine = std::sin(place.lat * radians);
    double const w = std::sqrt(1 - e2 * sine * sine);
    return {place, semi_major_m / w * std::cos(place.lat * radians) * radians, semi_major_m * (1 - e2) / (w * w * w) * radians};
}

void Overlay::approach(Plane const& plane, Chunk const& chunk, Foot& nearest) const
{
    Positions const& points = lines_[chunk.line].points;
    auto const x = [&](LonLat p) { return (p.lon - plane.origin.lon) * plane.east_m; };
    auto const y = [&](LonLat p) { return (p.lat - plane.origin.lat) * plane.north_m; };
    for (std::size_t i = chunk.first; i < chunk.last; ++i) {
        double const ax = x(points[i]), ay = y(points[i]);
        double const dx = x(points[i + 1]) - ax, dy = y(points[i + 1]) - ay;
        double const squared_length = dx * dx + dy * dy;
        double const part = squared_length > 0 ? std::clamp(-(ax * dx + ay * dy) / squared_length, 0.0, 1.0) : 0.0;
        double const fx = ax + part * dx, fy = ay + part * dy;
        double const squared = fx * fx + fy * fy;
        bool const first_of_equals =
            squared == nearest.squared_m && (chunk.line < nearest.line || (chunk.line == nearest.line && i < nearest.segment));
        if (nearest.line == none || squared < nearest.squared_m || first_of_equals)
            nearest = {chunk.line, i, part, squared};
    }
}

LonLat Overlay::position(Foot const& foot) const
{
    Positions const& points = lines_[foot.line].points;
    LonLat const a = points[foot.segment], b = points[foot.segment + 1];
    return {a.lon + foot.part * (b.lon - a.lon), a.lat + foot.part * (b.lat - a.lat)};
}

double Overlay::distance_m(LonLat a, LonLat b) const
{
    double metres = 0;
    geod_inverse(&ellipsoid_, a.lat, a.lon, b.lat, b.lon, &metres, nullptr, nullptr);
    return metres;
}

std::optional<double> Overlay::chainage_km(Plane const& plane, Foot const& nearest) const
{
    std::size_t const main = waters_[lines_[nearest.line].water].main_line;
    if (main == none)
        return std::nullopt;                                   // a river drawn as an area
    Foot foot = nearest;
    std::size_t const segments = lines_[main].points.size() - 1;
    if (nearest.line != main) {
        foot = {};
        approach(plane, {main, 0, segments}, foot);
        if ((foot.segment == 0 && foot.part == 0) || (foot.segment + 1 == segments && foot.part == 1))
            return std::nullopt;
    }
    return (lines_[main].chainage_m[foot.segment] + distance_m(lines_[main].points[foot.segment], position(foot))) / 1000;
}

std::vector<Overlay::Foot> Overlay::feet(Plane const& plane) const
{
    if (!(widest_reach_m_ > 0))
        return {};
    auto const [lon, lat] = plane.origin;
    double const north = widest_reach_m_ / plane.north_m * 1.01;
    double const poleward = plane_at({lon, std::min(std::abs(lat) + north, 89.9)}).east_m;  // where a degree is shortest
    double const east = std::min(360.0, widest_reach_m_ / poleward * 1.01);
    std::map<std::size_t, Foot> nearest;                       // by water
    for (auto const at : in_order(chunk_tree_.query({lon - east, lat - north, lon + east, lat + north}))) {
        auto const& chunk = chunks_[at];
        std::size_t const water = lines_[chunk.line].water;
        Foot candidate;
        approach(plane, chunk, candidate);
        double const limit = waters_[water].reach_m * 1.01;
        if (!(candidate.squared_m <= limit * limit))
            continue;
        auto const [known, is_new] = nearest.try_emplace(water, candidate);
        if (!is_new && (candidate.squared_m < known->second.squared_m ||
                        (candidate.squared_m == known->second.squared_m && candidate.line < known->second.line)))
            known->second = candidate;
    }
    std::vector<Foot> found;
    for (auto const& [water, foot] : nearest)
        found.push_back(foot);
    return found;
}

std::optional<double> Overlay::reached_m(LonLat place, Foot const& foot) const
{
    double const metres = distance_m(place, position(foot));
    return metres <= waters_[lines_[foot.line].water].reach_m ? std::optional{metres} : std::nullopt;
}

/// A river that several layers draw is the one on which a place has its chainage, else the nearest.
void Overlay::add_rivers_near(LonLat place, Plane const& plane, std::vector<Foot> const& feet, std::vector<RiverLine>& rivers) const
{
    std::vector<bool> is_approximate(rivers.size(), false);
    for (auto const& foot : feet) {
        auto const& line = lines_[foot.line];
        auto const& water = waters_[line.water];
        auto const metres = water.role == LayerRole::river ? reached_m(place, foot) : std::nullopt;
        if (!metres)
            continue;
        RiverLine const found{water.name, *metres, water.approximate ? std::nullopt : chainage_km(plane, foot), line.accuracy_m};
        auto const known = std::ranges::find(rivers, water.name, &RiverLine::name);
        if (known == rivers.end()) {
            rivers.push_back(found);
            is_approximate.push_back(water.approximate);
            continue;
        }
        auto const at = static_cast<std::size_t>(known - rivers.begin());
        if (std::pair{water.approximate, *metres} < std::pair{static_cast<bool>(is_approximate[at]), known->distance_m}) {
            *known = found;
            is_approximate[at] = water.approximate;
        }
    }
    std::ranges::sort(rivers, {}, [](RiverLine const& line) { return std::pair{line.distance_m, std::string_view{line.name}}; });
}

OverlayFacts Overlay::facts(LonLat place) const
{
    OverlayFacts facts;
    Area const* county = nullptr;
    for (auto const at : in_order(area_tree_.query({place.lon, place.lat, place.lon, place.lat}))) {
        Area const& area = areas_[at];
        if (!area.area.covers(place))
            continue;
        // The smallest boundary wins, so that the city does not hide the county.
        if (area.role == LayerRole::boundary && (!county || area.area.size() < county->area.size()))
            county = &area;
        if (area.role == LayerRole::zone)
            facts.zones.push_back(area.name);
        if (area.role == LayerRole::lake) {
            facts.lake_distance_m = 0;
            facts.lake = facts.lake.empty() ? area.name : std::min(facts.lake, area.name);
        }
        if (area.role == LayerRole::river && std::ranges::find(facts.rivers, area.name, &RiverLine::name) == facts.rivers.end())
            facts.rivers.push_back({area.name, 0, {}, area.accuracy_m});
    }
    std::ranges::sort(facts.rivers, {}, &RiverLine::name);
    if (county)
        facts.county = county->name;

    Plane const plane = plane_at(place);
    auto const near = feet(plane);
    add_rivers_near(place, plane, near, facts.rivers);
    Foot const* lake = nullptr;
    for (auto const& foot : near)
        if (waters_[lines_[foot.line].water].role == LayerRole::lake && (!lake || foot.squared_m < lake->squared_m))
            lake = &foot;
    if (auto const metres = lake ? reached_m(place, *lake) : std::nullopt; metres && !facts.lake_distance_m) {
        facts.lake = waters_[lines_[lake->line].water].name;
        facts.lake_distance_m = metres;
    }
    return facts;
}

}  // namespace yihong::geo
