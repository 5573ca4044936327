#include "gateway.hpp"

#include "yihong/base/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <future>

/// What the machine does not give: files, space, a clock.
namespace yihong::e2e {
namespace {

namespace asio = boost::asio;

std::string readings(int hour)
{
    return fmt::format("site,time,interval,ph\na,2025-11-{:02}T{:02}:00:00Z,hour,7.3\n", 1 + hour / 24 % 28, hour % 24);
}

TEST_F(Gateway, FewOpenFilesLowerTheLimitsOfConnectionsAndNeverStopTheStore)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a")), .limits = "ulimit -n 200"}};
    EXPECT_NE(service.log().find("connection_limits_lowered open_files=200"), std::string::npos) << service.log();
    asio::io_context io;
    std::vector<asio::ip::tcp::socket> strangers;
    for (int i = 0; i < 150; ++i)
        for (auto const port : {service.port(), service.hj212_port()}) {
            boost::system::error_code ignored;
            strangers.emplace_back(io).connect({asio::ip::address_v4::loopback(), port}, ignored);
        }
    StationLink station{service.hj212_port()};     // strangers make room
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(station.send(hj212::to_frame(upload("A140800_0001", fmt::format("202611{:02}{:02}0000", 1 + i / 24, i % 24), values))));
        ASSERT_TRUE(station.receive()) << i;
    }
    auto const ready = service.get("/readyz");
    EXPECT_EQ(ready.status, 200) << ready.body << service.log();
    EXPECT_NE(service.get("/metrics").body.find("refused_connections_total"), std::string::npos);
}

