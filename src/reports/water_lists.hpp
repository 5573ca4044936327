#pragma once

#include "content_list.hpp"

#include <cstddef>
#include <span>
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
/// Under the figures of a group the report of its sections alone. \param sections in the report's
void link_sections(std::vector<Printed>& row, std::span<std::size_t const> sections, Sources const& from);
/// The same of each row of a list.
void link_groups(PrintedList& list, std::span<GroupRow const* const> rows, Sources const& from);

/// Places by their rank; nothing where there is nobody to be compared with.
PrintedList ranking(Sources const& from);
/// Places by the rank of their change; likewise.
PrintedList change_ranking(Sources const& from);
PrintedList section_change_ranking(Sources const& from);

}  // namespace yihong::water_lists
