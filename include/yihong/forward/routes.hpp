#pragma once

#include "yihong/forward/forwarder.hpp"
#include "yihong/http/router.hpp"
#include "yihong/http/run_on.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::forward {

/// What the routes need; everything outlives them.
struct RouteServices {
    Forwarder const& forwarder;
    Outbox const& outbox;
    http::Pool& readers;
};

/// `/api/v1/forwards`
std::vector<http::Route> make_routes(RouteServices services);

/// OpenAPI 3.0 path items of these routes: the members of the `paths` object, without its braces.
std::string_view openapi_paths() noexcept;

/// The figures in Prometheus' text format; nothing without forwards.
std::string metrics_text(std::vector<ForwardStatus> const& forwards);

}  // namespace yihong::forward
