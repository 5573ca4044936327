#include "yihong/notify/heartbeat.hpp"
#include "yihong/notify/routes.hpp"

#include "http_receiver.hpp"
#include "notify_fixture.hpp"

#include "yihong/http/client.hpp"
#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"

#include <simdjson.h>

namespace yihong::testing {
namespace {

using Answer = HttpReceiver::Answer;
using Got = HttpReceiver::Got;

class NotifyRoutesTest : public NotifyTest {
protected:
    void TearDown() override
    {
        if (server)
            server->stop();
        close();
    }
    void serve(Outbox const* outbox = nullptr)
    {
        router.publish(std::make_shared<http::Router const>(notify::make_routes({.dispatcher = *dispatcher,
                                                                                 .writer = core->writer,
                                                                                 .state = core->state,
                                                                                 .outbox = outbox ? *outbox : *store_,
                                                                                 .alerts = *store_,
                                                                                 .journal = *store_,
                                                                                 .readers = readers,
                                                                                 .settings = {}})));
        auto const everybody = [](std::string_view secret) -> std::optional<http::Principal> {
            return secret == "t" ? std::optional{http::Principal{"tester", {http::Scope::operate}}} : std::nullopt;
        };
        http::ServerOptions options;
        options.port = 0;
        options.threads = 1;
        server = std::make_unique<http::Server>(options, router, everybody, [](http::RequestSummary const&) {});
        server->start();
    }
    http::ClientReply ask(std::string_view method, std::string_view target, std::string const& token = "t") const
    {
        return http::request("127.0.0.1", server->port(), method, target,
                             token.empty() ? http::Headers{} : http::Headers{{"Authorization", "Bearer " + token}});
    }
    static std::string at(std::string const& json, std::string_view pointer)
    {
        simdjson::dom::parser parser;
        simdjson::dom::element root = parser.parse(json);
        simdjson::dom::element value;
        return root.at_pointer(pointer).get(value) == simdjson::SUCCESS ? simdjson::minify(value) : "absent";
    }

