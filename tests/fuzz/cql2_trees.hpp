#pragma once

#include "yihong/cql2/syntax.hpp"

#include <cstdint>
#include <cstdlib>

/// What holds of a filter that was read, from text or from JSON: a refusal has its reason, and a tree reads back as itself from either form.
inline void check_tree(yihong::Result<yihong::cql2::Node> const& read)
{
    using namespace yihong::cql2;
    if (!read && read.error().detail.empty())
        std::abort();  // refused without a reason
    if (!read)
        return;
    // brackets of either form may be more than those that were read
    Budget const wide{.bytes = SIZE_MAX, .depth = 200, .nodes = SIZE_MAX};
    if (auto const again = parse_text(to_text(*read), wide); !again || !(*again == *read))
        std::abort();  // another tree as text
    if (auto const again = parse_json(to_json(*read), wide); !again || !(*again == *read))
        std::abort();  // another tree as JSON
}
