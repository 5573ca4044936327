// The rows F01 to F17 of OGC API - Features Part 1 (17-069r4) and what its test suite trips over: limits, counts, pages.
#include "fixture.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace yihong::ogcapi::testing {
namespace {

TEST(F07, CountsAgreeWithThePagesAndTheTimeHasAZone)
{
    auto const service = standard_service();
    std::string url = "/collections/water-sections/items?limit=3";
    std::size_t pages = 0;
    Ids all;
    while (!url.empty()) {
        auto const page = service.get_json(url);
        EXPECT_TRUE(parse_rfc3339(text(page.at("timeStamp"))));
        EXPECT_EQ(page.at("numberMatched").as_int64(), 4);
        EXPECT_EQ(static_cast<std::size_t>(page.at("numberReturned").as_int64()), ids(page).size());
        for (auto const& id : ids(page))
            all.push_back(id);
        url = link(page, "next", "application/geo+json");
        ++pages;
    }
    EXPECT_EQ(pages, 2U);
    EXPECT_EQ(all, (Ids{"hanyang", "linyi", "nowhere", "timeless"}));
}

TEST(F11, LimitIsKeptAndClampedNeverAnErrorAboveTheMaximum)
{
    std::vector<Station> many;
    for (int i = 0; i < 10'050; ++i)
        many.push_back({std::to_string(i), LonLat{110, 35}, "", "n", {}, {}, {}, {}});
    Service const service{{make_stations(many)}};
    auto const count = [&](std::string const& query) { return ids(service.get_json("/collections/water-sections/items" + query)).size(); };
    EXPECT_EQ(count(""), 100U);
    EXPECT_EQ(count("?limit=1"), 1U);
    EXPECT_EQ(count("?limit=5000"), 5000U);
    EXPECT_EQ(count("?limit=10000"), 10'000U);
    EXPECT_EQ(count("?limit=10001"), 10'000U);
    EXPECT_EQ(count("?limit=99999999999999999999999999"), 10'000U);
}

TEST(Paging, CursorToleratesAChangedLimit)
{
    auto const service = standard_service();
    auto const page = service.get_json("/collections/water-sections/items?limit=1");
    std::string next = link(page, "next");
    EXPECT_EQ(next, "http://test.example/collections/water-sections/items?limit=1&after=hanyang");
    next.replace(next.find("limit=1"), 7, "limit=10000");
    EXPECT_EQ(ids(service.get_json(next)), (Ids{"linyi", "nowhere", "timeless"}));
}

TEST(Paging, RepeatedEqualParametersAreOne)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "limit=1&after=hanyang&limit=1&after=hanyang"), (Ids{"linyi"}));
    auto const problem = service.get_json("/collections/water-sections/items?limit=1&limit=2", 400);
    EXPECT_EQ(text(problem.at("detail")), "\"limit\" is given more than once with different values: \"1\", \"2\"");
}

TEST(Paging, KeepsTheFilterAndTheFormat)
{
    auto const service = standard_service();
    auto const page = service.get_json("/collections/water-sections/items?f=json&zones=plain&limit=1&bbox=110,34,112,36");
    EXPECT_EQ(link(page, "next"),
              "http://test.example/collections/water-sections/items?f=json&zones=plain&bbox=110%2C34%2C112%2C36&limit=1&after=hanyang");
    auto const second = service.get_json(link(page, "next"));
    EXPECT_EQ(ids(second), (Ids{"linyi"}));
    EXPECT_EQ(second.at("numberMatched").as_int64(), 2);
    EXPECT_EQ(link(second, "next"), "");
    EXPECT_EQ(ids(service.get_json(link(second, "prev"))), (Ids{"hanyang"}));
}

TEST(Paging, CursorOfAVanishedFeatureGoesOnBehindItsPlace)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "after=kkk"), (Ids{"linyi", "nowhere", "timeless"}));
    EXPECT_EQ(filtered(service, "after=zzz"), Ids{});
}

TEST(Paging, OffsetAllowsPagesSideBySide)
{
    auto const service = standard_service();
    EXPECT_EQ(filtered(service, "limit=2&offset=2"), (Ids{"nowhere", "timeless"}));
    EXPECT_EQ(filtered(service, "offset=4"), Ids{});
    EXPECT_EQ(filtered(service, "offset=99999999999999999999999"), Ids{});
    EXPECT_EQ(filtered(service, "zones=plain&offset=1"), (Ids{"linyi"}));
    EXPECT_EQ(service.get("/collections/water-sections/items?offset=-1").status, 400);
    auto const both = service.get_json("/collections/water-sections/items?offset=1&after=a", 400);
    EXPECT_EQ(text(both.at("detail")), "offset: \"1\" cannot be combined with after (\"a\"); give one of them");
}

