#pragma once

#include "query.hpp"

namespace yihong::ogcapi {

/// The condition of `filter`, by `filter-lang` and `filter-crs`. \return nothing where none is given; Errc::bad_value beginning with `filter: `
Result<std::optional<Expression>> read_condition(FeatureSource const& items, crs::Transformers const& transformers, Query const& query);

}  // namespace yihong::ogcapi
