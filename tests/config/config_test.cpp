#include "yihong/config/config.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <thread>

namespace yihong {
namespace {

using namespace std::chrono_literals;

std::filesystem::path const shipped{YIHONG_SOURCE_DIR "/config/yihong.toml"};

Config config_of(std::string_view text)
{
    auto config = parse_config(text, "/etc/yihong/yihong.toml");
    EXPECT_TRUE(config.has_value()) << (config ? "" : config.error().front().detail);
    return config ? std::move(*config) : Config{};
}

std::vector<Failure> failures_of(std::string_view text)
{
    auto const config = parse_config(text, "yihong.toml");
    EXPECT_FALSE(config.has_value());
    return config ? std::vector<Failure>{} : config.error();
}

Failure only_failure(std::string_view text)
{
    auto const failures = failures_of(text);
    EXPECT_EQ(failures.size(), 1U) << (failures.size() > 1 ? failures[1].detail : "");
    return failures.empty() ? Failure{} : failures.front();
}

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

TEST(Config, ShippedFileShowsTheDefaults)
{
    auto const config = load_config(shipped);
    auto const defaults = parse_config("", shipped);

    ASSERT_TRUE(config.has_value()) << config.error().front().detail;
    EXPECT_EQ(config->server, defaults->server);
    EXPECT_EQ(config->landing, defaults->landing);
    EXPECT_EQ(config->store, defaults->store);
    EXPECT_EQ(config->intake, defaults->intake);
    auto gateway = defaults->gateway;
    gateway.listen = Endpoint{"127.0.0.1", 9212};      // the one key without a default
    EXPECT_EQ(config->gateway, gateway);
    EXPECT_EQ(config->devices, defaults->devices);
    EXPECT_EQ(config->forwards, defaults->forwards);
    EXPECT_EQ(config->notify, defaults->notify);
    EXPECT_EQ(config->heartbeat, defaults->heartbeat);
    EXPECT_EQ(config->channels, defaults->channels);
    EXPECT_EQ(config->standards_directory, defaults->standards_directory);
    EXPECT_EQ(config->alerts_file, YIHONG_SOURCE_DIR "/config/alerts.toml");       // the built-in rules, as a file to change
    EXPECT_EQ(config->notify.public_url, defaults->notify.public_url);
    EXPECT_EQ(config->keep_closed_alerts, defaults->keep_closed_alerts);
    EXPECT_EQ(config->log_level, defaults->log_level);
}

TEST(Config, ShippedFileNamesEveryKey)
{
    std::ifstream in{shipped};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    for (std::string const table :
         {"server", "landing", "store", "intake", "hj212", "standards", "alerts", "log", "sites", "notify", "heartbeat"}) {
        auto const failure = only_failure("[" + table + "]\nno_such_key = 1\n");
        auto const keys = failure.detail.substr(failure.detail.find("the keys are ") + 13);
        std::regex const word{"[a-z_]+"};
        for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it)
            EXPECT_NE(text.find("\n" + it->str() + " = "), std::string::npos) << table << "." << it->str();
    }
}

TEST(Config, ShippedFileExplainsEveryKeyOfADevice)
{
    std::ifstream in{shipped};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    text = text.substr(text.find("The keys of a device:"));
    text.resize(text.find("\n# 上级平台"));
    auto const failure = only_failure("devices = [{ mn = \"A\", site = \"a\", password = \"p\", no_such_key = 1 }]\n");
    auto const keys = failure.detail.substr(failure.detail.find("the keys are ") + 13);
    std::regex const word{"[a-z0-9_]+"};
    int count = 0;
    for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it, ++count)
        EXPECT_NE(text.find("\n#   " + it->str() + " "), std::string::npos) << it->str();
    EXPECT_EQ(count, 15);

    // the example works as soon as its comment signs are gone
    auto example = text.substr(text.find("# [[devices]]"));
    example = std::regex_replace(example, std::regex{"(^|\n)# "}, "$1");
    auto const config = config_of(example);
    ASSERT_EQ(config.devices.size(), 1U);
    EXPECT_EQ(config.devices[0].mn, "A140800_0001");
    EXPECT_EQ(config.devices[0].site, "zhangliuzhuang");
}

