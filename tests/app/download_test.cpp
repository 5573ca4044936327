#include "imported_samples.hpp"

#include "yihong/base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

/// What a GIS gets of one URL: every format of the running service, read back by programs that are not ours.
namespace yihong::e2e {
namespace {

class Downloads : public ImportedSamples {
protected:
    /// Fetches a target into a file of this name. \return its path
    static std::filesystem::path fetch(std::string const& target, std::string_view name)
    {
        auto const reply = service->get(target);
        EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body.substr(0, 500);
        auto const file = *folder / name;
        std::ofstream{file, std::ios::binary} << reply.body;
        return file;
    }
    /// Everything that ogrinfo says of a file.
    static std::string seen(std::filesystem::path const& file)
    {
        auto const said = run({"ogrinfo", "-ro", "-al", file});
        EXPECT_EQ(said.code, 0) << said.err;
        return said.out;
    }
    static void expect_lines(std::string const& text, std::initializer_list<std::string> lines)
    {
        for (auto const& line : lines)
            EXPECT_NE(text.find(line), std::string::npos) << line << " is not in\n" << text.substr(0, 6000);
    }
};

std::string header(http::ClientReply const& reply, std::string_view name)
{
    auto const* value = reply.header(name);
    return value ? *value : std::string{};
}

std::string const sections = "/collections/water-sections/items?f=";

TEST_F(Downloads, KeepEveryColumnInGeoPackageAndFlatGeobuf)
{
    for (std::string const name : {"gpkg", "fgb"}) {
        // four sections have no known place, and FlatGeobuf holds none of those
        auto const count = name == "fgb" ? "Feature Count: 8" : "Feature Count: 12";
        auto const text = seen(fetch(sections + name, "sections." + name));
        expect_lines(text,
                     {count, "Geometry: Point", "name (String) = 张留庄", "codmn: Real", "water_class: Integer64",
                      "meets_target: Integer(Boolean)", "\ntime: DateTime", "time (DateTime) = 2025/11/06 12:00:00+00",
                      "time_beijing (String) = 北京时间 2025-11-06 20:00", "deciding_parameters (String) = codmn", "POINT (110.37 34.86)"});
    }
}

TEST_F(Downloads, AreInTheSystemThatIsAskedFor)
{
    auto const text =
        seen(fetch(sections + "gpkg&crs=http://www.opengis.net/def/crs/EPSG/0/4525&name=" + percent_encoded("张留庄"), "zone37.gpkg"));
    expect_lines(text, {"Feature Count: 1", "CGCS2000 / 3-degree Gauss-Kruger zone 37", "POINT (3744"});
}

TEST_F(Downloads, AreAShapefileInAZipWithShortNamesThatAreExplained)
{
    auto const file = fetch(sections + "shp", "sections.zip");
    auto const text = seen("/vsizip/" + file.string() + "/water-sections.shp");
    expect_lines(text, {"Feature Count: 12", "name (String) = 张留庄", "water_clas: Integer64", "time: String (", "codmn: Real"});
    auto const listed = run({"python3", "-m", "zipfile", "-l", file});
    expect_lines(listed.out, {"water-sections.shp", "water-sections.dbf", "water-sections.prj", "water-sections.cpg", "fields.csv"});
    auto const cpg = run({"python3", "-c",
                          "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.read('water-sections.cpg').decode(), "
                          "z.read('fields.csv').decode('utf-8-sig'))",
                          file});
    expect_lines(cpg.out, {"UTF-8", "water_cl_1,water_class_label,水质类别,Water class,"});
}

TEST_F(Downloads, AreKmlAndExcelToo)
{
    expect_lines(seen(fetch(sections + "kml", "sections.kml")),
                 {"Feature Count: 12", "Name (String) = 张留庄", "id (String) = zhangliuzhuang", "kind (String) = water_section",
                  "codmn (Real) = 6.799", "deciding_parameters (String) = codmn", "POINT (110.37 34.86)"});
    auto const refused = service->get(sections + "kml&crs=http://www.opengis.net/def/crs/EPSG/0/4547");
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.body.find("crs: "), std::string::npos) << refused.body;

