#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/ports/alerts.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/writer.hpp"

#include <string>
#include <vector>

namespace yihong::alerts {

/// What the routes need; everything outlives them.
struct RouteServices {
    Writer& writer;
    CurrentState const& state;
    Alerts const& alerts;
    Journal const& journal;
    Snapshot<Catalog> const& catalog;
    net::Pool& readers;
    MakeScopeFilter make_filter = {};              ///< of the `filter` of a silence
};

/// `/api/v1/alerts…` and `/api/v1/silences…`
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format.
std::string metrics_text(AlertBook const& book);

}  // namespace yihong::alerts
