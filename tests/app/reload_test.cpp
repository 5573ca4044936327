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

    write_file(config, "[server]\nlisten = \"nowhere\"\nthreds = 2\n[store]\ncache_mb = \"much\"\n[ogc]\nepsg = [4547, 99999]\n");
    auto const keys = check();
    EXPECT_EQ(keys.code, 1);
    for (std::string const text :
         {"yihong.toml:2:", "yihong.toml:3:", "threds", "yihong.toml:5:", "yihong.toml:7:15: ogc.epsg: EPSG:99999 is not known to PROJ"})
        EXPECT_NE(keys.err.find(text), std::string::npos) << text << " is not in\n" << keys.err;

    EXPECT_EQ(yihong({"check", "--config", folder / "none.toml"}).code, 1);
    auto const fine = yihong({"check", "--config", shipped_config});
    EXPECT_EQ(fine.code, 0) << fine.err;
    EXPECT_NE(fine.out.find("19 个站点 sites, 9 个图层 layers"), std::string::npos) << fine.out;
    EXPECT_NE(fine.out.find(", 22 条预警规则 alert rules\n"), std::string::npos) << fine.out;
}

TEST(Check, TellsWhatIsWrongWithTheAlertsFile)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const check = [&] { return yihong({"check", "--config", config}); };
    auto const built_in = check();
    EXPECT_EQ(built_in.code, 0) << built_in.err;
    EXPECT_NE(built_in.out.find(", 22 条预警规则 alert rules\n"), std::string::npos) << built_in.out;

    write_file(config,
               read_file(config) + "[alerts]\nrules = \"alerts.toml\"\n[[devices]]\nmn = \"M\"\nsite = \"nowhere\"\npassword = \"p\"\n");
    auto const file = (folder / "alerts.toml").string();
    EXPECT_NE(check().err.find(file), std::string::npos) << "a file that is named has to be there";

    write_file(file, "[[rules]]\nid = \"a\"\nkind = \"silence\"\npercent = 90\n[[routes]]\ncontacts = \"nobody\"\n");
    auto const keys = check();
    EXPECT_EQ(keys.code, 1);
    EXPECT_EQ(keys.out, "");
    for (std::string const& text :
         {file + ":4:1: rules[0].percent: ", file + ":6:12: routes[0].contacts: no [[contacts]] has the id \"nobody\"",
          std::string{"device \"M\": site: no site file has a site \"nowhere\""}})
        EXPECT_NE(keys.err.find(text), std::string::npos) << text << " is not in\n" << keys.err;

    write_file(file, R"(
[[rules]]
id = "r"
kind = "heavy"
scope = { site = ["a", "z"], county = "盐湖区", river = "涑水河", zone = "hot" }
parameters = ["codmn", "w01018", "cod_mn"]
channels = "duty"
)");
    auto const names = check();
    EXPECT_EQ(names.code, 1);
    EXPECT_EQ(names.err, R"(device "M": site: no site file has a site "nowhere"; add it to a file of [sites], or correct the id
)" + file + R"(: rules[0] ("r"): scope.river: neither a site's water_body nor a river layer has the name "涑水河"
)" + file + R"(: rules[0] ("r"): scope.county: no boundary layer has a county named "盐湖区"
)" + file + R"(: rules[0] ("r"): scope.zone: no zone has the id "hot"
)" + file + R"(: rules[0] ("r"): scope.site: no site file has a site "z"
)" + file + R"(: rules[0] ("r"): parameters: parameters.toml has neither the code nor the name "cod_mn"
)" + file + R"(: rules[0] ("r"): channels: no [[channels]] has the id "duty"
)");
}

TEST(Check, AlertsFileMaySpeakOfWhatTheLayersHave)
{
    TemporaryFolder const folder;
    for (std::string const attributes : {"", "attributes = [\"adcode\"]\n"}) {  // names that are not kept are still those of the sites
        auto const config =
            small_config(folder.path(), "[alerts]\nrules = \"alerts.toml\"\n[[layers]]\nid = \"counties\"\nsource = \"" +
                                            (source_dir / "layers/yuncheng.gpkg").string() +
                                            "\"\nlayer = \"counties\"\nrole = \"boundary\"\nid_attribute = \"adcode\"\n" + attributes);
        write_file(folder / "alerts.toml", "[[rules]]\nid = \"r\"\nkind = \"heavy\"\nscope = { county = \"盐湖区\" }\n");
        auto const fine = yihong({"check", "--config", config});
        EXPECT_EQ(fine.code, 0) << fine.err;
        EXPECT_NE(fine.out.find(", 1 条预警规则 alert rules\n"), std::string::npos) << fine.out;
    }
}

