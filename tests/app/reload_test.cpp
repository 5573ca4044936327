#include "process.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace yihong::e2e {
namespace {

TEST(Reload, IsAllOrNothing)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Service service{folder / "data", {.config = config}};
    (void)service.ingest("text/csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.3\n");
    auto const before = service.get("/collections/water-sections/items/a").body;

    auto const sites = read_file(folder / "sites.geojson");
    write_file(folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
 {"type":"Feature","id":"a","geometry":null,"properties":{"name":"甲","kind":"water_section"}},
 {"type":"Feature","id":"a","geometry":null,"properties":{"name":"乙","kind":"water_section"}},
 {"type":"Feature","id":"f","geometry":null,"properties":{"name":"己","kind":"volcano"}}]})");
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("feature 2 (\\\"f\\\"): kind: must be")) << service.log();
    auto const log = service.log();
    EXPECT_NE(log.find("error reload_refused"), std::string::npos);
    EXPECT_NE(log.find("sites.geojson: feature 1 (\\\"a\\\"): id: \\\"a\\\" is taken"), std::string::npos)
        << "every problem is named, not only one\n"
        << log;
    EXPECT_EQ(log.find("reloaded"), std::string::npos);
    EXPECT_EQ(service.get("/collections/water-sections/items/a").body, before);
    EXPECT_EQ(service.get("/collections/water-sections/items/f").status, 404);

    write_sites(folder / "sites.geojson", {"a", "b", "new"});
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reloaded sites=3")) << service.log();
    EXPECT_EQ(service.get("/collections/water-sections/items/new").status, 200);
    EXPECT_EQ(service.get("/collections/water-sections/items/c").status, 404);
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/ph"), "7.3");
    (void)service.ingest("text/csv", "site,time,interval,ph\nnew,2025-11-06T00:00:00Z,4h,7.4\n");
    EXPECT_EQ(service.json("/collections/water-sections/items/new").at("/properties/ph"), "7.4");

    // a site that comes back finds its records again
    write_file(folder / "sites.geojson", sites);
    auto const from = service.log().size();
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reloaded sites=4", from)) << service.log();
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/ph"), "7.3");
    EXPECT_EQ(service.stop(), 0);
}

TEST(Reload, KeepsServingAnOldLayerWhoseFileBroke)
{
    TemporaryFolder const folder;
    std::filesystem::copy(source_dir / "layers/yuncheng.gpkg", folder / "layers.gpkg");
    auto const config = small_config(
        folder.path(),
        "[[layers]]\nid = \"counties\"\nsource = \"layers.gpkg\"\nlayer = \"counties\"\nrole = \"boundary\"\nid_attribute = \"adcode\"\n");
    Service service{folder / "data", {.config = config}};
    EXPECT_EQ(service.json("/collections/counties/items").at("/numberMatched"), "13");
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/county"), "盐湖区");

    write_file(folder / "layers.gpkg", "no geopackage");
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reload_refused")) << service.log();
    EXPECT_NE(service.log().find("layers.gpkg"), std::string::npos);
    EXPECT_EQ(service.json("/collections/counties/items").at("/numberMatched"), "13");
    EXPECT_EQ(service.stop(), 0);
}

TEST(Check, ListsEveryProblemAtOnceWithItsPlace)
{
    TemporaryFolder const folder;
    auto const check = [&] { return yihong({"check", "--config", folder / "yihong.toml"}); };
    auto const config = small_config(folder.path(), "[[layers]]\nid = \"rivers\"\nsource = \"missing.gpkg\"\n");
    write_file(folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
 {"type":"Feature","id":"a","geometry":null,"properties":{"name":"甲","kind":"water_section","target_class":7}},
 {"type":"Feature","id":"b","geometry":{"type":"Point","coordinates":[35,111]},"properties":{"name":"乙","kind":"water_section"}},
 {"type":"Feature","id":"c","geometry":null,"properties":{"name":"丙","kind":"volcano"}}]})");
    auto const files = check();
    EXPECT_EQ(files.code, 1);
    EXPECT_EQ(files.out, "");
    for (std::string const text : {"sites.geojson: feature 0 (\"a\"): target_class: ", "feature 1 (\"b\"): geometry: ",
                                   "feature 2 (\"c\"): kind: ", "layer \"rivers\": ", "missing.gpkg"})
        EXPECT_NE(files.err.find(text), std::string::npos) << text << " is not in\n" << files.err;

    write_file(config, "[server]\nlisten = \"nowhere\"\nthreds = 2\n[store]\ncache_mb = \"much\"\n");
    auto const keys = check();
    EXPECT_EQ(keys.code, 1);
    for (std::string const text : {"yihong.toml:2:", "yihong.toml:3:", "threds", "yihong.toml:5:"})
        EXPECT_NE(keys.err.find(text), std::string::npos) << text << " is not in\n" << keys.err;

    EXPECT_EQ(yihong({"check", "--config", folder / "none.toml"}).code, 1);
    auto const fine = yihong({"check", "--config", shipped_config});
    EXPECT_EQ(fine.code, 0) << fine.err;
    EXPECT_NE(fine.out.find("18 个站点 sites, 7 个图层 layers"), std::string::npos) << fine.out;
}

}  // namespace
}  // namespace yihong::e2e
