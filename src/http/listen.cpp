#include "yihong/http/listen.hpp"

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint probed_endpoint(std::string const& address, std::uint16_t port)
{
    tcp::endpoint const endpoint{asio::ip::make_address(address), port};
    asio::io_context io;
    tcp::acceptor const probe{io, endpoint, true};
    return endpoint;
}

tcp::acceptor shared_acceptor(asio::io_context& io, tcp::endpoint const& endpoint)
{
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    tcp::acceptor acceptor{io};
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.set_option(ReusePort{true});
    acceptor.bind(endpoint);
    acceptor.set_option(tcp::no_delay(true));          // inherited by the accepted sockets
    acceptor.listen(1024);
    return acceptor;
}

}  // namespace yihong::http
