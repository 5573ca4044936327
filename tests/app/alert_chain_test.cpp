// The reason the service exists, from a station's bytes to the duty officer: raised, told, answered, over; killed in between.
#include "event_source.hpp"
#include "notify/http_receiver.hpp"
#include "process.hpp"
#include "station_link.hpp"

#include "yihong/base/text.hpp"
#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <set>

namespace yihong::e2e {
namespace {

using testing::HttpReceiver;

constexpr std::string_view secret_bytes = "a secret of twenty-four.";        // 24 bytes, as Standard Webhooks asks for at least

/// What a receiver computes by the convention: HMAC-SHA256 over `id.timestamp.body`.
std::string signature_of(HttpReceiver::Got const& got)
{
    auto const text = got.header("webhook-id") + "." + got.header("webhook-timestamp") + "." + got.body;
    unsigned char mac[32];
    unsigned length = 0;
    HMAC(EVP_sha256(), secret_bytes.data(), static_cast<int>(secret_bytes.size()), reinterpret_cast<unsigned char const*>(text.data()),
         text.size(), mac, &length);
    return "v1," + to_base64({reinterpret_cast<char const*>(mac), length});
}

std::string kind_of(HttpReceiver::Got const& got) { return Json{got.body}.at("/type"); }

std::vector<std::string> kinds(HttpReceiver const& receiver)
{
    std::vector<std::string> all;
    for (auto const& got : receiver.got())
        all.push_back(kind_of(got));
    return all;
}

struct AlertChain : ::testing::Test {
    TemporaryFolder folder;
    UtcTime const first = std::chrono::floor<std::chrono::hours>(utc_now()) - std::chrono::hours{25};

    std::filesystem::path config(HttpReceiver const& hook, HttpReceiver const& cap) const
    {
        return small_config(
            folder.path(),
            fmt::format("[[devices]]\nmn = \"A140800_0001\"\nsite = \"a\"\npassword = \"123456\"\nrefill = false\n"
                        "[[channels]]\nid = \"duty\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"whsec_{}\"\nallow_private = true\n"
                        "[[channels]]\nid = \"cap\"\nkind = \"cap\"\nurl = \"{}\"\nallow_private = true\n",
                        hook.url(), to_base64(secret_bytes), cap.url("/cap")));
    }

    /// One round of the station, `round` times four hours after the first; waits for the acknowledgement.
    void round(StationLink& station, int number, std::string_view ammonia) const
    {
        auto time = format_beijing(first + std::chrono::hours{4 * number}).substr(0, 19);
        std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == 'T'; });
        // the oxygen moves a little, or the station would seem frozen
        auto const values =
            fmt::format("w01001-Avg=8.0,w01001-Flag=N;w01009-Avg=7.{},w01009-Flag=N;w21003-Avg={},w21003-Flag=N", number, ammonia);
        ASSERT_TRUE(station.send(hj212::to_frame(upload("A140800_0001", time, values))));
        auto const answer = station.receive();
        ASSERT_TRUE(answer && answer->find("CN=9014") != std::string::npos) << "round " << number;
    }

    static std::string alert_id(Service const& service) { return service.json("/collections/alerts/items").at("/features/0/id"); }
};

