#pragma once

#include "yihong/config/tokens.hpp"
#include "yihong/http/server.hpp"

#include <filesystem>
#include <string>

namespace yihong {

/// Who may do what: tokens of the token file, the local commands, and, while there is no token at all, everybody on this machine
/// short of administration.
/// \param open false: nothing without a token; so too where others can reach the service when its last token is revoked or expires, and
/// from when on a token was there in this run, whatever becomes of the file
http::Authenticate make_authenticate(TokenFile& tokens, std::string control_secret, bool open);

/// Makes the data folder where there is none; it and what lies in it are for its owner alone (0700, files 0600). What cannot be changed is
/// logged. \throws std::filesystem::filesystem_error when it cannot be made
void make_private(std::filesystem::path const& data);

}  // namespace yihong
