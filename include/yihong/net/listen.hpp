#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace yihong::net {

/// The endpoint of an address, once it is known to be free: with SO_REUSEPORT a second service on the same port would bind and silently
/// take half of the connections. \throws std::runtime_error naming it
boost::asio::ip::tcp::endpoint probed_endpoint(std::string const& address, std::uint16_t port);

/// An acceptor that shares its port with those of the other I/O threads; the kernel spreads new connections over them.
/// \throws std::runtime_error naming the endpoint
boost::asio::ip::tcp::acceptor shared_acceptor(boost::asio::io_context& io, boost::asio::ip::tcp::endpoint const& endpoint);

/// Accepts until the acceptor is closed and hands every connection over. Out of file descriptors or memory it waits a little: connections end, and the
/// backlog holds those who knock. \param event names the log line of a failure
boost::asio::awaitable<void> accept_each(boost::asio::ip::tcp::acceptor& acceptor, std::string_view event,
                                         std::function<void(boost::asio::ip::tcp::socket, boost::asio::ip::tcp::endpoint const&)> take);

/// TCP keep-alive, so that half-open connections are found within some two minutes: a station behind a carrier's NAT vanishes without a word.
void watch_peer(boost::asio::ip::tcp::socket& socket);

}  // namespace yihong::net
