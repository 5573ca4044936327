#include "imported_samples.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

/// A tile of the running service, decoded by GDAL.
std::string decoded(Service const& service, std::string const& target, std::string const& z, std::string const& y, std::string const& x)
{
    TemporaryFolder const folder;
    auto const reply = service.get(target + "/" + z + "/" + y + "/" + x);
    EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
    write_file(folder / "tile.pbf", reply.body);
    auto const read = run({"ogrinfo", "-ro", "-al", "-oo", "X=" + x, "-oo", "Y=" + y, "-oo", "Z=" + z, folder / "tile.pbf"});
    EXPECT_EQ(read.code, 0) << read.err;
    return read.out;
}

void expect_lines(std::string const& text, std::vector<std::string> const& lines)
{
    for (auto const& line : lines)
        EXPECT_NE(text.find(line), std::string::npos) << line << " is not in\n" << text;
}

std::string const one_reading =
    R"([{"site":"zhangliuzhuang","time":"2025-11-06T16:00:00Z","interval":"4h","values":{"codmn":TEXT,"do":9.1,"ammonia_nitrogen":0.1,"total_phosphorus":0.05}}])";

TEST(Tiles, AreWhatTheServiceShows)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    ASSERT_NO_FATAL_FAILURE(import_samples(data));
    Service const service{data};

    // those that have a place
    auto const sections = decoded(service, "/collections/water-sections/tiles/WebMercatorQuad", "5", "12", "25");
    expect_lines(sections,
                 {"Layer name: water-sections", "Feature Count: 8", "id (String) = zhangliuzhuang", "water_class (Integer) = 4",
                  "water_class_label (String) = Ⅳ", "alert_state (String) = ", "currency (String) = stale", "codmn (Real) = 6.799"});
    auto const all = decoded(service, "/tiles/WebMercatorQuad", "8", "101", "206");
    expect_lines(all, {"Layer name: water-sections", "Layer name: counties", "Layer name: lakes", "POLYGON ((", "LINESTRING ("});
    // every tile of every layer at some levels is one that GDAL takes
    for (std::string const z : {"7", "9", "11"}) {
        Json const set = service.json("/tiles/WebMercatorQuad");
        EXPECT_EQ(set.at("/tileMatrixSetLimits/" + z + "/tileMatrix"), z);
        auto const y = set.at("/tileMatrixSetLimits/" + z + "/minTileRow");
        auto const x = set.at("/tileMatrixSetLimits/" + z + "/minTileCol");
        (void)decoded(service, "/tiles/WebMercatorQuad", z, y, x);
    }

    // discoverable, from the first page on
    expect_lines(service.get("/?f=json").body, {"rel/ogc/1.0/tilesets-vector"});
    expect_lines(service.get("/collections/lakes?f=json").body, {"rel/ogc/1.0/tilesets-vector", "/collections/lakes/tiles"});
    EXPECT_EQ(service.get("/collections/water-records?f=json").body.find("tilesets-vector"), std::string::npos);
    expect_lines(service.get("/conformance?f=json").body, {"ogcapi-tiles-1/1.0/conf/core", "ogcapi-tiles-1/1.0/conf/mvt"});
    expect_lines(service.get("/api").body, {"collection.vector.getTile", "dataset.vector.getTileSetsList"});
}

TEST(Tiles, ComeAgainOnlyWhereTheyChanged)
{
    TemporaryFolder const folder;
    Service const service{folder / "data"};
    std::string const lakes = "/collections/lakes/tiles/WebMercatorQuad/8/101/206";
    std::string const sections = "/collections/water-sections/tiles/WebMercatorQuad/6/25/51";
    auto const first = service.get(lakes);
    ASSERT_EQ(first.status, 200);
    std::string const tag = *first.header("ETag");
    EXPECT_TRUE(tag.starts_with("\"")) << tag;             // strong
    EXPECT_EQ(service.get(lakes, {{"If-None-Match", tag}}).status, 304);
    auto const before = *service.get(sections).header("ETag");

    auto const at = [](std::string text, std::string_view value) { return text.replace(text.find("TEXT"), 4, value); };
    (void)service.ingest("application/json", at(one_reading, "3.2"));
    EXPECT_EQ(service.get(lakes, {{"If-None-Match", tag}}).status, 304);
    auto const after = service.get(sections, {{"If-None-Match", before}});
    EXPECT_EQ(after.status, 200);
    EXPECT_NE(*after.header("ETag"), before);
    // two layers before, one anew: the lakes were only sent again
    EXPECT_NE(service.get("/metrics").body.find("\nyihong_tile_layers_made_total 3\n"), std::string::npos);
    // packed on the way, with a tag of its own
    auto const packed = service.get(sections, {{"Accept-Encoding", "gzip"}});
    ASSERT_NE(packed.header("Content-Encoding"), nullptr);
    EXPECT_EQ(*packed.header("Content-Encoding"), "gzip");
}

}  // namespace
}  // namespace yihong::e2e
