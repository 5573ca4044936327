#pragma once

#include "body_budget.hpp"
#include "head.hpp"
#include "known_requests.hpp"
#include "proxies.hpp"

#include "yihong/http/server.hpp"
#include "yihong/net/admission.hpp"
#include "yihong/net/io_threads.hpp"
#include "yihong/net/pool.hpp"

#include <atomic>
#include <cstddef>
#include <ctime>
#include <list>
#include <string>
#include <string_view>
#include <utility>

namespace yihong::http {

class Channel;
class Connection;

/// What all I/O threads share. Immutable while serving, but for the counters.
struct Shared {
    Shared(ServerOptions server_options, Snapshot<Router> const& current_router, Authenticate authenticate_token, Observe observe_request);

    ServerOptions options;
    HeadLimits head_limits;
    TrustedProxies proxies;
    net::Admission admission;
    BodyBudget bodies;
    Snapshot<Router> const& router;
    Authenticate authenticate;
    Observe observe;
    net::Pool background;                          ///< one thread: large bodies are compressed, files are written and read ahead here
    std::atomic<std::size_t> streams{0};           ///< open now
};

/// The connections of one I/O thread and what they share; touched by that thread only.
class ThreadState final : public net::Served {
public:
    explicit ThreadState(Shared& everything) : shared{everything} {}

    void take(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote) override
    {
        admit(std::move(socket), remote, false);
    }
    void take_encrypted(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote) override
    {
        admit(std::move(socket), remote, true);
    }
    /// Closes the connections whose deadline has passed.
    void tick(Clock::time_point now) override;
    /// The sources of the streams may have something.
    void wake() override;
    /// Streams and idle connections end at once, the others after the reply they are making.
    void begin_to_stop() override;
    [[nodiscard]] bool is_done() const override { return connections.empty(); }
    void close_all() override;

    /// `Thu, 06 Nov 2025 12:00:00 GMT`, made once a second.
    std::string_view http_date();

    Shared& shared;
    std::list<Connection*> connections;
    std::list<Channel*> streams;
    KnownRequests known;
    bool stopping = false;

private:
    void admit(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote, bool is_encrypted);

    std::time_t date_second_ = 0;
    std::string date_;
};

}  // namespace yihong::http
