#pragma once

#include "yihong/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::http {

struct HeadLimits {
    std::size_t target = 8 * 1024;
    std::size_t fields = 16 * 1024;                ///< bytes of all field lines together
    std::size_t field_count = 100;
    std::string user_field = {};                   ///< of a proxy that signs people in; empty: there is none
};

/// A request that is answered with an error before it reaches a handler. Unless said otherwise the connection closes after it.
struct Refusal {
    int status;
    std::string detail;
    bool operator==(Refusal const&) const = default;
};

/// Finds the end of a request head as its bytes arrive; each byte is looked at once. Limits and bare line feeds show before the end does.
class HeadScanner {
public:
    explicit HeadScanner(HeadLimits const& limits) noexcept : limits_{&limits} {}

    /// \param bytes everything received since the head began
    /// \return the size of the head with its empty line, or 0 when more is needed
    std::expected<std::size_t, Refusal> scan(std::string_view bytes);

private:
    HeadLimits const* limits_;
    std::size_t scanned_ = 0;
    std::size_t line_start_ = 0;
    std::size_t fields_start_ = 0;                 ///< 0: still in the request line
};

/// A request head after every framing check (RFC 9112). Text is copied where fields with the same name were joined by commas.
struct Head {
    Method method = Method::other;
    std::string method_name;
    std::string target;
    int minor_version = 1;
    bool keep_alive = true;
    bool chunked = false;
    bool expects_continue = false;
    std::optional<std::uint64_t> content_length;
    std::string host;                              ///< empty: HTTP/1.0 without Host
    std::string accept;
    std::string accept_encoding;
    std::string accept_language;
    std::string authorization;
    std::string cookie;
    std::string content_encoding;
    std::string content_type;
    std::string if_none_match;
    std::string if_modified_since;
    std::string if_range;
    std::string range;
    std::string last_event_id;
    bool upgrades = false;                         ///< asks for another protocol, named in `upgrade`
    std::string upgrade;
    std::string websocket_key;
    std::string websocket_version;
    std::string origin;
    std::string requested_method;                  ///< Access-Control-Request-Method
    bool is_relayed = false;                       ///< a proxy has left its mark: X-Forwarded-*, X-Real-IP, Forwarded or Via
    std::string forwarded_for;
    std::string forwarded_proto;
    std::string forwarded_host;
    std::string forwarded_prefix;
    std::string user;                              ///< what `user_field` holds; true only where a trusted proxy wrote it
};

/// \param bytes one complete head, as HeadScanner found it
std::expected<Head, Refusal> parse_head(std::string_view bytes, HeadLimits const& limits);

}  // namespace yihong::http
