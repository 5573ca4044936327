#include "connection.hpp"

#include "body_reader.hpp"
#include "channel.hpp"
#include "negotiate.hpp"
#include "target.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::beast::iequals;
using Clock = std::chrono::steady_clock;
using error_code = boost::system::error_code;

constexpr std::size_t idle_buffer = 2 * 1024;      // what an idle connection keeps
constexpr std::size_t body_buffer = 64 * 1024;
constexpr std::size_t least_compressed = 512;      // smaller bodies fit one packet anyway
constexpr std::size_t compressed_here = 16 * 1024; // about 0.3 ms; larger ones go to the compression thread
constexpr std::string_view all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
constexpr std::string_view exposed_headers = "ETag, Link, Location, Content-Crs, Content-Disposition, Retry-After, WWW-Authenticate";
constexpr std::string_view html_policy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'";

/// Everything known of one request and its answer under way.
struct Exchange {
    Head head;
    Request request;
    std::shared_ptr<Router const> router;          // keeps `route` alive
    Route const* route = nullptr;
    bool keep_alive = false;
    bool body_pending = false;                     // the request's body has not been read
    Clock::time_point started = Clock::now();
};

std::string_view code_of(int status) noexcept
{
    switch (status) {
    case 413: return code_name(Errc::too_large);
    case 414: return "target_too_long";
    case 415: return code_name(Errc::unsupported);
    case 417: return "expectation_failed";
    case 431: return "headers_too_large";
    case 501: return "not_implemented";
    case 505: return "version_not_supported";
    default: return code_name(Errc::bad_syntax);
    }
}

Reply to_reply(Refusal const& refusal) { return make_problem(refusal.status, code_of(refusal.status), refusal.detail); }

std::string method_list(std::vector<Method> const& methods)
{
    std::string list;
    for (auto const method : methods) {
        if (!list.empty())
            list += ", ";
        list += to_text(method);
    }
    return list;
}

Reply options_reply(Head const& head, std::string allowed)
{
    Reply reply;
    reply.status = 204;
    if (!head.origin.empty() && !head.requested_method.empty()) {
        // reads only: a page from elsewhere must not write with what a browser on this machine may do
        reply.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
        reply.headers.emplace_back("Access-Control-Allow-Headers",
                                   "Authorization, Content-Type, Content-Encoding, If-None-Match, Last-Event-ID");
        reply.headers.emplace_back("Access-Control-Max-Age", "86400");
    }
    reply.headers.emplace_back("Allow", std::move(allowed));
    return reply;
}

Reply unauthorized(std::string_view detail, std::string_view error)
{
    auto reply = make_problem(401, code_name(Errc::unauthorized), detail);
    std::string challenge = "Bearer realm=\"yihong\"";
    if (!error.empty())
        challenge.append(", error=\"").append(error).append("\"");
    reply.headers.emplace_back("WWW-Authenticate", std::move(challenge));
    return reply;
}

std::optional<std::string_view> bearer_token(std::string_view authorization)
{
    constexpr std::string_view scheme = "Bearer ";
    if (authorization.size() <= scheme.size() || !iequals(authorization.substr(0, scheme.size()), scheme))
        return std::nullopt;
    return trimmed(authorization.substr(scheme.size()));
}

