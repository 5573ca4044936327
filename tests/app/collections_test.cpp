// What the configuration makes of the collections: reference systems beside the usual ones, and empty ones hidden.
#include "process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace yihong::e2e {
namespace {

class Collections : public ::testing::Test {
protected:
    [[nodiscard]] std::vector<std::string> listed() const
    {
        auto const document = service.json("/collections");
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < document.size("/collections"); ++i)
            ids.push_back(document.at("/collections/" + std::to_string(i) + "/id"));
        return ids;
    }
    [[nodiscard]] bool lists(std::string_view id) const
    {
        auto const ids = listed();
        return std::ranges::find(ids, id) != ids.end();
    }

    TemporaryFolder folder;
    Service service{folder / "data", {.config = small_config(folder.path(), "[ogc]\nhide_empty = true\nepsg = [32649, 4513]\n")}};
};

TEST_F(Collections, ThatAreEmptyAreHiddenBySwitchAndAnswerWhoAsksForThem)
{
    EXPECT_EQ(listed(), std::vector<std::string>{"water-sections"}) << "sites without a record are features all the same";
    for (auto const* id : {"air-stations", "outfalls", "alerts", "water-records", "outfall-records"}) {
        EXPECT_EQ(service.json("/collections/" + std::string{id} + "/items").at("/numberReturned"), "0") << id;
        EXPECT_EQ(service.get("/collections/" + std::string{id} + "?f=html").status, 200) << id;
    }
    (void)service.ingest("text/csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.3\n");
    EXPECT_TRUE(lists("water-records"));
    EXPECT_FALSE(lists("air-records"));
    EXPECT_FALSE(lists("outfall-records"));
    EXPECT_NE(service.get("/api").body.find("/collections/water-records/items"), std::string::npos);
    EXPECT_EQ(service.get("/api").body.find("/collections/air-records/items"), std::string::npos);
}

/// C01, C03, C05: a system by configuration is as good as the usual ones.
TEST_F(Collections, AreInSystemsByConfigurationAsCs2csHasThem)
{
    for (std::string const code : {"32649", "4513"}) {
        auto const uri = "http://www.opengis.net/def/crs/EPSG/0/" + code;
        auto const systems = service.json("/collections/water-sections").all("/crs");
        EXPECT_NE(std::ranges::find(systems, uri), systems.end());
        auto const reply = service.get("/collections/water-sections/items?limit=1&crs=" + uri);
        ASSERT_EQ(reply.status, 200) << reply.body;
        EXPECT_EQ(*reply.header("Content-Crs"), "<" + uri + ">");
        auto const ours = Json{reply.body};
        write_file(folder / "position", "111 35\n");
        auto const theirs = run({"cs2cs", "-f", "%.10f", "OGC:CRS84", "EPSG:" + code, folder / "position"});
        ASSERT_EQ(theirs.code, 0) << theirs.err;
        double first = 0, second = 0;
        std::istringstream{theirs.out} >> first >> second;
        EXPECT_NEAR(std::stod(ours.at("/features/0/geometry/coordinates/0")), first, 0.001) << code;
        EXPECT_NEAR(std::stod(ours.at("/features/0/geometry/coordinates/1")), second, 0.001) << code;
    }
    EXPECT_EQ(service.get("/collections/water-sections/items?crs=EPSG:32650").status, 400) << "nobody asked for that one";
    EXPECT_EQ(service.get("/collections/water-sections/items?f=gpkg&crs=EPSG:32649").status, 200);
}

}  // namespace
}  // namespace yihong::e2e
