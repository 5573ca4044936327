#include "process.hpp"

#include "yihong/base/time.hpp"
#include "yihong/http/message.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <set>

namespace yihong::e2e {
namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view ndjson = "application/x-ndjson";
constexpr std::string_view csv = "text/csv";

/// `accepted/duplicates/revised/rejected` of an intake report.
std::string counts(Json const& report)
{
    return fmt::format("{}/{}/{}/{}", report.at("/accepted"), report.at("/duplicates"), report.at("/revised"), report.size("/rejected"));
}

constexpr std::string_view five_records = R"([
 {"site": "a", "time": "2025-11-06T20:00:00+08:00", "interval": "4h",
  "values": {"ph": 8.1, "dissolved_oxygen": 7.9, "codmn": 5.2, "ammonia_nitrogen": {"value": 1.31, "flag": "N"}, "total_phosphorus": 0.21}},
 {"site": "nowhere", "time": "2025-11-06T20:00:00+08:00", "interval": "4h", "values": {"ph": 8.1}},
 {"site": "b", "time": "2025-11-06T20:00:00", "interval": "4h", "values": {"ph": 8.1}},
 {"site": "b", "time": "2025-11-06T20:00:00+08:00", "interval": "4h", "values": {"ph": 15}},
 {"site": "c", "time": "2025-11-06T20:00:00+08:00", "interval": "4h", "values": {"w01001": 7.4}}])";

