#pragma once

#include "yihong/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::http {

/// A request target (RFC 9112 §3.2), decoded once.
struct Target {
    std::string path;                              ///< `/` or segments without empty, dot or trailing ones; `*` for the asterisk-form
    std::vector<std::pair<std::string, std::string>> query;
    std::string query_text;                        ///< without the access key; unsafe bytes percent-encoded
    std::optional<std::string> access_key;
    std::string_view authority;                    ///< of the absolute-form; points into the input
};

/// Reads the origin-form, absolute-form (http, https) and asterisk-form. A trailing slash is dropped; `+` in the query is a blank.
/// \return Errc::bad_syntax for malformed escapes, %00 and control bytes, malformed UTF-8, encoded slashes, empty and dot segments
Result<Target> parse_target(std::string_view text, std::string_view access_key_parameter);

/// `name`, `192.0.2.1` or `[2001:db8::1]`, each with an optional port.
bool is_valid_host(std::string_view host) noexcept;
/// A path prefix such as `/water`, without a slash at its end; empty is fine.
bool is_valid_prefix(std::string_view prefix) noexcept;

}  // namespace yihong::http
