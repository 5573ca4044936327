#pragma once

#include <algorithm>
#include <string_view>

namespace yihong {

inline constexpr std::string_view identifier_rule =
    "1 to 64 letters, digits, hyphens, underscores or full stops, the first a letter or digit";

/// An id that can stand in a URL, a file name and a CSV field as it is.
[[nodiscard]] inline bool is_identifier(std::string_view text) noexcept
{
    auto const is_alphanumeric = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !text.empty() && text.size() <= 64 && is_alphanumeric(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace yihong
