#include "common.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/net/answer_of.hpp"

namespace yihong::api {
namespace {

/// So many at once: all of them change in one commit.
constexpr std::size_t most_at_once = 10'000;

struct Withdrawal {
    std::string site;
    TimeInterval time;
    std::optional<IntervalKind> interval;
    std::string reason;
};

std::string text_of(TimeInterval const& time)
{
    auto const end = [](std::optional<UtcTime> const& at) { return at ? format_rfc3339(*at) : std::string{".."}; };
    return end(time.begin) + "/" + end(time.end);
}

asio::awaitable<Reply> withdraw(Services const& services, Request const& request, Withdrawal const& wanted)
{
    auto const state = site_of(services, wanted.site);
    if (!state)
        co_return no_such_site(wanted.site);
    SeriesQuery which;
    which.site = state->site().number;
    which.interval = wanted.interval;
    which.time = wanted.time;
    which.limit = most_at_once;
    auto const start = [&services, &which](std::function<void(std::optional<std::size_t>)> done) {
        if (!services.writer.submit(WithdrawJob{which, done}))
            done(std::nullopt);
    };
    auto const withdrawn = co_await net::answer_of<std::optional<std::size_t>>(start);
    if (!withdrawn)
        co_return http::make_problem(503, "store_unavailable", "nothing was withdrawn; try again later");
    if (*withdrawn > most_at_once)
        co_return http::make_problem(422, "too_many", "datetime: more than 10,000 records lie in it; take them back in several steps");
    audit(request, "records_withdrawn",
          {{"site", std::string_view{state->site().id}},
           {"datetime", text_of(wanted.time)},
           {"interval", wanted.interval ? to_text(*wanted.interval) : std::string_view{"all"}},
           {"records", static_cast<std::int64_t>(*withdrawn)},
           {"reason", std::string_view{wanted.reason}}});
    std::string out;
    JsonWriter{out}.begin_object().member("site", state->site().id).member("withdrawn", static_cast<std::int64_t>(*withdrawn)).end_object();
    co_return json_reply(std::move(out));
}

http::Reader<std::string> reason()
{
    constexpr std::size_t longest = 500;
    auto reader = http::text();
    reader.read = [](std::string_view text) -> Result<std::string> {
        if (trimmed(text).empty() || text.size() > longest)
            return fail(Errc::bad_value, "say in at most 500 bytes why they are withdrawn");
        return std::string{trimmed(text)};
    };
    return reader;
}

}  // namespace

http::Route make_withdrawal_route(Services const& services)
{
    return http::declare<Withdrawal>(
        {.method = http::Method::del,
         .path = "/api/v1/sites/{id}/readings",
         .scope = http::Scope::operate,
         .id = "withdrawReadings",
         .tag = "Operation",
         .summary = {"撤回错误的记录（如时钟出错时的数据），保留为修订",
                     "withdraw records, such as those of a wrong clock; kept as revisions"},
         .responses = {{200,
                        {"已撤回，评价与预警随之更新", "They are withdrawn; judgement and alerts follow."},
                        {{"application/json",
                          R"({"type":"object","properties":{"site":{"type":"string"},"withdrawn":{"type":"integer"}}})"}}},
                       {422, {"一次超过一万条", "More than 10,000 at once."}}}},
        {site_parameter<Withdrawal>(),
         http::required_query("datetime",
                              {"撤回哪些记录：RFC 3339 时刻，或 起/止 时段，一端可开放（..）",
                               "times of the records: an RFC 3339 instant or an interval begin/end; an end may be open (..)"},
                              http::time_interval(), &Withdrawal::time),
         http::query("interval", {"只撤回这一类记录；不写则全部", "only records of this kind; without: all"},
                     http::one_of_all<IntervalKind>(all_interval_kinds), &Withdrawal::interval),
         http::required_query("reason", {"为何撤回，记入审计日志", "why; it stands in the audit log"}, reason(), &Withdrawal::reason)},
        [&services](Request const& request, Withdrawal const& wanted) { return withdraw(services, request, wanted); });
}

}  // namespace yihong::api
