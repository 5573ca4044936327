// The collections of periods over HTTP: every format, opened by programs that are not ours; filters, pages, and what was known before a correction.
#include "process.hpp"

#include "yihong/base/text.hpp"
#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <thread>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

/// Two sections on a river of a county, two air stations in it, a sewage plant, a lake; the city has another boundary, its level none.
void write_places(fs::path const& folder)
{
    write_file(folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[110.4,34.9]},"properties":{"name":"断面甲","kind":"water_section","level":"national","water_body":"汾河","assessed_for":"运城市永济市","target_class":3}},
{"type":"Feature","id":"b","geometry":{"type":"Point","coordinates":[110.6,34.9]},"properties":{"name":"断面乙","kind":"water_section","water_body":"汾河"}},
{"type":"Feature","id":"l","geometry":{"type":"Point","coordinates":[110.2,34.6]},"properties":{"name":"湖心","kind":"lake_section","water_body":"盐湖"}},
{"type":"Feature","id":"k1","geometry":{"type":"Point","coordinates":[110.5,34.8]},"properties":{"name":"站一","kind":"air_station"}},
{"type":"Feature","id":"k2","geometry":{"type":"Point","coordinates":[110.7,34.8]},"properties":{"name":"站二","kind":"air_station"}},
{"type":"Feature","id":"p","geometry":{"type":"Point","coordinates":[110.9,34.8]},"properties":{"name":"污水厂","kind":"wastewater_plant"}},
{"type":"Feature","id":"k3","geometry":{"type":"Point","coordinates":[110.8,34.8]},"properties":{"name":"旧站","kind":"air_station"}}]})");
    write_file(folder / "counties.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"永济市"},
"geometry":{"type":"Polygon","coordinates":[[[110,34.5],[111,34.5],[111,35.5],[110,35.5],[110,34.5]]]}}]})");
    write_file(folder / "city.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"运城市"},
"geometry":{"type":"Polygon","coordinates":[[[109.5,34],[112,34],[112,36],[109.5,36],[109.5,34]]]}}]})");
    write_file(folder / "rivers.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"汾河"},
"geometry":{"type":"LineString","coordinates":[[110,34.9],[111,34.9]]}}]})");
    write_file(folder / "lakes.geojson", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"盐湖"},
"geometry":{"type":"Polygon","coordinates":[[[110.1,34.55],[110.3,34.55],[110.3,34.65],[110.1,34.55]]]}}]})");
}

fs::path write_config(fs::path const& folder)
{
    write_places(folder);
    std::string text = fmt::format("[standards]\ndirectory = \"{}\"\n[sites]\nfiles = [\"sites.geojson\"]\n[reports]\ncity = \"运城市\"\n"
                                   "[[reports.air_point]]\nstation = \"k3\"\nto = \"2020-12-06\"\n",
                                   (source_dir / "config/standards").string());
    for (auto const& [id, role] :
         {std::pair{"counties", "boundary"}, std::pair{"city", "boundary"}, std::pair{"rivers", "river"}, std::pair{"lakes", "lake"}})
        text += fmt::format("[[layers]]\nid = \"{}\"\nsource = \"{}.geojson\"\nrole = \"{}\"\n", id, id, role);
    write_file(folder / "yihong.toml", text);
    return folder / "yihong.toml";
}

/// October 2025 of the sections, with a sample of the lake, three of its days at the stations that are in use and at the plant.
std::string october()
{
    std::string text = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen,total_phosphorus,pm10,pm25,so2,no2,co,o3_8h,cod,"
                       "effluent_flow,salinity\n";
    for (int day = 1; day <= 31; ++day)
        for (auto const* site : {"a", "b"})
            text += fmt::format("{},2025-10-{:02}T00:00:00+08:00,day,8.0,8.1,3.5,0.9,0.15,,,,,,,,,\n", site, day);
    for (int day = 1; day <= 3; ++day)
        for (auto const* site : {"k1", "k2"})
            text += fmt::format("{},2025-10-{:02}T00:00:00+08:00,day,,,,,,60,30,8,20,0.6,90,,,\n", site, day);
    for (int hour = 0; hour < 72; ++hour)
        text += fmt::format("p,2025-10-{:02}T{:02}:00:00+08:00,hour,,,,1.5,0.2,,,,,,,21,100,\n", 1 + hour / 24, hour % 24);
    text += "l,2025-10-08T10:00:00+08:00,sample,8.4,8.1,3.5,0.9,0.04,,,,,,,,,81\n";
    return text;
}

