#pragma once

#include "yihong/gateway/gateway.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/service/catalog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::gateway {

/// What the routes need; everything outlives them.
struct RouteServices {
    Gateway& gateway;
    RecordStore& store;
    Snapshot<Catalog> const& catalog;
    net::Pool& readers;
};

/// `/api/v1/devices…`, and the raw frames of a record.
std::vector<http::Route> make_routes(RouteServices services);

/// OpenAPI 3.0 path items of these routes: the members of the `paths` object, without its braces.
std::string_view openapi_paths() noexcept;

/// The figures in Prometheus' text format.
std::string metrics_text(GatewayFigures const& figures);

}  // namespace yihong::gateway
