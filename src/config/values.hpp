#pragma once

#include "yihong/config/config.hpp"

#include "identifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

/// Texts of the configuration → checked values, for TableReader::parsed.
namespace yihong {

template <typename T, std::size_t n>
auto one_of(std::array<std::pair<std::string_view, T>, n> const& choices)
{
    return [&choices](std::string_view text) -> Result<T> {
        std::string names;
        for (auto const& [name, value] : choices) {
            if (text == name)
                return value;
            names += names.empty() ? "" : ", ";
            names += name;
        }
        return fail(Errc::bad_value, fmt::format("\"{}\" is not one of {}", text, names));
    };
}

/// Text → a duration between two bounds, in the unit of the target.
template <typename Unit>
auto duration_between(Unit low, Unit high)
{
    return [low, high](std::string_view text) -> Result<Unit> {
        auto const value = parse_duration(text);
        if (!value)
            return std::unexpected{value.error()};
        auto const rounded = std::chrono::duration_cast<Unit>(*value);
        if (rounded != *value || rounded < low || rounded > high)
            return fail(Errc::bad_value, fmt::format("\"{}\" is too short, too long, or too exact", text));
        return rounded;
    };
}

/// A path where the file names one, relative ones starting from `folder`.
inline auto path_from(std::filesystem::path const& folder)
{
    return [&folder](std::string_view text) -> Result<std::filesystem::path> {
        if (text.empty())
            return fail(Errc::bad_value, "must not be empty");
        return (folder / text).lexically_normal();
    };
}

inline Result<std::string> identifier_from(std::string_view text)
{
    if (!is_identifier(text))
        return fail(Errc::bad_value, fmt::format("\"{}\" is not {}", text, identifier_rule));
    return std::string{text};
}

/// Plausible, and harmless in the head of a letter and in SMTP commands.
inline Result<std::string> email_from(std::string_view text)
{
    auto const at = text.find('@');
    bool const plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }) &&
                       text.find_first_of("<>,;:\"()[]\\") == std::string_view::npos;
    if (!plain || text.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == text.size() ||
        text.find('@', at + 1) != std::string_view::npos || text[at + 1] == '.' || text.back() == '.')
        return fail(Errc::bad_value, fmt::format("\"{}\" is not an e-mail address, such as duty@example.cn", text));
    return std::string{text};
}

}  // namespace yihong