TEST(Intake, GoodRecordsSurviveBadNeighbours)
{
    TemporaryFolder const folder;
    Service service{folder / "data", {.config = small_config(folder.path())}};

    auto const report = service.ingest(json, five_records);
    EXPECT_EQ(counts(report), "2/0/0/3");
    EXPECT_EQ(report.at("/rejected/0/index"), "1");
    EXPECT_EQ(report.at("/rejected/0/code"), "unknown_site");
    EXPECT_EQ(report.at("/rejected/1/index"), "2");
    EXPECT_EQ(report.at("/rejected/1/code"), "bad_time");
    EXPECT_EQ(report.at("/rejected/2/index"), "3");
    EXPECT_EQ(report.at("/rejected/2/code"), "out_of_range");
    EXPECT_NE(report.at("/rejected/2/detail").find("ph"), std::string::npos);

    auto const a = service.json("/collections/water-sections/items/a");
    EXPECT_EQ(a.at("/properties/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(a.at("/properties/water_class"), "4");
    EXPECT_EQ(a.at("/properties/deciding_parameters"), "ammonia_nitrogen、total_phosphorus");
    EXPECT_EQ(service.json("/collections/water-sections/items/b").at("/properties/time"), "null");
    EXPECT_EQ(service.json("/collections/water-sections/items/c").at("/properties/ph"), "7.4");

    // the same again: nothing changes but for the quarantine, which keeps what was sent, byte for byte
    EXPECT_EQ(counts(service.ingest(json, five_records)), "0/2/0/3");
    auto const quarantine = service.json("/api/v1/quarantine");
    ASSERT_EQ(quarantine.size("/entries"), 6U);
    EXPECT_EQ(quarantine.at("/entries/0/code"), "unknown_site");
    EXPECT_EQ(quarantine.at("/entries/0/site"), "nowhere");
    EXPECT_NE(quarantine.at("/entries/0/raw")
                  .find(R"({"site": "nowhere", "time": "2025-11-06T20:00:00+08:00", "interval": "4h", "values": {"ph": 8.1}})"),
              std::string::npos);
    EXPECT_TRUE(quarantine.at("/entries/0/source").starts_with("http 127.0.0.1"));
    auto const page = service.json("/api/v1/quarantine?limit=4");
    EXPECT_EQ(page.size("/entries"), 4U);
    auto const next = page.at("/links/1/href");
    EXPECT_EQ(service.json(next.substr(next.find("/api"))).size("/entries"), 2U);
    auto const listed = yihong({"quarantine", "list", "--config", folder / "yihong.toml", "--data", folder / "data"});
    EXPECT_EQ(listed.code, 0);
    EXPECT_EQ(Json{listed.out}.size("/entries"), 6U);

    // another value: the old record is kept as a revision
    EXPECT_EQ(counts(service.ingest(
                  json, R"({"records": [{"site": "c", "time": "2025-11-06T12:00:00Z", "interval": "4h", "values": {"ph": 7.5}}]})")),
              "0/0/1/0");
    EXPECT_EQ(service.json("/collections/water-sections/items/c").at("/properties/ph"), "7.5");
    auto const revisions = service.json("/api/v1/sites/c/revisions");
    ASSERT_EQ(revisions.size("/revisions"), 1U);
    EXPECT_EQ(revisions.at("/revisions/0/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(revisions.at("/revisions/0/values"), R"({"ph":7.4})");

    auto const log = service.log();
    EXPECT_NE(log.find("audit action=readings who=anonymous from=127.0.0.1 accepted=2 duplicates=0 revised=0 rejected=3"),
              std::string::npos)
        << log;
    EXPECT_EQ(service.stop(), 0);
    Service again{folder / "data", {.config = folder / "yihong.toml"}};
    EXPECT_EQ(again.json("/collections/water-sections/items/c").at("/properties/ph"), "7.5");
    EXPECT_EQ(again.json("/api/v1/quarantine").size("/entries"), 6U);
}

TEST(Intake, ARevisionSaysWhichOfItsReadingsWereFlagged)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    auto const report = [](std::string_view ph) {
        return fmt::format(R"({{"site":"a","time":"2025-11-06T12:00:00Z","interval":"4h","status":"calibration",)"
                           R"("values":{{"ph":{{"value":{},"flag":"C"}},"codmn":{{"value":3,"flag":"N"}},"turbidity":null}}}})",
                           ph);
    };
    EXPECT_EQ(counts(service.ingest(ndjson, report("7.4"))), "1/0/0/0");
    auto const before = service.json("/api/v1/sites/a/readings");
    EXPECT_EQ(before.at("/records/0/flags"), R"({"ph":"C"})");
    EXPECT_EQ(counts(service.ingest(ndjson, report("7.5"))), "0/0/1/0");

    auto const revisions = service.json("/api/v1/sites/a/revisions");
    for (auto const* member : {"time", "interval", "status", "received_at", "values", "flags"})
        EXPECT_EQ(revisions.at(fmt::format("/revisions/0/{}", member)), before.at(fmt::format("/records/0/{}", member))) << member;
    EXPECT_EQ(revisions.at("/revisions/0/values"), R"({"ph":7.4,"codmn":3,"turbidity":null})");
}

TEST(Intake, TakesEveryFormatAndEncoding)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    std::string const lines = R"({"site":"a","time":"2025-11-06T00:00:00Z","interval":"hour","values":{"ph":7.1}}
{"site":"b","time":"2025-11-06T00:00:00Z","interval":"hour","status":"maintenance","values":{"ph":7.2}}
)";
    std::string const wide = "ph_flag,codmn,site,ph,time,interval\r\n,3.4,a,7.3,2025-11-06T01:00:00Z,hour\r\nD,,b,7.4,2025-11-06T01:00:00Z,"
                             "hour\r\n,4,x,7,2025-11-06T01:00:00Z,hour\r\n";
    std::string const tall = "site,time,interval,parameter,value,flag\na,2025-11-06T02:00:00Z,hour,ph,7.5,N\na,2025-11-06T02:00:00Z,hour,"
                             "codmn,3.5,\nb,2025-11-06T02:00:00Z,hour,ph,7.6,N\n";

    EXPECT_EQ(counts(service.ingest(ndjson, lines)), "2/0/0/0");
    EXPECT_EQ(counts(service.ingest("text/csv; charset=utf-8", wide)), "2/0/0/1");
    EXPECT_EQ(counts(service.ingest(csv, tall)), "2/0/0/0");
    // compressed, they are the same records
    EXPECT_EQ(counts(service.ingest(ndjson, http::Content{lines}.gzip(), {{"Content-Encoding", "gzip"}})), "0/2/0/0");
    EXPECT_EQ(counts(service.ingest(csv, http::Content{wide}.zstd(), {{"Content-Encoding", "zstd"}})), "0/2/0/1");
    EXPECT_EQ(counts(service.ingest(csv, http::Content{tall}.gzip(), {{"Content-Encoding", "gzip"}})), "0/2/0/0");

    auto const a = service.json("/api/v1/sites/a/readings");
    EXPECT_EQ(a.size("/records"), 3U);
    EXPECT_EQ(a.at("/records/1/values"), R"({"ph":7.3,"codmn":3.4})");
    EXPECT_EQ(a.at("/records/2/values"), R"({"ph":7.5,"codmn":3.5})");
    auto const b = service.json("/api/v1/sites/b/readings");
    EXPECT_EQ(b.at("/records/0/status"), "maintenance");
    EXPECT_EQ(b.at("/records/1/flags"), R"({"ph":"D"})");
}

TEST(Intake, SaysWhyABodyAsAWholeIsRefused)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path(), "[intake]\nbody_limit_mb = 1\n")}};
    struct Case {
        std::string type, body;
        http::Headers headers;
        int status;
        std::string detail;
    };
    std::string const too_long(1'100'000, ' ');
    for (auto const& [type, body, headers, status, detail] : {
             Case{"application/json", "[{\"site\":\"a\",\n \"time\":}]", {}, 400, "line 2, column 9"},
             Case{"application/json", "42", {}, 400, ""},
             Case{"application/json", "", {}, 400, ""},
             Case{"text/csv", "site,time\na,b\n", {}, 400, "line 1, column 1: column 'interval' is missing"},
             Case{"text/csv", "site,time,interval,nonsense\n", {}, 400, "line 1, column 4"},
             Case{"text/plain", "hello", {}, 415, "application/json, application/x-ndjson, text/csv"},
             Case{"", "hello", {}, 415, ""},
             Case{"application/json", "[]", {{"Content-Encoding", "br"}}, 415, ""},
             Case{"application/json", "not gzip at all", {{"Content-Encoding", "gzip"}}, 400, ""},
             Case{"application/json", too_long, {}, 413, ""},
             Case{"application/json", http::Content{too_long}.gzip(), {{"Content-Encoding", "gzip"}}, 413, ""},
         }) {
        auto const reply = service.post("/api/v1/readings", type, body, headers);
        EXPECT_EQ(reply.status, status) << type << " " << body.substr(0, 40) << "\n" << reply.body;
        ASSERT_NE(reply.header("Content-Type"), nullptr);
        EXPECT_EQ(*reply.header("Content-Type"), "application/problem+json");
        EXPECT_NE(Json{reply.body}.at("/detail").find(detail), std::string::npos) << reply.body;
    }
    EXPECT_EQ(service.json("/api/v1/quarantine").at("/entries"), "[]");
    EXPECT_EQ(service.get("/api/v1/sites/nowhere/readings").status, 404);
    EXPECT_EQ(service.get("/api/v1/sites/a/readings?limit=0").status, 400);
    EXPECT_EQ(service.get("/api/v1/sites/a/readings?colour=red").status, 400);
    EXPECT_EQ(service.get("/api/v1/sites/a/judgement").status, 404);
    EXPECT_EQ(http::request("127.0.0.1", service.port(), "DELETE", "/api/v1/readings").status, 405);
}

