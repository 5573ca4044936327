#include "tls_tunnel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <utility>
#include <vector>

namespace yihong::net {
namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using Clock = TlsTunnel::Clock;

constexpr std::chrono::seconds handshake_deadline{10};
constexpr std::chrono::seconds write_deadline{30};
constexpr std::chrono::seconds farewell_deadline{2};
constexpr std::size_t piece = 16 * 1024;               // of a TLS record

}  // namespace

TlsTunnel::TlsTunnel(tcp::socket socket, std::shared_ptr<Tls> tls)
    : tls_{std::move(tls)}, context_{tls_->current()}, peer_{std::move(socket), context_->ssl}, plain_{peer_.get_executor()},
      deadline_{Clock::now() + handshake_deadline}, farewell_{peer_.get_executor(), Clock::time_point::max()}
{}

asio::awaitable<void> TlsTunnel::run(std::string peer, std::function<void(tcp::socket)> take)
{
    auto const self = shared_from_this();
    error_code ec;
    co_await peer_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
    std::array<int, 2> ends{-1, -1};
    if (!ec && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        ec = error_code{errno, boost::system::system_category()};
    if (ec) {
        tls_->failed(peer, ec.message());
        close();
        co_return;
    }
    deadline_ = Clock::time_point::max();
    has_shaken_hands_ = true;
    plain_.assign(asio::local::stream_protocol{}, ends[0]);
    tcp::socket other{peer_.get_executor()};
    other.assign(tcp::v4(), ends[1]);                  // what is done with it, reading, writing, sending files, is the same
    take(std::move(other));
    asio::co_spawn(peer_.get_executor(), carry_out(), asio::detached);
    co_await carry_in();
    while (!has_said_farewell_)
        co_await farewell_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

asio::awaitable<void> TlsTunnel::carry_in()
{
    auto const self = shared_from_this();
    std::vector<char> bytes(piece);
    error_code ec;
    for (;;) {
        std::size_t const got = co_await peer_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            break;
        co_await asio::async_write(plain_, asio::buffer(bytes.data(), got), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            break;
    }
    plain_.shutdown(asio::socket_base::shutdown_send, ec);     // the peer has said everything; what he is told may still be on its way
}

asio::awaitable<void> TlsTunnel::carry_out()
{
    auto const self = shared_from_this();
    std::vector<char> bytes(piece);
    error_code ec;
    for (;;) {
        std::size_t const got = co_await plain_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            break;
        deadline_ = Clock::now() + write_deadline;
        co_await asio::async_write(peer_, asio::buffer(bytes.data(), got), asio::redirect_error(asio::use_awaitable, ec));
        deadline_ = Clock::time_point::max();
        if (ec)
            break;
    }
    deadline_ = Clock::now() + farewell_deadline;
    co_await peer_.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
    close();
    has_said_farewell_ = true;
    farewell_.cancel();
}

void TlsTunnel::expire(Clock::time_point now)
{
    if (now >= deadline_)
        close();
}

void TlsTunnel::close()
{
    error_code ignored;
    peer_.next_layer().close(ignored);
    plain_.close(ignored);
}

}  // namespace yihong::net
