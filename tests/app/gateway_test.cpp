#include "process.hpp"
#include "station_link.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

/// Stations over real sockets at the real service: what is acknowledged, what is not, and what the map shows.
namespace yihong::e2e {
namespace {

using hj212::to_frame;

std::string device(std::string_view mn, std::string_view site, std::string_view more = {})
{
    return fmt::format("[[devices]]\nmn = \"{}\"\nsite = \"{}\"\npassword = \"123456\"\n{}\n", mn, site, more);
}

struct Gateway : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path config(std::string_view more) const { return small_config(folder.path(), more); }
};

constexpr std::string_view values = "w01001-Avg=8.02,w01001-Flag=N;w01009-Avg=7.31,w01009-Flag=N;w01019-Avg=5.86,w01019-Flag=N;w21003-Avg="
                                    "1.284,w21003-Flag=N;w21011-Avg=0.187,w21011-Flag=N";

TEST_F(Gateway, AFourHourFrameIsAcknowledgedAndBecomesAJudgedSectionWithItsEvidence)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto const message = upload("A140800_0001", "20261105080000", values);
    ASSERT_TRUE(station.send(to_frame(message)));
    EXPECT_EQ(station.receive(), fmt::format("QN={};ST=91;CN=9014;PW=123456;MN=A140800_0001;Flag=8;CP=&&&&", message.qn));

    auto const feature = service.json("/collections/water-sections/items/a");
    EXPECT_EQ(feature.at("/properties/water_class"), "4");
    EXPECT_EQ(feature.at("/properties/main_pollutants_text"), "氨氮(0.3)");
    EXPECT_EQ(feature.at("/properties/mn"), "A140800_0001");
    EXPECT_EQ(feature.at("/properties/time"), "2026-11-05T00:00:00Z");

    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T08:00:00%2B08:00/raw");
    ASSERT_EQ(raw.size("/frames"), 1U);
    EXPECT_EQ(raw.at("/frames/0/bytes"), to_frame(message));
    EXPECT_EQ(raw.at("/frames/0/verdict"), "accepted");
    EXPECT_EQ(raw.at("/frames/0/decoded/fields/1/value"), "8.02");
}

TEST_F(Gateway, TheSameFrameAgainIsADuplicateAndAcknowledgedAgain)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto message = upload("A140800_0001", "20261105080000", values);
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(station.send(to_frame(message)));
        ASSERT_TRUE(station.receive());
    }
    message.cp = "DataTime=20261105080000;w21003-Avg=0.9,w21003-Flag=N";
    ASSERT_TRUE(station.send(to_frame(message)));
    ASSERT_TRUE(station.receive());
    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T00:00:00Z/raw?interval=4h");
    EXPECT_EQ(raw.at("/frames/0/verdict"), "accepted");
    EXPECT_EQ(raw.at("/frames/1/verdict"), "duplicate");
    EXPECT_EQ(raw.at("/frames/2/verdict"), "revised");
}

TEST_F(Gateway, WhatIsRefusedIsNotAcknowledgedButKept)
{
    Service const service{folder / "data",
                          {.config = config("[hj212]\nrefusals_limit = 3\n" + device("A140800_0001", "a") +
                                            device("A140800_0002", "b", "networks = [\"10.0.0.0/8\"]"))}};
    StationLink station{service.hj212_port()};
    auto wrong_password = upload("A140800_0001", "20261105080000", values);
    wrong_password.pw = "654321";
    auto const far_future = upload("A140800_0001", "20991105080000", values);
    std::string damaged = to_frame(upload("A140800_0001", "20261105080000", values));
    damaged[damaged.size() - 10] ^= 1;
    for (auto const& bytes : {damaged, to_frame(far_future), to_frame(wrong_password)})
        ASSERT_TRUE(station.send(bytes));
    auto const good = upload("A140800_0001", "20261105120000", values);
    ASSERT_TRUE(station.send(to_frame(good)));
    auto const answer = station.receive();
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->starts_with("QN=" + good.qn)) << *answer;      // the only one

    for (auto const* mn : {"B1", "A140800_0002", "B2"})
        ASSERT_TRUE(station.send(to_frame(upload(mn, "20261105080000", values))));
    EXPECT_TRUE(station.is_closed());

    auto const quarantine = service.json("/api/v1/quarantine");
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < quarantine.size("/entries"); ++i)
        codes.push_back(quarantine.at(fmt::format("/entries/{}/code", i)));
    EXPECT_EQ(codes, (std::vector<std::string>{"future_time", "unauthorized", "unknown_device", "forbidden", "unknown_device"}));
    auto const devices = service.json("/api/v1/devices");
    EXPECT_EQ(devices.at("/devices/0/bad_crc"), "1");
    EXPECT_EQ(devices.at("/devices/0/refused"), "1");
    EXPECT_EQ(devices.at("/devices/0/acknowledged"), "1");
    EXPECT_EQ(devices.size("/turned_away"), 4U);
}

