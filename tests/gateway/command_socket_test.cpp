#include "command_sockets.hpp"

#include <fmt/format.h>

namespace yihong::gateway {
namespace {

TEST_F(CommandOverSockets, ReadsTheClock)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"read_clock"})");
    auto const request = station.get();
    EXPECT_EQ(request.cn, 1011);
    EXPECT_EQ(request.st, "32");
    EXPECT_EQ(request.pw, "123456");
    EXPECT_EQ(request.flag, 5);
    EXPECT_EQ(request.cp, "");
    EXPECT_EQ(request.qn.size(), 17U);
    auto other = request;
    other.qn = "20160801080000009";
    station.reply(other, 9011, "QnRtn=2");
    station.reply(request, 9011, "QnRtn=1");
    station.upload(1011, request.qn, "SystemTime=20160801085857");
    EXPECT_EQ(station.get().cn, 9014);
    station.reply(request, 9012, "ExeRtn=1");
    auto const done = reply.get();
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_TRUE(has(done, R"("state":"done","by":"probe")")) << done.body;
    EXPECT_TRUE(has(done, R"("qn_rtn":{"code":1,"text":"准备执行请求 accepted"},"exe_rtn":{"code":1,"text":"执行成功 done"})"))
        << done.body;
    EXPECT_TRUE(has(done, R"("result":[{"field":"SystemTime","value":"2016-08-01T00:58:57Z"}])")) << done.body;
    EXPECT_EQ(ask("GET", path + "/" + id_of(done)).body, done.body);
    EXPECT_EQ(ask("GET", path).body, R"({"commands":[)" + done.body + "]}");
    auto const evidence =
        std::ranges::count_if(store.frames, [](RawFrame const& frame) { return frame.bytes.find("CN=901") != std::string::npos; });
    EXPECT_EQ(evidence, 3);
}

TEST_F(CommandOverSockets, FetchesHistory)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"history_hour","begin":"2016-08-01T08:00:00+08:00","end":"2016-08-01T09:00:00+08:00"})");
    auto const request = station.get();
    EXPECT_EQ(request.cn, 2061);
    EXPECT_EQ(request.cp, "BeginTime=20160801080000;EndTime=20160801090000");
    station.reply(request, 9011, "QnRtn=1");
    for (int hour : {8, 9}) {
        auto const qn = fmt::format("201608010859000{:02}", hour);
        station.upload(2061, qn, fmt::format("DataTime=201608010{}0000;w01001-Min=7.1,w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N", hour));
        auto const answer = station.get();
        EXPECT_EQ(answer.cn, 9014);
        EXPECT_EQ(answer.qn, qn);
    }
    station.reply(request, 9012, "ExeRtn=1");
    auto const done = reply.get();
    EXPECT_TRUE(has(done, R"("state":"done")")) << done.body;
    EXPECT_TRUE(has(done, R"("result":[],"records":2)")) << done.body;
    auto const site = current->sites->find("a")->number;
    EXPECT_TRUE(store.find(site, IntervalKind::hour, testing::at("2016-08-01T00:00:00Z")));
    EXPECT_TRUE(store.find(site, IntervalKind::hour, testing::at("2016-08-01T01:00:00Z")));
}

TEST_F(CommandOverSockets, SaysWhatTheStationAnswers)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"read_realtime_interval"})");
    station.reply(station.get(), 9011, "QnRtn=3");
    auto const refused = reply.get();
    EXPECT_EQ(refused.status, 200);
    EXPECT_TRUE(has(refused, R"("state":"refused")")) << refused.body;
    EXPECT_TRUE(has(refused, R"("qn_rtn":{"code":3,"text":"PW 错误 wrong PW"},"exe_rtn":null)")) << refused.body;

    reply = begin(R"({"command":"history_day","begin":"2016-08-01T00:00:00Z","end":"2016-08-01T00:00:00Z"})");
    auto const request = station.get();
    station.reply(request, 9011, "QnRtn=1");
    station.reply(request, 9012, "ExeRtn=100");
    auto const empty = reply.get();
    EXPECT_TRUE(has(empty, R"("state":"no_data")")) << empty.body;

    reply = begin(R"({"command":"stop_realtime"})");
    station.reply(station.get(), 9013, "");
    EXPECT_TRUE(has(reply.get(), R"("state":"done")"));
}

