#include "classes.hpp"
#include "common.hpp"
#include "csv_rows.hpp"

#include "asked_lately.hpp"
#include "judgement.hpp"
#include "series.hpp"
#include "series_csv.hpp"
#include "series_pieces.hpp"
#include "waters.hpp"

#include "yihong/api/metrics.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/http/kept_reply.hpp"
#include "yihong/http/page.hpp"
#include "yihong/http/reply_cache.hpp"
#include "yihong/http/time_cursor.hpp"
#include "yihong/readings_io/readings.hpp"
#include "yihong/state/record_json.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>

namespace yihong::api {
namespace {

constexpr std::size_t parse_on_io_thread =
    256 * 1024;     // about a millisecond; larger bodies go to the pool, and workbooks, which are packed

/// A record of a series, as `render_series` writes it.
constexpr http::Component record_component{
    "record",
    R"({"type":"object","properties":{"time":{"type":"string","format":"date-time"},"interval":{"type":"string","enum":["realtime","minute","hour","4h","day","sample"]},"status":{"type":"string","enum":["normal","maintenance","calibration","fault","stopped"]},"received_at":{"type":"string","format":"date-time"},"late":{"type":"boolean"},"values":{"type":"object","additionalProperties":{"type":"number","nullable":true}},"flags":{"type":"object","additionalProperties":{"type":"string"}},"marks":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true})"};
/// What `report_as_json` writes.
constexpr http::Component report_component{
    "ingestReport",
    R"({"type":"object","properties":{"accepted":{"type":"integer"},"duplicates":{"type":"integer"},"revised":{"type":"integer"},"rejected":{"type":"array","items":{"type":"object","properties":{"index":{"type":"integer"},"code":{"type":"string"},"detail":{"type":"string"},"site":{"type":"string"}}}}}})"};
constexpr std::string_view readings_schema =
    R"({"oneOf":[{"type":"object","required":["site","time","interval"],"properties":{"site":{"type":"string"},"time":{"type":"string","format":"date-time"},"interval":{"type":"string","enum":["realtime","minute","hour","4h","day","sample"]},"status":{"type":"string","enum":["normal","maintenance","calibration","fault","stopped"]},"values":{"type":"object"}}},{"type":"array","items":{"type":"object"}},{"type":"object","required":["records"],"properties":{"records":{"type":"array","items":{"type":"object"}}}}]})";
/// What `parameters` writes.
constexpr std::string_view parameters_schema =
    R"({"type":"object","properties":{"parameters":{"type":"array","items":{"type":"object","properties":{"parameter":{"type":"string"},"name":{"type":"string"},"name_en":{"type":"string"},"code":{"type":"string"},"other_codes":{"type":"array","items":{"type":"string"}},"medium":{"type":"string","enum":["water","air","other"]},"unit":{"type":"string"},"decimals":{"type":"integer"},"minimum":{"type":"number","nullable":true},"maximum":{"type":"number","nullable":true}}}}}})";

std::string report_as_json(IngestReport const& report)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("accepted", static_cast<std::int64_t>(report.accepted))
        .member("duplicates", static_cast<std::int64_t>(report.duplicates));
    json.member("revised", static_cast<std::int64_t>(report.revised)).key("rejected").begin_array();
    for (auto const& refusal : report.rejected) {
        json.begin_object().member("index", static_cast<std::int64_t>(refusal.index)).member("code", code_name(refusal.failure.code));
        json.member("detail", refusal.failure.detail);
        if (!refusal.site.empty())
            json.member("site", refusal.site);
        json.end_object();
    }
    json.end_array().end_object();
    return out;
}

bool is_of_type(std::string_view content_type, std::string_view name)
{
    auto const media_type = trimmed(content_type.substr(0, content_type.find(';')));
    return std::ranges::equal(media_type, name, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Reads a posted body by its media type. \return Errc::unsupported naming the media types that are taken
Result<ParsedBatch> read_body(std::string_view body, std::string_view content_type, World const& world)
{
    NameBook const names{*world.sites, world.standards->parameters()};
    auto const is = [&](std::string_view name) { return is_of_type(content_type, name); };
    if (is("application/json"))
        return read_json(body, names);
    if (is("application/x-ndjson") || is("application/ndjson"))
        return read_ndjson(body, names);
    if (is("text/csv"))
        return read_csv(body, names);
    if (is(workbook_type)) {
        auto batch = read_xlsx(body, names);
        if (!batch && batch.error().code == Errc::broken_file)     // a file that came broken is the sender's, not ours
            batch.error().code = Errc::bad_syntax;
        return batch;
    }
    return fail(Errc::unsupported, "Content-Type '" + std::string{content_type.substr(0, 60)} +
                                       "' is not one of application/json, application/x-ndjson, text/csv, " + std::string{workbook_type});
}

asio::awaitable<Reply> ingest(Services const& services, Request const& request)
{
    auto const prepare = [&]() -> Result<PreparedBatch> {
        auto const world = services.intake.world();
        auto parsed = read_body(request.body, request.content_type, *world);
        if (!parsed)
            return std::unexpected{std::move(parsed.error())};
        return services.intake.prepare(std::move(*parsed), source_of(request), *world, utc_now());
    };
    std::optional<Result<PreparedBatch>> prepared;
    if (request.body.size() <= parse_on_io_thread && !is_of_type(request.content_type, workbook_type))
        prepared = prepare();
    else
        prepared = co_await services.heavy.run(prepare);
    if (!*prepared)
        co_return http::make_problem(prepared->error());
    auto report = co_await commit(services.intake, std::move(**prepared));
    if (!report)
        co_return http::make_problem(503, "store_unavailable",
                                     "the store could not write; nothing was kept, send the same body again later");
    if (is_busy(*report))
        co_return http::make_problem(report->rejected.front().failure);
    audit(request, "readings",
          {{"accepted", report->accepted},
           {"duplicates", report->duplicates},
           {"revised", report->revised},
           {"rejected", report->rejected.size()}});
    co_return json_reply(report_as_json(*report));
}

/// The collection in which the site stands; empty: none.
std::string collection_of(Services const& services, std::string const& site)
{
    for (auto const& collection : services.catalog.load()->collections)
        if (auto const feature = collection->find(site); feature && site_state(*feature))
            return collection->metadata().id;
    return {};
}

Reply explain(Services const& services, Request const& request, bool html, Explanation const& explanation, SiteState const& state)
{
    auto const& site = state.site();
    Reply reply = html ? http::page_reply(explain_as_html(explanation, site, *state.world, collection_of(services, site.id), request))
                       : json_reply(explain_as_json(explanation, site, *state.world));
    reply.headers.emplace_back("Vary", "Accept");
    return reply;
}

struct JudgementQuery {
    std::string site;
    std::optional<UtcTime> time;
    std::optional<IntervalKind> interval;
    http::Form form = http::Form::json;
};

asio::awaitable<Reply> judgement(Services const& services, Request const& request, JudgementQuery const& wanted)
{
    auto const state = site_of(services, wanted.site);
    if (!state)
        co_return no_such_site(wanted.site);
    bool const html = wanted.form == http::Form::html;
    if (!wanted.time && !wanted.interval) {
        if (!state->newest)
            co_return http::make_problem(404, "not_found", "the site has no record yet");
        co_return explain(services, request, html, explanation_of(*state), *state);
    }
    if (!wanted.time || !wanted.interval)
        co_return http::make_problem(400, "missing_field", "time and interval name one record together; give both or neither");
    auto const find = [&] { return services.records.find(state->site().number, *wanted.interval, *wanted.time); };
    auto const record = co_await services.readers.run(find);
    if (!record)
        co_return http::make_problem(
            404, "not_found", "the site has no " + std::string{to_text(*wanted.interval)} + " record of " + format_rfc3339(*wanted.time));
    co_return explain(services, request, html, explanation_of(*record, state->site(), *state->world), *state);
}

std::string csv_file_name(Site const& site) { return "attachment; filename=\"" + percent_encoded(site.id) + "_readings.csv\""; }

/// What finished series take of memory: whole replies at most three quarters of it, the pieces that pages are joined of what these leave.
struct SeriesCache {
    explicit SeriesCache(std::size_t bytes) : budget{bytes}, replies{bytes / 4 * 3} {}
    [[nodiscard]] std::size_t room_for_pieces() const noexcept { return budget - std::min(budget, replies.bytes()); }

    std::size_t budget;
    http::ReplyCache replies;
    SeriesPieces pieces;
    AskedLately<1024> asked;                       ///< the pages that are joined of pieces
};

/// Thousands of records are read apart, so that they keep no short page waiting.
net::Pool& readers_for(Services const& services, SeriesRequest const& wanted)
{
    constexpr std::size_t short_page = 1000;
    return wanted.query.limit > short_page ? services.long_readers : services.readers;
}

/// The page of pieces, those that are not kept made on a reader thread.
asio::awaitable<SeriesPage> joined(Services const& services, SeriesCache& cache, SeriesRequest const& wanted, SiteState const& state,
                                   std::vector<PieceWindow> const& windows, std::string const& version, std::string const& self,
                                   std::string const& page_url)
{
    auto const found = cache.pieces.find(windows, version);
    auto const complete = [&] {
        auto made = make_missing(wanted, windows, found, state.site(), *state.world, services.records);
        for (std::size_t i = 0; i < made.size(); ++i)
            if (!found[i])
                cache.pieces.put_if_asked_before(windows[i].key, version, made[i], cache.room_for_pieces());
        return made;
    };
    std::vector<PieceText> texts(windows.size());
    if (std::ranges::find(found, nullptr) != found.end())
        texts = co_await readers_for(services, wanted).run(complete);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i])
            texts[i] = found[i]->text();
    co_return join_pieces(wanted, state.site(), texts, self, page_url);
}

asio::awaitable<Reply> series(Services const& services, SeriesCache& cache, Request const& request, SeriesRequest wanted)
{
    auto const state = site_of(services, wanted.site);
    if (!state)
        co_return no_such_site(wanted.site);
    auto const& site = state->site();
    auto const version = services.state.series.of(site.number);
    auto key = request.root_url();
    bool const csv = wanted.form == http::Form::csv;
    bool const html = wanted.form == http::Form::html;
    key.append("\n").append(to_text(wanted.form)).append("\n").append(site.id).append("\n").append(request.query_text);
    if (auto const kept = cache.replies.find(key, version))
        co_return http::again(kept);
    wanted.query.site = site.number;
    std::ranges::sort(wanted.parameters);
    auto const repeated = std::ranges::unique(wanted.parameters);
    wanted.parameters.erase(repeated.begin(), repeated.end());
    auto const page_base = request.root_url() + "/api/v1/sites/" + percent_encoded(site.id) + "/readings";
    std::string page_query;
    for (auto const& [name, value] : request.query)
        if (name != "after")
            page_query += (page_query.empty() ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    if (page_query.empty())
        page_query = html ? "?f=html" : "?f=json";
    auto const self = page_base + (request.query_text.empty() ? "" : "?" + request.query_text);
    auto const collection = html ? collection_of(services, site.id) : std::string{};
    auto const render = [&] {
        return html ? render_series_page(wanted, site, *state->world, services.records, collection, request, page_base + page_query)
                    : render_series(wanted, site, *state->world, services.records, self, page_base + page_query);
    };
    auto const windows = windows_of(wanted);
    SeriesPage page;
    if (windows)
        page = co_await joined(services, cache, wanted, *state, *windows, version, self, page_base + page_query);
    else
        page = co_await readers_for(services, wanted).run(render);
    bool const has_limit = std::ranges::find(request.query, "limit", &std::pair<std::string, std::string>::first) != request.query.end();
    if (csv && !has_limit && !page.next.empty()) {  // nobody asked for a bound, so nothing is cut
        Reply whole;
        whole.content_type = csv_type;
        whole.headers = {{"Vary", "Accept"}, {"Content-Disposition", csv_file_name(site)}};
        whole.body = whole_csv(std::move(wanted), state->world, site, services.records, std::move(page), services.long_readers);
        co_return whole;
    }
    Reply reply = tagged_reply(std::move(page.body));
    reply.headers.emplace_back("Vary", "Accept");
    if (csv) {
        reply.content_type = csv_type;
        reply.headers.emplace_back("Content-Disposition", csv_file_name(site));
    }
    if (html) {
        reply.content_type = http::html_type;
        reply.headers.emplace_back("Content-Security-Policy", http::page_policy());
    }
    if (!page.next.empty())
        reply.headers.emplace_back("Link", "<" + page_base + page_query + "&after=" + page.next + ">; rel=\"next\"");
    auto kept = http::keep(std::move(reply));
    // a page of any days that is asked for once would push out those that are asked for again and again
    constexpr unsigned often = 3;
    if (!windows || cache.asked.count(key) >= often)
        cache.replies.put(key, version, kept);
    co_return http::again(std::move(kept));
}

struct RevisionsQuery {
    std::string site;
    TimeInterval time;
    std::size_t limit = 1000;
    std::optional<http::TimeCursor> after;
};

asio::awaitable<Reply> revisions(Services const& services, Request const& request, RevisionsQuery const& wanted)
{
    auto const state = site_of(services, wanted.site);
    if (!state)
        co_return no_such_site(wanted.site);
    std::optional<http::TimeCursor> next;
    auto const read = [&] {
        auto time = wanted.time;
        std::size_t skipped = 0;
        if (wanted.after) {
            time.begin = wanted.after->time;
            skipped = static_cast<std::size_t>(std::min<std::uint64_t>(wanted.after->skipped, 1U << 20U));
        }
        auto all = services.records.revisions(state->site().number, time, skipped + wanted.limit + 1);
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(skipped, all.size())));
        if (all.size() <= wanted.limit)
            return all;
        all.resize(wanted.limit);
        auto const last = all.back().record.time;
        auto const same = static_cast<std::size_t>(std::ranges::count(all, last, [](Revision const& one) { return one.record.time; }));
        next = http::TimeCursor{last, same + (wanted.after && wanted.after->time == last ? skipped : 0)};
        return all;
    };
    auto const found = co_await services.readers.run(read);
    RecordWriter writer{state->world->standards->parameters()};
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("site", state->site().id).key("revisions").begin_array();
    for (auto const& [record, superseded_at] : found) {
        json.begin_object();
        writer.head(json, record);
        json.member("superseded_at", superseded_at);
        writer.readings(json, record);
        json.end_object();
    }
    json.end_array().key("links").begin_array();
    if (next) {
        auto href = request.root_url() + "/api/v1/sites/" + percent_encoded(state->site().id) + "/revisions?";
        for (auto const& [name, value] : request.query)
            if (name != "after")
                href += percent_encoded(name) + "=" + percent_encoded(value) + "&";
        href += "after=" + to_text(*next);
        json.begin_object().member("href", href).member("rel", "next").member("type", json_type).end_object();
    }
    json.end_array().end_object();
    co_return json_reply(std::move(out));
}

