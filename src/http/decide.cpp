#include "decide.hpp"

#include "cookie.hpp"
#include "known_requests.hpp"
#include "negotiate.hpp"
#include "target.hpp"

#include "yihong/base/text.hpp"
#include "yihong/net/networks.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace yihong::http {
namespace {

using boost::beast::iequals;
using error_code = boost::system::error_code;

constexpr std::string_view all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

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

/// Whom a proxy in front of this service has signed in, where it is one of the trusted ones.
std::string user_at_proxy(Head const& head)
{
    constexpr std::size_t longest = 100;
    auto const name = trimmed(head.user);
    return name.size() <= longest && is_valid_utf8(name) ? std::string{name} : std::string{};
}

void believe_proxy(Exchange& exchange, Link const& link, Shared const& shared)
{
    auto const& head = exchange.head;
    auto& request = exchange.request;
    request.peer = shared.proxies.client(link.peer, head.forwarded_for).to_string();
    auto const proto = TrustedProxies::first_of(head.forwarded_proto);
    if (iequals(proto, "http") || iequals(proto, "https"))
        request.scheme = iequals(proto, "https") ? "https" : "http";
    if (auto const host = TrustedProxies::first_of(head.forwarded_host); is_valid_host(host))
        request.host = host;
    auto prefix = TrustedProxies::first_of(head.forwarded_prefix);
    prefix = prefix.substr(0, prefix.find_last_not_of('/') + 1);
    if (is_valid_prefix(prefix))
        request.base_path = prefix;
    exchange.user = user_at_proxy(head);
}

/// Whether somebody without a token speaks to a loopback name himself: not through a proxy on this machine, not from a page of
/// another origin, not by a foreign name that resolves to loopback, and not over TLS, which is for those who come from elsewhere: what passes
/// their connections on to this machine need not say so.
bool is_direct_local(Exchange const& exchange)
{
    auto const& head = exchange.head;
    auto const& host = exchange.request.host;
    if (head.is_relayed || exchange.request.scheme == "https")
        return false;
    if (!head.origin.empty() && head.origin != exchange.request.scheme + "://" + host)
        return false;
    auto name = host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
    if (iequals(name, "localhost"))
        return true;
    error_code no_address;
    auto const address = boost::asio::ip::make_address(name, no_address);  // 127.evil.example is a name of somebody else
    return !no_address && net::unmapped(address).is_loopback();
}

/// What a browser sends by itself, the cookie or its user at the proxy, opens all that the token or user may, and never for a page of another site, so
/// that nobody can have a browser act or read for him. Browsers name the origin of every write; one that comes without could be anybody's form.
void believe_browser(Exchange& exchange, Shared const& shared)
{
    auto const& request = exchange.request;
    auto const& origin = exchange.head.origin;
    if (!is_own_origin(origin, request.host) || (request.method != Method::get && origin.empty()))
        return;
    if (!exchange.user.empty() && shared.options.user) {
        exchange.by_browser = true;
        exchange.request.principal = shared.options.user(exchange.user);
        return;
    }
    auto const token = token_in_cookie(exchange.head.cookie);
    if (!token || !shared.authenticate)
        return;
    auto known = fits_cookie(*token) ? shared.authenticate(*token) : std::nullopt;
    exchange.drops_cookie = !known;
    if (known) {
        exchange.by_browser = true;
        exchange.request.principal = std::move(*known);
    }
}

std::optional<Reply> authorize(Exchange& exchange, Shared const& shared)
{
    auto token = bearer_token(exchange.head.authorization);
    if (!token && exchange.access_key)
        token = *exchange.access_key;
    auto& principal = exchange.request.principal;
    if (token) {
        auto known = token->empty() || !shared.authenticate ? std::nullopt : shared.authenticate(*token);
        if (!known)
            return unauthorized("the access token is unknown", "invalid_token");
        principal = std::move(*known);
    } else if (believe_browser(exchange, shared); !exchange.by_browser && shared.authenticate) {
        if (auto anonymous = shared.authenticate({}))
            principal = std::move(*anonymous);
    }
    auto const scope = exchange.route->scope;
    bool const is_anonymous = !token && !exchange.by_browser;
    if (is_anonymous && !principal.scopes.empty() && !is_direct_local(exchange))
        principal = {};
    bool const open = scope == Scope::none || (scope == Scope::read && shared.options.public_reads);
    if (open)
        return std::nullopt;
    if (principal.may(scope)) {
        if (!principal.by_proxy)
            exchange.opened_by = token ? *token : exchange.by_browser ? *token_in_cookie(exchange.head.cookie) : std::string_view{};
        return std::nullopt;
    }
    if (is_anonymous)
        return unauthorized(exchange.drops_cookie ? "the token that this browser signed in with is not known any more"
                                                  : "an access token is needed here",
                            "");
    auto reply = make_problem(403, code_name(Errc::forbidden),
                              principal.by_proxy ? principal.name + " is signed in and may not do this"
                                                 : std::string{"the access token does not cover this request"});
    reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"yihong\", error=\"insufficient_scope\"");
    return reply;
}

