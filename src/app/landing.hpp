#pragma once

#include "yihong/state/catalog.hpp"

#include <string>

namespace yihong {

/// What the page at `/` says first: what to try, and which sections are worse than class III now, and why.
/// `{root}` in the HTML becomes the address of the service.
std::string landing_html(Catalog const& catalog);

}  // namespace yihong
