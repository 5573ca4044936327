#include "yihong/app/commands.hpp"

#include "yihong/base/log.hpp"
#include "yihong/base/text.hpp"
#include "yihong/config/tokens.hpp"
#include "yihong/http/client.hpp"
#include "yihong/notify/targets.hpp"

#include "access.hpp"
#include "backtest.hpp"
#include "control.hpp"
#include "export.hpp"
#include "import.hpp"
#include "local_client.hpp"
#include "play_stations.hpp"
#include "report.hpp"
#include "serve.hpp"
#include "service_host.hpp"
#include "station_options.hpp"
#include "verify_store.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>
#include <functional>
#include <future>

namespace yihong {
namespace {

constexpr int fine = 0;
constexpr int refused = 1;
constexpr int wrong_usage = 2;

/// Sections whose compliance nobody can tell: no problem, but seldom what is wanted.
void warn_of_targets(std::vector<Site> const& sites)
{
    std::vector<std::string_view> without;
    for (auto const& site : sites)
        if (is_water(site.kind) && !site.target_class)
            without.push_back(site.id);
    if (without.empty())
        return;
    constexpr std::size_t named = 10;
    auto const count = without.size();
    without.resize(std::min(count, named));
    fmt::print(
        stderr,
        "注意 warning: {} 个断面没有水质目标，不判断达标，也不触发劣于目标的规则；在站点文件写 target_class，或在 [sites] "
        "default_target_class "
        "给出其管理级别的目标 sections without a target class: nothing is said about compliance, and rules on targets do not fire; give "
        "target_class in the site file, or their level in [sites] default_target_class: {}{}\n",
        count, fmt::join(without, ", "), count > named ? ", …" : "");
}

/// Channels that would never deliver. Their names are resolved all at once: it takes seconds where nobody answers.
void warn_of_refused_targets(Config const& config)
{
    auto channels = config.channels;
    auto& heartbeat = channels.emplace_back();
    heartbeat.id = "[heartbeat]";
    heartbeat.url = config.heartbeat.url;
    heartbeat.allow_private = config.heartbeat.allow_private;
    std::vector<std::future<std::optional<std::string>>> refusals;
    for (auto const& channel : channels)
        refusals.push_back(std::async(std::launch::async, [&channel] { return notify::target_refusal(channel); }));
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (auto const why = refusals[i].get())
            fmt::print(
                stderr,
                "注意 warning: 渠道 {} 将无法送达：地址在内网，确需发往内网时写 allow_private = true   deliveries will be refused: {}\n",
                channels[i].id, *why);
}

int check(Overrides const& overrides)
{
    auto const config = load_config_with(overrides);
    if (!config) {
        print_problems(config.error());
        return refused;
    }
    auto const materials = load_materials(*config);
    if (!materials) {
        print_problems(materials.error());
        return refused;
    }
    warn_of_targets(materials->sites);
    warn_of_refused_targets(*config);
    fmt::print("没有问题 no problems: {} 个站点 sites, {} 个图层 layers, {} 个监测因子 parameters, {} 台数采仪 devices, {} 条预警规则 "
               "alert rules\n",
               materials->sites.size(), materials->layers->layers().size(), materials->standards->parameters().all().size(),
               config->devices.size(), materials->alerts->rules.size());
    return fine;
}

int with_tokens(Overrides const& overrides, std::function<int(TokenFile&)> const& use)
{
    auto const config = load_config_with(overrides);
    if (!config) {
        print_problems(config.error());
        return refused;
    }
    make_private(config->store.path);
    TokenFile tokens{config->store.path / "tokens.json"};
    return use(tokens);
}

int report(Result<void> const& result)
{
    if (result)
        return fine;
    fmt::print(stderr, "{}\n", result.error().detail);
    return refused;
}

int print_route_tables(Overrides const& overrides)
{
    auto started = ServiceHost::start(overrides, Purpose::command);
    if (!started) {
        print_problems(started.error());
        return refused;
    }
    fmt::print("{}", (*started)->route_tables());
    return fine;
}

/// Sends one request to the service (the running one, or one started for it) and prints the answer.
int ask(Overrides const& overrides, std::string_view method, std::string const& target)
{
    auto client = LocalClient::connect(overrides);
    if (!client) {
        print_problems(client.error());
        return refused;
    }
    auto const reply = (*client)->request(method, target);
    if (reply.status >= 300) {
        fmt::print(stderr, "{}\n", problem_detail(reply));
        return refused;
    }
    fmt::print("{}\n", reply.body);
    return fine;
}

/// Connections and the files of the store together pass the 1024 that a shell or systemd gives at first.
void allow_many_open_files()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

/// The command line while it is read: what the options fill, and what the chosen command returned.
struct Cli {
    CLI::App app{"一泓 Yihong：河流断面、空气站与排污口监测数据服务 — watches over river sections, air stations and outfalls", "yihong"};
    Overrides overrides;
    ImportOptions import_options;
    PlayOptions play;
    BacktestOptions testing;
    ReportOptions reporting;
    ExportOptions exporting;
    std::string token_name;
    std::vector<std::string> scopes;               ///< of a new token
    int days = 0;                                  ///< until it expires; 0: never
    std::uint64_t after = 0;                       ///< quarantine entries behind this id
    std::uint64_t entry = 0;                       ///< a quarantine entry
    std::filesystem::path target;                  ///< of a backup
    std::string site, times, interval, reason;     ///< of records to be withdrawn
    int code = fine;

