#include "core_fixture.hpp"
#include "temporary_folder.hpp"

#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/hj212/frame.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <poll.h>
#include <thread>

/// What becomes of the bytes that came: kept, put aside, skipped.
namespace yihong::gateway {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

std::string const the_mn = "010000A8900016F000169DC0";
std::string const second_mn = "010000A8900016F000169DC1", third_mn = "010000A8900016F000169DC2";  // of the same site

std::string frame(std::string cp, std::string mn = the_mn, std::string pw = "123456", int cn = 2011, std::string qn = "20160801080000001")
{
    return hj212::to_frame(hj212::to_segment(
        {.qn = std::move(qn), .st = "32", .cn = cn, .pw = std::move(pw), .mn = std::move(mn), .flag = 5, .cp = std::move(cp)}));
}

std::string damaged(std::string bytes)
{
    bytes[bytes.size() - 3] = bytes[bytes.size() - 3] == '0' ? '1' : '0';
    return bytes;
}

class FramesOverSockets : public testing::CoreFixture {
protected:
    void serve(GatewayOptions options = {}, std::vector<CrcForm> other_crc = {}, std::string password = "123456")
    {
        Device device;
        device.mn = the_mn;
        device.site = "a";
        device.password = std::move(password);
        device.system_types = {"32"};
        device.other_crc = std::move(other_crc);
        std::vector<Device> devices(3, device);
        devices[1].mn = second_mn;
        devices[2].mn = third_mn;
        gateway = std::make_unique<Gateway>(options, core->intake, core->writer, store, devices);
        gateway->start();
    }
    void TearDown() override { gateway.reset(); }

    struct Link {
        explicit Link(std::uint16_t port) { socket.connect({asio::ip::address_v4::loopback(), port}); }
        void send(std::string const& bytes) { asio::write(socket, asio::buffer(bytes)); }
        /// Whether an answer comes in time.
        bool hears(std::chrono::milliseconds patience = 5s)
        {
            pollfd poll{socket.native_handle(), POLLIN, 0};
            if (::poll(&poll, 1, static_cast<int>(patience.count())) != 1)
                return false;
            std::array<char, 4096> answer{};
            boost::system::error_code ec;
            auto const n = socket.read_some(asio::buffer(answer), ec);
            heard.append(answer.data(), n);
            return n > 0;
        }
        std::string heard;
        asio::io_context io;
        asio::ip::tcp::socket socket{io};
    };
    /// All frames sent before have been seen to: the answer is that to this heartbeat, and none to them.
    static bool settled(Link& link, std::string mn = the_mn)
    {
        constexpr std::string_view qn = "20160801080000999";
        link.heard.clear();
        link.send(frame("", std::move(mn), "123456", hj212::cn::heartbeat, std::string{qn}));
        while (link.heard.find(qn) == std::string::npos)
            if (!link.hears())
                return false;
        return true;
    }
    std::vector<RawFrame> kept()
    {
        std::vector<RawFrame> frames;
        store.visit_frames(
            {.site = core->intake.world()->sites->find("a")->number, .interval = std::nullopt, .time = {}, .limit = SIZE_MAX},
            [&](RawFrame const& one) {
                frames.push_back(one);
                return true;
            });
        return frames;
    }

