#include "process.hpp"

#include <gtest/gtest.h>

/// `yihong export`: a collection as a file.
namespace yihong::e2e {
namespace {

class Export : public ::testing::Test {
protected:
    [[nodiscard]] Outcome wanted(std::string collection, std::string const& file, std::vector<std::string> const& more = {}) const
    {
        std::vector<std::string> arguments{"export",   std::move(collection), "-o",     folder / file,
                                           "--config", config.string(),       "--data", folder / "data"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return yihong(arguments);
    }

    TemporaryFolder const folder;
    std::filesystem::path const config = small_config(folder.path());
};

TEST_F(Export, WritesACollectionAsTheFileThatItsEndingNames)
{
    {
        Service const service{folder / "data", {.config = config}};
        (void)service.ingest("text/csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7.1\nb,2025-11-06T00:00:00Z,4h,8.2\n"
                                         "b,2025-11-06T04:00:00Z,4h,8.3\n");
        auto const made = wanted("water-sections", "all.geojson");
        EXPECT_EQ(made.code, 0) << made.err;
        Json const all{read_file(folder / "all.geojson")};
        EXPECT_EQ(all.at("/type"), "FeatureCollection");
        EXPECT_EQ(all.size("/features"), 4U);
        EXPECT_EQ(all.at("/features/0/properties/ph"), "7.1");
    }
    // also where no service runs on the data
    auto const table = wanted("water-records", "b.csv", {"--filter", "site = 'b'", "--properties", "ph", "--sortby", "-time"});
    EXPECT_EQ(table.code, 0) << table.err;
    EXPECT_EQ(table.last_line(), folder / "b.csv");
    auto const text = read_file(folder / "b.csv");
    EXPECT_NE(text.find(",8.3\r\nb.4h.20251106T000000Z"), std::string::npos) << text;
    EXPECT_EQ(wanted("water-sections", "zone37.gpkg", {"--crs", "EPSG:4547"}).code, 0);
    auto const info = run({"ogrinfo", "-so", folder / "zone37.gpkg", "water-sections"});
    EXPECT_NE(info.out.find("Feature Count: 4"), std::string::npos) << info.out << info.err;
    EXPECT_NE(info.out.find("\"EPSG\",4547"), std::string::npos) << info.out;
    EXPECT_EQ(wanted("water-sections", "none.geojson", {"--filter", "ph > 100"}).code, 0);
    EXPECT_EQ(Json{read_file(folder / "none.geojson")}.size("/features"), 0U);
}

TEST_F(Export, SaysWhatIsWrongAndLeavesNoFile)
{
    auto const ending = wanted("water-sections", "all.doc");
    EXPECT_EQ(ending.code, 2);
    EXPECT_NE(ending.err.find(".geojson, .geojsons"), std::string::npos) << ending.err;
    auto const unknown = wanted("nothing", "all.csv");
    EXPECT_EQ(unknown.code, 1);
    EXPECT_NE(unknown.err.find("there is no collection \"nothing\""), std::string::npos) << unknown.err;
    auto const filter = wanted("water-sections", "all.csv", {"--filter", "depth > 1"});
    EXPECT_EQ(filter.code, 1);
    EXPECT_NE(filter.err.find("depth"), std::string::npos) << filter.err;
    EXPECT_EQ(wanted("water-sections", "no/such/folder.csv").code, 1);
    for (auto const* name : {"all.doc", "all.csv", "all.csv.part"})
        EXPECT_FALSE(std::filesystem::exists(folder / name)) << name;
}

}  // namespace
}  // namespace yihong::e2e