void append_number(std::string& out, std::size_t number)
{
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

class Connection {
public:
    Connection(tcp::socket socket, asio::ip::address const& peer, ThreadState& thread)
        : thread_{thread}, shared_{thread.shared}, socket_{std::move(socket)}, peer_{peer}, peer_text_{peer.to_string()},
          place_{thread.connections.insert(thread.connections.end(), this)}
    {}
    ~Connection() { thread_.connections.erase(place_); }
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    asio::awaitable<void> run();
    void expire(Clock::time_point now);
    [[nodiscard]] bool is_idle() const noexcept { return phase_ == Phase::idle; }
    void close();

private:
    enum class Phase { idle, head, body, handling, writing, lingering };
    enum class Written { all, blocked, failed };

    asio::awaitable<std::size_t> read_head(std::optional<Refusal>& refusal);
    asio::awaitable<bool> handle(std::size_t head_size, std::optional<Refusal> refusal);
    asio::awaitable<std::optional<Reply>> answer(Exchange& exchange);
    asio::awaitable<bool> read_body(Exchange& exchange, std::optional<Reply>& refused);
    asio::awaitable<bool> respond(Exchange& exchange, Reply reply);
    asio::awaitable<void> linger();

    std::optional<Reply> prepare(Exchange& exchange, std::string_view bytes);
    std::optional<Reply> authorize(Exchange& exchange, std::optional<std::string> const& access_key) const;
    void believe_proxy(Exchange& exchange) const;
    std::optional<Reply> open_stream(Exchange& exchange, EventStreamHandler const& handler);
    std::optional<Reply> open_stream(Exchange& exchange, WebSocketHandler const& handler);
    asio::awaitable<void> run_stream();
    void observe(Exchange const& exchange, int status, std::size_t bytes_sent) const;
    [[nodiscard]] bool allows_origin(std::string_view origin) const noexcept;
    void write_head(Exchange const& exchange, Reply const& reply, Encoding encoding, bool varies, std::string_view etag,
                    std::optional<std::size_t> length, bool endless = false);
    Written write_now();

    [[nodiscard]] std::string_view buffered() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
    void make_room(std::size_t most);
    void shrink();
    void set_phase(Phase phase, Clock::time_point deadline) noexcept
    {
        phase_ = phase;
        deadline_ = deadline;
    }

    ThreadState& thread_;
    Shared& shared_;
    tcp::socket socket_;
    asio::ip::address peer_;
    std::string peer_text_;
    std::list<Connection*>::iterator place_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    Phase phase_ = Phase::idle;
    Clock::time_point deadline_ = Clock::time_point::max();
    std::string out_;                              // the head of the reply being written
    std::array<asio::const_buffer, 2> outgoing_;   // what is left of head and body
    int outgoing_file_ = -1;                       // holds the body too, where not -1
    off_t outgoing_offset_ = 0;
    std::shared_ptr<Channel> stream_;              // takes the connection over
};

void Connection::close()
{
    error_code ignored;
    socket_.close(ignored);
}

void Connection::expire(Clock::time_point now)
{
    if (now < deadline_)
        return;
    if (phase_ == Phase::head || phase_ == Phase::body) {
        constexpr std::string_view timeout = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        error_code ignored;
        socket_.write_some(asio::buffer(timeout), ignored);   // a courtesy: as much as fits without waiting
    }
    close();
}

void Connection::make_room(std::size_t most)
{
    if (begin_ == end_)
        begin_ = end_ = 0;
    if (end_ < capacity_)
        return;
    if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    } else {
        capacity_ = std::min(std::max(capacity_ * 2, idle_buffer), std::max(most, capacity_ + 1));
        auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
        std::copy_n(buffer_.get(), end_, larger.get());
        buffer_ = std::move(larger);
    }
    end_ -= begin_;
    begin_ = 0;
}

void Connection::shrink()
{
    if (capacity_ > idle_buffer && begin_ == end_) {
        buffer_.reset();
        capacity_ = begin_ = end_ = 0;
    }
    if (out_.capacity() > idle_buffer)
        out_ = {};
}

asio::awaitable<void> Connection::run()
{
    socket_.non_blocking(true);
    bool keep_alive = true;
    while (keep_alive) {
        std::optional<Refusal> refusal;
        std::size_t const size = co_await read_head(refusal);
        if (size == 0 && !refusal)
            co_return;
        keep_alive = co_await handle(size, std::move(refusal));
        shrink();
    }
    if (stream_)
        co_await run_stream();
}

