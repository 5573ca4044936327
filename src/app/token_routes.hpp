#pragma once

#include "yihong/config/tokens.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"

#include <vector>

namespace yihong {

/// `/api/v1/admin/tokens`: who has access, for who administers it: list, create (the secret is in that one reply), revoke.
/// \param tokens outlives the routes, like the pool that their file is read and written on
std::vector<http::Route> token_routes(TokenFile& tokens, net::Pool& pool);

}  // namespace yihong
