#include "process.hpp"

#include "yihong/base/time.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace yihong::e2e {
namespace {

http::Headers const as_browser{{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};

std::string hours_ago(int hours)
{
    using FourHours = std::chrono::duration<std::int64_t, std::ratio<4 * 3600>>;
    return format_rfc3339(std::chrono::floor<FourHours>(utc_now()) - std::chrono::hours{hours});
}

std::string four_hours(std::string_view site, std::string const& time, std::string_view ammonia, std::string_view status = "normal")
{
    return fmt::format(
        R"({{"site":"{}","time":"{}","interval":"4h","status":"{}","values":{{"ph":8,"dissolved_oxygen":8.4,"codmn":3.1,"ammonia_nitrogen":{},"total_phosphorus":0.05}}}})",
        site, time, status, ammonia);
}

std::size_t place(std::string const& page, std::string_view text)
{
    auto const at = page.find(text);
    EXPECT_NE(at, std::string::npos) << text << "\n" << page;
    return at;
}

class Pages : public testing::Test {
protected:
    TemporaryFolder const folder;
    std::string const config = small_config(folder.path());
};

TEST_F(Pages, TheFirstOneTellsWhatIsNowFromWhatIsOld)
{
    write_sites(folder / "sites.geojson", {"good", "bad", "old", "partial", "silent"});
    Service const service{folder / "data", {.config = config}};
    (void)service.ingest(
        "application/json",
        "[" + four_hours("good", hours_ago(4), "0.1") + "," + four_hours("bad", hours_ago(4), "1.8") + "," +
            four_hours("old", "2021-04-01T00:00:00Z", "3.5") + "," +
            fmt::format(R"({{"site":"partial","time":"{}","interval":"4h","values":{{"ph":7,"dissolved_oxygen":8.4}}}})", hours_ago(4)) +
            "]");
    auto const page = service.get("/", as_browser).body;
    EXPECT_NE(page.find("共 5 个断面，现有完整评价 2 个，其中达到或优于Ⅲ类 1 个（50.0%），劣于Ⅲ类 1 个；不计入比例：项目不全 1 "
                        "个，数据过期 1 个，无数据 1 个。"),
              std::string::npos)
        << page;
    auto const row = [&](std::string const& site) { return place(page, "/collections/water-sections/items/" + site + "?f=html"); };
    EXPECT_LT(row("bad"), row("good")) << "worst first";
    EXPECT_NE(page.find("不优于 <span class=\"badge c1\">Ⅰ</span>，缺 "), std::string::npos) << "a lower bound is no class";
    EXPECT_LT(row("good"), row("old")) << "a reading of 2021 says nothing of now";
    EXPECT_LT(row("old"), row("silent"));
    EXPECT_NE(page.find("止于 <time datetime=\"2021-04-01T00:00:00Z\">2021-04-01 08:00</time>"), std::string::npos);
    EXPECT_NE(page.find("<span class=\"badge c5\">Ⅴ</span>"), std::string::npos) << "a class is a letter in its colour";
    EXPECT_NE(page.find("数据截至"), std::string::npos);
}

TEST_F(Pages, AFeatureLeadsToEverythingAboutIt)
{
    write_sites(folder / "sites.geojson", {"a"});
    Service const service{folder / "data", {.config = config}};
    (void)service.ingest("application/json", "[" + four_hours("a", hours_ago(4), "0.1") + "]");
    auto const page = service.get("/collections/water-sections/items/a", as_browser);
    EXPECT_NE(page.header("Content-Security-Policy")->find("default-src 'none'"), std::string::npos);
    for (std::string const path : {"/api/v1/sites/a/judgement?f=html", "/api/v1/sites/a/readings?f=html",
                                   "/collections/alerts/items?f=html&amp;site=a", "/collections/water-sections/items\""})
        (void)place(page.body, path);
    for (std::string const path : {"/api/v1/sites/a/judgement", "/api/v1/sites/a/readings", "/collections/water-sections/items",
                                   "/collections/alerts/items?f=html&site=a", "/login", "/favicon.ico", "/api.html"}) {
        auto const reply = service.get(path, as_browser);
        EXPECT_EQ(reply.status, 200) << path;
        if (path == "/favicon.ico")
            continue;
        EXPECT_NE(reply.body.find("class=\"site\""), std::string::npos) << path << " has the frame of all pages";
        EXPECT_EQ(reply.body.find("<script"), std::string::npos);
    }
    auto const series = service.get("/api/v1/sites/a/readings", as_browser).body;
    EXPECT_NE(series.find("氨氮"), std::string::npos) << series;
    EXPECT_NE(series.find("<td>0.1</td>"), std::string::npos) << series;
    EXPECT_EQ(service.get("/api/v1/sites/nobody/judgement", as_browser).body.front(), '<');
    EXPECT_EQ(service.get("/api/v1/sites/nobody/judgement").body.front(), '{');
}

TEST_F(Pages, ThatAreNotPublicAreWalkedByACookieUntilItsTokenIsRevoked)
{
    write_sites(folder / "sites.geojson", {"a"});
    auto const closed = small_config(folder.path(), "[server]\npublic_reads = false\n");
    auto const data = folder / "data";
    auto const token = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "token");
        arguments.insert(arguments.end(), {"--config", closed, "--data", data});
        return yihong(arguments);
    };
    auto const secret = token({"create", "duty", "--scope", "read"}).last_line();
    (void)token({"create", "other", "--scope", "read"});
    Service const service{data, {.config = closed}};
    EXPECT_EQ(service.get("/collections", as_browser).status, 401);
    auto const entered = service.post("/login", "application/x-www-form-urlencoded", "token=" + secret + "&next=/collections");
    ASSERT_EQ(entered.status, 303);
    auto const kept = *entered.header("Set-Cookie");
    EXPECT_NE(kept.find("HttpOnly; SameSite=Strict"), std::string::npos);
    http::Headers const signed_in{{"Cookie", kept.substr(0, kept.find(';'))}, {"Accept", "text/html"}};
    auto const page = service.get("/collections", signed_in);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.header("Cache-Control")->starts_with("private"));
    EXPECT_EQ(page.body.find(secret), std::string::npos);
    EXPECT_EQ(service.get("/collections", as_browser).status, 401) << "what was rendered for him is not shown to others";
    EXPECT_EQ(service.post("/api/v1/alerts/x/acknowledge", "application/json", "{}", signed_in).status, 401)
        << "the cookie writes for a page of the service itself alone";
    EXPECT_EQ(service.log().find(secret), std::string::npos);

    EXPECT_EQ(token({"revoke", "duty"}).code, 0);
    ASSERT_TRUE(eventually([&] { return service.get("/collections", signed_in).status == 401; }, 3s));
    EXPECT_NE(service.get("/collections", signed_in).header("Set-Cookie")->find("Max-Age=0"), std::string::npos);
}

}  // namespace
}  // namespace yihong::e2e