/// A collection, and what is to be found in it.
struct Expected {
    std::string id;
    std::size_t features;  ///< of the months and years that there are
    std::size_t placed;  ///< of these, with a geometry
    std::string geometry;  ///< as GDAL says it
    std::string one;  ///< id of a feature
    std::string column;
    std::string type;  ///< of the column, in a GeoPackage
    std::string before, now;  ///< its value, before and after the correction
};
std::array<Expected, 7> const collections{{
    {"section-periods", 6, 6, "Point", "a.2025-10", "water_class", "Integer64", "3", "4"},
    {"river-periods", 2, 2, "Multi Line String", "汾河.2025-10", "good", "Integer64", "2", "1"},
    {"area-periods", 8, 4, "Multi Polygon", "运城市.2025-10", "good", "Integer64", "1", "0"},
    {"air-periods", 4, 4, "Point", "k1.2025-10", "pm10", "Real", "60", "140"},
    {"air-area-periods", 4, 4, "Multi Polygon", "永济市.2025-10", "pm10", "Real", "60", "100"},
    {"outfall-periods", 6, 6, "Point", "p.cod.2025-10", "exceeded_days", "Integer64", "0", "1"},
    {"lake-periods", 2, 2, "Multi Polygon", "盐湖.2025-10", "water_class", "Integer64", "3", "4"},
}};

class PeriodCollections : public ::testing::Test {
protected:
    static void SetUpTestSuite()
    {
        folder = new TemporaryFolder;
        service = new Service{*folder / "data", {.config = write_config(folder->path())}};
        (void)service->ingest("text/csv", october());
        before = format_rfc3339(utc_now());
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
        (void)service->ingest("text/csv", "site,time,interval,ammonia_nitrogen,pm10,cod\na,2025-10-03T00:00:00+08:00,day,9.9,,\n"
                                          "k1,2025-10-01T00:00:00+08:00,day,,300,\np,2025-10-02T05:00:00+08:00,hour,,,900\n"
                                          "l,2025-10-08T10:00:00+08:00,sample,1.2,,\n");
    }
    static void TearDownTestSuite()
    {
        delete service;
        delete folder;
    }
    static std::string items(Expected const& of, std::string const& parameters) { return "/collections/" + of.id + "/items?" + parameters; }
    static fs::path fetch(std::string const& target, std::string const& name)
    {
        auto const reply = service->get(target);
        EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body.substr(0, 500);
        auto const file = *folder / name;
        std::ofstream{file, std::ios::binary} << reply.body;
        return file;
    }
    /// Everything that GDAL finds in a file.
    static std::string seen(std::string const& file)
    {
        auto const said = run({"ogrinfo", "-ro", "-al", file});
        EXPECT_EQ(said.code, 0) << file << "\n" << said.err;
        return said.out;
    }
    /// `  pm10 (Real) = 140` of the feature with this id; empty where it is not there.
    static std::string line_of(std::string const& text, std::string const& id, std::string const& column)
    {
        auto const feature = text.find(") = " + id + "\n");
        auto const at = feature == std::string::npos ? feature : text.find("\n  " + column + " (", feature);
        return at == std::string::npos ? std::string{} : text.substr(at + 3, text.find('\n', at + 1) - at - 3);
    }

    static inline TemporaryFolder* folder = nullptr;
    static inline Service* service = nullptr;
    static inline std::string before;
};

