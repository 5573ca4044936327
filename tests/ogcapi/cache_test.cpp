#include "fixture.hpp"
#include "query.hpp"

#include <atomic>
#include <set>
#include <thread>

namespace yihong::ogcapi::testing {
namespace {

TEST(Cache, AnswersARepeatedRequestWithTheSameContent)
{
    Service const service{{make_stations(four_stations()), make_lakes()}};
    auto const first = service.get("/collections/lakes/items?limit=1");
    auto const again = service.get("/collections/lakes/items?limit=1");
    EXPECT_EQ(first.content(), again.content());
    EXPECT_EQ(first.headers, again.headers);
    EXPECT_EQ(service.api().cache_statistics().hits, 1U);
    // other hosts, formats and queries are other documents
    EXPECT_NE(service.get("/collections/lakes/items?limit=1", "", "b.example").content()->plain(), first.content()->plain());
    EXPECT_EQ(service.get("/collections/lakes/items?limit=1", "text/html").content_type, "text/html; charset=utf-8");
    EXPECT_EQ(service.get("/collections/lakes/items?limit=1").content(), first.content());
}

TEST(Cache, EntityTagsAreOfTheContent)
{
    Service service{{make_stations(four_stations()), make_lakes()}};
    std::set<std::string> tags;
    auto const add = [&](http::Reply const& reply) { EXPECT_TRUE(tags.insert(reply.content()->etag()).second); };
    add(service.get("/collections/lakes/items"));
    add(service.get("/collections/lakes/items", "", "b.example"));
    add(service.get("/collections/lakes/items", "text/html"));
    add(service.get("/collections/lakes/items?limit=1"));
    add(service.get("/collections/lakes/items/2"));
    add(service.get("/collections"));
    EXPECT_FALSE(tags.contains(""));
    auto const stations = service.get("/collections/water-sections/items").content()->etag();
    service.publish({make_stations(four_stations(), "s2"), make_lakes("l2")}, "c2");
    EXPECT_EQ(service.get("/collections/water-sections/items").content()->etag(), stations) << "another version, the same bytes";
    auto others = four_stations();
    others[1].codmn = 9.9;
    service.publish({make_stations(others, "s3"), make_lakes("l2")}, "c3");
    EXPECT_NE(service.get("/collections/water-sections/items").content()->etag(), stations);
    EXPECT_TRUE(tags.contains(service.get("/collections").content()->etag()));
}

TEST(Cache, ShowsANewVersionAtOnceAndKeepsWhatDidNotChange)
{
    auto stations = four_stations();
    auto const lakes = make_lakes();
    Service service{{make_stations(stations, "s1"), lakes}};
    auto const before = service.get("/collections/water-sections/items");
    auto const lake_page = service.get("/collections/lakes/items");
    stations[1].codmn = 9.9;
    service.publish({make_stations(stations, "s2"), lakes}, "c2");
    auto const after = service.get("/collections/water-sections/items");
    EXPECT_NE(before.content()->etag(), after.content()->etag());
    EXPECT_NE(after.content()->plain().find("\"codmn\":9.9"), std::string::npos);
    EXPECT_EQ(service.get("/collections/lakes/items").content(), lake_page.content());
}

TEST(Cache, SmallOneStillAnswersRight)
{
    OgcApiOptions options;
    options.cache_bytes = 0;
    Service const service{{make_stations(four_stations())}, options};
    auto const first = service.get("/collections/water-sections/items");
    auto const again = service.get("/collections/water-sections/items");
    EXPECT_NE(first.content(), again.content());
    EXPECT_EQ(first.content()->plain(), again.content()->plain());             // the time stamp is that of the version
    EXPECT_EQ(first.content()->etag(), again.content()->etag());
}

TEST(Negotiation, FollowsQualitiesAndExactness)
{
    EXPECT_EQ(negotiate(""), http::Form::json);
    EXPECT_EQ(negotiate(" , "), http::Form::json);
    EXPECT_EQ(negotiate("*/*"), http::Form::json);
    EXPECT_EQ(negotiate("text/html"), http::Form::html);
    EXPECT_EQ(negotiate("TEXT/HTML"), http::Form::html);
    EXPECT_EQ(negotiate("text/*"), http::Form::html);
    EXPECT_EQ(negotiate("application/*"), http::Form::json);
    EXPECT_EQ(negotiate("text/html, */*"), http::Form::html);
    EXPECT_EQ(negotiate("text/html;q=0.8, application/geo+json;q=0.9"), http::Form::json);
    EXPECT_EQ(negotiate("text/html;q=0.9, application/geo+json;q=0.8"), http::Form::html);
    EXPECT_EQ(negotiate("application/json;q=0, */*"), http::Form::html);
    EXPECT_EQ(negotiate("text/html;level=1;q=0.4, application/json; q=0.3"), http::Form::html);
    EXPECT_EQ(negotiate("application/vnd.oai.openapi+json;version=3.0"), http::Form::json);
    EXPECT_EQ(negotiate("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"), http::Form::html);
    EXPECT_EQ(negotiate("application/json, text/html"), http::Form::json);
    EXPECT_EQ(negotiate("image/png"), std::nullopt);
    EXPECT_EQ(negotiate("*/*;q=0"), std::nullopt);
    EXPECT_EQ(negotiate("text/html;q=nonsense"), http::Form::html);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
