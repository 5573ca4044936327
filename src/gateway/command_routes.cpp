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
using http::Reply;
using http::Request;

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

/// A command as `write` writes it.
constexpr http::Component command_component{
    "command",
    R"({"type":"object","properties":{"id":{"type":"string"},"mn":{"type":"string"},"command":{"type":"string"},"title":{"type":"string"},"cn":{"type":"integer"},"parameters":{"type":"object"},"state":{"type":"string","enum":["awaiting_confirmation","queued","sent","accepted","done","no_data","refused","failed","timeout","not_connected","expired"]},"attempts":{"type":"integer"},"qn":{"type":"string","nullable":true},"qn_rtn":{"type":"object","nullable":true},"exe_rtn":{"type":"object","nullable":true},"result":{"type":"array","items":{"type":"object"}},"records":{"type":"integer"}}})"};

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

asio::awaitable<Reply> give(RouteServices const& services, Request const& request, DeviceName const& name)
{
    auto const book = services.gateway.devices();
    auto const* known = book->find(name.mn);
    if (!known)
        co_return unknown_device(name.mn);
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

asio::awaitable<Reply> confirm(RouteServices const& services, Request const& request, CommandName const& name)
{
    auto& desk = services.gateway.commands();
    auto given = desk.confirm(name.mn, name.id, request.principal.name, request.peer);
    if (!given)
        co_return not_given(given.error());
    co_return co_await ended(desk, std::move(*given));
}

Reply list(RouteServices const& services, DeviceName const& name)
{
    auto const& mn = name.mn;
    if (!services.gateway.devices()->find(mn))
        return unknown_device(mn);
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("commands").begin_array();
    for (auto const& command : services.gateway.commands().list(mn))
        write(json, command);
    json.end_array().end_object();
    return http::json_reply(std::move(out));
}

Reply one(RouteServices const& services, CommandName const& name)
{
    auto const command = services.gateway.commands().find(name.mn, name.id);
    if (!command)
        return http::make_problem(404, code_name(Errc::not_found),
                                  "there is no such command; the last 50 of a device are kept, since the start of the service");
    return http::json_reply(command_as_json(*command));
}

}  // namespace

http::Reply unknown_device(std::string_view mn)
{
    return http::make_problem(404, code_name(Errc::unknown_device), "there is no device " + in_quotes(mn));
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
    auto const command = reference_to(command_component);
    auto const declaration = [](http::Method method, std::string path, std::string id, http::Text summary) {
        return http::Declaration{.method = method,
                                 .path = std::move(path),
                                 .scope = http::Scope::operate,
                                 .id = std::move(id),
                                 .tag = "Devices",
                                 .summary = std::move(summary),
                                 .components = {&command_component}};
    };
    http::Parameters<CommandName> const named{mn_parameter<CommandName>(),
                                              http::path("id", {"命令标识", "id of the command"}, http::text(), &CommandName::id)};
    auto named_in_json = named;
    named_in_json.push_back(http::only_json<CommandName>());
    std::vector<http::Response> const exchange{
        {200, {"交互已结束，state 说明结果", "The exchange has ended; state says how."}, {{"application/json", command}}},
        {202,
         {"等待确认，或仍在进行，见 Location", "It waits for confirmation, or is still under way; see Location."},
         {{"application/json", command}}},
        {409, {"数采仪未连接，或没有可确认的命令", "The station is not connected, or there is nothing to confirm."}}};

    auto list_all = declaration(http::Method::get, "/api/v1/devices/{mn}/commands", "getCommands",
                                {"最近 50 条反控命令，最新的在前", "the last 50 commands to a station, newest first"});
    list_all.responses = {
        {200, {}, {{"application/json", R"({"type":"object","properties":{"commands":{"type":"array","items":)" + command + "}}}"}}}};
    auto post = declaration(http::Method::post, "/api/v1/devices/{mn}/commands", "postCommand",
                            {"向数采仪下达反控命令", "give a station a command"});
    post.body = http::RequestBody{
        .media = {{"application/json",
                   R"({"type":"object","required":["command"],"properties":{"command":{"type":"string"}},"additionalProperties":true})"}}};
    post.responses = exchange;
    auto show = declaration(http::Method::get, "/api/v1/devices/{mn}/commands/{id}", "getCommand",
                            {"一条命令及其结果", "one command and what became of it"});
    show.responses = {{200, {}, {{"application/json", command}}}};
    auto run = declaration(
        http::Method::post, "/api/v1/devices/{mn}/commands/{id}/confirm", "confirmCommand",
        {"确认执行：对仪器动作，或修改密码、MN 的命令", "confirm a command that acts on an instrument or changes password or MN"});
    run.responses = exchange;
    return {
        http::declare<DeviceName>(std::move(list_all), {mn_parameter<DeviceName>(), http::only_json<DeviceName>()},
                                  [s](Request const&, DeviceName const& name) { return list(*s, name); }),
        http::declare<DeviceName>(
            std::move(post), {mn_parameter<DeviceName>()},
            [s](Request const& request, DeviceName const& name) { return give(*s, request, name); }, body_limit),
        http::declare<CommandName>(std::move(show), named_in_json, [s](Request const&, CommandName const& name) { return one(*s, name); }),
        http::declare<CommandName>(std::move(run), named,
                                   [s](Request const& request, CommandName const& name) { return confirm(*s, request, name); }),
    };
}

}  // namespace yihong::gateway
