#pragma once

#include "yihong/base/result.hpp"
#include "yihong/http/body.hpp"
#include "yihong/http/frame.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view to_text(Method method) noexcept;

/// What a caller may do. `admin` includes `operate`, which includes `ingest` and `read`, which includes `metrics`; public reads do not.
enum class Scope : std::uint8_t { none, read, ingest, operate, admin, metrics };

/// Who asks: the name of the access token, or anonymous.
struct Principal {
    std::string name;                              ///< empty: anonymous
    std::vector<Scope> scopes;
    bool by_proxy = false;                         ///< a proxy has signed him in, and only that can sign him out
    [[nodiscard]] bool may(Scope wanted) const noexcept;
};

/// A request whose framing, size, target and credentials have been checked. Lives until the reply is made.
struct Request {
    Method method = Method::get;                   ///< HEAD arrives at handlers as `get`; the connection drops the body
    std::string path;                              ///< percent-decoded once, starts with `/`, no empty or dot segments
    std::vector<std::pair<std::string, std::string>> query;   ///< decoded, in order, without the access key
    std::string query_text;  ///< as sent, without the access key and with unsafe bytes percent-encoded: for links and cache keys
    std::vector<std::string> path_parameters;  ///< what the route's `{}` matched, in order
    std::string host;  ///< Host header, checked: `name[:port]`
    Frame const* frame = nullptr;                  ///< of every page; lives as long as the server
    std::string origin;                            ///< Origin, as sent: of the page that had a browser send this; mostly empty
    std::string scheme = "http";  ///< `https` behind a trusted proxy that says so
    std::string base_path;  ///< X-Forwarded-Prefix of a trusted proxy; usually empty
    std::string accept;
    std::string accept_encoding;
    std::string accept_language;
    std::string content_type;
    bool wants_part = false;  ///< Range is given: it goes on with what it was sent before
    std::string last_event_id;  ///< Last-Event-ID, as sent
    std::string body;
    std::string peer;  ///< address of the client, that of a trusted proxy's client where named
    Principal principal;
    /// Turns true once the client has closed its connection: who makes something large for it looks at it in between, on any thread, and
    /// throws `ClientLeft`. Null where nobody watches.
    std::atomic<bool> const* client_left = nullptr;

    /// The first value of a query parameter. \return null when absent
    [[nodiscard]] std::string const* query_value(std::string_view name) const noexcept;
    /// `http://host[/prefix]`, without a slash at the end.
    [[nodiscard]] std::string root_url() const;
};

/// Thrown by a handler that gives up what nobody waits for any more: nothing is answered.
class ClientLeft : public std::exception {
public:
    [[nodiscard]] char const* what() const noexcept override { return "the client has closed its connection"; }
};

/// What a problem (RFC 9457) says, for whoever shows it otherwise.
struct Problem {
    std::string code;  ///< of `code_name`, or one of the edge
    std::string detail;
};

class HeadLines;

using Headers = std::vector<std::pair<std::string, std::string>>;

/// An answer. The connection adds Date, Content-Length, ETag, Vary, CORS, compression, 304 and HEAD. A header whose value
/// holds CR, LF or another control byte is left out and logged; `Vary` and `Access-Control-Expose-Headers` are merged.
struct Reply {
    int status = 200;
    std::string content_type;  ///< empty: no body
    Body body;
    Headers headers;
    /// Cache-Control; `no-cache` makes clients revalidate by ETag.
    std::string cache_control = "no-cache";
    std::shared_ptr<Problem const> problem = {};  ///< what `make_problem` made it from: a browser is shown a page of it
    std::shared_ptr<HeadLines> lines = {};  ///< of a reply that is kept (kept_reply.hpp)
    std::shared_ptr<Reply const> kept = {};  ///< the reply that this one refers to: only the status stands here as well

    /// The finished bytes. \return null where the body is none, a stream or a file
    [[nodiscard]] std::shared_ptr<Content const> content() const noexcept;
    /// This reply, or the kept one that it refers to.
    [[nodiscard]] Reply const& whole() const noexcept { return kept ? *kept : *this; }
};

Reply make_reply(int status, std::string content_type, std::string body);
/// RFC 9457: `application/problem+json` with type, title, status, detail and `code`.
Reply make_problem(int status, std::string_view code, std::string_view detail);
/// The one place that maps codes to HTTP status.
int http_status(Errc code) noexcept;
/// With Retry-After where the failure is `busy`.
Reply make_problem(Failure const& failure);

}  // namespace yihong::http