TEST(Intake, ReplaysTheQuarantineOnceTheCauseIsMended)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service service{folder / "data", {.config = config}};
    EXPECT_EQ(counts(service.ingest(json, R"([{"site":"late","time":"2025-11-06T00:00:00Z","interval":"4h","values":{"codmn":6.5}}])")),
              "0/0/0/1");
    EXPECT_EQ(counts(service.ingest(ndjson, R"({"site":"late","time":"2025-11-06T04:00:00Z","interval":"4h","values":{"codmn":6.6}})")),
              "0/0/0/1");
    EXPECT_EQ(
        counts(service.ingest(csv, "site,time,interval,codmn,ph\na,2025-11-06T08:00:00Z,4h,2,7\nlate,2025-11-06T08:00:00Z,4h,6.7,8\n")),
        "1/0/0/1");
    EXPECT_EQ(
        counts(service.ingest(
            csv, "time,site,interval,value,parameter\n2025-11-06T12:00:00Z,late,4h,6.8,codmn\n2025-11-06T12:00:00Z,late,4h,7.8,ph\n")),
        "0/0/0/2");
    auto const replay = [&] { return yihong({"quarantine", "replay", "--config", config, "--data", folder / "data"}); };

    auto const before = replay();
    EXPECT_EQ(before.code, 0) << before.err;
    EXPECT_EQ(before.last_line(), R"({"tried":5,"settled":0,"remaining":5,"accepted":0,"duplicates":0,"revised":0,"superseded":0})");

    write_sites(folder / "sites.geojson", {"a", "b", "c", "d", "late"});
    service.process().signal(SIGHUP);
    ASSERT_TRUE(service.logged("reloaded sites=5")) << service.log();
    auto const after = replay();
    EXPECT_EQ(after.last_line(), R"({"tried":5,"settled":5,"remaining":0,"accepted":5,"duplicates":0,"revised":0,"superseded":0})");
    EXPECT_EQ(service.json("/api/v1/quarantine").at("/entries"), "[]");
    EXPECT_EQ(service.json("/api/v1/sites/late/readings").size("/records"), 4U);
    auto const late = service.json("/collections/water-sections/items/late");
    EXPECT_EQ(late.at("/properties/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(late.at("/properties/codmn"), "6.8");
    EXPECT_EQ(late.at("/properties/water_class"), "4");
    EXPECT_EQ(service.stop(), 0);
}

TEST(Intake, DropsAQuarantinedEntryThatWillNeverBeGood)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service const service{folder / "data", {.config = config}};
    EXPECT_EQ(counts(service.ingest(json, R"([{"site":"a","time":"2999-01-01T00:00:00Z","interval":"4h","values":{"codmn":6.5}},
                                              {"site":"a","time":"2025-11-06T00:00:00Z","interval":"4h","values":{"ph":77}}])")),
              "0/0/0/2");
    auto const drop = [&](std::string const& id) {
        return yihong({"quarantine", "drop", id, "--config", config, "--data", folder / "data"});
    };
    EXPECT_EQ(drop("1").code, 0);
    auto const again = drop("1");
    EXPECT_EQ(again.code, 1);
    EXPECT_NE(again.err.find("there is no quarantine entry 1"), std::string::npos) << again.err;
    EXPECT_EQ(drop("x").code, 2);
    EXPECT_EQ(service.json("/api/v1/quarantine").at("/entries/0/code"), "out_of_range");
    EXPECT_EQ(service.json("/api/v1/quarantine").size("/entries"), 1U);
    EXPECT_TRUE(service.logged("action=quarantine_drop")) << service.log();
}

