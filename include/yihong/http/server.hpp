#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/io_threads.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

/// Limits and deadlines of the HTTP edge; every one has a safe default.
struct ServerOptions {
    Frame frame;                                   ///< of the pages that people read
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;                     ///< 0: a free port
    int threads = 2;
    std::optional<net::ListenForTls> encrypted{};  ///< HTTPS, beside that
    std::size_t target_limit = 8 * 1024;
    std::size_t header_limit = 16 * 1024;
    std::size_t header_count_limit = 100;
    std::size_t connection_limit = 10'000;
    std::size_t connections_per_peer_limit = 1'000;///< loopback and trusted proxies are exempt
    std::chrono::milliseconds header_deadline{10'000};      ///< whole request head, not per read
    std::chrono::milliseconds idle_deadline{60'000};        ///< between requests of a connection
    std::size_t body_min_bytes_per_second = 1024;  ///< of request bodies after the grace; replies too must flow as fast on the whole
    std::chrono::milliseconds body_grace{10'000};
    std::size_t bodies_bytes = 256U << 20U;        ///< of all request bodies in memory together
    std::chrono::milliseconds write_deadline{30'000};  ///< without progress
    std::chrono::milliseconds shutdown_deadline{10'000};
    std::chrono::milliseconds stream_heartbeat{15'000};  ///< of streams that are silent
    std::vector<std::string> trusted_proxies;  ///< addresses or networks (`10.0.0.0/8`) whose X-Forwarded-* count
    bool public_reads = true;  ///< reads need no token
    std::string access_key_parameter = "access_token";  ///< query key for GIS clients; stripped, never logged
    std::vector<std::string> cors_origins{"*"};
    /// A header in which trusted proxies name whom they have signed in (单点登录), such as `X-Remote-User`; empty: there is none. From anybody else it counts nothing.
    std::string user_header;
    /// What such a user may. Called on I/O threads; must be quick.
    std::function<Principal(std::string_view user)> user{};
};

/// Looks up a bearer token. \return the principal, or nothing when the token is unknown. An empty token asks what somebody without
/// one may do; nothing then means public reads only. Called on I/O threads; must be quick.
using Authenticate = std::function<std::optional<Principal>(std::string_view token)>;

/// One finished request, for metrics, the audit of writes and the log. `route` is the pattern (never the target).
struct RequestSummary {
    Method method;
    std::string_view route;
    int status;
    std::chrono::nanoseconds duration;
    std::size_t bytes_sent;
    std::string_view peer;
    std::string_view principal;
};
using Observe = std::function<void(RequestSummary const&)>;

/// HTTP/1.1 on N I/O threads, each with its own io_context and acceptor (SO_REUSEPORT); a connection lives on one thread and holds no locks.
class Server {
public:
    /// \throws std::invalid_argument naming a trusted proxy that is no address
    Server(ServerOptions options, Snapshot<Router> const& router, Authenticate authenticate, Observe observe);
    ~Server();  ///< stops
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// Binds and begins to serve. \throws std::runtime_error naming the address when it cannot be bound
    void start();
    /// Tells every stream that its source may have something. Any thread, cheap: a message to each I/O thread at most, none where nobody listens.
    void wake_streams();
    /// Stops accepting, ends streams, lets requests finish until the deadline, closes, joins. Idempotent. A handler that is still waiting
    /// for a pool after the deadline is waited for, so stop the server before its pools.
    void stop();
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// Of HTTPS; 0: there is none.
    [[nodiscard]] std::uint16_t tls_port() const noexcept;
    [[nodiscard]] std::size_t open_connections() const noexcept;
    /// Connections that were not let in, since the start.
    [[nodiscard]] std::uint64_t refused_connections() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace yihong::http
