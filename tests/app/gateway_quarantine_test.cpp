#include "gateway.hpp"

#include "yihong/model/frame_text.hpp"

/// What is refused, kept and found again: quarantine, and messages that bring no record.
namespace yihong::e2e {
namespace {

using hj212::to_frame;

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

TEST_F(Gateway, PasswordsAreShownToAdministratorsOnly)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto spaced = hj212::to_segment(upload("A140800_0001", "20261105080000", values));
    spaced.replace(spaced.find("PW="), 3, "PW =");
    ASSERT_TRUE(station.send(to_frame(spaced)));
    ASSERT_TRUE(station.receive());
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20991105080000", values))));
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/quarantine").size("/entries") == 1; }));
    auto damaged = to_frame(spaced);
    damaged.replace(damaged.size() - 6, 4, "FFFF");
    ASSERT_TRUE(station.send(damaged));
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/devices/A140800_0001").at("/bad_crc") == "1"; }));
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001").at("/last_refusal"), "the CRC is wrong")
        << "the right one tells of the password";
    auto const secret = Json{read_file(folder / "data/control.json")}.at("/secret");
    for (auto const* path :
         {"/api/v1/quarantine", "/api/v1/sites/a/readings/2026-11-05T08:00:00%2B08:00/raw", "/api/v1/devices/A140800_0001/messages"}) {
        auto const masked = service.get(path).body;
        EXPECT_EQ(masked.find("123456"), std::string::npos) << masked;
        EXPECT_NE(masked.find("=******;"), std::string::npos) << masked;
        auto const all = std::string{path} + "?secrets=true";
        EXPECT_EQ(service.get(all).status, 403);
        EXPECT_NE(service.json(all, {{"Authorization", "Bearer " + secret}}).at("").find("123456"), std::string::npos) << path;
    }
}

/// The value of an item of the record of 2026-11-05 08:00, as its series shows it.
std::string oxygen(Service const& service)
{
    return service.json("/api/v1/sites/a/readings?datetime=2026-11-05T08:00:00%2B08:00").at("/records/0/values/dissolved_oxygen");
}

TEST_F(Gateway, OldFramesNeverReplaceACorrection)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto const sent_at = [](std::string_view qn, std::string_view value) {
        auto message = upload("A140800_0001", "20261105080000", fmt::format("w01009-Avg={},w01009-Flag=N", value));
        message.qn = qn;
        return to_frame(message);
    };
    auto const first = sent_at("20261105081000000", "1.0");
    auto const answered = [&](std::string const& frame) { return station.send(frame) && station.receive().has_value(); };
    ASSERT_TRUE(answered(first));
    ASSERT_TRUE(answered(sent_at("20261105083000000", "9.0")));
    EXPECT_EQ(oxygen(service), "9.0");
    ASSERT_TRUE(answered(first));                                          // byte for byte
    EXPECT_EQ(oxygen(service), "9.0");
    ASSERT_TRUE(answered(first.substr(0, first.size() - 2)));              // cut before its line end
    EXPECT_EQ(oxygen(service), "9.0");
    ASSERT_TRUE(answered(sent_at("20261105082000000", "2.0")));            // an older QN
    EXPECT_EQ(oxygen(service), "9.0");
    ASSERT_TRUE(answered(sent_at("20261105084000000", "3.0") + first));    // both in one read
    ASSERT_TRUE(station.receive());
    EXPECT_EQ(oxygen(service), "3.0");
    auto older = upload("A140800_0001", "20261105080000", "w01009-Avg=2.0,w01009-Flag=N;w01001-Avg=8.1,w01001-Flag=N");
    older.qn = "20261105080500000";
    ASSERT_TRUE(answered(to_frame(older)));                                // what is missing comes from it all the same
    EXPECT_EQ(oxygen(service), "3.0");
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").at("/records/0/values/ph"), "8.1");
    EXPECT_EQ(service.json("/api/v1/sites/a/revisions").size("/revisions"), 3U);   // 1.0, 9.0, and 3.0 without pH
}

TEST_F(Gateway, AFrameSentAgainNeverReplacesACorrectionThatCameAnotherWay)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a", "crc = [\"hj212\", \"modbus\"]"))}};
    auto message = upload("A140800_0001", "20261105080000", "w01009-Avg=1.0,w01009-Flag=N");
    auto const first = to_frame(message);
    auto const answered = [&](std::string const& frame) {
        StationLink station{service.hj212_port()};
        return station.send(frame) && station.receive().has_value();
    };
    ASSERT_TRUE(answered(first));
    (void)service.ingest("text/csv", "site,time,interval,dissolved_oxygen\na,2026-11-05T08:00:00+08:00,4h,9.0\n");
    for (auto const& again : {first, first.substr(0, first.size() - 2), first.substr(0, first.size() - 2) + "\n", "\r\n" + first,
                              to_frame(message, CrcForm::modbus)}) {
        ASSERT_TRUE(answered(again)) << again;
        EXPECT_EQ(oxygen(service), "9.0") << again;
    }
}

TEST_F(Gateway, AReplayNeverReplacesWhatCameSince)
{
    Service service{folder / "data", {.config = config(device("A140800_0002", "b"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105080000", "w01009-Avg=1.0,w01009-Flag=N"))));
    ASSERT_TRUE(station.send(to_frame(upload("A140800_0001", "20261105120000", "w01009-Avg=2.0,w01009-Flag=N"))));
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/quarantine").size("/entries") == 2; }));
    (void)service.ingest("text/csv", "site,time,interval,dissolved_oxygen\na,2026-11-05T08:00:00+08:00,4h,9.0\n");
    (void)config(device("A140800_0001", "a"));
    service.process().signal(SIGHUP);
    ASSERT_TRUE(service.logged(" reloaded "));
    Json const replayed{service.post("/api/v1/quarantine/replay").body};
    EXPECT_EQ(replayed.at("/settled"), "2");
    EXPECT_EQ(replayed.at("/accepted"), "1");
    EXPECT_EQ(replayed.at("/revised"), "0");
    EXPECT_EQ(replayed.at("/superseded"), "1");
    EXPECT_EQ(oxygen(service), "9.0");
    EXPECT_EQ(service.json("/api/v1/sites/a/revisions").at("/revisions/0/values/dissolved_oxygen"), "1.0");
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
    EXPECT_EQ(service.json("/api/v1/devices/A140800_0001/messages").at("/messages/1/bytes"), without_secrets(future));
    auto const secret = Json{read_file(folder / "data/control.json")}.at("/secret");       // of scope admin
    EXPECT_EQ(
        service.json("/api/v1/devices/A140800_0001/messages?secrets=true", {{"Authorization", "Bearer " + secret}}).at("/messages/1/bytes"),
        future);
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

}  // namespace
}  // namespace yihong::e2e