    auto const sheet = fetch(sections + "xlsx", "sections.xlsx");
    auto const read = run({"/usr/bin/python3", "-c", R"(
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
rows = list(book["water-sections"].values)
one = next(dict(zip(rows[0], row)) for row in rows[1:] if row[0] == "zhangliuzhuang")
print(len(rows) - 1, one["name"], one["lon"], one["codmn"], one["time"], one["time_beijing"], one["meets_target"], book.sheetnames)
column = next(cell for cell in book["water-sections"][1] if cell.value == "time_beijing").column_letter
print(book["water-sections"].column_dimensions[column].width > len("2025-11-06 20:00"), "or it is shown as ####")
)",
                           sheet});
    EXPECT_EQ(read.out, "12 张留庄 110.37 6.799 2025-11-06T12:00:00Z 2025-11-06 20:00:00 False ['water-sections', '字段 Columns']\n"
                        "True or it is shown as ####\n")
        << read.err;
}

TEST_F(Downloads, HaveTheWantedDecimalsInExcelToo)
{
    auto const target = std::string{"/collections/lakes/items?precision=2&f="};
    auto const sheet = fetch(target + "xlsx", "lakes.xlsx");
    auto const csv = fetch(target + "csv", "lakes.csv");
    auto const read = run({"/usr/bin/python3", "-c", R"(
import csv, openpyxl, sys
csv.field_size_limit(1 << 24)
rows = list(openpyxl.load_workbook(sys.argv[1])["lakes"].values)
shapes = [row[rows[0].index("geometry")] for row in rows[1:]]
wanted = [row["geometry"] for row in csv.DictReader(open(sys.argv[2], newline=""))]
print(len(shapes), [shape for shape, other in zip(shapes, wanted) if shape not in (other, "too long for a cell")])
)",
                           sheet, csv});
    EXPECT_EQ(read.out, "234 []\n") << read.err;
}

TEST_F(Downloads, ComeWholeAsCsvAndTextSequence)
{
    auto const lakes = service->get("/collections/lakes/items?f=csv&bom=true");
    EXPECT_EQ(std::ranges::count(lakes.body, '\r'), 235) << "nothing is cut where no limit is given";
    EXPECT_TRUE(lakes.body.starts_with("\xEF\xBB\xBFid,")) << lakes.body.substr(0, 100);
    EXPECT_NE(lakes.body.find("POLYGON (("), std::string::npos);
    auto const five = service->get("/collections/lakes/items?f=jsonseq&limit=5");
    EXPECT_EQ(std::ranges::count(five.body, '\x1e'), 5);
    auto const by_accept = service->get("/collections/water-sections/items", {{"Accept", "text/csv"}});
    EXPECT_EQ(by_accept.body, service->get(sections + "csv").body);
    EXPECT_EQ(header(by_accept, "Content-Type"), "text/csv; charset=utf-8");
    EXPECT_TRUE(header(by_accept, "Content-Disposition").starts_with("attachment; filename=\"water-sections_"))
        << header(by_accept, "Content-Disposition");
}

TEST_F(Downloads, GoOnWhereTheyWereCutOff)
{
    auto const target = sections + "gpkg";
    auto const whole = service->get(target);
    auto const tag = header(whole, "ETag");
    ASSERT_FALSE(tag.empty());
    auto const rest = service->get(target, {{"Range", "bytes=1000-"}, {"If-Range", tag}});
    EXPECT_EQ(rest.status, 206);
    EXPECT_EQ(whole.body.substr(0, 1000) + rest.body, whole.body);
}

TEST_F(Downloads, HoldTheWholeHistoryOfARiver)
{
    auto const target = "/collections/water-records/items?river=" + percent_encoded("汾河") + "&datetime=2021-04-01/2021-04-02";
    auto const text = seen(fetch(target + "&f=gpkg", "fen.gpkg"));
    auto const csv = service->get(target + "&f=csv").body;
    auto const rows = std::ranges::count(csv, '\r') - 1;
    EXPECT_GT(rows, 5) << csv;
    expect_lines(text, {"Feature Count: " + std::to_string(rows) + "\n", "interval (String) = 4h", "codmn: Real", "flags: String"});

    // page by page the same, by links that hold at any limit
    std::size_t paged = 0;
    std::string next = target + "&limit=3";
    while (!next.empty()) {
        auto const page = service->json(next);
        paged += page.size("/features");
        std::string following;
        for (std::size_t i = 0; i < page.size("/links"); ++i)
            if (page.at("/links/" + std::to_string(i) + "/rel") == "next")
                following = page.at("/links/" + std::to_string(i) + "/href").substr(service->url().size());
        next = following;
    }
    EXPECT_EQ(paged, static_cast<std::size_t>(rows));
    EXPECT_EQ(service->get("/collections/water-records/items?sortby=codmn").status, 400);
    EXPECT_EQ(service->json("/collections/water-records/items?limit=1&sortby=-time").at("/features/0/properties/time_beijing"),
              "北京时间 2025-11-06 20:00");
}

