// Files to take home: when they are made, and when they are given again.
#include "fixture.hpp"

#include "temporary_folder.hpp"

namespace yihong::ogcapi::testing {
namespace {

std::shared_ptr<http::OpenFile const> file_of(http::Reply const& reply)
{
    auto const* body = std::get_if<http::FileBody>(&reply.body);
    return body ? body->file : nullptr;
}

TEST(Downloads, AreMadeAnewWhereNobodyKnowsWhetherTheDataIsTheSameAndGoOnWithWhatWasSent)
{
    TemporaryFolder const folder;
    OgcApiOptions options;
    options.work_folder = folder / "exports";
    for (std::string const version : {"", "s1"}) {
        Service const service{{make_stations(four_stations(), version)}, options};
        auto const target = "/collections/water-sections/items?f=gpkg";
        auto const first = file_of(service.get(target));
        ASSERT_NE(first, nullptr);
        auto const rest = service.get(target, {}, "test.example", true);
        EXPECT_EQ(file_of(rest), first) << "the rest is of the same file";
        EXPECT_EQ(file_of(service.get(target)) == first, !version.empty()) << "version \"" << version << '"';
    }
}

std::ptrdiff_t lines_of(http::Reply const& reply)
{
    auto const source = std::get<http::StreamBody>(reply.body).open();
    std::string text;
    while (source->next(text)) {
    }
    return std::ranges::count(text, '\n');
}

TEST(Downloads, TakeAsManyFeaturesAsAreAskedForAboveThePagesMaximumToo)
{
    std::vector<Station> many;
    for (int i = 0; i < 10'200; ++i)
        many.push_back({std::to_string(i), LonLat{110, 35}, "", "n", {}, {}, {}, {}});
    Service const service{{make_stations(many)}};
    std::string const target = "/collections/water-sections/items?f=csv";
    EXPECT_EQ(lines_of(service.get(target)), 10'201) << "with the head";
    EXPECT_EQ(lines_of(service.get(target + "&limit=10100")), 10'101);
    EXPECT_EQ(lines_of(service.get(target + "&limit=5")), 6);
    EXPECT_EQ(lines_of(service.get(target + "&limit=99999999999999999999999")), 10'201);
    EXPECT_EQ(service.get(target + "&limit=x").status, 400);
    EXPECT_EQ(service.get_json("/collections/water-sections/items?limit=10100").at("numberReturned"), 10'000) << "a page is clamped";
}

TEST(Downloads, AreNamedByTheEndingOfTheAddressToo)
{
    auto const service = standard_service();
    std::string const items = "/collections/water-sections/items";
    for (std::string const ending : {"json", "geojson"})
        EXPECT_EQ(service.get(items + "." + ending + "?limit=2", "text/html").content()->plain(),
                  service.get(items + "?limit=2&f=json").content()->plain())
            << ending << ": links lead to the one address";
    EXPECT_TRUE(service.get(items + ".html").content_type.starts_with("text/html"));
    EXPECT_EQ(lines_of(service.get(items + ".csv?limit=2")), 3);
    EXPECT_EQ(lines_of(service.get(items + ".geojsons")), 4);
    EXPECT_EQ(service.get(items + ".csv?f=csv").status, 200);
    auto const refused = service.get(items + ".csv?f=xlsx");
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.content()->plain().find("is given more than once with different values"), std::string::npos);
    EXPECT_EQ(service.get(items + ".doc").status, 404);
    EXPECT_EQ(service.get("/collections/nothing/items.csv").status, 404);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