    std::unique_ptr<Gateway> gateway;
};

TEST_F(FramesOverSockets, StrangersAreInQuarantineAndNotAmongTheEvidence)
{
    GatewayOptions options;
    options.refusals_limit = 1000;
    serve(options);
    Link link{gateway->port()};
    std::string const cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N";
    link.send(frame(cp, "NOBODY") + frame(cp, the_mn, "654321") + hj212::to_frame("nonsense") + damaged(frame(cp, "NOBODY")));
    ASSERT_TRUE(settled(link));
    EXPECT_EQ(store.quarantine(0, 100).size(), 3U);
    ASSERT_EQ(store.frames.size(), 1U);            // the heartbeat
    EXPECT_NE(store.frames[0].bytes.find("CN=9015"), std::string::npos);
    EXPECT_EQ(gateway->figures().bad_crc, 1U);
}

TEST_F(FramesOverSockets, TriedPasswordsAreNotKept)
{
    serve();
    Link link{gateway->port()};
    std::string const cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N";
    auto broken = frame(cp, the_mn, "741852");
    broken.replace(2, 4, "0099");                  // its length lies: skipped
    link.send(frame(cp, "NOBODY", "741852") + frame(cp, the_mn, "741852") + damaged(frame(cp, the_mn, "741852")) + broken);
    ASSERT_TRUE(settled(link));
    auto const quarantine = store.quarantine(0, 100);
    EXPECT_EQ(quarantine.size(), 2U);
    for (auto const& entry : quarantine)
        EXPECT_EQ((entry.raw + entry.detail).find("741852"), std::string::npos) << entry.raw;
    EXPECT_EQ(store.frames.size(), 3U);            // the heartbeat too, with the right one
    for (auto const& one : store.frames)
        EXPECT_EQ(one.bytes.find("741852"), std::string::npos) << one.bytes;
}

TEST_F(FramesOverSockets, GuessingAPasswordIsSlowedDownAndLocksNobodyOut)
{
    GatewayOptions options;
    options.refusals_limit = 1000;
    serve(options);
    Link known{gateway->port()};
    ASSERT_TRUE(settled(known));                   // it has said the right one
    Link guesser{gateway->port()};
    std::string guesses;
    for (int i = 0; i < 500; ++i)
        guesses += frame("", the_mn, fmt::format("{:06}", i), hj212::cn::heartbeat);
    guesser.send(guesses + frame("", the_mn, "123456", hj212::cn::heartbeat));
    EXPECT_FALSE(guesser.hears(300ms)) << "the right one, after too many wrong ones, is not told from them";
    EXPECT_EQ(gateway->figures().refused, 501U);
    EXPECT_LE(store.quarantine(0, 100).size(), 4U);
    EXPECT_TRUE(settled(known));
}

TEST_F(FramesOverSockets, WhoHasSaidNothingLeavesAFullTableFirst)
{
    GatewayOptions options;
    options.connection_limit = 3;
    serve(options);
    Link first{gateway->port()};
    ASSERT_TRUE(settled(first));
    Link const silent{gateway->port()};
    Link second{gateway->port()};
    ASSERT_TRUE(settled(second, second_mn));
    Link third{gateway->port()};                   // takes the place of the silent one
    ASSERT_TRUE(settled(third, third_mn));
    Link fourth{gateway->port()};
    boost::system::error_code ec;
    std::array<char, 1> byte{};
    fourth.socket.read_some(asio::buffer(byte), ec);
    EXPECT_TRUE(ec) << "the table is full of stations";
    EXPECT_EQ(gateway->figures().refused_connections, 1U);
    EXPECT_TRUE(settled(first));
}

TEST_F(FramesOverSockets, OneDeviceKeepsNoMoreFramesThanItsShareOfTheDay)
{
    GatewayOptions options;
    options.frame_bytes_a_day = 1500;
    serve(options);
    Link link{gateway->port()};
    std::string frames;
    for (int i = 0; i < 20; ++i)
        frames += frame(fmt::format("DataTime=201608010800{:02};w01001-Rtd=7.1,w01001-Flag=N", i));
    link.send(frames);
    ASSERT_TRUE(settled(link));
    link.send(frame("DataTime=20160801080100;w01001-Rtd=7.1,w01001-Flag=N"));  // no frame of this read is kept
    ASSERT_TRUE(settled(link));
    std::size_t bytes = 0;
    for (auto const& one : store.frames)
        bytes += one.bytes.size();
    EXPECT_LE(bytes, 1500U);
    EXPECT_GT(bytes, 1000U);
    EXPECT_GE(gateway->figures().left_out_frames, 10U);
    SeriesQuery all;
    all.site = current->sites->find("a")->number;
    std::size_t records = 0;
    store.visit_series(all, [&](Record const&) { return ++records > 0; });
    EXPECT_EQ(records, 21U) << "its records are taken";
}

TEST_F(FramesOverSockets, AHiddenPasswordIsKnownAgainWhenTheDeviceIsRegisteredWithIt)
{
    TemporaryFolder const folder;
    GatewayOptions options;
    options.secret_file = folder / "secret";
    std::string const cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N";
    {
        serve(options);
        Link link{gateway->port()};
        link.send(frame(cp, the_mn, "741852") + frame(cp, the_mn, "other"));
        ASSERT_TRUE(settled(link));
    }
    auto const entries = store.quarantine(0, 100);
    ASSERT_EQ(entries.size(), 2U);
    auto const world = core->intake.world();
    EXPECT_FALSE(gateway->read_again(entries[0], *world));
    serve(options, {}, "741852");                  // another run, the same secret
    auto const read = gateway->read_again(entries[0], *world);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->records.size(), 1U);
    EXPECT_EQ(gateway->read_again(entries[1], *world).error().code, Errc::unauthorized);
}

