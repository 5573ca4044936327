#include "site_pages.hpp"

#include "yihong/base/text.hpp"

#include <array>

namespace yihong::api {

std::string_view interval_zh(IntervalKind interval) noexcept
{
    constexpr std::array<std::string_view, 6> names{"实时", "分钟", "小时", "4 小时", "日", "采样"};
    auto const index = static_cast<std::size_t>(interval);
    return index < names.size() ? names[index] : std::string_view{};
}

std::string site_url(http::Request const& request, Site const& site)
{
    return request.root_url() + "/api/v1/sites/" + percent_encoded(site.id);
}

std::vector<http::Crumb> crumbs_to(http::Request const& request, Site const& site, std::string_view collection)
{
    if (collection.empty())
        return {};
    auto const list = request.root_url() + "/collections/" + percent_encoded(collection) + "/items";
    return {{list + "?f=html", "列表"}, {list + "/" + percent_encoded(site.id) + "?f=html", site.name}};
}

}  // namespace yihong::api
