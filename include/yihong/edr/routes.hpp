#pragma once

#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/state/current_state.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// OGC API - Environmental Data Retrieval: the records of a store as series of places (环境数据检索).
namespace yihong::edr {

struct Services {
    CurrentState const& state;
    net::Pool& readers;                            ///< reads the store and streams what is read
};

/// `/collections/{water-series|air-series|outfall-series}/{locations|position|radius|area|cube}`. What `services` refers to outlives them.
std::vector<http::Route> make_routes(Services const& services);

/// A collection of series, for the list of all collections.
struct CollectionPage {
    std::string id, title, description;
    std::string json;                              ///< the whole document
};
/// Those that have a site with a place and a record. Reads the store: not on an I/O thread. \param root `http://host[/prefix]`
std::vector<CollectionPage> collection_pages(CurrentState const& state, std::string_view root);

std::span<std::string_view const> conformance_classes() noexcept;

}  // namespace yihong::edr