TEST_F(Gateway, AQuarantinedFrameIsTakenInOnceItsDeviceIsRegistered)
{
    auto const file = config(device("A140800_0002", "b"));
    Service service{folder / "data", {.config = file}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values))));
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/quarantine").size("/entries") == 1; }));
    (void)small_config(folder.path(), device("A140800_0001", "a"));
    service.process().signal(SIGHUP);
    ASSERT_TRUE(service.logged(" reloaded "));
    auto const replayed = Json{service.post("/api/v1/quarantine/replay").body};
    EXPECT_EQ(replayed.at("/settled"), "1");
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/water_class"), "4");
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105120000", values))));
    EXPECT_TRUE(station.receive());            // the connection went on
}

TEST_F(Gateway, RefusalsOfALivelyStationReachQuarantineAtMostThirtyAMinute)
{
    Service const service{folder / "data", {.config = config("[hj212]\nrefusals_limit = 1000\n" + device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    for (int i = 0; i < 60; ++i) {                 // good ones do not count
        ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", fmt::format("202611050{}{:02}00", i / 60, i % 60),
                                                 "w01001-Rtd=8,w01001-Flag=N", hj212::cn::real_time))));
        ASSERT_TRUE(station.receive());
    }
    for (int i = 0; i < 40; ++i)
        ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20991105080000", values))));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    ASSERT_TRUE(station.receive());
    EXPECT_EQ(service.json("/api/v1/quarantine").size("/entries"), 30U);
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001").at("/refused"), "40");
}

TEST_F(Gateway, MessagesWithoutRecordAreFoundByTheirDeviceNewestFirst)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a") + device("A140800_0002", "a"))}};
    StationLink station{service.hj212_port()};
    std::string burst;                             // in one read: all of one moment
    for (int i = 0; i < 5; ++i) {
        burst += to_frame(upload("A140800_0001", "20261105080000", fmt::format("SB1-RS={}", i), hj212::cn::state));
        burst += to_frame(upload("A140800_0002", "20261105080000", "SB1-RS=9", hj212::cn::state));
    }
    ASSERT_TRUE(station.send(burst));
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(station.receive());
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values))));     // a record: not a message
    ASSERT_TRUE(station.receive());
    auto const future = to_frame(upload("A140800_0001", "20991105080000", values));
    ASSERT_TRUE(station.send(future));
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/devices/A140800_0001").at("/refused") == "1"; }));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    ASSERT_TRUE(station.receive());

    std::string target = "/api/v1/devices/A140800_0001/messages?limit=2";
    std::vector<std::string> seen;
    for (int pages = 0; !target.empty() && pages < 10; ++pages) {
        auto const page = service.json(target);
        EXPECT_LE(page.size("/messages"), 2U);
        for (std::size_t i = 0; i < page.size("/messages"); ++i) {
            auto const at = [&](std::string_view name) { return page.at(fmt::format("/messages/{}/{}", i, name)); };
            EXPECT_EQ(at("device"), "A140800_0001");
            EXPECT_TRUE(at("peer").starts_with("127.0.0.1:"));
            seen.push_back(
                fmt::format("{} {} {}", at("verdict"), at("decoded/cn"), at("decoded/cn") == "2021" ? at("decoded/fields/1/value") : ""));
        }
        auto const next = page.at("/links/1/href");
        target = next == "(none)" ? std::string{} : next.substr(next.find("/api/v1"));
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"kept 9015 ", "refused 2061 ", "kept 2021 4", "kept 2021 3", "kept 2021 2", "kept 2021 1",
                                              "kept 2021 0"}));
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/messages").at("/messages/1/bytes"), future);
    EXPECT_EQ(service.get("/api/v1/devices/nobody/messages").status, 404);
    for (auto const* wrong : {"limit=0", "after=x", "after=5", "before=1"})
        EXPECT_EQ(service.get(fmt::format("/api/v1/devices/A140800_0001/messages?{}", wrong)).status, 400) << wrong;
}

