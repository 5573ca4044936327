// The console as the service serves it, and what the service has for it.
#include "process.hpp"

#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

http::Headers const as_browser{{"Accept", "text/html"}};

class Console : public testing::Test {
protected:
    TemporaryFolder const folder;
    std::string const config = small_config(folder.path(), "[console]\nfolder = \"console\"\n");
};

TEST_F(Console, ThatWasNotBuiltSaysHowItIs)
{
    Service const service{folder / "data", {.config = config}};
    auto const page = service.get("/console/", as_browser);
    EXPECT_EQ(page.status, 404);
    EXPECT_NE(page.body.find("scripts/console.sh"), std::string::npos) << page.body;
    EXPECT_EQ(service.get("/", as_browser).status, 200) << "nothing leads there";
}

TEST_F(Console, IsThePageAtEveryPathOfItsOwnAndWhereABrowserIsLed)
{
    std::filesystem::create_directories(folder.path() / "console/assets");
    write_file(folder.path() / "console/index.html", "<p>console</p>");
    write_file(folder.path() / "console/assets/app-3f9a1c2b.js", "1");
    Service const service{folder / "data", {.config = config}};
    auto const page = service.get("/console/alerts?view=todo", as_browser);
    EXPECT_EQ(page.body, "<p>console</p>");
    auto const policy = *page.header("Content-Security-Policy");
    EXPECT_NE(policy.find("script-src 'self'; style-src 'self'"), std::string::npos) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << policy;
    EXPECT_TRUE(service.get("/console/assets/app-3f9a1c2b.js").header("Cache-Control")->ends_with("max-age=31536000, immutable"));
    auto const first = service.get("/", as_browser);
    EXPECT_EQ(first.status, 303);
    EXPECT_EQ(*first.header("Location"), "/console/");
    EXPECT_EQ(service.get("/?f=html", as_browser).status, 200);
    EXPECT_EQ(service.get("/").status, 200) << "a program gets the JSON";
}

TEST_F(Console, MayFetchTilesOfTheConfiguredBasemapAndNothingElse)
{
    std::filesystem::create_directories(folder.path() / "console");
    write_file(folder.path() / "console/index.html", "<p>console</p>");
    write_file(folder.path() / "console/settings.json", R"({"basemap":null})");
    {
        Service const service{folder / "none", {.config = config}};
        EXPECT_EQ(service.json("/console/settings.json").at("/basemap"), "null");
    }
    std::string const mapped = small_config(
        folder.path(), "[console]\nfolder = \"console\"\n[console.basemap]\nurl = \"https://tiles.example.cn/{z}/{x}/{y}.png\"\n");
    Service const service{folder / "mapped", {.config = mapped}};
    EXPECT_EQ(service.json("/console/settings.json").at("/basemap/url"), "https://tiles.example.cn/{z}/{x}/{y}.png");
    auto const policy = *service.get("/console/", as_browser).header("Content-Security-Policy");
    EXPECT_NE(policy.find("connect-src 'self' https://tiles.example.cn;"), std::string::npos) << policy;
    EXPECT_NE(policy.find("script-src 'self'; style-src 'self'"), std::string::npos) << policy;
}

TEST_F(Console, MayFetchTilesAndLabelsFromTwoPortsOfOneHost)
{
    std::filesystem::create_directories(folder.path() / "console");
    write_file(folder.path() / "console/index.html", "<p>console</p>");
    std::string const mapped = small_config(folder.path(), "[console]\nfolder = \"console\"\n[console.basemap]\n"
                                                           "url = \"https://tiles.example.cn:8443/{z}/{x}/{y}.png\"\n"
                                                           "labels_url = \"https://tiles.example.cn/{z}/{x}/{y}.png\"\n");
    Service const service{folder / "data", {.config = mapped}};
    auto const policy = *service.get("/console/", as_browser).header("Content-Security-Policy");
    EXPECT_NE(policy.find("connect-src 'self' https://tiles.example.cn https://tiles.example.cn:8443;"), std::string::npos) << policy;
}

TEST_F(Console, KnowsTheOrderOfTheWaters)
{
    Service const service{folder / "data", {.config = config}};
    auto const waters = service.json("/api/v1/waters");
    EXPECT_EQ(waters.at("/sections/0/site"), "a");
    EXPECT_EQ(waters.at("/sections/0/downstream"), "null");
}

TEST_F(Console, ReadsTheClassesOfTheNetworkOverTimeAtOnce)
{
    Service const service{folder / "data", {.config = config}};
    auto const record = [](std::string_view site, std::string_view time, std::string_view ammonia) {
        return fmt::format(
            R"({{"site":"{}","time":"{}","interval":"4h","values":{{"ph":8,"dissolved_oxygen":8.4,"codmn":3.1,"ammonia_nitrogen":{},"total_phosphorus":0.05}}}})",
            site, time, ammonia);
    };
    auto const only_flagged = R"({"site":"b","time":"2026-03-01T16:00:00Z","interval":"4h","values":{"codmn":{"value":3,"flag":"M"}}})";
    (void)service.ingest("application/json", "[" + record("a", "2026-03-01T16:00:00Z", "0.1") + "," +
                                                 record("a", "2026-03-02T00:00:00Z", "2.5") + "," +
                                                 record("a", "2026-03-02T12:00:00Z", "1.2") + "," + only_flagged + "]");
    auto const path = [](std::string_view more) {
        return "/api/v1/classes?datetime=2026-03-01T16:00:00Z/2026-03-02T08:00:00Z" + std::string{more};
    };
    auto const matrix = service.json(path(""));
    EXPECT_EQ(matrix.at("/from"), "2026-03-01T16:00:00Z") << "midnight in Beijing";
    EXPECT_EQ(matrix.at("/period_minutes"), "240");
    EXPECT_EQ(matrix.at("/sites/a"), "2-6--") << "the record behind the end is not there";
    EXPECT_EQ(matrix.at("/sites/b"), "0----");
    EXPECT_EQ(matrix.at("/sites/c"), "-----");
    EXPECT_EQ(service.json(path("&site=b&kind=water_section")).at("/sites/a"), "(none)");
    EXPECT_EQ(service.json(path("&interval=day")).at("/sites/a"), "-");
    (void)service.ingest("application/json", "[" + record("a", "2026-03-01T20:00:00Z", "0.1") + "]");
    EXPECT_EQ(service.json(path("")).at("/sites/a"), "226--") << "what was kept is not given for what is new";
    EXPECT_EQ(service.get("/api/v1/classes").status, 400);
    EXPECT_EQ(service.get("/api/v1/classes?datetime=2026-03-01T16:00:00Z/..").status, 400);
    EXPECT_EQ(service.get("/api/v1/classes?interval=hour&datetime=2020-03-01T16:00:00Z/2026-03-01T16:00:00Z").status, 400);
}

}  // namespace
}  // namespace yihong::e2e
