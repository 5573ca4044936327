#include "yihong/formats/formats.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

namespace yihong::formats {
namespace {

class Thing final : public Feature {
public:
    Thing(std::string id, Geometry geometry, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), std::nullopt, std::move(schema)}, geometry_{std::move(geometry)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }

private:
    Geometry geometry_;
};

std::shared_ptr<Schema const> schema()
{
    return std::make_shared<Schema const>(with_beijing_texts({
        {.name = "name", .get = [](Feature const& f) -> Value { return "断面, \"" + f.id() + "\""; }},
        {.name = "codmn",
         .type = AttributeType::real,
         .unit = "mg/L",
         .get = [](Feature const&) -> Value { return Decimal::parse("3.50").value(); }},
        {.name = "nothing", .type = AttributeType::integer, .get = [](Feature const&) -> Value { return {}; }},
        {.name = "time",
         .type = AttributeType::date_time,
         .get = [](Feature const&) -> Value { return parse_rfc3339("2025-11-06T20:00:00+08:00").value(); }},
        {.name = "flags", .array = true, .get = [](Feature const&) -> Value { return std::vector<std::string>{"ph:D", "codmn:T"}; }},
    }));
}

struct Sample {
    std::shared_ptr<Schema const> columns = schema();
    Table table = [this] {
        Table made;
        made.name = "things";
        made.schema = columns.get();
        made.geometry_type = GeometryType::point;
        return made;
    }();
    Thing first{"a", Point{{110.37, 34.86}}, columns};
    Thing second{"b", {}, columns};
};

std::string written(Format format, Table table, std::initializer_list<Feature const*> features)
{
    std::string out;
    auto const writer = stream_writer(format, std::move(table), out);
    for (auto const* feature : features)
        writer->add(*feature);
    writer->finish();
    return out;
}

TEST(Formats, HaveNamesOfTheirOwn)
{
    for (auto const& one : all_formats()) {
        EXPECT_EQ(find_format(one.name), &one);
        EXPECT_EQ(preferred_format(one.media_type), &one);
        EXPECT_EQ(preferred_format("*/*;q=0.1, " + std::string{one.media_type}), &one);
    }
    for (auto const* accept :
         {"", "*/*", "application/json", "application/geo+json, text/csv", "text/html,*/*;q=0.8", "text/csv;q=0.4, text/html;q=0.5"})
        EXPECT_EQ(preferred_format(accept), nullptr) << accept;
    EXPECT_EQ(find_format("json"), nullptr);
}

TEST(Csv, HasACoordinateColumnEachAndListsAsText)
{
    Sample sample;
    EXPECT_EQ(written(Format::csv, sample.table, {&sample.first, &sample.second}),
              "id,lon,lat,name,codmn,nothing,time,time_beijing,flags\r\n"
              "a,110.37,34.86,\"断面, \"\"a\"\"\",3.50,,2025-11-06T12:00:00Z,北京时间 2025-11-06 20:00,ph:D、codmn:T\r\n"
              "b,,,\"断面, \"\"b\"\"\",3.50,,2025-11-06T12:00:00Z,北京时间 2025-11-06 20:00,ph:D、codmn:T\r\n");
    sample.table.form.columns = {1};
    sample.table.byte_order_mark = true;
    sample.table.north_first = true;                       // the form gives latitude first
    sample.table.form.shape = [](Geometry const&) -> Geometry { return Point{{34.861234567, 110.37}}; };
    sample.table.form.decimals = 4;
    EXPECT_EQ(written(Format::csv, sample.table, {&sample.first}), "\xEF\xBB\xBFid,lon,lat,codmn\r\na,110.37,34.8612,3.50\r\n");
    sample.table.geometry_type = GeometryType::line_string;
    EXPECT_EQ(written(Format::csv, sample.table, {&sample.first}), "\xEF\xBB\xBFid,codmn,geometry\r\na,3.50,POINT (110.37 34.8612)\r\n");
    sample.table.has_geometry = false;
    EXPECT_EQ(written(Format::csv, sample.table, {&sample.first}), "\xEF\xBB\xBFid,codmn\r\na,3.50\r\n");
}

TEST(Sequence, SeparatesFeatures)
{
    Sample sample;
    sample.table.form.columns = {1};
    EXPECT_EQ(written(Format::geojson_sequence, sample.table, {&sample.first, &sample.second}),
              "\x1e{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[110.37,34.86]},\"properties\":{"
              "\"codmn\":3.50}}\n"
              "\x1e{\"type\":\"Feature\",\"id\":\"b\",\"geometry\":null,\"properties\":{\"codmn\":3.50}}\n");
}

TEST(ShortNames, AreTenBytesWithoutHalfCharactersAndDiffer)
{
    std::vector<std::string> const names{"id",           "water_class", "water_class_label",
                                         "水质监测断面", "Water_Clas",  "nearest_river_distance_m"};
    EXPECT_EQ(short_names(names), (std::vector<std::string>{"id", "water_clas", "water_cl_1", "水质监", "Water_Cl_2", "nearest_ri"}));
}

TEST(Files, AreWrittenWithWhatTheyHold)
{
    TemporaryFolder const folder;
    for (auto const& one : all_formats()) {
        if (one.is_stream)
            continue;
        Sample sample;
        auto const file = folder / ("things" + std::string{one.extension});
        auto const writer = file_writer(one.format, sample.table, file);
        writer->add(sample.first);
        writer->add(sample.second);
        writer->finish();
        EXPECT_GT(std::filesystem::file_size(file), 200U) << one.name;
    }
}

/// Nobody is left with a broken program where a client goes away in the middle.
TEST(Files, MayBeGivenUp)
{
    TemporaryFolder const folder;
    for (auto const& one : all_formats()) {
        if (one.is_stream)
            continue;
        Sample sample;
        auto const writer = file_writer(one.format, sample.table, folder / ("things" + std::string{one.extension}));
        writer->add(sample.first);
    }
    EXPECT_THROW((void)file_writer(Format::geopackage, Sample{}.table, folder / "nowhere/things.gpkg"), std::runtime_error);
}

}  // namespace
}  // namespace yihong::formats