TEST_F(Gateway, APageOfMessagesEndsEarlyWhereAnotherDeviceOfTheSiteSpeaksALot)
{
    Service const service{folder / "data",
                          {.config = config("[hj212]\nframes_per_second_limit = 1000000\nbytes_per_second_limit = 1000000000\n" +
                                            device("A140800_0001", "a") + device("A140800_0002", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    ASSERT_TRUE(station.receive());
    auto other = upload("A140800_0002", "", "", hj212::cn::heartbeat);
    other.flag = 8;
    std::string burst;
    for (int i = 0; i < 20'000; ++i)
        burst += to_frame(other);
    ASSERT_TRUE(station.send(burst));
    other.flag = 9;
    ASSERT_TRUE(station.send(to_frame(other)));
    ASSERT_TRUE(station.receive(60s));
    auto const first = service.json("/api/v1/devices/A140800_0001/messages");
    EXPECT_EQ(first.size("/messages"), 0U);
    auto const next = first.at("/links/1/href");
    ASSERT_NE(next, "(none)");
    auto const second = service.json(next.substr(next.find("/api/v1")));
    EXPECT_EQ(second.size("/messages"), 1U);
    EXPECT_EQ(second.at("/links/1/href"), "(none)");
}

TEST_F(Gateway, HeartbeatsAndClockRequestsAreAnswered)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    EXPECT_TRUE(station.receive()->find("CN=9013") != std::string::npos);
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "PolId=w01018", hj212::cn::clock_request))));
    EXPECT_TRUE(station.receive()->find("CN=9013") != std::string::npos);
    auto const setting = station.receive();
    ASSERT_TRUE(setting);
    auto const parsed = hj212::parse_segment(*setting);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->cn, hj212::cn::set_clock);
    EXPECT_EQ(parsed->cp.substr(0, 26), "PolId=w01018;SystemTime=20");
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", "w01001-Check=8,w01001-StandardValue=8.1", 2062))));
    EXPECT_TRUE(station.receive()->find("CN=9014") != std::string::npos);      // quality control is kept, not a record
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/time"), "null");
}

TEST_F(Gateway, ASecondConnectionTakesOver)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink first{service.hj212_port()};
    ASSERT_TRUE(first.send(to_frame(upload("A140800_0001", "20261105080000", values))));
    ASSERT_TRUE(first.receive());
    StationLink second{service.hj212_port()};
    ASSERT_TRUE(second.send(to_frame(upload("A140800_0001", "20261105120000", values))));
    ASSERT_TRUE(second.receive());
    EXPECT_TRUE(first.is_closed());
    auto const status = service.json("/api/v1/devices/A140800_0001");
    EXPECT_EQ(status.at("/connected"), "true");
    EXPECT_EQ(status.at("/connections"), "2");
}

