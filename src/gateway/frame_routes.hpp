#pragma once

#include "yihong/gateway/routes.hpp"

#include <memory>
#include <vector>

namespace yihong::gateway {

/// The frames of a device of which no record came, and those behind a record.
std::vector<http::Route> make_frame_routes(std::shared_ptr<RouteServices const> const& services);

}  // namespace yihong::gateway
