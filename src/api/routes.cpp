#include "yihong/api/routes.hpp"

#include "yihong/api/metrics.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/reply_cache.hpp"
#include "yihong/service/record_json.hpp"
#include "yihong/service/site_feature.hpp"

#include "judgement.hpp"
#include "series.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

namespace asio = boost::asio;
using http::audit;
using http::json_reply;
using http::json_type;
using http::Method;
using http::Reply;
using http::Request;
using http::Scope;
using http::unknown_query;
using http::whole_number;

constexpr std::size_t parse_on_io_thread = 256 * 1024;     // about a millisecond; larger bodies go to the pool

Reply json_reply(std::string body, std::string const& version)
{
    Reply reply;
    reply.content_type = json_type;
    reply.content = std::make_shared<http::Content const>(std::move(body), version);
    return reply;
}

/// Hands the batch to the writer; resumes on the connection's thread after the commit.
asio::awaitable<std::optional<IngestReport>> commit(Intake& intake, PreparedBatch batch)
{
    auto const start = [&intake, &batch](std::function<void(std::optional<IngestReport>)> done) {
        if (!intake.submit(std::move(batch), done)) {
            IngestReport busy;
            busy.rejected.push_back({0, {Errc::busy, "the intake queue is full; send the same body again in a moment"}, {}, {}});
            done(std::move(busy));
        }
    };
    co_return co_await http::answer_of<std::optional<IngestReport>>(start);
}

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

std::string source_of(Request const& request)
{
    return "http " + request.peer + (request.principal.name.empty() ? "" : " token=" + request.principal.name);
}

bool is_busy(IngestReport const& report) { return !report.rejected.empty() && report.rejected.front().failure.code == Errc::busy; }

