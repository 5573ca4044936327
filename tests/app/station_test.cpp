#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

/// `yihong station` as it is used: the program that plays stations against the program that serves.
namespace yihong::e2e {
namespace {

struct Station : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path config = small_config(folder.path(), "[[devices]]\nmn = \"A140800_0001\"\nsite = \"a\"\npassword = \"123456\"\n");
    std::filesystem::path readings = folder / "readings.csv";

    Station()
    {
        write_file(readings, "site,time,interval,ph,ammonia_nitrogen\n"
                             "a,2021-04-01T08:00:00+08:00,4h,8.10,0.284\n"
                             "a,2021-04-01T12:00:00+08:00,4h,8.02,1.284\n"
                             "a,2021-04-01T16:00:00+08:00,4h,8.00,\n");
    }
    [[nodiscard]] Outcome play(Service const& service, std::vector<std::string> more) const
    {
        std::vector<std::string> arguments{"station",        "--connect",     fmt::format("127.0.0.1:{}", service.hj212_port()),
                                           "--config",       config.string(), "--readings",
                                           readings.string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return yihong(arguments);
    }
};

TEST_F(Station, ReadingsOfAFileArriveThroughTheGateway)
{
    Service const service{folder / "data", {.config = config}};
    auto const played = play(service, {"--from-last", "2"});
    EXPECT_EQ(played.code, 0) << played.err;
    Json const sums{played.last_line()};
    EXPECT_EQ(sums.at("/stations"), "1");
    EXPECT_EQ(sums.at("/acknowledged"), "2");
    EXPECT_EQ(sums.at("/refused"), "0");
    auto const series = service.get("/api/v1/sites/a/readings?f=csv").body;
    EXPECT_NE(series.find("a,2021-04-01T04:00:00Z,4h,normal,ammonia_nitrogen,1.284,mg/L,N"), std::string::npos) << series;
    EXPECT_EQ(series.find("2021-04-01T00:00:00Z"), std::string::npos) << series;
}

TEST_F(Station, WhatTheHostDoesNotAcknowledgeIsCountedAndShowsInTheExitCode)
{
    Service const service{folder / "data", {.config = config}};
    auto const played = play(service, {"--misbehave", "wrong-password", "--answer-timeout", "50ms", "--resends", "0"});
    EXPECT_EQ(played.code, 1);
    EXPECT_EQ(Json{played.last_line()}.at("/refused"), "3");
    EXPECT_EQ(Json{played.last_line()}.at("/acknowledged"), "0");
}

TEST_F(Station, ASignalEndsMadeUpStationsWithTheirSums)
{
    Service const service{folder / "data", {.config = config}};
    Process station{{YIHONG_BINARY, "station", "--connect", fmt::format("127.0.0.1:{}", service.hj212_port()), "--config", config.string(),
                     "--mn", "MADE", "--count", "3", "--forever"},
                    folder / "out",
                    folder / "err"};
    ASSERT_TRUE(eventually([&] { return service.get("/metrics").body.find("\nyihong_hj212_connections 3\n") != std::string::npos; }));
    station.signal(SIGTERM);
    EXPECT_EQ(station.wait(10s), 0);
    Json const sums{read_file(folder / "out")};
    EXPECT_EQ(sums.at("/stations"), "3");
    EXPECT_EQ(sums.at("/connections"), "3");
}

TEST_F(Station, SaysWhatItNeedsWhenThereIsNothingToSend)
{
    auto const nothing = yihong({"station", "--connect", "127.0.0.1:1", "--config", config.string()});
    EXPECT_EQ(nothing.code, 1);
    EXPECT_NE(nothing.err.find("--readings"), std::string::npos) << nothing.err;
    auto const stranger = yihong({"station", "--connect", "127.0.0.1:1", "--config", config.string(), "--device", "NOBODY"});
    EXPECT_EQ(stranger.code, 1);
    EXPECT_NE(stranger.err.find("NOBODY"), std::string::npos) << stranger.err;
    auto const never = yihong({"station", "--connect", "127.0.0.1:1", "--config", config.string(), "--loop", "--round-ends", "noon"});
    EXPECT_EQ(never.code, 1);
    EXPECT_NE(never.err.find("--round-ends"), std::string::npos) << never.err;
    EXPECT_EQ(yihong({"station"}).code, 2);
}

/// Both programs as they are: the key goes over, and what comes and goes afterwards is under the new one.
TEST_F(Station, ANewKeyIsTakenFromTheServiceAndUsed)
{
    auto const keyed =
        small_config(folder.path(), "[[devices]]\nmn = \"010000A8900016F000169DC0\"\nsite = \"a\"\npassword = \"123456\"\nst = "
                                    "\"32\"\nsm4_key = \"0000000000000000\"\nencrypted_only = true\nrefill = false\n");
    Service const service{folder / "data", {.config = keyed}};
    Process station{{YIHONG_BINARY, "station", "--connect", fmt::format("127.0.0.1:{}", service.hj212_port()), "--config", keyed.string(),
                     "--edition", "2025", "--readings", readings.string(), "--forever"},
                    folder / "out",
                    folder / "err"};
    std::string const path = "/api/v1/devices/010000A8900016F000169DC0";
    ASSERT_TRUE(eventually([&] { return service.json(path).at("/acknowledged") == "3"; })) << service.get(path).body;
    auto const give = [&](std::string_view body) { return Json{service.post(path + "/commands", "application/json", body).body}; };
    EXPECT_EQ(give(R"({"command":"new_key"})").at("/state"), "done");
    EXPECT_EQ(service.json(path).at("/key_pending"), "false");
    auto const history = give(R"({"command":"history_hour","begin":"2021-04-01T00:00:00Z","end":"2021-04-01T04:00:00Z"})");
    EXPECT_EQ(history.at("/state"), "done");
    EXPECT_EQ(history.at("/records"), "2");
    EXPECT_EQ(service.json(path).at("/bad_crc"), "0");
    station.signal(SIGTERM);
    EXPECT_EQ(station.wait(10s), 0);
}

}  // namespace
}  // namespace yihong::e2e