Reply parameters(Services const& services)
{
    auto const world = services.intake.world();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("parameters").begin_array();
    for (auto const& p : world->standards->parameters().all()) {
        json.begin_object().member("parameter", p.name).member("name", p.name_zh).member("name_en", p.name_en).member("code", p.code);
        json.key("other_codes").begin_array();
        for (auto const& code : p.other_codes)
            json.value(code);
        json.end_array().member("medium", p.medium == Medium::water ? "water" : p.medium == Medium::air ? "air" : "other");
        json.member("unit", p.unit).member("decimals", p.decimals).key("minimum");
        p.minimum ? json.value(*p.minimum) : json.null();
        json.key("maximum");
        p.maximum ? json.value(*p.maximum) : json.null();
        json.end_object();
    }
    json.end_array().end_object();
    return json_reply(std::move(out));
}

http::Route ingest_route(Services const& services)
{
    return http::declare<http::NoArguments>(
        {.method = http::Method::post,
         .path = "/api/v1/readings",
         .scope = http::Scope::ingest,
         .id = "postReadings",
         .tag = "Readings",
         .summary = {"接收监测数据", "take in readings"},
         .body = http::RequestBody{.media = {{"application/json", std::string{readings_schema}},
                                             {"application/x-ndjson", std::string{text_schema}},
                                             {"text/csv", std::string{text_schema}},
                                             {std::string{workbook_type}, R"({"type":"string","format":"binary"})"}}},
         .responses = {{200,
                        {"已存盘；被拒的记录在隔离区", "On disk; the records that were refused rest in quarantine."},
                        {{"application/json", reference_to(report_component)}}},
                       {413,
                        {"请求体过大，或被拒的记录将超过一万条",
                         "The body is too large, or more than 10,000 of its records would be refused."}}},
         .components = {&report_component}},
        {}, [&services](Request const& request, http::NoArguments const&) { return ingest(services, request); }, services.body_limit);
}

