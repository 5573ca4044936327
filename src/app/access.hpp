#pragma once

#include "yihong/config/tokens.hpp"
#include "yihong/http/server.hpp"

#include <string>

namespace yihong {

/// Who may do what: tokens of the token file, the local commands, and, while there is no token at all, everybody on this machine
/// short of administration.
/// \param open false: nothing without a token; so too where others can reach the service when its last token is revoked or expires
http::Authenticate make_authenticate(TokenFile& tokens, std::string control_secret, bool open);

}  // namespace yihong
