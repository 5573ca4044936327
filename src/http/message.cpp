#include "yihong/http/message.hpp"

#include "yihong/base/json_writer.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace yihong::http {

std::string_view to_text(Method method) noexcept
{
    switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: return "OTHER";
    }
    return "OTHER";
}

bool Principal::may(Scope wanted) const noexcept
{
    auto const includes = [](Scope held, Scope asked) {
        if (held == asked)
            return true;
        switch (held) {
        case Scope::admin: return true;
        case Scope::operate: return asked == Scope::ingest || asked == Scope::read || asked == Scope::metrics;
        case Scope::read: return asked == Scope::metrics;
        default: return false;
        }
    };
    return wanted == Scope::none || std::ranges::any_of(scopes, [&](Scope held) { return includes(held, wanted); });
}

std::string const* Request::query_value(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
    return found == query.end() ? nullptr : &found->second;
}

std::string Request::root_url() const { return scheme + "://" + host + base_path; }

std::shared_ptr<Content const> Reply::content() const noexcept
{
    auto const* const finished = std::get_if<std::shared_ptr<Content const>>(&whole().body);
    return finished == nullptr ? nullptr : *finished;
}

Reply make_reply(int status, std::string content_type, std::string body)
{
    Reply reply;
    reply.status = status;
    reply.content_type = std::move(content_type);
    reply.body = std::make_shared<Content const>(std::move(body));
    return reply;
}

Reply make_problem(int status, std::string_view code, std::string_view detail)
{
    auto const title = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    std::string body;
    JsonWriter{body}
        .begin_object()
        .member("type", "about:blank")
        .member("title", std::string_view{title.data(), title.size()})
        .member("status", status)
        .member("detail", detail)
        .member("code", code)
        .end_object();
    auto reply = make_reply(status, "application/problem+json", std::move(body));
    reply.cache_control = "no-store";
    reply.problem = std::make_shared<Problem const>(std::string{code}, std::string{detail});
    return reply;
}

int http_status(Errc code) noexcept
{
    switch (code) {
    case Errc::bad_syntax:
    case Errc::bad_value:
    case Errc::bad_time:
    case Errc::future_time:
    case Errc::out_of_range:
    case Errc::missing_field:
    case Errc::unknown_field:
    case Errc::unknown_site:
    case Errc::unknown_device:
    case Errc::unknown_parameter:
    case Errc::unknown_unit:
    case Errc::no_value:
    case Errc::duplicate_id: return 400;
    case Errc::unauthorized: return 401;
    case Errc::forbidden: return 403;
    case Errc::not_found: return 404;
    case Errc::conflict: return 409;
    case Errc::too_large: return 413;
    case Errc::unsupported: return 415;
    case Errc::busy: return 503;
    case Errc::broken_file: return 500;
    }
    return 500;
}

Reply make_problem(Failure const& failure)
{
    auto reply = make_problem(http_status(failure.code), code_name(failure.code), failure.detail);
    if (failure.code == Errc::busy)
        reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

}  // namespace yihong::http
