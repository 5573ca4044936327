#include "links.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

namespace yihong::links {

std::string records(std::string_view root_url, std::string_view site, Period const& period, std::string_view more)
{
    if (root_url.empty())
        return {};
    return fmt::format("{}/api/v1/sites/{}/readings?f=html{}&datetime={}/{}", root_url, percent_encoded(site), more,
                       format_rfc3339(period.begin), format_rfc3339(period.end - std::chrono::milliseconds{1}));
}

std::string draft(std::string_view root_url, std::string_view kind, Period const& period, std::vector<std::string_view> const& sites)
{
    if (root_url.empty() || sites.empty())
        return {};
    std::string ids;
    for (auto const site : sites)
        ids += (ids.empty() ? "" : ",") + percent_encoded(site);
    return fmt::format("{}/api/v1/reports/{}?period={}&site={}", root_url, kind, percent_encoded(period_code(period)), ids);
}

void under_figures(std::vector<Printed>& row, std::string const& link)
{
    for (auto& shown : row)
        if (shown.link.empty() && (!shown.fill.empty() || Decimal::parse(shown.text)))
            shown.link = link;
}

}  // namespace yihong::links