/// The two URLs of the manual for all records of the sections on the Fen in June 2020, in zone 37, as GeoPackage and as workbook.
TEST(DownloadsOfTheManual, HoldEverySectionOfTheFenInJune2020)
{
    TemporaryFolder const folder;
    Service const service{folder / "data"};
    auto const of_the_fen = service.json("/collections/water-sections/items?limit=1000&river=" + percent_encoded("汾河"));
    auto const count = of_the_fen.size("/features");
    ASSERT_GT(count, 1U);
    std::string rows = "site,time,interval,codmn,ammonia_nitrogen\n";
    for (std::size_t i = 0; i < count; ++i)                // the first and the last hours of June in Beijing, and those round it
        for (std::string const time :
             {"2020-05-31T20:00:00+08:00", "2020-06-01T00:00:00+08:00", "2020-06-30T20:00:00+08:00", "2020-07-01T00:00:00+08:00"})
            rows += of_the_fen.at("/features/" + std::to_string(i) + "/id") + "," + time + ",4h,4.2,0.31\n";
    rows += "longmen,2020-06-10T00:00:00+08:00,4h,2.1,0.02\n";  // on the Yellow River
    (void)service.ingest("text/csv", rows);

    std::vector<std::string> urls;
    std::istringstream manual{read_file(source_dir / "docs/formats.md")};
    for (std::string line; std::getline(manual, line);)
        if (line.starts_with("/collections/water-records/items?river=汾河&datetime=2020-06"))
            urls.push_back(line);
    ASSERT_EQ(urls.size(), 2U);
    auto const fetched = [&](std::string url, std::string_view name) {
        url.replace(url.find("汾河"), std::string_view{"汾河"}.size(), percent_encoded("汾河"));
        write_file(folder / name, service.get(url).body);
        return folder / name;
    };
    write_file(folder / "schema.json", service.get("/collections/water-records/schema").body);
    auto const read = run({"/usr/bin/python3", "-c", R"(
import json, openpyxl, sqlite3, sys
package, workbook, schema = sys.argv[1:]
table = sqlite3.connect(package)
columns = [row[1] for row in table.execute('PRAGMA table_info("water-records")')]
print(table.execute('SELECT count(*), count(DISTINCT site), min(time_beijing), max(time_beijing) FROM "water-records"').fetchone())
print(table.execute('SELECT min_x > 37000000 AND max_x < 38000000, srs_id FROM gpkg_contents').fetchone())
rows = list(openpyxl.load_workbook(workbook)["water-records"].values)
records = [dict(zip(rows[0], row)) for row in rows[1:]]
print(len(records), len({one["site"] for one in records}), all(37e6 < one["east"] < 38e6 for one in records if one["east"]), {one["codmn"] for one in records})
print(set(columns) - {"fid", "geom"} ^ set(rows[0]) - {"east", "north"})
print(set(columns) - {"fid", "geom"} ^ json.load(open(schema))["properties"].keys() - {"geometry"})
)",
                           fetched(urls[0], "fen.gpkg"), fetched(urls[1], "fen.xlsx"), folder / "schema.json"});
    std::ostringstream wanted;
    wanted << "(" << 2 * count << ", " << count << ", '北京时间 2020-06-01 00:00', '北京时间 2020-06-30 20:00')\n"
           << "(1, 4525)\n"
           << 2 * count << " " << count << " True {4.2}\n"
           << "set()\nset()\n";                              // no column is lost
    EXPECT_EQ(read.out, wanted.str()) << read.err;
}

}  // namespace
}  // namespace yihong::e2e
