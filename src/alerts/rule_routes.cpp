#include "common.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/alerting/replay_totals.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/duty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace yihong::alerts {
namespace {

constexpr std::size_t most_alerts = 1000;          // in an answer; how many there were is said beside them
constexpr std::chrono::seconds backtest_deadline{30};

struct BacktestOf {
    TimeInterval time;
    std::vector<std::string> sites;
    std::vector<std::string> rules;
};

/// Ends a replay from its progress.
struct TookTooLong {};

Reply rules(Services const& services)
{
    auto const world = services.state.world.load();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("rules").begin_array();
    for (auto const& rule : world->alerts->rules) {
        auto const [zh, en] = describe(rule);
        json.begin_object().member("id", rule.id).member("title", rule.title).member("title_en", rule.title_en);
        json.member("kind", to_text(rule.kind)).member("family", to_text(family_of(rule.kind))).member("severity", to_text(rule.severity));
        json.member("description", zh).member("description_en", en).end_object();
    }
    json.end_array().end_object();
    return tagged(std::move(out), std::string{http::json_type});
}

/// Who answers now: names and offices alone, telephone numbers are for the channels.
Reply duty(Services const& services)
{
    auto const world = services.state.world.load();
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("has_roster", !world->alerts->duty.empty()).key("on_duty").begin_array();
    for (auto const* contact : on_duty(*world->alerts, utc_now())) {
        json.begin_object().member("id", contact->id).member("name", contact->name);
        json.text_or_null("role", contact->role).end_object();
    }
    json.end_array().end_object();
    return http::json_reply(std::move(out));
}

/// The world with the rules that are to be tried: those of the body, if there is one, and of them those that are asked for.
Result<std::shared_ptr<World const>> world_to_try(Services const& services, std::string_view body, BacktestOf const& wanted)
{
    auto const world = services.state.world.load();
    AlertPlan plan = *world->alerts;
    if (!trimmed(body).empty()) {
        auto read = services.read_plan(*world, body);
        if (!read) {
            std::string all;
            for (auto const& problem : read.error())
                all += (all.empty() ? "" : "\n") + problem.detail;
            return fail(read.error().front().code, all);
        }
        plan = std::move(*read);
    }
    for (auto const& id : wanted.rules)
        if (std::ranges::find(plan.rules, id, &AlertRule::id) == plan.rules.end())
            return fail(Errc::bad_value, fmt::format("rule: no rule is called '{}'", to_valid_utf8(id.substr(0, 60))));
    if (!wanted.rules.empty())
        std::erase_if(plan.rules, [&](AlertRule const& rule) { return std::ranges::find(wanted.rules, rule.id) == wanted.rules.end(); });
    auto copy = std::make_shared<World>(*world);
    copy->alerts = std::make_shared<AlertPlan const>(std::move(plan));
    return copy;
}

Result<std::vector<SiteNumber>> numbers_of(World const& world, std::vector<std::string> const& ids)
{
    std::vector<SiteNumber> numbers;
    for (auto const& id : ids) {
        auto const* site = world.sites->find(id);
        if (!site)
            return fail(Errc::unknown_site,
                        fmt::format("site: '{}' is neither the id nor the MN of a site", to_valid_utf8(id.substr(0, 60))));
        numbers.push_back(site->number);
    }
    return numbers;
}

asio::awaitable<Reply> backtest(Services const& services, Request const& request, BacktestOf const& wanted)
{
    if (!wanted.time.begin)
        co_return http::make_problem({Errc::missing_field, "datetime: since when, such as 2025-04-01/2025-04-30 (days of Beijing)"});
    auto const world = world_to_try(services, request.body, wanted);
    if (!world)
        co_return http::make_problem(world.error());
    auto sites = numbers_of(**world, wanted.sites);
    if (!sites)
        co_return http::make_problem(sites.error());
    auto const until = std::chrono::steady_clock::now() + backtest_deadline;
    ReplayOptions const options{.time = wanted.time,
                                .sites = std::move(*sites),
                                .on_progress =
                                    [until](double, std::uint64_t) {
                                        if (std::chrono::steady_clock::now() > until)
                                            throw TookTooLong{};
                                    },
                                .on_step = {},
                                .periods = services.periods};
    auto const run = [&]() -> std::optional<std::string> {
        try {
            return replay_as_json(replay(services.records, *world, options), **world, most_alerts);
        } catch (TookTooLong const&) {
            return std::nullopt;
        }
    };
    auto body = co_await services.backtests.run(run);
    if (!body)
        co_return http::make_problem(
            {Errc::too_large,
             fmt::format("datetime: so many records take longer than {} s: ask for a shorter time or fewer sites, or run `yihong "
                         "backtest` on the machine itself",
                         backtest_deadline.count())});
    co_return http::json_reply(std::move(*body));
}

}  // namespace

