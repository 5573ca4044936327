#include "shape_text.hpp"

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/geometry/wkt.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace yihong::cql2 {
namespace {

constexpr std::string_view collection = "GEOMETRYCOLLECTION";

bool is_collection(std::string_view wkt)
{
    return wkt.size() > collection.size() &&
           std::ranges::equal(wkt.substr(0, collection.size()), collection, [](unsigned char a, char b) { return std::toupper(a) == b; });
}

void write_position(JsonWriter& json, LonLat p) { json.begin_array().value(p.lon).value(p.lat).end_array(); }
void write_positions(JsonWriter& json, Positions const& positions)
{
    json.begin_array();
    for (LonLat const p : positions)
        write_position(json, p);
    json.end_array();
}
void write_lines(JsonWriter& json, std::vector<Positions> const& lines)
{
    json.begin_array();
    for (auto const& line : lines)
        write_positions(json, line);
    json.end_array();
}

void write_geometry(JsonWriter& json, Geometry const& geometry)
{
    json.begin_object().member("type", geojson_name(type_of(geometry))).key("coordinates");
    std::visit(
        [&]<typename T>(T const& g) {
            if constexpr (std::is_same_v<T, Point>) {
                write_position(json, g.position);
            } else if constexpr (std::is_same_v<T, MultiPoint> || std::is_same_v<T, LineString>) {
                write_positions(json, g.positions);
            } else if constexpr (std::is_same_v<T, MultiLineString>) {
                write_lines(json, g.lines);
            } else if constexpr (std::is_same_v<T, Polygon>) {
                write_lines(json, g.rings);
            } else if constexpr (std::is_same_v<T, MultiPolygon>) {
                json.begin_array();
                for (auto const& polygon : g.polygons)
                    write_lines(json, polygon.rings);
                json.end_array();
            }
        },
        geometry);
    json.end_object();
}

Result<void> add(Shape& shape, Result<Geometry> member)
{
    if (!member)
        return std::unexpected{std::move(member.error())};
    if (part_count(*member) == 0)
        return fail(Errc::bad_value, "the geometry is empty");
    shape.members.push_back(*std::move(member));
    return {};
}

}  // namespace

Result<Shape> read_shape(std::string_view wkt)
{
    Shape shape;
    if (!is_collection(wkt)) {
        if (auto const done = add(shape, parse_wkt(wkt)); !done)
            return std::unexpected{done.error()};
        return shape;
    }
    shape.is_collection = true;
    auto const begin = wkt.find('(') + 1;
    int depth = 0;
    for (std::size_t at = begin, from = begin; at < wkt.size(); ++at) {
        char const c = wkt[at];
        if ((c == ',' && depth == 0) || at + 1 == wkt.size()) {
            if (auto const done = add(shape, parse_wkt(wkt.substr(from, at - from))); !done)
                return std::unexpected{done.error()};
            from = at + 1;
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return shape;
}

std::string to_wkt(Shape const& shape)
{
    if (!shape.is_collection)
        return yihong::to_wkt(shape.members.front());
    std::string out;
    for (auto const& member : shape.members)
        out.append(out.empty() ? std::string{collection} + " (" : ", ").append(yihong::to_wkt(member));
    return out + ")";
}

Result<Shape> read_shape_json(std::string_view geojson)
{
    JsonCursor cursor{geojson};
    bool is_collection_of_some = false;
    std::vector<std::string_view> members;
    cursor.open();
    std::string_view key, type;
    for (bool first = true; cursor.next_member(first, key);) {
        if (key == "type" && cursor.peek() == '"') {
            is_collection_of_some = cursor.string(type) && type == "GeometryCollection";
        } else if (key == "geometries" && cursor.peek() == '[') {
            cursor.open();
            for (bool first_member = true; cursor.next_element(first_member);) {
                auto const from = cursor.offset();
                cursor.skip_value();
                members.push_back(geojson.substr(from, cursor.offset() - from));
            }
        } else {
            cursor.skip_value();
        }
    }
    if (cursor.failed())
        return std::unexpected{cursor.failure()};
    Shape shape;
    shape.is_collection = is_collection_of_some;
    if (!is_collection_of_some)
        members = {geojson};
    else if (members.empty())
        return fail(Errc::bad_value, "the geometry is empty");
    for (auto const member : members)
        if (auto const done = add(shape, parse_geojson(member)); !done)
            return std::unexpected{done.error()};
    return shape;
}

void write_shape(std::string& out, Shape const& shape)
{
    JsonWriter json{out};
    if (!shape.is_collection) {
        write_geometry(json, shape.members.front());
        return;
    }
    json.begin_object().member("type", "GeometryCollection").key("geometries").begin_array();
    for (auto const& member : shape.members)
        write_geometry(json, member);
    json.end_array().end_object();
}

std::string box_problem(Box const& box)
{
    auto const& n = box.numbers;
    if (n.size() != 4 && n.size() != 6)
        return "BBOX takes 4 numbers (west, south, east, north) or 6, not " + std::to_string(n.size());
    if (!std::ranges::all_of(n, [](double number) { return std::isfinite(number); }))
        return "a number of BBOX is not finite";
    return {};
}

}  // namespace yihong::cql2