/// In a coroutine of its own, when everything of the request is gone: a stream lives long.
asio::awaitable<void> Connection::run_stream()
{
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
    out_ = {};
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
        exchange.request.peer = peer_text_;
        exchange.body_pending = true;
        reply = to_reply(*refusal);
    } else {
        reply = prepare(exchange, buffered().substr(0, head_size));
        begin_ += head_size;
    }
    if (!reply) {
        reply = co_await answer(exchange);
        if (!reply)
            co_return false;
    }
    bool const keep_alive = co_await respond(exchange, std::move(*reply));
    co_return keep_alive;
}

/// \return the size of a complete head at the front of the buffer; 0 when the peer is gone or `refusal` is set
asio::awaitable<std::size_t> Connection::read_head(std::optional<Refusal>& refusal)
{
    auto const& options = shared_.options;
    HeadScanner scanner{shared_.head_limits};
    bool empty_line_seen = false;
    auto const now = Clock::now();
    if (begin_ == end_)
        set_phase(Phase::idle, now + options.idle_deadline);
    else
        set_phase(Phase::head, now + options.header_deadline);
    for (;;) {
        if (!empty_line_seen && buffered().starts_with("\r\n")) {      // RFC 9112 §2.2: one before the request line is ignored
            begin_ += 2;
            empty_line_seen = true;
        }
        if (begin_ != end_ && buffered() != "\r") {
            auto const found = scanner.scan(buffered());
            if (!found)
                refusal = found.error();
            if (!found || *found > 0)
                co_return found.value_or(0);
        }
        if (thread_.stopping && phase_ == Phase::idle)
            co_return 0;
        make_room(options.target_limit + options.header_limit + 1024);
        auto const room = asio::buffer(buffer_.get() + end_, capacity_ - end_);
        error_code ec;
        std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return 0;
        end_ += received;
        if (phase_ == Phase::idle)
            set_phase(Phase::head, Clock::now() + options.header_deadline);
    }
}

/// Everything that is decided before the body is read. \return the reply, when there is nothing for a handler to do
std::optional<Reply> Connection::prepare(Exchange& exchange, std::string_view bytes)
{
    phase_ = Phase::handling;
    deadline_ = Clock::time_point::max();
    auto& request = exchange.request;
    request.peer = peer_text_;
    auto parsed = parse_head(bytes, shared_.head_limits);
    if (!parsed) {
        exchange.body_pending = true;
        return to_reply(parsed.error());
    }
    auto& head = exchange.head = std::move(*parsed);
    exchange.keep_alive = head.keep_alive;
    exchange.body_pending = head.chunked || head.content_length.value_or(0) > 0;
    if (head.method == Method::other) {
        bool const known = head.method_name == "TRACE" || head.method_name == "CONNECT";
        auto reply = known ? make_problem(405, "method_not_allowed", head.method_name + " is not offered")
                           : make_problem(501, "not_implemented", "the method is unknown");
        reply.headers.emplace_back("Allow", all_methods);
        return reply;
    }
    auto target = parse_target(head.target, shared_.options.access_key_parameter);
    if (!target) {
        exchange.keep_alive = false;
        return make_problem(target.error());
    }
    if (!target->authority.empty() && !iequals(target->authority, head.host)) {
        exchange.keep_alive = false;
        return make_problem(400, code_name(Errc::bad_syntax), "the request target names another host than the Host field");
    }
    request.method = head.method == Method::head ? Method::get : head.method;
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.query_text = std::move(target->query_text);
    request.host = head.host;
    request.accept = std::move(head.accept);
    request.accept_language = std::move(head.accept_language);
    request.content_type = std::move(head.content_type);
    request.last_event_id = std::move(head.last_event_id);
    if (request.host.empty()) {
        error_code ignored;
        auto const local = socket_.local_endpoint(ignored);
        auto const address = net::unmapped(local.address());
        request.host = (address.is_v6() ? "[" + address.to_string() + "]" : address.to_string()) + ":" + std::to_string(local.port());
    }
    if (shared_.proxies.contains(peer_))
        believe_proxy(exchange);
    if (request.path == "*") {
        if (request.method == Method::options)
            return options_reply(head, std::string{all_methods});
        return make_problem(400, code_name(Errc::bad_syntax), "the target * belongs to OPTIONS");
    }

    exchange.router = shared_.router.load();
    auto match = exchange.router->find(request.method, request.path);
    if (match.route == nullptr) {
        if (match.allowed.empty())
            return make_problem(404, code_name(Errc::not_found), "there is nothing at this path");
        auto allowed = method_list(match.allowed);
        if (request.method == Method::options)
            return options_reply(head, std::move(allowed));
        auto reply = make_problem(405, "method_not_allowed", "this path answers " + allowed);
        reply.headers.emplace_back("Allow", std::move(allowed));
        return reply;
    }
    exchange.route = match.route;
    request.path_parameters = std::move(match.parameters);
    return authorize(exchange, target->access_key);
}

