#include "yihong/api/routes.hpp"

#include "common.hpp"
#include "marks.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <iterator>

namespace yihong::api {

std::vector<http::Route> make_routes(Services const& services)
{
    auto routes = make_readings_routes(services);
    std::ranges::move(make_quarantine_routes(services), std::back_inserter(routes));
    std::ranges::move(make_statistics_routes(services), std::back_inserter(routes));
    std::ranges::move(make_mark_routes(services), std::back_inserter(routes));
    std::ranges::move(make_operation_routes(services), std::back_inserter(routes));
    return routes;
}

}  // namespace yihong::api
