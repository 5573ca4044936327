#include "receive.hpp"

#include "body_reader.hpp"
#include "decide.hpp"
#include "negotiate.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;
using Clock = Link::Clock;

namespace {

constexpr std::size_t body_buffer = 64 * 1024;
constexpr std::size_t compressed_piece = 4 * 1024;     // may become a thousand times as much
constexpr std::size_t lingering_bytes = 1024 * 1024;

/// The reply to a body that is refused before it is read, if it is.
std::optional<Reply> refusal_of(Head const& head, std::optional<Encoding> encoding, std::size_t limit)
{
    if (!encoding) {
        auto reply = make_problem(415, code_name(Errc::unsupported), "Content-Encoding: gzip and zstd are understood");
        reply.headers.emplace_back("Accept-Encoding", "gzip, zstd");
        return reply;
    }
    if (limit == 0)
        return to_reply(Refusal{413, "no body is taken here"});
    if (head.content_length.value_or(0) > limit)
        return to_reply(Refusal{413, "the body is larger than " + std::to_string(limit) + " bytes"});
    return std::nullopt;
}

}  // namespace

asio::awaitable<std::size_t> receive_head(Link& link, ThreadState const& thread, std::optional<Refusal>& refusal)
{
    auto const& options = thread.shared.options;
    auto& input = link.input;
    HeadScanner scanner{thread.shared.head_limits};
    bool empty_line_seen = false;
    auto const now = Clock::now();
    if (input.empty())
        link.enter(Phase::idle, now + options.idle_deadline);
    else
        link.enter(Phase::head, now + options.header_deadline);
    for (;;) {
        if (!empty_line_seen && input.bytes().starts_with("\r\n")) {   // RFC 9112 §2.2: one before the request line is ignored
            input.consume(2);
            empty_line_seen = true;
        }
        if (!input.empty() && input.bytes() != "\r") {
            auto const found = scanner.scan(input.bytes());
            if (!found)
                refusal = found.error();
            if (!found || *found > 0)
                co_return found.value_or(0);
        }
        if (thread.stopping && link.phase == Phase::idle)
            co_return 0;
        auto const room = input.room(options.target_limit + options.header_limit + 1024);
        error_code ec;
        std::size_t const received = co_await link.socket.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return 0;
        input.received(received);
        if (link.phase == Phase::idle)
            link.enter(Phase::head, Clock::now() + options.header_deadline);
    }
}

asio::awaitable<bool> receive_body(Link& link, Exchange& exchange, ServerOptions const& options, BodyBudget::Share& share,
                                   std::optional<Reply>& refused)
{
    auto const& head = exchange.head;
    auto& input = link.input;
    std::size_t const limit = exchange.route->body_limit;
    auto const encoding = request_encoding(head.content_encoding);
    refused = refusal_of(head, encoding, limit);
    if (refused)
        co_return true;
    if (head.expects_continue && input.empty()) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        error_code ec;
        link.socket.write_some(asio::buffer(go_on), ec);   // the send buffer is empty here, so these bytes fit
        if (ec)
            co_return false;
    }
    BodyReader reader{head, *encoding, limit};
    auto const grace_end = Clock::now() + options.body_grace;
    std::size_t received_all = 0;
    for (;;) {
        auto const piece = *encoding == Encoding::identity ? input.bytes() : input.bytes().substr(0, compressed_piece);
        auto const used = reader.feed(piece);
        if (!used) {
            exchange.keep_alive = false;               // where the next request begins is not known any more
            refused = to_reply(used.error());
            co_return true;
        }
        input.consume(*used);
        if (!share.grow_to(reader.memory())) {
            exchange.keep_alive = false;
            refused = make_problem(
                Failure{Errc::busy, "the bodies of other requests take all the memory there is for them; send it again in a moment"});
            co_return true;
        }
        if (reader.done())
            break;
        if (!input.empty() && *used > 0)
            continue;                                  // the next piece is here
        auto const allowed = std::chrono::milliseconds{received_all * 1000 / std::max<std::size_t>(options.body_min_bytes_per_second, 1)};
        link.enter(Phase::body, grace_end + allowed);
        auto room = input.room(body_buffer);
        if (input.capacity() < body_buffer && received_all > 0) {      // more than came with the head: worth a larger buffer
            input.restart(body_buffer);
            room = input.room(body_buffer);
        }
        error_code ec;
        std::size_t const received = co_await link.socket.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return false;
        input.received(received);
        received_all += received;
    }
    exchange.body_pending = false;
    exchange.request.body = reader.take();
    co_return true;
}

void skip_body(Link& link, Exchange& exchange)
{
    if (!exchange.body_pending)
        return;
    auto const& head = exchange.head;
    if (exchange.keep_alive && !head.chunked && head.content_length && *head.content_length <= link.input.bytes().size()) {
        link.input.consume(static_cast<std::size_t>(*head.content_length));
        exchange.body_pending = false;
    } else {
        exchange.keep_alive = false;
    }
}

asio::awaitable<void> linger(Link& link)
{
    error_code ec;
    link.socket.shutdown(tcp::socket::shutdown_send, ec);
    link.enter(Phase::lingering, Clock::now() + std::chrono::seconds{1});
    std::size_t drained = 0;
    while (!ec && drained < lingering_bytes) {
        link.input.consume(link.input.bytes().size());
        auto const room = link.input.room(body_buffer);
        std::size_t const received = co_await link.socket.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        link.input.received(received);
        drained += received;
    }
}

}  // namespace yihong::http
