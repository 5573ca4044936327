#include "connection.hpp"

#include "channel.hpp"
#include "content_form.hpp"
#include "decide.hpp"
#include "file_form.hpp"
#include "negotiate.hpp"
#include "problem_page.hpp"
#include "receive.hpp"
#include "stream_form.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/pool.hpp"

#include <boost/beast/core/string.hpp>

#include <exception>

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::beast::iequals;
using error_code = boost::system::error_code;
using Clock = Link::Clock;

namespace {

/// What a client hears of an exception; the log hears the rest.
Reply to_reply(std::exception_ptr const& failure, Exchange const& exchange)
{
    std::string what = "unknown exception";
    try {
        std::rethrow_exception(failure);
    } catch (net::PoolBusy const& busy) {
        return make_problem(Failure{Errc::busy, busy.what()});
    } catch (std::exception const& error) {
        what = error.what();
    } catch (...) {
    }
    log::error("request_failed", {{"route", exchange.pattern()}, {"peer", exchange.request.peer}, {"error", what}});
    return make_problem(500, "internal", "the request could not be answered; the cause is in the log of the service");
}

bool may_have_body(Reply const& reply) noexcept
{
    return !reply.whole().content_type.empty() && reply.status >= 200 && reply.status != 204 && reply.status != 304;
}

}  // namespace

Connection::Connection(tcp::socket socket, asio::ip::address const& peer, bool is_encrypted, ThreadState& thread)
    : thread_{thread}, shared_{thread.shared}, link_{std::move(socket), peer},
      place_{thread.connections.insert(thread.connections.end(), this)}
{
    link_.is_encrypted = is_encrypted;
}

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
    std::unique_ptr<Exchange> held;
    std::optional<Reply> reply;
    if (refusal) {
        held = std::make_unique<Exchange>();
        held->request.peer = link_.peer_text;
        held->body_pending = true;
        reply = to_reply(*refusal);
    } else {
        link_.enter_handling();
        if (!std::exchange(has_asked_, true))
            thread_.shared.admission.has_spoken();
        auto const head = link_.input.bytes().substr(0, head_size);
        held = thread_.known.take(head);
        if (held) {
            reply = decide_again(*held, link_, shared_);
        } else {
            held = std::make_unique<Exchange>();
            reply = decide(*held, head, link_, shared_);
        }
        link_.input.consume(head_size);
    }
    auto& exchange = *held;
    BodyBudget::Share share{shared_.bodies};
    if (!reply) {
        reply = co_await answer(exchange, share);
        if (!reply)
            co_return false;
    }
    begin_reply(exchange, *reply);
    bool sent = false;
    if (may_have_body(*reply) && std::holds_alternative<StreamBody>(reply->body))
        sent = co_await send_pulled(exchange, *reply);
    else if (may_have_body(*reply) && std::holds_alternative<FileBody>(reply->body))
        sent = co_await send_part(exchange, *reply);
    else
        sent = co_await send(exchange, *reply);
    observe(exchange, reply->status, output_.sent());
    if (sent && exchange.body_pending)
        co_await linger(link_);
    bool const goes_on = sent && exchange.keep_alive;
    if (!exchange.bytes.empty())
        thread_.known.put(std::move(held));
    co_return goes_on;
}

void Connection::tick(Link::Clock::time_point now)
{
    link_.expire(now);
    if (is_answering_ && !client_left_ && link_.peer_has_closed())
        client_left_ = true;
}

/// While a handler that waits is at work, its request says whether the client has left.
class Connection::Watch {
public:
    Watch(Connection& connection, Request& request) : connection_{connection}, request_{request}
    {
        connection_.is_answering_ = true;
        connection_.client_left_ = false;
        request_.client_left = &connection_.client_left_;
    }
    ~Watch()
    {
        connection_.is_answering_ = false;
        request_.client_left = nullptr;            // the request may be kept, the connection is not
    }
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;

private:
    Connection& connection_;
    Request& request_;
};

/// Reads the body and asks the handler. \return nothing when the peer is gone, or a stream takes over
asio::awaitable<std::optional<Reply>> Connection::answer(Exchange& exchange, BodyBudget::Share& share)
{
    if (exchange.body_pending) {
        std::optional<Reply> refused;
        bool const there = co_await receive_body(link_, exchange, shared_.options, share, refused);
        if (!there || refused)
            co_return refused;
        link_.enter_handling();
    }
    std::exception_ptr failure;
    try {
        auto const& handler = exchange.route->handler;
        if (auto const* const quick = std::get_if<QuickHandler>(&handler))
            co_return (*quick)(exchange.request);
        if (auto const* const events = std::get_if<EventStreamHandler>(&handler))
            co_return open_stream(exchange, *events);
        if (auto const* const websocket = std::get_if<WebSocketHandler>(&handler))
            co_return open_stream(exchange, *websocket);
        auto const& waiting = std::get<WaitingHandler>(handler);
        Watch const watch{*this, exchange.request};
        Reply reply = co_await waiting(exchange.request);
        co_return std::move(reply);
    } catch (ClientLeft const&) {
        constexpr int client_closed_request = 499;         // as nginx says it: for the log and the figures, nobody is sent it
        observe(exchange, client_closed_request, 0);
        co_return std::nullopt;
    } catch (...) {
        failure = std::current_exception();
    }
    co_return to_reply(failure, exchange);
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
    end_with_its_right(exchange);
    return std::nullopt;
}

