#include "core_fixture.hpp"
#include "temporary_folder.hpp"

#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/routes.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/hj212/cipher.hpp"
#include "yihong/http/client.hpp"
#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <future>
#include <poll.h>
#include <thread>

namespace yihong::gateway {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

std::string const the_mn = "010000A8900016F000169DC0";
std::string const other_mn = "010000A8900016F000169DC1";
std::string const path = "/api/v1/devices/" + the_mn + "/commands";

/// What a station got, with its own bytes.
struct Got {
    int cn = 0;
    std::string qn, st, pw, cp;
    std::optional<int> flag;
};

Got const damaged{-1, {}, {}, {}, {}, {}};

/// A logger that does what the test says.
class Station {
public:
    explicit Station(std::uint16_t port, std::string mn = the_mn) : mn_{std::move(mn)}
    {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        send({.qn = "20160801080000001", .st = "32", .cn = 2011, .flag = 4, .cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N"});
    }
    void send(hj212::Outgoing frame, hj212::Sm4 const* key = nullptr)
    {
        frame.pw = "123456";
        frame.mn = mn_;
        boost::system::error_code ignored;
        asio::write(socket_, asio::buffer(hj212::to_frame(frame, CrcForm::hj212, key)), ignored);
    }
    void reply(Got const& to, int cn, std::string cp) { send({.qn = to.qn, .st = "91", .cn = cn, .flag = 4, .cp = std::move(cp)}); }
    /// An upload that asks for an answer.
    void upload(int cn, std::string qn, std::string cp)
    {
        send({.qn = std::move(qn), .st = "32", .cn = cn, .flag = 5, .cp = std::move(cp)});
    }
    /// The next frame; CN 0 when none comes.
    Got get(std::chrono::milliseconds patience = 5s)
    {
        auto const until = std::chrono::steady_clock::now() + patience;
        for (;;) {
            if (auto const frame = decoder_.next()) {
                auto const segment = hj212::parse_segment(frame->segment);
                if (!segment || (hj212::crc_of(frame->segment) != frame->crc && !hj212::looks_encrypted(segment->cp)))
                    return damaged;
                Got got{
                    segment->cn,  std::string{segment->qn}, std::string{segment->st}, std::string{segment->pw}, std::string{segment->cp},
                    segment->flag};
                return got;
            }
            decoder_.settle();
            auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            pollfd poll{socket_.native_handle(), POLLIN, 0};
            if (left <= 0ms || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0)
                return {};
            boost::system::error_code ec;
            auto const n = socket_.read_some(asio::buffer(buffer_), ec);
            if (ec)
                return {};
            decoder_.feed({buffer_.data(), n});
        }
    }
    [[nodiscard]] std::uint64_t skipped() const { return decoder_.skipped(); }

private:
    std::string mn_;
    asio::io_context io_;
    tcp::socket socket_{io_};
    std::array<char, 65536> buffer_{};
    hj212::FrameDecoder decoder_;
};

class CommandOverSockets : public testing::CoreFixture {
protected:
    void serve(GatewayOptions options = {}, std::string key = {})
    {
        Device device;
        device.mn = the_mn;
        device.site = "a";
        device.password = "123456";
        device.sm4_key = std::move(key);
        auto second = device;
        second.mn = other_mn;
        second.site = "b";
        gateway = std::make_unique<Gateway>(options, core->intake, core->writer, store, std::vector{device, second});
        gateway->start();
        router.publish(std::make_shared<http::Router const>(make_routes({*gateway, store, store, core->state.catalog, readers})));
        auto const everybody = [](std::string_view) { return std::optional{http::Principal{"probe", {http::Scope::operate}}}; };
        http::ServerOptions edge;
        edge.port = 0;
        server = std::make_unique<http::Server>(edge, router, everybody, [](http::RequestSummary const&) {});
        server->start();
    }
    void TearDown() override
    {
        if (gateway)
            gateway->stop();
        server.reset();
        gateway.reset();
    }
    void wait_for_connection(std::string const& mn = the_mn, std::uint64_t connections = 1)
    {
        for (int i = 0; i < 500; ++i) {
            auto const status = gateway->board().status(mn);
            if (status.edition && status.connections >= connections)
                return;
            std::this_thread::sleep_for(10ms);
        }
        FAIL() << "the station did not get in";
    }
    http::ClientReply ask(std::string_view method, std::string const& target, std::string_view body = {})
    {
        return http::request("127.0.0.1", server->port(), method, target, {{"Content-Type", "application/json"}}, body);
    }
    std::future<http::ClientReply> begin(std::string body, std::string target = path)
    {
        return std::async(std::launch::async,
                          [this, body = std::move(body), target = std::move(target)] { return ask("POST", target, body); });
    }
    static bool has(http::ClientReply const& reply, std::string_view text) { return reply.body.find(text) != std::string::npos; }
    static std::string id_of(http::ClientReply const& reply)
    {
        auto const at = reply.body.find("\"id\":\"") + 6;
        return reply.body.substr(at, reply.body.find('"', at) - at);
    }
    static GatewayOptions quick()
    {
        GatewayOptions options;
        options.command_timeout = 150ms;
        return options;
    }

    net::Pool readers{1, 16};
    Snapshot<http::Router> router{std::make_shared<http::Router const>(std::vector<http::Route>{})};
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<http::Server> server;
};

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
    for (std::size_t i = 0; requests[i].cn == 1011; ++i) {
        EXPECT_TRUE(i == 0 || requests[i].qn > requests[i - 1].qn);
        station.reply(requests[i], 9011, "QnRtn=1");
        station.reply(requests[i], 9012, "ExeRtn=1");
        requests.push_back(station.get(500ms));
    }
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
    while (station.get(300ms).cn == 9014)
        ++acknowledged;
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

/// A logger of the 2025 edition with a key, as the gateway gives it another one by itself.
class KeyRenewalOverSockets : public CommandOverSockets {
protected:
    TemporaryFolder folder;
    GatewayOptions renewing()
    {
        auto options = quick();
        options.command_resends = 1;
        options.key_days = 90;
        options.key_look_interval = 20ms;
        options.key_file = folder.path() / "device_keys.json";
        return options;
    }
    static void speak(Station& station) { station.send({.qn = "20260801080000001", .st = "32", .cn = hj212::cn::heartbeat, .flag = 8}); }
    std::shared_ptr<KeySet const> keys() { return gateway->devices()->find(the_mn)->keys->load(); }
};

TEST_F(KeyRenewalOverSockets, AnOldKeyIsReplacedOnceAndTheNewOneLeftAlone)
{
    serve(renewing(), "0000000000000000");
    Station station{gateway->port()};
    wait_for_connection();
    EXPECT_EQ(station.get(200ms).cn, 0);           // it speaks 2017 as yet
    speak(station);
    auto const request = station.get();
    ASSERT_EQ(request.cn, hj212::cn::new_key);
    EXPECT_EQ(hj212::Sm4::from_key("0000000000000000")->decrypted(request.cp).substr(0, 13), "SKCreateTime=");
    station.reply(request, 9011, "QnRtn=1");
    station.reply(request, 9012, "ExeRtn=1");
    EXPECT_EQ(station.get(500ms).cn, 0);
    EXPECT_TRUE(keys()->in_force().made_at);
    auto const listed = ask("GET", path);
    EXPECT_TRUE(has(listed, R"("command":"new_key","title":"更新密钥","cn":1014,"parameters":{},"state":"done","by":"key_renewal")"))
        << listed.body;
    EXPECT_FALSE(has(listed, keys()->in_force().text));
}

TEST_F(KeyRenewalOverSockets, AKeyThatIsNeverAnsweredStaysPendingAndIsNotOfferedWithoutEnd)
{
    serve(renewing(), "0000000000000000");
    Station station{gateway->port()};
    wait_for_connection();
    speak(station);
    for (int sending = 0; sending < 2; ++sending)
        EXPECT_EQ(station.get().cn, hj212::cn::new_key);
    EXPECT_EQ(station.get(700ms).cn, 0);
    EXPECT_TRUE(has(ask("GET", path), R"("state":"timeout")"));
    auto const before = keys();
    ASSERT_NE(before->pending(), nullptr);
    EXPECT_EQ(before->in_force().text, "0000000000000000");
    auto const upload = [&](DeviceKey const& key) {        // is it understood?
        auto const accepted = gateway->board().status(the_mn).records;
        station.send(
            {.qn = "20260801090000001", .st = "32", .cn = 2011, .flag = 8, .cp = "DataTime=20160801090000;w01001-Rtd=7.1,w01001-Flag=N"},
            &key.sm4);
        for (int i = 0; i < 300 && gateway->board().status(the_mn).records == accepted; ++i)
            std::this_thread::sleep_for(10ms);
        return gateway->board().status(the_mn).records > accepted;
    };
    EXPECT_TRUE(upload(before->in_force()));
    EXPECT_NE(keys()->pending(), nullptr);
    EXPECT_TRUE(upload(*before->pending()));
    EXPECT_EQ(keys()->pending(), nullptr);         // the station uses it: it has taken it
    EXPECT_TRUE(upload(before->in_force()));       // what was on its way
}

}  // namespace
}  // namespace yihong::gateway
