#include "stream_form.hpp"

#include "negotiate.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/pool.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t plain_at_once = 1024 * 1024; // of what compresses well, so that no piece takes long
constexpr std::string_view size_line = "00000000\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::chrono::milliseconds pause_while_busy{20};

/// Closes with a reset: without chunks there is no other way to say that the end is none.
void reset(Link& link)
{
    error_code ignored;
    link.socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    link.close();
}

}  // namespace

Form choose_stream_form(Exchange& exchange, Reply& reply, StreamBody const& body, Encoding& encoding)
{
    auto const& head = exchange.head;
    Form form;
    form.endless = true;
    form.varies = is_compressible(reply.content_type);
    encoding = form.varies ? choose_encoding(exchange.request.accept_encoding) : Encoding::identity;
    if (encoding != Encoding::identity)
        form.content_encoding = to_text(encoding);
    bool const reads = head.method == Method::get || head.method == Method::head;
    if (reads && reply.status == 200 && !body.etag.empty() && is_safe_header("ETag", body.etag)) {
        form.etag = "\"" + body.etag + (encoding == Encoding::gzip ? "-gz\"" : encoding == Encoding::zstd ? "-zst\"" : "\"");
        if (!head.if_none_match.empty() && matches_etag(head.if_none_match, form.etag)) {
            reply.status = 304;
            form.endless = false;
            return form;
        }
    }
    if (head.minor_version == 0)
        exchange.keep_alive = false;
    return form;
}

StreamPump::StreamPump(StreamBody const& body, Encoding encoding, bool chunked)
    : body_{body}, deflater_{encoding}, compresses_{encoding != Encoding::identity}, chunked_{chunked}
{}

void StreamPump::make_piece()
{
    if (!source_)
        source_ = body_.open();
    auto const front = chunked_ ? size_line.size() : 0;
    piece_.assign(size_line.substr(0, front));
    std::size_t plain = 0;
    while (more_ && piece_.size() < piece_size && plain < plain_at_once) {
        if (!compresses_) {
            more_ = source_->next(piece_);
            plain = piece_.size();
            continue;
        }
        plain_.clear();
        more_ = source_->next(plain_);
        plain += plain_.size();
        deflater_.add(plain_, piece_);
    }
    if (!more_)
        deflater_.finish(piece_);
    if (!chunked_)
        return;
    if (auto const size = piece_.size() - front; size == 0) {
        piece_.clear();                            // an empty chunk would be the last
    } else {
        std::array<char, 16> digits;
        auto const length =
            static_cast<std::size_t>(std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr - digits.data());
        piece_.replace(8 - length, length, digits.data(), length);
        piece_ += "\r\n";
    }
    if (!more_)
        piece_ += last_chunk;
}

asio::awaitable<void> StreamPump::fill()
{
    auto const executor = co_await asio::this_coro::executor;
    bool const first = !source_;
    if (body_.pool == nullptr) {
        if (!first)
            co_await asio::post(executor, asio::use_awaitable);        // others on this thread have their turn
        make_piece();
        co_return;
    }
    for (;;) {
        auto job = [this] {
            make_piece();
            return true;
        };
        try {
            co_await body_.pool->run(std::move(job));
            co_return;
        } catch (net::PoolBusy const&) {
            if (first)
                throw;
        }
        asio::steady_timer pause{executor, pause_while_busy};
        error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

asio::awaitable<bool> send_stream(Link& link, Output& output, ServerOptions const& options, Exchange const& exchange, StreamPump& pump)
{
    output.put(pump.bytes());
    for (;;) {
        auto const written = output.write_some(link.socket);
        bool sent = written == Output::Written::all;
        if (written == Output::Written::blocked)
            sent = co_await output.write_rest(link, options);
        if (!sent || pump.is_last())
            co_return sent;
        link.enter_handling();
        std::optional<std::string> failure;
        try {
            co_await pump.fill();
        } catch (std::exception const& error) {
            failure = error.what();
        } catch (...) {
            failure = "unknown exception";
        }
        if (failure) {
            log::error("reply_broken_off", {{"route", exchange.pattern()}, {"peer", exchange.request.peer}, {"error", *failure}});
            if (exchange.head.minor_version == 0)
                reset(link);
            co_return false;
        }
        output.put_more(pump.bytes());
    }
}

}  // namespace yihong::http