TEST(Config, ShippedFileExplainsEveryKeyOfAForward)
{
    std::ifstream in{shipped};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    text = text.substr(text.find("The keys of a forward:"));
    text.resize(text.find("\n[notify]"));
    auto const failure = only_failure("forward = [{ id = \"a\", address = \"a:1\", password = \"p\", no_such_key = 1 }]\n");
    auto const keys = failure.detail.substr(failure.detail.find("the keys are ") + 13);
    std::regex const word{"[a-z0-9_]+"};
    int count = 0;
    for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it, ++count)
        EXPECT_NE(text.find("\n#   " + it->str() + " "), std::string::npos) << it->str();
    EXPECT_EQ(count, 12);

    auto example = text.substr(text.find("# [[forward]]"));
    example = std::regex_replace(example, std::regex{"(^|\n)# "}, "$1");
    auto const config = config_of(example);
    ASSERT_EQ(config.forwards.size(), 1U);
    EXPECT_EQ(config.forwards[0].id, "province");
    EXPECT_EQ(config.forwards[0].sites, std::vector<std::string>{"zhangliuzhuang"});
}

TEST(Config, ShippedFileExplainsEveryKeyOfAChannel)
{
    std::ifstream in{shipped};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    text = text.substr(text.find("The keys of a channel:"));
    text.resize(text.find("\n[standards]"));
    auto const failure = only_failure("channels = [{ id = \"a\", kind = \"webhook\", url = \"http://a\", no_such_key = 1 }]\n");
    auto const keys = failure.detail.substr(failure.detail.find("the keys are ") + 13);
    std::regex const word{"[a-z0-9_]+"};
    int count = 0;
    for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it, ++count)
        EXPECT_NE(text.find("\n#   " + it->str() + " "), std::string::npos) << it->str();
    EXPECT_EQ(count, 23);

    auto example = text.substr(text.find("# [[channels]]"));
    example = std::regex_replace(example, std::regex{"(^|\n)# "}, "$1");
    auto const config = config_of(example);
    ASSERT_EQ(config.channels.size(), 1U);
    auto expected = default_channel(ChannelKind::webhook);
    expected.id = "duty";
    expected.url = "https://example.invalid/hook";
    expected.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    expected.min_severity = AlertSeverity::alert;
    EXPECT_EQ(config.channels[0], expected);
}

TEST(Config, ReadsEveryKeyOfAChannel)
{
    TemporaryFolder const folder;
    std::ofstream{folder.path() / "mail.secret"} << "newest\n\nolder\n";
    auto const config = parse_config(R"([alerts]
public_url = "https://yihong.example.cn/"
[notify]
cap_sender = "yihong@example.cn"
allow_commands = true
[heartbeat]
url = "https://hc.example.cn/ping/1"
interval = "5m"
allow_private = true
[[channels]]
id = "mail"
kind = "smtp"
url = "smtp://mail.example.cn:587"
secret_file = "mail.secret"
username = "yihong"
allow_private = true
tls = false
ca_file = "ca.pem"
proxy = "http://proxy:3128"
timeout = "3s"
rate_per_minute = 6
max_tries = 7
group_wait = "30s"
language = "both"
min_severity = "high"
title = "{severity_zh} {site_name}"
body = "{{{body}}}"
from = "yihong@example.cn"
to = ["a@example.cn", "b@example.cn"]
topic = "x/{county}"
qos = 2
[[channels]]
id = "horn"
kind = "command"
argv = ["/usr/bin/horn", "{no template}"]
)",
                                     folder.path() / "yihong.toml");

    ASSERT_TRUE(config.has_value()) << config.error().front().detail;
    EXPECT_EQ(config->notify, (NotifySettings{"https://yihong.example.cn", "yihong@example.cn", true}));
    EXPECT_EQ(config->heartbeat, (HeartbeatSettings{"https://hc.example.cn/ping/1", 5min, true}));
    ASSERT_EQ(config->channels.size(), 2U);
    Channel mail;
    mail.id = "mail";
    mail.kind = ChannelKind::smtp;
    mail.url = "smtp://mail.example.cn:587";
    mail.secrets = {"newest", "older"};
    mail.username = "yihong";
    mail.allow_private = true;
    mail.tls = false;
    mail.ca_file = (folder.path() / "ca.pem").string();
    mail.proxy = "http://proxy:3128";
    mail.timeout = 3s;
    mail.rate_per_minute = 6;
    mail.max_tries = 7;
    mail.group_wait = 30s;
    mail.language = ChannelLanguage::both;
    mail.min_severity = AlertSeverity::high;
    mail.title = "{severity_zh} {site_name}";
    mail.body = "{{{body}}}";
    mail.from = "yihong@example.cn";
    mail.to = {"a@example.cn", "b@example.cn"};
    mail.topic = "x/{county}";
    mail.qos = 2;
    EXPECT_EQ(config->channels[0], mail);
    EXPECT_EQ(config->channels[1].argv, (std::vector<std::string>{"/usr/bin/horn", "{no template}"}));
}

