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

void link_sections(std::vector<Printed>& row, std::vector<std::string_view> const& sites, Sources const& from)
{
    links::under_figures(row, links::draft(from.options.root_url, "water-month", from.report.query.period, sites));
}

void link_groups(PrintedList& list, std::vector<GroupRow const*> const& rows, std::string SectionRow::* name_of, Sources const& from)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<std::string_view> sites;
        for (auto const& section : from.report.sections)
            if (section.*name_of == rows[i]->name)
                sites.push_back(section.site->id);
        link_sections(list.rows[i], sites, from);
    }
}

}  // namespace yihong::water_lists
