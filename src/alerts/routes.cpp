#include "yihong/alerts/routes.hpp"

#include "bodies.hpp"
#include "story.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/reply_cache.hpp"
#include "yihong/service/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

namespace yihong::alerts {
namespace {

namespace asio = boost::asio;
using http::Method;
using http::Reply;
using http::Request;
using http::Scope;

constexpr std::size_t body_limit = 64 * 1024;
constexpr std::size_t cache_bytes = 4U << 20U;
constexpr std::size_t log_page_bytes = 8U << 20U;
constexpr std::size_t silences_limit = 1000;

constexpr std::array all_actions{AlertAction::Kind::acknowledge, AlertAction::Kind::assign,  AlertAction::Kind::progress,
                                 AlertAction::Kind::comment,     AlertAction::Kind::resolve, AlertAction::Kind::silence,
                                 AlertAction::Kind::reopen,      AlertAction::Kind::close};

struct Services : RouteServices {
    explicit Services(RouteServices given) : RouteServices{given} {}
    mutable http::ReplyCache replies{cache_bytes}; // consoles ask again and again
};

/// Changes whenever an alert, a silence or what is configured changes. To be asked before what it describes, so that it is never newer.
std::string version_of(Services const& services)
{
    auto const collection = services.catalog.load()->find("alerts");
    return collection ? collection->metadata().version : std::string{};
}

std::string source_of(Request const& request)
{
    return request.peer + (request.principal.name.empty() ? "" : " token=" + request.principal.name);
}

Result<std::size_t> limit_of(Request const& request)
{
    auto const* text = request.query_value("limit");
    if (!text)
        return 100;
    auto const value = http::whole_number("limit", *text, 1, UINT64_MAX);
    if (!value)
        return std::unexpected{value.error()};
    return std::min<std::uint64_t>(*value, 1000);
}

Reply tagged(std::string body, std::string type, std::string const& version)
{
    Reply reply;
    reply.content_type = std::move(type);
    reply.content = std::make_shared<http::Content const>(std::move(body), version);
    return reply;
}

/// What of all alerts is wanted.
struct Filter {
    std::vector<AlertState> states;                ///< empty: any
    std::optional<AlertSeverity> at_least;
    std::optional<AlertFamily> family;
    std::string site, river, county, rule;         ///< empty: any
    TimeInterval opened;
    std::string after;                             ///< id
    std::size_t limit = 100;

