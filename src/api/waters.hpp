#pragma once

#include "common.hpp"

namespace yihong::api {

/// `/api/v1/waters`: in which order the waters pass the sections, as the site files say it.
http::Route waters_route(Services const& services);

}  // namespace yihong::api
