#pragma once

#include "yihong/api/routes.hpp"

namespace yihong::api {

/// `/api/v1/statistics/black-odorous-waters`.
http::Route make_black_odorous_route(Services const& services);

}  // namespace yihong::api