void Connection::believe_proxy(Exchange& exchange) const
{
    auto const& head = exchange.head;
    auto& request = exchange.request;
    request.peer = shared_.proxies.client(peer_, head.forwarded_for).to_string();
    if (iequals(head.forwarded_proto, "http") || iequals(head.forwarded_proto, "https"))
        request.scheme = iequals(head.forwarded_proto, "https") ? "https" : "http";
    if (is_valid_host(head.forwarded_host))
        request.host = head.forwarded_host;
    auto const prefix = std::string_view{head.forwarded_prefix}.substr(0, head.forwarded_prefix.find_last_not_of('/') + 1);
    if (is_valid_prefix(prefix))
        request.base_path = prefix;
}

/// Whether somebody without a token speaks to a loopback name himself: not through a proxy on this machine, not from a page of
/// another origin, not by a foreign name that resolves to loopback.
bool is_direct_local(Exchange const& exchange)
{
    auto const& head = exchange.head;
    auto const& host = exchange.request.host;
    if (!head.forwarded_for.empty() || !head.forwarded_proto.empty() || !head.forwarded_host.empty() || !head.forwarded_prefix.empty())
        return false;
    if (!head.origin.empty() && head.origin != "http://" + host)
        return false;
    auto const name = host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
    return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

std::optional<Reply> Connection::authorize(Exchange& exchange, std::optional<std::string> const& access_key) const
{
    auto token = bearer_token(exchange.head.authorization);
    if (!token && access_key)
        token = *access_key;
    auto& principal = exchange.request.principal;
    if (token) {
        auto known = token->empty() || !shared_.authenticate ? std::nullopt : shared_.authenticate(*token);
        if (!known)
            return unauthorized("the access token is unknown", "invalid_token");
        principal = std::move(*known);
    } else if (shared_.authenticate) {
        if (auto anonymous = shared_.authenticate({}))
            principal = std::move(*anonymous);
    }
    auto const scope = exchange.route->scope;
    if (!token && scope != Scope::none && scope != Scope::read && !is_direct_local(exchange))
        principal = {};
    bool const open = scope == Scope::none || (scope == Scope::read && shared_.options.public_reads);
    if (open || principal.may(scope))
        return std::nullopt;
    if (!token)
        return unauthorized("an access token is needed here", "");
    auto reply = make_problem(403, code_name(Errc::forbidden), "the access token does not cover this request");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"yihong\", error=\"insufficient_scope\"");
    return reply;
}