TEST_F(PeriodCollections, AreInEveryFileFormatWithTypesValuesAndGeometry)
{
    for (auto const& one : collections)
        for (std::string const format : {"gpkg", "fgb"}) {
            auto const text = seen(fetch(items(one, "f=" + format), one.id + "." + format));
            auto const count = fmt::format("Feature Count: {}\n", format == "fgb" ? one.placed : one.features);
            EXPECT_NE(text.find(count), std::string::npos) << one.id << " " << format << "\n" << text.substr(0, 3000);
            EXPECT_NE(text.find("Geometry: " + one.geometry + "\n"), std::string::npos) << one.id << " " << format;
            for (auto const& field : {one.column + ": " + one.type, std::string{"period: String"}, std::string{"time: DateTime"},
                                      std::string{"provisional: Integer(Boolean)"}, std::string{"records: Integer64"}})
                EXPECT_NE(text.find("\n" + field), std::string::npos) << one.id << " " << format << ": " << field;
            EXPECT_EQ(line_of(text, one.one, one.column), fmt::format("{} ({}) = {}", one.column, one.type, one.now)) << one.id;
            EXPECT_EQ(line_of(text, one.one, "time"), "time (DateTime) = 2025/09/30 16:00:00+00") << one.id;
        }
}

TEST_F(PeriodCollections, AreShapefilesAndKmlToo)
{
    for (auto const& one : collections) {
        auto const zip = fetch(items(one, "f=shp"), one.id + ".zip");
        auto const shapes = seen("/vsizip/" + zip.string() + "/" + one.id + ".shp");
        EXPECT_NE(shapes.find(fmt::format("Feature Count: {}\n", one.features)), std::string::npos) << one.id << "\n"
                                                                                                    << shapes.substr(0, 3000);
        EXPECT_NE(line_of(shapes, one.one, one.column.substr(0, 10)).find(" = " + one.now), std::string::npos) << one.id;
        auto const kml = seen(fetch(items(one, "f=kml"), one.id + ".kml").string());
        EXPECT_NE(kml.find(fmt::format("Feature Count: {}\n", one.features)), std::string::npos) << one.id << "\n" << kml.substr(0, 3000);
        EXPECT_NE(line_of(kml, one.one, one.column).find(" = " + one.now), std::string::npos) << one.id << "\n" << kml.substr(0, 3000);
    }
}

TEST_F(PeriodCollections, AreTablesToo)
{
    for (auto const& one : collections) {
        auto const csv = fetch(items(one, "f=csv"), one.id + ".csv");
        auto const sheet = fetch(items(one, "f=xlsx"), one.id + ".xlsx");
        auto const lines = fetch(items(one, "f=jsonseq"), one.id + ".geojsons");
        auto const read = run({"/usr/bin/python3", "-c", R"(
import csv, json, openpyxl, sys
_, text, sheet, lines, id, column = sys.argv
rows = list(csv.DictReader(open(text, newline="")))
print(len(rows), *[row[column] for row in rows if row["id"] == id])
head, *rows = openpyxl.load_workbook(sheet).worksheets[0].values
print(len(rows), *[row[head.index(column)] for row in rows if row[0] == id])
rows = [json.loads(one) for one in open(lines).read().split("\x1e") if one.strip()]
print(len(rows), *[row["properties"][column] for row in rows if row["id"] == id], sum(row["geometry"] is not None for row in rows))
)",
                               csv, sheet, lines, one.one, one.column});
        EXPECT_EQ(read.out, fmt::format("{0} {2}\n{0} {2}\n{0} {2} {1}\n", one.features, one.placed, one.now)) << one.id << "\n"
                                                                                                               << read.err;
        auto const sequence = seen(lines.string());
        EXPECT_NE(sequence.find(fmt::format("Feature Count: {}\n", one.features)), std::string::npos) << one.id << "\n"
                                                                                                      << sequence.substr(0, 2000);
    }
}

TEST_F(PeriodCollections, ArePagesForPeopleAndPrograms)
{
    for (auto const& one : collections) {
        auto const page = service->json(items(one, "f=json"));
        EXPECT_EQ(page.size("/features"), one.features) << one.id;
        auto const html = service->get(items(one, "f=html&period=2025-10"));
        EXPECT_EQ(html.status, 200);
        EXPECT_NE(html.body.find(percent_encoded(one.one)), std::string::npos) << one.id;
        auto const feature = service->json("/collections/" + one.id + "/items/" + percent_encoded(one.one));
        EXPECT_EQ(feature.at("/properties/" + one.column), one.now) << one.id;
        EXPECT_EQ(service->get("/collections/" + one.id + "/tiles/WebMercatorQuad").status, 404) << "nobody has counted them: no tiles";
    }
}

