#pragma once

#include "yihong/base/result.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// The format of a text by its beginning, in UTF-8. \return empty for none that is known
std::string find_format(std::string_view head);
/// \return Errc::unsupported naming those that there are
Result<void> check_format(std::string_view format);

}  // namespace yihong
