#include "classes.hpp"

#include "yihong/api/metrics.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/http/reply_cache.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace yihong::api {
namespace {

constexpr std::int64_t most_periods = 2000;                // 83 days of hours, 333 days of 4 h
constexpr std::int64_t most_cells = 5'000'000;
constexpr std::array periodic{IntervalKind::hour, IntervalKind::four_hours, IntervalKind::day};
constexpr std::array all_kinds{SiteKind::water_section, SiteKind::lake_section, SiteKind::air_station};

/// Which period of Beijing time a time lies in, counted from 1970.
std::int64_t period_of(UtcTime time, std::chrono::minutes length)
{
    auto const since = time.time_since_epoch() + beijing_offset;
    auto const each = std::chrono::duration_cast<std::chrono::milliseconds>(length);
    return since / each - (since % each < std::chrono::milliseconds{0} ? 1 : 0);
}

UtcTime begin_of(std::int64_t period, std::chrono::minutes length) { return UtcTime{length * period} - beijing_offset; }

char letter_of(Record const& record)
{
    auto const& verdict = record.verdict;
    int const worst = verdict.aqi > 0 ? aqi_level(verdict.aqi) : verdict.water_class;
    return static_cast<char>('0' + std::clamp(worst, 0, 6));
}

/// The sites that are asked for, in the order of the registry.
std::vector<Site const*> sites_of(ClassesRequest const& wanted, World const& world)
{
    auto const holds = [](auto const& values, auto const& value) { return std::ranges::find(values, value) != values.end(); };
    std::vector<Site const*> found;
    for (auto const& site : world.sites->all()) {
        bool const named = holds(wanted.sites, site.id);
        bool const is_water = site.kind == SiteKind::water_section || site.kind == SiteKind::lake_section;
        bool const of_kind = wanted.kinds.empty() ? is_water || named : holds(wanted.kinds, site.kind);
        if (of_kind && (named || wanted.sites.empty()))
            found.push_back(&site);
    }
    return found;
}

struct Periods {
    std::chrono::minutes length;
    std::int64_t first;
    std::int64_t count;
};

Periods periods_of(ClassesRequest const& wanted)
{
    auto const length = period_length(wanted.interval);
    auto const first = period_of(*wanted.time.begin, length);
    return {length, first, period_of(*wanted.time.end, length) - first + 1};
}

std::optional<Reply> refuse(ClassesRequest const& wanted, std::size_t sites)
{
    if (!wanted.time.begin || !wanted.time.end)
        return http::make_problem(400, code_name(Errc::bad_value), "datetime: both ends must be given");
    auto const periods = periods_of(wanted);
    if (periods.count > most_periods || periods.count * static_cast<std::int64_t>(sites) > most_cells)
        return http::make_problem(400, code_name(Errc::bad_value),
                                  "datetime: " + std::to_string(periods.count) + " periods of " + std::to_string(sites) +
                                      " sites are too many; at most " + std::to_string(most_periods) + " periods and " +
                                      std::to_string(most_cells) + " cells come at once, ask for less");
    return std::nullopt;
}

asio::awaitable<Reply> classes(Services const& services, http::ReplyCache& cache, Request const& request, ClassesRequest const& wanted)
{
    auto const world = services.state.world.load();
    if (auto refused = refuse(wanted, sites_of(wanted, *world).size()))
        co_return std::move(*refused);
    auto const version = services.state.series.of_all();
    if (auto const kept = cache.find(request.query_text, version))
        co_return *kept;
    auto const render = [&] { return classes_as_json(wanted, *world, services.records); };
    Reply reply = tagged_reply(co_await services.readers.run(render));
    cache.put(request.query_text, version, std::make_shared<Reply const>(reply));
    co_return reply;
}

}  // namespace

std::string classes_as_json(ClassesRequest const& wanted, World const& world, Records const& records)
{
    auto const periods = periods_of(wanted);
    auto const sites = sites_of(wanted, world);
    HistoryQuery query;
    query.interval = wanted.interval;
    query.time = {begin_of(periods.first, periods.length),
                  begin_of(periods.first + periods.count, periods.length) - std::chrono::milliseconds{1}};
    query.limit = static_cast<std::size_t>(most_cells);
    if (auto const& known = world.standards->parameters().all(); !known.empty())
        query.parameters = {known.front().id};             // verdicts are wanted, not values: the fewer of these the quicker
    std::unordered_map<SiteNumber, std::string> rows;
    for (auto const* site : sites) {
        query.sites.push_back(site->number);
        rows.emplace(site->number, std::string(static_cast<std::size_t>(periods.count), '-'));
    }
    if (!sites.empty())
        records.visit_history(query, [&](Record const& record) {
            auto const place = period_of(record.time, periods.length) - periods.first;
            rows[record.site][static_cast<std::size_t>(place)] = letter_of(record);
            return true;
        });
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("from", begin_of(periods.first, periods.length)).member("interval", to_text(wanted.interval));
    json.member("period_minutes", static_cast<std::int64_t>(periods.length.count())).member("periods", periods.count);
    json.key("sites").begin_object();
    for (auto const* site : sites)
        json.member(site->id, rows[site->number]);
    json.end_object().end_object();
    return out;
}

http::Route classes_route(Services const& services)
{
    constexpr std::string_view schema =
        R"({"type":"object","properties":{"from":{"type":"string","format":"date-time"},"interval":{"type":"string"},"period_minutes":{"type":"integer"},"periods":{"type":"integer"},"sites":{"type":"object","additionalProperties":{"type":"string","pattern":"^[-0-6]*$"}}}})";
    auto cache = std::make_shared<http::ReplyCache>(services.classes_cache_bytes);
    services.metrics.watch_cache("classes", [cache] { return cache->bytes(); });
    return http::declare<ClassesRequest>(
        {.path = "/api/v1/classes",
         .id = "getClasses",
         .tag = "Readings",
         .summary = {"各断面逐时段的水质类别（空气站为 AQI 级别），一个时段一个字符",
                     "classes of sections (levels of AQI of stations) over time, a character a period"},
         .responses = {{200, {}, {{"application/json", std::string{schema}}}}, {304}}},
        {http::required_query("datetime", {"哪些时段，两端都要：起/止", "which periods: begin/end, both given"}, http::time_interval(),
                              &ClassesRequest::time),
         http::query("interval", {"时段的长度；不写为 4h", "length of a period; without: 4h"}, http::one_of_all<IntervalKind>(periodic),
                     &ClassesRequest::interval),
         http::query("kind", {"站点类型；不写为河流、湖库断面", "kinds of site; without: sections and lake points"},
                     http::list_of(http::one_of_all<SiteKind>(all_kinds)), &ClassesRequest::kinds),
         http::query("site", {"站点标识；不写为全部", "ids of sites; without: all"}, http::list_of(http::text()), &ClassesRequest::sites)},
        [&services, cache = std::move(cache)](Request const& request, ClassesRequest const& wanted) {
            return classes(services, *cache, request, wanted);
        });
}

}  // namespace yihong::api
