#include "channel.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/listen.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <charconv>
#include <vector>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::size_t pieces_at_once = 16;
constexpr std::size_t bytes_at_once = 64 * 1024;
constexpr std::size_t taken_from_peer = 1024;      // there is nothing to say on an event stream
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Writes by readiness: the socket's own buffer is the only queue, and the next pieces are fetched when it has taken the last ones.
class EventStream final : public Channel, public std::enable_shared_from_this<EventStream> {
public:
    EventStream(tcp::socket socket, std::string head, bool chunked, std::unique_ptr<StreamSource> source, ServerOptions const& options)
        : socket_{std::move(socket)}, source_{std::move(source)}, head_{std::move(head)}, chunked_{chunked},
          heartbeat_{options.stream_heartbeat}, write_deadline_{options.write_deadline}
    {
        error_code ignored;
        socket_.set_option(asio::socket_base::send_buffer_size{stream_send_buffer}, ignored);
        net::watch_peer(socket_);
        outgoing_.push_back(asio::buffer(head_));
        begin_batch();
    }

    asio::awaitable<void> run() override
    {
        pump();
        std::array<char, 64> ignored;
        std::size_t taken = 0;
        error_code ec;
        while (!ec && taken < taken_from_peer) {
            auto const room = asio::buffer(ignored);
            std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
            taken += received;
        }
        close();
    }

    void pump() override
    {
        while (!waiting_ && socket_.is_open()) {
            if (outgoing_.empty() && !fetch())
                return;
            error_code ec;
            std::size_t const sent = socket_.write_some(outgoing_, ec);
            if (ec == asio::error::would_block || ec == asio::error::try_again) {
                waiting_ = true;
                socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code failed) {
                    self->waiting_ = false;
                    if (!failed)
                        self->pump();
                });
                return;
            }
            if (ec)
                return close();
            consume(sent);
        }
    }

    void tick(Clock::time_point now) override
    {
        if (!outgoing_.empty() && now >= overdue_at_) {
            if (socket_.is_open())
                source_->overdue();
            return close();
        }
        if (outgoing_.empty() && now >= heartbeat_at_) {
            pieces_.push_back(source_->heartbeat());
            frame();
        }
        pump();
    }

    void end() override
    {
        error_code ignored;
        if (chunked_ && outgoing_.empty() && socket_.is_open())
            socket_.write_some(asio::buffer(last_chunk), ignored);
        close();
    }

    void close() override
    {
        error_code ignored;
        socket_.close(ignored);
    }

private:
    /// \return whether there is something to send
    bool fetch()
    {
        std::size_t bytes = 0;
        while (pieces_.size() < pieces_at_once && bytes < bytes_at_once) {
            auto piece = next_of(*source_);
            if (piece.end) {
                end();
                return false;
            }
            if (!piece.bytes)
                break;
            bytes += piece.bytes->size();
            pieces_.push_back(std::move(piece.bytes));
        }
        if (pieces_.empty())
            return false;
        frame();
        return true;
    }

    /// Lays the pieces out for the socket, as one chunk.
    void frame()
    {
        std::size_t size = 0;
        for (auto const& piece : pieces_)
            size += piece->size();
        if (chunked_) {
            auto* const end = std::to_chars(size_line_.data(), size_line_.data() + size_line_.size() - 2, size, 16).ptr;
            end[0] = '\r';
            end[1] = '\n';
            outgoing_.push_back(asio::buffer(size_line_.data(), static_cast<std::size_t>(end + 2 - size_line_.data())));
        }
        for (auto const& piece : pieces_)
            outgoing_.push_back(asio::buffer(*piece));
        if (chunked_)
            outgoing_.push_back(asio::buffer(std::string_view{"\r\n"}));
        begin_batch();
    }

    /// What is under way has to be taken whole within one write deadline, so that no reader lives on single bytes.
    void begin_batch()
    {
        auto const now = Clock::now();
        overdue_at_ = now + write_deadline_;
        heartbeat_at_ = now + heartbeat_;
    }

    void consume(std::size_t sent)
    {
        std::size_t whole = 0;
        while (whole < outgoing_.size() && sent >= outgoing_[whole].size())
            sent -= outgoing_[whole++].size();
        outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(whole));
        if (outgoing_.empty()) {
            pieces_.clear();
            head_ = {};
        } else {
            outgoing_.front() += sent;
        }
    }

    tcp::socket socket_;
    std::unique_ptr<StreamSource> source_;
    std::string head_;
    std::vector<std::shared_ptr<std::string const>> pieces_;    // under way
    std::vector<asio::const_buffer> outgoing_;                  // what is left of them, framed
    std::array<char, 20> size_line_;
    Clock::time_point overdue_at_;
    Clock::time_point heartbeat_at_;
    bool chunked_;
    bool waiting_ = false;                                      // for the socket to take more
    std::chrono::milliseconds heartbeat_;
    std::chrono::milliseconds write_deadline_;
};

}  // namespace

StreamSource::Piece Channel::next_of(StreamSource& source) noexcept
{
    try {
        return source.next();
    } catch (std::exception const& error) {
        log::error("stream_failed", {{"error", error.what()}});
        return {.bytes = nullptr, .end = true};
    }
}

std::shared_ptr<Channel> make_event_stream(tcp::socket socket, std::string head, bool chunked, std::unique_ptr<StreamSource> source,
                                           ServerOptions const& options)
{
    return std::make_shared<EventStream>(std::move(socket), std::move(head), chunked, std::move(source), options);
}

}  // namespace yihong::http
