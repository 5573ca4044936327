#include "thread_state.hpp"

#include "channel.hpp"
#include "connection.hpp"
#include "http_date.hpp"

#include "yihong/net/networks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

Shared::Shared(ServerOptions server_options, Snapshot<Router> const& current_router, Authenticate authenticate_token,
               Observe observe_request)
    : options{std::move(server_options)},
      head_limits{options.target_limit, options.header_limit, options.header_count_limit, options.user_header},
      proxies{options.trusted_proxies}, admission{{.total = options.connection_limit, .per_peer = options.connections_per_peer_limit},
                                                  net::Networks{options.trusted_proxies}},
      bodies{options.bodies_bytes}, router{current_router}, authenticate{std::move(authenticate_token)},
      observe{std::move(observe_request)}, background{1, 64}
{}

std::string_view ThreadState::http_date()
{
    auto const now = std::time(nullptr);
    if (now != date_second_ || date_.empty()) {
        date_ = http::http_date(now);
        date_second_ = now;
    }
    return date_;
}

void ThreadState::admit(tcp::socket socket, tcp::endpoint const& remote, bool is_encrypted)
{
    auto const peer = net::unmapped(remote.address());
    if (!net::admit(shared.admission, peer, connections)) {
        shared.admission.refuse(peer, "connection_refused");
        constexpr std::string_view full =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(full), ignored);
        return;
    }
    auto const executor = socket.get_executor();
    asio::co_spawn(executor, serve_connection(std::move(socket), peer, is_encrypted, *this), asio::detached);
}

void ThreadState::tick(Clock::time_point now)
{
    for (auto* const connection : connections)
        connection->tick(now);
    net::make_room(shared.admission, connections);
    for (auto* const stream : streams) {
        stream->look_for_right(now);
        stream->tick(now);
    }
}

void ThreadState::wake()
{
    for (auto* const stream : streams)
        stream->pump();
}

void ThreadState::begin_to_stop()
{
    stopping = true;
    for (auto* const connection : connections)
        if (connection->is_idle())
            connection->close();
    for (auto* const stream : streams)
        stream->end();
}

void ThreadState::close_all()
{
    for (auto* const connection : connections)
        connection->close();
    for (auto* const stream : streams)
        stream->close();
}

}  // namespace yihong::http
