#pragma once

#include "common.hpp"

namespace yihong::api {

/// A checked request for the classes of many sites over time.
struct ClassesRequest {
    TimeInterval time;                             ///< both ends are there
    IntervalKind interval = IntervalKind::four_hours;
    std::vector<SiteKind> kinds;                   ///< empty: water sections and lake points
    std::vector<std::string> sites;                ///< ids; empty: all of these kinds
};

/// One character a site and period of Beijing time: `1` to `6` the class of its record (or the level of its AQI), `0` a record without one, `-` no
/// record. \param world knows the sites. Reads the store: for a reader thread.
std::string classes_as_json(ClassesRequest const& wanted, World const& world, Records const& records);

/// `/api/v1/classes`: the network as it was, for time sliders and strips.
http::Route classes_route(Services const& services);

}  // namespace yihong::api
