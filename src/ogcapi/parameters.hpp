#pragma once

#include "query.hpp"

#include "yihong/crs/systems.hpp"
#include "yihong/http/declare.hpp"

#include <span>
#include <string>

/// What resources of OGC API take in their query: each parameter with its text, what it takes and what it does.
namespace yihong::ogcapi {

/// `f`, as every resource takes it.
http::Parameters<Query> page_parameters();
/// Those of a collection's schema.
http::Parameters<Query> schema_parameters();
/// Those of one feature.
http::Parameters<Query> feature_parameters(crs::Systems const& systems);
/// Those of the items of a collection. Its queryables come on top (`read_query`).
http::Parameters<Query> items_parameters(crs::Systems const& systems);
std::span<std::string const> items_parameter_names() noexcept;

}  // namespace yihong::ogcapi
