#pragma once

#include "tls_context.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace yihong::net {

/// A connection that comes encrypted (TLS 隧道): whoever serves it gets one end of a pair of sockets of this process and speaks plainly there, as
/// to any other peer, with files sent from where they lie; the tunnel carries bytes between that and the peer. Touched by its I/O thread only.
class TlsTunnel : public std::enable_shared_from_this<TlsTunnel> {
public:
    using Clock = std::chrono::steady_clock;
    using tcp = boost::asio::ip::tcp;

    TlsTunnel(tcp::socket socket, std::shared_ptr<Tls> tls);

    /// To the end of the connection. Never throws. \param take gets the plain end once the handshake is done
    boost::asio::awaitable<void> run(std::string peer, std::function<void(tcp::socket)> take);
    /// Closes it when a handshake, a write or the farewell takes too long.
    void expire(Clock::time_point now);
    void close();
    [[nodiscard]] bool is_open() const noexcept { return peer_.next_layer().is_open(); }
    [[nodiscard]] bool has_shaken_hands() const noexcept { return has_shaken_hands_; }

private:
    boost::asio::awaitable<void> carry_in();
    boost::asio::awaitable<void> carry_out();

    std::shared_ptr<Tls> tls_;
    std::shared_ptr<Tls::Context const> context_;  // as it was when the connection came
    boost::asio::ssl::stream<tcp::socket> peer_;
    boost::asio::local::stream_protocol::socket plain_;
    Clock::time_point deadline_;
    bool has_shaken_hands_ = false;
    bool has_said_farewell_ = false;
    boost::asio::steady_timer farewell_;  // cancelled when the way out has ended
};

}  // namespace yihong::net