TEST_F(FramesOverSockets, AFrameWithoutLineEndIsAnsweredAtOnce)
{
    serve();
    Link link{gateway->port()};
    auto bytes = frame("DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N");
    link.send(bytes.substr(0, bytes.size() - 2));
    ASSERT_TRUE(link.hears());
    ASSERT_TRUE(settled(link));
    EXPECT_EQ(gateway->board().status(the_mn).records, 1U);
    EXPECT_EQ(gateway->board().status(the_mn).bad_crc, 0U);
}

TEST_F(FramesOverSockets, SkippedBytesAreShownAtTheDeviceThatTheyName)
{
    serve();
    Link link{gateway->port()};
    auto bytes = frame("DataTime=20160801080000;Name=张留庄;w01001-Rtd=7.1,w01001-Flag=N");
    auto const length = bytes.size() - 12 - 6;             // characters
    bytes.replace(2, 4, fmt::format("{:04}", length));
    link.send(bytes + frame("DataTime=20160801090000;w01001-Rtd=7.2,w01001-Flag=N"));
    ASSERT_TRUE(link.hears());
    ASSERT_TRUE(settled(link));
    auto const status = gateway->board().status(the_mn);
    EXPECT_EQ(status.records, 1U);
    EXPECT_EQ(status.skipped, 1U);
    EXPECT_NE(status.last_refusal.find("it counts characters"), std::string::npos) << status.last_refusal;
    EXPECT_EQ(std::ranges::count(kept(), bytes, &RawFrame::bytes), 1);
}

TEST_F(FramesOverSockets, ALaterPartTakesTheDataTimeOfThePartsBefore)
{
    serve();
    Link link{gateway->port()};
    auto const part = [](int number, std::string cp, std::string qn = "20160801080000001") {
        return hj212::to_frame(hj212::to_segment({.qn = std::move(qn),
                                                  .st = "32",
                                                  .cn = 2011,
                                                  .pw = "123456",
                                                  .mn = the_mn,
                                                  .flag = 7,
                                                  .pnum = 2,
                                                  .pno = number,
                                                  .cp = std::move(cp)}));
    };
    link.send(part(1, "DataTime=20160801040000;w01001-Rtd=7.2,w01001-Flag=N"));
    ASSERT_TRUE(link.hears());
    link.send(part(2, "w01019-Rtd=3.3,w01019-Flag=N"));
    ASSERT_TRUE(link.hears());
    auto const found = store.find(core->intake.world()->sites->find("a")->number, IntervalKind::realtime,
                                  parse_rfc3339("2016-08-01T04:00:00+08:00").value());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->readings.size(), 2U);
}

TEST_F(FramesOverSockets, AStationMayHaveSeveralFormsOfCheckSum)
{
    serve({}, {CrcForm::modbus});
    Link link{gateway->port()};
    std::string const cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N";
    for (auto const form : {CrcForm::hj212, CrcForm::modbus}) {
        link.send(hj212::to_frame(
            hj212::to_segment({.qn = "20160801080000001", .st = "32", .cn = 2011, .pw = "123456", .mn = the_mn, .flag = 5, .cp = cp}),
            form));
        EXPECT_TRUE(link.hears());
    }
    EXPECT_EQ(gateway->board().status(the_mn).bad_crc, 0U);
}

TEST_F(FramesOverSockets, OfDamagedFramesUnderAKnownNameThirtyAMinuteAreKept)
{
    serve();
    Link link{gateway->port()};
    for (int i = 0; i < 40; ++i)
        link.send(damaged(frame(fmt::format("DataTime=20160801080000;w01001-Rtd={},w01001-Flag=N", i))));
    ASSERT_TRUE(settled(link));
    EXPECT_EQ(kept().size(), 31U);
    EXPECT_EQ(gateway->board().status(the_mn).bad_crc, 40U);
}

TEST_F(FramesOverSockets, AFrameOfAKnownStationUnderAnotherSystemTypeIsItsEvidence)
{
    serve();
    Link link{gateway->port()};
    link.send(hj212::to_frame(hj212::to_segment({.qn = "20160801080000001",
                                                 .st = "22",
                                                 .cn = 2011,
                                                 .pw = "123456",
                                                 .mn = the_mn,
                                                 .flag = 5,
                                                 .cp = "DataTime=20160801080000;w01001-Rtd=7,w01001-Flag=N"})));
    ASSERT_TRUE(settled(link));
    ASSERT_EQ(kept().size(), 2U);
    EXPECT_EQ(kept()[0].verdict, FrameVerdict::refused);
    EXPECT_EQ(gateway->board().status(the_mn).refused, 1U);
}

