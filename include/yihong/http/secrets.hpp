#pragma once

#include "yihong/http/message.hpp"
#include "yihong/http/parameters.hpp"

#include <optional>

/// What routes that show bytes as they came have in common: passwords in them are masked, unless an administrator asks for them.
namespace yihong::http {

template <typename Into>
Parameter<Into> secrets(bool Into::* member)
{
    return query("secrets",
                 {"true：原文不遮盖口令，仅限 admin 权限", "true: bytes as they came, passwords not masked; with scope admin only"}, flag(),
                 member);
}

/// \return 403 where secrets are asked for by whoever may not see them
std::optional<Reply> refuse_secrets(Request const& request, bool secrets);

}  // namespace yihong::http
