#include "flatgeobuf_parts.hpp"

#include <array>
#include <cmath>
#include <iterator>
#include <span>

namespace yihong::formats::flatgeobuf {
namespace {

namespace fb = flatbuffers;

/// The place of a field among those of its table, as the schema of the format counts them.
constexpr fb::voffset_t field(int number) { return fb::FieldIndexToOffset(static_cast<fb::voffset_t>(number)); }

/// The number of a type in the format: that of WKB.
std::uint8_t number_of_type(GeometryType type)
{
    static constexpr std::array<std::uint8_t, 7> numbers{0, 1, 4, 2, 5, 3, 6};
    return numbers.at(static_cast<std::size_t>(type));
}

std::string_view bytes_of(fb::FlatBufferBuilder const& builder)
{
    return {reinterpret_cast<char const*>(builder.GetBufferPointer()), builder.GetSize()};
}

struct ColumnTable;
struct SystemTable;
struct HeaderTable;
struct FeatureTable;
using Text = fb::Offset<fb::String>;

Text text(fb::FlatBufferBuilder& builder, std::string const& of) { return of.empty() ? Text{} : builder.CreateString(of); }

fb::Offset<ColumnTable> column(fb::FlatBufferBuilder& builder, FileColumn const& of)
{
    auto const name = builder.CreateString(of.name);
    auto const title = text(builder, of.title);
    auto const description = text(builder, of.description);
    auto const start = builder.StartTable();
    builder.AddOffset(field(0), name);
    builder.AddElement<std::uint8_t>(field(1), static_cast<std::uint8_t>(of.type), 0);
    builder.AddOffset(field(2), title);
    builder.AddOffset(field(3), description);
    return builder.EndTable(start);
}

fb::Offset<SystemTable> system(fb::FlatBufferBuilder& builder, Header const& of)
{
    auto const organisation = builder.CreateString("EPSG");
    auto const name = text(builder, of.system_name);
    auto const wkt = text(builder, of.system_wkt);
    auto const start = builder.StartTable();
    builder.AddOffset(field(0), organisation);
    builder.AddElement<std::int32_t>(field(1), of.epsg, 0);
    builder.AddOffset(field(2), name);
    builder.AddOffset(field(4), wkt);
    return builder.EndTable(start);
}

}  // namespace

std::string header_bytes(Header const& header)
{
    fb::FlatBufferBuilder builder;
    std::vector<fb::Offset<ColumnTable>> columns;
    for (auto const& one : header.columns)
        columns.push_back(column(builder, one));
    auto const all_columns = builder.CreateVector(columns);
    auto const name = builder.CreateString(header.name);
    auto const title = text(builder, header.title);
    std::array const corners{header.box.west, header.box.south, header.box.east, header.box.north};
    auto const envelope = header.has_index ? builder.CreateVector(corners.data(), corners.size()) : fb::Offset<fb::Vector<double>>{};
    auto const where = header.has_geometry ? system(builder, header) : fb::Offset<SystemTable>{};
    constexpr std::uint16_t usual_node_size = 16;          // what a header says that says nothing
    auto const start = builder.StartTable();
    builder.AddElement<std::uint64_t>(field(8), header.features, 0);
    builder.AddOffset(field(0), name);
    builder.AddOffset(field(1), envelope);
    builder.AddOffset(field(7), all_columns);
    builder.AddOffset(field(10), where);
    builder.AddOffset(field(11), title);
    builder.AddElement<std::uint16_t>(field(9), header.has_index ? PackedTree::node_size : 0, usual_node_size);
    builder.AddElement<std::uint8_t>(field(2), number_of_type(header.geometry_type), 0);
    builder.FinishSizePrefixed(fb::Offset<HeaderTable>{builder.EndTable(start)});
    return std::string{bytes_of(builder)};
}

GeometryType type_of_file(GeometryType features) noexcept
{
    switch (features) {
    case GeometryType::line_string: return GeometryType::multi_line_string;
    case GeometryType::polygon: return GeometryType::multi_polygon;
    default: return features;
    }
}

template <typename T>
void FeatureEncoder::append_number(T value)
{
    value = fb::EndianScalar(value);
    append({reinterpret_cast<char const*>(&value), sizeof value});
}

void FeatureEncoder::set(std::uint16_t column, ColumnType type, Value const& value)
{
    if (is_null(value))
        return;
    auto const begin = [&] { append_number(column); };
    if (type == ColumnType::text || type == ColumnType::date_time) {
        std::string made;
        auto const* shown = std::get_if<std::string>(&value);
        if (shown == nullptr)
            shown = &(made = to_text(value));
        begin();
        append_number(static_cast<std::uint32_t>(shown->size()));
        append(*shown);
        return;
    }
    auto const* whole = std::get_if<std::int64_t>(&value);
    if (auto const* flag = std::get_if<bool>(&value); flag && type == ColumnType::boolean) {
        begin();
        append_number(static_cast<std::uint8_t>(*flag ? 1 : 0));
    } else if (auto const number = number_of(value); number && type == ColumnType::whole) {
        begin();
        append_number(whole ? *whole : static_cast<std::int64_t>(std::llround(*number)));
    } else if (number && type == ColumnType::real) {
        begin();
        append_number(*number);
    }
}

std::string_view FeatureEncoder::finish(Geometry const& geometry)
{
    builder_.Clear();
    auto const properties = builder_.CreateVector(properties_);
    auto const type = type_of(geometry);
    auto const place = type == GeometryType::none ? GeometryOffset{} : encoded(geometry, type_ == GeometryType::none ? type : type_);
    auto const start = builder_.StartTable();
    builder_.AddOffset(field(0), place);
    builder_.AddOffset(field(1), properties);
    builder_.FinishSizePrefixed(fb::Offset<FeatureTable>{builder_.EndTable(start)});
    properties_.clear();
    return bytes_of(builder_);
}

FeatureEncoder::GeometryOffset FeatureEncoder::encoded(Geometry const& geometry, GeometryType as)
{
    if (auto const* point = std::get_if<Point>(&geometry))
        return positions(as, &point->position, 1);
    if (auto const* points = std::get_if<MultiPoint>(&geometry))
        return positions(as, points->positions.data(), points->positions.size());
    if (auto const* line = std::get_if<LineString>(&geometry); line && as == GeometryType::line_string)
        return positions(as, line->positions.data(), line->positions.size());
    if (auto const* line = std::get_if<LineString>(&geometry))
        return sequences(as, {line->positions});
    if (auto const* lines = std::get_if<MultiLineString>(&geometry))
        return sequences(as, lines->lines);
    if (auto const* polygon = std::get_if<Polygon>(&geometry); polygon && as == GeometryType::polygon)
        return sequences(as, polygon->rings);
    auto const parts = polygons_of(geometry);
    return polygons({parts.begin(), parts.end()});
}

FeatureEncoder::GeometryOffset FeatureEncoder::positions(GeometryType as, LonLat const* first, std::size_t count)
{
    static_assert(sizeof(LonLat) == 2 * sizeof(double));
    return table(as, {}, builder_.CreateVector(reinterpret_cast<double const*>(first), 2 * count));
}

FeatureEncoder::GeometryOffset FeatureEncoder::sequences(GeometryType as, std::vector<Positions> const& sequences)
{
    if (sequences.size() == 1 && as == GeometryType::polygon)  // whose end needs no saying
        return positions(as, sequences.front().data(), sequences.front().size());
    Positions all;
    std::vector<std::uint32_t> ends;
    for (auto const& one : sequences) {
        all.insert(all.end(), one.begin(), one.end());
        ends.push_back(static_cast<std::uint32_t>(all.size()));
    }
    auto const ends_made = builder_.CreateVector(ends);
    return table(as, ends_made, builder_.CreateVector(reinterpret_cast<double const*>(all.data()), 2 * all.size()));
}

FeatureEncoder::GeometryOffset FeatureEncoder::polygons(std::vector<Polygon> const& polygons)
{
    std::vector<GeometryOffset> parts;
    for (auto const& polygon : polygons)
        parts.push_back(sequences(GeometryType::polygon, polygon.rings));
    auto const all = builder_.CreateVector(parts);
    auto const start = builder_.StartTable();
    builder_.AddOffset(field(7), all);
    builder_.AddElement<std::uint8_t>(field(6), number_of_type(GeometryType::multi_polygon), 0);
    return builder_.EndTable(start);
}

FeatureEncoder::GeometryOffset FeatureEncoder::table(GeometryType as, fb::Offset<fb::Vector<std::uint32_t>> ends,
                                                     fb::Offset<fb::Vector<double>> numbers)
{
    auto const start = builder_.StartTable();
    builder_.AddOffset(field(0), ends);
    builder_.AddOffset(field(1), numbers);
    builder_.AddElement<std::uint8_t>(field(6), number_of_type(as), 0);
    return builder_.EndTable(start);
}

}  // namespace yihong::formats::flatgeobuf
