#include "common.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong::alerts {
namespace {

constexpr std::size_t log_page_bytes = 8U << 20U;
constexpr std::array all_states{AlertState::open, AlertState::acknowledged, AlertState::resolved, AlertState::closed};
constexpr std::array all_severities{AlertSeverity::notice, AlertSeverity::alert, AlertSeverity::high};
constexpr std::array all_families{AlertFamily::water,     AlertFamily::month,     AlertFamily::air,
                                  AlertFamily::discharge, AlertFamily::operation, AlertFamily::service};

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

http::Parameters<Filter> filter_parameters()
{
    return {
        http::query("state", {"处置状态，任一", "any of these states"}, http::list_of(http::one_of_all<AlertState>(all_states)),
                    &Filter::states),
        http::query("severity", {"至少这一级别", "at least this severe"}, http::one_of_all<AlertSeverity>(all_severities),
                    &Filter::at_least),
        http::query("family", {"预警类别", "one family"}, http::one_of_all<AlertFamily>(all_families), &Filter::family),
        http::query("site", {"站点标识或 MN", "id or MN of the site"}, http::text(), &Filter::site),
        http::query("river", {"站点所在河流", "river of the site"}, http::text(), &Filter::river),
        http::query("county", {"站点所在区县", "county of the site"}, http::text(), &Filter::county),
        http::query("rule", {"参与其中的规则标识", "id of a rule that took part"}, http::text(), &Filter::rule),
        http::datetime({"预警产生的时间", "when it was opened"}, &Filter::opened),
        http::limit({"条数", "alerts"}, 100, 1000, &Filter::limit),
        http::query("after", {"next 链接的游标：上一页最后一条的标识", "cursor of a next link: the last id of the page before"},
                    http::text(), &Filter::after),
        http::only_json<Filter>(),
    };
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

asio::awaitable<Reply> list(Services const& services, Request const& request, Filter filter)
{
    auto const version = version_of(services);
    auto const key = request.root_url() + "\nlist\n" + request.query_text;
    if (auto const kept = services.replies.find(key, version))
        co_return *kept;
    auto const world = services.state.world.load();
    auto const book = services.state.alerts.load();
    if (auto const* site = filter.site.empty() ? nullptr : world->sites->find(filter.site))
        filter.site = site->id;                    // named by its MN
    if (!filter.after.empty() && !book->find(filter.after))
        co_return http::make_problem(400, code_name(Errc::bad_value), "after: is not the cursor of a next link");
    auto const base = request.root_url() + "/api/v1/alerts";
    auto page_url = fmt::format("{}?limit={}", base, filter.limit);
    for (auto const& [name, value] : request.query)
        if (name != "after" && name != "limit")
            page_url += "&" + percent_encoded(name) + "=" + percent_encoded(value);
    auto const self = base + (request.query_text.empty() ? "" : "?" + request.query_text);
    auto const render = [&] { return render_list(*book, filter, *world, self, page_url); };
    auto page = co_await services.readers.run(render);
    auto reply = tagged(std::move(page.body), std::string{http::json_type});
    if (!page.next.empty())
        reply.headers.emplace_back("Link", fmt::format("<{}&after={}>; rel=\"next\"", page_url, percent_encoded(page.next)));
    services.replies.put(key, version, std::make_shared<Reply const>(reply));
    co_return reply;
}

struct LogPage {
    std::uint64_t after = 0;
    std::size_t limit = 100;
};

/// The steps of all alerts as they are chained, for whoever wants to verify them.
asio::awaitable<Reply> log_page(Services const& services, Request const& request, LogPage const& wanted)
{
    auto const limit = wanted.limit;
    auto after = wanted.after;
    auto const base = fmt::format("{}/api/v1/alerts/log?limit={}", request.root_url(), limit);
    auto const render = [&] {
        constexpr std::size_t piece = 50;          // so that no more than a page is in memory
        std::string out;
        JsonWriter json{out};
        json.begin_object().key("steps").begin_array();
        std::size_t shown = 0;
        bool more = true;
        for (auto at = after; more && shown < limit && out.size() < log_page_bytes;) {
            auto const steps = services.journal.journal(alert_topic, at, std::min(piece, limit - shown) + 1);
            more = steps.size() > std::min(piece, limit - shown);
            for (std::size_t i = 0; i + (more ? 1 : 0) < steps.size(); ++i) {
                auto const& step = steps[i];
                json.begin_object()
                    .member("number", static_cast<std::int64_t>(step.number))
                    .member("alert", step.subject)
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

std::vector<http::Route> make_list_routes(std::shared_ptr<Services const> const& s)
{
    auto const alerts =
        R"({"type":"object","properties":{"alerts":{"type":"array","items":)" + reference_to(alert_component) +
        R"(},"numberMatched":{"type":"integer"},"numberReturned":{"type":"integer"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})";
    return {
        http::declare<Filter>({.path = "/api/v1/alerts",
                               .id = "getAlerts",
                               .tag = "Alerts",
                               .summary = {"预警，最新的在前", "alerts, newest first"},
                               .responses = {{200, {}, {{"application/json", alerts}}}, {304}},
                               .components = {&alert_component}},
                              filter_parameters(), [s](Request const& request, Filter const& filter) { return list(*s, request, filter); }),
        http::declare<LogPage>(
            {.path = "/api/v1/alerts/log",
             .scope = http::Scope::operate,
             .id = "getAlertLog",
             .tag = "Alerts",
             .summary = {"全部预警的步骤，以哈希成链", "the steps of all alerts, chained by their hashes"},
             .responses =
                 {{200,
                   {},
                   {{"application/json",
                     R"({"type":"object","properties":{"steps":{"type":"array","items":{"type":"object","properties":{"number":{"type":"integer"},"alert":{"type":"string"},"hash":{"type":"string"},"document":{"type":"string"}}}},"numberReturned":{"type":"integer"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})"}}}}},
            {http::query("after", {"从此序号之后", "steps behind this number"}, http::whole_number(0, INT64_MAX, "0"), &LogPage::after),
             http::limit({"步数", "steps"}, 100, 1000, &LogPage::limit), http::only_json<LogPage>()},
            [s](Request const& request, LogPage const& wanted) { return log_page(*s, request, wanted); }),
    };
}

}  // namespace yihong::alerts
