#include "reply_head.hpp"

#include "cookie.hpp"
#include "decide.hpp"
#include "negotiate.hpp"

#include "yihong/base/log.hpp"
#include "yihong/http/kept_reply.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::http {
namespace {

using boost::beast::iequals;

constexpr std::string_view exposed_headers = "ETag, Link, Location, Content-Crs, Content-Disposition, Retry-After, WWW-Authenticate";
constexpr std::string_view html_policy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'";
constexpr std::array<std::string_view, 6> own_headers{"Content-Length", "Transfer-Encoding", "Connection", "Date",
                                                      "Server",         "Content-Encoding"};

void append_number(std::string& out, std::uint64_t number)
{
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void add_to(std::string& list, std::string_view element) { list.append(list.empty() ? "" : ", ").append(element); }

void write_body_fields(std::string& out, Exchange const& exchange, Reply const& reply, int status, Form const& form)
{
    if (form.has_body()) {
        bool const safe = is_safe_header("Content-Type", reply.content_type);
        append_header(out, "Content-Type", safe ? std::string_view{reply.content_type} : "application/octet-stream");
        if (!form.content_encoding.empty())
            append_header(out, "Content-Encoding", form.content_encoding);
    }
    if (form.endless) {
        if (exchange.head.minor_version == 1)
            append_header(out, "Transfer-Encoding", "chunked");
    } else if (form.length || (status != 304 && status != 204)) {
        out += "Content-Length: ";
        append_number(out, form.length.value_or(0));
        out += "\r\n";
    }
    if (!form.etag.empty())
        append_header(out, "ETag", form.etag);
    if (!reply.cache_control.empty()) {
        bool const is_private = !exchange.request.principal.name.empty() && reply.cache_control != "no-store";
        out.append("Cache-Control: ").append(is_private ? "private, " : "").append(reply.cache_control).append("\r\n");
    }
}

/// The handler's own fields. What has to be merged with ours is left in `vary` and `exposed`.
void write_given_fields(std::string& out, Exchange const& exchange, Reply const& reply, std::string& vary, std::string& exposed)
{
    for (auto const& [name, value] : reply.headers) {
        bool const ours = std::ranges::any_of(own_headers, [&](auto known) { return iequals(known, name); });
        if (ours || !is_safe_header(name, value))
            log::warning("header_dropped", {{"name", name}, {"route", exchange.pattern()}});
        else if (iequals(name, "Vary"))
            add_to(vary, value);
        else if (iequals(name, "Access-Control-Expose-Headers"))
            add_to(exposed, value);
        else
            append_header(out, name, value);
    }
}

void write_cors(std::string& out, Exchange const& exchange, ServerOptions const& options, std::string_view exposed, std::string& vary)
{
    auto const& origins = options.cors_origins;
    bool const any_origin = std::ranges::find(origins, "*") != origins.end();
    if (allows_origin(options, exchange.head.origin)) {
        append_header(out, "Access-Control-Allow-Origin", any_origin ? std::string_view{"*"} : exchange.head.origin);
        out.append("Access-Control-Expose-Headers: ")
            .append(exposed_headers)
            .append(exposed.empty() ? "" : ", ")
            .append(exposed)
            .append("\r\n");
    }
    if (!any_origin && !origins.empty())
        add_to(vary, "Origin");
}

/// Everything behind Date.
void write_lines(std::string& out, Exchange const& exchange, Reply const& reply, int status, Form const& form, ServerOptions const& options)
{
    write_body_fields(out, exchange, reply, status, form);
    std::string vary{form.varies ? "Accept-Encoding" : ""};
    std::string exposed;
    write_given_fields(out, exchange, reply, vary, exposed);
    if (exchange.by_browser)
        add_to(vary, exchange.user.empty() ? std::string_view{"Cookie"} : std::string_view{options.user_header});
    if (exchange.drops_cookie)
        append_header(out, "Set-Cookie", forget_cookie(exchange.request));
    write_cors(out, exchange, options, exposed, vary);
    if (!vary.empty())
        append_header(out, "Vary", vary);
    out += "X-Content-Type-Options: nosniff\r\n";
    if (form.has_body() && reply.content_type.starts_with("text/html")) {
        bool const has_policy =
            std::ranges::any_of(reply.headers, [](auto const& header) { return iequals(header.first, "Content-Security-Policy"); });
        if (!has_policy)
            append_header(out, "Content-Security-Policy", html_policy);
        append_header(out, "Referrer-Policy", "same-origin");          // an access key in the address stays here
    }
    if (!exchange.keep_alive)
        out += "Connection: close\r\n";
    else if (exchange.head.minor_version == 0)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

/// Whether the lines depend on nothing but the reply and its form.
bool is_usual(Exchange const& exchange, ServerOptions const& options) noexcept
{
    auto const& head = exchange.head;
    return head.minor_version == 1 && exchange.keep_alive && exchange.request.principal.name.empty() && !exchange.by_browser &&
           !exchange.drops_cookie && (head.origin.empty() || std::ranges::find(options.cors_origins, "*") != options.cors_origins.end());
}

}  // namespace

void write_head(std::string& out, Exchange const& exchange, Reply const& reply, Form const& form, ServerOptions const& options,
                std::string_view date)
{
    auto const reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(reply.status));
    out.clear();
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(reply.status));
    out.append(" ").append(reason.data(), reason.size()).append("\r\nServer: yihong\r\nDate: ").append(date).append("\r\n");
    auto const& whole = reply.whole();
    auto const make = [&] {
        std::string lines;
        write_lines(lines, exchange, whole, reply.status, form, options);
        return lines;
    };
    if (whole.lines && is_usual(exchange, options))
        out += whole.lines->of(form.encoding, reply.status == 304, make);
    else
        write_lines(out, exchange, whole, reply.status, form, options);
}

}  // namespace yihong::http
