#include "yihong/formats/formats.hpp"

#include "packed_tree.hpp"
#include "record_sorter.hpp"
#include "temporary_folder.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

namespace yihong::formats {
namespace {

std::vector<std::string> sorted(RecordSorter& sorter)
{
    std::vector<std::string> all;
    sorter.for_each([&](std::string_view record) { all.emplace_back(record); });
    return all;
}

TEST(RecordSorter, PutsRecordsInOrderAndKeepsThoseOfOneKeyAsTheyCame)
{
    TemporaryFolder const folder;
    for (std::size_t const memory : {1U, 200U, 5'000U, 1'000'000U}) {      // a run each, many, few, none
        RecordSorter sorter{folder / "runs", memory};
        std::vector<std::pair<std::uint64_t, std::string>> expected;
        for (std::uint64_t i = 0; i < 500; ++i) {
            auto const key = i * 7'919 % 41;
            std::string const record = std::to_string(i) + std::string(i % 50 == 0 ? 300 : i % 13, 'x');  // some take more than a run may
            sorter.add(key, record);
            expected.emplace_back(key, record);
        }
        EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the file has no name";
        std::ranges::sort(expected, {}, [](auto const& one) { return std::pair{one.first, std::stoi(one.second)}; });
        std::vector<std::string> records;
        for (auto const& [key, record] : expected)
            records.push_back(record);
        EXPECT_TRUE(sorted(sorter) == records) << memory;  // of which nobody wants to see all
    }
    RecordSorter none{folder / "runs", 100};
    EXPECT_TRUE(sorted(none).empty());
}

TEST(RecordSorter, EndsWhereWhatItWroteIsGone)
{
    TemporaryFolder const folder;
    RecordSorter sorter{folder / "runs", 100};
    for (std::uint64_t i = 0; i < 100; ++i)
        sorter.add(i, "a record");
    for (auto const& open : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;
        if (std::filesystem::read_symlink(open.path(), gone).string().starts_with((folder / "runs").string()))
            std::filesystem::resize_file(open.path(), 0);
    }
    EXPECT_THROW((void)sorted(sorter), std::runtime_error);
}

TEST(HilbertNumber, GoesFromNeighbourToNeighbour)
{
    constexpr int cells = 16;
    std::vector<std::pair<std::uint64_t, std::pair<int, int>>> all;
    for (int x = 0; x < cells; ++x)
        for (int y = 0; y < cells; ++y)
            all.push_back({hilbert_number({-180 + 360.0 * (x + 0.5) / cells, -90 + 180.0 * (y + 0.5) / cells}), {x, y}});
    std::ranges::sort(all);
    for (std::size_t i = 1; i < all.size(); ++i) {
        auto const [ax, ay] = all[i - 1].second;
        auto const [bx, by] = all[i].second;
        EXPECT_EQ(std::abs(ax - bx) + std::abs(ay - by), 1) << i;
    }
    EXPECT_EQ(hilbert_number({500, 0}), hilbert_number({180, 0})) << "out of the globe";
}

class Placed final : public Feature {
public:
    Placed(std::string id, Geometry geometry, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), std::nullopt, std::move(schema)}, geometry_{std::move(geometry)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }

private:
    Geometry geometry_;
};

std::shared_ptr<Schema const> every_type()
{
    auto const of_a = [](Value value) {
        return [value](Feature const& f) -> Value { return f.id() == "1" ? value : Value{}; };  // null elsewhere
    };
    return std::make_shared<Schema const>(std::vector<Column>{
        {.name = "name", .title = "名称", .title_en = "Name", .get = of_a("汾河, \"a\"")},
        {.name = "codmn",
         .title = "高锰酸盐指数",
         .title_en = "Permanganate",
         .type = AttributeType::real,
         .unit = "mg/L",
         .get = of_a(Decimal::parse("3.50").value())},
        {.name = "count", .type = AttributeType::integer, .get = of_a(std::int64_t{-5'000'000'000})},
        {.name = "valid", .type = AttributeType::boolean, .get = of_a(true)},
        {.name = "time", .type = AttributeType::date_time, .get = of_a(parse_rfc3339("2025-11-06T20:00:00.250+08:00").value())},
        {.name = "day", .type = AttributeType::date, .get = of_a(parse_date("2025-11-06").value())},
        {.name = "flags", .array = true, .get = of_a(std::vector<std::string>{"ph:D", "codmn:T"})},
        {.name = "whole", .type = AttributeType::real, .get = of_a(std::int64_t{4})},
    });
}

/// What GDAL's driver reads of a file.
class Read {
public:
    explicit Read(std::filesystem::path const& file)
    {
        RegisterOGRFlatGeobuf();
        dataset_.reset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR));
    }
    [[nodiscard]] OGRLayer* layer() const { return dataset_ ? dataset_->GetLayer(0) : nullptr; }
    /// The ids in a box, by the index where there is one.
    [[nodiscard]] std::vector<int> within(double west, double south, double east, double north) const
    {
        layer()->SetSpatialFilterRect(west, south, east, north);
        std::vector<int> ids;
        for (auto const& feature : *layer())
            ids.push_back(std::stoi(feature->GetFieldAsString("id")));
        std::ranges::sort(ids);
        return ids;
    }

private:
    std::unique_ptr<GDALDataset> dataset_;
};

Table table_of(std::shared_ptr<Schema const> const& schema, GeometryType type)
{
    Table table;
    table.name = "things";
    table.schema = schema.get();
    table.geometry_type = type;
    return table;
}

std::filesystem::path written(std::filesystem::path const& file, Table table, std::vector<std::unique_ptr<Placed>> const& features)
{
    auto const writer = file_writer(Format::flatgeobuf, std::move(table), file);
    for (auto const& feature : features)
        writer->add(*feature);
    writer->finish();
    return file;
}

TEST(FlatGeobuf, IsFoundByPlace)
{
    TemporaryFolder const folder;
    auto const schema = every_type();
    for (int const count : {1, 16, 17, 256, 257, 5'000}) {  // the levels of the tree just full and just begun, and several pieces of it
        std::vector<std::unique_ptr<Placed>> features;
        std::vector<LonLat> places;
        for (int i = 0; i < count; ++i) {
            places.push_back({110 + i * 37 % 101 / 50.0, 34 + i * 53 % 97 / 50.0});
            features.push_back(std::make_unique<Placed>(std::to_string(i), Point{places.back()}, schema));
        }
        features.push_back(std::make_unique<Placed>("-1", Geometry{}, schema));  // nowhere
        Read const read{written(folder / "things.fgb", table_of(schema, GeometryType::point), features)};
        ASSERT_NE(read.layer(), nullptr) << count;
        EXPECT_TRUE(read.layer()->TestCapability(OLCFastSpatialFilter));
        EXPECT_EQ(read.layer()->GetFeatureCount(), count);
        OGREnvelope extent;
        EXPECT_EQ(read.layer()->GetExtent(&extent), OGRERR_NONE);
        EXPECT_EQ(extent.MinX, std::ranges::min(places, {}, &LonLat::lon).lon);
        EXPECT_EQ(extent.MaxY, std::ranges::max(places, {}, &LonLat::lat).lat);
        for (auto const& box : {BoundingBox{110, 34, 110.7, 34.3}, BoundingBox{111.1, 35, 111.1, 35.9}, BoundingBox{109, 33, 113, 37},
                                BoundingBox{10, 10, 11, 11}, BoundingBox{110, 34, 110, 34}}) {
            std::vector<int> expected;
            for (int i = 0; i < count; ++i)
                if (box.contains(places[static_cast<std::size_t>(i)]))
                    expected.push_back(i);
            EXPECT_EQ(read.within(box.west, box.south, box.east, box.north), expected) << count;
        }
        for (int const fid : {0, count / 2, count - 1}) {
            std::unique_ptr<OGRFeature> const one{read.layer()->GetFeature(fid)};
            ASSERT_NE(one, nullptr);
            auto const& place = places[static_cast<std::size_t>(one->GetFieldAsInteger("id"))];
            EXPECT_EQ(one->GetGeometryRef()->toPoint()->getX(), place.lon);
            EXPECT_EQ(one->GetGeometryRef()->toPoint()->getY(), place.lat);
        }
    }
}

TEST(FlatGeobuf, KeepsEveryTypeOfValueAndWhatItsColumnsAreCalled)
{
    TemporaryFolder const folder;
    auto const schema = every_type();
    std::vector<std::unique_ptr<Placed>> features;
    for (auto const* id : {"1", "2"})
        features.push_back(std::make_unique<Placed>(id, Point{{110.37, 34.86}}, schema));
    auto table = table_of(schema, GeometryType::point);
    table.epsg = 4525;
    Read const read{written(folder / "things.fgb", table, features)};
    ASSERT_NE(read.layer(), nullptr);
    EXPECT_STREQ(read.layer()->GetName(), "things");
    EXPECT_STREQ(read.layer()->GetSpatialRef()->GetAuthorityCode(nullptr), "4525");
    auto* const definition = read.layer()->GetLayerDefn();
    std::string columns;
    for (int i = 0; i < definition->GetFieldCount(); ++i) {
        auto const* field = definition->GetFieldDefn(i);
        columns += std::string{field->GetNameRef()} + ":" + OGRFieldDefn::GetFieldTypeName(field->GetType()) + ":" +
                   field->GetAlternativeNameRef() + " ";
    }
    EXPECT_EQ(columns, "id:String:标识 name:String:名称 codmn:Real:高锰酸盐指数 count:Integer64: valid:Integer: time:DateTime: "
                       "day:DateTime: flags:String: "
                       "whole:Real: ");
    std::unique_ptr<OGRFeature> const one{read.layer()->GetFeature(0)};  // two at one place stay as they came
    ASSERT_NE(one, nullptr);
    std::string values;
    for (int i = 0; i < one->GetFieldCount(); ++i)
        values += std::string{one->GetFieldAsString(i)} + "|";
    EXPECT_EQ(values, "1|汾河, \"a\"|3.5|-5000000000|1|2025/11/06 12:00:00.250+00|2025/11/06 00:00:00|ph:D、codmn:T|4|");
    std::unique_ptr<OGRFeature> const other{read.layer()->GetFeature(1)};
    ASSERT_NE(other, nullptr);
    EXPECT_STREQ(other->GetFieldAsString("id"), "2");
    for (int i = 1; i < other->GetFieldCount(); ++i)
        EXPECT_FALSE(other->IsFieldSetAndNotNull(i)) << i;
}

TEST(FlatGeobuf, HoldsEveryKindOfGeometry)
{
    Positions const outer{{110, 34}, {112, 34}, {112, 36}, {110, 36}, {110, 34}};
    Positions const hole{{111, 35}, {111, 35.5}, {111.5, 35}, {111, 35}};
    Polygon const whole{{outer}};
    Polygon const with_hole{{outer, hole}};
    struct Case {
        GeometryType layer;
        Geometry geometry;
        char const* wkt;
    };
    std::vector<Case> const cases{
        {GeometryType::point, Point{{110, 34}}, "POINT (110 34)"},
        {GeometryType::multi_point, MultiPoint{{{110, 34}, {111, 35}}}, "MULTIPOINT (110 34,111 35)"},
        {GeometryType::line_string, LineString{{{110, 34}, {111, 35}}}, "MULTILINESTRING ((110 34,111 35))"},
        {GeometryType::line_string, MultiLineString{{{{110, 34}, {111, 35}}, {{1, 2}, {3, 4}, {5, 6}}}},
         "MULTILINESTRING ((110 34,111 35),(1 2,3 4,5 6))"},
        {GeometryType::polygon, whole, "MULTIPOLYGON (((110 34,112 34,112 36,110 36,110 34)))"},
        {GeometryType::polygon, with_hole, "MULTIPOLYGON (((110 34,112 34,112 36,110 36,110 34),(111 35,111.0 35.5,111.5 35.0,111 35)))"},
        {GeometryType::multi_polygon, MultiPolygon{{whole, with_hole}},
         "MULTIPOLYGON (((110 34,112 34,112 36,110 36,110 34)),((110 34,112 34,112 36,110 36,110 34),(111 35,111.0 35.5,111.5 35.0,111 "
         "35)))"},
        {GeometryType::none, Point{{110, 34}}, "POINT (110 34)"},
        {GeometryType::none, LineString{{{110, 34}, {111, 35}}}, "LINESTRING (110 34,111 35)"},
        {GeometryType::none, with_hole, "POLYGON ((110 34,112 34,112 36,110 36,110 34),(111 35,111.0 35.5,111.5 35.0,111 35))"},
        {GeometryType::none, MultiLineString{{{{110, 34}, {111, 35}}}}, "MULTILINESTRING ((110 34,111 35))"},
        {GeometryType::none, MultiPolygon{{whole}}, "MULTIPOLYGON (((110 34,112 34,112 36,110 36,110 34)))"},
    };
    auto const schema = every_type();
    for (auto const& [type, geometry, wkt] : cases) {
        TemporaryFolder const folder;
        std::vector<std::unique_ptr<Placed>> features;
        features.push_back(std::make_unique<Placed>("1", geometry, schema));
        Read const read{written(folder / "things.fgb", table_of(schema, type), features)};
        ASSERT_NE(read.layer(), nullptr) << wkt;
        std::unique_ptr<OGRFeature> const one{read.layer()->GetFeature(0)};
        ASSERT_TRUE(one && one->GetGeometryRef()) << wkt;
        EXPECT_EQ(one->GetGeometryRef()->exportToWkt(), wkt);
    }
}

TEST(FlatGeobuf, MayBeEmptyAndHaveNoPlaces)
{
    TemporaryFolder const folder;
    auto const schema = every_type();
    Read const empty{written(folder / "empty.fgb", table_of(schema, GeometryType::point), {})};
    ASSERT_NE(empty.layer(), nullptr);
    EXPECT_EQ(empty.layer()->GetFeatureCount(), 0);
    auto table = table_of(schema, GeometryType::point);
    table.has_geometry = false;
    std::vector<std::unique_ptr<Placed>> features;
    for (auto const* id : {"1", "2", "3"})
        features.push_back(std::make_unique<Placed>(id, Geometry{}, schema));
    Read const placeless{written(folder / "placeless.fgb", table, features)};
    ASSERT_NE(placeless.layer(), nullptr);
    EXPECT_EQ(placeless.layer()->GetFeatureCount(), 3);
    std::string ids;
    for (auto const& feature : *placeless.layer())
        ids += feature->GetFieldAsString("id");
    EXPECT_EQ(ids, "123") << "in the order in which they came";
}

}  // namespace
}  // namespace yihong::formats
