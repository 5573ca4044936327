#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/http/run_on.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/service/intake.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::alerts {

/// What the routes need; everything outlives them.
struct RouteServices {
    Intake& intake;
    Journal const& journal;
    Snapshot<Catalog> const& catalog;
    http::Pool& readers;
};

/// `/api/v1/alerts…` and `/api/v1/silences…`
std::vector<http::Route> make_routes(RouteServices services);

/// OpenAPI 3.0 path items of these routes: the members of the `paths` object, without its braces.
std::string_view openapi_paths() noexcept;

/// The figures in Prometheus' text format.
std::string metrics_text(AlertBook const& book);

}  // namespace yihong::alerts
