#pragma once

#include "yihong/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The cookie in which a browser keeps the access token of whoever signed in (登录). Scripts never see it, pages of other sites cannot send it along but
/// by a link that is followed, and it opens reads alone.
namespace yihong::http {

/// The token among the cookies of a request. \param cookies the Cookie header
std::optional<std::string_view> token_in_cookie(std::string_view cookies) noexcept;

/// Whether the token can stand in a cookie as it is.
bool fits_cookie(std::string_view token) noexcept;

/// Set-Cookie that keeps the token, under the path that the service has at its proxy and over TLS alone where the browser came by it.
/// \param keep_days 0: until the browser is closed \pre fits_cookie(token)
std::string keep_in_cookie(std::string_view token, Request const& request, int keep_days);
/// Set-Cookie that forgets it.
std::string forget_cookie(Request const& request);

/// Whether the page that had the browser send this is one of ours, or nobody says so. By the host alone: a proxy may end TLS.
bool is_own_origin(std::string_view origin, std::string_view host) noexcept;

}  // namespace yihong::http
