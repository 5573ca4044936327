#include "http_receiver.hpp"
#include "notify_fixture.hpp"
#include "signature.hpp"

#include <map>
#include <set>

namespace yihong::testing {
namespace {

using Answer = HttpReceiver::Answer;
using Got = HttpReceiver::Got;

Answer status(int code) { return {code, {}, {}, {}}; }
std::string const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class WebhookTest : public NotifyTest {
protected:
    Channel webhook(std::string url) const
    {
        auto made = channel(ChannelKind::webhook, std::move(url));
        made.secrets = {secret};
        return made;
    }
    static std::vector<std::string> steps(std::string const& alert, int first, int last)
    {
        std::vector<std::string> all;
        for (int step = first; step <= last; ++step)
            all.push_back(document({.alert = alert, .step = step, .kind = step == 1 ? "opened" : "updated"}));
        return all;
    }
    /// Ids in order of their first arrival, by alert.
    static std::map<std::string, std::vector<std::string>> by_alert(std::vector<Got> const& got)
    {
        std::map<std::string, std::vector<std::string>> all;
        for (auto const& g : got) {
            auto const e = notify::parse_event(g.body).value();
            auto& seen = all[e.alert_id];
            if (std::ranges::find(seen, e.id) == seen.end())
                seen.push_back(e.id);
        }
        return all;
    }
};

TEST_F(WebhookTest, DeliversTheDocumentSigned)
{
    HttpReceiver const receiver;
    open(store, {webhook(receiver.url("/hook?x=1"))});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].method, "POST");
    EXPECT_EQ(got[0].target, "/hook?x=1");
    EXPECT_EQ(got[0].body, document());
    EXPECT_EQ(got[0].header("content-type"), "application/cloudevents+json; charset=utf-8");
    EXPECT_EQ(got[0].header("webhook-id"), "zhangliuzhuang-water-20251106T120000Z.1");
    auto const seconds = std::stoll(got[0].header("webhook-timestamp"));
    EXPECT_LT(std::abs(seconds - std::chrono::floor<std::chrono::seconds>(utc_now()).time_since_epoch().count()), 60);
    std::vector const secrets{secret};
    EXPECT_EQ(got[0].header("webhook-signature"), notify::webhook_signature(secrets, got[0].header("webhook-id"), seconds, got[0].body));
    auto const status = dispatcher->status().at(0);
    EXPECT_EQ(status.target, fmt::format("http://127.0.0.1:{}", receiver.port()));
    EXPECT_EQ(status.delivered, 1U);
    EXPECT_EQ(status.failing_since, std::nullopt);
    EXPECT_TRUE(status.last_delivered_at);
}

TEST_F(WebhookTest, TriesUntilItSucceeds)
{
    HttpReceiver const receiver{
        [](Got const&, std::size_t count) { return status(count <= 4 ? std::vector{500, 503, 408, 429}[count - 1] : 204); }};
    open(store, {webhook(receiver.url())});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 5U);
    EXPECT_EQ(dispatcher->status().at(0).failed, 4U);
    EXPECT_TRUE(dead().empty());
}

TEST_F(WebhookTest, AFailingAlertHoldsBackNobodyElseAndKeepsItsOrder)
{
    // alert bad fails until everything else has arrived
    std::size_t others = 0;
    HttpReceiver const receiver{[&](Got const& g, std::size_t) {
        bool const bad = g.header("webhook-id").starts_with("bad.");
        others += bad ? 0 : 1;
        return status(bad && others < 30 ? 500 : 200);
    }};
    open(store, {webhook(receiver.url())});
    raise(steps("bad", 1, 5));
    ASSERT_TRUE(receiver.wait_for(1));
    for (int alert = 0; alert < 10; ++alert)
        raise(steps(fmt::format("good{}", alert), 1, 3));
    ASSERT_TRUE(is_emptied());
    auto const arrived = by_alert(receiver.got());
    ASSERT_EQ(arrived.size(), 11U);
    EXPECT_EQ(arrived.at("bad"), (std::vector<std::string>{"bad.1", "bad.2", "bad.3", "bad.4", "bad.5"}));
    for (int alert = 0; alert < 10; ++alert)
        EXPECT_EQ(arrived.at(fmt::format("good{}", alert)).size(), 3U);
    auto const got = receiver.got();
    auto const first_success = std::ranges::find_if(got, [](Got const& g) { return g.header("webhook-id") == "bad.2"; });
    EXPECT_EQ(std::ranges::count_if(got.begin(), first_success, [](Got const& g) { return g.header("webhook-id").starts_with("good"); }),
              30);
}

