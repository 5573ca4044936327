#include "common.hpp"

#include "bodies.hpp"

#include "yihong/base/beijing_text.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace yihong::alerts {
namespace {

constexpr std::size_t silences_limit = 1000;

constexpr http::Component silence_component{
    "silence",
    R"({"type":"object","properties":{"id":{"type":"string"},"site":{"type":"string","nullable":true},"river":{"type":"string","nullable":true},"county":{"type":"string","nullable":true},"filter":{"type":"string","nullable":true},"rule":{"type":"string","nullable":true},"begin":{"type":"string","format":"date-time"},"begin_beijing":{"type":"string"},"end":{"type":"string","format":"date-time"},"end_beijing":{"type":"string"},"reason":{"type":"string"},"by":{"type":"string"},"created_at":{"type":"string","format":"date-time"},"created_at_beijing":{"type":"string"}}})"};

struct SilenceName {
    std::string id;
};

void write_silence(JsonWriter& json, Silence const& silence)
{
    json.begin_object().member("id", silence.id).text_or_null("site", silence.site).text_or_null("river", silence.river);
    json.text_or_null("county", silence.county).text_or_null("filter", silence.filter.text).text_or_null("rule", silence.rule);
    write_with_beijing(json, "begin", silence.begin);
    write_with_beijing(json, "end", silence.end);
    json.member("reason", silence.reason).member("by", silence.author);
    write_with_beijing(json, "created_at", silence.created_at);
    json.end_object();
}

Reply silences(Services const& services)
{
    auto const book = services.state.alerts.load();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("silences").begin_array();
    for (auto const& silence : book->silences)
        write_silence(json, silence);
    json.end_array().end_object();
    return tagged(std::move(out), std::string{http::json_type});
}

/// Milliseconds of its making, later ones where two are made in one.
std::string next_silence_id(UtcTime now)
{
    static std::atomic<std::int64_t> last{0};
    auto id = now.time_since_epoch().count();
    for (auto before = last.load();;) {
        id = std::max(id, before + 1);
        if (last.compare_exchange_weak(before, id))
            return std::to_string(id);
    }
}

asio::awaitable<Reply> add_silence(Services const& services, Request const& request)
{
    auto const now = utc_now();
    auto silence = parse_silence(request.body, *services.state.world.load(), now, services.make_filter);
    if (!silence)
        co_return http::make_problem(silence.error());
    if (silence->author.empty())
        silence->author = request.principal.name;
    if (silence->author.empty())
        co_return http::make_problem({Errc::missing_field, "by: the name of whoever asks for it"});
    if (services.state.alerts.load()->silences.size() >= silences_limit)
        co_return http::make_problem({Errc::conflict, fmt::format("there are {} silences already; end some", silences_limit)});
    silence->id = next_silence_id(now);
    silence->created_at = now;
    auto const outcome = co_await carry_out(services.writer, BeginSilence{*silence});
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    http::audit(request, "silence_begin", {{"silence", silence->id}, {"by", silence->author}, {"reason", silence->reason}});
    std::string out;
    JsonWriter json{out};
    write_silence(json, *silence);
    co_return http::json_reply(std::move(out), 201);
}

asio::awaitable<Reply> end_silence(Services const& services, Request const& request, SilenceName const& silence)
{
    auto const& id = silence.id;
    auto const outcome = co_await carry_out(services.writer, EndSilence{to_valid_utf8(id)});
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    http::audit(request, "silence_end", {{"silence", id}});
    Reply reply;
    reply.status = 204;
    co_return reply;
}

}  // namespace

std::vector<http::Route> make_silence_routes(std::shared_ptr<Services const> const& s)
{
    auto const all = R"({"type":"object","properties":{"silences":{"type":"array","items":)" + reference_to(silence_component) + "}}}";
    auto const wanted =
        R"({"type":"object","required":["end","reason"],"properties":{"site":{"type":"string"},"river":{"type":"string"},"county":{"type":"string"},"filter":{"type":"string"},"rule":{"type":"string"},"begin":{"type":"string","format":"date-time"},"end":{"type":"string","format":"date-time"},"reason":{"type":"string"},"by":{"type":"string"}},"additionalProperties":false})";
    return {
        http::declare<http::NoArguments>({.path = "/api/v1/silences",
                                          .id = "getSilences",
                                          .tag = "Alerts",
                                          .summary = {"有效的静默", "silences that stand"},
                                          .responses = {{200, {}, {{"application/json", all}}}, {304}},
                                          .components = {&silence_component}},
                                         {http::only_json<http::NoArguments>()},
                                         [s](Request const&, http::NoArguments const&) { return silences(*s); }),
        http::declare<http::NoArguments>(
            {.method = http::Method::post,
             .path = "/api/v1/silences",
             .scope = http::Scope::operate,
             .id = "postSilence",
             .tag = "Alerts",
             .summary = {"设置静默：一段时间内不发通知", "silence notifications"},
             .body = http::RequestBody{.media = {{"application/json", wanted}}},
             .responses = {{201, {"已存盘", "On disk."}, {{"application/json", reference_to(silence_component)}}},
                           {409, {"静默过多", "There are too many already."}}},
             .components = {&silence_component}},
            {}, [s](Request const& request, http::NoArguments const&) { return add_silence(*s, request); }, body_limit),
        http::declare<SilenceName>({.method = http::Method::del,
                                    .path = "/api/v1/silences/{id}",
                                    .scope = http::Scope::operate,
                                    .id = "endSilence",
                                    .tag = "Alerts",
                                    .summary = {"结束静默", "end a silence"},
                                    .responses = {{204, {"已结束", "It is gone."}}}},
                                   {http::path("id", {"静默标识", "id of a silence"}, http::text(), &SilenceName::id)},
                                   [s](Request const& request, SilenceName const& silence) { return end_silence(*s, request, silence); }),
    };
}

}  // namespace yihong::alerts
