#pragma once

#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <vector>

namespace yihong {

/// The items that a section owes (应测项目) in the years of these days, ascending: each year's own list, else that of the standard; what one of the
/// years owes is owed. Without them its class is a lower bound.
[[nodiscard]] std::vector<ParameterId> owed_parameters(Site const& site, Date first, Date last, WaterStandard const& standard,
                                                       ParameterBook const& parameters);
/// Those of them that its station has to send (应报因子), so that an alert tells of their absence: all that it owes by its own list of the year; else those of the
/// standard in force on `date`, for river sections of level national or provincial. Others may be measured by hand.
[[nodiscard]] std::vector<ParameterId> awaited_parameters(Site const& site, StandardsBook const& standards, Date date);

}  // namespace yihong