TEST_F(CommandOverSockets, SendsAgainAfterSilence)
{
    serve(quick());
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"set_realtime_interval","seconds":30})");
    auto const first = station.get();
    EXPECT_EQ(first.cp, "RtdInterval=30");
    EXPECT_EQ(station.get().qn, first.qn);
    auto const third = station.get();
    EXPECT_EQ(third.qn, first.qn);
    station.reply(third, 9011, "QnRtn=1");
    station.reply(third, 9012, "ExeRtn=1");
    auto const done = reply.get();
    EXPECT_TRUE(has(done, R"("state":"done")")) << done.body;
    EXPECT_TRUE(has(done, R"("attempts":3)")) << done.body;

    reply = begin(R"({"command":"read_clock"})");
    auto const silent = reply.get();
    EXPECT_TRUE(has(silent, R"("state":"timeout")")) << silent.body;
    EXPECT_TRUE(has(silent, R"("attempts":4)")) << silent.body;
    int frames = 0;
    while (station.get(100ms).cn == 1011)
        ++frames;
    EXPECT_EQ(frames, 4);
}

TEST_F(CommandOverSockets, ResendsOverANewConnection)
{
    serve(quick());
    auto station = std::make_unique<Station>(gateway->port());
    wait_for_connection();
    auto reply = begin(R"({"command":"read_clock"})");
    auto const first = station->get();
    station = std::make_unique<Station>(gateway->port());
    auto const again = station->get();
    EXPECT_EQ(again.qn, first.qn);
    station->reply(again, 9011, "QnRtn=1");
    station->reply(again, 9012, "ExeRtn=1");
    EXPECT_TRUE(has(reply.get(), R"("state":"done")"));
}

TEST_F(CommandOverSockets, ActsOnInstrumentsOnlyWhenConfirmed)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto const waits = ask("POST", path, R"({"command":"calibrate","instrument":"w01018"})");
    EXPECT_EQ(waits.status, 202);
    EXPECT_TRUE(has(waits, R"("state":"awaiting_confirmation")")) << waits.body;
    EXPECT_FALSE(has(waits, R"("expires_at":null)")) << waits.body;
    auto const target = path + "/" + id_of(waits);
    ASSERT_NE(waits.header("Location"), nullptr);
    EXPECT_EQ(*waits.header("Location"), target);
    EXPECT_EQ(station.get(200ms).cn, 0);

    auto reply = begin("", target + "/confirm");
    auto const request = station.get();
    EXPECT_EQ(request.cn, 3011);
    EXPECT_EQ(request.cp, "PolId=w01018");
    station.reply(request, 9011, "QnRtn=1");
    station.reply(request, 9012, "ExeRtn=1");
    auto const done = reply.get();
    EXPECT_TRUE(has(done, R"("state":"done")")) << done.body;
    EXPECT_TRUE(has(done, R"("confirmed_by":"probe")")) << done.body;
    EXPECT_EQ(ask("POST", target + "/confirm").status, 409);
    EXPECT_EQ(ask("POST", path + "/1/confirm").status, 404);
    EXPECT_EQ(station.get(100ms).cn, 0);
}

TEST_F(CommandOverSockets, ConfirmationExpires)
{
    GatewayOptions options;
    options.confirmation_deadline = 50ms;
    serve(options);
    Station station{gateway->port()};
    wait_for_connection();
    auto const waits = ask("POST", path, R"({"command":"set_password","password":"abc123"})");
    EXPECT_EQ(waits.status, 202);
    EXPECT_FALSE(has(waits, "abc123"));
    std::this_thread::sleep_for(80ms);
    EXPECT_EQ(ask("POST", path + "/" + id_of(waits) + "/confirm").status, 409);
    EXPECT_TRUE(has(ask("GET", path + "/" + id_of(waits)), R"("state":"expired")"));
    EXPECT_EQ(station.get(100ms).cn, 0);
}

TEST_F(CommandOverSockets, RefusesWhatCannotBe)
{
    serve();
    auto const offline = ask("POST", path, R"({"command":"read_clock"})");
    EXPECT_EQ(offline.status, 409);
    EXPECT_TRUE(has(offline, "is not connected")) << offline.body;
    EXPECT_TRUE(has(ask("GET", path), R"("state":"not_connected")"));
    EXPECT_EQ(ask("POST", "/api/v1/devices/nobody/commands", R"({"command":"read_clock"})").status, 404);
    EXPECT_EQ(ask("GET", "/api/v1/devices/nobody/commands").status, 404);
    EXPECT_EQ(ask("GET", path + "/1").status, 404);
    for (auto const* body : {"", "[]", "{}", R"({"command":"read_clock","when":1})", R"({"command":"restart"})",
                             R"({"command":"set_realtime_interval","seconds":1})"})
        EXPECT_EQ(ask("POST", path, body).status, 400) << body;
    EXPECT_TRUE(has(ask("POST", path, R"({"command":"read_clock","when":1})"), "'when' is not a parameter of read_clock"));
}

