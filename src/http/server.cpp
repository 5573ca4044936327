#include "connection.hpp"

#include "yihong/http/listen.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using error_code = boost::system::error_code;

/// One I/O thread with its own acceptor, connections and clock for deadlines.
class IoThread {
public:
    IoThread(Shared& shared, tcp::endpoint const& endpoint, std::chrono::milliseconds tick)
        : acceptor_{shared_acceptor(io_, endpoint)}, state_{shared}, tick_{tick}
    {}

    [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    void start()
    {
        auto const taker = [this](tcp::socket socket, tcp::endpoint const& remote) { take(std::move(socket), remote); };
        asio::co_spawn(io_, accept_each(acceptor_, "accept_failed", taker), asio::detached);
        asio::co_spawn(io_, watch(), asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }

    void begin_to_stop(Clock::time_point deadline)
    {
        asio::post(io_, [this, deadline] {
            error_code ignored;
            acceptor_.close(ignored);
            close_at_ = deadline;
            state_.begin_to_stop();
            timer_.cancel();                           // the watch looks at once
        });
    }
    void wake_streams()
    {
        if (waking_.exchange(true))
            return;
        asio::post(io_, [this] {
            waking_ = false;
            state_.pump_streams();
        });
    }
    void join()
    {
        if (thread_.joinable())
            thread_.join();
    }

private:
    void take(tcp::socket socket, tcp::endpoint const& remote)
    {
        auto const peer = unmapped(remote.address());
        if (!state_.shared.admit(peer)) {
            constexpr std::string_view full =
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            error_code ignored;
            socket.non_blocking(true, ignored);
            socket.write_some(asio::buffer(full), ignored);
            return;
        }
        asio::co_spawn(io_, serve_connection(std::move(socket), peer, state_), asio::detached);
    }

    /// One timer for all connections: arming one for every read and write costs more than a request.
    asio::awaitable<void> watch()
    {
        while (!state_.stopping || !state_.connections.empty()) {
            error_code ec;
            timer_.expires_after(tick_);
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            auto const now = Clock::now();
            state_.expire(now);
            if (state_.stopping && now >= close_at_)
                state_.close_all();
        }
    }

    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    asio::steady_timer timer_{io_};
    ThreadState state_;
    std::chrono::milliseconds tick_;
    Clock::time_point close_at_ = Clock::time_point::max();
    std::atomic<bool> waking_{false};                  // a message to the thread is on its way
    std::thread thread_;
};

}  // namespace

class Server::State {
public:
    State(ServerOptions options, Snapshot<Router> const& router, Authenticate authenticate, Observe observe)
        : shared{std::move(options), router, std::move(authenticate), std::move(observe)}
    {}

    Shared shared;
    std::mutex mutex;                                  // streams may be woken while the threads come and go
    std::vector<std::unique_ptr<IoThread>> threads;
    std::uint16_t port = 0;
};

Server::Server(ServerOptions options, Snapshot<Router> const& router, Authenticate authenticate, Observe observe)
    : state_{std::make_unique<State>(std::move(options), router, std::move(authenticate), std::move(observe))}
{}

Server::~Server() { stop(); }

void Server::start()
{
    auto const& options = state_->shared.options;
    std::signal(SIGPIPE, SIG_IGN);                     // sendfile has no MSG_NOSIGNAL
    // A deadline is kept to within a quarter of the shortest one, at most to 250 ms.
    auto const shortest =
        std::min({options.header_deadline, options.idle_deadline, options.write_deadline, options.body_grace, options.stream_heartbeat});
    auto const tick = std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{250});
    try {
        auto endpoint = probed_endpoint(options.address, options.port);
        std::vector<std::unique_ptr<IoThread>> threads;
        for (int i = 0; i < std::max(options.threads, 1); ++i) {
            threads.push_back(std::make_unique<IoThread>(state_->shared, endpoint, tick));
            endpoint = threads.back()->endpoint();
        }
        state_->port = endpoint.port();
        std::lock_guard const lock{state_->mutex};
        state_->threads = std::move(threads);
    } catch (std::exception const& error) {
        throw std::runtime_error{"cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.what()};
    }
    for (auto& thread : state_->threads)
        thread->start();
}

void Server::stop()
{
    auto const deadline = Clock::now() + state_->shared.options.shutdown_deadline;
    for (auto& thread : state_->threads)
        thread->begin_to_stop(deadline);
    for (auto& thread : state_->threads)
        thread->join();
    std::lock_guard const lock{state_->mutex};
    state_->threads.clear();
}

void Server::wake_streams()
{
    if (state_->shared.streams.load() == 0)
        return;
    std::lock_guard const lock{state_->mutex};
    for (auto const& thread : state_->threads)
        thread->wake_streams();
}

std::uint16_t Server::port() const noexcept { return state_->port; }

std::size_t Server::open_connections() const noexcept { return state_->shared.connections.load(); }

}  // namespace yihong::http
