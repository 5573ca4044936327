#pragma once

#include "yihong/forward/forwarder.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"

#include <string>
#include <vector>

namespace yihong::forward {

/// What the routes need; everything outlives them.
struct RouteServices {
    Forwarder const& forwarder;
    Outbox const& outbox;
    net::Pool& readers;
};

/// `/api/v1/forwards`
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format; nothing without forwards.
std::string metrics_text(std::vector<ForwardStatus> const& forwards);

}  // namespace yihong::forward