TEST_F(FramesOverSockets, ABrokenSensorMakesOneQuarantineEntryAFactorAndReason)
{
    serve();
    Link link{gateway->port()};
    for (int i = 0; i < 20; ++i) {
        link.send(frame(fmt::format("DataTime=201608010800{:02};w01001-Rtd={},w01001-Flag=N;w01010-Rtd=20,w01010-Flag=N", i, 90 + i)));
        ASSERT_TRUE(link.hears());                 // the other value counts, and the frame is acknowledged
    }
    link.send(frame("DataTime=20160801080100;w01001-Rtd=broken,w01001-Flag=N;w01010-Rtd=20,w01010-Flag=N"));       // another reason
    ASSERT_TRUE(link.hears());
    link.send(frame("DataTime=20160801080101;w01009-Rtd=9999,w01009-Flag=N"));     // another factor, and nothing else
    link.send(frame("DataTime=20160801080102;w01009-Rtd=9998,w01009-Flag=N"));
    ASSERT_TRUE(settled(link));
    std::vector<std::string> fields;
    for (auto const& entry : store.quarantine(0, 100))
        fields.push_back(fmt::format("{} {}", entry.code, entry.detail.substr(0, entry.detail.find(": "))));
    EXPECT_EQ(fields, (std::vector<std::string>{"out_of_range CP w01001-Rtd", "bad_value CP w01001-Rtd", "out_of_range CP w01009-Rtd"}));
    EXPECT_EQ(gateway->board().status(the_mn).repeated_refusals, 20U);
    EXPECT_EQ(gateway->figures().repeated_refusals, 20U);
    EXPECT_EQ(store.frames.size(), 24U);           // all bytes are there
}

TEST_F(FramesOverSockets, AFrameWhoseRestNeverComesIsGivenUpAndThoseBehindItAreTaken)
{
    GatewayOptions options;
    options.segment_deadline = 200ms;
    serve(options);
    Link link{gateway->port()};
    auto const begun = std::chrono::steady_clock::now();
    link.send("##3000QN=20160801080000001;ST=32;" + frame("DataTime=20160801080000;w01001-Rtd=7,w01001-Flag=N"));
    ASSERT_TRUE(link.hears());                     // without another byte
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 200ms);
    EXPECT_EQ(gateway->figures().unfinished, 1U);
    EXPECT_EQ(gateway->board().status(the_mn).records, 1U);
    link.send("##3000QN=");                        // twice in a connection, and the connection goes on
    EXPECT_FALSE(link.hears(500ms));
    EXPECT_TRUE(settled(link));
    EXPECT_EQ(gateway->figures().unfinished, 2U);
}

TEST_F(FramesOverSockets, AFrameThatComesSlowlyButInTimeIsWhole)
{
    GatewayOptions options;
    options.segment_deadline = 2s;
    serve(options);
    Link link{gateway->port()};
    auto const bytes = frame("DataTime=20160801080000;w01001-Rtd=7,w01001-Flag=N");
    link.send(bytes.substr(0, 40));
    for (int i = 0; i < 4; ++i) {                  // there is always one begun: the deadline is that of each, not of the connection
        std::this_thread::sleep_for(800ms);
        link.send(bytes.substr(40) + bytes.substr(0, 40));
        ASSERT_TRUE(link.hears());
    }
    EXPECT_EQ(gateway->figures().unfinished, 0U);
    EXPECT_EQ(gateway->figures().skipped_bytes, 0U);
}

TEST(StatusBoard, ARefusalIsNewAgainAfterAnHourAndMemoryStaysBounded)
{
    StatusBoard board;
    UtcTime const now{std::chrono::hours{400'000}};
    EXPECT_TRUE(board.is_new_refusal(the_mn, Errc::out_of_range, "CP w01001-Rtd", now));
    EXPECT_TRUE(board.is_new_refusal("another", Errc::out_of_range, "CP w01001-Rtd", now));
    EXPECT_FALSE(board.is_new_refusal(the_mn, Errc::out_of_range, "CP w01001-Rtd", now + 59min));
    EXPECT_TRUE(board.is_new_refusal(the_mn, Errc::out_of_range, "CP w01001-Rtd", now + 60min));
    for (int i = 0; i < 64; ++i)                   // they push the oldest out
        EXPECT_TRUE(board.is_new_refusal(the_mn, Errc::bad_value, fmt::format("CP {}", i), now + 61min));
    EXPECT_TRUE(board.is_new_refusal(the_mn, Errc::out_of_range, "CP w01001-Rtd", now + 62min));
    EXPECT_EQ(board.status(the_mn).repeated_refusals, 1U);
}

}  // namespace
}  // namespace yihong::gateway
