#include "ready_channel.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <charconv>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::size_t pieces_at_once = 16;
constexpr std::size_t taken_from_peer = 1024;      // there is nothing to say on an event stream
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Server-sent events, and whatever else has no end: the pieces as they are, or as chunks.
class EventStream final : public ReadyChannel {
public:
    EventStream(tcp::socket socket, std::string head, bool chunked, std::unique_ptr<StreamSource> source, ServerOptions const& options)
        : ReadyChannel{std::move(socket), std::move(source)}, head_{std::move(head)}, chunked_{chunked},
          heartbeat_{options.stream_heartbeat}, write_deadline_{options.write_deadline}
    {
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

private:
    bool fetch() override
    {
        if (!collect(pieces_at_once)) {
            end();
            return false;
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

    void all_sent() override { head_ = {}; }

    std::string head_;
    std::array<char, 20> size_line_;
    Clock::time_point overdue_at_;
    Clock::time_point heartbeat_at_;
    bool chunked_;
    std::chrono::milliseconds heartbeat_;
    std::chrono::milliseconds write_deadline_;
};

}  // namespace

std::shared_ptr<Channel> make_event_stream(tcp::socket socket, std::string head, bool chunked, std::unique_ptr<StreamSource> source,
                                           ServerOptions const& options)
{
    return std::make_shared<EventStream>(std::move(socket), std::move(head), chunked, std::move(source), options);
}

}  // namespace yihong::http
