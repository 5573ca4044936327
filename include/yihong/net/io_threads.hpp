#pragma once

#include "yihong/net/tls.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yihong::net {

/// What one I/O thread serves: its connections and what they share. Every call comes on that thread, so it holds no locks.
class Served {
public:
    using Clock = std::chrono::steady_clock;

    virtual ~Served() = default;
    /// A new connection.
    virtual void take(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote) = 0;
    /// A new connection that came over TLS: `socket` speaks plainly, and is no socket of TCP. As any other, unless somebody wants to know.
    virtual void take_encrypted(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote)
    {
        take(std::move(socket), remote);
    }
    /// The thread's one clock, for the deadlines of all connections: arming a timer for every read and write costs more than a request.
    virtual void tick(Clock::time_point now) = 0;
    /// `IoThreads::wake` was called, once or several times.
    virtual void wake() {}
    /// No more connections come: what is idle ends now, the rest as soon as it may.
    virtual void begin_to_stop() = 0;
    /// Whether the thread may end. Asked after `begin_to_stop`.
    [[nodiscard]] virtual bool is_done() const = 0;
    /// The time to end by itself is over.
    virtual void close_all() = 0;
};

/// Where TLS is listened to, beside plain TCP.
struct ListenForTls {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free port
    std::shared_ptr<Tls> tls;
    std::size_t handshakes = 500;  ///< on their way at each thread; beyond, whoever has taken longest is cut off
};

struct ListenOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: a free port
    int threads = 1;
    std::chrono::milliseconds tick{250};
    std::string accept_event = "accept_failed";  ///< names the log line of a failing accept
    std::optional<ListenForTls> encrypted{};
};

/// N threads that serve one TCP port, each with its own io_context, acceptor (SO_REUSEPORT) and clock; a connection lives on one of them.
class IoThreads {
public:
    /// \param index of the thread, from 0
    using MakeServed = std::function<std::unique_ptr<Served>(int index)>;

    IoThreads();
    ~IoThreads();  ///< stops at once
    IoThreads(IoThreads const&) = delete;
    IoThreads& operator=(IoThreads const&) = delete;

    /// Binds and begins to serve. \throws std::runtime_error saying why the address cannot be listened on; nothing runs then
    void start(ListenOptions const& options, MakeServed const& make);
    /// Calls `Served::wake` soon on every thread. Any thread; cheap, since calls that come before the thread looks are one.
    void wake();
    /// Stops accepting, waits for the connections until `deadline`, closes what is left, joins. Idempotent.
    void stop(Served::Clock::time_point deadline);
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// Where TLS is listened to; 0: nowhere.
    [[nodiscard]] std::uint16_t tls_port() const noexcept { return tls_port_; }

private:
    class Thread;
    std::mutex mutex_;  // wake() may come while the threads come and go
    std::vector<std::unique_ptr<Thread>> threads_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
};

}  // namespace yihong::net