std::vector<http::Route> make_rule_routes(std::shared_ptr<Services const> const& s)
{
    return {
        http::declare<http::NoArguments>(
            {.path = "/api/v1/alerts/rules",
             .id = "getAlertRules",
             .tag = "Alerts",
             .summary = {"现行的预警规则", "the alert rules in force"},
             .responses =
                 {{200,
                   {},
                   {{"application/json",
                     R"({"type":"object","properties":{"rules":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"},"title_en":{"type":"string"},"kind":{"type":"string"},"family":{"type":"string"},"severity":{"type":"string"},"description":{"type":"string"},"description_en":{"type":"string"}}}}}})"}}},
                  {304}}},
            {http::only_json<http::NoArguments>()}, [s](Request const&, http::NoArguments const&) { return rules(*s); }),
        http::declare<http::NoArguments>(
            {.path = "/api/v1/alerts/duty",
             .scope = http::Scope::operate,
             .id = "getDuty",
             .tag = "Alerts",
             .summary = {"此刻谁当班", "who is on duty now; nobody where there is no roster, or between shifts"},
             .responses =
                 {{200,
                   {},
                   {{"application/json",
                     R"({"type":"object","properties":{"has_roster":{"type":"boolean"},"on_duty":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"role":{"type":"string","nullable":true}}}}}})"}}}}},
            {http::only_json<http::NoArguments>()}, [s](Request const&, http::NoArguments const&) { return duty(*s); }),
        http::declare<BacktestOf>(
            {.method = http::Method::post,
             .path = "/api/v1/alerts/backtest",
             .scope = http::Scope::operate,
             .id = "postBacktest",
             .tag = "Alerts",
             .summary = {"试算：按现行规则或请求体中的规则，这段时间会发出哪些预警；什么也不写入",
                         "backtest: what the present rules, or those of the body, would have raised in that time; nothing is written"},
             .body = http::RequestBody{.required = false, .media = {{"application/toml", R"({"type":"string"})"}}},
             .responses =
                 {{200,
                   {},
                   {{"application/json",
                     R"({"type":"object","properties":{"begin":{"type":"string","format":"date-time"},"end":{"type":"string","format":"date-time"},"records":{"type":"integer"},"numberMatched":{"type":"integer"},"numberReturned":{"type":"integer"},"alerts":{"type":"array","items":)" +
                         reference_to(alert_component) +
                         R"(},"rules":{"type":"array","items":{"type":"object"}},"months":{"type":"array","items":{"type":"object"}},"sites":{"type":"array","items":{"type":"object"}},"messages":{"type":"integer"},"reminders":{"type":"integer"}}})"}}}},
             .components = {&alert_component}},
            {http::datetime({"记录的时间", "the time of the records"}, &BacktestOf::time),
             http::query("site", {"站点标识或 MN，任一；缺省全部", "any of these sites, by id or MN; all without it"},
                         http::list_of(http::text()), &BacktestOf::sites),
             http::query("rule", {"只用这些规则；缺省全部", "these rules alone; all without it"}, http::list_of(http::text()),
                         &BacktestOf::rules),
             http::only_json<BacktestOf>()},
            [s](Request const& request, BacktestOf const& wanted) { return backtest(*s, request, wanted); }, body_limit),
    };
}

}  // namespace yihong::alerts
