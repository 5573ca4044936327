#include "cookie.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>

namespace yihong::http {
namespace {

constexpr std::string_view cookie_name = "yihong_token";
constexpr std::size_t longest_token = 200;

std::string attributes_of(Request const& request)
{
    std::string out = "; Path=" + (request.base_path.empty() ? std::string{"/"} : request.base_path) + "; HttpOnly; SameSite=Strict";
    if (request.scheme == "https")
        out += "; Secure";
    return out;
}

}  // namespace

std::optional<std::string_view> token_in_cookie(std::string_view cookies) noexcept
{
    while (!cookies.empty()) {
        auto const end = std::min(cookies.find(';'), cookies.size());
        auto const cookie = trimmed(cookies.substr(0, end));
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
        auto const equals = cookie.find('=');
        if (equals != std::string_view::npos && cookie.substr(0, equals) == cookie_name)
            return cookie.substr(equals + 1);
    }
    return std::nullopt;
}

bool fits_cookie(std::string_view token) noexcept
{
    return !token.empty() && token.size() <= longest_token &&
           std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; });
}

std::string keep_in_cookie(std::string_view token, Request const& request, int keep_days)
{
    std::string out{cookie_name};
    out.append("=").append(token).append(attributes_of(request));
    if (keep_days > 0)
        out.append("; Max-Age=").append(std::to_string(keep_days * 24 * 3600));
    return out;
}

std::string forget_cookie(Request const& request) { return std::string{cookie_name} + "=" + attributes_of(request) + "; Max-Age=0"; }

bool is_own_origin(std::string_view origin, std::string_view host) noexcept
{
    if (origin.empty())
        return true;
    for (std::string_view const scheme : {"http://", "https://"})
        if (origin.starts_with(scheme))
            return origin.substr(scheme.size()) == host;
    return false;                                          // `null`: a page that hides where it is from
}

}  // namespace yihong::http
