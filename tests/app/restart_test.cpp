#include "process.hpp"

#include <gtest/gtest.h>

#include <algorithm>

/// What a restart of the service leaves as it was for those who ask it.
namespace yihong::e2e {
namespace {

http::ClientReply ask(Service const& service, std::string_view target, std::string const& tag = {})
{
    http::Headers headers{{"X-Forwarded-Host", "water.test"}};     // the port is another one after a restart, and links name it
    if (!tag.empty())
        headers.emplace_back("If-None-Match", tag);
    return http::request("127.0.0.1", service.port(), "GET", target, headers);
}

TEST(Restart, EntityTagsHoldWhileTheContentDoes)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n");
    std::vector<std::string> const targets{"/collections",
                                           "/collections/water-sections/items",
                                           "/collections/water-sections/items/a",
                                           "/collections/alerts/items",
                                           "/api/v1/sites/a/readings",
                                           "/api/v1/alerts",
                                           "/api"};
    std::vector<std::string> tags;
    {
        Service service{folder / "data", {.config = config}};
        EXPECT_EQ(service.ingest("application/json", R"({"site":"a","time":"2026-11-01T00:00:00Z","interval":"4h","values":{"codmn":7.5}})")
                      .at("/accepted"),
                  "1");
        for (auto const& target : targets) {
            auto const reply = ask(service, target);
            ASSERT_NE(reply.header("ETag"), nullptr) << target;
            tags.push_back(*reply.header("ETag"));
        }
        EXPECT_EQ(service.stop(), 0);
    }
    Service const service{folder / "data", {.config = config}};
    for (std::size_t i = 0; i < targets.size(); ++i)
        EXPECT_EQ(ask(service, targets[i], tags[i]).status, 304) << targets[i];
    EXPECT_EQ(service.ingest("application/json", R"({"site":"a","time":"2026-11-01T04:00:00Z","interval":"4h","values":{"codmn":2.5}})")
                  .at("/accepted"),
              "1");
    EXPECT_EQ(ask(service, targets[1], tags[1]).status, 200);
    EXPECT_EQ(ask(service, targets[4], tags[4]).status, 200);
    EXPECT_EQ(ask(service, targets[6], tags[6]).status, 304);
}

/// The first link of this relation, without the host. \return empty where there is none
std::string link_of(Json const& page, std::string const& relation)
{
    for (std::size_t i = 0; i < page.size("/links"); ++i)
        if (auto const at = "/links/" + std::to_string(i); page.at(at + "/rel") == relation)
            return page.at(at + "/href").substr(std::string_view{"http://water.test"}.size());
    return {};
}

TEST(Restart, NextLinksGoOnWhereTheyWouldHave)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n");
    std::string rows = "site,time,interval,ph\n";
    for (std::string const site : {"a", "b", "c", "d"})
        for (int i = 10; i < 15; ++i)
            rows += site + ",2025-11-06T" + std::to_string(i) + ":00:00Z,hour,7.1\n";
    std::vector<std::string> seen;
    auto const take = [&](Service const& service, std::string const& target) {
        Json const page{ask(service, target).body};
        for (std::size_t i = 0; i < page.size("/features"); ++i)
            seen.push_back(page.at("/features/" + std::to_string(i) + "/id"));
        return link_of(page, "next");
    };
    std::vector<std::string> const targets{"/collections/water-sections/items?limit=2", "/collections/water-records/items?limit=3"};
    std::vector<std::string> next;
    {
        Service service{folder / "data", {.config = config}};
        (void)service.ingest("text/csv", rows);
        for (auto const& target : targets)
            next.push_back(take(service, target));
        EXPECT_EQ(service.stop(), 0);
    }
    Service const service{folder / "data", {.config = config}};
    for (auto following : next)
        while (!following.empty())
            following = take(service, following);
    EXPECT_EQ(seen.size(), 4U + 20U);
    std::ranges::sort(seen);
    EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end()) << "a feature came twice";
}

}  // namespace
}  // namespace yihong::e2e