/// The reply to a method or framing that is refused whatever the target is, if it is.
std::optional<Reply> refuse_method(Head const& head)
{
    if (head.method != Method::other)
        return std::nullopt;
    bool const known = head.method_name == "TRACE" || head.method_name == "CONNECT";
    auto reply = known ? make_problem(405, "method_not_allowed", head.method_name + " is not offered")
                       : make_problem(501, "not_implemented", "the method is unknown");
    reply.headers.emplace_back("Allow", all_methods);
    return reply;
}

/// Where no Host came: the address that was connected to.
std::string local_host(Link const& link)
{
    error_code ignored;
    auto const local = link.socket.local_endpoint(ignored);
    auto const address = net::unmapped(local.address());
    return (address.is_v6() ? "[" + address.to_string() + "]" : address.to_string()) + ":" + std::to_string(local.port());
}

void fill_request(Exchange& exchange, Target& target, Link const& link)
{
    auto& head = exchange.head;
    auto& request = exchange.request;
    request.method = head.method == Method::head ? Method::get : head.method;
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    request.query_text = std::move(target.query_text);
    exchange.access_key = std::move(target.access_key);
    request.host = head.host;
    request.origin = head.origin;
    request.accept_language = std::move(head.accept_language);
    request.content_type = std::move(head.content_type);
    request.wants_part = !head.range.empty();
    request.last_event_id = std::move(head.last_event_id);
    if (request.host.empty())
        request.host = local_host(link);
}

/// Finds the route. \return the reply, where there is none
std::optional<Reply> route(Exchange& exchange, Shared const& shared)
{
    auto& request = exchange.request;
    if (request.path == "*") {
        if (request.method == Method::options)
            return options_reply(exchange.head, std::string{all_methods});
        return make_problem(400, code_name(Errc::bad_syntax), "the target * belongs to OPTIONS");
    }
    exchange.router = shared.router.load();
    auto match = exchange.router->find(request.method, request.path);
    if (match.route == nullptr) {
        if (match.allowed.empty())
            return make_problem(404, code_name(Errc::not_found), "there is nothing at this path");
        auto allowed = method_list(match.allowed);
        if (request.method == Method::options)
            return options_reply(exchange.head, std::move(allowed));
        auto reply = make_problem(405, "method_not_allowed", "this path answers " + allowed);
        reply.headers.emplace_back("Allow", std::move(allowed));
        return reply;
    }
    exchange.route = match.route;
    request.path_parameters = std::move(match.parameters);
    return std::nullopt;
}

}  // namespace

Reply to_reply(Refusal const& refusal) { return make_problem(refusal.status, code_of(refusal.status), refusal.detail); }

bool allows_origin(ServerOptions const& options, std::string_view origin) noexcept
{
    return std::ranges::any_of(options.cors_origins, [&](std::string const& known) { return known == "*" || known == origin; });
}

std::optional<Reply> decide(Exchange& exchange, std::string_view bytes, Link const& link, Shared const& shared)
{
    exchange.request.peer = link.peer_text;
    exchange.request.scheme = link.is_encrypted ? "https" : "http";
    exchange.request.frame = &shared.options.frame;
    auto parsed = parse_head(bytes, shared.head_limits);
    if (!parsed) {
        exchange.body_pending = true;
        return to_reply(parsed.error());
    }
    auto& head = exchange.head = std::move(*parsed);
    exchange.request.accept = std::move(head.accept);
    exchange.request.accept_encoding = std::move(head.accept_encoding);
    exchange.keep_alive = head.keep_alive;
    exchange.body_pending = head.chunked || head.content_length.value_or(0) > 0;
    if (auto refused = refuse_method(head))
        return refused;
    auto target = parse_target(head.target, shared.options.access_key_parameter);
    if (!target) {
        exchange.keep_alive = false;
        return make_problem(target.error());
    }
    if (!target->authority.empty() && !iequals(target->authority, head.host)) {
        exchange.keep_alive = false;
        return make_problem(400, code_name(Errc::bad_syntax), "the request target names another host than the Host field");
    }
    fill_request(exchange, *target, link);
    if (shared.proxies.contains(link.peer))
        believe_proxy(exchange, link, shared);
    if (auto reply = route(exchange, shared))
        return reply;
    if (KnownRequests::may_keep(exchange, bytes))
        exchange.bytes = bytes;
    return authorize(exchange, shared);
}

std::optional<Reply> decide_again(Exchange& exchange, Link const& link, Shared const& shared)
{
    auto& request = exchange.request;
    request.peer = link.peer_text;
    request.scheme = link.is_encrypted ? "https" : "http";
    request.principal = {};
    exchange.keep_alive = exchange.head.keep_alive;
    exchange.by_browser = exchange.drops_cookie = false;
    exchange.started = std::chrono::steady_clock::now();
    if (exchange.router != shared.router.load()) {
        exchange.route = nullptr;
        if (auto reply = route(exchange, shared)) {
            exchange.bytes.clear();
            return reply;
        }
    }
    return authorize(exchange, shared);
}

}  // namespace yihong::http
