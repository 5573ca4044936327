#include "yihong/alerts/routes.hpp"

#include "bodies.hpp"
#include "common.hpp"
#include "story.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/page.hpp"
#include "yihong/state/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace yihong::alerts {
namespace {

using Kind = AlertAction::Kind;

struct AlertName {
    std::string id;
};
struct StoryPage {
    std::string id;
    http::Form form = http::Form::json;
};

Reply no_such_alert(std::string const& id)
{
    return http::make_problem(404, code_name(Errc::not_found), fmt::format("there is no alert '{}'", to_valid_utf8(id.substr(0, 128))));
}

/// The collection in which the site stands.
std::string collection_of(Catalog const& catalog, std::string const& site)
{
    for (auto const& collection : catalog.collections)
        if (auto const feature = collection->find(site); feature && site_state(*feature))
            return collection->metadata().id;
    return {};
}

asio::awaitable<Reply> one(Services const& services, Request const& request, StoryPage const& wanted)
{
    bool const html = wanted.form == http::Form::html;
    auto const version = version_of(services);
    bool const with_from = request.principal.may(http::Scope::operate);
    auto const form = fmt::format("{}{}", html ? "-html" : "", with_from ? "-from" : "");
    auto const key = request.root_url() + "\nstory" + form + "\n" + wanted.id;
    if (auto const kept = services.replies.find(key, version))
        co_return http::again(kept);
    auto const world = services.state.world.load();
    auto const catalog = services.catalog.load();
    auto const kept = services.state.alerts.load()->find(wanted.id);
    auto const render = [&]() -> std::optional<std::string> {
        auto const closed_long_ago = kept ? std::nullopt : services.alerts.find_alert(wanted.id);
        if (!kept && !closed_long_ago)
            return std::nullopt;
        auto const& alert = kept ? *kept : *closed_long_ago;
        StoryLinks const links{request.root_url(), collection_of(*catalog, alert.site_id), kept != nullptr, request.frame};
        auto const story = read_story(services.journal, alert.id);
        AlertContext const context{*world, {}};
        return html ? story_as_html(alert, story, context, links, with_from) : story_as_json(alert, story, context, links, with_from);
    };
    auto body = co_await services.readers.run(render);
    if (!body)
        co_return no_such_alert(wanted.id);
    auto reply = tagged(std::move(*body), std::string{html ? http::html_type : http::json_type});
    if (html)
        reply.headers.emplace_back("Content-Security-Policy", http::page_policy());
    reply.headers.emplace_back("Vary", "Accept");
    auto finished = http::keep(std::move(reply));
    services.replies.put(key, version, finished);
    co_return http::again(std::move(finished));
}

asio::awaitable<Reply> act(Services const& services, AlertAction::Kind kind, Request const& request, AlertName const& name)
{
    auto action = parse_action(kind, request.body);
    if (!action)
        co_return http::make_problem(action.error());
    action->alert = name.id;
    action->from = source_of(request);
    if (action->by.empty())
        action->by = request.principal.name;
    auto const outcome = co_await carry_out(services.writer, *action);
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    auto const& alert = ***outcome;
    http::audit(request, fmt::format("alert_{}", to_text(kind)), {{"alert", alert.id}, {"by", action->by}});
    auto const world = services.state.world.load();
    std::string out;
    JsonWriter json{out};
    write_alert(json, alert, {*world, {}}, AlertTimes::with_beijing);
    co_return http::json_reply(std::move(out));
}

/// What a person can do to an alert, as the document tells it.
struct ActionText {
    Kind kind;
    std::string_view zh, en, id;
    bool body_required = false;
    std::string_view members = {};                 ///< of its body, beside `by`, `note` and `links`
    std::string_view required = {};                ///< those that must be there
};
constexpr std::array actions{
    ActionText{Kind::acknowledge, "确认：我已看到", "I have seen it", "acknowledgeAlert"},
    ActionText{Kind::assign, "交办", "hand it on", "assignAlert", true, R"(,"assignee":{"type":"string"},"major":{"type":"boolean"})"},
    ActionText{Kind::progress, "报告进展", "report progress", "progressAlert", true, {}, R"("note")"},
    ActionText{Kind::comment, "备注", "add a note", "commentAlert", true, {}, R"("note")"},
    ActionText{Kind::resolve, "解除，无论数据如何", "it is solved, whatever the readings say", "resolveAlert"},
    ActionText{Kind::silence, "在某时刻之前不再通知", "no notifications until a time", "silenceAlert", true,
               R"(,"until":{"type":"string","format":"date-time"})"},
    ActionText{Kind::reopen, "重新打开", "it is not over", "reopenAlert"},
    ActionText{Kind::close, "销号", "strike it off the ledger", "closeAlert"},
};

http::Route action_route(std::shared_ptr<Services const> const& s, ActionText const& action)
{
    auto const required = action.required.empty() ? std::string{} : fmt::format(R"("required":[{}],)", action.required);
    auto const schema = fmt::format(
        R"({{"type":"object",{}"properties":{{"by":{{"type":"string"}},"note":{{"type":"string"}},"links":{{"type":"array","maxItems":20,"items":{{"type":"string","format":"uri"}}}}{}}},"additionalProperties":false}})",
        required, action.members);
    return http::declare<AlertName>(
        {.method = http::Method::post,
         .path = fmt::format("/api/v1/alerts/{{id}}/{}", to_text(action.kind)),
         .scope = http::Scope::operate,
         .id = std::string{action.id},
         .tag = "Alerts",
         .summary = {std::string{action.zh}, std::string{action.en}},
         .body = http::RequestBody{.required = action.body_required, .media = {{"application/json", schema}}},
         .responses = {{200,
                        {"已存盘；处置后的预警", "On disk; the alert after it."},
                        {{"application/json", reference_to(alert_component)}}},
                       {409, {"在此状态下不能这样做", "It makes no sense in this state."}}},
         .components = {&alert_component}},
        {http::path("id", {"预警标识", "id of an alert"}, http::text(), &AlertName::id)},
        [s, kind = action.kind](Request const& request, AlertName const& name) { return act(*s, kind, request, name); }, body_limit);
}

http::Route story_route(std::shared_ptr<Services const> const& s)
{
    auto const schema =
        R"({"allOf":[)" + reference_to(alert_component) +
        R"(,{"type":"object","properties":{"causes":{"type":"array","items":{"type":"object","properties":{"rule":{"type":"string"},"severity":{"type":"string"},"description":{"type":"string"},"description_en":{"type":"string","nullable":true},"since":{"type":"string","format":"date-time"},"since_beijing":{"type":"string"},"figures":{"type":"string","nullable":true},"figures_en":{"type":"string","nullable":true}}}},"history":{"type":"array","items":{"type":"object"}},"evidence":{"type":"array","items":{"type":"object"}},"chain":{"type":"object","properties":{"verified":{"type":"boolean"},"method":{"type":"string"}}},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}}]})";
    return http::declare<StoryPage>(
        {.path = "/api/v1/alerts/{id}",
         .id = "getAlert",
         .tag = "Alerts",
         .summary = {"一条预警：全过程、证据、日志是否完整；HTML 可打印",
                     "one alert: its history, its evidence, and whether its log is intact; the page is to print"},
         .responses = {{200, {}, {{"application/json", schema}, {"text/html", R"({"type":"string"})"}}}, {304}},
         .components = {&alert_component}},
        {http::path("id", {"预警标识", "id of an alert"}, http::text(), &StoryPage::id),
         http::form({http::Form::json, http::Form::html}, &StoryPage::form)},
        [s](Request const& request, StoryPage const& wanted) { return one(*s, request, wanted); });
}

}  // namespace

