#include "process.hpp"

#include "yihong/base/time.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace yihong::e2e {
namespace {

/// Four hours apart, all of the last day, or they would be history.
std::string time_of(int n)
{
    static auto const first = std::chrono::floor<std::chrono::hours>(utc_now()) - std::chrono::hours{26};
    return format_rfc3339(UtcTime{first + std::chrono::hours{4 * n}});
}

std::string reading(std::string_view site, int n, std::string_view ammonia)
{
    return fmt::format(R"([{{"site":"{}","time":"{}","interval":"4h","values":{{"ammonia_nitrogen":{}}}}}])", site, time_of(n), ammonia);
}

class Alerts : public testing::Test {
protected:
    Alerts() { start(); }
    void start() { service = std::make_unique<Service>(folder / "data", ServeOptions{.config = config}); }
    void kill_and_start()
    {
        service->kill();
        start();
    }
    void measure(std::string_view site, int n, std::string_view ammonia) const
    {
        (void)service->ingest("application/json", reading(site, n, ammonia));
    }
    [[nodiscard]] int act(std::string const& id, std::string const& action, std::string_view body, http::Headers const& headers = {}) const
    {
        return service->post("/api/v1/alerts/" + id + "/" + action, "application/json", body, headers).status;
    }
    /// Everything that is told of it, without the addresses in which the port stands.
    [[nodiscard]] std::string told(std::string const& id) const
    {
        auto const story = service->json("/api/v1/alerts/" + id);
        return story.at("/alert") + story.at("/history") + story.at("/evidence") + story.at("/chain");
    }

