#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace yihong {

/// The levels of a site (管理级别) and what people call them.
inline constexpr std::array site_level_labels{std::pair{std::string_view{"national"}, std::string_view{"国控"}},
                                              std::pair{std::string_view{"provincial"}, std::string_view{"省控"}},
                                              std::pair{std::string_view{"municipal"}, std::string_view{"市控"}}};

}  // namespace yihong