TEST_F(PeriodCollections, GDALFindsThemByTheService)
{
    std::string const source = "OAPIF:" + service->url();
    for (auto const& one : collections) {
        auto const read = run({"ogrinfo", "-ro", "-al", source, one.id, "-where", "period = '2025-10'"});
        EXPECT_EQ(read.code, 0) << read.err;
        EXPECT_NE(read.out.find(fmt::format("Feature Count: {}\n", one.features / 2)), std::string::npos) << one.id << "\n"
                                                                                                          << read.out.substr(0, 2000);
        EXPECT_NE(line_of(read.out, one.one, one.column).find(" = " + one.now), std::string::npos) << one.id << "\n"
                                                                                                   << read.out.substr(0, 3000);
    }
}

TEST_F(PeriodCollections, ShowWhatWasKnownBeforeACorrection)
{
    for (auto const& one : collections) {
        auto const value = [&](std::string const& asof) {
            auto const text = seen(fetch(items(one, "f=gpkg&period=2025-10" + asof), one.id + "-asof.gpkg"));
            return line_of(text, one.one, one.column);
        };
        auto const said = [&](std::string const& number) { return fmt::format("{} ({}) = {}", one.column, one.type, number); };
        EXPECT_EQ(value("&asof=" + before), said(one.before)) << one.id;
        EXPECT_EQ(value({}), said(one.now)) << one.id;
        EXPECT_EQ(value("&asof=" + format_rfc3339(utc_now())), said(one.now)) << one.id;
        EXPECT_EQ(service->json(items(one, "asof=2025-09-01T00:00:00Z")).size("/features"), 0U) << one.id;
        EXPECT_NE(service->get("/api").body.find("getFeatures." + one.id), std::string::npos);
    }
    auto const air = [&](std::string const& asof) {
        auto const said = service->json("/api/v1/statistics/air-stations?period=2025-10&compare=none" + asof);
        EXPECT_EQ(said.at("/places/0/name"), "永济市");
        return said.at("/places/0/figures");
    };
    EXPECT_NE(air({}), "(none)");
    EXPECT_NE(air({}), air("&asof=" + before)) << "the figures of the county";
}

