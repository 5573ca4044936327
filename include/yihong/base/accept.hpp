#pragma once

#include "yihong/base/text.hpp"

#include <string_view>

namespace yihong {

/// The weight of an element of Accept by its parameters: 1 where there is none, or none that can be read.
[[nodiscard]] double accept_weight(std::string_view parameters) noexcept;

/// The elements of an Accept header (RFC 9110 §12.5.1) in their order. \param visit gets a media type, or a range of them, and its weight
template <typename Visit>
void for_each_accepted(std::string_view accept, Visit visit)
{
    while (!accept.empty()) {
        auto const comma = accept.find(',');
        auto const element = accept.substr(0, comma);
        accept.remove_prefix(comma == std::string_view::npos ? accept.size() : comma + 1);
        auto const semicolon = element.find(';');
        auto const parameters = semicolon == std::string_view::npos ? std::string_view{} : element.substr(semicolon + 1);
        if (auto const type = trimmed(element.substr(0, semicolon)); !type.empty())
            visit(type, accept_weight(parameters));
    }
}

}  // namespace yihong