TEST_F(WebhookTest, WhatIsRefusedForGoodIsSetAside)
{
    HttpReceiver const receiver{[](Got const& g, std::size_t) {
        return g.header("webhook-id") == "a.1" ? Answer{.status = 410, .body = "gone, " + secret, .headers = {}, .delay = {}} : Answer{};
    }};
    open(store, {webhook(receiver.url())});
    raise({document({.alert = "a"}), document({.alert = "a", .step = 2}), "no JSON"});
    ASSERT_TRUE(is_emptied());
    auto const letters = dead();
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_TRUE(eventually([&] { return dispatcher->status().at(0).dead == 2; }));
    std::map<std::string, notify::DeadLetter> by_document;
    for (auto const& entry : letters) {
        auto const letter = notify::parse_dead_letter(entry.payload).value();
        by_document[letter.document] = letter;
    }
    ASSERT_TRUE(by_document.contains(document({.alert = "a"})));
    EXPECT_EQ(by_document[document({.alert = "a"})].error, "answered 410: gone, …");
    EXPECT_EQ(by_document[document({.alert = "a"})].attempts, 1);
    EXPECT_TRUE(by_document.contains("no JSON"));
    EXPECT_EQ(receiver.got().size(), 2U);
}

TEST_F(WebhookTest, GivesUpAfterSoManyTries)
{
    HttpReceiver const receiver{[](Got const&, std::size_t) { return status(502); }};
    auto to = webhook(receiver.url());
    to.max_tries = 3;
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 3U);
    ASSERT_EQ(dead().size(), 1U);
    EXPECT_EQ(notify::parse_dead_letter(dead()[0].payload)->attempts, 3);
}

TEST_F(WebhookTest, CountsItsTriesOverARestart)
{
    HttpReceiver const receiver{
        [](Got const&, std::size_t count) { return count == 2 ? Answer{503, "", {{"Retry-After", "3600"}}, {}} : status(502); }};
    auto to = webhook(receiver.url());
    to.max_tries = 4;
    TemporaryFolder const folder;
    auto const kept = LocalStore::open(folder.path());
    open(*kept, {to});
    raise({document()});
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed == 2; }));
    auto const since = dispatcher->status().at(0).failing_since;
    ASSERT_TRUE(since);
    close();
    open(*kept, {to});
    EXPECT_EQ(dispatcher->status().at(0).failing_since, since);
    EXPECT_NE(dispatcher->status().at(0).last_error, "");
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 4U);
    ASSERT_EQ(dead().size(), 1U);
    EXPECT_EQ(notify::parse_dead_letter(dead()[0].payload)->attempts, 4);
    close();
    EXPECT_EQ(kept->outbox("tries:duty", 0, 10).size(), 1U) << "one note, not one a try: the channel still fails";
}

TEST_F(WebhookTest, HonoursRetryAfter)
{
    HttpReceiver const receiver{
        [](Got const&, std::size_t count) { return count == 1 ? Answer{429, "", {{"Retry-After", "1"}}, {}} : Answer{}; }};
    open(store, {webhook(receiver.url())});
    auto const begin = std::chrono::steady_clock::now();
    raise({document({.alert = "a"}), document({.alert = "b"})});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 3U);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(WebhookTest, KeepsToItsRate)
{
    HttpReceiver const receiver;
    auto to = webhook(receiver.url());
    to.rate_per_minute = 3;
    open(store, {to});
    raise(steps("a", 1, 5));
    ASSERT_TRUE(receiver.wait_for(3));
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(receiver.got().size(), 3U);
    EXPECT_EQ(dispatcher->status().at(0).failing_since, std::nullopt);
}

