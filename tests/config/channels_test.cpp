#include "fixture.hpp"
#include "temporary_folder.hpp"

#include <fstream>
#include <string>

namespace yihong {
namespace {

using namespace std::chrono_literals;

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
    for (std::string const key :
         {"secret = \"whsec_short\"", "secret = \"\"", "secret = [1]", "proxy = \"proxy:3128\"", "timeout = \"1ms\"",
          "rate_per_minute = -1", "max_tries = 0", "group_wait = \"10s\"", "language = \"fr\"", "min_severity = \"low\"",
          "title = \"{no_such}\"", "title = \"{} {title:6?}\"", "body = \"{site_name:>5}\"", "topic = \"{no}\"", "qos = 3", "from = \"a\"",
          "to = [\"a b@c\"]", "argv = \"x\""}) {
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

}  // namespace
}  // namespace yihong