    net::Pool readers{2, 16};
    Snapshot<http::Router> router{std::make_shared<http::Router const>(std::vector<http::Route>{})};
    std::unique_ptr<http::Server> server;
};

TEST_F(NotifyRoutesTest, ADeadLetterIsShownReplayedAndDropped)
{
    std::atomic<bool> accepts = false;
    HttpReceiver const receiver{[&](Got const&, std::size_t) { return Answer{accepts ? 200 : 422, "unknown site", {}, {}}; }};
    auto to = channel(ChannelKind::webhook, receiver.url("/hook/very-secret"));
    open(store, {to});
    serve();
    raise({document({.alert = "a"}), document({.alert = "b"})});
    ASSERT_TRUE(is_emptied());
    auto const listed = ask("GET", "/api/v1/notifications");
    EXPECT_EQ(listed.status, 200);
    EXPECT_EQ(listed.body.find("very-secret"), std::string::npos) << listed.body;
    EXPECT_EQ(at(listed.body, "/channels/0/id"), "\"duty\"");
    EXPECT_EQ(at(listed.body, "/channels/0/kind"), "\"webhook\"");
    EXPECT_EQ(at(listed.body, "/channels/0/waiting"), "0");
    EXPECT_EQ(at(listed.body, "/channels/0/dead"), "2");
    EXPECT_NE(at(listed.body, "/channels/0/failing_since"), "null");
    EXPECT_EQ(at(listed.body, "/channels/0/last_error"), "\"answered 422: unknown site\"");
    EXPECT_EQ(at(listed.body, "/channels/0/dead_letters/0/event"), "\"a.1\"");
    EXPECT_EQ(at(listed.body, "/channels/0/dead_letters/0/attempts"), "1");
    EXPECT_EQ(at(listed.body, "/channels/0/dead_letters/0/error"), "\"answered 422: unknown site\"");
    auto const first = at(listed.body, "/channels/0/dead_letters/0/id");
    auto const second = at(listed.body, "/channels/0/dead_letters/1/id");

    accepts = true;
    EXPECT_EQ(ask("POST", "/api/v1/notifications/duty/dead/" + first + "/replay").status, 200);
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(eventually([&] { return receiver.got().size() == 3; }));
    EXPECT_EQ(receiver.got().back().body, document({.alert = "a"}));
    EXPECT_EQ(ask("POST", "/api/v1/notifications/duty/dead/" + first + "/replay").status, 404);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/duty/dead/" + second).status, 200);
    EXPECT_TRUE(dead().empty());
    auto const after = ask("GET", "/api/v1/notifications").body;
    EXPECT_EQ(at(after, "/channels/0/dead"), "0");
    EXPECT_EQ(at(after, "/channels/0/failing_since"), "null");
    auto const metrics = notify::metrics_text(dispatcher->status());
    EXPECT_NE(metrics.find("\nyihong_notifications_delivered_total{channel=\"duty\"} 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("\nyihong_notifications_failing{channel=\"duty\"} 0\n"), std::string::npos) << metrics;
    EXPECT_EQ(notify::metrics_text({}), "");
}

TEST_F(NotifyRoutesTest, AllDeadLettersOfAChannelAreReplayedAtOnce)
{
    std::atomic<bool> accepts = false;
    HttpReceiver const receiver{[&](Got const&, std::size_t) { return Answer{accepts ? 200 : 422, "unknown site", {}, {}}; }};
    open(store, {channel(ChannelKind::webhook, receiver.url("/hook"))});
    serve();
    raise({document({.alert = "a"}), document({.alert = "b"}), document({.alert = "c"})});
    ASSERT_TRUE(is_emptied());
    ASSERT_EQ(dead().size(), 3U);
    accepts = true;
    auto const replayed = ask("POST", "/api/v1/notifications/duty/dead/replay");
    EXPECT_EQ(replayed.status, 200) << replayed.body;
    EXPECT_EQ(at(replayed.body, "/replayed"), "3");
    ASSERT_TRUE(is_emptied());
    EXPECT_TRUE(eventually([&] { return receiver.got().size() == 6; }));
    EXPECT_TRUE(dead().empty());
    EXPECT_EQ(at(ask("POST", "/api/v1/notifications/duty/dead/replay").body, "/replayed"), "0");
    EXPECT_EQ(ask("POST", "/api/v1/notifications/nobody/dead/replay").status, 404);
}

/// What happens between the reading of a queue and what is done with it.
struct OutboxWithHook final : Outbox {
    Outbox const& store;
    std::function<void()> hook;
    explicit OutboxWithHook(Outbox const& real) : store{real} {}
    [[nodiscard]] std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const override
    {
        auto found = store.outbox(queue, after, limit);
        if (!found.empty() && hook)
            hook();
        return found;
    }
};

TEST_F(NotifyRoutesTest, ALetterThatIsSettledWhileAllAreReplayedIsNotSentTwice)
{
    std::atomic<bool> accepts = false;
    HttpReceiver const receiver{[&](Got const&, std::size_t) { return Answer{accepts ? 200 : 422, "unknown site", {}, {}}; }};
    open(store, {channel(ChannelKind::webhook, receiver.url("/hook"))});
    OutboxWithHook outbox{*store_};
    std::atomic<int> others = 0;
    int single = 0;
    serve(&outbox);
    raise({document({.alert = "a"})});
    ASSERT_TRUE(is_emptied());
    ASSERT_EQ(dead().size(), 1U);
    accepts = true;
    auto const one = "/api/v1/notifications/duty/dead/" + std::to_string(dead().front().id) + "/replay";
    outbox.hook = [&] {
        if (others++ == 0)
            single = ask("POST", one).status;
    };
    EXPECT_EQ(ask("POST", "/api/v1/notifications/duty/dead/replay").status, 200);
    EXPECT_EQ(single, 409);
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 2U) << "when it died, and once more";
    EXPECT_EQ(dispatcher->status().front().dead, 0U);
}

TEST_F(NotifyRoutesTest, AWrongSecretPausesTheChannelAndKillsNothing)
{
    HttpReceiver const receiver{[&](Got const&, std::size_t) { return Answer{401, "who are you", {}, {}}; }};
    open(store, {channel(ChannelKind::webhook, receiver.url("/hook"))});
    serve();
    raise({document({.alert = "a"}), document({.alert = "b"})});
    EXPECT_TRUE(eventually(
        [&] { return at(ask("GET", "/api/v1/notifications").body, "/channels/0/last_error") == "\"answered 401: who are you\""; }));
    auto const listed = ask("GET", "/api/v1/notifications").body;
    EXPECT_EQ(at(listed, "/channels/0/waiting"), "2");
    EXPECT_EQ(at(listed, "/channels/0/dead"), "0");
}

TEST_F(NotifyRoutesTest, RefusesWhatIsNotThereAndWhoMayNot)
{
    open(store, {channel(ChannelKind::webhook, "http://127.0.0.1:9/")});
    serve();
    EXPECT_EQ(ask("GET", "/api/v1/notifications", "").status, 401);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/duty/dead/1", "").status, 401);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/duty/dead/1").status, 404);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/nobody/dead/1").status, 404);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/duty/dead/x").status, 400);
    EXPECT_EQ(ask("DELETE", "/api/v1/notifications/duty/dead/0").status, 400);
    EXPECT_EQ(ask("GET", "/api/v1/notifications?x=1").status, 400);
    EXPECT_EQ(ask("GET", "/api/v1/alerts/a/cap").status, 404) << "there is no such alert";
}