asio::awaitable<Reply> ingest(Services const& services, Request const& request)
{
    auto const prepare = [&]() -> Result<PreparedBatch> {
        auto const world = services.intake.world();
        auto parsed = services.read_body(request.body, request.content_type, *world);
        if (!parsed)
            return std::unexpected{std::move(parsed.error())};
        return services.intake.prepare(std::move(*parsed), source_of(request), *world, utc_now());
    };
    std::optional<Result<PreparedBatch>> prepared;
    if (request.body.size() <= parse_on_io_thread)
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

std::shared_ptr<SiteState const> site_of(Services const& services, Request const& request)
{
    return find_site(*services.catalog.load(), request.path_parameters.at(0));
}

Reply no_such_site(Request const& request)
{
    return http::make_problem(404, "unknown_site", "there is no site '" + request.path_parameters.at(0).substr(0, 80) + "'");
}

Reply explain(Request const& request, Record const& record, Site const& site, World const& world)
{
    auto const* f = request.query_value("f");
    bool const html = f ? *f == "html" : request.accept.find("text/html") != std::string::npos;
    if (f && *f != "html" && *f != "json")
        return http::make_problem(400, "bad_value", "f: '" + f->substr(0, 40) + "' is not one of json, html");
    Reply reply = html ? http::make_reply(200, "text/html; charset=utf-8", explain_as_html(record, site, world))
                       : json_reply(explain_as_json(record, site, world));
    reply.headers.emplace_back("Vary", "Accept");
    return reply;
}

asio::awaitable<Reply> judgement(Services const& services, Request const& request)
{
    if (auto refused = unknown_query(request, {"f", "time", "interval"}))
        co_return std::move(*refused);
    auto const state = site_of(services, request);
    if (!state)
        co_return no_such_site(request);
    auto const* time_text = request.query_value("time");
    auto const* interval_text = request.query_value("interval");
    if (!time_text && !interval_text) {
        if (!state->newest)
            co_return http::make_problem(404, "not_found", "the site has no record yet");
        co_return explain(request, *state->newest, state->site(), *state->world);
    }
    if (!time_text || !interval_text)
        co_return http::make_problem(400, "missing_field", "time and interval name one record together; give both or neither");
    auto const time = parse_rfc3339(*time_text);
    auto const interval = parse_interval_kind(*interval_text);
    if (!time)
        co_return http::make_problem(400, "bad_time", "time: " + time.error().detail);
    if (!interval)
        co_return http::make_problem(interval.error());
    auto const find = [&] { return services.store.find(state->site().number, *interval, *time); };
    auto const record = co_await services.readers.run(find);
    if (!record)
        co_return http::make_problem(404, "not_found", "the site has no " + *interval_text + " record of " + *time_text);
    co_return explain(request, *record, state->site(), *state->world);
}

asio::awaitable<Reply> series(Services const& services, http::ReplyCache& cache, Request const& request)
{
    auto const state = site_of(services, request);
    if (!state)
        co_return no_such_site(request);
    auto const& site = state->site();
    auto const version = services.intake.series_version(site.number);
    auto key = request.root_url();
    key.append(request.accept.starts_with("text/csv") ? "\n,\n" : "\n{\n").append(site.id).append("\n").append(request.query_text);
    if (auto const kept = cache.find(key, version))
        co_return *kept;
    auto const wanted = parse_series_request(request, site, state->world->standards->parameters());
    if (!wanted)
        co_return http::make_problem(wanted.error());
    auto const page_base = request.root_url() + "/api/v1/sites/" + percent_encoded(site.id) + "/readings";
    std::string page_query;
    for (auto const& [name, value] : request.query)
        if (name != "after")
            page_query += (page_query.empty() ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    if (page_query.empty())
        page_query = "?f=json";
    auto const self = page_base + (request.query_text.empty() ? "" : "?" + request.query_text);
    auto const render = [&] { return render_series(*wanted, site, *state->world, services.store, self, page_base + page_query); };
    auto page = co_await services.readers.run(render);
    bool const csv = wanted->format == SeriesFormat::csv;
    Reply reply = json_reply(std::move(page.body), csv ? version + "-csv" : version);
    reply.headers.emplace_back("Vary", "Accept");
    if (csv)
        reply.content_type = "text/csv; charset=utf-8";
    if (!page.next.empty())
        reply.headers.emplace_back("Link", "<" + page_base + page_query + "&after=" + page.next + ">; rel=\"next\"");
    cache.put(key, version, std::make_shared<Reply const>(reply));
    co_return reply;
}

asio::awaitable<Reply> revisions(Services const& services, Request const& request)
{
    if (auto refused = unknown_query(request, {"datetime"}))
        co_return std::move(*refused);
    auto const state = site_of(services, request);
    if (!state)
        co_return no_such_site(request);
    TimeInterval time;
    if (auto const* text = request.query_value("datetime")) {
        auto const parsed = parse_time_interval(*text);
        if (!parsed)
            co_return http::make_problem(400, "bad_time", "datetime: " + parsed.error().detail);
        time = *parsed;
    }
    auto const read = [&] { return services.store.revisions(state->site().number, time); };
    auto const found = co_await services.readers.run(read);
    auto const& parameters = state->world->standards->parameters();
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("site", state->site().id).key("revisions").begin_array();
    for (auto const& [record, superseded_at] : found) {
        json.begin_object();
        write_record_head(json, record);
        json.member("superseded_at", superseded_at);
        write_readings(json, record, parameters);
        json.end_object();
    }
    json.end_array().end_object();
    co_return json_reply(std::move(out));
}

Reply parameters(Services const& services, Request const& request)
{
    if (auto refused = unknown_query(request, {"f"}))
        return std::move(*refused);
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

asio::awaitable<Reply> quarantine(Services const& services, Request const& request)
{
    if (auto refused = unknown_query(request, {"after", "limit", "f"}))
        co_return std::move(*refused);
    std::uint64_t after = 0;
    std::uint64_t limit = 100;
    if (auto const* text = request.query_value("after")) {
        auto const value = whole_number("after", *text, 0, UINT64_MAX);
        if (!value)
            co_return http::make_problem(value.error());
        after = *value;
    }
    if (auto const* text = request.query_value("limit")) {
        auto const value = whole_number("limit", *text, 1, UINT64_MAX);
        if (!value)
            co_return http::make_problem(value.error());
        limit = std::min<std::uint64_t>(*value, 1000);
    }
    auto const read = [&] { return services.store.quarantine(after, limit + 1); };
    auto entries = co_await services.readers.run(read);
    bool const more = entries.size() > limit;
    if (more)
        entries.resize(limit);
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("entries").begin_array();
    for (auto const& entry : entries) {
        json.begin_object()
            .member("id", static_cast<std::int64_t>(entry.id))
            .member("received_at", entry.received_at)
            .member("source", entry.source);
        json.member("format", entry.format).member("code", entry.code).member("detail", entry.detail).member("site", entry.site).key("raw");
        if (is_valid_utf8(entry.raw)) {
            json.value(entry.raw);
        } else {
            json.null().member("raw_base64", to_base64(entry.raw));
        }
        json.end_object();
    }
    json.end_array().member("numberReturned", entries.size()).key("links").begin_array();
    auto const base = request.root_url() + "/api/v1/quarantine?limit=" + std::to_string(limit);
    json.begin_object()
        .member("href", base + "&after=" + std::to_string(after))
        .member("rel", "self")
        .member("type", json_type)
        .end_object();
    if (more)
        json.begin_object()
            .member("href", base + "&after=" + std::to_string(entries.back().id))
            .member("rel", "next")
            .member("type", json_type)
            .end_object();
    json.end_array().end_object();
    co_return json_reply(std::move(out));
}

/// Reads every quarantined piece again under the present config; what is good now is taken in and leaves quarantine.
std::string replay(Services const& services, std::string const& source)
{
    std::uint64_t after = 0, tried = 0, settled = 0;
    IngestReport total;
    for (;;) {
        auto const entries = services.store.quarantine(after, 500);
        if (entries.empty())
            break;
        after = entries.back().id;
        for (auto const& entry : entries) {
            ++tried;
            auto const world = services.intake.world();
            auto parsed = services.read_quarantined(entry, *world);
            if (!parsed || !parsed->refused.empty() || parsed->records.empty())
                continue;
            auto batch = services.intake.prepare(std::move(*parsed), source, *world, utc_now());
            if (!batch.refused.empty())
                continue;
            batch.replayed.push_back(entry.id);
            auto const report = services.intake.submit_and_wait(std::move(batch));
            total.accepted += report.accepted;
            total.duplicates += report.duplicates;
            total.revised += report.revised;
            ++settled;
        }
    }
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("tried", static_cast<std::int64_t>(tried)).member("settled", static_cast<std::int64_t>(settled));
    json.member("remaining", static_cast<std::int64_t>(tried - settled)).member("accepted", static_cast<std::int64_t>(total.accepted));
    json.member("duplicates", static_cast<std::int64_t>(total.duplicates))
        .member("revised", static_cast<std::int64_t>(total.revised))
        .end_object();
    return out;
}

asio::awaitable<Reply> replay_quarantine(Services const& services, Request const& request)
{
    auto const run = [&, source = source_of(request) + " replay"] { return replay(services, source); };
    auto body = co_await services.heavy.run(run);
    audit(request, "quarantine_replay", {{"result", std::string_view{body}}});
    co_return json_reply(std::move(body));
}

/// For what will never be good: somebody has looked at it and says so; the audit line keeps who.
asio::awaitable<Reply> drop_quarantined(Services const& services, Request const& request)
{
    auto const id = whole_number("the entry's id", request.path_parameters.at(0), 1, UINT64_MAX);
    if (!id)
        co_return http::make_problem(id.error());
    auto const find = [&] { return services.store.quarantine_entry(*id); };
    auto const entry = co_await services.readers.run(find);
    if (!entry)
        co_return http::make_problem(404, "not_found", "there is no quarantine entry " + request.path_parameters.at(0));
    PreparedBatch batch;
    batch.replayed.push_back(*id);
    auto const report = co_await commit(services.intake, std::move(batch));
    if (!report || is_busy(*report))
        co_return http::make_problem(503, "store_unavailable", "nothing was changed; try again later");
    audit(request, "quarantine_drop",
          {{"id", static_cast<std::int64_t>(*id)}, {"code", std::string_view{entry->code}}, {"source", std::string_view{entry->source}}});
    Reply reply;
    reply.status = 204;
    co_return reply;
}

asio::awaitable<Reply> reload(Services const& services, Request const& request)
{
    auto const loaded = co_await services.heavy.run(services.reload);
    audit(request, "reload", {{"ok", loaded.has_value()}});
    if (!loaded)
        co_return http::make_problem(422, "reload_refused", loaded.error().detail);
    co_return json_reply(*loaded);
}

asio::awaitable<Reply> backup(Services const& services, Request const& request)
{
    if (auto refused = unknown_query(request, {"directory"}))
        co_return std::move(*refused);
    auto const* directory = request.query_value("directory");
    if (!directory || directory->empty() || directory->front() != '/')
        co_return http::make_problem(400, "missing_field", "directory: give the absolute path of a folder that does not exist yet");
    auto const run = [&]() -> std::optional<std::string> {
        try {
            services.store.backup(*directory);
            return std::nullopt;
        } catch (StoreError const& problem) {
            return problem.what();
        }
    };
    auto const problem = co_await services.heavy.run(run);
    audit(request, "backup", {{"directory", std::string_view{*directory}}, {"ok", !problem}});
    if (problem)
        co_return http::make_problem(409, "backup_failed", *problem);
    std::string out;
    JsonWriter{out}.begin_object().member("backup", *directory).end_object();
    co_return json_reply(std::move(out));
}

/// One piece of a file; `yihong import` asks for piece after piece while the service holds the store.
asio::awaitable<Reply> import_piece(Services const& services, Request const& request)
{
    ImportRequest wanted;
    for (auto const& [name, value] : request.query) {
        std::uint64_t* number = name == "offset" ? &wanted.offset : name == "line" ? &wanted.line : name == "row" ? &wanted.row : nullptr;
        if (number) {
            auto const parsed = whole_number(name, value, 0, UINT64_MAX);
            if (!parsed)
                co_return http::make_problem(parsed.error());
            *number = *parsed;
        } else if (name == "file") {
            wanted.file = value;
        } else if (name == "format") {
            wanted.format = value;
        } else if (name == "create_sites") {
            wanted.create_sites = value == "true";
        } else if (name == "keep_unknown") {
            wanted.keep_unknown = value == "true";
        } else {
            co_return http::make_problem(400, "unknown_field", "'" + name.substr(0, 60) + "' is not a parameter here");
        }
    }
    auto const run = [&] { return services.import_slice(wanted); };
    auto const progress = co_await services.heavy.run(run);
    if (!progress)
        co_return http::make_problem(progress.error());
    if (progress->finished)
        audit(request, "import", {{"file", std::string_view{wanted.file}}});
    co_return json_reply(import_progress_as_json(*progress));
}

asio::awaitable<Reply> metrics_page(Services const& services, Metrics& metrics)
{
    auto const read = [&] { return services.store.stats(); };
    auto const stats = co_await services.readers.run(read);
    auto text = metrics.exposition(services.intake.counters(), stats, services.open_connections());
    text += services.module_metrics();
    co_return http::make_reply(200, "text/plain; version=0.0.4; charset=utf-8", std::move(text));
}

Reply ready(Services const& services)
{
    if (services.intake.counters().store_broken)
        return http::make_problem(503, "store_unavailable", "the store cannot write");
    return json_reply(R"({"status":"ready"})");
}

}  // namespace

std::string import_progress_as_json(ImportProgress const& progress)
{
    std::string out;
    JsonWriter json{out};
    auto const number = [&](std::string_view name, std::uint64_t value) { json.member(name, static_cast<std::int64_t>(value)); };
    json.begin_object().member("format", progress.format);
    number("offset", progress.offset);
    number("line", progress.line);
    number("row", progress.row);
    number("bytes_read", progress.bytes_read);
    number("bytes_total", progress.bytes_total);
    number("rows", progress.rows);
    number("accepted", progress.accepted);
    number("duplicates", progress.duplicates);
    number("revised", progress.revised);
    number("rejected", progress.rejected);
    number("empty", progress.empty);
    number("unknown_site_rows", progress.unknown_site_rows);
    number("sites_created", progress.sites_created);
    json.member("finished", progress.finished).end_object();
    return out;
}

std::vector<http::Route> make_routes(Services const& services, Metrics& metrics)
{
    auto const* s = &services;
    auto const waiting = [s](asio::awaitable<Reply> (*handler)(Services const&, Request const&)) {
        return http::WaitingHandler{[s, handler](Request const& request) { return handler(*s, request); }};
    };
    return {
        {Method::post, "/api/v1/readings", Scope::ingest, waiting(ingest), services.body_limit},
        {Method::get, "/api/v1/sites/{}/judgement", Scope::read, waiting(judgement)},
        {Method::get, "/api/v1/sites/{}/readings", Scope::read,
         http::WaitingHandler{[s, cache = std::make_shared<http::ReplyCache>(services.cache_bytes)](Request const& request) {
             return series(*s, *cache, request);
         }}},
        {Method::get, "/api/v1/sites/{}/revisions", Scope::read, waiting(revisions)},
        {Method::get, "/api/v1/parameters", Scope::read, http::QuickHandler{[s](Request const& r) { return parameters(*s, r); }}},
        {Method::get, "/api/v1/quarantine", Scope::operate, waiting(quarantine)},
        {Method::post, "/api/v1/quarantine/replay", Scope::operate, waiting(replay_quarantine)},
        {Method::del, "/api/v1/quarantine/{}", Scope::operate, waiting(drop_quarantined)},
        {Method::post, "/api/v1/admin/reload", Scope::admin, waiting(reload)},
        {Method::post, "/api/v1/admin/backup", Scope::admin, waiting(backup)},
        {Method::post, "/api/v1/admin/import", Scope::admin, waiting(import_piece)},
        {Method::get, "/healthz", Scope::none, http::QuickHandler{[](Request const&) { return json_reply(R"({"status":"alive"})"); }}},
        {Method::get, "/readyz", Scope::none, http::QuickHandler{[s](Request const&) { return ready(*s); }}},
        {Method::get, "/metrics", Scope::read, http::WaitingHandler{[s, &metrics](Request const&) { return metrics_page(*s, metrics); }}},
    };
}

}  // namespace yihong::api
