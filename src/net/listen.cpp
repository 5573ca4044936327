#include "yihong/net/listen.hpp"

#include "yihong/base/log.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <stdexcept>

namespace yihong::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

namespace {

/// What the system says of an address, without the place in Asio's sources where it said so.
template <typename Work>
auto plainly(std::string const& address, std::uint16_t port, Work work)
{
    try {
        return work();
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error{address + ":" + std::to_string(port) + ": " + error.code().message()};
    }
}

}  // namespace

tcp::endpoint probed_endpoint(std::string const& address, std::uint16_t port)
{
    return plainly(address, port, [&] {
        tcp::endpoint const endpoint{asio::ip::make_address(address), port};
        asio::io_context io;
        tcp::acceptor const probe{io, endpoint, true};
        return endpoint;
    });
}

tcp::acceptor shared_acceptor(asio::io_context& io, tcp::endpoint const& endpoint)
{
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    return plainly(endpoint.address().to_string(), endpoint.port(), [&] {
        tcp::acceptor acceptor{io};
        acceptor.open(endpoint.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.set_option(ReusePort{true});
        acceptor.bind(endpoint);
        acceptor.set_option(tcp::no_delay(true));      // inherited by the accepted sockets
        acceptor.listen(1024);
        return acceptor;
    });
}

asio::awaitable<void> accept_each(tcp::acceptor& acceptor, std::string_view event,
                                  std::function<void(tcp::socket, tcp::endpoint const&)> take)
{
    constexpr std::chrono::milliseconds pause_after_failure{100};
    asio::steady_timer pause{acceptor.get_executor()};
    while (acceptor.is_open()) {
        error_code ec;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::operation_aborted || !acceptor.is_open())
            co_return;
        if (ec) {
            if (ec != asio::error::connection_aborted) {
                log::warning(event, {{"error", ec.message()}});
                pause.expires_after(pause_after_failure);
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            }
            continue;
        }
        auto const remote = socket.remote_endpoint(ec);
        if (!ec)
            take(std::move(socket), remote);
    }
}

void watch_peer(tcp::socket& socket)
{
    using Seconds = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
    using Between = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
    using Probes = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
    using Unanswered = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    error_code ignored;
    socket.set_option(tcp::socket::keep_alive{true}, ignored);
    socket.set_option(Seconds{60}, ignored);
    socket.set_option(Between{15}, ignored);
    socket.set_option(Probes{4}, ignored);
    socket.set_option(Unanswered{120'000}, ignored);
}

}  // namespace yihong::net
