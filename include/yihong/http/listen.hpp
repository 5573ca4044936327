#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>

namespace yihong::http {

/// The endpoint of an address, once it is known to be free: with SO_REUSEPORT a second service on the same port would bind and silently
/// take half of the connections. \throws boost::system::system_error
boost::asio::ip::tcp::endpoint probed_endpoint(std::string const& address, std::uint16_t port);

/// An acceptor that shares its port with those of the other I/O threads; the kernel spreads new connections over them.
/// \throws boost::system::system_error
boost::asio::ip::tcp::acceptor shared_acceptor(boost::asio::io_context& io, boost::asio::ip::tcp::endpoint const& endpoint);

}  // namespace yihong::http
