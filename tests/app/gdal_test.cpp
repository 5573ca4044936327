#include "imported_samples.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

/// GDAL's own programs as a client: what QGIS and every script built on GDAL will do.
TEST(Gdal, ReadsTheCollections)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    ASSERT_NO_FATAL_FAILURE(import_samples(data));
    Service const service{data};
    std::string const source = "OAPIF:" + service.url();

    auto const overview = run({"ogrinfo", "-ro", source});
    EXPECT_EQ(overview.code, 0) << overview.err;
    for (std::string const layer :
         {"water-sections (title: 地表水断面 Water sections) (Point)", "air-stations", "outfalls",
          "(title: 黄河 Yellow River) (Line String)", "salt-lake (title: 运城盐湖 Yuncheng Salt Lake) (Multi Polygon)",
          "counties (title: 县（市、区） Counties) (Polygon)"})
        EXPECT_NE(overview.out.find(layer), std::string::npos) << layer << " is not in\n" << overview.out;

    auto const copied = run({"ogr2ogr", "-f", "GPKG", folder / "out.gpkg", source, "water-sections"});
    ASSERT_EQ(copied.code, 0) << copied.err;
    auto const summary = run({"ogrinfo", "-ro", "-so", folder / "out.gpkg", "water-sections"});
    for (std::string const line : {"Geometry: Point", "Feature Count: 12", "name: String", "target_class: Integer (0.0)",
                                   "water_class: Integer (0.0)", "codmn: Real (0.0)", "\ntime: DateTime", "time_beijing: String",
                                   "currency: String (0.0)", "meets_target: Integer(Boolean) (0.0)", "coordinate_accuracy_m: Real (0.0)"})
        EXPECT_NE(summary.out.find(line), std::string::npos) << line << " is not in\n" << summary.out;

    auto const one = run({"ogrinfo", "-ro", "-q", source, "water-sections", "-where", "water_class = 4 AND name = '张留庄'"});
    for (std::string const line :
         {"id (String) = zhangliuzhuang", "time (DateTime) = 2025/11/06 12:00:00+00", "codmn (Real) = 6.799", "currency (String) = stale",
          "deciding_parameters (String) = codmn", "time_beijing (String) = 北京时间 2025-11-06 20:00", "POINT (110.37 34.86)"})
        EXPECT_NE(one.out.find(line), std::string::npos) << line << " is not in\n" << one.out;

    // the condition goes to the service, which /api tells of every property that it takes
    auto const sent = run({"env", "CPL_DEBUG=HTTP", "ogrinfo", "-ro", "-q", source, "water-sections", "-where", "water_class = 4"});
    EXPECT_NE(sent.err.find("&water_class=4)"), std::string::npos) << sent.err;
    // nothing is lost on the way into other formats, and the hour stays where a format has dates only
    for (std::string const format : {"ESRI Shapefile", "FlatGeobuf"}) {
        auto const target = folder / (format == "FlatGeobuf" ? "out.fgb" : "out.shp");
        auto const written = run({"ogr2ogr", "-f", format, target, source, "water-sections", "-lco", "ENCODING=UTF-8"});
        EXPECT_EQ(written.code, 0) << written.err;
        auto const first = run({"ogrinfo", "-ro", "-al", "-q", target});
        EXPECT_NE(first.out.find("(String) = 北京时间 2025-11-06 20:00"), std::string::npos) << first.out;
        EXPECT_NE(first.out.find("(String) = codmn"), std::string::npos) << first.out;
    }

    // a spatial filter: the server's bbox and what GDAL makes of it agree
    auto const within = run({"ogrinfo", "-ro", "-so", source, "water-sections", "-spat", "110", "34", "111", "35"});
    EXPECT_NE(within.out.find("Feature Count: 2\n"), std::string::npos) << within.out;
    auto const polygons = run({"ogr2ogr", "-f", "GPKG", folder / "counties.gpkg", source, "counties"});
    EXPECT_EQ(polygons.code, 0) << polygons.err;
    auto const counties = run({"ogrinfo", "-ro", "-so", folder / "counties.gpkg", "counties"});
    EXPECT_NE(counties.out.find("Feature Count: 13"), std::string::npos) << counties.out;
    EXPECT_NE(counties.out.find("Geometry: Polygon"), std::string::npos) << counties.out;
    // more features than a page: GDAL follows the links
    auto const lakes = run(
        {"ogr2ogr", "-f", "GPKG", "--config", "OGR_OAPIF_PAGE_SIZE", "50", "-oo", "PAGE_SIZE=50", folder / "lakes.gpkg", source, "lakes"});
    EXPECT_EQ(lakes.code, 0) << lakes.err;
    EXPECT_NE(run({"ogrinfo", "-ro", "-so", folder / "lakes.gpkg", "lakes"}).out.find("Feature Count: 234"), std::string::npos);
}

}  // namespace
}  // namespace yihong::e2e
