#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/scope_filter.hpp"

#include <string_view>

namespace yihong {

/// A condition in CQL2 on what a site is, not on how it is doing: its own properties, what the layers know of it, its place.
/// \return Errc::bad_value that begins with the character where it goes wrong
[[nodiscard]] Result<ScopeFilter> make_site_filter(std::string_view text);

}  // namespace yihong