    [[nodiscard]] bool takes(Alert const& alert, AlertContext const& context) const
    {
        if (!states.empty() && std::ranges::find(states, alert.state) == states.end())
            return false;
        if ((at_least && alert.severity < *at_least) || (family && alert.family != *family) || !opened.contains(alert.opened_at))
            return false;
        if (!site.empty() && alert.site_id != site)
            return false;
        if (!rule.empty() && std::ranges::find(alert.rules, rule) == alert.rules.end())
            return false;
        if (river.empty() && county.empty())
            return true;
        auto const* facts = context.facts(alert);
        return facts && (river.empty() || facts->river == river) && (county.empty() || facts->county == county);
    }
};

Failure named(std::string_view name, Failure failure)
{
    failure.detail = fmt::format("{}: {}", name, failure.detail);
    return failure;
}

Result<Filter> parse_filter(Request const& request, World const& world)
{
    Filter filter;
    if (auto const* text = request.query_value("state")) {
        for (auto const name : split(*text, ',')) {
            auto const state = parse_alert_state(name);
            if (!state)
                return std::unexpected{named("state", state.error())};
            filter.states.push_back(*state);
        }
    }
    if (auto const* text = request.query_value("severity")) {
        auto const severity = parse_alert_severity(*text);
        if (!severity)
            return std::unexpected{named("severity", severity.error())};
        filter.at_least = *severity;
    }
    if (auto const* text = request.query_value("family")) {
        auto const family = parse_alert_family(*text);
        if (!family)
            return std::unexpected{named("family", family.error())};
        filter.family = *family;
    }
    if (auto const* text = request.query_value("datetime")) {
        auto const interval = parse_time_interval(*text);
        if (!interval)
            return std::unexpected{named("datetime", interval.error())};
        filter.opened = *interval;
    }
    auto const copy = [&](std::string_view name, std::string& into) {
        if (auto const* text = request.query_value(name))
            into = *text;
    };
    copy("site", filter.site);
    copy("river", filter.river);
    copy("county", filter.county);
    copy("rule", filter.rule);
    copy("after", filter.after);
    if (auto const* site = filter.site.empty() ? nullptr : world.sites->find(filter.site))
        filter.site = site->id;                    // named by its MN
    auto const limit = limit_of(request);
    if (!limit)
        return std::unexpected{limit.error()};
    filter.limit = *limit;
    return filter;
}

struct ListPage {
    std::string body;
    std::string next;                              ///< id of the last one shown where more follow
};

/// \param page_url with a query, to which `&after=` can be added
ListPage render_list(AlertBook const& book, Filter const& filter, World const& world, std::string_view self, std::string_view page_url)
{
    AlertContext const context{world, {}};
    ListPage page;
    JsonWriter json{page.body};
    json.begin_object().key("alerts").begin_array();
    auto const after = filter.after.empty() ? nullptr : book.find(filter.after);
    // newest first; an alert that is raised meanwhile stands before every page
    auto const is_behind = [&](Alert const& alert) {
        return !after || std::tie(after->opened_at, alert.id) > std::tie(alert.opened_at, after->id);
    };
    std::size_t matched = 0, shown = 0;
    std::string last;
    bool more = false;
    for (auto const& alert : book.alerts) {
        if (!filter.takes(*alert, context))
            continue;
        ++matched;
        if (!is_behind(*alert))
            continue;
        if (shown == filter.limit) {
            more = true;
            continue;
        }
        write_alert(json, *alert, context);
        last = alert->id;
        ++shown;
    }
    if (more)
        page.next = last;
    json.end_array().member("numberMatched", matched).member("numberReturned", shown).key("links").begin_array();
    json.begin_object().member("href", self).member("rel", "self").member("type", http::json_type).end_object();
    if (more)
        json.begin_object()
            .member("href", fmt::format("{}&after={}", page_url, percent_encoded(last)))
            .member("rel", "next")
            .member("type", http::json_type)
            .end_object();
    json.end_array().end_object();
    return page;
}

asio::awaitable<Reply> list(Services const& services, Request const& request)
{
    if (auto refused = http::unknown_query(
            request, {"state", "severity", "family", "site", "river", "county", "rule", "datetime", "limit", "after", "f"}))
        co_return std::move(*refused);
    auto const version = version_of(services);
    auto const key = request.root_url() + "\nlist\n" + request.query_text;
    if (auto const kept = services.replies.find(key, version))
        co_return *kept;
    auto const world = services.intake.world();
    auto const book = services.intake.alerts();
    auto const filter = parse_filter(request, *world);
    if (!filter)
        co_return http::make_problem(filter.error());
    if (!filter->after.empty() && !book->find(filter->after))
        co_return http::make_problem(400, code_name(Errc::bad_value), "after: is not the cursor of a next link");
    auto const base = request.root_url() + "/api/v1/alerts";
    auto page_url = fmt::format("{}?limit={}", base, filter->limit);
    for (auto const& [name, value] : request.query)
        if (name != "after" && name != "limit")
            page_url += "&" + percent_encoded(name) + "=" + percent_encoded(value);
    auto const self = base + (request.query_text.empty() ? "" : "?" + request.query_text);
    auto const render = [&] { return render_list(*book, *filter, *world, self, page_url); };
    auto page = co_await services.readers.run(render);
    auto reply = tagged(std::move(page.body), std::string{http::json_type}, version);
    if (!page.next.empty())
        reply.headers.emplace_back("Link", fmt::format("<{}&after={}>; rel=\"next\"", page_url, percent_encoded(page.next)));
    services.replies.put(key, version, std::make_shared<Reply const>(reply));
    co_return reply;
}

Reply no_such_alert(Request const& request)
{
    return http::make_problem(404, code_name(Errc::not_found),
                              fmt::format("there is no alert '{}'", to_valid_utf8(request.path_parameters.at(0).substr(0, 128))));
}

/// The collection in which the site stands.
std::string collection_of(Catalog const& catalog, std::string const& site)
{
    for (auto const& collection : catalog.collections)
        if (auto const feature = collection->find(site); feature && site_state(*feature))
            return collection->metadata().id;
    return {};
}

asio::awaitable<Reply> one(Services const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        co_return std::move(*refused);
    auto const* f = request.query_value("f");
    if (f && *f != "html" && *f != "json")
        co_return http::make_problem(400, code_name(Errc::bad_value),
                                     fmt::format("f: '{}' is not one of json, html", to_valid_utf8(f->substr(0, 40))));
    bool const html = f ? *f == "html" : request.accept.find("text/html") != std::string::npos;
    auto const version = version_of(services);
    auto const alert = services.intake.alerts()->find(request.path_parameters.at(0));
    if (!alert)
        co_return no_such_alert(request);
    bool const with_from = request.principal.may(Scope::operate);
    auto const form = fmt::format("{}{}", html ? "-html" : "", with_from ? "-from" : "");
    auto const key = request.root_url() + "\nstory" + form + "\n" + alert->id;
    if (auto const kept = services.replies.find(key, version))
        co_return *kept;
    auto const world = services.intake.world();
    StoryLinks const links{request.root_url(), collection_of(*services.catalog.load(), alert->site_id)};
    auto const render = [&] {
        auto const story = read_story(services.store, alert->id);
        AlertContext const context{*world, {}};
        return html ? story_as_html(*alert, story, context, links, with_from) : story_as_json(*alert, story, context, links, with_from);
    };
    auto body = co_await services.readers.run(render);
    auto reply = tagged(std::move(body), html ? "text/html; charset=utf-8" : std::string{http::json_type}, version + form);
    reply.headers.emplace_back("Vary", "Accept");
    services.replies.put(key, version, std::make_shared<Reply const>(reply));
    co_return reply;
}

/// Runs `work` on the writer thread. \return false: the store failed and nothing was kept
asio::awaitable<bool> change(Intake& intake, std::function<void(Alerting&, WriteGroup&, UtcTime)> work)
{
    auto const start = [&intake, work = std::move(work)](std::function<void(bool)> done) { intake.change_alerts(work, std::move(done)); };
    co_return co_await http::answer_of<bool>(start);
}

Reply not_kept() { return http::make_problem(503, "store_unavailable", "the store could not write; nothing was changed, try again later"); }

asio::awaitable<Reply> act(Services const& services, AlertAction::Kind kind, Request const& request)
{
    if (auto refused = http::unknown_query(request, {}))
        co_return std::move(*refused);
    auto action = parse_action(kind, request.body);
    if (!action)
        co_return http::make_problem(action.error());
    action->alert = request.path_parameters.at(0);
    action->from = source_of(request);
    if (action->by.empty())
        action->by = request.principal.name;
    auto const result = std::make_shared<Result<std::shared_ptr<Alert const>>>(nullptr);
    auto const work = [result, action = *action](Alerting& alerting, WriteGroup& group, UtcTime now) {
        *result = alerting.act(action, now, group);
    };
    bool const kept = co_await change(services.intake, work);
    if (!kept)
        co_return not_kept();
    if (!*result)
        co_return http::make_problem(result->error());
    auto const& alert = ***result;
    http::audit(request, fmt::format("alert_{}", to_text(kind)), {{"alert", alert.id}, {"by", action->by}});
    auto const world = services.intake.world();
    std::string out;
    JsonWriter json{out};
    write_alert(json, alert, {*world, {}});
    co_return http::json_reply(std::move(out));
}

void write_silence(JsonWriter& json, Silence const& silence)
{
    json.begin_object().member("id", silence.id).text_or_null("site", silence.site).text_or_null("river", silence.river);
    json.text_or_null("county", silence.county).text_or_null("rule", silence.rule);
    json.member("begin", silence.begin).member("end", silence.end).member("reason", silence.reason).member("by", silence.author);
    json.member("created_at", silence.created_at).end_object();
}

Reply silences(Services const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        return std::move(*refused);
    auto const version = version_of(services);
    auto const book = services.intake.alerts();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("silences").begin_array();
    for (auto const& silence : book->silences)
        write_silence(json, silence);
    json.end_array().end_object();
    return tagged(std::move(out), std::string{http::json_type}, version);
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
    if (auto refused = http::unknown_query(request, {}))
        co_return std::move(*refused);
    auto const now = utc_now();
    auto silence = parse_silence(request.body, *services.intake.world(), now);
    if (!silence)
        co_return http::make_problem(silence.error());
    if (silence->author.empty())
        silence->author = request.principal.name;
    if (silence->author.empty())
        co_return http::make_problem({Errc::missing_field, "by: the name of whoever asks for it"});
    if (services.intake.alerts()->silences.size() >= silences_limit)
        co_return http::make_problem({Errc::conflict, fmt::format("there are {} silences already; end some", silences_limit)});
    silence->id = next_silence_id(now);
    silence->created_at = now;
    auto const work = [silence = *silence](Alerting& alerting, WriteGroup& group, UtcTime) { alerting.add_silence(silence, group); };
    bool const kept = co_await change(services.intake, work);
    if (!kept)
        co_return not_kept();
    http::audit(request, "silence_begin", {{"silence", silence->id}, {"by", silence->author}, {"reason", silence->reason}});
    std::string out;
    JsonWriter json{out};
    write_silence(json, *silence);
    co_return http::json_reply(std::move(out), 201);
}

asio::awaitable<Reply> end_silence(Services const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {}))
        co_return std::move(*refused);
    auto const& id = request.path_parameters.at(0);
    auto const found = std::make_shared<bool>(false);
    auto const work = [found, id](Alerting& alerting, WriteGroup& group, UtcTime) { *found = alerting.end_silence(id, group); };
    bool const kept = co_await change(services.intake, work);
    if (!kept)
        co_return not_kept();
    if (!*found)
        co_return http::make_problem(404, code_name(Errc::not_found),
                                     fmt::format("there is no silence '{}'", to_valid_utf8(id.substr(0, 60))));
    http::audit(request, "silence_end", {{"silence", id}});
    Reply reply;
    reply.status = 204;
    co_return reply;
}