TEST_F(Gateway, SplitDataIsOneRecordAndAMissingPartIsReported)
{
    Service const service{folder / "data", {.config = config("[hj212]\nsplit_deadline = \"200ms\"\n" + device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto part = upload("A140800_0001", "20261105080000", "w01001-Avg=8,w01001-Flag=N");
    part.flag = 11;
    part.pnum = 3;
    part.pno = 1;
    ASSERT_TRUE(station.send(to_frame(part)));
    ASSERT_TRUE(station.receive());
    part.pno = 3;
    part.cp = "DataTime=20261105080000;w21003-Avg=1.2,w21003-Flag=N";
    ASSERT_TRUE(station.send(to_frame(part)));
    ASSERT_TRUE(station.receive());
    EXPECT_TRUE(service.logged("cn=2061 data_time=2026-11-05T00:00:00Z parts=3 missing=2"));
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001").all("/incomplete/0/missing"), std::vector<std::string>{"2"});
    part.pno = 2;
    part.cp = "DataTime=20261105080000;w01009-Avg=7,w01009-Flag=N";
    ASSERT_TRUE(station.send(to_frame(part)));
    ASSERT_TRUE(station.receive());
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001").size("/incomplete"), 0U);
    auto const feature = service.json("/collections/water-sections/items/a");
    EXPECT_EQ(feature.at("/properties/ph") + feature.at("/properties/dissolved_oxygen") + feature.at("/properties/ammonia_nitrogen"),
              "871.2");
}

TEST_F(Gateway, EncryptedDataIsReadWithTheDevicesKey)
{
    Service const service{
        folder / "data",
        {.config = config(device("010000A8900016F000169DC0", "a", "sm4_key = \"0000000000000000\"\nencrypted_only = true\nst = \"32\""))}};
    StationLink station{service.hj212_port()};
    auto message = upload("010000A8900016F000169DC0", "20261105080000", values);
    message.st = "32";
    ASSERT_TRUE(station.send(to_frame(message)));                          // in clear: refused
    EXPECT_FALSE(station.receive(300ms));
    auto const key = hj212::Sm4::from_key("0000000000000000").value();
    auto const bytes = hj212::to_frame(message, CrcForm::hj212, &key);
    ASSERT_EQ(bytes.find("w21003"), std::string::npos);
    ASSERT_TRUE(station.send(bytes));
    ASSERT_TRUE(station.receive());
    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T00:00:00Z/raw");
    EXPECT_EQ(raw.at("/frames/0/decoded/encrypted"), "true");
    EXPECT_EQ(raw.at("/frames/0/decoded/fields/1/value"), "8.02");
}

constexpr std::string_view keyed_mn = "010000A8900016F000169DC0";
constexpr std::string_view keyed_path = "/api/v1/devices/010000A8900016F000169DC0";

/// A station of the 2025 edition with a key of its own.
struct KeyedStation {
    StationLink link;
    hj212::Sm4 key;

    bool sends(std::string_view time)
    {
        auto message = upload(keyed_mn, time, values);
        message.st = "32";
        return link.send(hj212::to_frame(message, CrcForm::hj212, &key)) && link.receive(1s).has_value();
    }
    /// The next request, under the key of the moment.
    std::string request_cp(hj212::Outgoing& reply)
    {
        auto const frame = link.receive(5s);
        auto const segment = hj212::parse_segment(frame.value()).value();
        reply = upload(keyed_mn, "", "");
        reply.qn = segment.qn;
        reply.st = "91";
        reply.flag = 8;
        return fmt::format("{} {}", segment.cn, key.decrypted(segment.cp));
    }
    void answer(hj212::Outgoing reply, int cn, std::string cp)
    {
        reply.cn = cn;
        reply.cp = std::move(cp);
        link.send(to_frame(reply));
    }
};

hj212::Sm4 first_key() { return hj212::Sm4::from_key("0000000000000000").value(); }
std::string keyed_device() { return device(keyed_mn, "a", "sm4_key = \"0000000000000000\"\nencrypted_only = true\nst = \"32\""); }
std::string key_in(std::string const& request) { return request.substr(request.find("NewSK=") + 6); }

TEST_F(Gateway, ANewKeyIsExchangedOverTheOldOneAndHoldsAcrossKill)
{
    auto const file = config(keyed_device());
    std::string key;
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        ASSERT_TRUE(station.sends("20261105080000"));
        auto posted = std::async(std::launch::async, [&] {
            return service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
        });
        hj212::Outgoing reply;
        auto const request = station.request_cp(reply);
        ASSERT_TRUE(request.starts_with("1014 SKCreateTime=20")) << request;
        key = key_in(request);
        ASSERT_EQ(key.size(), 16U);
        EXPECT_EQ(std::filesystem::status(folder / "data/device_keys.json").permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        EXPECT_EQ(service.json(keyed_path).at("/key_pending") + " " + service.json(keyed_path).at("/key_made_at"), "true null");
        station.answer(reply, 9011, "QnRtn=1");
        station.answer(reply, 9012, "ExeRtn=1");
        auto const done = posted.get();
        EXPECT_EQ(Json{done.body}.at("/state"), "done");
        EXPECT_EQ(Json{done.body}.at("/parameters"), "{}");
        EXPECT_TRUE(station.sends("20261105090000"));              // what was on its way
        station.key = hj212::Sm4::from_key(key).value();
        EXPECT_TRUE(station.sends("20261105100000"));
        auto const shown = service.get(keyed_path).body;
        EXPECT_EQ(Json{shown}.at("/key_pending"), "false");
        EXPECT_TRUE(Json{shown}.at("/key_made_at").starts_with("20")) << shown;
        for (auto const& text : {done.body, shown, service.get(std::string{keyed_path} + "/commands").body, service.log()})
            EXPECT_EQ(text.find(key), std::string::npos) << text;
        service.kill();
    }
    Service const service{folder / "data", {.config = file}};
    KeyedStation station{StationLink{service.hj212_port()}, hj212::Sm4::from_key(key).value()};
    EXPECT_TRUE(station.sends("20261105110000"));
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "false");
    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T00:00:00Z/raw");      // under the key before
    EXPECT_EQ(raw.at("/frames/0/decoded/fields/1/value"), "8.02");
}

TEST_F(Gateway, WhoeverIsKilledInTheMiddleOfAKeyExchangeTheStationIsUnderstood)
{
    auto const file = config(keyed_device());
    std::string key;
    auto const ask = [&](Service& service, KeyedStation& station) {
        std::thread asking{[&] {
            try {
                (void)service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
            } catch (std::exception const&) {
            }     // it is killed before it can answer
        }};
        hj212::Outgoing reply;
        auto const offered = key_in(station.request_cp(reply));
        service.kill();
        asking.join();
        return offered;
    };
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        ASSERT_TRUE(station.sends("20261105080000"));
        key = ask(service, station);
    }
    {
        Service service{folder / "data", {.config = file}};
        KeyedStation station{StationLink{service.hj212_port()}, first_key()};
        EXPECT_TRUE(station.sends("20261105090000"));              // it did not take the key
        EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "true");
        EXPECT_EQ(ask(service, station), key);                     // the same again, for it might have
    }
    Service const service{folder / "data", {.config = file}};
    KeyedStation station{StationLink{service.hj212_port()}, hj212::Sm4::from_key(key).value()};
    EXPECT_TRUE(station.sends("20261105100000"));                  // it took it, and nobody heard of it
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "false");
    auto posted = std::async(std::launch::async, [&] {
        return service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"start_state"})");
    });
    hj212::Outgoing reply;
    EXPECT_EQ(station.request_cp(reply), "2021 ");                 // and is spoken to under it
    station.answer(reply, 9011, "QnRtn=2");
    EXPECT_EQ(Json{posted.get().body}.at("/state"), "refused");
}