http::Route judgement_route(Services const& services)
{
    return http::declare<JudgementQuery>(
        {.path = "/api/v1/sites/{id}/judgement",
         .id = "getJudgement",
         .tag = "Readings",
         .summary = {"评价依据：站点现状（逐项）或一条记录为何是这一类别或 AQI",
                     "why a site as it is now, item by item, or a record has its class or AQI"},
         .responses = {{200, {}, {{}, {"text/html", std::string{text_schema}}}}}},
        {site_parameter<JudgementQuery>(),
         http::query("time",
                     {"与 interval 一起指明记录；都不写为站点现状", "with interval: which record; without both: the site as it is now"},
                     http::instant(), &JudgementQuery::time),
         http::query("interval", {"与 time 一起", "with time"}, http::one_of_all<IntervalKind>(all_interval_kinds),
                     &JudgementQuery::interval),
         http::form({http::Form::json, http::Form::html}, &JudgementQuery::form)},
        [&services](Request const& request, JudgementQuery const& wanted) { return judgement(services, request, wanted); });
}

http::Route series_route(Services const& services)
{
    auto const page =
        R"({"type":"object","properties":{"site":{"type":"string"},"name":{"type":"string"},"records":{"type":"array","items":)" +
        reference_to(record_component) +
        R"(},"numberReturned":{"type":"integer"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})";
    auto parameters = series_parameters([&services] { return services.intake.world(); });
    auto cache = std::make_shared<SeriesCache>(services.series_cache_bytes);
    services.metrics.watch_cache("series", [cache] { return cache->replies.bytes() + cache->pieces.bytes(); });
    return http::declare<SeriesRequest>(
        {.path = "/api/v1/sites/{id}/readings",
         .id = "getReadings",
         .tag = "Readings",
         .summary = {"一个站点的监测记录，最早的在前", "records of one site, oldest first"},
         .responses = {{200,
                        {},
                        {{"application/json", page}, {"text/csv", std::string{text_schema}}, {"text/html", std::string{text_schema}}}},
                       {304}},
         .components = {&record_component}},
        std::move(parameters), [&services, cache = std::move(cache)](Request const& request, SeriesRequest const& wanted) {
            return series(services, *cache, request, wanted);
        });
}