/// The steps of all alerts as they are chained, for whoever wants to verify them.
asio::awaitable<Reply> log_page(Services const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"after", "limit", "f"}))
        co_return std::move(*refused);
    std::uint64_t after = 0;
    if (auto const* text = request.query_value("after")) {
        auto const value = http::whole_number("after", *text, 0, INT64_MAX);
        if (!value)
            co_return http::make_problem(value.error());
        after = *value;
    }
    auto const limit = limit_of(request);
    if (!limit)
        co_return http::make_problem(limit.error());
    auto const base = fmt::format("{}/api/v1/alerts/log?limit={}", request.root_url(), *limit);
    auto const render = [&] {
        constexpr std::size_t piece = 50;          // so that no more than a page is in memory
        std::string out;
        JsonWriter json{out};
        json.begin_object().key("steps").begin_array();
        std::size_t shown = 0;
        bool more = true;
        for (auto at = after; more && shown < *limit && out.size() < log_page_bytes;) {
            auto const steps = services.store.alert_log(at, std::min(piece, *limit - shown) + 1);
            more = steps.size() > std::min(piece, *limit - shown);
            for (std::size_t i = 0; i + (more ? 1 : 0) < steps.size(); ++i) {
                auto const& step = steps[i];
                json.begin_object()
                    .member("number", static_cast<std::int64_t>(step.number))
                    .member("alert", step.alert)
                    .member("hash", step.hash);
                json.member("document", step.document).end_object();
                at = step.number;
                ++shown;
                after = at;
            }
        }
        json.end_array().member("numberReturned", shown).key("links").begin_array();
        if (more)
            json.begin_object()
                .member("href", fmt::format("{}&after={}", base, after))
                .member("rel", "next")
                .member("type", http::json_type)
                .end_object();
        json.end_array().end_object();
        return out;
    };
    auto body = co_await services.readers.run(render);
    co_return http::json_reply(std::move(body));
}

}  // namespace

