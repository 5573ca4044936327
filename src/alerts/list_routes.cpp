#include "alert_list.hpp"
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
constexpr std::array all_families{AlertFamily::water,     AlertFamily::month,   AlertFamily::air,   AlertFamily::discharge,
                                  AlertFamily::operation, AlertFamily::service, AlertFamily::period};

http::Parameters<AlertFilter> filter_parameters()
{
    return {
        http::query("state", {"处置状态，任一", "any of these states"}, http::list_of(http::one_of_all<AlertState>(all_states)),
                    &AlertFilter::states),
        http::query("severity", {"至少这一级别", "at least this severe"}, http::one_of_all<AlertSeverity>(all_severities),
                    &AlertFilter::at_least),
        http::query("family", {"预警类别", "one family"}, http::one_of_all<AlertFamily>(all_families), &AlertFilter::family),
        http::query("site", {"站点标识或 MN", "id or MN of the site"}, http::text(), &AlertFilter::site),
        http::query("river", {"站点所在河流", "river of the site"}, http::text(), &AlertFilter::river),
        http::query("county", {"站点所在区县", "county of the site"}, http::text(), &AlertFilter::county),
        http::query("rule", {"参与其中的规则标识", "id of a rule that took part"}, http::text(), &AlertFilter::rule),
        http::datetime({"预警产生的时间", "when it was opened"}, &AlertFilter::opened),
        http::limit({"条数", "alerts"}, 100, 1000, &AlertFilter::limit),
        http::query("after", {"next 链接的游标", "cursor of a next link"}, http::text(), &AlertFilter::after),
        http::only_json<AlertFilter>(),
    };
}

/// \param next_url of the page behind this one; empty: there is none
std::string page_as_json(AlertPage const& page, AlertContext const& context, std::string_view self, std::string_view next_url)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("alerts").begin_array();
    for (auto const& alert : page.alerts)
        write_alert(json, *alert, context, AlertTimes::with_beijing);
    json.end_array();
    if (page.matched)
        json.member("numberMatched", *page.matched);
    json.member("numberReturned", page.alerts.size()).key("links").begin_array();
    json.begin_object().member("href", self).member("rel", "self").member("type", http::json_type).end_object();
    if (!next_url.empty())
        json.begin_object().member("href", next_url).member("rel", "next").member("type", http::json_type).end_object();
    json.end_array().end_object();
    return out;
}

/// A page, and the address of the one behind it: empty where there is none.
struct RenderedPage {
    std::string body;
    std::string next_url;
};

asio::awaitable<Reply> list(Services const& services, Request const& request, AlertFilter filter)
{
    auto const version = version_of(services);
    auto const key = request.root_url() + "\nlist\n" + request.query_text;
    if (auto const kept = services.replies.find(key, version))
        co_return http::again(kept);
    auto const world = services.state.world.load();
    auto const book = services.state.alerts.load();
    if (auto const* site = filter.site.empty() ? nullptr : world->sites->find(filter.site))
        filter.site = site->id;                    // named by its MN
    auto const base = request.root_url() + "/api/v1/alerts";
    auto page_url = fmt::format("{}?limit={}", base, filter.limit);
    for (auto const& [name, value] : request.query)
        if (name != "after" && name != "limit")
            page_url += "&" + percent_encoded(name) + "=" + percent_encoded(value);
    auto const self = base + (request.query_text.empty() ? "" : "?" + request.query_text);
    auto const render = [&]() -> Result<RenderedPage> {
        AlertContext const context{*world, {}};
        auto const page = read_page(*book, services.alerts, filter, context);
        if (!page)
            return std::unexpected{page.error()};
        auto next = page->next.empty() ? std::string{} : fmt::format("{}&after={}", page_url, percent_encoded(page->next));
        return RenderedPage{page_as_json(*page, context, self, next), std::move(next)};
    };
    auto page = co_await services.readers.run(render);
    if (!page)
        co_return http::make_problem(page.error());
    auto reply = tagged(std::move(page->body), std::string{http::json_type});
    if (!page->next_url.empty())
        reply.headers.emplace_back("Link", fmt::format("<{}>; rel=\"next\"", page->next_url));
    auto finished = http::keep(std::move(reply));
    services.replies.put(key, version, finished);
    co_return http::again(std::move(finished));
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
        http::declare<AlertFilter>({.path = "/api/v1/alerts",
                                    .id = "getAlerts",
                                    .tag = "Alerts",
                                    .summary = {"预警，最新的在前", "alerts, newest first"},
                                    .responses = {{200, {}, {{"application/json", alerts}}}, {304}},
                                    .components = {&alert_component}},
                                   filter_parameters(),
                                   [s](Request const& request, AlertFilter const& filter) { return list(*s, request, filter); }),
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