TEST_F(WebhookTest, FollowsNoRedirect)
{
    HttpReceiver const elsewhere;
    HttpReceiver const receiver{[&](Got const&, std::size_t) { return Answer{307, "", {{"Location", elsewhere.url()}}, {}}; }};
    open(store, {webhook(receiver.url())});
    raise({document()});
    ASSERT_TRUE(receiver.wait_for(2));
    EXPECT_TRUE(elsewhere.got().empty());
    EXPECT_NE(dispatcher->status().at(0).last_error.find("redirects are not followed"), std::string::npos);
    EXPECT_EQ(store.outbox("alert:duty", 0, 9).size(), 1U) << "it goes out when the address is corrected";
}

TEST_F(WebhookTest, RefusesTargetsInside)
{
    HttpReceiver const receiver;
    // the name is judged by what it leads to
    for (auto const& host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"}) {
        auto to = webhook(fmt::format("http://{}:{}/", host, receiver.port()));
        to.allow_private = false;
        MemoryStore fresh;
        open(fresh, {to});
        raise({document()});
        ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 0; })) << host;
        EXPECT_NE(dispatcher->status().at(0).last_error.find("is not a public address"), std::string::npos)
            << host << ": " << dispatcher->status().at(0).last_error;
        close();
        EXPECT_EQ(fresh.outbox("alert:duty", 0, 9).size(), 1U);
    }
    EXPECT_TRUE(receiver.got().empty());
}

TEST_F(WebhookTest, TheEnvironmentsProxyDoesNotCount)
{
    HttpReceiver const proxy;
    HttpReceiver const receiver;
    setenv("http_proxy", proxy.url("").c_str(), 1);
    setenv("ALL_PROXY", proxy.url("").c_str(), 1);
    open(store, {webhook(receiver.url())});
    raise({document()});
    EXPECT_TRUE(is_emptied());
    close();
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    EXPECT_TRUE(proxy.got().empty());
    EXPECT_EQ(receiver.got().size(), 1U);
    auto through = webhook(receiver.url());
    through.proxy = proxy.url("");
    open(store, {through});
    raise({document()});
    EXPECT_TRUE(is_emptied());
    EXPECT_EQ(proxy.got().size(), 1U);
    EXPECT_EQ(receiver.got().size(), 1U);
}

TEST_F(WebhookTest, SlowReceiversAreGivenUpAndEndlessAnswersCut)
{
    HttpReceiver const receiver{[](Got const&, std::size_t count) {
        return count == 1 ? Answer{200, "", {}, 3s} : Answer{200, std::string(1'000'000, 'x'), {}, {}};
    }};
    auto to = webhook(receiver.url());
    to.timeout = 1s;                               // a receiver that answers at once may take half of that on a loaded machine
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(receiver.got().size(), 2U);
    EXPECT_EQ(dispatcher->status().at(0).failed, 1U);
}

TEST_F(WebhookTest, StopsInTheMiddleOfADelivery)
{
    HttpReceiver const receiver{[](Got const&, std::size_t) { return Answer{200, "", {}, 3s}; }};
    open(store, {webhook(receiver.url())});
    raise({document()});
    ASSERT_TRUE(receiver.wait_for(1));
    auto const begin = std::chrono::steady_clock::now();
    close();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
    EXPECT_EQ(store.outbox("alert:duty", 0, 9).size(), 1U);
}

TEST_F(WebhookTest, OnlyWhatReachedTheSeverity)
{
    HttpReceiver const receiver;
    auto to = webhook(receiver.url());
    to.min_severity = AlertSeverity::high;
    open(store, {to});
    raise({document({.alert = "a", .severity = "alert"}), document({.alert = "b", .severity = "high"}),
           document({.alert = "b", .step = 2, .kind = "eased", .severity = "notice", .peak = "high"}),
           R"({"specversion":"1.0","id":"s.1","type":"yihong.service.disk_low","time":"2025-11-06T16:05:12Z"})"});
    ASSERT_TRUE(is_emptied());
    std::set<std::string> arrived;
    for (auto const& g : receiver.got())
        arrived.insert(g.header("webhook-id"));
    EXPECT_EQ(arrived, (std::set<std::string>{"b.1", "b.2", "s.1"}));
}

