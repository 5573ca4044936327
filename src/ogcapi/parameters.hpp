#pragma once

#include "query.hpp"

#include "yihong/http/declare.hpp"

/// What resources of OGC API take in their query: each parameter with its text, what it takes and what it does.
namespace yihong::ogcapi {

/// `f`, as every resource takes it.
http::Parameters<Query> page_parameters();
/// Those of one feature.
http::Parameters<Query> feature_parameters();
/// Those of the items of a collection. Its queryables come on top (`read_query`).
http::Parameters<Query> const& items_parameters();

}  // namespace yihong::ogcapi
