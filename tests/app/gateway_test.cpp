#include "gateway.hpp"

#include "yihong/model/frame_text.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

/// Stations over real sockets at the real service: what is acknowledged, what is not, and what the map shows.
namespace yihong::e2e {
namespace {

using hj212::to_frame;

TEST_F(Gateway, AFourHourFrameIsAcknowledgedAndBecomesAJudgedSectionWithItsEvidence)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    auto const message = upload("A140800_0001", "20261105080000", values);
    ASSERT_TRUE(station.send(to_frame(message)));
    EXPECT_EQ(station.receive(), fmt::format("QN={};ST=91;CN=9014;PW=123456;MN=A140800_0001;Flag=8;CP=&&&&", message.qn));

    auto const feature = service.json("/collections/water-sections/items/a");
    EXPECT_EQ(feature.at("/properties/water_class"), "4");
    EXPECT_EQ(feature.at("/properties/main_pollutants"), "氨氮(0.3)");
    EXPECT_EQ(feature.at("/properties/mn"), "A140800_0001");
    EXPECT_EQ(feature.at("/properties/time"), "2026-11-05T00:00:00Z");

    auto const raw = service.json("/api/v1/sites/a/readings/2026-11-05T08:00:00%2B08:00/raw");
    ASSERT_EQ(raw.size("/frames"), 1U);
    EXPECT_EQ(raw.at("/frames/0/bytes"), without_secrets(to_frame(message)));
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
