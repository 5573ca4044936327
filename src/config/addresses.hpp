#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace yihong {

/// The whole text as a number. \return nothing for anything else, blanks and an empty text too
template <typename T>
std::optional<T> number_from(std::string_view text)
{
    T value{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// A numeric address of this family (AF_INET, AF_INET6).
[[nodiscard]] bool is_address(std::string const& text, int family);
/// An address or a network, `10.0.0.0/8`.
[[nodiscard]] bool is_network(std::string_view text);

}  // namespace yihong
