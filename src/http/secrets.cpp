#include "yihong/http/secrets.hpp"

namespace yihong::http {

std::optional<Reply> refuse_secrets(Request const& request, bool secrets)
{
    if (!secrets || request.principal.may(Scope::admin))
        return std::nullopt;
    return make_problem(403, "forbidden",
                        "secrets: bytes with their passwords need a token with scope admin; without it passwords are masked");
}

}  // namespace yihong::http
