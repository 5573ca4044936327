#include "channel.hpp"

#include "yihong/net/listen.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <netinet/tcp.h>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::size_t message_limit = 1024;        // of what is not taken anyway
constexpr std::chrono::seconds goodbye{1};

class WebSocket final : public Channel, public std::enable_shared_from_this<WebSocket> {
public:
    WebSocket(tcp::socket socket, Head const& head, std::unique_ptr<StreamSource> source, ServerOptions const& options)
        : stream_{std::move(socket)}, source_{std::move(source)}, heartbeat_{options.stream_heartbeat},
          write_deadline_{options.write_deadline}
    {
        using beast::http::field;
        request_.method(beast::http::verb::get);
        request_.target(head.target);
        request_.version(11);
        request_.set(field::host, head.host);
        request_.set(field::connection, "Upgrade");
        request_.set(field::upgrade, "websocket");
        request_.set(field::sec_websocket_key, head.websocket_key);
        request_.set(field::sec_websocket_version, head.websocket_version);
        error_code ignored;
        stream_.next_layer().set_option(asio::socket_base::send_buffer_size{stream_send_buffer}, ignored);
        net::watch_peer(stream_.next_layer());
        stream_.read_message_max(message_limit);
        stream_.auto_fragment(false);              // a message goes out from where it lies
        stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& reply) { reply.set(field::server, "yihong"); }));
        stream_.control_callback([this](websocket::frame_type, beast::string_view) { heard_ = true; });
        arm();
    }

    asio::awaitable<void> run() override
    {
        error_code ec;
        co_await stream_.async_accept(request_, asio::redirect_error(asio::use_awaitable, ec));
        request_ = {};
        if (ec)
            co_return close();
        open_ = true;
        deadline_ = Clock::time_point::max();
        heartbeat_at_ = Clock::now() + heartbeat_;
        if (ending_)
            end();
        stream_.text(true);
        pump();
        beast::flat_static_buffer<message_limit> message;
        co_await stream_.async_read(message, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec && !ending_) {
            ending_ = closing_ = true;
            deadline_ = Clock::now() + goodbye;
            websocket::close_reason const reason{websocket::close_code::policy_error, "nothing is taken here"};
            co_await stream_.async_close(reason, asio::redirect_error(asio::use_awaitable, ec));
        }
        close();
    }

    void pump() override
    {
        if (!open_ || ending_ || piece_)
            return;
        if (!upcoming_.bytes && !upcoming_.end)
            upcoming_ = next_of(*source_);
        if (upcoming_.end)
            return end();
        if (!upcoming_.bytes)
            return;
        piece_ = std::move(upcoming_.bytes);
        upcoming_ = next_of(*source_);
        if (upcoming_.bytes)
            cork(true);
        arm();
        stream_.async_write(asio::buffer(*piece_), [self = shared_from_this()](error_code ec, std::size_t) {
            self->piece_.reset();
            if (ec)
                return self->close();
            if (!self->upcoming_.bytes)
                self->cork(false);
            if (!self->ending_)
                self->deadline_ = Clock::time_point::max();
            self->pump();
        });
    }

    void tick(Clock::time_point now) override
    {
        if (now >= deadline_)
            return overdue();
        if (open_ && !ending_ &&
            !stream_.is_open()) {     // Beast has said goodbye to a bad frame or a close, and would wait for the peer's end for ever
            ending_ = closing_ = true;
            deadline_ = now + goodbye;
        }
        if (open_ && !ending_ && now >= heartbeat_at_) {
            if (pinged_ && !heard_)
                return overdue();
            heartbeat_at_ = now + heartbeat_;
            pinged_ = true;
            heard_ = false;
            if (!pinging_) {
                pinging_ = true;
                stream_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
            }
        }
        pump();
    }

    void end() override
    {
        ending_ = true;
        if (!open_ || closing_)
            return;                                // the handshake ends it, or its deadline
        closing_ = true;
        cork(false);
        deadline_ = Clock::now() + goodbye;
        stream_.async_close({websocket::close_code::going_away}, [self = shared_from_this()](error_code) { self->close(); });
    }

    void close() override
    {
        open_ = false;
        error_code ignored;
        stream_.next_layer().close(ignored);
    }

private:
    /// Several messages at once go out in as few packets as they fill: otherwise each is one, and costs several times as much.
    void cork(bool on)
    {
        using Cork = asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_CORK>;
        if (corked_ == on)
            return;
        corked_ = on;
        error_code ignored;
        stream_.next_layer().set_option(Cork{on}, ignored);
    }
    void arm() { deadline_ = Clock::now() + write_deadline_; }
    void overdue()
    {
        if (!ending_ && stream_.next_layer().is_open())
            source_->overdue();
        close();
    }

    websocket::stream<tcp::socket, false> stream_;
    std::unique_ptr<StreamSource> source_;
    beast::http::request<beast::http::empty_body> request_;
    std::shared_ptr<std::string const> piece_;     // under way
    StreamSource::Piece upcoming_;                 // the one behind it
    bool corked_ = false;
    Clock::time_point deadline_;
    Clock::time_point heartbeat_at_;
    bool open_ = false;                            // between the handshake and the end
    bool ending_ = false;
    bool closing_ = false;
    bool pinging_ = false;
    bool pinged_ = false;
    bool heard_ = false;                           // since the last ping
    std::chrono::milliseconds heartbeat_;
    std::chrono::milliseconds write_deadline_;
};

}  // namespace

std::shared_ptr<Channel> make_websocket(tcp::socket socket, Head const& request, std::unique_ptr<StreamSource> source,
                                        ServerOptions const& options)
{
    return std::make_shared<WebSocket>(std::move(socket), request, std::move(source), options);
}

}  // namespace yihong::http
