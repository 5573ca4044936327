#pragma once

#include "yihong/gateway/gateway.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/ports/evidence.hpp"
#include "yihong/state/catalog.hpp"

#include <string>
#include <vector>

namespace yihong::gateway {

/// What the routes need; everything outlives them.
struct RouteServices {
    Gateway& gateway;
    Records const& records;
    Evidence const& evidence;
    Snapshot<Catalog> const& catalog;
    net::Pool& readers;
};

/// `/api/v1/devices…`, and the raw frames of a record.
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format.
std::string metrics_text(GatewayFigures const& figures);

}  // namespace yihong::gateway
