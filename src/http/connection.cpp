#include "connection.hpp"

#include "channel.hpp"
#include "content_form.hpp"
#include "decide.hpp"
#include "negotiate.hpp"
#include "receive.hpp"

#include "yihong/base/log.hpp"

#include <boost/beast/core/string.hpp>

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::beast::iequals;
using error_code = boost::system::error_code;
using Clock = Link::Clock;

Connection::Connection(tcp::socket socket, asio::ip::address const& peer, ThreadState& thread)
    : thread_{thread}, shared_{thread.shared}, link_{std::move(socket), peer},
      place_{thread.connections.insert(thread.connections.end(), this)}
{}

Connection::~Connection() { thread_.connections.erase(place_); }

asio::awaitable<void> Connection::run()
{
    link_.socket.non_blocking(true);
    bool keep_alive = true;
    while (keep_alive) {
        std::optional<Refusal> refusal;
        std::size_t const size = co_await receive_head(link_, thread_, refusal);
        if (size == 0 && !refusal)
            co_return;
        keep_alive = co_await handle(size, std::move(refusal));
        link_.input.shrink();
        output_.shrink();
    }
    if (stream_)
        co_await run_stream();
}

/// In a coroutine of its own, when everything of the request is gone: a stream lives long.
asio::awaitable<void> Connection::run_stream()
{
    link_.input.release();
    output_.head = {};
    struct Place {
        ThreadState& thread;
        std::list<Channel*>::iterator at;
        Place(ThreadState& of, Channel* stream) : thread{of}, at{of.streams.insert(of.streams.end(), stream)} { ++of.shared.streams; }
        ~Place()
        {
            thread.streams.erase(at);
            --thread.shared.streams;
        }
    } const place{thread_, stream_.get()};
    if (thread_.stopping)
        stream_->end();
    co_await stream_->run();
}

/// One request from its head to its reply; in a coroutine of its own, so that an idle connection keeps nothing of it.
/// \return whether the connection goes on
asio::awaitable<bool> Connection::handle(std::size_t head_size, std::optional<Refusal> refusal)
{
    Exchange exchange;
    std::optional<Reply> reply;
    if (refusal) {
        exchange.request.peer = link_.peer_text;
        exchange.body_pending = true;
        reply = to_reply(*refusal);
    } else {
        link_.enter_handling();
        reply = decide(exchange, link_.input.bytes().substr(0, head_size), link_, shared_);
        link_.input.consume(head_size);
    }
    if (!reply) {
        reply = co_await answer(exchange);
        if (!reply)
            co_return false;
    }
    bool const keep_alive = co_await respond(exchange, std::move(*reply));
    co_return keep_alive;
}

/// Reads the body and asks the handler. \return nothing when the peer is gone, or a stream takes over
asio::awaitable<std::optional<Reply>> Connection::answer(Exchange& exchange)
{
    if (exchange.body_pending) {
        std::optional<Reply> refused;
        bool const there = co_await receive_body(link_, exchange, shared_.options, refused);
        if (!there || refused)
            co_return refused;
        link_.enter_handling();
    }
    try {
        auto const& handler = exchange.route->handler;
        if (auto const* const quick = std::get_if<QuickHandler>(&handler))
            co_return (*quick)(exchange.request);
        if (auto const* const events = std::get_if<EventStreamHandler>(&handler))
            co_return open_stream(exchange, *events);
        if (auto const* const websocket = std::get_if<WebSocketHandler>(&handler))
            co_return open_stream(exchange, *websocket);
        auto const& waiting = std::get<WaitingHandler>(handler);
        Reply reply = co_await waiting(exchange.request);
        co_return std::move(reply);
    } catch (net::PoolBusy const& busy) {
        co_return make_problem(Failure{Errc::busy, busy.what()});
    } catch (std::exception const& error) {
        log::error("request_failed", {{"route", exchange.route->pattern}, {"peer", exchange.request.peer}, {"error", error.what()}});
    } catch (...) {
        log::error("request_failed", {{"route", exchange.route->pattern}, {"peer", exchange.request.peer}, {"error", "unknown exception"}});
    }
    co_return make_problem(500, "internal", "the request could not be answered; the cause is in the log of the service");
}

