// Against the real thing: Alertmanager, Mosquitto, a program.
#include "alertmanager.hpp"
#include "child.hpp"
#include "mqtt.hpp"
#include "notify_fixture.hpp"

#include "yihong/http/client.hpp"

#include <simdjson.h>

#include <map>
#include <sys/stat.h>

namespace yihong::testing {
namespace {

class ReceiversTest : public NotifyTest {
protected:
    void SetUp() override { std::filesystem::create_directories(folder.path()); }
    TemporaryFolder folder;
};

TEST_F(ReceiversTest, AlertmanagerShowsWhatIsOpenAndForgetsWhatIsResolved)
{
    auto const port = free_port();
    std::ofstream{folder.path() / "am.yml"} << "route:\n  receiver: none\nreceivers:\n  - name: none\n";
    Child const alertmanager{{"prometheus-alertmanager", "--config.file=" + (folder.path() / "am.yml").string(),
                              "--storage.path=" + (folder.path() / "am").string(), fmt::format("--web.listen-address=127.0.0.1:{}", port),
                              "--cluster.listen-address="},
                             folder.path() / "am.log"};
    ASSERT_TRUE(eventually([&] { return is_listening(port); })) << content(folder.path() / "am.log");
    /// (severity, site, starts) of what is firing
    auto const firing = [&] {
        std::vector<std::string> all;
        simdjson::dom::parser parser;
        simdjson::dom::element root = parser.parse(http::request("127.0.0.1", port, "GET", "/api/v2/alerts?active=true").body);
        for (auto const& alert : root.get_array()) {
            auto const text = [&](std::string_view pointer) { return std::string{alert.at_pointer(pointer).get_string().value()}; };
            all.push_back(fmt::format("{} {} {} {} {}", text("/labels/alertname"), text("/labels/severity"), text("/labels/site"),
                                      text("/startsAt"), text("/annotations/summary")));
        }
        return all;
    };
    std::string const named = " zhangliuzhuang 2025-11-06T16:00:00.000Z 张留庄断面水质劣于Ⅲ类（Ⅳ类）";
    using All = std::vector<std::string>;
    open(store, {channel(ChannelKind::alertmanager, fmt::format("http://127.0.0.1:{}/", port))});
    auto const now = format_rfc3339(utc_now());
    raise({document({.time = now})});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(eventually([&] { return firing() == All{"below-class-iii alert" + named}; })) << ::testing::PrintToString(firing());
    raise({document({.step = 2, .kind = "escalated", .severity = "high", .time = now})});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(eventually([&] { return firing() == All{"below-class-iii high" + named}; })) << ::testing::PrintToString(firing());
    raise({document({.step = 3, .kind = "resolved", .severity = "high", .time = now})});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(eventually([&] { return firing().empty(); }));
    EXPECT_TRUE(dead().empty());
}

class MqttTest : public ReceiversTest {
protected:
    void serve(std::string const& more = "allow_anonymous true\n")
    {
        port = free_port();
        std::ofstream{folder.path() / "mosquitto.conf"} << fmt::format("listener {} 127.0.0.1\n{}", port, more);
        broker = std::make_unique<Child>(std::vector<std::string>{"mosquitto", "-c", (folder.path() / "mosquitto.conf").string()},
                                         folder.path() / "mosquitto.log");
        ASSERT_TRUE(eventually([&] { return is_listening(port); })) << content(folder.path() / "mosquitto.log");
    }
    void subscribe(std::vector<std::string> more = {})
    {
        std::vector<std::string> argv{"stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(port), "-q", "1", "-t", "#",
                                      "-d",     "-F",  "%t %q %r %p"};
        std::ranges::move(more, std::back_inserter(argv));
        subscriber = std::make_unique<Child>(std::move(argv), folder.path() / "got");
        ASSERT_TRUE(eventually([&] { return content(folder.path() / "got").find("Subscribed") != std::string::npos; }))
            << content(folder.path() / "got");
    }
    bool got(std::string const& line) const
    {
        return eventually([&] { return content(folder.path() / "got").find(line + "\n") != std::string::npos; });
    }
    std::uint16_t port = 0;
    std::unique_ptr<Child> broker, subscriber;
};

TEST_F(MqttTest, ASubscriberGetsTheDocument)
{
    serve();
    subscribe();
    auto to = channel(ChannelKind::mqtt, fmt::format("mqtt://127.0.0.1:{}", port));
    to.topic = "yihong/{county}/{site_id}/{event}";
    open(store, {to});
    raise({document({.site = "a/#+b"}), document({.step = 2, .kind = "updated"})});
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(got("yihong/河津市/a___b/opened 1 0 " + document({.site = "a/#+b"}))) << content(folder.path() / "got");
    EXPECT_TRUE(got("yihong/河津市/zhangliuzhuang/updated 1 0 " + document({.step = 2, .kind = "updated"})));
}

TEST_F(MqttTest, LogsInAndWaitsForABrokerThatIsAway)
{
    ASSERT_EQ(run({"mosquitto_passwd", "-b", "-c", (folder.path() / "users").string(), "yihong", "right"}, folder.path() / "passwd.log"),
              0);
    ASSERT_EQ(chmod((folder.path() / "users").c_str(), 0644), 0);
    ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);      // started by root, the broker becomes another user
    serve("allow_anonymous false\npassword_file " + (folder.path() / "users").string() + "\n");
    auto to = channel(ChannelKind::mqtt, fmt::format("mqtt://localhost:{}", port));
    to.username = "yihong";
    to.secrets = {"wrong"};
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    EXPECT_NE(dispatcher->status().at(0).last_error.find("refused"), std::string::npos) << dispatcher->status().at(0).last_error;
    close();
    to.url = fmt::format("mqtt://127.0.0.1:{}", port);
    to.secrets = {"right"};
    broker.reset();
    open(store, {to});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    Child const again{{"mosquitto", "-c", (folder.path() / "mosquitto.conf").string()}, folder.path() / "mosquitto.log"};
    EXPECT_TRUE(is_emptied()) << dispatcher->status().at(0).last_error;
}

TEST_F(MqttTest, RefusesTargetsInside)
{
    serve();
    auto to = channel(ChannelKind::mqtt, fmt::format("mqtt://localhost:{}", port));
    to.allow_private = false;
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    EXPECT_NE(dispatcher->status().at(0).last_error.find("is not a public address"), std::string::npos);
    EXPECT_EQ(content(folder.path() / "mosquitto.log").find("yihong-duty"), std::string::npos);
}

class CommandTest : public ReceiversTest {
protected:
    Channel program(std::string const& script, std::vector<std::string> arguments = {})
    {
        auto const file = folder.path() / "program";
        std::ofstream{file} << "#!/bin/sh\n" << script;
        chmod(file.c_str(), 0700);
        auto made = channel(ChannelKind::command, "");
        made.argv = {file.string()};
        std::ranges::move(arguments, std::back_inserter(made.argv));
        return made;
    }
};

TEST_F(CommandTest, GetsTheDocumentOnStandardInputAndItsArgumentsAsTheyAre)
{
    open(store,
         {program(fmt::format("cd {}\nprintf '%s' \"$1\" > argument\ncat > part\nenv > environment\nmv part got\n", folder.path().string()),
                  {"$(id); *"})});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(content(folder.path() / "got"), document());
    EXPECT_EQ(content(folder.path() / "argument"), "$(id); *");
    auto const environment = content(folder.path() / "environment");
    EXPECT_NE(environment.find("YIHONG_EVENT_ID=zhangliuzhuang-water-20251106T120000Z.1\n"), std::string::npos);
    EXPECT_EQ(environment.find("HOME="), std::string::npos);
}

TEST_F(CommandTest, ItsExitCodeAndTheDeadlineDecide)
{
    auto to =
        program(fmt::format("cd {}\necho x >> tries\n[ $(wc -l < tries) = 1 ] && exit 3\n[ $(wc -l < tries) = 2 ] && sleep 60\nexit 0\n",
                            folder.path().string()));
    to.timeout = 300ms;
    open(store, {to});
    raise({document()});
    auto const begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(is_emptied());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_EQ(content(folder.path() / "tries"), "x\nx\nx\n");
    EXPECT_EQ(dispatcher->status().at(0).failed, 2U);
}

TEST_F(CommandTest, ADocumentThatNobodyReadsDoesNoHarm)
{
    open(store, {program("exec 0<&-\nexit 0\n")});
    auto long_text = document();
    long_text.insert(long_text.size() - 1, ",\"more\":\"" + std::string(3'000'000, 'x') + "\"");
    raise({long_text});
    EXPECT_TRUE(is_emptied()) << dispatcher->status().at(0).last_error;
    close();
    auto missing = channel(ChannelKind::command, "");
    missing.argv = {"/no/such/program"};
    open(store, {missing});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; }));
    EXPECT_NE(dispatcher->status().at(0).last_error.find("cannot be run"), std::string::npos);
}

}  // namespace
}  // namespace yihong::testing
