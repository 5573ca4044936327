#pragma once

#include "head.hpp"

#include "yihong/http/server.hpp"
#include "yihong/http/stream.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace yihong::http {

/// What the system holds for a stream that its reader has not taken: little, so that a slow one shows.
inline constexpr int stream_send_buffer = 128 * 1024;

/// A connection whose reply has no end. Touched by its I/O thread only.
class Channel {
public:
    using Clock = std::chrono::steady_clock;

    virtual ~Channel() = default;
    /// Serves it until the peer, a deadline or the server ends it. The channel is kept alive meanwhile by the caller.
    virtual boost::asio::awaitable<void> run() = 0;
    /// Sends what the source has, as far as the socket takes it.
    virtual void pump() = 0;
    /// Heartbeat and deadlines.
    virtual void tick(Clock::time_point now) = 0;
    /// Says goodbye and closes within a second.
    virtual void end() = 0;
    virtual void close() = 0;

    /// It ends once this says no; asked every second. A stream may live longer than the right to it.
    void keep_while(std::function<bool()> may_go_on) { may_go_on_ = std::move(may_go_on); }
    /// Ends it where it may not go on.
    void look_for_right(Clock::time_point now)
    {
        constexpr std::chrono::seconds between{1};
        if (!may_go_on_ || now < next_look_)
            return;
        next_look_ = now + between;
        if (!may_go_on_())
            end();
    }

private:
    std::function<bool()> may_go_on_;
    Clock::time_point next_look_{};
};

/// \param head of the reply, to be sent first
std::shared_ptr<Channel> make_event_stream(boost::asio::ip::tcp::socket socket, std::string head, bool chunked,
                                           std::unique_ptr<StreamSource> source, ServerOptions const& options);
/// \param request an upgrade to WebSocket; the handshake is still to be answered
std::shared_ptr<Channel> make_websocket(boost::asio::ip::tcp::socket socket, Head const& request, std::unique_ptr<StreamSource> source,
                                        ServerOptions const& options);

}  // namespace yihong::http
