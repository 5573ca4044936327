#pragma once

#include "head.hpp"
#include "proxies.hpp"

#include "yihong/http/run_on.hpp"
#include "yihong/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace yihong::http {

class Channel;
class Connection;

/// What the system holds for a stream that its reader has not taken: little, so that a slow one shows.
inline constexpr int stream_send_buffer = 128 * 1024;

/// What all I/O threads share. Immutable while serving, but for the counters.
struct Shared {
    Shared(ServerOptions server_options, Snapshot<Router> const& current_router, Authenticate authenticate_token, Observe observe_request);

    /// Counts a new connection. \return false when the server or this peer has its fill
    bool admit(boost::asio::ip::address const& peer);
    void release(boost::asio::ip::address const& peer);

    ServerOptions options;
    HeadLimits head_limits;
    TrustedProxies proxies;
    Snapshot<Router> const& router;
    Authenticate authenticate;
    Observe observe;
    Pool compression;                              ///< one thread: large bodies are compressed and written to files here
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> streams{0};           ///< of them

private:
    static std::string peer_key(boost::asio::ip::address const& peer);
    [[nodiscard]] bool is_exempt(boost::asio::ip::address const& peer) const;
    std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> per_peer_;
};

/// What the connections of one I/O thread share; touched by that thread only.
class ThreadState {
public:
    explicit ThreadState(Shared& everything) : shared{everything} {}

    /// `Thu, 06 Nov 2025 12:00:00 GMT`, made once a second.
    std::string_view http_date();
    /// Closes the connections whose deadline has passed.
    void expire(std::chrono::steady_clock::time_point now);
    /// Streams and idle connections end at once, the others after the reply they are making.
    void begin_to_stop();
    void close_all();
    /// The sources of the streams may have something.
    void pump_streams();

    Shared& shared;
    std::list<Connection*> connections;
    std::list<Channel*> streams;
    bool stopping = false;

private:
    std::time_t date_second_ = 0;
    std::string date_;
};

/// Serves one connection to its end. Never throws.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, boost::asio::ip::address peer, ThreadState& thread);

}  // namespace yihong::http