TEST_F(WebhookTest, AReceiverThatWasDownGetsEverything)
{
    std::uint16_t port = 0;
    {
        HttpReceiver const there;
        port = there.port();
    }
    open(store, {webhook(fmt::format("http://127.0.0.1:{}/", port))});
    for (int alert = 0; alert < 20; ++alert)
        raise(steps(fmt::format("a{}", alert), 1, 2));
    ASSERT_TRUE(eventually([&] { return dispatcher->status().at(0).failed > 20; }));
    EXPECT_TRUE(dispatcher->status().at(0).failing_since);
    EXPECT_EQ(dispatcher->status().at(0).waiting, 40U);
    HttpReceiver const receiver{[](Got const&, std::size_t) { return Answer{}; }, port};
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(by_alert(receiver.got()).size(), 20U);
    EXPECT_EQ(dispatcher->status().at(0).failing_since, std::nullopt);
}

/// Stops taking commits when it is told to: what a crash between sending and committing leaves behind.
class CrashingCommitter final : public Committer {
public:
    explicit CrashingCommitter(Committer& inner) : inner_{inner} {}
    std::atomic<bool> crashed = false;

    CommitNumber commit(WriteGroup const& group) override
    {
        if (crashed)
            throw StoreError{"crashed"};
        return inner_.commit(group);
    }
    LastCommit last_commit() const override { return inner_.last_commit(); }
    void probe() override { inner_.probe(); }

private:
    Committer& inner_;
};

TEST_F(WebhookTest, ACrashBetweenSendingAndCommittingSendsAgainUnderTheSameIdAndLosesNothing)
{
    TemporaryFolder const folder;
    CrashingCommitter* crashing = nullptr;
    // 40 events; the store is gone from the moment the 10th arrives
    HttpReceiver const receiver{[&](Got const&, std::size_t count) {
        if (count == 10)
            crashing->crashed = true;
        return Answer{};
    }};
    std::vector<std::string> all;
    for (int alert = 0; alert < 8; ++alert)
        std::ranges::move(steps(fmt::format("a{}", alert), 1, 5), std::back_inserter(all));
    std::size_t sent_before = 0;
    std::size_t left = 0;
    {
        auto const local = LocalStore::open(folder.path());
        CrashingCommitter committer{*local};
        crashing = &committer;
        open(*local, {webhook(receiver.url())}, {}, &committer);
        raise(all);
        ASSERT_TRUE(receiver.wait_for(12));
        close();
        sent_before = receiver.got().size();
        left = local->outbox("alert:duty", 0, 1000).size();
    }
    EXPECT_GT(left, 40 - sent_before) << "something was delivered that the outbox still holds";
    auto const local = LocalStore::open(folder.path());
    CrashingCommitter committer{*local};
    crashing = &committer;
    open(*local, {webhook(receiver.url())}, {}, &committer);
    ASSERT_TRUE(is_emptied());
    close();
    auto const got = receiver.got();
    EXPECT_EQ(got.size(), sent_before + left);
    std::map<std::string, std::string> body_by_id;
    for (auto const& g : got) {
        auto const [known, is_new] = body_by_id.emplace(g.header("webhook-id"), g.body);
        EXPECT_EQ(known->second, g.body) << "the same id means the same event";
    }
    EXPECT_EQ(body_by_id.size(), 40U);
    for (auto const& [alert, ids] : by_alert(got)) {
        std::vector<std::string> expected;
        for (int step = 1; step <= 5; ++step)
            expected.push_back(fmt::format("{}.{}", alert, step));
        EXPECT_EQ(ids, expected);
    }
}

TEST_F(WebhookTest, EachChannelHasAQueueOfItsOwn)
{
    HttpReceiver const down{[](Got const&, std::size_t) { return status(500); }};
    HttpReceiver const up;
    auto second = webhook(up.url());
    second.id = "second";
    open(store, {webhook(down.url()), second});
    raise({document()});
    raise({document()}, "second");
    raise({document()}, "nobody");
    ASSERT_TRUE(up.wait_for(1));
    EXPECT_TRUE(eventually([&] { return store.outbox("alert:second", 0, 1).empty(); }));
    EXPECT_EQ(store.outbox("alert:duty", 0, 9).size(), 1U);
    EXPECT_EQ(store.outbox("alert:nobody", 0, 9).size(), 1U);
    EXPECT_TRUE(dispatcher->knows("second"));
    EXPECT_FALSE(dispatcher->knows("nobody"));
}

}  // namespace
}  // namespace yihong::testing
