#include "ready_channel.hpp"
#include "websocket_frames.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>
#include <vector>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::size_t pieces_at_once = 32;
constexpr std::size_t waiting_control = 1024;      // of pongs; who takes none of them need not be sent more
constexpr std::chrono::seconds goodbye{1};

std::string handshake_of(Head const& request)
{
    return "HTTP/1.1 101 Switching Protocols\r\nServer: yihong\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           accept_of(request.websocket_key) + "\r\n\r\n";
}

/// Each piece as a message; what has to be said beside them goes out before the next ones.
class WebSocket final : public ReadyChannel {
public:
    WebSocket(tcp::socket socket, Head const& head, std::unique_ptr<StreamSource> source, ServerOptions const& options)
        : ReadyChannel{std::move(socket), std::move(source)}, control_{handshake_of(head)}, heartbeat_{options.stream_heartbeat},
          write_deadline_{options.write_deadline}, heartbeat_at_{Clock::now() + heartbeat_}
    {}

    asio::awaitable<void> run() override
    {
        pump();
        std::array<char, 256> bytes;
        error_code ec;
        while (!ec && socket_.is_open()) {
            auto const room = asio::buffer(bytes);
            std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
            if (!take({bytes.data(), received}))
                break;
            pump();
        }
        close();
    }

    void tick(Clock::time_point now) override
    {
        if (closing_ && now >= goodbye_at_)
            return close();
        if (!outgoing_.empty() && now >= overdue_at_)
            return overdue();
        if (!closing_ && now >= heartbeat_at_) {
            if (pinged_ && !heard_)
                return overdue();
            heartbeat_at_ = now + heartbeat_;
            pinged_ = true;
            heard_ = false;
            control_ += control_frame(Opcode::ping, {});
        }
        pump();
    }

    void end() override
    {
        say_goodbye(close_frame(CloseCode::going_away));
        pump();
    }

private:
    /// What the peer says. \return whether the connection goes on
    bool take(std::string_view bytes)
    {
        while (!bytes.empty()) {
            switch (frames_.next(bytes)) {
            case ClientFrames::Event::nothing: break;
            case ClientFrames::Event::ping:
                heard_ = true;
                if (!closing_ && control_.size() < waiting_control)
                    control_ += control_frame(Opcode::pong, frames_.text());
                break;
            case ClientFrames::Event::pong: heard_ = true; break;
            case ClientFrames::Event::close:
                if (closing_)
                    return false;                  // it answers ours
                say_goodbye(control_frame(Opcode::close, frames_.text().substr(0, 2)));      // with its code
                is_last_ = true;
                break;
            case ClientFrames::Event::message: say_goodbye(close_frame(CloseCode::policy_error, "nothing is taken here")); break;
            case ClientFrames::Event::large_message: return false;
            case ClientFrames::Event::error:
                say_goodbye(close_frame(CloseCode::protocol_error));
                is_last_ = true;
                pump();
                return false;
            }
        }
        return true;
    }

    /// What is under way goes out before. The peer has a second to answer.
    void say_goodbye(std::string frame)
    {
        if (closing_)
            return;
        closing_ = true;
        goodbye_at_ = Clock::now() + goodbye;
        control_ += frame;
    }

    bool fetch() override
    {
        if (!closing_ && control_.empty() && !collect(pieces_at_once))
            say_goodbye(close_frame(CloseCode::going_away));
        if (!pieces_.empty()) {
            for (auto const& piece : pieces_)
                heads_.emplace_back(Opcode::text, piece->size());
            for (std::size_t i = 0; i < pieces_.size(); ++i) {
                outgoing_.push_back(asio::buffer(heads_[i].bytes()));
                outgoing_.push_back(asio::buffer(*pieces_[i]));
            }
        } else if (!control_.empty()) {
            under_way_ = std::exchange(control_, {});
            outgoing_.push_back(asio::buffer(under_way_));
        } else {
            if (is_last_)
                close();
            return false;
        }
        overdue_at_ = Clock::now() + write_deadline_;      // the whole of it within that, so that no reader lives on single bytes
        return true;
    }

    void all_sent() override
    {
        heads_.clear();
        under_way_ = {};
    }

    void overdue()
    {
        if (!closing_ && socket_.is_open())
            source_->overdue();
        close();
    }

    ClientFrames frames_;
    std::string control_;                                       // goes out before the next messages
    std::vector<FrameHead> heads_;                              // of the pieces under way
    std::string under_way_;                                     // or what was in `control_`
    std::chrono::milliseconds heartbeat_;
    std::chrono::milliseconds write_deadline_;
    Clock::time_point overdue_at_{};
    Clock::time_point heartbeat_at_;
    Clock::time_point goodbye_at_{};
    bool closing_ = false;                                      // our goodbye is said
    bool is_last_ = false;                                      // the peer's too, or it speaks something else
    bool pinged_ = false;
    bool heard_ = false;                                        // since the last ping
};

}  // namespace

std::shared_ptr<Channel> make_websocket(tcp::socket socket, Head const& request, std::unique_ptr<StreamSource> source,
                                        ServerOptions const& options)
{
    return std::make_shared<WebSocket>(std::move(socket), request, std::move(source), options);
}

}  // namespace yihong::http