TEST_F(Gateway, WithoutAKeyThereIsNoKeyExchange)
{
    Service const service{folder / "data", {.config = config(device(keyed_mn, "a", "st = \"32\""))}};
    StationLink station{service.hj212_port()};
    auto message = upload(keyed_mn, "20261105080000", values);
    message.st = "32";
    ASSERT_TRUE(station.send(to_frame(message)));
    ASSERT_TRUE(station.receive());
    auto const reply = service.post(std::string{keyed_path} + "/commands", "application/json", R"({"command":"new_key"})");
    EXPECT_EQ(reply.status, 409) << reply.body;
    EXPECT_NE(reply.body.find("has no sm4_key"), std::string::npos) << reply.body;
    EXPECT_EQ(service.json(keyed_path).at("/key_pending"), "(none)");
}

TEST_F(Gateway, AModbusCheckSumIsTakenOnlyWhereTheDeviceSaysSo)
{
    Service const service{folder / "data",
                          {.config = config(device("A140800_0001", "a") + device("A140800_0002", "b", "crc = \"modbus\""))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values), CrcForm::modbus)));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0002", "20261105080000", values), CrcForm::modbus)));
    auto const answer = station.receive();
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->find("MN=A140800_0002"), std::string::npos);
    EXPECT_NE(service.json("/api/v1/devices/A140800_0001").at("/last_refusal").find("it fits crc = \"modbus\""), std::string::npos);
}

