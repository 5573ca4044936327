#pragma once

#include "yihong/http/server.hpp"

#include <chrono>
#include <vector>

namespace yihong::http {

/// How often somebody may try a wrong token before he has to wait.
struct LoginLimits {
    std::size_t failures = 10;                     ///< from one address
    std::chrono::seconds window{300};
};

/// For people in a browser: `/login`, a form that takes an access token and keeps it in a cookie, `/logout`, `/api/v1/session`, which says who that is,
/// and the mark of the service at `/favicon.ico`. The cookie opens what the token may; writes by it need the origin that browsers send, and that it is
/// the service's own, so that no page of another site can make a browser write.
std::vector<Route> browser_routes(Authenticate authenticate, LoginLimits limits = {});

}  // namespace yihong::http