/// \return a reply where there is to be no stream; otherwise `stream_` takes over, or HEAD has its answer
std::optional<Reply> Connection::open_stream(Exchange& exchange, EventStreamHandler const& handler)
{
    auto source = handler.open(exchange.request);
    if (!source)
        return std::move(source.error());
    exchange.keep_alive = false;
    Reply reply;
    reply.content_type = "text/event-stream";
    reply.cache_control = "no-store";
    reply.headers.emplace_back("X-Accel-Buffering", "no");         // nginx would keep events back
    Form form;
    form.endless = true;
    auto& out = output_.head;
    write_head(out, exchange, reply, form, shared_.options, thread_.http_date());
    observe(exchange, reply.status, out.size());
    if (exchange.head.method == Method::head) {
        error_code ignored;
        link_.socket.write_some(asio::buffer(out), ignored);       // the send buffer is empty here, so these bytes fit
        return std::nullopt;
    }
    stream_ =
        make_event_stream(std::move(link_.socket), std::move(out), exchange.head.minor_version == 1, std::move(*source), shared_.options);
    return std::nullopt;
}

std::optional<Reply> Connection::open_stream(Exchange& exchange, WebSocketHandler const& handler)
{
    auto const& head = exchange.head;
    auto const& request = exchange.request;
    bool const asked = head.method == Method::get && head.minor_version == 1 && head.upgrades && iequals(head.upgrade, "websocket");
    if (!asked || head.websocket_version != "13") {
        auto reply = make_problem(426, "upgrade_required", "this is a WebSocket of version 13");
        reply.headers.emplace_back("Upgrade", "websocket");
        reply.headers.emplace_back("Sec-WebSocket-Version", "13");
        return reply;
    }
    if (head.websocket_key.size() != 24)               // 16 bytes in Base64
        return make_problem(400, code_name(Errc::bad_syntax), "Sec-WebSocket-Key is no key");
    // A browser lets any page open a WebSocket anywhere, and says only here from where.
    if (!head.origin.empty() && head.origin != request.scheme + "://" + request.host && !allows_origin(shared_.options, head.origin))
        return make_problem(403, code_name(Errc::forbidden), "pages of this origin may not connect (cors_origins)");
    if (!link_.input.empty())
        return make_problem(400, code_name(Errc::bad_syntax), "frames came before the handshake was answered");
    auto source = handler.open(request);
    if (!source)
        return std::move(source.error());
    exchange.keep_alive = false;
    observe(exchange, 101, 0);
    stream_ = make_websocket(std::move(link_.socket), head, std::move(*source), shared_.options);
    return std::nullopt;
}

/// \return whether the connection goes on
asio::awaitable<bool> Connection::respond(Exchange& exchange, Reply reply)
{
    skip_body(link_, exchange);
    if (thread_.stopping)
        exchange.keep_alive = false;
    link_.enter_handling();
    bool const has_body = reply.content && !reply.content_type.empty() && reply.status >= 200 && reply.status != 204 && reply.status != 304;
    if (has_body && !is_safe_header("Content-Type", reply.content_type))
        reply.content_type = "application/octet-stream";
    ContentForm chosen = has_body ? choose_form(exchange, reply, reply.content) : ContentForm{};
    if (needs_compression(chosen))
        co_await compress(chosen, shared_);
    bool const sends = chosen.content && exchange.head.method != Method::head;
    if (sends && chosen.content->wants_file(chosen.encoding))
        co_await make_file(chosen, shared_);
    auto const body = finish_form(chosen);
    write_head(output_.head, exchange, reply, chosen.form, shared_.options, thread_.http_date());
    output_.begin();
    int const file = sends ? chosen.content->file(chosen.encoding) : -1;
    if (file >= 0)
        output_.put_file(file, 0, body.size());
    else
        output_.put(sends ? body : std::string_view{});
    auto const written = output_.write_some(link_.socket);
    bool sent = written == Output::Written::all;
    if (written == Output::Written::blocked)
        sent = co_await output_.write_rest(link_, shared_.options);
    observe(exchange, reply.status, output_.sent());
    if (sent && exchange.body_pending)
        co_await linger(link_);
    bool const goes_on = sent && exchange.keep_alive;
    co_return goes_on;
}

void Connection::observe(Exchange const& exchange, int status, std::size_t bytes_sent) const
{
    if (!shared_.observe)
        return;
    shared_.observe(RequestSummary{
        .method = exchange.head.method,
        .route = exchange.pattern(),
        .status = status,
        .duration = Clock::now() - exchange.started,
        .bytes_sent = bytes_sent,
        .peer = exchange.request.peer,
        .principal = exchange.request.principal.name,
    });
}

asio::awaitable<void> serve_connection(tcp::socket socket, asio::ip::address peer, ThreadState& thread)
{
    struct Place {
        Shared& shared;
        asio::ip::address const& peer;
        ~Place() { shared.admission.release(peer); }
    } const place{thread.shared, peer};
    Connection connection{std::move(socket), peer, thread};
    try {
        co_await connection.run();
    } catch (std::exception const& error) {
        log::error("connection_failed", {{"peer", peer.to_string()}, {"error", error.what()}});
    }
}

}  // namespace yihong::http
