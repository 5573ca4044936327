#pragma once

#include "play_stations.hpp"

namespace CLI {
class App;
}

namespace yihong {

/// The options of `yihong station` that say which stations there are, and how they send.
void add_station_options(CLI::App& station, PlayOptions& play);

}  // namespace yihong