TEST(Intake, ShowsLargeQuarantinedInputInSeveralPages)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    std::string body = "site,time,interval,ph\n";
    for (int i = 0; i < 100; ++i)
        body += "a,2025-11-06T00:00:00Z,4h," + std::string(90'000, '7') + "\n";
    EXPECT_EQ(counts(service.ingest(csv, body)), "0/0/0/100");
    auto page = service.json("/api/v1/quarantine?limit=100");
    std::vector<std::string> ids;
    for (int pages = 1;; ++pages) {
        for (std::size_t i = 0; i < page.size("/entries"); ++i) {
            ids.push_back(page.at(fmt::format("/entries/{}/id", i)));
            EXPECT_LE(page.at(fmt::format("/entries/{}/raw", i)).size(), 64U * 1024 + 100) << "at most 64 KB are kept of a piece";
        }
        if (page.size("/links") == 1) {
            EXPECT_EQ(pages, 2) << "more than 4 MB are not given at once";
            break;
        }
        auto const next = page.at("/links/1/href");
        page = service.json(next.substr(next.find("/api")));
    }
    EXPECT_EQ(ids.size(), 100U);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 100U);
}

TEST(Intake, WithdrawsRecordsOfAWrongClock)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service const service{folder / "data", {.config = config}};
    (void)service.ingest(csv, "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.1\na,2026-03-06T00:00:00Z,4h,7.2\n"
                              "a,2026-03-06T04:00:00Z,4h,7.3\na,2026-03-06T00:00:00Z,day,7.4\n");
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").size("/records"), 4U);
    auto const withdraw = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"withdraw", "--config", config, "--data", folder / "data"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return yihong(arguments);
    };
    auto const done = withdraw({"a", "2026-01-01T00:00:00Z/..", "--interval", "4h", "--reason", "站房时钟错误 clock"});
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(done.last_line(), R"({"site":"a","withdrawn":2})");
    EXPECT_EQ(service.json("/api/v1/sites/a/readings").size("/records"), 2U);
    EXPECT_EQ(service.json("/api/v1/sites/a/revisions").at("/revisions/1/values/ph"), "7.3");
    EXPECT_NE(service.get("/metrics").body.find("\nyihong_store_records 2\n"), std::string::npos) << service.get("/metrics").body;
    EXPECT_TRUE(service.logged(R"(action=records_withdrawn)"));
    EXPECT_TRUE(service.logged("records=2 reason=\"站房时钟错误 clock\"")) << service.log();
    EXPECT_EQ(withdraw({"nobody", "..", "--reason", "x"}).code, 1);
    EXPECT_EQ(withdraw({"a", "2026-01-01T00:00:00Z/..", "--reason", " "}).code, 1);
    EXPECT_EQ(withdraw({"a", "yesterday", "--reason", "x"}).code, 1);
}

