#include "common.hpp"

#include "import.hpp"

#include "yihong/api/metrics.hpp"
#include "yihong/base/json_writer.hpp"

namespace yihong::api {
namespace {

constexpr std::string_view status_schema = R"({"type":"object","properties":{"status":{"type":"string"}}})";
/// What `import_progress_as_json` writes.
constexpr std::string_view progress_schema =
    R"({"type":"object","properties":{"format":{"type":"string"},"offset":{"type":"integer"},"line":{"type":"integer"},"row":{"type":"integer"},"bytes_read":{"type":"integer"},"bytes_total":{"type":"integer"},"rows":{"type":"integer"},"accepted":{"type":"integer"},"duplicates":{"type":"integer"},"revised":{"type":"integer"},"rejected":{"type":"integer"},"empty":{"type":"integer"},"unknown_site_rows":{"type":"integer"},"sites_created":{"type":"integer"},"finished":{"type":"boolean"}}})";

asio::awaitable<Reply> reload(Services const& services, Request const& request)
{
    auto const loaded = co_await services.heavy.run(services.reload);
    audit(request, "reload", {{"ok", loaded.has_value()}});
    if (!loaded)
        co_return http::make_problem(422, "reload_refused", loaded.error().detail);
    co_return json_reply(*loaded);
}

struct BackupQuery {
    std::string directory;
};

asio::awaitable<Reply> backup(Services const& services, Request const& request, BackupQuery const& wanted)
{
    auto const& directory = wanted.directory;
    auto const run = [&]() -> std::optional<std::string> {
        try {
            services.admin.backup(directory);
            return std::nullopt;
        } catch (StoreError const& problem) {
            return problem.what();
        }
    };
    auto const problem = co_await services.heavy.run(run);
    audit(request, "backup", {{"directory", std::string_view{directory}}, {"ok", !problem}});
    if (problem)
        co_return http::make_problem(409, "backup_failed", *problem);
    std::string out;
    JsonWriter{out}.begin_object().member("backup", directory).end_object();
    co_return json_reply(std::move(out));
}

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

/// One piece of a file; `yihong import` asks for piece after piece while the service holds the store.
asio::awaitable<Reply> import_piece(Services const& services, Request const& request, ImportRequest const& wanted)
{
    auto const run = [&] { return import_slice(wanted, {.intake = services.intake, .worlds = services.worlds, .sites = services.sites}); };
    auto const progress = co_await services.heavy.run(run);
    if (!progress)
        co_return http::make_problem(progress.error());
    if (progress->finished)
        audit(request, "import", {{"file", std::string_view{wanted.file}}});
    co_return json_reply(import_progress_as_json(*progress));
}

asio::awaitable<Reply> metrics_page(Services const& services)
{
    auto const write = [&] {
        return services.metrics.exposition(services.writer.counters(), services.admin.stats(), services.open_connections()) +
               services.module_metrics();
    };
    co_return http::make_reply(200, "text/plain; version=0.0.4; charset=utf-8", co_await services.monitoring.run(write));
}

Reply ready(Services const& services)
{
    if (services.writer.counters().store_broken)
        return http::make_problem(503, "store_unavailable", "the store cannot write");
    return json_reply(R"({"status":"ready"})");
}

http::Declaration declaration(http::Method method, std::string path, http::Scope scope, std::string id, http::Text summary,
                              std::string_view schema)
{
    return {.method = method,
            .path = std::move(path),
            .scope = scope,
            .id = std::move(id),
            .tag = "Operation",
            .summary = std::move(summary),
            .responses = {{200, {}, {{"application/json", std::string{schema}}}}}};
}

http::Route reload_route(Services const& services)
{
    auto said = declaration(
        http::Method::post, "/api/v1/admin/reload", http::Scope::admin, "reload",
        {"重新读取标准、站点、图层与预警规则，全有或全无", "read standards, sites, layers and alert rules again, all or nothing"},
        R"({"type":"object","properties":{"sites":{"type":"integer"},"layers":{"type":"integer"},"devices":{"type":"integer"},"rules":{"type":"integer"}}})");
    said.responses.push_back({422, {"文件有错，什么都没有改变", "Something is wrong with the files; nothing was changed."}});
    return http::declare<http::NoArguments>(
        std::move(said), {}, [&services](Request const& request, http::NoArguments const&) { return reload(services, request); });
}

http::Route backup_route(Services const& services)
{
    auto said = declaration(http::Method::post, "/api/v1/admin/backup", http::Scope::admin, "backup",
                            {"把存储备份到服务所在机器的新目录", "copy the store into a new folder on the machine of the service"},
                            R"({"type":"object","properties":{"backup":{"type":"string"}}})");
    said.responses.push_back({409, {"备份未能完成", "The copy could not be made."}});
    auto folder = http::text();
    folder.read = [](std::string_view text) -> Result<std::string> {
        if (!text.starts_with('/'))
            return fail(Errc::missing_field, "give the absolute path of a folder that does not exist yet, not " + http::quoted(text));
        return std::string{text};
    };
    return http::declare<BackupQuery>(
        std::move(said),
        {http::required_query("directory", {"尚不存在的目录的绝对路径", "absolute path of a folder that does not exist yet"},
                              std::move(folder), &BackupQuery::directory)},
        [&services](Request const& request, BackupQuery const& wanted) { return backup(services, request, wanted); });
}

http::Route import_route(Services const& services)
{
    auto said = declaration(
        http::Method::post, "/api/v1/admin/import", http::Scope::admin, "importPiece",
        {"导入文件的下一段；属于 yihong import，可能改变", "take in the next piece of a file; belongs to yihong import and may change"},
        progress_schema);
    return http::declare<ImportRequest>(
        std::move(said),
        {http::required_query("file", {"服务所在机器上文件的绝对路径", "absolute path of a file on the machine of the service"},
                              http::text(), &ImportRequest::file),
         http::query("format", {"文件格式；不写则由内容判断", "its format; found out from the content when absent"}, http::text(),
                     &ImportRequest::format),
         http::query("create_sites", {"登记站点文件中没有的断面", "register sections that no site file knows"}, http::flag(),
                     &ImportRequest::create_sites),
         http::query("keep_unknown",
                     {"未知断面的行放入隔离区，而不是略去", "quarantine the rows of unknown sections, instead of leaving them out"},
                     http::flag(), &ImportRequest::keep_unknown),
         http::query("offset", {"从上一段给出的字节位置继续", "byte to go on at, from the piece before"}, http::whole_number(0),
                     &ImportRequest::offset),
         http::query("line", {"从上一段给出的行继续", "line to go on at, from the piece before"}, http::whole_number(0),
                     &ImportRequest::line),
         http::query("row", {"从上一段给出的记录继续", "row to go on at, from the piece before"}, http::whole_number(0),
                     &ImportRequest::row)},
        [&services](Request const& request, ImportRequest const& wanted) { return import_piece(services, request, wanted); });
}

http::Route metrics_route(Services const& services)
{
    return http::declare<http::NoArguments>(
        {.path = "/metrics",
         .scope = http::Scope::metrics,
         .id = "getMetrics",
         .tag = "Operation",
         .summary = {"供 Prometheus 采集的运行指标", "figures for Prometheus"},
         .responses = {{200, {"文本格式 0.0.4", "text exposition format 0.0.4"}, {{"text/plain", R"({"type":"string"})"}}}}},
        {}, [&services](Request const&, http::NoArguments const&) { return metrics_page(services); });
}

}  // namespace

std::vector<http::Route> make_operation_routes(Services const& services)
{
    auto ready_said = declaration(http::Method::get, "/readyz", http::Scope::none, "getReadiness", {"存储可以写入", "the store can write"},
                                  status_schema);
    ready_said.responses.push_back({503, {"最近一次提交失败", "The last commit failed."}});
    return {
        reload_route(services),
        backup_route(services),
        import_route(services),
        http::declare<http::NoArguments>(declaration(http::Method::get, "/healthz", http::Scope::none, "getHealth",
                                                     {"进程在应答", "the process answers"}, status_schema),
                                         {}, [](Request const&, http::NoArguments const&) { return json_reply(R"({"status":"alive"})"); }),
        http::declare<http::NoArguments>(std::move(ready_said), {},
                                         [&services](Request const&, http::NoArguments const&) { return ready(services); }),
        metrics_route(services),
    };
}

}  // namespace yihong::api