http::Route revisions_route(Services const& services)
{
    auto const all =
        R"({"type":"object","properties":{"site":{"type":"string"},"revisions":{"type":"array","items":{"allOf":[)" +
        reference_to(record_component) +
        R"(,{"type":"object","properties":{"superseded_at":{"type":"string","format":"date-time"}}}]}},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}}}})";
    return http::declare<RevisionsQuery>(
        {.path = "/api/v1/sites/{id}/revisions",
         .id = "getRevisions",
         .tag = "Readings",
         .summary = {"被修订取代的记录，带标记", "superseded versions of records, with their flags"},
         .responses = {{200, {}, {{"application/json", all}}}},
         .components = {&record_component}},
        {site_parameter<RevisionsQuery>(), http::datetime({"记录的时间", "times of the records"}, &RevisionsQuery::time),
         http::limit({"修订数", "revisions"}, 1000, 10'000, &RevisionsQuery::limit),
         http::query("after", {"next 链接的游标", "cursor of a next link"}, http::time_cursor(), &RevisionsQuery::after)},
        [&services](Request const& request, RevisionsQuery const& wanted) { return revisions(services, request, wanted); });
}

}  // namespace

std::vector<http::Route> make_readings_routes(Services const& services)
{
    auto parameters_route = http::declare<http::NoArguments>(
        {.path = "/api/v1/parameters",
         .id = "getParameters",
         .tag = "Readings",
         .summary = {"监测因子：编码、单位、小数位、可能的范围", "monitored parameters with codes, units, decimals and possible range"},
         .responses = {{200, {}, {{"application/json", std::string{parameters_schema}}}}}},
        {http::only_json<http::NoArguments>()}, [&services](Request const&, http::NoArguments const&) { return parameters(services); });
    return {ingest_route(services),  judgement_route(services), series_route(services),      revisions_route(services),
            classes_route(services), waters_route(services),    std::move(parameters_route), make_withdrawal_route(services)};
}

}  // namespace yihong::api