TEST(Series, IsPagedByLinksWithoutGapsOrRepeats)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    std::string body = "site,time,interval,ph,codmn\n";
    std::vector<std::string> times;
    for (int i = 0; i < 25; ++i) {
        times.push_back(fmt::format("2025-11-{:02}T{:02}:00:00Z", 5 + i / 24, i % 24));
        body += fmt::format("a,{},hour,7.{},3\n", times.back(), i);
    }
    EXPECT_EQ(counts(service.ingest(csv, body)), "25/0/0/0");
    EXPECT_EQ(counts(service.ingest(csv, "site,time,interval,ph\na,2025-11-05T03:00:00Z,day,7\n")), "1/0/0/0");

    for (std::string const format : {"json", "csv"}) {
        std::vector<std::string> seen;
        std::string target =
            "/api/v1/sites/a/readings?parameter=ph,codmn&interval=hour&datetime=2025-11-05T00:00:00Z/2025-11-06T00:00:00Z&limit=10&f=" +
            format;
        int pages = 0;
        for (; !target.empty() && pages < 10; ++pages) {
            auto const reply = service.get(target);
            ASSERT_EQ(reply.status, 200) << reply.body;
            auto const* link = reply.header("Link");
            std::string const next = link ? link->substr(1, link->find('>') - 1) : "";
            if (format == "json") {
                Json const page{reply.body};
                for (std::size_t i = 0; i < page.size("/records"); ++i)
                    seen.push_back(page.at("/records/" + std::to_string(i) + "/time"));
                EXPECT_EQ(page.at("/links/1/href"), next.empty() ? "(none)" : next);
            } else {
                for (auto at = reply.body.find(",ph,"); at != std::string::npos; at = reply.body.find(",ph,", at + 1)) {
                    auto const line = reply.body.rfind('\n', at) + 1;
                    seen.push_back(reply.body.substr(line + 2, 20));
                }
            }
            ASSERT_TRUE(next.empty() || next.starts_with(service.url() + "/api")) << next;
            target = next.empty() ? "" : next.substr(service.url().size());
        }
        EXPECT_EQ(pages, 3) << format;
        EXPECT_EQ(seen, times) << format;
    }
}

TEST(Series, CsvCanBeSentBack)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service const service{folder / "data", {.config = config}};
    EXPECT_EQ(counts(service.ingest(json, R"([
 {"site":"a","time":"2025-11-06T00:00:00Z","interval":"4h","values":{"ph":7.10,"codmn":{"value":3.05,"flag":"D"},"conductivity":null}},
 {"site":"a","time":"2025-11-06T04:00:00Z","interval":"4h","status":"maintenance","values":{"ph":7.2,"codmn":11}},
 {"site":"a","time":"2025-11-06T04:00:00.5Z","interval":"realtime","status":"fault","values":{"ph":{"value":null,"flag":"B"}}},
 {"site":"a","time":"2025-11-07T00:00:00Z","interval":"day","values":{"algae_density":1234567,"total_phosphorus":0.005}},
 {"site":"a","time":"2025-11-07T04:00:00Z","interval":"4h","status":"stopped","values":{}}])")),
              "5/0/0/0");

    auto const first = service.get("/api/v1/sites/a/readings?f=csv");
    EXPECT_EQ(counts(service.ingest(csv, first.body)), "0/5/0/0") << first.body;
    // and a service that knew nothing then holds the same
    Service const other{folder / "other", {.config = config}};
    EXPECT_EQ(counts(other.ingest(csv, first.body)), "5/0/0/0");
    EXPECT_EQ(other.get("/api/v1/sites/a/readings?f=csv").body, first.body);
    EXPECT_NE(first.body.find("a,2025-11-06T04:00:00Z,4h,maintenance,codmn,11,mg/L,N,2025-11-06 12:00,5,\r\n"), std::string::npos)
        << first.body;
    EXPECT_NE(first.body.find("a,2025-11-07T04:00:00Z,4h,stopped,,,,,2025-11-07 12:00,,\r\n"), std::string::npos) << first.body;
}

TEST(Series, CsvComesWhole)
{
    TemporaryFolder const folder;
    Service const service{folder / "data", {.config = small_config(folder.path())}};
    constexpr int records = 1500;                          // more than a page
    std::string rows = "site,time,interval,ph\n";
    for (int i = 0; i < records; ++i)
        rows += "a," + format_rfc3339(parse_rfc3339("2025-01-01T00:00:00Z").value() + std::chrono::hours{i}) + ",hour,7.1\n";
    (void)service.ingest(csv, rows);
    auto const whole = service.get("/api/v1/sites/a/readings?f=csv");
    EXPECT_EQ(std::ranges::count(whole.body, '\n'), records + 1);
    EXPECT_EQ(whole.header("Link"), nullptr) << "nothing follows";
    auto const page = service.get("/api/v1/sites/a/readings?f=csv&limit=1000");
    EXPECT_EQ(std::ranges::count(page.body, '\n'), 1001);
    ASSERT_NE(page.header("Link"), nullptr);
    EXPECT_NE(page.header("Link")->find("rel=\"next\""), std::string::npos) << "what is cut says so";
}

}  // namespace
}  // namespace yihong::e2e
