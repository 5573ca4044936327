#pragma once

#include "vector_source.hpp"

#include "yihong/geometry/box_tree.hpp"

#include <geodesic.h>

#include <optional>
#include <string>
#include <vector>

namespace yihong::geo {

/// Answers what vector layers know about a place: containment by prepared polygons, distance and chainage by segments in
/// an STR-tree. Used by one thread at a time.
class Overlay {
public:
    explicit Overlay(std::vector<LoadedLayer> const& layers);

    /// All but the rasters.
    [[nodiscard]] OverlayFacts facts(LonLat place) const;

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    struct Area {                                              // a polygon feature
        LayerRole role;
        std::string name;                                      // zone: its id
        Geos::Prepared area;
        std::optional<double> accuracy_m;
    };
    struct Water {                                             // a named river or lake of one layer
        LayerRole role;
        std::string name;
        double reach_m;
        bool approximate = false;                              // told of, but nobody is placed along it
        std::size_t main_line = none;
    };
    struct Line {                                              // a connected line of a river, or a ring of a water polygon
        std::size_t water;
        Positions points;
        std::vector<double> chainage_m;                        // at each point; empty for rings and approximate lines
        std::optional<double> accuracy_m;
    };
    struct Chunk {                                             // some segments in a row, one entry of the tree
        std::size_t line;
        std::size_t first;
        std::size_t last;                                      // segments first … last - 1
    };
    struct Foot {                                              // nearest point on a line
        std::size_t line = none;
        std::size_t segment = 0;
        double part = 0;                                       // 0 … 1 along the segment
        double squared_m = 0;                                  // in the plane that touches the place
    };
    struct Plane {                                             // metres a degree at a place; exact at short range
        LonLat origin;
        double east_m;
        double north_m;
    };

    void add_area(LayerRole role, std::string name, Geometry const& geometry, std::optional<double> accuracy_m);
    void add_rivers(LoadedLayer const& layer);
    void add_water_areas(LoadedLayer const& layer);
    void add_line(std::size_t water, Positions points, bool with_chainage, std::optional<double> accuracy_m);
    [[nodiscard]] BoxTree tree_of_chunks() const;

    [[nodiscard]] static Plane plane_at(LonLat place);
    void approach(Plane const& plane, Chunk const& chunk, Foot& nearest) const;
    [[nodiscard]] LonLat position(Foot const& foot) const;
    [[nodiscard]] double distance_m(LonLat a, LonLat b) const;
    [[nodiscard]] std::optional<double> chainage_km(Plane const& plane, Foot const& nearest) const;
    /// The nearest place of each water within reach, in the order of `waters_`.
    [[nodiscard]] std::vector<Foot> feet(Plane const& plane) const;
    /// \return none where it is out of the water's reach
    [[nodiscard]] std::optional<double> reached_m(LonLat place, Foot const& foot) const;
    void add_rivers_near(LonLat place, Plane const& plane, std::vector<Foot> const& feet, std::vector<RiverLine>& rivers) const;

    Geos geos_;                                                // first: outlives what it prepares
    geod_geodesic ellipsoid_{};
    std::vector<Area> areas_;
    std::vector<Water> waters_;
    std::vector<Line> lines_;
    std::vector<Chunk> chunks_;
    double widest_reach_m_ = 0;
    std::vector<BoundingBox> area_boxes_;
    BoxTree area_tree_;
    BoxTree chunk_tree_;
};

}  // namespace yihong::geo