TEST_F(PeriodCollections, TakeFiltersAndPages)
{
    auto const ids = [&](std::string const& target) {
        std::string all;
        auto const page = service->json(target);
        for (std::size_t i = 0; i < page.size("/features"); ++i)
            all += page.at(fmt::format("/features/{}/id", i)) + " ";
        return all;
    };
    auto const& sections = collections[0];
    EXPECT_EQ(ids(items(sections, "period=2025-Q4")), "a.2025-Q4 b.2025-Q4 l.2025-Q4 ");
    EXPECT_EQ(ids(items(sections, "filter=" + percent_encoded("water_class > 3 AND period_kind = 'month'"))), "a.2025-10 l.2025-10 ");
    EXPECT_EQ(ids(items(sections, "bbox=110.5,34,111,35&period=2025-10")), "b.2025-10 ");
    EXPECT_EQ(ids(items(sections, "period=2025-10&asof=" + before + "&filter=" + percent_encoded("water_class > 3"))), "");
    EXPECT_EQ(ids(items(collections[2], "area_kind=level&period=2025-10")), "国控.2025-10 ");
    EXPECT_EQ(ids(items(collections[2], "filter=" + percent_encoded("area_kind = 'city' AND period = '2025'"))), "运城市.2025 ");
    EXPECT_EQ(ids(items(collections[4], "area_kind=city&period=2025-10-02")), "运城市.2025-10-02 ");
    EXPECT_EQ(ids(items(collections[5], "parameter=cod&period=2025-10-01,2025-10-02&meets_limit=false")), "p.cod.2025-10-02 ");
    EXPECT_EQ(ids(items(collections[5], "site=p&period=2025-10-YTD&filter=" + percent_encoded("load_t > 0.03 AND unit = 'mg/L'"))),
              "p.cod.2025-10-YTD p.ammonia_nitrogen.2025-10-YTD ");
    EXPECT_EQ(service->get(items(collections[5], "parameter=kod")).status, 400) << "no item is called so";
    EXPECT_EQ(ids(items(collections[6], "period=2025-10-08,2025-10-09&filter=" + percent_encoded("salinity > 80"))), "盐湖.2025-10-08 ");
    EXPECT_EQ(ids(items(collections[6], "period=2025-10&bbox=110.15,34.5,110.25,34.6")), "盐湖.2025-10 ");
    EXPECT_EQ(ids(items(collections[6], "period=2025-10&bbox=110.5,34,111,35")), "");

    for (auto const& one : collections)
        for (auto const& asked :
             {std::string{"limit=1"}, "limit=1&asof=" + before, std::string{"limit=3"}}) {  // of three, some come out of turn
            std::vector<std::string> all;
            std::string next = items(one, asked);
            for (std::size_t pages = 0; !next.empty() && pages < 20; ++pages) {
                auto const page = service->json(next);
                for (std::size_t i = 0; i < page.size("/features"); ++i)
                    all.push_back(page.at(fmt::format("/features/{}/id", i)));
                next.clear();
                for (std::size_t i = 0; i < page.size("/links"); ++i)
                    if (page.at(fmt::format("/links/{}/rel", i)) == "next")
                        next = page.at(fmt::format("/links/{}/href", i)).substr(service->url().size());
            }
            EXPECT_EQ(all.size(), one.features) << one.id << asked;
            EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), one.features) << one.id << asked;
        }
    EXPECT_EQ(ids(items(sections, "limit=2&offset=3&sortby=time")), "a.2025-10 b.2025-10 ");
    EXPECT_EQ(ids(items(sections, "limit=2")) + ids(items(sections, "limit=2&offset=2")), "a.2025 b.2025 l.2025 a.2025-10 ");
}

/// The day over its permit, and the load of the month, as the statistics give them.
TEST_F(PeriodCollections, AnOutletSaysWhatItsStatisticsSay)
{
    auto const statistics = service->json("/api/v1/statistics/outfalls?period=2025-10&compare=none");
    auto const feature = service->json("/collections/outfall-periods/items/p.cod.2025-10");
    for (auto const& [column, member] : std::array<std::pair<std::string, std::string>, 8>{{{"days_due", "days_due"},
                                                                                            {"valid_days", "valid_days"},
                                                                                            {"met_days", "met_days"},
                                                                                            {"limit", "limit/high"},
                                                                                            {"values_due", "due"},
                                                                                            {"values_valid", "valid"},
                                                                                            {"load_t", "load_t"},
                                                                                            {"highest_day", "highest_day"}}}) {
        std::string from_statistics;
        for (std::size_t i = 0; i < statistics.size("/outfalls/0/items"); ++i)
            if (statistics.at(fmt::format("/outfalls/0/items/{}/parameter", i)) == "cod")
                from_statistics = statistics.at(fmt::format("/outfalls/0/items/{}/{}", i, member));
        EXPECT_EQ(feature.at("/properties/" + column), from_statistics) << column;
    }
    EXPECT_EQ(feature.at("/properties/highest_day"), "2025-10-02");
    EXPECT_EQ(feature.at("/properties/provisional"), "false");
    EXPECT_EQ(service->json("/collections/outfall-periods/items?period=2025-10&asof=2025-10-20").size("/features"), 0U)
        << "nothing had come by then";
}

TEST_F(PeriodCollections, AStationThatWasGivenUpTakesNoMeanFromItsCity)
{
    auto const city = service->json("/collections/air-area-periods/items/" + percent_encoded("运城市.2025-10"));
    EXPECT_EQ(city.at("/properties/valid_days"), "3") << "two of two points, and a station that is none";
    EXPECT_EQ(city.at("/properties/points"), "站一、站二");
    EXPECT_EQ(city.at("/properties/area_kind"), "city");
}

}  // namespace
}  // namespace yihong::e2e