/// Whoever asks for the first page as it is and for the rest by a count, as ArcGIS does, sees what those see who follow the links.
TEST(Paging, AnOffsetCountsInTheOrderOfThePages)
{
    std::vector<Station> many;
    for (int i = 0; i < 40; ++i)
        many.push_back({std::to_string(i), LonLat{110, 35}, "", "n", {}, i % 7, {}, {}});
    many[20].codmn = 1.5;                                  // values that are nowhere else
    many[31].meets_target = true;
    Service const service{{make_stations(many)}};
    std::string const items = "/collections/water-sections/items";
    for (int const limit : {1, 2, 3, 7, 39, 40}) {
        Ids followed;
        for (auto url = items + "?limit=" + std::to_string(limit); !url.empty();) {
            auto const page = service.get_json(url);
            for (auto const& id : ids(page))
                followed.push_back(id);
            url = link(page, "next");
        }
        EXPECT_EQ(std::set(followed.begin(), followed.end()).size(), 40U);
        for (std::string const name : {"offset", "startindex"}) {
            Ids counted;
            Ids back;
            std::string last;
            for (std::size_t first = 0; first < 40; first += static_cast<std::size_t>(limit)) {
                last = items + "?limit=" + std::to_string(limit) + (first == 0 ? "" : "&" + name + "=" + std::to_string(first));
                auto const page = service.get_json(last);
                for (auto const& id : ids(page))
                    counted.push_back(id);
                if (auto const next = link(page, "next"); !next.empty()) {
                    auto const following = ids(service.get_json(next));
                    EXPECT_TRUE(std::ranges::equal(following,
                                                   std::span{followed}.subspan(first + static_cast<std::size_t>(limit), following.size())))
                        << "the link goes on from there: " << next;
                }
            }
            EXPECT_EQ(counted, followed) << name << " " << limit;
            for (auto url = last; !url.empty();) {
                auto const page = service.get_json(url);
                auto const some = ids(page);
                back.insert(back.begin(), some.begin(), some.end());
                url = link(page, "prev");
            }
            EXPECT_EQ(back, followed) << name << " " << limit;
        }
    }
    EXPECT_EQ(text(service.get_json(items + "?startindex=1&after=a", 400).at("detail")),
              "startindex: \"1\" cannot be combined with after (\"a\"); give one of them");
    EXPECT_EQ(text(service.get_json(items + "?startindex=1&offset=1", 400).at("detail")),
              "startindex: says the same as offset; give one of them");
}

TEST(Paging, EveryPageSizeVisitsEveryFeatureOnceAndBack)
{
    std::vector<Station> many;
    for (int i = 0; i < 57; ++i)
        many.push_back({i % 2 == 0 ? std::to_string(i) : "s" + std::to_string(i), LonLat{110, 35}, "", "n", {}, i % 3, {}, {}});
    Service const service{{make_stations(many)}};
    for (auto const* filter : {"", "&water_class=1"}) {
        auto const all = filtered(service, std::string{"limit=1000"} + filter);
        for (int limit : {1, 2, 7, 19, 56, 57, 58}) {
            Ids forward;
            std::string url = "/collections/water-sections/items?limit=" + std::to_string(limit) + filter;
            std::string last;
            while (!url.empty()) {
                auto const page = service.get_json(url);
                for (auto const& id : ids(page))
                    forward.push_back(id);
                last = url;
                url = link(page, "next");
            }
            EXPECT_EQ(forward, all) << limit << filter;
            Ids back;
            for (url = last; !url.empty();) {
                auto const page = service.get_json(url);
                auto const some = ids(page);
                back.insert(back.begin(), some.begin(), some.end());
                url = link(page, "prev");
            }
            EXPECT_EQ(back, all) << limit << filter;
        }
    }
}

TEST(Paging, PageEndsEarlyWhenItGrowsTooLarge)
{
    OgcApiOptions options;
    options.page_bytes = 600;
    options.html_page_bytes = 600;
    auto const service = standard_service(options);
    for (auto const* format : {"", "?f=html"}) {
        auto const reply = service.get(std::string{"/collections/water-sections/items"} + format);
        EXPECT_NE(header(reply, "Link").find("rel=\"next\""), std::string::npos) << format;
    }
    Ids all;
    for (std::string url = "/collections/water-sections/items"; !url.empty();) {
        auto const page = service.get_json(url);
        EXPECT_GE(ids(page).size(), 1U);
        EXPECT_LT(ids(page).size(), 4U);
        for (auto const& id : ids(page))
            all.push_back(id);
        url = link(page, "next");
    }
    EXPECT_EQ(all, (Ids{"hanyang", "linyi", "nowhere", "timeless"}));
}

}  // namespace
}  // namespace yihong::ogcapi::testing