TEST(Config, RefusesWrongValuesOfAChannel)
{
    for (std::string const key : {"secret = \"whsec_short\"", "secret = \"\"", "secret = [1]", "proxy = \"proxy:3128\"",
                                  "timeout = \"1ms\"", "rate_per_minute = -1", "max_tries = 0", "group_wait = \"10s\"", "language = \"fr\"",
                                  "min_severity = \"low\"", "title = \"{no_such}\"", "body = \"{site_name:>5}\"", "topic = \"{no}\"",
                                  "qos = 3", "from = \"a\"", "to = [\"a b@c\"]", "argv = \"x\""}) {
        auto const failure = only_failure("channels = [{ id = \"a\", kind = \"webhook\", url = \"http://a\", " + key + " }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << key;
        EXPECT_NE(failure.detail.find("channels[0]." + key.substr(0, key.find(' '))), std::string::npos) << failure.detail;
    }
    for (std::string const url :
         {"", "a", "ftp://a", "file:///etc/passwd", "http://", "http:///x", "http://:80", "http://u:p@a/", "http://a b/", "smtp://a"}) {
        auto const failure = only_failure("channels = [{ id = \"a\", kind = \"dingtalk\", url = \"" + url + "\" }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << url;
        if (url.size() > 8)
            EXPECT_EQ(failure.detail.find(url), std::string::npos) << "a robot's URL is a secret";
    }
    EXPECT_EQ(only_failure("channels = [{ id = \"a\", kind = \"webhook\", url = \"http://a\", title = \"}\" }]\n").code, Errc::bad_syntax);
    EXPECT_EQ(only_failure("channels = [{ id = \"a\", kind = \"pager\", url = \"http://a\" }]\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("channels = [{ id = \"a\", kind = \"webhook\" }]\n").code, Errc::missing_field);
    EXPECT_EQ(only_failure("channels = [{ id = \"a\", kind = \"webhook\", url = \"http://a\", secret_file = \"no/such\" }]\n").code,
              Errc::broken_file);
    EXPECT_EQ(
        only_failure("channels = [{ id = \"a\", kind = \"command\", argv = [\"/bin/true\"] }]\n"),
        (Failure{Errc::forbidden, "yihong.toml:1:32: channels[0].kind: commands are off; [notify] allow_commands = true turns them on"}));
    EXPECT_EQ(failures_of("channels = [{ id = \"a\", kind = \"smtp\", url = \"smtp://a\" }]\n").size(), 2U);
    EXPECT_EQ(
        only_failure(
            "[[channels]]\nid = \"a\"\nkind = \"cap\"\nurl = \"http://a\"\n[[channels]]\nid = \"a\"\nkind = \"cap\"\nurl = \"http://a\"\n"),
        (Failure{Errc::duplicate_id, "yihong.toml:6:6: channels[1].id: \"a\" is the id of another channel too"}));
    EXPECT_EQ(only_failure("[notify]\ncap_sender = \"a b\"\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("[heartbeat]\nurl = \"ftp://a\"\n").code, Errc::bad_value);
}

TEST(Config, ShippedFileDeclaresTheLayersAndSitesThatShip)
{
    auto const config = load_config(shipped);

    ASSERT_TRUE(config.has_value());
    std::vector<std::string> ids;
    for (auto const& layer : config->layers) {
        ids.push_back(layer.id);
        EXPECT_TRUE(std::filesystem::exists(layer.source)) << layer.source;
        EXPECT_FALSE(layer.attribution.empty()) << layer.id;
    }
    EXPECT_EQ(ids, (std::vector<std::string>{"yellow-river", "rivers", "rivers-derived", "salt-lake", "lakes", "counties", "city",
                                             "neighbour-counties", "places"}));
    for (auto const& file : config->site_files)
        EXPECT_TRUE(std::filesystem::exists(file)) << file;
    EXPECT_EQ(config->default_target_class, (std::map<std::string, int, std::less<>>{{"national", 3}, {"provincial", 3}}));
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
                                  8};
    EXPECT_EQ(config.server, expected);
}

TEST(Config, ReadsTheSmallTables)
{
    auto const config = config_of(R"(
landing = { title = "t", description = "d", attribution = "a", contact_name = "n", contact_url = "u", contact_email = "e" }
store = { path = "/var/lib/yihong", cache_mb = 5, frames_max_mb = 100, frames_max_age = "2d" }
intake = { future_tolerance = "2h", body_limit_mb = 7, queue_records = 9000 }
standards.directory = "../std"
sites.files = ["a.geojson", "/srv/b.geojson"]
sites.default_target_class = { national = 2, municipal = 5 }
alerts = { rules = "../rules/alerts.toml", public_url = "https://water.example.cn/yihong", keep_closed = "36h" }
log.level = "debug"
)");

    EXPECT_EQ(config.landing, (Config::Landing{"t", "d", "a", "n", "u", "e"}));
    EXPECT_EQ(config.store, (Config::Store{"/var/lib/yihong", 5, 100, 48h}));
    EXPECT_EQ(config.intake, (Config::Intake{120min, 7, 9000}));
    EXPECT_EQ(config.standards_directory, "/etc/std");
    EXPECT_EQ(config.site_files, (std::vector<std::filesystem::path>{"/etc/yihong/a.geojson", "/srv/b.geojson"}));
    EXPECT_EQ(config.default_target_class, (std::map<std::string, int, std::less<>>{{"municipal", 5}, {"national", 2}}));
    EXPECT_EQ(config.alerts_file, "/etc/rules/alerts.toml");
    EXPECT_EQ(config.notify.public_url, "https://water.example.cn/yihong");
    EXPECT_EQ(config.keep_closed_alerts, 36h);
    EXPECT_EQ(config.log_level, log::Level::debug);
}

TEST(Config, ReadsEveryKeyOfALayer)
{
    auto const config = config_of(R"([[layers]]
id = "counties"
title = "县"
title_en = "Counties"
description = "d"
attribution = "© OSM"
license = "ODbL-1.0"
source = "../layers/a.gpkg"
layer = "c"
role = "boundary"
crs = "EPSG:4490"
datum = "gcj02"
encoding = "GBK"
where = "name = '黄河'"
id_attribute = "adcode"
name_attribute = "NAME"
attributes = ["adcode", { name = "NAME", title = "名称" }]
simplify_m = 10
reach_m = 2.5
)");

    ASSERT_EQ(config.layers.size(), 1U);
    auto const& layer = config.layers[0];
    EXPECT_EQ(layer.id, "counties");
    EXPECT_EQ(layer.title, "县");
    EXPECT_EQ(layer.title_en, "Counties");
    EXPECT_EQ(layer.description, "d");
    EXPECT_EQ(layer.attribution, "© OSM");
    EXPECT_EQ(layer.license, "ODbL-1.0");
    EXPECT_EQ(layer.source, "/etc/layers/a.gpkg");
    EXPECT_EQ(layer.source_layer, "c");
    EXPECT_EQ(layer.role, LayerRole::boundary);
    EXPECT_EQ(layer.crs, "EPSG:4490");
    EXPECT_TRUE(layer.gcj02);
    EXPECT_EQ(layer.encoding, "GBK");
    EXPECT_EQ(layer.where, "name = '黄河'");
    EXPECT_EQ(layer.id_attribute, "adcode");
    EXPECT_EQ(layer.name_attribute, "NAME");
    EXPECT_EQ(layer.attributes, (std::vector<std::pair<std::string, std::string>>{{"adcode", ""}, {"NAME", "名称"}}));
    EXPECT_EQ(layer.simplify_m, 10);
    EXPECT_EQ(layer.reach_m, 2.5);
}

TEST(Config, LayerNeedsOnlyIdAndSource)
{
    auto const config =
        config_of("[[layers]]\nid = \"a\"\nsource = \"PG:host=db/x\"\n[[layers]]\nid = \"b\"\nsource = \"/vsizip/x.zip/b.shp\"\n");

    ASSERT_EQ(config.layers.size(), 2U);
    EXPECT_EQ(config.layers[0].source, "PG:host=db/x");      // not a path
    EXPECT_EQ(config.layers[0].title, "a");
    EXPECT_EQ(config.layers[0].name_attribute, "name");
    EXPECT_EQ(config.layers[0].reach_m, 5000);
    EXPECT_EQ(config.layers[0].role, LayerRole::other);
    EXPECT_FALSE(config.layers[0].gcj02);
    EXPECT_EQ(config.layers[1].source, "/vsizip/x.zip/b.shp");
}

TEST(Config, LayerSaysHowAccurateItIs)
{
    auto const config = config_of(R"(
[[layers]]
id = "derived"
source = "a.geojson"
role = "river"
accuracy_m = 2500
accuracy_attribute = "accuracy_m"
approximate = true
[[layers]]
id = "rivers"
source = "b.geojson"
role = "river"
)");
    EXPECT_EQ(config.layers[0].accuracy_m, 2500);
    EXPECT_EQ(config.layers[0].accuracy_attribute, "accuracy_m");
    EXPECT_TRUE(config.layers[0].approximate);
    EXPECT_EQ(config.layers[1].accuracy_m, std::nullopt);
    EXPECT_FALSE(config.layers[1].approximate);
    EXPECT_EQ(only_failure("[[layers]]\nid = \"a\"\nsource = \"a\"\nrole = \"lake\"\napproximate = true\n").code, Errc::bad_value);
}

TEST(Config, ZoneIsARuleOnARaster)
{
    auto const config = config_of(R"(
[[layers]]
id = "elevation"
source = "dem.tif"
role = "raster"
[[zones]]
id = "clean-heating"
title = "清洁取暖区"
rule = "elevation < 400"
[[zones]]
id = "high"
rule = "elevation>1e3"
)");

    ASSERT_EQ(config.zones.size(), 2U);
    EXPECT_EQ(config.zones[0].id, "clean-heating");
    EXPECT_EQ(config.zones[0].title, "清洁取暖区");
    EXPECT_EQ(config.zones[0].raster, "elevation");
    EXPECT_EQ(config.zones[0].below, 400.0);
    EXPECT_EQ(config.zones[0].above, std::nullopt);
    EXPECT_EQ(config.zones[1].title, "high");
    EXPECT_EQ(config.zones[1].below, std::nullopt);
    EXPECT_EQ(config.zones[1].above, 1000.0);
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
                              "access_key_parameter, cors_origins, response_cache_mb"},
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

TEST(Config, ADeviceMayHaveSeveralFormsOfCheckSum)
{
    std::string const device = "[[devices]]\nmn = \"A\"\nsite = \"zhangliuzhuang\"\npassword = \"x\"\ncrc = ";
    auto const config = config_of(device + "[\"modbus\", \"hj212\", \"modbus\"]\n");
    EXPECT_EQ(config.devices.at(0).crc, CrcForm::modbus);
    EXPECT_EQ(config.devices.at(0).other_crc, std::vector{CrcForm::hj212});
}

TEST(Config, ReadsEveryKeyOfADevice)
{
    auto const config = config_of(R"([[devices]]
mn = "A140800_0001"
site = "zhangliuzhuang"
password = "12 3456="
st = ["21", "91"]
networks = ["10.8.0.0/16", "fd00::1"]
crc = "modbus-swapped"
units = { w21003 = "ug/L", conductivity = "mS/cm" }
data_time = "end"
hour_data = "4h"
minute_interval = "1h"
missing_flag = "N"
judged = ["realtime", "4h"]
sm4_key = "0123456789abcdefFEDCBA9876543210"
encrypted_only = true
refill = false
[[devices]]
mn = "B"
site = "zhangliuzhuang"
password = "x"
st = "22"
sm4_key = "sixteen letters."
)");

    Device first;
    first.mn = "A140800_0001";
    first.site = "zhangliuzhuang";
    first.password = "12 3456=";
    first.system_types = {"21", "91"};
    first.networks = {"10.8.0.0/16", "fd00::1"};
    first.crc = CrcForm::modbus_swapped;
    first.units = {{"conductivity", "mS/cm"}, {"w21003", "ug/L"}};
    first.time_is_end = true;
    first.hour_data = IntervalKind::four_hours;
    first.minute_interval = 60min;
    first.missing_flag = Flag{'N'};
    first.judged = {IntervalKind::realtime, IntervalKind::four_hours};
    first.sm4_key = "0123456789abcdefFEDCBA9876543210";
    first.encrypted_only = true;
    first.refill = false;
    Device second;                                       // everything else by default
    second.mn = "B";
    second.site = "zhangliuzhuang";
    second.password = "x";
    second.system_types = {"22"};
    second.sm4_key = "sixteen letters.";
    EXPECT_EQ(config.devices, (std::vector{first, second}));
}

TEST(Config, RefusesWrongValuesOfADevice)
{
    for (std::string const key : {
             "st = \"2\"",
             "st = [\"211\"]",
             "st = [\"2;\"]",
             "st = 21",
             "st = [21]",
             "networks = [\"10.0.0.0/33\"]",
             "networks = \"::1\"",
             "crc = \"ccitt\"",
             "crc = [\"hj212\", \"ccitt\"]",
             "crc = []",
             "crc = 16",
             "units = \"mg/L\"",
             "units = { w21003 = \"\" }",
             "units = { w21003 = 1 }",
             "data_time = \"middle\"",
             "hour_data = \"day\"",
             "minute_interval = \"0m\"",
             "minute_interval = \"61m\"",
             "minute_interval = \"90s\"",
             "minute_interval = 10",
             "missing_flag = \"\"",
             "missing_flag = \"N!\"",
             "judged = []",
             "judged = [\"week\"]",
             "judged = \"hour\"",
             "judged = [1]",
             "sm4_key = \"short\"",
             "sm4_key = \"0123456789abcdefFEDCBA987654321x\"",
             "encrypted_only = \"yes\"",
         }) {
        auto const failure = only_failure("devices = [{ mn = \"A\", site = \"a\", password = \"p\", " + key + " }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << key;
        EXPECT_TRUE(failure.detail.starts_with("yihong.toml:1:")) << failure.detail;
        EXPECT_NE(failure.detail.find("devices[0]." + key.substr(0, key.find(' '))), std::string::npos) << failure.detail;
    }
    for (std::string const mn : {"", "A B", "A;B", "A,B", "A=B", "A&B", "A#B", "站", "A\\u0007",
                                 "12345678901234567890123456789012345678901234567890123456789012345"})
        EXPECT_EQ(only_failure("devices = [{ site = \"a\", password = \"p\", mn = \"" + mn + "\" }]\n").code, Errc::bad_value) << mn;
    for (std::string const password :
         {"", " a", "a ", "a;b", "a,b", "a&b", "密码", "12345678901234567890123456789012345678901234567890123456789012345"})
        EXPECT_EQ(only_failure("devices = [{ site = \"a\", mn = \"A\", password = \"" + password + "\" }]\n").code, Errc::bad_value)
            << password;
    EXPECT_EQ(only_failure("devices = [{ mn = \"A\", password = \"p\", site = \"a b\" }]\n").code, Errc::bad_value);
}

TEST(Config, TellsEveryProblemOfDevicesWithItsPlace)
{
    auto const failures = failures_of(R"([[devices]]
site = "a"
password = "secret;1"
judged = ["hour", "day", "hour"]
encrypted_only = true
[[devices]]
mn = "A"
site = "a"
password = "p"
pasword = "p"
[[devices]]
mn = "A"
site = "b"
password = "p"
st = ["21", "x"]
)");

    std::vector<Failure> const expected{
        {Errc::missing_field, "yihong.toml:1:1: devices[0].mn: is missing"},
        {Errc::bad_value,
         "yihong.toml:3:12: devices[0].password: must be 1 to 64 printable ASCII characters without ; , & and blanks at its ends"},
        {Errc::duplicate_id, "yihong.toml:4:26: devices[0].judged: \"hour\" stands here twice"},
        {Errc::missing_field, "yihong.toml:5:18: devices[0].encrypted_only: needs sm4_key, without which nothing can be read"},
        {Errc::unknown_field,
         "yihong.toml:10:1: devices[1].pasword: is not a key here; the keys are mn, site, password, st, networks, crc, units, data_time, "
         "hour_data, minute_interval, missing_flag, judged, sm4_key, refill, encrypted_only"},
        {Errc::duplicate_id, "yihong.toml:12:6: devices[2].mn: \"A\" is the MN of another device too"},
        {Errc::bad_value, "yihong.toml:15:13: devices[2].st: holds system types of two digits or letters, such as \"21\""},
    };
    EXPECT_EQ(failures, expected);
}

TEST(Config, ReadsEveryKeyOfAForward)
{
    auto const config = config_of(R"([[forward]]
id = "province"
address = "hj212.province-1.example:9212"
password = "12 3456="
sites = ["a", "b"]
intervals = ["realtime", "4h"]
edition = "surface-water"
st = "2A"
mn = { a = "A140800_0001", b = "B" }
crc = "modbus"
sm4_key = "sixteen letters."
window = 64
answer_timeout = "1500ms"
[[forward]]
id = "country"
address = "[fd00::1]:1"
password = "x"
)");

    Forward first;
    first.id = "province";
    first.host = "hj212.province-1.example";
    first.port = 9212;
    first.password = "12 3456=";
    first.sites = {"a", "b"};
    first.intervals = {IntervalKind::realtime, IntervalKind::four_hours};
    first.edition = "surface-water";
    first.system_type = "2A";
    first.mns = {{"a", "A140800_0001"}, {"b", "B"}};
    first.crc = CrcForm::modbus;
    first.sm4_key = "sixteen letters.";
    first.window = 64;
    first.answer_timeout = 1500ms;
    Forward second;                                      // everything else by default
    second.id = "country";
    second.host = "fd00::1";
    second.port = 1;
    second.password = "x";
    EXPECT_EQ(config.forwards, (std::vector{first, second}));
}

TEST(Config, RefusesWrongValuesOfAForward)
{
    for (std::string const key : {
             "sites = []",
             "sites = \"a\"",
             "sites = [1]",
             "sites = [\"a b\"]",
             "intervals = []",
             "intervals = [\"sample\"]",
             "intervals = [\"week\"]",
             "edition = \"2012\"",
             "edition = 2017",
             "st = \"2\"",
             "st = [\"21\"]",
             "mn = \"A\"",
             "mn = { a = \"\" }",
             "mn = { a = 1 }",
             "mn = { a = \"A;B\" }",
             "crc = \"ccitt\"",
             "sm4_key = \"short\"",
             "window = 0",
             "window = 65",
             "answer_timeout = \"50ms\"",
             "answer_timeout = \"11m\"",
             "answer_timeout = 10",
         }) {
        auto const failure = only_failure("forward = [{ id = \"A\", address = \"a:1\", password = \"p\", " + key + " }]\n");
        EXPECT_EQ(failure.code, Errc::bad_value) << key;
        EXPECT_NE(failure.detail.find("forward[0]." + key.substr(0, key.find(' '))), std::string::npos) << failure.detail;
    }
    for (std::string const address :
         {"", "a", "a:", ":1", "a:0", "a:65536", "a b:1", "http://a:1", "fd00::1:1", "[a]:1", "[fd00::1]", ".a:1", "省:1"})
        EXPECT_EQ(only_failure("forward = [{ id = \"a\", password = \"p\", address = \"" + address + "\" }]\n").code, Errc::bad_value)
            << address;
    EXPECT_EQ(only_failure("forward = [{ id = \"a b\", address = \"a:1\", password = \"p\" }]\n").code, Errc::bad_value);
    EXPECT_EQ(only_failure("forward = [{ id = \"a\", address = \"a:1\" }]\n").code, Errc::missing_field);
    EXPECT_EQ(
        only_failure(
            "[[forward]]\nid = \"a\"\naddress = \"a:1\"\npassword = \"p\"\n[[forward]]\nid = \"a\"\naddress = \"b:1\"\npassword = \"p\"\n"),
        (Failure{Errc::duplicate_id, "yihong.toml:6:6: forward[1].id: \"a\" is the id of another forward too"}));
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

TEST(Config, IdsAreUnique)
{
    EXPECT_EQ(only_failure("layers = [{ id = \"a\", source = \"x\" }, { id = \"a\", source = \"y\" }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"air-stations\", source = \"x\" }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"a\", source = \"x\", attributes = [\"n\", \"n\"] }]").code, Errc::duplicate_id);
    EXPECT_EQ(only_failure("layers = [{ id = \"r\", source = \"x\", role = \"raster\" }]\n"
                           "zones = [{ id = \"z\", rule = \"r < 1\" }, { id = \"z\", rule = \"r > 1\" }]")
                  .code,
              Errc::duplicate_id);
}

TEST(Config, ZoneNeedsItsRaster)
{
    auto const failure =
        only_failure("layers = [{ id = \"elevation\", source = \"x\" }]\nzones = [{ id = \"z\", rule = \"elevation < 400\" }]");

    EXPECT_EQ(failure,
              (Failure{Errc::bad_value, "yihong.toml:2:29: zones[0].rule: no layer with role \"raster\" has the id \"elevation\""}));
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

TEST(ParseEndpoint, TakesNumericAddressesOnly)
{
    EXPECT_EQ(parse_endpoint("0.0.0.0:80"), (Endpoint{"0.0.0.0", 80}));
    EXPECT_EQ(parse_endpoint("[::]:65535"), (Endpoint{"::", 65535}));
    for (auto const* text : {"", ":", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8080x", "::1:8080",
                             "[127.0.0.1]:80", "[::1]", "[]:80", "256.0.0.1:80", "127.1:80"})
        EXPECT_FALSE(parse_endpoint(text).has_value()) << text;
}

TEST(Endpoint, KnowsLoopback)
{
    EXPECT_TRUE((Endpoint{"127.0.0.1", 1}).is_loopback());
    EXPECT_TRUE((Endpoint{"127.8.8.8", 1}).is_loopback());
    EXPECT_TRUE((Endpoint{"::1", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"0.0.0.0", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"::", 1}).is_loopback());
    EXPECT_FALSE((Endpoint{"10.127.0.1", 1}).is_loopback());
}

TEST(ParseDuration, NeedsAUnit)
{
    EXPECT_EQ(parse_duration("250ms"), 250ms);
    EXPECT_EQ(parse_duration("10s"), 10s);
    EXPECT_EQ(parse_duration("5m"), 5min);
    EXPECT_EQ(parse_duration("3h"), 3h);
    EXPECT_EQ(parse_duration("2d"), 48h);
    EXPECT_EQ(parse_duration("0s"), 0s);
    for (auto const* text : {"", "s", "10", "10 s", "-1s", "1.5h", "1w", "99999999999999999999s", "9999999999d"})
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
}

TEST(ParseZoneRule, RefusesWhatIsNoRule)
{
    for (auto const* text : {"", "<", "elevation", "elevation <", "< 400", "elevation <= 400", "elevation < nan", "elevation < 4 0",
                             "a b < 1", "100 < elevation < 400"})
        EXPECT_FALSE(parse_zone_rule(text).has_value()) << text;
}

}  // namespace
}  // namespace yihong
