#pragma once

#include "yihong/http/page.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What the pages about one site have in common.
namespace yihong::api {

/// 4 小时, 小时, …
std::string_view interval_zh(IntervalKind interval) noexcept;
/// `/api/v1/sites/{id}` under the root.
std::string site_url(http::Request const& request, Site const& site);
/// From the list of its collection to the site. \param collection id; empty: none
std::vector<http::Crumb> crumbs_to(http::Request const& request, Site const& site, std::string_view collection);

}  // namespace yihong::api
