#pragma once

#include "yihong/gateway/gateway.hpp"
#include "yihong/http/router.hpp"
#include "yihong/http/run_on.hpp"
#include "yihong/service/catalog.hpp"

#include <string>
#include <vector>

namespace yihong::gateway {

/// What the routes need; everything outlives them.
struct RouteServices {
    Gateway& gateway;
    RecordStore& store;
    Snapshot<Catalog> const& catalog;
    http::Pool& readers;
};

/// `/api/v1/devices…`, and the raw frames of a record.
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format.
std::string metrics_text(GatewayFigures const& figures);

}  // namespace yihong::gateway