bool Connection::allows_origin(std::string_view origin) const noexcept
{
    auto const& origins = shared_.options.cors_origins;
    return std::ranges::any_of(origins, [&](std::string const& known) { return known == "*" || known == origin; });
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
    write_head(exchange, reply, Encoding::identity, false, {}, std::nullopt, true);
    observe(exchange, reply.status, out_.size());
    if (exchange.head.method == Method::head) {
        error_code ignored;
        socket_.write_some(asio::buffer(out_), ignored);           // the send buffer is empty here, so these bytes fit
        return std::nullopt;
    }
    stream_ = make_event_stream(std::move(socket_), std::move(out_), exchange.head.minor_version == 1, std::move(*source), shared_.options);
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
    if (!head.origin.empty() && head.origin != request.scheme + "://" + request.host && !allows_origin(head.origin))
        return make_problem(403, code_name(Errc::forbidden), "pages of this origin may not connect (cors_origins)");
    if (begin_ != end_)
        return make_problem(400, code_name(Errc::bad_syntax), "frames came before the handshake was answered");
    auto source = handler.open(request);
    if (!source)
        return std::move(source.error());
    exchange.keep_alive = false;
    observe(exchange, 101, 0);
    stream_ = make_websocket(std::move(socket_), head, std::move(*source), shared_.options);
    return std::nullopt;
}