std::string metrics_text(AlertBook const& book)
{
    constexpr std::array states{AlertState::open, AlertState::acknowledged, AlertState::resolved, AlertState::closed};
    constexpr std::array severities{AlertSeverity::notice, AlertSeverity::alert, AlertSeverity::high};
    std::array<std::array<std::uint64_t, severities.size() + 1>, states.size()> counts{};
    std::uint64_t steps = 0;
    for (auto const& alert : book.alerts) {
        ++counts[static_cast<std::size_t>(alert->state)][static_cast<std::size_t>(alert->severity)];
        steps += alert->steps;
    }
    std::vector<http::MetricSample> samples;
    for (auto const state : states)
        for (auto const severity : severities)
            samples.push_back({fmt::format("state=\"{}\",severity=\"{}\"", to_text(state), to_text(severity)),
                               static_cast<double>(counts[static_cast<std::size_t>(state)][static_cast<std::size_t>(severity)])});
    std::string out;
    http::append_metric(out, "yihong_alerts", "gauge", "Alerts by state and severity", samples);
    http::append_metric(out, "yihong_alert_steps_total", "counter", "Steps in the lives of all alerts", static_cast<double>(steps));
    return out;
}

std::vector<http::Route> make_routes(RouteServices services)
{
    auto const s = std::make_shared<Services const>(services);
    auto const waiting = [s](asio::awaitable<Reply> (*handler)(Services const&, Request const&)) {
        return http::WaitingHandler{[s, handler](Request const& request) { return handler(*s, request); }};
    };
    std::vector<http::Route> routes{
        {Method::get, "/api/v1/alerts", Scope::read, waiting(list)},
        {Method::get, "/api/v1/alerts/log", Scope::operate, waiting(log_page)},
        {Method::get, "/api/v1/alerts/{}", Scope::read, waiting(one)},
        {Method::get, "/api/v1/silences", Scope::read, http::QuickHandler{[s](Request const& request) { return silences(*s, request); }}},
        {Method::post, "/api/v1/silences", Scope::operate, waiting(add_silence), body_limit},
        {Method::del, "/api/v1/silences/{}", Scope::operate, waiting(end_silence)},
    };
    for (auto const kind : all_actions)
        routes.push_back({Method::post, fmt::format("/api/v1/alerts/{{}}/{}", to_text(kind)), Scope::operate,
                          http::WaitingHandler{[s, kind](Request const& request) { return act(*s, kind, request); }}, body_limit});
    return routes;
}

}  // namespace yihong::alerts
