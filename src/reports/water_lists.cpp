#include "water_lists.hpp"

#include "yihong/base/text.hpp"

#include "links.hpp"

#include <fmt/format.h>

namespace yihong::water_lists {

std::string records_link(SectionRow const& row, Sources const& from)
{
    return links::records(from.options.root_url, row.site->id, from.report.query.period);
}

std::string explained_link(SectionRow const& row, Period const& period, Sources const& from)
{
    if (from.options.root_url.empty())
        return {};
    return fmt::format("{}/collections/section-periods/items/{}.{}?f=html", from.options.root_url, percent_encoded(row.site->id),
                       percent_encoded(period_code(period)));
}

void link_sections(std::vector<Printed>& row, std::span<std::size_t const> sections, Sources const& from)
{
    std::vector<std::string_view> sites;
    for (auto const index : sections)
        sites.push_back(from.report.sections[index].site->id);
    links::under_figures(row, links::draft(from.options.root_url, "water-month", from.report.query.period, sites));
}

void link_groups(PrintedList& list, std::span<GroupRow const* const> rows, Sources const& from)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        link_sections(list.rows[i], rows[i]->sections, from);
}

}  // namespace yihong::water_lists
