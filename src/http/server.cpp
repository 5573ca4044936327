#include "thread_state.hpp"

#include "yihong/net/io_threads.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace yihong::http {

using Clock = std::chrono::steady_clock;

class Server::State {
public:
    State(ServerOptions options, Snapshot<Router> const& router, Authenticate authenticate, Observe observe)
        : shared{std::move(options), router, std::move(authenticate), std::move(observe)}
    {}

    Shared shared;
    net::IoThreads threads;
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
    net::ListenOptions const listen{
        .address = options.address, .port = options.port, .threads = options.threads, .tick = tick, .encrypted = options.encrypted};
    try {
        state_->threads.start(listen, [this](int) { return std::make_unique<ThreadState>(state_->shared); });
    } catch (std::exception const& error) {
        throw std::runtime_error{std::string{"cannot listen on "} + error.what()};
    }
}

void Server::stop() { state_->threads.stop(Clock::now() + state_->shared.options.shutdown_deadline); }

void Server::wake_streams()
{
    if (state_->shared.streams.load() > 0)
        state_->threads.wake();
}

std::uint16_t Server::port() const noexcept { return state_->threads.port(); }
std::uint16_t Server::tls_port() const noexcept { return state_->threads.tls_port(); }

std::size_t Server::open_connections() const noexcept { return state_->shared.admission.open(); }
std::uint64_t Server::refused_connections() const noexcept { return state_->shared.admission.refused(); }

}  // namespace yihong::http
