#pragma once

#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::http::test {

/// What came back on a raw socket, cut into replies.
struct WireReply {
    int status = 0;
    std::string head;
    std::string body;
    /// The value of a field, or "(none)".
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// A plain blocking TCP client that sends exactly the bytes it is given.
class Wire {
public:
    explicit Wire(std::uint16_t port, char const* from = nullptr);
    /// Over a socket that is there already.
    Wire(std::uint16_t port, int socket);
    ~Wire();
    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;

    bool send(std::string_view bytes);
    void end_sending();
    /// The next reply; status 0 when the peer closed or nothing came for `patience`.
    WireReply read(bool head_only = false, std::chrono::milliseconds patience = std::chrono::seconds{5});
    /// Everything up to and with `mark`; what there is when it does not come for `patience`.
    std::string read_until(std::string_view mark, std::chrono::milliseconds patience = std::chrono::seconds{5});
    /// The next bytes, at most `most`; none when the peer closed or nothing came for `patience`.
    std::string read_some(std::size_t most, std::chrono::milliseconds patience = std::chrono::seconds{5});
    /// Whether the peer closes within `patience`, with nothing more to read.
    bool closed(std::chrono::milliseconds patience = std::chrono::seconds{5});
    [[nodiscard]] int handle() const noexcept { return handle_; }

private:
    void connect(std::uint16_t port) const;
    bool fill(std::chrono::milliseconds patience);
    int handle_;
    std::string buffer_;
};

/// A server on a free loopback port with a few routes that show what a handler sees.
class TestServer {
public:
    explicit TestServer(ServerOptions options = {}, std::vector<Route> more = {});
    ~TestServer();

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    Server& server() { return *server_; }
    [[nodiscard]] std::size_t open_connections() const { return server_->open_connections(); }
    Snapshot<Router>& router() { return router_; }
    net::Pool& pool() { return pool_; }
    /// Sends `bytes` on a new connection and reads one reply.
    WireReply ask(std::string_view bytes, bool head_only = false) const;
    /// GET with Host and the given extra lines (each ending in CR LF).
    WireReply get(std::string_view target, std::string_view lines = {}) const;
    struct Seen {
        Method method;
        std::string route;
        int status;
        std::size_t bytes_sent;
        std::string peer;
        std::string principal;
    };
    /// The first requests that were observed, once there are `count`.
    [[nodiscard]] std::vector<Seen> seen(std::size_t count) const;

private:
    net::Pool pool_{2, 1};
    Snapshot<Router> router_;
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
    std::unique_ptr<Server> server_;
};

/// Sends `bytes` on a new connection, waits for one reply and says "status" or "status+close"; "close" when none came.
std::string outcome(std::uint16_t port, std::string_view bytes);

}  // namespace yihong::http::test
