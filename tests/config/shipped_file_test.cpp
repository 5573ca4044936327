#include "fixture.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

/// config/yihong.toml, the file that ships: it shows the defaults and explains every key.
namespace yihong {
namespace {

std::filesystem::path const shipped{YIHONG_SOURCE_DIR "/config/yihong.toml"};

/// Of a message that refuses `no_such_key` and names the keys that there are.
std::vector<std::string> keys_beside(std::string const& toml)
{
    auto const detail = only_failure(toml).detail;
    auto const keys = detail.substr(detail.find("the keys are ") + 13);
    std::regex const word{"[a-z0-9_]+"};
    std::vector<std::string> all;
    for (std::sregex_iterator it{keys.begin(), keys.end(), word}, end; it != end; ++it)
        all.push_back(it->str());
    return all;
}

TEST(Config, ShippedFileShowsTheDefaults)
{
    auto const config = load_config(shipped);
    auto const defaults = parse_config("", shipped);

    ASSERT_TRUE(config.has_value()) << config.error().front().detail;
    EXPECT_EQ(config->server, defaults->server);
    EXPECT_EQ(config->landing, defaults->landing);
    EXPECT_EQ(config->ogc, defaults->ogc);
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
    for (std::string const table : {"server",
                                    "server.sign_on",
                                    "tls",
                                    "landing",
                                    "reports",
                                    "reports.ranking",
                                    "reports.air_index",
                                    "reports.outfalls",
                                    "ogc",
                                    "console",
                                    "console.basemap",
                                    "store",
                                    "intake",
                                    "hj212",
                                    "standards",
                                    "alerts",
                                    "log",
                                    "sites",
                                    "notify",
                                    "heartbeat"}) {
        for (auto const& key : keys_beside("[" + table + "]\nno_such_key = 1\n"))  // one without a default stands in a comment
            EXPECT_TRUE(text.contains("\n" + key + " = ") || text.contains("\n# " + key + " = ") ||
                        text.contains("[" + table + "." + key + "]"))
                << table << "." << key;
    }
}

TEST(Config, ShippedFileExplainsEveryKeyOfALayer)
{
    std::ifstream in{shipped};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    text = text.substr(text.find("The keys of a layer:"));
    text.resize(text.find("\n[[layers]]"));
    auto const keys = keys_beside("layers = [{ id = \"a\", source = \"a\", no_such_key = 1 }]\n");
    for (auto const& key : keys)
        EXPECT_TRUE(std::regex_search(text, std::regex{"\n#   ([a-z_]+ )*" + key + " "})) << key;
    EXPECT_EQ(keys.size(), 21U);
}

TEST(Config, ShippedFileExplainsEveryKeyOfADevice)
{
    std::ifstream in{shipped};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    text = text.substr(text.find("The keys of a device:"));
    text.resize(text.find("\n# 上级平台"));
    auto const keys = keys_beside("devices = [{ mn = \"A\", site = \"a\", password = \"p\", no_such_key = 1 }]\n");
    for (auto const& key : keys)
        EXPECT_NE(text.find("\n#   " + key + " "), std::string::npos) << key;
    EXPECT_EQ(keys.size(), 15U);

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
    auto const keys = keys_beside("forward = [{ id = \"a\", address = \"a:1\", password = \"p\", no_such_key = 1 }]\n");
    for (auto const& key : keys)
        EXPECT_NE(text.find("\n#   " + key + " "), std::string::npos) << key;
    EXPECT_EQ(keys.size(), 12U);

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
    auto const keys = keys_beside("channels = [{ id = \"a\", kind = \"webhook\", url = \"http://a\", no_such_key = 1 }]\n");
    for (auto const& key : keys)
        EXPECT_NE(text.find("\n#   " + key + " "), std::string::npos) << key;
    EXPECT_EQ(keys.size(), 23U);

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

}  // namespace
}  // namespace yihong
