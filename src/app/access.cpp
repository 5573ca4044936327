#include "access.hpp"

namespace yihong {
namespace {

http::Scope scope_of(std::string_view name)
{
    return name == "read"      ? http::Scope::read
           : name == "ingest"  ? http::Scope::ingest
           : name == "operate" ? http::Scope::operate
           : name == "metrics" ? http::Scope::metrics
                               : http::Scope::admin;
}

}  // namespace

http::Authenticate make_authenticate(TokenFile& tokens, std::string control_secret, bool open)
{
    return [&tokens, control_secret = std::move(control_secret), open](std::string_view secret) -> std::optional<http::Principal> {
        auto const now = utc_now();
        if (secret.empty()) {
            if (!open || tokens.any_valid(now))
                return std::nullopt;
            return http::Principal{"", {http::Scope::operate}};
        }
        if (secret == control_secret)
            return http::Principal{"local-command", {http::Scope::admin}};
        auto const token = tokens.lookup(secret, now);
        if (!token)
            return std::nullopt;
        http::Principal principal{token->name, {}};
        for (auto const& scope : token->scopes)
            principal.scopes.push_back(scope_of(scope));
        return principal;
    };
}

}  // namespace yihong
