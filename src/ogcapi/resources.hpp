#pragma once

#include "query.hpp"

#include "yihong/http/declare.hpp"

#include <cstdint>
#include <vector>

namespace yihong::ogcapi {

enum class Resource : std::uint8_t {
    landing,
    conformance,
    functions,
    api,
    api_html,
    collections,
    collection,
    items,
    feature,
    queryables,
    sortables,
    schema,
    feature_schema
};

/// A resource of OGC API and what it says of itself.
struct DeclaredResource {
    Resource resource;
    http::Declaration declaration;                 ///< with all its parameters
    http::Parameters<Query> parameters;            ///< of the query; what stands in the path names a collection, and a feature of it
};

std::vector<DeclaredResource> declared_resources(crs::Systems const& systems);

}  // namespace yihong::ogcapi