/// Reads the body and asks the handler. \return nothing when the peer is gone, or a stream takes over
asio::awaitable<std::optional<Reply>> Connection::answer(Exchange& exchange)
{
    if (exchange.body_pending) {
        std::optional<Reply> refused;
        bool const there = co_await read_body(exchange, refused);
        if (!there || refused)
            co_return refused;
        set_phase(Phase::handling, Clock::time_point::max());
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

/// \return false when the peer is gone; `refused` is set when the body is not taken
asio::awaitable<bool> Connection::read_body(Exchange& exchange, std::optional<Reply>& refused)
{
    auto const& options = shared_.options;
    auto const& head = exchange.head;
    std::size_t const limit = exchange.route->body_limit;
    auto const encoding = request_encoding(head.content_encoding);
    if (!encoding) {
        refused = make_problem(415, code_name(Errc::unsupported), "Content-Encoding: gzip and zstd are understood");
        refused->headers.emplace_back("Accept-Encoding", "gzip, zstd");
        co_return true;
    }
    if (limit == 0 || head.content_length.value_or(0) > limit) {
        refused =
            to_reply(Refusal{413, limit == 0 ? "no body is taken here" : "the body is larger than " + std::to_string(limit) + " bytes"});
        co_return true;
    }
    if (head.expects_continue && begin_ == end_) {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        error_code ec;
        socket_.write_some(asio::buffer(go_on), ec);   // the send buffer is empty here, so these bytes fit
        if (ec)
            co_return false;
    }
    BodyReader reader{head, *encoding, limit};
    auto const grace_end = Clock::now() + options.body_grace;
    std::size_t received_all = 0;
    for (;;) {
        auto const used = reader.feed(buffered());
        if (!used) {
            exchange.keep_alive = false;               // where the next request begins is not known any more
            refused = to_reply(used.error());
            co_return true;
        }
        begin_ += *used;
        if (reader.done())
            break;
        set_phase(Phase::body,
                  grace_end + std::chrono::milliseconds{received_all * 1000 / std::max<std::size_t>(options.body_min_bytes_per_second, 1)});
        make_room(body_buffer);
        if (capacity_ < body_buffer && received_all > 0) {             // more than came with the head: worth a larger buffer
            begin_ = end_ = 0;
            capacity_ = body_buffer;
            buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
        }
        auto const room = asio::buffer(buffer_.get() + end_, capacity_ - end_);
        error_code ec;
        std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return false;
        end_ += received;
        received_all += received;
    }
    exchange.body_pending = false;
    exchange.request.body = reader.take();
    co_return true;
}

void Connection::write_head(Exchange const& exchange, Reply const& reply, Encoding encoding, bool varies, std::string_view etag,
                            std::optional<std::size_t> length, bool endless)
{
    auto const& options = shared_.options;
    auto const reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(reply.status));
    out_.clear();
    out_ += "HTTP/1.1 ";
    append_number(out_, static_cast<std::size_t>(reply.status));
    out_.append(" ").append(reason.data(), reason.size()).append("\r\nServer: yihong\r\nDate: ").append(thread_.http_date()).append("\r\n");
    if (length || endless) {
        append_header(out_, "Content-Type", reply.content_type);
        if (encoding != Encoding::identity)
            append_header(out_, "Content-Encoding", to_text(encoding));
    }
    if (endless) {
        if (exchange.head.minor_version == 1)
            append_header(out_, "Transfer-Encoding", "chunked");
    } else if (length || (reply.status != 304 && reply.status != 204)) {
        out_ += "Content-Length: ";
        append_number(out_, length.value_or(0));
        out_ += "\r\n";
    }
    if (!etag.empty())
        append_header(out_, "ETag", etag);
    if (!reply.cache_control.empty()) {
        bool const is_private = !exchange.request.principal.name.empty() && reply.cache_control != "no-store";
        out_.append("Cache-Control: ").append(is_private ? "private, " : "").append(reply.cache_control).append("\r\n");
    }

    std::string vary{varies ? "Accept-Encoding" : ""};
    std::string exposed;
    auto const add_to = [](std::string& list, std::string_view element) { list.append(list.empty() ? "" : ", ").append(element); };
    for (auto const& [name, value] : reply.headers) {
        constexpr std::array<std::string_view, 6> own{"Content-Length", "Transfer-Encoding", "Connection", "Date",
                                                      "Server",         "Content-Encoding"};
        bool const ours = std::ranges::any_of(own, [&](auto known) { return iequals(known, name); });
        if (ours || !is_safe_header(name, value)) {
            log::warning("header_dropped", {{"name", name}, {"route", exchange.route == nullptr ? "" : exchange.route->pattern}});
            continue;
        }
        if (iequals(name, "Vary"))
            add_to(vary, value);
        else if (iequals(name, "Access-Control-Expose-Headers"))
            add_to(exposed, value);
        else
            append_header(out_, name, value);
    }
    auto const& origins = options.cors_origins;
    bool const any_origin = std::ranges::find(origins, "*") != origins.end();
    if (allows_origin(exchange.head.origin)) {
        append_header(out_, "Access-Control-Allow-Origin", any_origin ? std::string_view{"*"} : exchange.head.origin);
        out_.append("Access-Control-Expose-Headers: ")
            .append(exposed_headers)
            .append(exposed.empty() ? "" : ", ")
            .append(exposed)
            .append("\r\n");
    }
    if (!any_origin && !origins.empty())
        add_to(vary, "Origin");
    if (!vary.empty())
        append_header(out_, "Vary", vary);
    out_ += "X-Content-Type-Options: nosniff\r\n";
    if (length && reply.content_type.starts_with("text/html")) {
        bool const has_policy =
            std::ranges::any_of(reply.headers, [](auto const& header) { return iequals(header.first, "Content-Security-Policy"); });
        if (!has_policy)
            append_header(out_, "Content-Security-Policy", html_policy);
        append_header(out_, "Referrer-Policy", "same-origin");       // an access key in the address stays here
    }
    if (!exchange.keep_alive)
        out_ += "Connection: close\r\n";
    else if (exchange.head.minor_version == 0)
        out_ += "Connection: keep-alive\r\n";
    out_ += "\r\n";
}

/// \return whether the connection goes on
asio::awaitable<bool> Connection::respond(Exchange& exchange, Reply reply)
{
    auto const& head = exchange.head;
    if (exchange.body_pending) {
        // A body that was not begun and is here already can be skipped; for others the connection is given up.
        if (exchange.keep_alive && !head.chunked && head.content_length && *head.content_length <= end_ - begin_) {
            begin_ += static_cast<std::size_t>(*head.content_length);
            exchange.body_pending = false;
        } else {
            exchange.keep_alive = false;
        }
    }
    if (thread_.stopping)
        exchange.keep_alive = false;
    set_phase(Phase::handling, Clock::time_point::max());

    auto const content = reply.content;
    bool has_body = content && !reply.content_type.empty() && reply.status >= 200 && reply.status != 204 && reply.status != 304;
    if (has_body && !is_safe_header("Content-Type", reply.content_type))
        reply.content_type = "application/octet-stream";
    bool const varies = has_body && content->plain().size() > least_compressed && is_compressible(reply.content_type);
    auto encoding = varies ? choose_encoding(head.accept_encoding) : Encoding::identity;
    bool const reads = head.method == Method::get || head.method == Method::head;
    std::string etag;
    auto const tag = [&](Encoding form) {
        return "\"" + content->etag() + (form == Encoding::gzip ? "-gz\"" : form == Encoding::zstd ? "-zst\"" : "\"");
    };
    if (has_body && reads && reply.status == 200 && !content->etag().empty() && is_safe_header("ETag", content->etag())) {
        etag = tag(encoding);
        if (!head.if_none_match.empty() && matches_etag(head.if_none_match, etag)) {
            reply.status = 304;
            has_body = false;
        }
    }
    if (has_body && content->plain().size() > compressed_here && !content->has(encoding)) {
        bool made = false;
        try {
            auto job = [content, encoding] { return content->form(encoding).size(); };
            std::size_t const size = co_await shared_.compression.run(std::move(job));
            made = size > 0;
        } catch (net::PoolBusy const&) {                    // plain bytes are an answer too
        }
        if (!made) {
            encoding = Encoding::identity;
            etag = etag.empty() ? etag : tag(encoding);
        }
    }
    auto const body = has_body ? std::string_view{content->form(encoding)} : std::string_view{};
    bool const with_body = has_body && head.method != Method::head;
    if (with_body && content->wants_file(encoding)) {
        try {
            auto job = [content, encoding] {
                content->make_file(encoding);
                return true;
            };
            co_await shared_.compression.run(std::move(job));
        } catch (net::PoolBusy const&) {                    // then it is copied, as before
        }
    }
    write_head(exchange, reply, encoding, varies, etag, has_body ? std::optional{body.size()} : std::nullopt);

    std::size_t const total = out_.size() + (with_body ? body.size() : 0);
    outgoing_ = {asio::buffer(out_), with_body ? asio::buffer(body) : asio::const_buffer{}};
    outgoing_offset_ = 0;
    outgoing_file_ = with_body ? content->file(encoding) : -1;
    auto const& options = shared_.options;
    bool sent = true;
    std::optional<Clock::time_point> write_started;
    for (;;) {
        auto const written = write_now();
        if (written != Written::blocked) {
            sent = written == Written::all;
            break;
        }
        // Two deadlines: some bytes within write_deadline, and not slower than the least rate on the whole.
        auto const now = Clock::now();
        write_started = write_started.value_or(now);
        std::size_t const gone = total - outgoing_[0].size() - outgoing_[1].size();
        auto const at_least = std::chrono::milliseconds{gone * 1000 / std::max<std::size_t>(options.body_min_bytes_per_second, 1)};
        set_phase(Phase::writing, std::min(now + options.write_deadline, *write_started + options.write_deadline + at_least));
        error_code ec;
        co_await socket_.async_wait(tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, ec));
        if (ec) {
            sent = false;
            break;
        }
    }
    observe(exchange, reply.status, total - outgoing_[0].size() - outgoing_[1].size());
    outgoing_ = {};
    if (sent && exchange.body_pending)
        co_await linger();
    bool const goes_on = sent && exchange.keep_alive;
    co_return goes_on;
}