    /// A command with the options that all have.
    CLI::App* command(CLI::App& parent, std::string const& name, std::string const& help)
    {
        auto* made = parent.add_subcommand(name, help);
        made->add_option("--config", overrides.config, "配置文件 config file (default: config/yihong.toml, then /etc/yihong/yihong.toml)")
            ->type_name("FILE");
        made->add_option("--data", overrides.data, "数据目录 data folder (default: [store] path)")->type_name("DIR");
        return made;
    }
};

void add_serve(Cli& cli)
{
    auto* serve_command = cli.command(cli.app, "serve", "运行服务 run the service");
    auto const is_endpoint = [](std::string const& text) {
        auto const endpoint = parse_endpoint(text);
        return endpoint ? std::string{} : endpoint.error().detail;
    };
    serve_command->add_option("--listen", cli.overrides.listen, "监听地址 where to listen; port 0 picks a free one")
        ->check(is_endpoint)
        ->type_name("ADDR:PORT");
    serve_command
        ->add_option("--hj212", cli.overrides.hj212, "数采仪接入的监听地址 where to listen for HJ 212 loggers; port 0 picks a free one")
        ->check(is_endpoint)
        ->type_name("ADDR:PORT");
    serve_command->callback([&cli] { cli.code = serve(cli.overrides) ? fine : refused; });
}

void add_import(Cli& cli)
{
    auto& options = cli.import_options;
    auto* import_command = cli.command(cli.app, "import", "导入历史数据文件 take in archives; same checks as live input");
    import_command->add_option("files", options.files, "文件 archives, plain, .gz or .zst")
        ->required()
        ->check(CLI::ExistingFile)
        ->type_name("FILE…");
    import_command->add_option("--format", options.format, "格式，默认由内容判断 format (default: found out from the content)")
        ->check(CLI::IsMember({"readings-csv", "readings-xlsx", "readings-json", "readings-ndjson", "cnemc-water-csv", "cnemc-water-json",
                               "cnemc-air-csv", "cnemc-air-json", "cnemc-air-xml"}))
        ->type_name("NAME");
    import_command->add_flag("--create-sites", options.create_sites,
                             "登记未知的国控断面（无坐标） register unknown national sections, without position");
    import_command->add_flag("--keep-unknown", options.keep_unknown,
                             "未知断面的行进入隔离区 quarantine the rows of unknown sections instead of leaving them out");
    import_command->add_flag("--quiet", options.quiet, "不显示进度 no progress bar");
    import_command->callback([&cli, &options] { cli.code = import_files(cli.overrides, options); });
}

void add_station(Cli& cli)
{
    auto& play = cli.play;
    auto* station = cli.app.add_subcommand("station", "扮演数采仪，通过 HJ 212 发送真实数据 play HJ 212 stations that send real readings");
    station->add_option("--connect", play.connect, "上位机地址 the host")->required()->type_name("ADDR:PORT");
    station->add_option("--config", cli.overrides.config, "配置文件：设备与站点 config file: devices and sites")->type_name("FILE");
    station->add_option("--readings", play.readings, "要发送的数据文件 files with the readings to send")
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    add_station_options(*station, play);
    station->add_flag("--forever", play.forever, "发完后保持连接并应答 stays connected and answers the host afterwards");
    station->add_option("--threads", play.threads, "线程数 threads")->check(CLI::Range(1, 64))->capture_default_str();
    station->callback([&cli] { cli.code = play_stations(cli.overrides, cli.play); });
}

void add_backtest(Cli& cli)
{
    auto* backtest_command =
        cli.command(cli.app, "backtest",
                    "用已存的记录试算预警规则，不写入、不通知 what the alert rules would have raised on the stored records; "
                    "writes nothing, tells nobody");
    backtest_command->add_option("--rules", cli.testing.rules, "预警规则文件，默认取自配置 alerts file (default: that of the config)")
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    backtest_command
        ->add_option("--from", cli.testing.from,
                     "起始，日期为北京时间 from this date (Beijing) or time with offset (default: the first record)")
        ->type_name("TIME");
    backtest_command->add_option("--to", cli.testing.to, "截止 to this date or time, included (default: the last record)")
        ->type_name("TIME");
    backtest_command->add_option("--site", cli.testing.sites, "只算这些站点，默认全部 only these sites (default: all)")
        ->delimiter(',')
        ->type_name("ID");
    backtest_command->add_option("--format", cli.testing.format, "输出格式 output")
        ->check(CLI::IsMember({"table", "json", "geojson"}))
        ->capture_default_str()
        ->type_name("NAME");
    backtest_command->add_option("-o,--output", cli.testing.output, "输出文件，默认标准输出 file to write (default: standard output)")
        ->type_name("FILE");
    backtest_command->add_flag("--quiet", cli.testing.quiet, "不显示进度 no progress bar");
    backtest_command->callback([&cli] { cli.code = backtest(cli.overrides, cli.testing); });
}

void add_check(Cli& cli)
{
    cli.command(cli.app, "check",
                "检查配置、标准、站点、图层、数采仪和预警规则 check config, standards, sites, layers, devices and alert rules")
        ->callback([&cli] { cli.code = check(cli.overrides); });
}

void add_token(Cli& cli)
{
    auto* token = cli.app.add_subcommand("token", "访问令牌 access tokens");
    token->require_subcommand(1);
    auto* create = cli.command(*token, "create", "创建令牌，只显示一次 make a token; its secret is shown once");
    create->add_option("name", cli.token_name, "名称 name")->required();
    create->add_option("--scope", cli.scopes, "权限，可用逗号并列 what it may do, several by commas")
        ->required()
        ->delimiter(',')
        ->check(CLI::IsMember({"ingest", "operate", "admin", "read", "metrics"}))
        ->type_name("SCOPE");
    create->add_option("--days", cli.days, "有效天数 days until it expires (default: never)")->check(CLI::Range(1, 36500));
    create->callback([&cli] {
        cli.code = with_tokens(cli.overrides, [&](TokenFile& tokens) {
            auto const now = utc_now();
            auto const secret =
                tokens.create(cli.token_name, cli.scopes, cli.days ? std::optional{now + std::chrono::days{cli.days}} : std::nullopt, now);
            if (!secret) {
                fmt::print(stderr, "{}\n", secret.error().detail);
                return refused;
            }
            fmt::print("{}\n", *secret);
            fmt::print(stderr, "令牌只显示这一次，请妥善保存。 This token is shown only once; keep it safe.\n");
            return fine;
        });
    });
    cli.command(*token, "list", "列出令牌 list the tokens")->callback([&cli] {
        cli.code = with_tokens(cli.overrides, [&](TokenFile& tokens) {
            for (auto const& t : tokens.list()) {
                std::string names;
                for (auto const& scope : t.scopes)
                    names += (names.empty() ? "" : ",") + scope;
                fmt::print("{}\t{}\t{}\t{}\n", t.name, names, format_rfc3339(t.created), t.expires ? format_rfc3339(*t.expires) : "-");
            }
            return fine;
        });
    });
    auto* revoke = cli.command(*token, "revoke", "撤销令牌 take a token back");
    revoke->add_option("name", cli.token_name, "名称 name")->required();
    revoke->callback(
        [&cli] { cli.code = with_tokens(cli.overrides, [&](TokenFile& tokens) { return report(tokens.revoke(cli.token_name)); }); });
}

void add_quarantine(Cli& cli)
{
    auto* quarantine = cli.app.add_subcommand("quarantine", "隔离区 input that was refused");
    quarantine->require_subcommand(1);
    auto* list = cli.command(*quarantine, "list", "列出 list entries as JSON");
    list->add_option("--after", cli.after, "从此编号之后 entries behind this id");
    list->callback([&cli] { cli.code = ask(cli.overrides, "GET", "/api/v1/quarantine?limit=1000&after=" + std::to_string(cli.after)); });
    auto* drop = cli.command(*quarantine, "drop", "丢弃一条确认无用的数据 remove an entry that will never be good");
    drop->add_option("id", cli.entry, "编号 its id")->required()->check(CLI::PositiveNumber);
    drop->callback([&cli] { cli.code = ask(cli.overrides, "DELETE", "/api/v1/quarantine/" + std::to_string(cli.entry)); });
    cli.command(*quarantine, "replay", "改正原因后重新处理 read everything again after the cause is mended")->callback([&cli] {
        cli.code = ask(cli.overrides, "POST", "/api/v1/quarantine/replay");
    });
}

void add_withdraw(Cli& cli)
{
    auto* withdraw = cli.command(cli.app, "withdraw",
                                 "撤回错误的记录（如时钟出错时的数据），保留为修订 withdraw records, such as those of a wrong clock; "
                                 "kept as revisions");
    withdraw->add_option("site", cli.site, "站点标识 id of the site")->required();
    withdraw->add_option("times", cli.times, "时刻，或 起/止，一端可为 .. RFC 3339 time, or BEGIN/END with .. for an open end")->required();
    withdraw->add_option("--interval", cli.interval, "只撤回这一类 only this kind: realtime, minute, hour, 4h, day, sample")
        ->type_name("KIND");
    withdraw->add_option("--reason", cli.reason, "原因，记入审计日志 why; it stands in the audit log")->required()->type_name("TEXT");
    withdraw->callback([&cli] {
        auto target = "/api/v1/sites/" + percent_encoded(cli.site) + "/readings?datetime=" + percent_encoded(cli.times) +
                      "&reason=" + percent_encoded(cli.reason);
        if (!cli.interval.empty())
            target += "&interval=" + percent_encoded(cli.interval);
        cli.code = ask(cli.overrides, "DELETE", target);
    });
}

void add_report(Cli& cli)
{
    auto* made = cli.command(cli.app, "report", "生成时段报告 make the report of a period");
    add_report_options(*made, cli.reporting);
    made->callback([&cli] { cli.code = make_report(cli.overrides, cli.reporting); });
    auto* shipped = cli.app.add_subcommand("report-template",
                                           "写出自带的报告模板，供修改 write the Word template of reports that ships, to be changed");
    add_template_options(*shipped, cli.reporting);
    shipped->callback([&cli] { cli.code = write_report_template(cli.reporting); });
}

void add_export(Cli& cli)
{
    auto& options = cli.exporting;
    auto* made = cli.command(cli.app, "export", "导出一个集合的要素 write the features of a collection to a file");
    made->add_option("collection", options.collection, "集合标识 id of a collection: water-sections, water-records …")
        ->required()
        ->type_name("COLLECTION");
    made->add_option("-o,--output", options.output, fmt::format("文件 file to write: {}", fmt::join(export_endings(), " ")))
        ->required()
        ->type_name("FILE");
    auto const parameter = [&](std::string option, std::string name, std::string help, std::string type) {
        made->add_option_function<std::string>(
                "--" + option, [&options, name](std::string const& value) { options.parameters.emplace_back(name, value); },
                std::move(help))
            ->type_name(std::move(type));
    };
    parameter("datetime", "datetime", "时刻、日期或起止 an instant, a date or BEGIN/END", "TIME");
    parameter("asof", "asof", "按当时所知 what was known then", "TIME");
    parameter("filter", "filter", "CQL2 条件 a condition in CQL2", "CQL2");
    parameter("bbox", "bbox", "范围 west,south,east,north", "BOX");
    parameter("crs", "crs", "坐标参考系 reference system: EPSG:4547 …", "CRS");
    parameter("properties", "properties", "只要这些属性 these properties alone, by commas", "NAMES");
    parameter("sortby", "sortby", "排序 sort by, - for descending", "NAMES");
    parameter("limit", "limit", "至多多少个 at most so many", "COUNT");
    made->callback([&cli] { cli.code = export_collection(cli.overrides, cli.exporting); });
}

/// For docs/api.md; hidden, since it tells operators nothing that /api.html does not.
void add_api_tables(Cli& cli)
{
    cli.command(cli.app, "api-tables", "接口路径与参数表 the tables of routes in docs/api.md")->group("")->callback([&cli] {
        cli.code = print_route_tables(cli.overrides);
    });
}

void add_store(Cli& cli)
{
    auto* store = cli.command(cli.app, "store", "存储 the store itself")->require_subcommand(1);
    auto const with_config = [&cli](std::function<bool(Config const&)> const& run) {
        auto const config = load_config_with(cli.overrides);
        if (!config)
            print_problems(config.error());
        cli.code = config && run(*config) ? fine : refused;
    };
    cli.command(*store, "verify", "逐字节核对存储 read the whole store against its checksums")->callback([with_config] {
        with_config([](Config const& config) { return verify_store(store_folder(config)); });
    });
    cli.command(*store, "salvage", "日志损坏时恢复到最后一个完整的提交 bring a store whose log is damaged up to its last whole commit")
        ->callback([with_config] {
            with_config([](Config const& config) {
                log::set_level(log::Level::error);
                return salvage_store(store_folder(config), config.store.path / ("salvage-" + format_rfc3339(utc_now())));
            });
        });
}

void add_backup(Cli& cli)
{
    auto* backup = cli.command(cli.app, "backup", "备份，服务可继续运行 copy the store, also while serving");
    auto* directory = backup->add_option("directory", cli.target, "新目录 a folder that does not exist yet")->type_name("DIR");
    auto* verify = cli.command(*backup, "verify", "逐字节核对一份备份 read a backup whole, against its checksums");
    verify->add_option("directory", cli.target, "备份目录 the folder of the backup")->required()->type_name("DIR");
    verify->callback([&cli] { cli.code = verify_store(cli.target) ? fine : refused; });
    backup->callback([&cli, verify, directory] {
        if (verify->parsed())
            return;
        if (directory->empty())
            throw CLI::RequiredError{"directory"};
        cli.code =
            ask(cli.overrides, "POST", "/api/v1/admin/backup?directory=" + percent_encoded(std::filesystem::absolute(cli.target).string()));
    });
}

}  // namespace

int run(int argc, char** argv)
{
    ::umask(S_IRWXG | S_IRWXO);            // what it makes holds stations' passwords
    allow_many_open_files();
    Cli cli;
    cli.app.set_version_flag("--version", "yihong " YIHONG_VERSION);
    cli.app.require_subcommand(1);
    cli.app.get_formatter()->column_width(34);
    add_serve(cli);
    add_import(cli);
    add_station(cli);
    add_backtest(cli);
    add_check(cli);
    add_token(cli);
    add_quarantine(cli);
    add_withdraw(cli);
    add_report(cli);
    add_export(cli);
    add_api_tables(cli);
    add_backup(cli);
    add_store(cli);
    try {
        cli.app.parse(argc, argv);
        return cli.code;
    } catch (CLI::Success const& done) {
        return cli.app.exit(done);
    } catch (CLI::ParseError const& problem) {
        cli.app.exit(problem);
        return wrong_usage;
    } catch (std::exception const& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return refused;
    }
}

}  // namespace yihong