TEST_F(CommandOverSockets, OneAtATime)
{
    serve();
    Station station{gateway->port()}, other{gateway->port(), other_mn};
    wait_for_connection();
    wait_for_connection(other_mn);
    std::vector<std::future<http::ClientReply>> replies;
    replies.push_back(begin(R"({"command":"read_clock"})"));
    std::vector<Got> requests{station.get()};
    for (int i = 0; i < 8; ++i)
        replies.push_back(begin(R"({"command":"read_clock"})"));
    auto const queued = [&] {
        auto const list = ask("GET", path).body;
        int count = 0;
        for (auto at = list.find("queued"); at != std::string::npos; at = list.find("queued", at + 1))
            ++count;
        return count;
    };
    for (int i = 0; i < 400 && queued() < 8; ++i)
        std::this_thread::sleep_for(5ms);
    EXPECT_EQ(ask("POST", path, R"({"command":"calibrate","instrument":"w01018"})").status, 503);
    EXPECT_EQ(station.get(100ms).cn, 0);
    // the other one does not wait for this one
    auto elsewhere = begin(R"({"command":"read_minute_interval"})", "/api/v1/devices/" + other_mn + "/commands");
    auto const there = other.get();
    EXPECT_EQ(there.cn, 1063);
    other.reply(there, 9012, "ExeRtn=1");
    EXPECT_TRUE(has(elsewhere.get(), R"("state":"done")"));
    for (std::size_t i = 0; i < replies.size(); ++i) {
        ASSERT_EQ(requests[i].cn, 1011) << i;
        EXPECT_TRUE(i == 0 || requests[i].qn > requests[i - 1].qn);
        station.reply(requests[i], 9011, "QnRtn=1");
        station.reply(requests[i], 9012, "ExeRtn=1");
        requests.push_back(i + 1 < replies.size() ? station.get() : station.get(500ms));
    }
    EXPECT_EQ(requests.back().cn, 0) << "and no other";
    int done = 0;
    for (auto& reply : replies)
        done += has(reply.get(), R"("state":"done")") ? 1 : 0;
    EXPECT_EQ(done, 9);
    EXPECT_EQ(requests.size(), 10U);
}

TEST_F(CommandOverSockets, CommandsAndAcknowledgementsDoNotInterleave)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto commands = std::async(std::launch::async, [&] {
        int done = 0;
        for (int i = 0; i < 30; ++i)
            done += has(ask("POST", path, R"({"command":"read_clock"})"), R"("state":"done")") ? 1 : 0;
        return done;
    });
    int acknowledged = 0, sent = 0, bad = 0;
    while (commands.wait_for(0s) != std::future_status::ready) {
        for (int i = 0; i < 20; ++i)
            station.upload(2011, fmt::format("2016080108{:07}", sent++), "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N");
        for (auto got = station.get(20ms); got.cn != 0; got = station.get(5ms)) {
            acknowledged += got.cn == 9014 ? 1 : 0;
            bad += got.cn == -1 ? 1 : 0;
            if (got.cn == 1011) {
                station.reply(got, 9011, "QnRtn=1");
                station.reply(got, 9012, "ExeRtn=1");
            }
        }
    }
    while (acknowledged < sent && station.get().cn == 9014)
        ++acknowledged;
    EXPECT_EQ(station.get(300ms).cn, 0) << "and no other";
    EXPECT_EQ(commands.get(), 30);
    EXPECT_EQ(acknowledged, sent);
    EXPECT_EQ(bad, 0);
    EXPECT_EQ(station.skipped(), 0U);
}

TEST_F(CommandOverSockets, WritingDoesNotShortenTheWaitForBytes)
{
    auto options = quick();
    options.write_deadline = 100ms;
    serve(options);
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"read_clock"})");
    auto const request = station.get();
    station.reply(request, 9012, "ExeRtn=1");
    EXPECT_TRUE(has(reply.get(), R"("state":"done")"));
    std::this_thread::sleep_for(300ms);
    EXPECT_TRUE(gateway->board().status(the_mn).connected);
}

TEST_F(CommandOverSockets, EncryptsForADeviceWithAKey)
{
    serve({}, "0000000000000000");
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"history_hour","begin":"2016-08-01T08:00:00+08:00","end":"2016-08-01T09:00:00+08:00"})");
    auto const request = station.get();
    EXPECT_EQ(hj212::Sm4::from_key("0000000000000000")->decrypted(request.cp), "BeginTime=20160801080000;EndTime=20160801090000");
    station.reply(request, 9012, "ExeRtn=100");
    EXPECT_TRUE(has(reply.get(), R"("state":"no_data")"));
}

TEST_F(CommandOverSockets, StoppingFreesWhoWaits)
{
    serve();
    Station station{gateway->port()};
    wait_for_connection();
    auto reply = begin(R"({"command":"read_clock"})");
    EXPECT_EQ(station.get().cn, 1011);
    gateway->stop();
    auto const open = reply.get();
    EXPECT_EQ(open.status, 202);
    EXPECT_TRUE(has(open, R"("state":"sent")")) << open.body;
}

}  // namespace
}  // namespace yihong::gateway