TEST_F(NotifyRoutesTest, CapOfAnAlertAndTheFeed)
{
    keep_story(store, "a", {document({.alert = "a"}), document({.alert = "a", .step = 2, .kind = "resolved"})},
               yihong::testing::at("2025-11-06T17:00:00Z"));
    keep_story(store, "b", {document({.alert = "b"})});
    open(store, {});
    serve();
    auto const cap = ask("GET", "/api/v1/alerts/a/cap");
    EXPECT_EQ(cap.status, 200);
    EXPECT_EQ(*cap.header("Content-Type"), "application/cap+xml; charset=utf-8");
    EXPECT_NE(cap.body.find("<msgType>Cancel</msgType>"), std::string::npos) << cap.body;
    EXPECT_EQ(ask("GET", "/api/v1/alerts/zzz/cap").status, 404);
    auto const feed = ask("GET", "/api/v1/alerts/cap.atom");
    EXPECT_EQ(feed.status, 200);
    EXPECT_EQ(*feed.header("Content-Type"), "application/atom+xml; charset=utf-8");
    EXPECT_LT(feed.body.find("/api/v1/alerts/a/cap"), feed.body.find("/api/v1/alerts/b/cap")) << "what changed last comes first";
    EXPECT_NE(feed.body.find(fmt::format("href=\"http://127.0.0.1:{}/api/v1/alerts/b/cap\"", server->port())), std::string::npos)
        << feed.body;
}

TEST_F(NotifyRoutesTest, HeartbeatsStopWithTheStore)
{
    HttpReceiver const watcher;
    open(store, {});
    notify::Heartbeat heartbeat{{.url = watcher.url("/ping/1"), .interval = 20ms, .allow_private = true}, core->writer};
    heartbeat.start();
    ASSERT_TRUE(watcher.wait_for(3));
    EXPECT_EQ(watcher.got().at(0).method, "GET");
    EXPECT_EQ(watcher.got().at(0).target, "/ping/1");
    store.broken = true;
    std::this_thread::sleep_for(100ms);
    auto const before = watcher.got().size();
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(watcher.got().size(), before);
    store.broken = false;
    EXPECT_TRUE(watcher.wait_for(before + 2));
    heartbeat.stop();
    auto const last = watcher.got().size();
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(watcher.got().size(), last);
}

}  // namespace
}  // namespace yihong::testing
