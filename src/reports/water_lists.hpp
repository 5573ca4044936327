#pragma once

#include "content_list.hpp"

#include <string>
#include <vector>

/// What the lists of the water report share, and those that stand in files of their own.
namespace yihong::water_lists {

/// What every part of the content needs.
struct Sources {
    WaterReport const& report;
    ParameterBook const& parameters;
    PrintOptions const& options;
    std::vector<ParameterId> const& owed;  ///< by every section
};

template <typename Row>
using Column = ContentColumn<Row, Sources>;

std::string records_link(SectionRow const& row, Sources const& from);
/// A section over a period, with what it was made of: means, their sources, and why.
std::string explained_link(SectionRow const& row, Period const& period, Sources const& from);
/// Under the figures of a group the report of its sections alone.
void link_sections(std::vector<Printed>& row, std::vector<std::string_view> const& sites, Sources const& from);
/// \param name_of of what a section counts for
void link_groups(PrintedList& list, std::vector<GroupRow const*> const& rows, std::string SectionRow::* name_of, Sources const& from);

/// Places by their rank; nothing where there is nobody to be compared with.
PrintedList ranking(Sources const& from);
/// Places by the rank of their change; likewise.
PrintedList change_ranking(Sources const& from);
PrintedList section_change_ranking(Sources const& from);

}  // namespace yihong::water_lists
