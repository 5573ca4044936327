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

/// For people in a browser: `/login`, a form that takes an access token and keeps it in a cookie, `/logout`, and the mark of the service at
/// `/favicon.ico`. The cookie opens reads (GET and HEAD) with what the token may; writes need the token in a header, so that no page of another site
/// can make a browser write.
std::vector<Route> browser_routes(Authenticate authenticate, LoginLimits limits = {});

}  // namespace yihong::http
