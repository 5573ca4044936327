#include "ready_channel.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/listen.hpp"

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

constexpr std::size_t bytes_at_once = 64 * 1024;

StreamSource::Piece next_of(StreamSource& source) noexcept
{
    try {
        return source.next();
    } catch (std::exception const& error) {
        log::error("stream_failed", {{"error", error.what()}});
        return {.bytes = nullptr, .end = true};
    }
}

}  // namespace

ReadyChannel::ReadyChannel(tcp::socket socket, std::unique_ptr<StreamSource> source)
    : socket_{std::move(socket)}, source_{std::move(source)}
{
    error_code ignored;
    socket_.set_option(asio::socket_base::send_buffer_size{stream_send_buffer}, ignored);
    net::watch_peer(socket_);
}

void ReadyChannel::pump()
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

void ReadyChannel::close()
{
    error_code ignored;
    socket_.close(ignored);
}

bool ReadyChannel::collect(std::size_t pieces_at_once)
{
    std::size_t bytes = 0;
    while (pieces_.size() < pieces_at_once && bytes < bytes_at_once) {
        auto piece = next_of(*source_);
        if (piece.end)
            return false;
        if (!piece.bytes)
            break;
        bytes += piece.bytes->size();
        pieces_.push_back(std::move(piece.bytes));
    }
    return true;
}

void ReadyChannel::consume(std::size_t sent)
{
    std::size_t whole = 0;
    while (whole < outgoing_.size() && sent >= outgoing_[whole].size())
        sent -= outgoing_[whole++].size();
    outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(whole));
    if (!outgoing_.empty()) {
        outgoing_.front() += sent;
        return;
    }
    pieces_.clear();
    all_sent();
}

}  // namespace yihong::http