/// A token may be revoked, or its time be over, while the stream that it opened goes on.
void Connection::end_with_its_right(Exchange const& exchange)
{
    if (!exchange.opened_by)
        return;
    stream_->keep_while([&shared = shared_, token = *exchange.opened_by, scope = exchange.route->scope] {
        auto const who = shared.authenticate(token);
        return who && who->may(scope);
    });
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
    end_with_its_right(exchange);
    return std::nullopt;
}

void Connection::begin_reply(Exchange& exchange, Reply& reply)
{
    skip_body(link_, exchange);
    show_to_people(exchange, reply);
    if (thread_.stopping)
        exchange.keep_alive = false;
    link_.enter_handling();
    output_.begin();
}

/// Finished bytes, or no body. \return false when the peer is gone, as all that send do
asio::awaitable<bool> Connection::send(Exchange& exchange, Reply& reply)
{
    auto content = reply.content();
    ContentForm chosen = content && may_have_body(reply) ? choose_form(exchange, reply, std::move(content)) : ContentForm{};
    if (needs_compression(chosen))
        co_await compress(chosen, shared_);
    bool const sends = chosen.content && exchange.head.method != Method::head;
    if (sends && chosen.content->wants_file(chosen.form.encoding))
        co_await make_file(chosen, shared_);
    auto const body = finish_form(chosen);
    write_head(output_.head, exchange, reply, chosen.form, shared_.options, thread_.http_date());
    int const file = sends ? chosen.content->file(chosen.form.encoding) : -1;
    if (file >= 0)
        output_.put_file(file, 0, body.size());
    else
        output_.put(sends ? body : std::string_view{});
    auto const written = output_.write_some(link_.socket);
    bool sent = written == Output::Written::all;
    if (written == Output::Written::blocked)
        sent = co_await output_.write_rest(link_, shared_.options);
    co_return sent;
}

asio::awaitable<bool> Connection::send_head(Exchange const& exchange, Reply const& reply, Form const& form)
{
    write_head(output_.head, exchange, reply, form, shared_.options, thread_.http_date());
    output_.put({});
    auto const written = output_.write_some(link_.socket);
    bool sent = written == Output::Written::all;
    if (written == Output::Written::blocked)
        sent = co_await output_.write_rest(link_, shared_.options);
    co_return sent;
}

/// A stream. Its first piece is there before the head goes out, so that what fails at once is answered with an error.
asio::awaitable<bool> Connection::send_pulled(Exchange& exchange, Reply& reply)
{
    auto const body = std::get<StreamBody>(std::move(reply.body));
    auto encoding = Encoding::identity;
    auto const form = choose_stream_form(exchange, reply, body, encoding);
    if (!form.endless || exchange.head.method == Method::head)
        co_return co_await send_head(exchange, reply, form);
    StreamPump pump{body, encoding, exchange.head.minor_version == 1};
    std::exception_ptr failure;
    try {
        co_await pump.fill();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        reply = to_reply(failure, exchange);
        show_to_people(exchange, reply);
        co_return co_await send(exchange, reply);
    }
    write_head(output_.head, exchange, reply, form, shared_.options, thread_.http_date());
    bool const sent = co_await send_stream(link_, output_, shared_.options, exchange, pump);
    co_return sent;
}

/// A file, or a range of it.
asio::awaitable<bool> Connection::send_part(Exchange& exchange, Reply& reply)
{
    auto const body = std::get<FileBody>(reply.body);
    auto const chosen = choose_file_form(exchange, reply, body);
    if (!chosen)
        co_return co_await send(exchange, reply);
    if (!chosen->form.has_body() || exchange.head.method == Method::head)
        co_return co_await send_head(exchange, reply, chosen->form);
    write_head(output_.head, exchange, reply, chosen->form, shared_.options, thread_.http_date());
    bool const sent = co_await send_file(link_, output_, shared_, *body.file, chosen->part);
    co_return sent;
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

asio::awaitable<void> serve_connection(tcp::socket socket, asio::ip::address peer, bool is_encrypted, ThreadState& thread)
{
    Connection connection{std::move(socket), peer, is_encrypted, thread};
    struct Place {
        Shared& shared;
        asio::ip::address const& peer;
        Connection const& connection;
        ~Place() { shared.admission.release(peer, !connection.has_asked()); }
    } const place{thread.shared, peer, connection};
    try {
        co_await connection.run();
    } catch (std::exception const& error) {
        log::error("connection_failed", {{"peer", peer.to_string()}, {"error", error.what()}});
    }
}

}  // namespace yihong::http
