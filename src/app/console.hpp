#pragma once

#include "yihong/config/config.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"

#include <vector>

namespace yihong {

/// `/console/`: the files that were built from the folder `console`, with the policy that lets them run nothing but themselves, and every path below it
/// that a link into the page may name. Where they were not built, a page at `/console/` that says how. \param readers opens the files; outlives the routes
std::vector<http::Route> console_routes(Config const& config, net::Pool& readers);

/// Whether the console was built, so that `/` may lead there.
bool has_console(Config const& config);

}  // namespace yihong