    TemporaryFolder const folder;
    std::filesystem::path const config = small_config(folder.path());
    std::unique_ptr<Service> service;
};

TEST_F(Alerts, LiveThroughCrashesUntilTheWaterHasRecovered)
{
    measure("a", 0, "1.31");
    EXPECT_EQ(service->json("/api/v1/alerts").at("/alerts/0/severity"), "notice");
    measure("a", 1, "1.31");
    auto const list = service->json("/api/v1/alerts");
    ASSERT_EQ(list.size("/alerts"), 1U);
    auto const id = list.at("/alerts/0/id");
    EXPECT_EQ(list.at("/alerts/0/severity"), "alert");
    EXPECT_EQ(list.at("/alerts/0/water_class"), "4");
    EXPECT_EQ(list.at("/alerts/0/state"), "open");
    EXPECT_EQ(list.at("/alerts/0/deciding_parameters/0"), "ammonia_nitrogen");

    auto const feature = service->json("/collections/alerts/items/" + id);
    EXPECT_EQ(feature.at("/geometry/coordinates/0"), "111");
    EXPECT_EQ(feature.at("/properties/severity"), "alert");
    auto const site = [&] { return service->json("/collections/water-sections/items/a"); };
    EXPECT_EQ(site().at("/properties/alert_state"), "open");
    EXPECT_EQ(site().at("/properties/alert_severity"), "alert");
    EXPECT_EQ(site().at("/properties/alert_id"), id);

    auto before = told(id);
    kill_and_start();
    EXPECT_EQ(told(id), before);
    EXPECT_EQ(site().at("/properties/alert_id"), id);

    EXPECT_EQ(act(id, "acknowledge", R"({"by":"李值班","note":"已通知河津市"})"), 200);
    kill_and_start();                              // what was answered is on disk
    EXPECT_EQ(site().at("/properties/alert_state"), "acknowledged");
    auto const story = service->json("/api/v1/alerts/" + id);
    EXPECT_EQ(story.at("/acknowledged_by"), "李值班");
    EXPECT_EQ(story.at("/history/2/from"), "127.0.0.1");
    EXPECT_EQ(story.at("/chain/verified"), "true");

    measure("a", 2, "0.21");
    measure("a", 3, "0.22");
    EXPECT_EQ(site().at("/properties/alert_state"), "acknowledged") << "two good ones are not enough";
    kill_and_start();
    measure("a", 4, "0.23");
    EXPECT_EQ(service->json("/api/v1/alerts?state=resolved").at("/alerts/0/resolved_by"), "water");
    EXPECT_EQ(site().at("/properties/alert_state"), "none");
    EXPECT_EQ(site().at("/properties/alert_id"), "null");
    EXPECT_EQ(act(id, "close", R"({"by":"李值班"})"), 200);
    EXPECT_NE(service->log().find("action=alert_close"), std::string::npos) << service->log();
    before = told(id);
    kill_and_start();
    EXPECT_EQ(told(id), before);
    EXPECT_NE(service->get("/metrics").body.find("yihong_alerts{state=\"closed\",severity=\"alert\"} 1\n"), std::string::npos);
    EXPECT_NE(service->get("/metrics").body.find("yihong_alert_steps_total 5\n"), std::string::npos);
    EXPECT_NE(service->get("/").body.find("/api/v1/alerts"), std::string::npos);
    EXPECT_NE(service->get("/api").body.find("\"/api/v1/alerts/{id}/acknowledge\""), std::string::npos);
    EXPECT_EQ(service->stop(), 0);
}

TEST_F(Alerts, AreACollectionForEveryProgramThatKnowsGdal)
{
    for (std::string const name : {"a", "b"}) {
        measure(name, 0, "1.31");
        measure(name, 1, name == "a" ? "1.31" : "0.2");
    }
    measure("b", 2, "0.2");
    measure("b", 3, "0.2");
    auto const found = [&](std::string const& query) {
        auto const page = service->json("/collections/alerts/items?" + query);
        std::string ids;
        for (std::size_t i = 0; i < page.size("/features"); ++i)
            ids += page.at(fmt::format("/features/{}/properties/site", i));
        return ids;
    };
    EXPECT_EQ(found(""), "ab");
    EXPECT_EQ(found("state=open"), "a");
    EXPECT_EQ(found("state=closed"), "b") << "a notice closes by itself";
    EXPECT_EQ(found("severity=alert&site=b"), "");
    EXPECT_EQ(found("deciding_parameters=ammonia_nitrogen&rules=below-class-iii"), "a");
    EXPECT_EQ(found("bbox=110.995,34,111.005,36"), "a");
    EXPECT_EQ(found("bbox=0,0,1,1"), "");
    EXPECT_EQ(found("datetime=" + time_of(1) + "/.."), "a") << "of the newest record behind it";
    EXPECT_EQ(service->get("/collections/alerts/items?colour=red").status, 400);
    EXPECT_EQ(service->json("/collections/alerts/schema").at("/properties/opened_at/format"), "date-time");
    EXPECT_NE(service->get("/collections/alerts/queryables").body.find("acknowledged_by"), std::string::npos);
    EXPECT_EQ(service->get("/collections/alerts/items?f=html").status, 200);

    auto const copied = run({"ogr2ogr", "-f", "GPKG", folder / "alerts.gpkg", "OAPIF:" + service->url(), "alerts"});
    ASSERT_EQ(copied.code, 0) << copied.err;
    auto const summary = run({"ogrinfo", "-ro", "-al", folder / "alerts.gpkg", "alerts", "-where", "state = 'open'"});
    for (std::string const line : {"Geometry: Point", "Feature Count: 1", "severity (String) = alert", "water_class (Integer) = 4",
                                   "opened_at: DateTime", "POINT (111 35)"})
        EXPECT_NE(summary.out.find(line), std::string::npos) << line << " is not in\n" << summary.out;
    EXPECT_EQ(service->stop(), 0);
}

TEST_F(Alerts, AreNotRaisedByHistory)
{
    write_file(folder / "history.csv", "site,time,interval,ammonia_nitrogen\na," + time_of(0) + ",4h,1.31\nb," + time_of(0) +
                                           ",4h,1.31\nb," + time_of(1) + ",4h,1.31\n");
    auto const imported = yihong({"import", "--quiet", "--config", config, "--data", folder / "data", folder / "history.csv"});
    ASSERT_EQ(imported.code, 0) << imported.err;
    EXPECT_EQ(service->json("/collections/water-sections/items/b").at("/properties/water_class"), "4");
    EXPECT_EQ(service->json("/api/v1/alerts").size("/alerts"), 0U);
    measure("a", 1, "1.31");
    auto const raised = service->json("/api/v1/alerts");
    ASSERT_EQ(raised.size("/alerts"), 1U);
    EXPECT_EQ(raised.at("/alerts/0/site"), "a");
    EXPECT_EQ(raised.at("/alerts/0/severity"), "alert") << "the imported one counts all the same";
    EXPECT_EQ(service->stop(), 0);
    // nor by a command that holds the store itself
    write_file(folder / "more.csv", "site,time,interval,ammonia_nitrogen\nc," + time_of(0) + ",4h,1.31\n");
    ASSERT_EQ(yihong({"import", "--quiet", "--config", config, "--data", folder / "data", folder / "more.csv"}).code, 0);
    start();
    EXPECT_EQ(service->json("/api/v1/alerts").size("/alerts"), 1U);
    EXPECT_EQ(service->stop(), 0);
}

TEST_F(Alerts, AskWhoeverActsForAToken)
{
    measure("a", 0, "1.31");
    auto const id = service->json("/api/v1/alerts").at("/alerts/0/id");
    auto const token = [&](std::string const& name, std::string const& scope) {
        auto const made = yihong({"token", "create", name, "--scope", scope, "--config", config, "--data", folder / "data"});
        EXPECT_EQ(made.code, 0) << made.err;
        return http::Headers{{"Authorization", "Bearer " + made.last_line()}};
    };
    auto const duty = token("duty", "operate");
    auto const station = token("station", "ingest");
    ASSERT_TRUE(eventually([&] { return act(id, "acknowledge", "{}") == 401; })) << "once there are tokens";
    EXPECT_EQ(act(id, "acknowledge", "{}", station), 403);
    EXPECT_EQ(act(id, "acknowledge", "{\"by\":\n1,}", duty), 400);
    EXPECT_EQ(act(id, "comment", R"({"note":")" + std::string(5000, 'x') + "\"}", duty), 413);
    EXPECT_EQ(act(id, "acknowledge", "{}", duty), 200);
    EXPECT_EQ(act(id, "acknowledge", "{}", duty), 409);
    EXPECT_EQ(act(id, "explode", "{}", duty), 404);
    EXPECT_EQ(service->get("/api/v1/alerts/" + id + "/acknowledge", duty).status, 405);
    auto const from = [&](http::Headers const& headers) { return service->json("/api/v1/alerts/" + id, headers).at("/history/1/from"); };
    EXPECT_EQ(from(duty), "127.0.0.1 token=duty");
    EXPECT_EQ(from({}), "(none)");
    EXPECT_EQ(service->get("/api/v1/alerts/log").status, 401);
    EXPECT_EQ(service->stop(), 0);
}

/// The program that the manual gives to an auditor.
TEST_F(Alerts, CanBeVerifiedAsTheManualSays)
{
    auto const manual = read_file(source_dir / "docs/alerts.md");
    auto const begin = manual.find("```python\n");
    ASSERT_NE(begin, std::string::npos);
    auto const end = manual.find("```", begin + 10);
    write_file(folder / "verify.py", manual.substr(begin + 10, end - begin - 10));
    measure("a", 0, "1.31");
    measure("a", 1, "1.31");
    auto const id = service->json("/api/v1/alerts").at("/alerts/0/id");
    EXPECT_EQ(act(id, "comment", R"({"by":"审计“员”","note":"反斜杠 \\ 换行\n引号 \" 表情 😀"})"), 200);
    auto const verified = run({"python3", folder / "verify.py", service->url()});
    EXPECT_EQ(verified.code, 0) << verified.err;
    auto const story = service->json("/api/v1/alerts/" + id);
    EXPECT_EQ(verified.last_line(), "3 steps, each fits the one before it; the last hash is " + story.at("/history/2/hash"));
    EXPECT_EQ(service->stop(), 0);
}

}  // namespace
}  // namespace yihong::e2e
