#include "command_routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/gateway/key_ring.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/net/answer_of.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using http::Method;
using http::Reply;
using http::Request;
using http::Scope;

constexpr std::size_t body_limit = 16 * 1024;

std::string in_quotes(std::string_view text) { return "'" + to_valid_utf8(text.substr(0, 60)) + "'"; }

Result<std::vector<std::pair<std::string, std::string>>> read_fields(std::string_view name, simdjson::dom::object object)
{
    std::vector<std::pair<std::string, std::string>> fields;
    for (auto const& [key, value] : object) {
        if (std::ranges::find(fields, key, &std::pair<std::string, std::string>::first) != fields.end())
            return fail(Errc::bad_value, fmt::format("{}: {} stands there twice", name, in_quotes(key)));
        std::string_view text;
        std::int64_t number = 0;
        if (value.get(text) == simdjson::SUCCESS)
            fields.emplace_back(key, text);
        else if (value.get(number) == simdjson::SUCCESS)
            fields.emplace_back(key, std::to_string(number));
        else
            return fail(Errc::bad_value, fmt::format("{}.{} is neither a text nor a whole number", name, to_valid_utf8(key.substr(0, 60))));
    }
    return fields;
}

std::string path_of(Command const& command)
{
    return fmt::format("/api/v1/devices/{}/commands/{}", percent_encoded(command.mn), command.id);
}

void write(JsonWriter& json, Command const& command)
{
    auto const code = [&](std::string_view name, std::optional<int> value, std::string_view meaning) {
        json.key(name);
        if (value)
            json.begin_object().member("code", *value).member("text", meaning).end_object();
        else
            json.null();
    };
    auto const& spec = *command.spec;
    json.begin_object()
        .member("id", command.id)
        .member("mn", command.mn)
        .member("command", spec.name)
        .member("title", spec.title)
        .member("cn", spec.cn);
    json.key("parameters").raw(command.built.parameters_json).member("state", to_text(command.state));
    json.text_or_null("by", command.by);
    json.member("from", command.from);
    json.text_or_null("confirmed_by", command.confirmed_by);
    json.member("at", command.at);
    json.member_or_null("expires_at", command.expires_at);
    json.member_or_null("sent_at", command.sent_at);
    json.member_or_null("ended_at", command.ended_at);
    json.member("attempts", command.attempts);
    json.text_or_null("qn", command.qn);
    code("qn_rtn", command.qn_rtn, command.qn_rtn ? qn_rtn_text(*command.qn_rtn, command.edition) : std::string_view{});
    code("exe_rtn", command.exe_rtn, command.exe_rtn ? exe_rtn_text(*command.exe_rtn) : std::string_view{});
    json.key("result").begin_array();
    for (auto const& [name, value] : command.result)
        json.begin_object().member("field", name).member("value", value).end_object();
    json.end_array().member("records", static_cast<std::int64_t>(command.records)).end_object();
}

Reply not_given(Failure const& failure)
{
    return failure.code == Errc::conflict ? http::make_problem(409, code_name(Errc::conflict), failure.detail)
                                          : http::make_problem(failure);
}

/// Waits for the end of the exchange. 202 with Location where it lasts longer.
asio::awaitable<Reply> ended(CommandDesk& desk, Command given)
{
    auto const start = [&](std::function<void(Command)> done) { desk.when_ended(given.mn, given.id, std::move(done)); };
    auto const command = co_await net::answer_of<Command>(start);
    auto const& shown = command.spec ? command : given;
    auto reply = http::json_reply(command_as_json(shown), is_final(shown.state) ? 200 : 202);
    reply.headers.emplace_back("Location", path_of(shown));
    co_return reply;
}

asio::awaitable<Reply> give(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {}))
        co_return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const* known = book->find(request.path_parameters.at(0));
    if (!known)
        co_return unknown_device(request);
    auto parsed = parse_command(request.body);
    if (!parsed)
        co_return http::make_problem(parsed.error());
    auto& desk = services.gateway.commands();
    auto const spec = find_command(parsed->name, desk.edition_of(known->device.mn));
    if (!spec)
        co_return http::make_problem(spec.error());
    auto built = build_command(**spec, parsed->arguments);
    if (!built)
        co_return http::make_problem(built.error());
    if ((*spec)->offers_key) {
        if (!known->keys)
            co_return not_given(
                {Errc::conflict, fmt::format("MN '{}' has no sm4_key: set a first key at the station and in its entry", known->device.mn)});
        auto const make = [&] {                    // on disk before anything of it leaves
            services.gateway.keys().make(known->device.mn, utc_now());
            return true;
        };
        co_await services.readers.run(make);
    }
    auto given = desk.give({known->device.mn, *spec, std::move(*built), request.principal.name, request.peer});
    if (!given)
        co_return not_given(given.error());
    if (given->state == CommandState::awaiting_confirmation) {
        auto reply = http::json_reply(command_as_json(*given), 202);
        reply.headers.emplace_back("Location", path_of(*given));
        co_return reply;
    }
    co_return co_await ended(desk, std::move(*given));
}