TEST_F(AlertChain, WorseWaterReachesTheDutyOfficerWhoAnswersItAndGoodWaterEndsIt)
{
    HttpReceiver const hook;
    HttpReceiver const cap;
    Service const service{folder / "data", {.config = config(hook, cap)}};
    EventSource listener{service.port(), "?type=alert"};
    StationLink station{service.hj212_port()};
    round(station, 0, "0.32");
    round(station, 1, "1.31");
    ASSERT_TRUE(hook.wait_for(1));
    round(station, 2, "1.41");
    ASSERT_TRUE(hook.wait_for(2));
    EXPECT_EQ(kinds(hook), (std::vector<std::string>{"yihong.alert.opened", "yihong.alert.escalated"}));
    for (auto const& got : hook.got()) {
        EXPECT_EQ(got.header("webhook-signature"), signature_of(got));
        EXPECT_EQ(got.header("webhook-id"), Json{got.body}.at("/id"));
        EXPECT_EQ(got.header("content-type").substr(0, 28), "application/cloudevents+json");
    }
    Json const told{hook.got()[1].body};
    EXPECT_EQ(told.at("/data/alert/severity"), "alert");
    EXPECT_EQ(told.at("/data/alert/pollutants/0/parameter"), "ammonia_nitrogen");
    EXPECT_EQ(told.at("/data/alert/pollutants/0/multiple"), "0.4");
    EXPECT_EQ(told.at("/data/evidence/records/0/values/ammonia_nitrogen"), "1.41");
    EXPECT_NE(told.at("/data/evidence/records/0/frames/0/text").find("PW=******"), std::string::npos);
    EXPECT_EQ(told.at("/data/evidence/judgement/standard"), "GB 3838-2002");

    auto const id = alert_id(service);
    EXPECT_EQ(told.at("/subject"), id);
    auto const site = service.json("/collections/water-sections/items/a");
    EXPECT_EQ(site.at("/properties/alert_state"), "open");
    EXPECT_EQ(site.at("/properties/alert_id"), id);
    EXPECT_NE(service.get("/?f=html").body.find("/api/v1/alerts/" + id + "?f=html\">预警·待确认 alert</a>"), std::string::npos);
    for (auto const* type : {"alert.opened", "alert.escalated"}) {
        auto const event = listener.next();
        ASSERT_TRUE(event);
        EXPECT_EQ(event->type, type);
        EXPECT_EQ(Json{event->data}.at("/subject"), id);
    }
    ASSERT_TRUE(cap.wait_for(2));
    EXPECT_NE(cap.got()[0].body.find("<msgType>Alert</msgType>"), std::string::npos) << cap.got()[0].body;
    EXPECT_NE(cap.got()[1].body.find("<msgType>Update</msgType>"), std::string::npos);
    EXPECT_NE(cap.got()[1].body.find("<references>"), std::string::npos);
    EXPECT_EQ(service.get("/api/v1/alerts/" + id + "/cap").status, 200);

    auto const answered =
        service.post("/api/v1/alerts/" + id + "/acknowledge", "application/json", R"({"by":"李值班","note":"已通知河津市"})");
    EXPECT_EQ(answered.status, 200) << answered.body;
    for (int i = 3; i < 6; ++i)
        round(station, i, "0.30");
    ASSERT_TRUE(hook.wait_for(4));
    EXPECT_EQ(kinds(hook), (std::vector<std::string>{"yihong.alert.opened", "yihong.alert.escalated", "yihong.alert.acknowledged",
                                                     "yihong.alert.resolved"}));
    auto const story = service.json("/api/v1/alerts/" + id);
    EXPECT_EQ(story.at("/state"), "resolved") << service.get("/api/v1/alerts/" + id).body.substr(0, 2000);
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/alert_state"), "none");
    ASSERT_TRUE(cap.wait_for(4));
    EXPECT_NE(cap.got()[3].body.find("<msgType>Cancel</msgType>"), std::string::npos);
}

TEST_F(AlertChain, KilledBetweenCommitAndSendTellsEverythingAtLeastOnceAndInOrder)
{
    // the receiver takes nothing while the first service lives: whatever was committed is still to be told
    std::atomic<bool> closed{true};
    HttpReceiver const hook{[&](HttpReceiver::Got const&, std::size_t) {
        return HttpReceiver::Answer{.status = closed ? 503 : 200, .body = {}, .headers = {}};
    }};
    HttpReceiver const cap;
    auto const file = config(hook, cap);
    std::string id;
    {
        Service service{folder / "data", {.config = file}};
        StationLink station{service.hj212_port()};
        round(station, 0, "1.31");
        round(station, 1, "1.41");
        round(station, 2, "2.60");
        ASSERT_TRUE(hook.wait_for(1));
        id = alert_id(service);
        service.kill();
    }
    auto const before = hook.got().size();
    closed = false;
    Service const service{folder / "data", {.config = file}};
    EXPECT_EQ(alert_id(service), id);
    StationLink station{service.hj212_port()};
    round(station, 2, "2.60");                         // sent again by the logger: a duplicate raises nothing
    for (int i = 3; i < 6; ++i)
        round(station, i, "0.30");
    std::vector<std::string> steps;
    std::set<std::string> seen;
    ASSERT_TRUE(eventually(
        [&] {
            steps.clear();
            seen.clear();
            auto const all = hook.got();
            for (std::size_t i = before; i < all.size(); ++i)
                if (seen.insert(all[i].header("webhook-id")).second)      // repeats can be told by their id
                    steps.push_back(kind_of(all[i]));
            return steps.size() >= 4;
        },
        20s));
    EXPECT_EQ(steps, (std::vector<std::string>{"yihong.alert.opened", "yihong.alert.escalated", "yihong.alert.escalated",
                                               "yihong.alert.resolved"}));
    EXPECT_EQ(service.json("/collections/alerts/items").at("/numberMatched"), "1");
}

}  // namespace
}  // namespace yihong::e2e