TEST_F(Gateway, RealTimeValuesDoNotDisplaceTheJudgedRecord)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values))));
    ASSERT_TRUE(station.receive());
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105110000", "w21003-Rtd=9.9,w21003-Flag=N", hj212::cn::real_time))));
    ASSERT_TRUE(station.receive());
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/interval"), "4h");
    auto const series = service.json("/api/v1/sites/a/readings?interval=realtime");
    EXPECT_EQ(series.at("/records/0/values/ammonia_nitrogen"), "9.9");
    EXPECT_EQ(series.at("/records/0/water_class"), "(none)");      // not judged
}

TEST_F(Gateway, WhatAStationOwesIsKnownByDayAndLateDataAreMarked)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", values))));
    ASSERT_TRUE(station.receive());
    auto const owed =
        service.json("/api/v1/devices/A140800_0001/completeness?datetime=2026-11-05T00:00:00%2B08:00/2026-11-05T23:00:00%2B08:00");
    EXPECT_EQ(owed.at("/interval"), "4h");
    EXPECT_EQ(owed.at("/expected") + " " + owed.at("/present") + " " + owed.at("/late"), "6 1 1");
    EXPECT_EQ(owed.at("/days/0/date"), "2026-11-05");
    EXPECT_EQ(owed.size("/days/0/missing"), 5U);
    EXPECT_EQ(owed.at("/days/0/missing/2"), "2026-11-05T04:00:00Z");
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").at("/records/0/late"), "true");
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/completeness").size("/days"), 7U);
    EXPECT_EQ(service.get("/api/v1/devices/A140800_0001/completeness?datetime=2020-01-01T00:00:00Z/2026-01-01T00:00:00Z").status, 413);
    EXPECT_EQ(service.get("/api/v1/devices/nobody/completeness").status, 404);
}

TEST_F(Gateway, AStationIsAskedForWhatItOwesAndWhatItSendsIsTakenIn)
{
    using namespace std::chrono;
    Service const service{folder / "data",
                          {.config = config("[hj212]\nrefill_days = 1\nrefill_interval = \"100ms\"\n" +
                                            device("A140800_0001", "a", "hour_data = \"hour\""))}};
    auto const owed = service.json("/api/v1/devices/A140800_0001/completeness").all("/days/6/missing");
    if (owed.size() < 2)
        GTEST_SKIP() << "the day in Beijing has hardly begun";
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "", "", hj212::cn::heartbeat))));
    ASSERT_TRUE(station.receive());
    auto const asked = station.receive();
    ASSERT_TRUE(asked);
    auto const request = hj212::parse_segment(*asked).value();
    EXPECT_EQ(request.cn, hj212::cn::hour);
    std::vector<hj212::Field> fields;
    hj212::parse_data_area(request.cp, fields);
    std::string const first{hj212::find_value(fields, "BeginTime")};
    EXPECT_EQ(first, hj212::format_station_time(parse_rfc3339(owed.front()).value()));
    EXPECT_EQ(hj212::find_value(fields, "EndTime"), hj212::format_station_time(parse_rfc3339(owed.back()).value()));

    auto reply = upload("A140800_0001", "", "QnRtn=1", hj212::cn::request_answer);
    reply.qn = request.qn;
    reply.flag = 8;
    ASSERT_TRUE(station.send(to_frame(reply)));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", first, "w01001-Avg=8,w01001-Flag=N"))));
    ASSERT_TRUE(station.receive());                // 9014
    reply.cn = hj212::cn::execution_result;
    reply.cp = "ExeRtn=1";
    ASSERT_TRUE(station.send(to_frame(reply)));
    EXPECT_TRUE(eventually([&] {
        return service.json("/collections/water-sections/items/a").at("/properties/missing_periods") == std::to_string(owed.size() - 1);
    }));
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/commands").at("/commands/0/state"), "done");
    EXPECT_FALSE(station.receive(500ms));          // the rest was asked for just now
}