void Connection::observe(Exchange const& exchange, int status, std::size_t bytes_sent) const
{
    if (!shared_.observe)
        return;
    shared_.observe(RequestSummary{
        .method = exchange.head.method,
        .route = exchange.route == nullptr ? std::string_view{} : std::string_view{exchange.route->pattern},
        .status = status,
        .duration = Clock::now() - exchange.started,
        .bytes_sent = bytes_sent,
        .peer = exchange.request.peer,
        .principal = exchange.request.principal.name,
    });
}

Connection::Written Connection::write_now()
{
    auto& [head, body] = outgoing_;
    while (head.size() + body.size() > 0) {
        error_code ec;
        std::size_t sent = 0;
        if (outgoing_file_ < 0) {
            sent = socket_.write_some(outgoing_, ec);
        } else if (head.size() > 0) {
            sent = socket_.send(asio::buffer(head), MSG_MORE, ec);
        } else {
            auto const moved = ::sendfile(socket_.native_handle(), outgoing_file_, &outgoing_offset_, body.size());
            if (moved <= 0)
                ec.assign(moved == 0 ? EIO : errno, boost::system::system_category());
            sent = moved > 0 ? static_cast<std::size_t>(moved) : 0;
        }
        if (ec == asio::error::would_block || ec == asio::error::try_again)
            return Written::blocked;
        if (ec)
            return Written::failed;
        for (auto& buffer : outgoing_) {
            std::size_t const part = std::min(sent, buffer.size());
            buffer += part;
            sent -= part;
        }
    }
    return Written::all;
}