TEST(Reload, AlertsFileIsPartOfTheWhole)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), "[alerts]\nrules = \"alerts.toml\"\n");
    write_file(folder / "alerts.toml", "[[rules]]\nid = \"r\"\nkind = \"heavy\"\n");
    Service service{folder / "data", {.config = config}};

    write_sites(folder / "sites.geojson", {"a", "new"});
    write_file(folder / "alerts.toml", "[[rules]]\nid = \"r\"\nkind = \"heavy\"\nscope = { site = \"gone\" }\n");
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("scope.site: no site file has a site \\\"gone\\\"")) << service.log();
    EXPECT_EQ(service.get("/collections/water-sections/items/new").status, 404) << "nothing was changed";

    write_file(folder / "alerts.toml",
               "[[rules]]\nid = \"r\"\nkind = \"heavy\"\n[[rules]]\nid = \"s\"\nkind = \"silence\"\nscope = { site = \"new\" }\n");
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reloaded sites=2 layers=0 devices=0 rules=2")) << service.log();
    EXPECT_EQ(service.get("/collections/water-sections/items/new").status, 200);
    EXPECT_EQ(service.stop(), 0);
}

TEST(Check, TellsWhatIsWrongWithADevice)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), R"(
[[devices]]
mn = "M1"
site = "a"
password = "p"
units = { w21003 = "ug/L", codmn = "mg/m3" }
[[devices]]
mn = "M2"
site = "a"
password = "p"
)");
    auto const fine = yihong({"check", "--config", config});
    EXPECT_EQ(fine.code, 0) << fine.err;
    EXPECT_NE(fine.out.find(", 2 台数采仪 devices"), std::string::npos) << fine.out;

    write_file(folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
 {"type":"Feature","id":"a","geometry":null,"properties":{"name":"甲","kind":"water_section"}},
 {"type":"Feature","id":"b","geometry":null,"properties":{"name":"乙","kind":"water_section","mn":"MB"}}]})");
    write_file(config, read_file(config) + R"(
[[devices]]
mn = "b"
site = "a"
password = "p"
[[devices]]
mn = "MB"
site = "a"
password = "p"
[[devices]]
mn = "M3"
site = "zhang"
password = "p"
units = { w99999 = "mg/L", cod = "NTU", w21003 = "ug/L", "060" = "ug/L" }
)");
    auto const wrong = yihong({"check", "--config", config});
    EXPECT_EQ(wrong.code, 1);
    EXPECT_EQ(wrong.out, "");
    EXPECT_EQ(
        wrong.err,
        R"(device "b": mn: "b" is the id of the site "b", but the device belongs to "a"; correct the device's site or mn, or the site file
device "MB": mn: "MB" is the mn of the site "b", but the device belongs to "a"; correct the device's site or mn, or the site file
device "M3": site: no site file has a site "zhang"; add it to a file of [sites], or correct the id
device "M3": units.cod: cod: unit 'NTU' cannot be converted to mg/L; give the unit in which the device sends it
device "M3": units: "060" and "w21003" are both ammonia_nitrogen; keep one of them
device "M3": units: "w99999" is neither the code nor the name of a parameter; parameters.toml lists them
)");
}

TEST(Reload, SiteAnswersToTheMnOfItsFirstDevice)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const without = read_file(config);
    auto const of = [](std::string_view mn, std::string_view site) {
        return "[[devices]]\nmn = \"" + std::string{mn} + "\"\nsite = \"" + std::string{site} + "\"\npassword = \"p\"\n";
    };
    write_file(config, without + of("M1", "a") + of("M2", "a") + of("M3", "b"));
    write_file(folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
 {"type":"Feature","id":"a","geometry":null,"properties":{"name":"甲","kind":"water_section"}},
 {"type":"Feature","id":"b","geometry":null,"properties":{"name":"乙","kind":"water_section","mn":"MB"}}]})");
    Service service{folder / "data", {.config = config}};
    (void)service.ingest("text/csv", "site,time,interval,ph\nM1,2025-11-06T00:00:00Z,4h,7.3\nMB,2025-11-06T00:00:00Z,4h,7.4\n");
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/ph"), "7.3");
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/mn"), "M1");
    EXPECT_EQ(service.json("/collections/water-sections/items/b").at("/properties/mn"), "MB");  // the site file has the word

    // a device of no known site is refused with the whole reload
    write_file(config, without + of("M9", "a") + of("M4", "nowhere"));
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("no site file has a site \\\"nowhere\\\"")) << service.log();
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/mn"), "M1");

    write_file(config, without + of("M9", "a"));
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reloaded sites=2")) << service.log();
    EXPECT_EQ(service.json("/collections/water-sections/items/a").at("/properties/mn"), "M9");
    EXPECT_EQ(service.stop(), 0);
}

}  // namespace
}  // namespace yihong::e2e