std::string metrics_text(AlertBook const& book)
{
    constexpr std::array states{AlertState::open, AlertState::acknowledged, AlertState::resolved, AlertState::closed};
    constexpr std::array severities{AlertSeverity::notice, AlertSeverity::alert, AlertSeverity::high};
    std::array<std::array<std::uint64_t, severities.size() + 1>, states.size()> counts{};
    for (auto const& alert : book.alerts)
        ++counts[static_cast<std::size_t>(alert->state)][static_cast<std::size_t>(alert->severity)];
    std::vector<http::MetricSample> samples;
    for (auto const state : states)
        for (auto const severity : severities)
            samples.push_back({fmt::format("state=\"{}\",severity=\"{}\"", to_text(state), to_text(severity)),
                               static_cast<double>(counts[static_cast<std::size_t>(state)][static_cast<std::size_t>(severity)])});
    std::string out;
    http::append_metric(out, "yihong_alerts", "gauge", "Alerts in memory by state and severity", samples);
    http::append_metric(out, "yihong_alert_steps_total", "counter", "Steps in the lives of all alerts", static_cast<double>(book.steps));
    return out;
}

std::vector<http::Route> make_routes(RouteServices services)
{
    auto const s = std::make_shared<Services const>(services);
    auto routes = make_list_routes(s);
    routes.push_back(story_route(s));
    for (auto const& action : actions)
        routes.push_back(action_route(s, action));
    std::ranges::move(make_rule_routes(s), std::back_inserter(routes));
    std::ranges::move(make_silence_routes(s), std::back_inserter(routes));
    return routes;
}

}  // namespace yihong::alerts