/// Closing while the peer still sends would reset the connection and may destroy the reply on its way: read on for a moment.
asio::awaitable<void> Connection::linger()
{
    error_code ec;
    socket_.shutdown(tcp::socket::shutdown_send, ec);
    set_phase(Phase::lingering, Clock::now() + std::chrono::seconds{1});
    std::size_t drained = 0;
    while (!ec && drained < 1024 * 1024) {
        begin_ = end_ = 0;
        make_room(body_buffer);
        auto const room = asio::buffer(buffer_.get(), capacity_);
        std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        drained += received;
    }
}

Shared::Shared(ServerOptions server_options, Snapshot<Router> const& current_router, Authenticate authenticate_token,
               Observe observe_request)
    : options{std::move(server_options)}, head_limits{options.target_limit, options.header_limit, options.header_count_limit},
      proxies{options.trusted_proxies}, admission{{.total = options.connection_limit, .per_peer = options.connections_per_peer_limit},
                                                  net::Networks{options.trusted_proxies}},
      router{current_router}, authenticate{std::move(authenticate_token)}, observe{std::move(observe_request)}, compression{1, 64}
{}

std::string_view ThreadState::http_date()
{
    auto const now = std::time(nullptr);
    if (now != date_second_ || date_.empty()) {
        constexpr std::array<char const*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now, &utc);
        std::array<char, 40> text;
        int const size = std::snprintf(
            text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
            months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
        date_.assign(text.data(), static_cast<std::size_t>(size));
        date_second_ = now;
    }
    return date_;
}

void ThreadState::take(tcp::socket socket, tcp::endpoint const& remote)
{
    auto const peer = net::unmapped(remote.address());
    if (!shared.admission.admit(peer)) {
        constexpr std::string_view full =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(full), ignored);
        return;
    }
    auto const executor = socket.get_executor();
    asio::co_spawn(executor, serve_connection(std::move(socket), peer, *this), asio::detached);
}

void ThreadState::tick(Clock::time_point now)
{
    for (auto* const connection : connections)
        connection->expire(now);
    for (auto* const stream : streams)
        stream->tick(now);
}

void ThreadState::wake()
{
    for (auto* const stream : streams)
        stream->pump();
}

void ThreadState::begin_to_stop()
{
    stopping = true;
    for (auto* const connection : connections)
        if (connection->is_idle())
            connection->close();
    for (auto* const stream : streams)
        stream->end();
}

void ThreadState::close_all()
{
    for (auto* const connection : connections)
        connection->close();
    for (auto* const stream : streams)
        stream->close();
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
