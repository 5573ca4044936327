#include "yihong/tiles/layer.hpp"

#include "yihong/features/memory_source.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

namespace yihong::tiles {
namespace {

class Thing final : public Feature {
public:
    Thing(std::string id, Geometry geometry, std::vector<Value> all, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), std::nullopt, std::move(schema)}, values{std::move(all)}, geometry_{std::move(geometry)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    std::vector<Value> values;

private:
    Geometry geometry_;
};

Column column(std::string name, AttributeType type, std::size_t place)
{
    return {.name = std::move(name), .type = type, .get = value_of<Thing>([place](Thing const& thing) { return thing.values.at(place); })};
}

std::shared_ptr<Schema const> schema()
{
    using enum AttributeType;
    std::vector<Column> columns{
        column("name", text, 0),      column("water_class", integer, 1), column("codmn", real, 2), column("meets_target", boolean, 3),
        column("time", date_time, 4), column("zones", text, 5),          column("again", text, 0)};
    columns[5].array = true;
    columns[6].repeats = true;
    return std::make_shared<Schema const>(std::move(columns));
}

std::shared_ptr<MemorySource const> source_of(std::vector<std::pair<Geometry, std::vector<Value>>> things)
{
    auto const columns = schema();
    MemorySource::Features features;
    for (std::size_t i = 0; i < things.size(); ++i)
        features.push_back(std::make_shared<Thing const>("t" + std::to_string(10'000 + i), things[i].first, things[i].second, columns));
    return std::make_shared<MemorySource const>(SourceMetadata{.id = "things"}, columns, std::move(features));
}

TileMatrixSet const& mercator() { return *find_tile_matrix_set("WebMercatorQuad"); }

std::string tile_of(FeatureSource const& source, Tile const& tile)
{
    return encode_layer(source.metadata().id, features_in(source, {}, mercator(), tile), mercator(), tile);
}

/// What GDAL reads in a tile.
std::string read_by_gdal(std::string const& bytes, Tile const& tile)
{
    TemporaryFolder const folder;
    auto const file = folder / "tile.pbf";
    std::ofstream{file, std::ios::binary} << bytes;
    auto const command = "ogrinfo -ro -al -q -oo X=" + std::to_string(tile.column) + " -oo Y=" + std::to_string(tile.row) +
                         " -oo Z=" + std::to_string(tile.level) + " '" + file.string() + "' 2>&1";
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const pipe{::popen(command.c_str(), "r"), ::pclose};
    std::string text;
    std::array<char, 4096> buffer_of_text{};
    while (auto const n = std::fread(buffer_of_text.data(), 1, buffer_of_text.size(), pipe.get()))
        text.append(buffer_of_text.data(), n);
    return text;
}

std::vector<Value> full()
{
    return {Value{std::string{"张留庄"}},
            Value{std::int64_t{4}},
            Value{Decimal::parse("6.799").value()},
            Value{false},
            Value{parse_rfc3339("2025-11-06T12:00:00Z").value()},
            Value{std::vector<std::string>{"salt-lake", "plain"}}};
}

TEST(Layer, IsReadByGdalWithTypesAndValues)
{
    auto const source = source_of({{Point{{110.37, 34.86}}, full()},
                                   {Point{{110.5, 34.9}}, {Value{std::string{"空"}}, Value{std::int64_t{-1}}, {}, Value{true}, {}, {}}}});
    Tile const tile{7, 50, 103};
    auto const read = read_by_gdal(tile_of(*source, tile), tile);
    for (std::string const line : {"Layer name: things", "id (String) = t10000", "name (String) = 张留庄", "water_class (Integer) = 4",
                                   "codmn (Real) = 6.799", "time (String) = 2025-11-06T12:00:00Z", "zones (String) = salt-lake、plain",
                                   "water_class (Integer) = -1", "id (String) = t10001"})
        EXPECT_NE(read.find(line), std::string::npos) << line << " is not in\n" << read;
    EXPECT_EQ(read.find("again"), std::string::npos) << read;
    EXPECT_NE(read.find("meets_target"), std::string::npos) << read;
}

TEST(Layer, HasPolygonsWithHolesAndLinesThatGdalTakesForWhatTheyAre)
{
    auto const ring = [](double w, double s, double d) { return Positions{{w, s}, {w + d, s}, {w + d, s + d}, {w, s + d}, {w, s}}; };
    auto const source = source_of({{MultiPolygon{{{{ring(110.2, 34.5, 0.5), ring(110.3, 34.6, 0.2)}}, {{ring(111, 34.5, 0.3)}}}}, full()},
                                   {LineString{{{110.1, 35.1}, {111.5, 35.3}}}, full()}});
    Tile const tile{7, 50, 103};
    auto const read = read_by_gdal(tile_of(*source, tile), tile);
    auto const polygon = read.find("MULTIPOLYGON (((");
    ASSERT_NE(polygon, std::string::npos) << read;
    EXPECT_NE(read.find("),(", polygon), std::string::npos) << read;   // the hole
    EXPECT_NE(read.find(")),((", polygon), std::string::npos) << read;
    EXPECT_NE(read.find("LINESTRING ("), std::string::npos) << read;
}

TEST(Layer, ShowsNothingWhereNothingIs)
{
    auto const source = source_of({{Point{{110.37, 34.86}}, full()}, {Geometry{}, full()}});
    EXPECT_EQ(tile_of(*source, {7, 50, 100}), "");
    EXPECT_EQ(features_in(*source, {}, mercator(), {0, 0, 0}).size(), 1U);
}

TEST(Layer, LetsOnePointStandForACrowd)
{
    std::vector<std::pair<Geometry, std::vector<Value>>> things;
    for (std::size_t i = 0; i < crowd + 500; ++i)
        things.emplace_back(Point{{100 + static_cast<double>(i % 100) * 1e-4, 30 + static_cast<double>(i / 100) * 1e-4}}, full());
    auto const source = source_of(things);
    EXPECT_LT(tile_of(*source, {0, 0, 0}).size(), 2'000U);
    // near enough each has its place
    auto const near = mercator().range_of({100.001, 30.001, 100.001, 30.001}, 18);
    EXPECT_GT(tile_of(*source, {18, near.first_row, near.first_column}).size(), 2'000U);
}

}  // namespace
}  // namespace yihong::tiles
