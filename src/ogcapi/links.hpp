#pragma once

#include "yihong/base/json_writer.hpp"

#include <span>
#include <string>

namespace yihong::ogcapi {

struct Link {
    std::string href;                              ///< absolute, percent-encoded
    std::string rel;
    std::string type;
    std::string title;
};

/// `"links":[…]`
void write_links(JsonWriter& json, std::span<Link const> links);
/// The Link header (RFC 8288). Titles stay in the body: they are not ASCII.
std::string link_header(std::span<Link const> links);

}  // namespace yihong::ogcapi
