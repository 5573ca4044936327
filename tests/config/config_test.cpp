#include "fixture.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <thread>

namespace yihong {
namespace {

using namespace std::chrono_literals;

TEST(Config, EveryKeyHasADefault)
{
    auto const config = config_of("");

    Config::Server server;
    server.threads = static_cast<int>(std::thread::hardware_concurrency());
    EXPECT_EQ(config.server, server);
    EXPECT_EQ(config.server.listen, (Endpoint{"127.0.0.1", 8080}));
    EXPECT_EQ(config.store.path, "/etc/data/yihong");
    EXPECT_EQ(config.standards_directory, "/etc/yihong/standards");
    EXPECT_TRUE(config.site_files.empty());
    EXPECT_TRUE(config.layers.empty());
    EXPECT_EQ(config.gateway, Config::Gateway{});
    EXPECT_EQ(config.gateway.listen, std::nullopt);      // no gateway
    EXPECT_TRUE(config.devices.empty());
    EXPECT_TRUE(config.forwards.empty());
    EXPECT_EQ(config.alerts_file, std::nullopt);         // the built-in rules
    EXPECT_EQ(config.notify.public_url, "");
    EXPECT_EQ(config.keep_closed_alerts, 720h);
    EXPECT_EQ(config.log_level, log::Level::info);
}

TEST(Config, RefusesTargetsOfNoLevelAndOfNoClass)
{
    EXPECT_EQ(only_failure("[sites]\ndefault_target_class = { national = 6 }\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[sites]\ndefault_target_class = 3\n").code, Errc::bad_value);
    auto const unknown = only_failure("[sites]\ndefault_target_class = { county = 3 }\n");
    EXPECT_EQ(unknown.code, Errc::unknown_field);
    EXPECT_NE(unknown.detail.find("the keys are national, provincial, municipal"), std::string::npos) << unknown.detail;
}

TEST(Config, ReadsEveryKeyOfTheServer)
{
    auto const config = config_of(R"([server]
listen = "[::1]:0"
threads = 3
target_limit_bytes = 4096
header_limit_bytes = 8000
header_count_limit = 50
connection_limit = 20
connections_per_peer_limit = 10
header_deadline = "2s"
idle_deadline = "3m"
body_min_bytes_per_second = 0
write_deadline = "500ms"
shutdown_deadline = "0s"
trusted_proxies = ["10.0.0.0/8", "::1", "fd00::/8"]
public_reads = false
access_key_parameter = "key"
cors_origins = ["https://map.example.cn", "http://localhost:3000"]
response_cache_mb = 8
[server.sign_on]
header = "X-Remote-User"
operators = ["wang"]
administrators = ["li"]
)");

    Config::Server const expected{{"::1", 0},
                                  3,
                                  4096,
                                  8000,
                                  50,
                                  20,
                                  10,
                                  2s,
                                  3min,
                                  0,
                                  500ms,
                                  0s,
                                  {"10.0.0.0/8", "::1", "fd00::/8"},
                                  false,
                                  "key",
                                  {"https://map.example.cn", "http://localhost:3000"},
                                  8,
                                  {"X-Remote-User", {"wang"}, {"li"}}};
    EXPECT_EQ(config.server, expected);
}

TEST(Config, ReadsTheSmallTables)
{
    auto const config = config_of(R"(
landing = { title = "t", description = "d", attribution = "a", contact_name = "n", contact_url = "u", contact_email = "e" }
store = { path = "/var/lib/yihong", cache_mb = 5, frames_max_mb = 100, frames_max_age = "2d" }
intake = { future_tolerance = "2h", body_limit_mb = 7, queue_records = 9000 }
standards.directory = "../std"
reports = { publisher = "某局", water_template = "water.docx", air_template = "air.docx", rounds_needed = 3, percent_of_days = 50, months_needed = 4, base_year = 2020, ranking = { by = "good_share" } }
sites.files = ["a.geojson", "/srv/b.geojson"]
sites.default_target_class = { national = 2, municipal = 5 }
alerts = { rules = "../rules/alerts.toml", public_url = "https://water.example.cn/yihong", keep_closed = "36h" }
log.level = "debug"
)");

    EXPECT_EQ(config.landing, (Config::Landing{"t", "d", "a", "n", "u", "e"}));
    EXPECT_EQ(config.store, (Config::Store{"/var/lib/yihong", 5, 100, 48h}));
    EXPECT_EQ(config.intake, (Config::Intake{120min, 7, 9000}));
    EXPECT_EQ(config.reports, (ReportSettings{.publisher = "某局",
                                              .public_url = "https://water.example.cn/yihong",
                                              .water_template = "/etc/yihong/water.docx",
                                              .air_template = "/etc/yihong/air.docx",
                                              .validity = {.rounds_needed = 3, .percent_of_days = 50, .months_needed = 4},
                                              .ranking = {RankingFigure::good_share, false, 1},
                                              .base_year = 2020}));
    EXPECT_EQ(config.standards_directory, "/etc/std");
    EXPECT_EQ(config.site_files, (std::vector<std::filesystem::path>{"/etc/yihong/a.geojson", "/srv/b.geojson"}));
    EXPECT_EQ(config.default_target_class, (std::map<std::string, int, std::less<>>{{"municipal", 5}, {"national", 2}}));
    EXPECT_EQ(config.alerts_file, "/etc/rules/alerts.toml");
    EXPECT_EQ(config.notify.public_url, "https://water.example.cn/yihong");
    EXPECT_EQ(config.keep_closed_alerts, 36h);
    EXPECT_EQ(config.log_level, log::Level::debug);
}

TEST(Config, ReadsWhatTheCollectionsAre)
{
    EXPECT_EQ(config_of("").ogc, Config::Ogc{});
    EXPECT_EQ(config_of("[ogc]\nhide_empty = true\nepsg = [32649, 2379]\n").ogc, (Config::Ogc{true, {32649, 2379}}));
}

TEST(Config, RefusesReferenceSystemsThatProjDoesNotHaveAtTheirPlace)
{
    auto const failures = failures_of("[ogc]\nepsg = [32649, 99999,\n  4979, \"4547\", 0]\n");
    ASSERT_EQ(failures.size(), 4U);
    EXPECT_EQ(failures[0].detail, "yihong.toml:2:16: ogc.epsg: EPSG:99999 is not known to PROJ");
    EXPECT_EQ(failures[1].detail, "yihong.toml:3:3: ogc.epsg: EPSG:4979 does not have two axes");
    EXPECT_EQ(failures[2].detail, "yihong.toml:3:9: ogc.epsg: holds what is no whole number");
    EXPECT_EQ(failures[3].detail, "yihong.toml:3:17: ogc.epsg: EPSG:0 is not known to PROJ");
    EXPECT_NE(only_failure("[ogc]\nepsg = 4547\n").detail.find("must be an array"), std::string::npos);
}

TEST(Config, RefusesRulesOfReportsThatNobodyCanMean)
{
    EXPECT_EQ(only_failure("[reports]\nrounds_needed = 7\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[reports]\npercent_of_days = 0\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[reports.ranking]\nby = \"beauty\"\n").detail,
              "yihong.toml:2:6: reports.ranking.by: \"beauty\" is not one of water_index, good_share, met_share");
    EXPECT_EQ(only_failure("[reports.ranking]\ndecimals = 5\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[reports.ranking]\nchange_decimals = 5\n").code, Errc::bad_value);
    EXPECT_EQ(config_of("[reports.ranking]\nchange_decimals = 1\n").reports.ranking.change_decimals, 1);
    EXPECT_EQ(only_failure("[reports.ranking]\nby = \"met_share\"\nweights = \"equal\"\n").detail,
              "yihong.toml:3:11: reports.ranking.weights: only the water_index weighs rivers and lakes");
    EXPECT_EQ(only_failure("[reports.ranking]\ntie = \"go_on\"\n").code, Errc::unknown_field);
    EXPECT_EQ(only_failure("[reports.air_index]\nweights = { pm1 = 2 }\n").code, Errc::unknown_field);
    EXPECT_EQ(config_of("[reports.air_index]\nweights = { pm25 = 3, co = 1 }\ndecimals = 3\n").reports.air_index,
              (IndexRules{{{"pm25", 3}}, 3}));
    EXPECT_EQ(config_of("[[reports.air_point]]\nstation = \"2866A\"\nto = \"2020-12-06\"\n").reports.air_points,
              (std::vector<AirPoint>{{"2866A", std::nullopt, parse_date("2020-12-06").value()}}));
    EXPECT_EQ(only_failure("[[reports.air_point]]\nstation = \"a\"\nfrom = \"2020-12-07\"\nto = \"2020-12-06\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[[reports.air_point]]\nstation = \"a\"\n").code, Errc::missing_field);
    EXPECT_EQ(only_failure("[[reports.air_point]]\nstation = \"a\"\nto = \"soon\"\n").code, Errc::bad_time);
    EXPECT_EQ(config_of("").reports, ReportSettings{});
}

TEST(Config, ReadsWhenReportsAreHandedOut)
{
    auto const schedules =
        config_of("[[reports.schedule]]\nreport = \"water-month\"\nfolder = \"out\"\n[[reports.schedule]]\n"
                  "report = \"air-month\"\nevery = \"week\"\nday = 1\ntime = \"08:30\"\nformat = \"xlsx\"\nfolder = \"/srv\"\n")
            .report_schedules;
    ASSERT_EQ(schedules.size(), 2U);
    EXPECT_EQ(schedules[0], (ReportSchedule{.kind = "water-month", .folder = "/etc/yihong/out"}));
    EXPECT_EQ(schedules[1], (ReportSchedule{"air-month", PeriodKind::week, 1, 510min, "xlsx", "", "", "/srv", ""}));
    auto const wrong = [](std::string const& line) {
        return only_failure("[[reports.schedule]]\nreport = \"air-month\"\nfolder = \"o\"\n" + line + "\n").code;
    };
    EXPECT_EQ(wrong("time = \"9:00\""), Errc::bad_value);
    EXPECT_EQ(wrong("time = \"24:00\""), Errc::bad_value);
    EXPECT_EQ(wrong("day = 0"), Errc::bad_value);
    EXPECT_EQ(wrong("every = \"hour\""), Errc::bad_value);
    EXPECT_EQ(wrong("format = \"pdf\""), Errc::bad_value);
    EXPECT_EQ(wrong("place = \"永济市\""), Errc::bad_value);
    EXPECT_EQ(wrong("channel = \"nobody\""), Errc::bad_value);
    EXPECT_EQ(config_of("[[reports.schedule]]\nreport = \"ranking\"\nfolder = \"o\"\n").report_schedules.at(0).kind, "ranking");
    EXPECT_EQ(only_failure("[[reports.schedule]]\nreport = \"rank\"\nfolder = \"o\"\n").detail,
              "yihong.toml:2:10: reports.schedule[0].report: \"rank\" is not one of water-month, section-compliance, ranking, air-month, "
              "plants");
    EXPECT_EQ(only_failure("[[reports.schedule]]\nreport = \"air-month\"\n").code, Errc::missing_field);
}

TEST(Config, ReadsWithWhatReportsOfTheClockAreCompared)
{
    auto const head = std::string{"[[reports.schedule]]\nreport = \"water-month\"\nfolder = \"o\"\n"};
    for (auto const* word : {"year", "previous", "none", "2020"})
        EXPECT_EQ(config_of(head + "compare = \"" + word + "\"\n").report_schedules.at(0).compare, word);
    EXPECT_EQ(config_of("[reports]\nbase_year = 2020\n" + head + "compare = \"base\"\n").report_schedules.at(0).compare, "base");
    EXPECT_EQ(config_of(head).report_schedules.at(0).compare, "");
    auto const wrong = [&](std::string_view line) { return only_failure(head + std::string{line} + "\n").detail; };
    auto const place = std::string{"yihong.toml:4:11: reports.schedule[0].compare: "};
    EXPECT_EQ(wrong("compare = \"sometimes\""), place + "'sometimes' is none of year, previous, base, none, and not a year such as 2020");
    EXPECT_EQ(wrong("compare = \"base\""),
              place + "'base' needs [reports] base_year in the configuration, which has none; or name the year, such as 2020");
    EXPECT_TRUE(wrong("compare = \"2999\"").starts_with(place + "2999 is not before 20")) << wrong("compare = \"2999\"");
    EXPECT_EQ(only_failure("[reports]\nbase_year = 2999\n" + head + "compare = \"base\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure(head + head).detail,
              "yihong.toml:5:10: reports.schedule[1].report: the same report, every and place stand in another [[reports.schedule]], and a "
              "report is handed out once");
    EXPECT_EQ(config_of(head + head + "place = \"永济市\"\n" + head + "every = \"year\"\n").report_schedules.size(), 3U);
}

TEST(Config, ReadsWhatPlantsAreJudgedBy)
{
    auto const reports = config_of(R"(
[reports]
plant_template = "plants.docx"
city = "运城市"
outfalls = { cycle_hours = 2, percent_of_hours = 80, percent_of_days = 60 }
)")
                             .reports;
    EXPECT_EQ(reports.plant_template, "/etc/yihong/plants.docx");
    EXPECT_EQ(reports.outfalls, (OutfallRules{2, 80, 60}));
    EXPECT_EQ(reports.city, "运城市");
    EXPECT_EQ(only_failure("[reports.outfalls]\ncycle_hours = 5\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[[reports.stop]]\nsites = [\"a\"]\n").code, Errc::unknown_field) << "they are marks now";
}

TEST(Config, ReadsWhatTheBureauSaysOfAPeriod)
{
    auto const notes =
        config_of("[[reports.note]]\nperiod = \"2025-10\"\nreports = [\"water-month\"]\ntext = \"汾河行洪\"\n").reports.notes;
    EXPECT_EQ(notes, (std::vector<ReportNote>{{parse_period("2025-10").value(), {"water-month"}, "汾河行洪"}}));
    EXPECT_EQ(only_failure("[[reports.note]]\ntext = \"x\"\n").code, Errc::missing_field);
    EXPECT_EQ(only_failure("[[reports.note]]\nperiod = \"October\"\ntext = \"x\"\n").detail.substr(0, 21), "yihong.toml:2:10: rep");
    EXPECT_EQ(only_failure("[[reports.note]]\nperiod = \"2025-10\"\nreports = [\"water\"]\ntext = \"x\"\n").code, Errc::bad_value);
}

TEST(Config, HasNoBasemapUnlessOneIsNamed)
{
    EXPECT_EQ(config_of("").console.basemap.url, "");
    auto const own =
        config_of("[console.basemap]\nurl = \"https://tiles.example.cn/{z}/{x}/{y}.png\"\nattribution = \"审图号：GS(2026)0000号\"\n"
                  "max_zoom = 16\ncolours = true\n")
            .console.basemap;
    EXPECT_EQ(own.url, "https://tiles.example.cn/{z}/{x}/{y}.png");
    EXPECT_EQ(own.attribution, "审图号：GS(2026)0000号");
    EXPECT_EQ(own.max_zoom, 16);
    EXPECT_TRUE(own.colours);
    auto const tianditu = config_of("[console.basemap]\ntianditu_key = \"abc123\"\n").console.basemap;
    EXPECT_TRUE(tianditu.url.starts_with("https://t0.tianditu.gov.cn/vec_w/wmts?")) << tianditu.url;
    EXPECT_TRUE(tianditu.url.ends_with("&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=abc123")) << tianditu.url;
    EXPECT_TRUE(tianditu.labels_url.contains("/cva_w/")) << tianditu.labels_url;
    EXPECT_EQ(only_failure("[console.basemap]\nurl = \"https://tiles.example.cn/{z}/{x}.png\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[console.basemap]\nurl = \"/tiles/{z}/{x}/{y}.png\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[console.basemap]\ntianditu_key = \"k\"\nurl = \"https://a.cn/{z}/{x}/{y}\"\n").code, Errc::bad_value);
}

TEST(Config, ListsEveryProblemInTheOrderOfTheLines)
{
    auto const failures = failures_of(R"([server]
listen = "localhost:8080"
threads = "two"
prot = 80
[store]
cache_mb = 0
[[layers]]
titel = "x"
)");

    std::vector<Failure> const expected{
        {Errc::bad_value,
         "yihong.toml:2:10: server.listen: \"localhost:8080\" is not a numeric address with a port, such as 127.0.0.1:8080 or "
         "[::1]:8080"},
        {Errc::bad_value, "yihong.toml:3:11: server.threads: must be a whole number, not a string"},
        {Errc::unknown_field, "yihong.toml:4:1: server.prot: is not a key here; the keys are listen, threads, target_limit_bytes, "
                              "header_limit_bytes, header_count_limit, connection_limit, connections_per_peer_limit, header_deadline, "
                              "idle_deadline, body_min_bytes_per_second, write_deadline, shutdown_deadline, trusted_proxies, public_reads, "
                              "access_key_parameter, cors_origins, response_cache_mb, sign_on"},
        {Errc::bad_value, "yihong.toml:6:12: store.cache_mb: must be from 1 to 1048576"},
        {Errc::missing_field, "yihong.toml:7:1: layers[0].id: is missing"},
        {Errc::missing_field, "yihong.toml:7:1: layers[0].source: is missing"},
        {Errc::unknown_field,
         "yihong.toml:8:1: layers[0].titel: is not a key here; the keys are id, title, title_en, description, attribution, "
         "license, source, layer, role, crs, datum, encoding, where, id_attribute, name_attribute, attributes, simplify_m, "
         "reach_m, accuracy_m, accuracy_attribute, approximate"},
    };
    EXPECT_EQ(failures, expected);
}

TEST(Config, UnknownTableIsAnError)
{
    EXPECT_EQ(only_failure("[hj213]\nlisten = \"127.0.0.1:9212\"\n").code, Errc::unknown_field);
    EXPECT_EQ(only_failure("[[loggers]]\nmn = \"A\"\n").code, Errc::unknown_field);
}

TEST(Config, ReadsEveryKeyOfTheGateway)
{
    auto const config = config_of(R"([hj212]
listen = "[::]:9212"
threads = 4
segment_limit_bytes = 1024
connection_limit = 100
connections_per_source_limit = 10
frames_per_second_limit = 20
bytes_per_second_limit = 65536
refusals_limit = 3
first_frame_deadline = "30s"
idle_deadline = "2d"
segment_deadline = "5s"
split_deadline = "500ms"
key_days = 90
refill_days = 3
refill_interval = "5m"
)");

    EXPECT_EQ(config.gateway, (Config::Gateway{Endpoint{"::", 9212}, 4, 1024, 100, 10, 20, 65536, 3, 30s, 48h, 5s, 500ms, 90, 3, 5min}));
}

TEST(Config, SyntaxErrorHasItsPlace)
{
    auto const failure = only_failure("[server]\nlisten = \n");

    EXPECT_EQ(failure.code, Errc::bad_syntax);
    EXPECT_TRUE(failure.detail.starts_with("yihong.toml:2:")) << failure.detail;
}

TEST(Config, RefusesWrongValues)
{
    for (std::string const line : {
             "server.threads = -1",
             "server.threads = 1.5",
             "server.public_reads = 1",
             "server.header_deadline = \"10\"",
             "server.header_deadline = \"99d\"",
             "server.header_deadline = 10",
             "server.trusted_proxies = [\"10.0.0.0/33\"]",
             "server.trusted_proxies = [\"proxy.example\"]",
             "server.trusted_proxies = [1]",
             "server.trusted_proxies = \"::1\"",
             "server.cors_origins = [\"map.example.cn\"]",
             "server.cors_origins = [\"https://map.example.cn/\"]",
             "server.access_key_parameter = \"a&b\"",
             "server.sign_on = {header = \"X-Remote-User\"}",
             "server.sign_on = {header = \"X Remote\"}",
             "server.sign_on = {operators = [1]}",
             "server = 1",
             "[[server]]",
             "store.path = \"\"",
             "store.path = \"a\\u0000b\"",
             "hj212.listen = \"localhost:9212\"",
             "hj212.threads = 0",
             "hj212.threads = 65",
             "hj212.segment_limit_bytes = 1023",
             "hj212.segment_limit_bytes = 10000",
             "hj212.connection_limit = 0",
             "hj212.connections_per_source_limit = 0",
             "hj212.frames_per_second_limit = 0",
             "hj212.bytes_per_second_limit = 1000",
             "hj212.refusals_limit = 0",
             "hj212.refusals_limit = 1001",
             "hj212.first_frame_deadline = \"2d\"",
             "hj212.idle_deadline = \"8d\"",
             "hj212.segment_deadline = \"0s\"",
             "hj212.split_deadline = \"0s\"",
             "hj212.key_days = 366",
             "hj212.refill_days = 32",
             "hj212.refill_interval = \"0s\"",
             "devices = [{ mn = \"a\", site = \"a\", password = \"x\", refill = 1 }]",
             "devices = [1]",
             "devices = {}",
             "store.frames_max_mb = 63",
             "store.frames_max_mb = 65537",
             "store.frames_max_age = \"30m\"",
             "store.frames_max_age = \"90m\"",
             "store.frames_max_age = \"3651d\"",
             "intake.future_tolerance = \"90s\"",
             "log.level = \"loud\"",
             "alerts.rules = \"\"",
             "alerts.rules = true",
             "alerts.public_url = \"water.example.cn\"",
             "alerts.public_url = \"https://\"",
             "alerts.public_url = \"https://a b\"",
             "alerts.public_url = \"https://a/?q\"",
             "alerts.keep_closed = \"59m\"",
             "alerts.keep_closed = \"3651d\"",
             "sites.files = [\"\"]",
             "layers = [1]",
             "layers = {}",
             "layers = [{ id = \"a/b\", source = \"x\" }]",
             "layers = [{ id = \"a\", source = \"x\", role = \"lakes\" }]",
             "layers = [{ id = \"a\", source = \"x\", datum = \"bd09\" }]",
             "layers = [{ id = \"a\", source = \"x\", reach_m = nan }]",
             "layers = [{ id = \"a\", source = \"x\", simplify_m = -1 }]",
             "layers = [{ id = \"a\", source = \"x\", attributes = [{ name = \"n\" }] }]",
             "layers = [{ id = \"a\", source = \"x\", attributes = \"n\" }]",
             "zones = [{ id = \"z\", rule = \"elevation\" }]",
         }) {
        auto const failure = only_failure(line + "\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << line;
        EXPECT_TRUE(failure.detail.starts_with("yihong.toml:1:")) << failure.detail;
    }
}

TEST(Config, OverlongLineIsRefusedBeforeItNestsTooDeep)
{
    std::string text = "a = 1\n";
    for (int i = 0; i < 200'000; ++i)
        text += "b.";

    auto const failure = only_failure(text + "c = 1\n");

    EXPECT_EQ(failure, (Failure{Errc::bad_syntax, "yihong.toml:2:1: the line is longer than 4096 bytes"}));
}

TEST(Config, ReadsAFileAndResolvesFromItsFolder)
{
    TemporaryFolder const folder;
    auto const file = folder.write("config/yihong.toml", "[store]\npath = \"../d\"\n[sites]\nfiles = [\"s.geojson\"]\n");

    auto const config = load_config(file);

    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->store.path, folder.path() / "d");
    EXPECT_EQ(config->site_files, std::vector{folder.path() / "config/s.geojson"});
}

TEST(Config, UnreadableFileIsNamed)
{
    TemporaryFolder const folder;

    auto const missing = load_config(folder.path() / "none.toml");
    auto const directory = load_config(folder.path());
    auto const large = load_config(folder.write("large.toml", std::string(2'000'000, '\n')));

    EXPECT_EQ(missing.error(),
              (std::vector{Failure{Errc::broken_file, (folder.path() / "none.toml").string() + ": there is no such file"}}));
    EXPECT_EQ(directory.error().front().code, Errc::broken_file);
    EXPECT_EQ(large.error().front().code, Errc::too_large);
}

}  // namespace
}  // namespace yihong