TEST_F(Gateway, AStoreWhoseEngineDoesNotRecoverEndsTheServiceToBeStartedAnew)
{
    // one that is taken in, and one that is kept aside with its 50 KB
    auto const body = [](std::size_t hour) {
        auto const record = [&](std::string_view ph) {
            return fmt::format(R"({{"site":"a","time":"2025-11-{:02}T{:02}:00:00Z","interval":"hour","values":{{"ph":"{}"}}}})",
                               1 + hour / 24, hour % 24, ph);
        };
        return "[" + record("7.3") + "," + record(std::string(50'000, 'x')) + "]";
    };
    auto const file = config("[store]\ngive_up_after = \"1s\"\n");
    std::size_t acknowledged = 0;
    {
        Service service{folder / "data", {.config = file, .limits = "trap '' XFSZ"}};
        service.process().limit(RLIMIT_FSIZE, 128U << 10U);    // every write beyond it is an I/O error from now on
        bool refused = false;
        while (!refused && acknowledged < 100) {
            auto const reply = service.post("/api/v1/readings", "application/json", body(acknowledged));
            refused = reply.status == 503;
            ASSERT_TRUE(refused || reply.status == 200) << reply.body;
            acknowledged += refused ? 0 : 1;
        }
        ASSERT_TRUE(refused);
        EXPECT_EQ(service.process().wait(), 1) << service.log();
        EXPECT_NE(service.log().find("store_given_up"), std::string::npos) << service.log();
    }
    Service const again{folder / "data", {.config = file}};
    EXPECT_EQ(again.get("/readyz").status, 200);
    EXPECT_GE(again.json("/api/v1/sites/a/readings?limit=1000").size("/records"), acknowledged);
    EXPECT_GT(acknowledged, 0U);
}

TEST_F(Gateway, AFullDiskAtTheStartLeavesReadingAndEndsTheServiceOnceThereIsSpace)
{
    auto const data = folder / "data";
    auto const file = config("[store]\ngive_up_after = \"1s\"\n");
    {
        Service service{folder / "before", {.config = file}};
        EXPECT_EQ(service.ingest("text/csv", readings(0)).at("/accepted"), "1");
        EXPECT_EQ(service.stop(), 0);
    }
    // A small file system of its own, that only the service sees, with that store and no space left.
    auto const disk = fmt::format(
        "mount -t tmpfs -o size=100m none '{0}' && cp -a '{1}/.' '{0}' && {{ cat /dev/zero > '{0}/filler' 2>/dev/null; true; }}",
        data.string(), (folder / "before").string());
    std::string const own = ::geteuid() == 0 ? "unshare -m" : "unshare -rm";
    if (run({"/bin/sh", "-c", own + " true"}).code != 0)
        GTEST_SKIP() << "no file system of its own is allowed here";
    Service service{data, {.config = file, .limits = fmt::format("exec {} /bin/sh -c \"{} && exec \\\"\\$@\\\"\" sh \"$@\"", own, disk)}};
    EXPECT_NE(service.log().find("store_only_reads"), std::string::npos) << service.log();
    EXPECT_EQ(service.get("/readyz").status, 503);
    EXPECT_EQ(service.get("/healthz").status, 200);
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").size("/records"), 1U);
    auto const refused = service.post("/api/v1/readings", "text/csv", readings(1));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(Json{refused.body}.at("/code"), "store_unavailable");
    EXPECT_TRUE(service.process().is_running());
    std::filesystem::remove(fmt::format("/proc/{}/root{}/filler", service.process().id(), data.string()));
    EXPECT_EQ(service.process().wait(), 1) << service.log();
    EXPECT_NE(service.log().find("store_given_up"), std::string::npos) << service.log();
}

TEST_F(Gateway, TimesThatCannotBeAreRefused)
{
    Service const service{folder / "data", {.config = config(device("A140800_0001", "a"))}};
    StationLink station{service.hj212_port()};
    ASSERT_TRUE(station.send(hj212::to_frame(upload("A140800_0001", "20100101000000", values))));      // its clock began anew
    ASSERT_TRUE(eventually([&] { return service.json("/api/v1/quarantine").size("/entries") == 1; }));
    EXPECT_EQ(service.json("/api/v1/quarantine").at("/entries/0/code"), "bad_time");
    for (auto const* time : {"0000-01-01T00:00:00Z", "1989-12-31T15:59:59Z"}) {
        auto const report = service.ingest("text/csv", fmt::format("site,time,interval,ph\na,{},hour,7.3\n", time));
        EXPECT_EQ(report.at("/rejected/0/code"), "bad_time") << time;
    }
    EXPECT_EQ(service.ingest("text/csv", "site,time,interval,ph\na,1990-01-01T00:00:00+08:00,hour,7.3\n").at("/accepted"), "1");
}

TEST_F(Gateway, QuarantineIsPagedByBytesAndKeepsNoMoreThan64KbOfAPiece)
{
    Service const service{folder / "data", {.config = config("")}};
    std::string const long_text(100'000, 'x');
    std::string body = "[";
    for (int i = 0; i < 100; ++i)
        body += fmt::format(R"({}{{"site":"a","time":"2025-11-06T{:02}:00:00Z","interval":"hour","values":{{"ph":"{}"}}}})", i ? "," : "",
                            i % 24, long_text);
    EXPECT_EQ(service.post("/api/v1/readings", "application/json", body + "]").status, 200);
    std::size_t seen = 0;
    for (std::string target = "/api/v1/quarantine?limit=1000"; !target.empty();) {
        auto const page = service.get(target);
        EXPECT_LT(page.body.size(), 5U << 20U);
        Json const json{page.body};
        for (auto const& raw : json.all("/entries"))
            EXPECT_LT(raw.size(), 70'000U);
        EXPECT_EQ(json.at("/entries/0/format"), "cut");
        seen += json.size("/entries");
        auto const next = json.at("/links/1/href");
        target = next == "(none)" ? std::string{} : next.substr(next.find("/api/v1"));
    }
    EXPECT_EQ(seen, 100U);
}

TEST_F(Gateway, ManyLongReadsKeepNobodyFromFiguresAndShortOnes)
{
    Service const service{folder / "data", {.config = config("")}};
    auto const begin = parse_rfc3339("2020-01-01T00:00:00Z").value();
    auto const hour = [&](int i) { return format_rfc3339(begin + std::chrono::hours{i}); };
    std::string rows = "site,time,interval,ph\n";
    for (int i = 0; i < 10'500; ++i)
        rows += fmt::format("a,{},hour,7.{}\n", hour(i), i % 100);
    (void)service.ingest("text/csv", rows + fmt::format("b,{},hour,7.3\n", hour(0)));
    for (auto const* kind : {"/api/v1/sites/a/readings?limit=10000", "/collections/water-records/items?limit=2000&f=json"}) {
        asio::io_context io;
        std::vector<asio::ip::tcp::socket> readers;
        for (int i = 0; i < 350; ++i) {            // each another page, so that none is found finished
            readers.emplace_back(io).connect({asio::ip::address_v4::loopback(), service.port()});
            asio::write(readers.back(),
                        asio::buffer(fmt::format("GET {}&datetime={}/.. HTTP/1.1\r\nHost: localhost\r\n\r\n", kind, hour(i))));
        }
        for (auto const* target :
             {"/metrics", "/healthz", "/readyz", "/api/v1/alerts", "/api/v1/sites/b/readings", "/api/v1/quarantine",
              "/api/v1/notifications", "/collections/water-sections/items?f=json", "/collections/water-records/items?f=json&limit=5"})
            EXPECT_EQ(service.get(target).status, 200) << target << " beside " << kind;
        std::size_t refused = 0;
        for (auto& reader : readers) {
            std::string status(12, ' ');
            asio::read(reader, asio::buffer(status));
            refused += status == "HTTP/1.1 503" ? 1 : 0;
        }
        EXPECT_GT(refused, 0U) << "they were more than are read at once, or this shows nothing: " << kind;
    }
}

TEST_F(Gateway, AStationThatRevisesThousandsOfRecordsKeepsNoOtherWaiting)
{
    using Clock = std::chrono::steady_clock;
    Service const service{folder / "data",
                          {.config = config("[hj212]\nframes_per_second_limit = 1000000\nbytes_per_second_limit = 1000000000\n" +
                                            device("A140800_0001", "a") + device("A140800_0002", "b"))}};
    constexpr int versions = 4;
    constexpr int records = 2000;
    std::string frames;
    for (int version = 0; version < versions; ++version)
        for (int i = 0; i < records; ++i)
            frames += hj212::to_frame(upload("A140800_0001", fmt::format("202611{:02}{:02}{:02}00", 1 + i / 144, i / 6 % 24, 10 * (i % 6)),
                                             fmt::format("w01001-Avg=7.{},w01001-Flag=N", version), hj212::cn::minute));
    StationLink loud{service.hj212_port()};
    StationLink quiet{service.hj212_port()};
    auto const begin = Clock::now();
    auto sent = std::async(std::launch::async, [&] { return loud.send(frames); });
    auto answered = std::async(std::launch::async, [&] {
        int count = 0;
        while (count < versions * records && loud.receive(60s))
            ++count;
        return count;
    });
    Clock::duration longest{};
    for (int hour = 0; hour < 27 * 24 && answered.wait_for(0s) != std::future_status::ready; ++hour) {
        auto const asked = Clock::now();
        ASSERT_TRUE(
            quiet.send(hj212::to_frame(upload("A140800_0002", fmt::format("202611{:02}{:02}0000", 1 + hour / 24, hour % 24), values))));
        ASSERT_TRUE(quiet.receive(60s)) << hour;
        longest = std::max(longest, Clock::now() - asked);
    }
    EXPECT_TRUE(sent.get());
    EXPECT_EQ(answered.get(), versions * records);
    EXPECT_GT(longest, Clock::duration{});
    EXPECT_LT(longest, std::max<Clock::duration>((Clock::now() - begin) / 3, 1s));
    EXPECT_EQ(service.json("/api/v1/sites/a/revisions?limit=1000").size("/revisions"), 1000U);
}

TEST_F(Gateway, RevisionsArePaged)
{
    Service const service{folder / "data", {.config = config("")}};
    for (int value = 0; value < 6; ++value)
        for (int hour = 0; hour < 2; ++hour)
            (void)service.ingest("text/csv", fmt::format("site,time,interval,ph\na,2025-11-06T0{}:00:00Z,hour,7.{}\n", hour, value));
    std::vector<std::string> seen;
    for (std::string target = "/api/v1/sites/a/revisions?limit=3"; !target.empty();) {
        auto const page = service.json(target);
        EXPECT_LE(page.size("/revisions"), 3U);
        for (std::size_t i = 0; i < page.size("/revisions"); ++i)
            seen.push_back(page.at(fmt::format("/revisions/{}/time", i)).substr(11, 2) + " " +
                           page.at(fmt::format("/revisions/{}/values/ph", i)));
        auto const next = page.at("/links/0/href");
        target = next == "(none)" ? std::string{} : next.substr(next.find("/api/v1"));
    }
    ASSERT_EQ(seen.size(), 10U);
    EXPECT_EQ(seen.front().substr(3), "7.0");
    EXPECT_EQ(seen.back().substr(3), "7.4");
    EXPECT_TRUE(std::ranges::is_sorted(seen, {}, [](std::string const& one) { return one.substr(0, 2); }));
    EXPECT_EQ(service.get("/api/v1/sites/a/revisions?after=x").status, 400);
}

TEST_F(Gateway, BackupsAreVerifiedAndNeverLieInTheStore)
{
    auto const data = (folder / "data").string();
    auto const file = config("");
    Service const service{data, {.config = file}};
    EXPECT_EQ(service.ingest("text/csv", readings(0)).at("/accepted"), "1");
    auto const run_it = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--config", file.string(), "--data", data});
        return yihong(arguments);
    };
    EXPECT_EQ(run_it({"backup", data + "/store/backup"}).code, 1);
    auto const copy = (folder / "copy").string();
    EXPECT_EQ(run_it({"backup", copy}).code, 0);
    auto const good = run_it({"backup", "verify", copy});
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_NE(good.out.find("sound: 1 "), std::string::npos) << good.out;
    EXPECT_EQ(run_it({"store", "verify"}).code, 0) << "beside the service";
    std::filesystem::remove(copy + "/CURRENT");
    EXPECT_EQ(run_it({"backup", "verify", copy}).code, 1);
}

}  // namespace
}  // namespace yihong::e2e
