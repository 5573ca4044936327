#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/http/run_on.hpp"
#include "yihong/service/intake.hpp"

#include <string>
#include <vector>

namespace yihong::alerts {

/// What the routes need; everything outlives them.
struct RouteServices {
    Intake& intake;
    RecordStore const& store;
    Snapshot<Catalog> const& catalog;
    http::Pool& readers;
};

/// `/api/v1/alerts…` and `/api/v1/silences…`
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format.
std::string metrics_text(AlertBook const& book);

}  // namespace yihong::alerts
