#pragma once

#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <vector>

namespace yihong {

/// The items that a site owes (应报因子), ascending: by default those five that the national network grades, for river sections of level
/// national or provincial; nothing for others.
[[nodiscard]] std::vector<ParameterId> owed_parameters(Site const& site, StandardsBook const& standards);

}  // namespace yihong