TEST_F(Gateway, RubbishIsSkippedAndAConnectionOfNothingElseIsClosed)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto const good = to_frame(upload("A140800_0001", "20261105080000", values));
    ASSERT_TRUE(station.send("GET / HTTP/1.1\r\n\r\n##9999nonsense##" + good));
    EXPECT_TRUE(station.receive());
    std::string const rubbish(4096, '#');
    for (int i = 0; i < 40 && station.send(rubbish); ++i) {
    }
    EXPECT_TRUE(station.is_closed());
    StationLink other{service.hj212_port()};
    ASSERT_TRUE(other.send(good));
    EXPECT_TRUE(other.receive());              // nobody else noticed
}

/// Stations that stream frames until the service is killed; what was acknowledged must be there afterwards.
TEST_F(Gateway, KillLosesNoAcknowledgedFrame)
{
    constexpr std::array names{"a", "b", "c", "d"};
    std::string devices;
    for (auto const* name : names)
        devices += device(fmt::format("A140800_000{}", name), name);
    auto const file = config(devices);
    std::mutex mutex;
    std::map<std::string, std::set<int>> acknowledged;
    std::array<int, names.size()> next{};
    for (int round = 0; round < 3; ++round) {
        Service service{folder / "data", {.config = file}};
        std::vector<std::thread> stations;
        for (std::size_t i = 0; i < names.size(); ++i) {
            stations.emplace_back([&, i] {
                StationLink link{service.hj212_port()};
                std::map<std::string, int> open;
                for (int sent = 0; sent < 3000; sent += 8) {       // so that one page holds the series of all rounds
                    std::string burst;
                    for (int k = 0; k < 8; ++k) {
                        int const n = next[i]++;
                        auto const time = fmt::format("202510{:02}{:02}{:02}00", 1 + n / 1440, n / 60 % 24, n % 60);
                        auto const message = upload(fmt::format("A140800_000{}", names[i]), time,
                                                    fmt::format("w21003-Rtd={},w21003-Flag=N", n % 7), hj212::cn::real_time);
                        open[message.qn] = n;
                        burst += to_frame(message);
                    }
                    if (!link.send(burst))
                        return;
                    for (int k = 0; k < 8; ++k) {
                        auto const answer = link.receive(10s);
                        if (!answer)
                            return;
                        std::lock_guard const lock{mutex};
                        acknowledged[names[i]].insert(open.at(std::string{hj212::parse_segment(*answer)->qn}));
                    }
                }
                (void)link.is_closed(10s);
            });
        }
        std::this_thread::sleep_for(400ms);
        service.kill();
        for (auto& station : stations)
            station.join();
    }
    Service const service{folder / "data", {.config = file}};
    std::size_t all = 0;
    for (auto const* name : names) {
        std::set<std::string> times;
        std::string target = fmt::format("/api/v1/sites/{}/readings?interval=realtime&limit=10000", name);
        auto const series = service.json(target);
        for (std::size_t i = 0; i < series.size("/records"); ++i)
            times.insert(series.at(fmt::format("/records/{}/time", i)));
        ASSERT_LT(times.size(), 10'000U);
        for (int const n : acknowledged[name]) {
            auto const local = parse_rfc3339(fmt::format("2025-10-{:02}T{:02}:{:02}:00+08:00", 1 + n / 1440, n / 60 % 24, n % 60)).value();
            EXPECT_TRUE(times.contains(format_rfc3339(local))) << name << " " << n;
        }
        all += acknowledged[name].size();
    }
    EXPECT_GT(all, 100U);
}

}  // namespace
}  // namespace yihong::e2e