asio::awaitable<Reply> confirm(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {}))
        co_return std::move(*refused);
    auto& desk = services.gateway.commands();
    auto given = desk.confirm(request.path_parameters.at(0), request.path_parameters.at(1), request.principal.name, request.peer);
    if (!given)
        co_return not_given(given.error());
    co_return co_await ended(desk, std::move(*given));
}

Reply list(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        return std::move(*refused);
    auto const& mn = request.path_parameters.at(0);
    if (!services.gateway.devices()->find(mn))
        return unknown_device(request);
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("commands").begin_array();
    for (auto const& command : services.gateway.commands().list(mn))
        write(json, command);
    json.end_array().end_object();
    return http::json_reply(std::move(out));
}

Reply one(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        return std::move(*refused);
    auto const command = services.gateway.commands().find(request.path_parameters.at(0), request.path_parameters.at(1));
    if (!command)
        return http::make_problem(404, code_name(Errc::not_found),
                                  "there is no such command; the last 50 of a device are kept, since the start of the service");
    return http::json_reply(command_as_json(*command));
}

}  // namespace

http::Reply unknown_device(http::Request const& request)
{
    return http::make_problem(404, code_name(Errc::unknown_device), "there is no device " + in_quotes(request.path_parameters.at(0)));
}

Result<CommandRequest> parse_command(std::string_view body)
{
    simdjson::dom::parser parser;
    simdjson::padded_string const padded{body};
    simdjson::dom::object object;
    if (auto const error = parser.parse(padded).get(object))
        return fail(Errc::bad_syntax, fmt::format("the body is not a JSON object such as {{\"command\":\"read_clock\"}}: {}",
                                                  simdjson::error_message(error)));
    CommandRequest request;
    bool named = false;
    for (auto const& [key, value] : object) {
        std::string_view text;
        std::int64_t number = 0;
        simdjson::dom::object inner;
        bool const is_name = key == "command";
        auto const same = [&](CommandArgument const& argument) { return argument.name == key; };
        if ((is_name && named) || std::ranges::any_of(request.arguments, same))
            return fail(Errc::bad_value, in_quotes(key) + " stands there twice");
        if (value.get(text) == simdjson::SUCCESS) {
            if (is_name)
                request.name = text;
            else
                request.arguments.push_back({std::string{key}, std::string{text}});
        } else if (is_name) {
            return fail(Errc::bad_value, "command is not a text");
        } else if (value.get(number) == simdjson::SUCCESS) {
            request.arguments.push_back({std::string{key}, number});
        } else if (value.get(inner) == simdjson::SUCCESS) {
            auto fields = read_fields(to_valid_utf8(key.substr(0, 60)), inner);
            if (!fields)
                return std::unexpected{std::move(fields.error())};
            request.arguments.push_back({std::string{key}, std::move(*fields)});
        } else {
            return fail(Errc::bad_value, in_quotes(key) + " is neither a text, a whole number nor an object");
        }
        named |= is_name;
    }
    if (!named)
        return fail(Errc::missing_field, "command is missing");
    return request;
}

std::string command_as_json(Command const& command)
{
    std::string out;
    JsonWriter json{out};
    write(json, command);
    return out;
}

std::vector<http::Route> make_command_routes(std::shared_ptr<RouteServices const> const& s)
{
    return {
        {Method::get, "/api/v1/devices/{}/commands", Scope::operate,
         http::QuickHandler{[s](Request const& request) { return list(*s, request); }}},
        {Method::post, "/api/v1/devices/{}/commands", Scope::operate,
         http::WaitingHandler{[s](Request const& request) { return give(*s, request); }}, body_limit},
        {Method::get, "/api/v1/devices/{}/commands/{}", Scope::operate,
         http::QuickHandler{[s](Request const& request) { return one(*s, request); }}},
        {Method::post, "/api/v1/devices/{}/commands/{}/confirm", Scope::operate,
         http::WaitingHandler{[s](Request const& request) { return confirm(*s, request); }}},
    };
}

}  // namespace yihong::gateway
