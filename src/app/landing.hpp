#pragma once

#include "yihong/state/catalog.hpp"

#include <string>

namespace yihong {

/// What the page at `/` says first: open alerts, then sections and air stations, worst first; those without a class or with old data apart, and never
/// counted as judged. `{root}` in the HTML becomes the address of the service.
std::string landing_html(Catalog const& catalog);

}  // namespace yihong
