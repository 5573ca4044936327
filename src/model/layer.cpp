#include "yihong/model/layer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace yihong {
namespace {

void append_position(std::string& out, LonLat p)
{
    out += '[';
    append_coordinate(out, p.lon);
    out += ',';
    append_coordinate(out, p.lat);
    out += ']';
}

template <typename Range, typename Append>
void append_list(std::string& out, Range const& range, Append append)
{
    out += '[';
    bool first = true;
    for (auto const& element : range) {
        if (!first)
            out += ',';
        first = false;
        append(out, element);
    }
    out += ']';
}

}  // namespace

void BoundingBox::extend(LonLat p) noexcept
{
    west = std::min(west, p.lon);
    east = std::max(east, p.lon);
    south = std::min(south, p.lat);
    north = std::max(north, p.lat);
}

void BoundingBox::extend(BoundingBox const& b) noexcept
{
    west = std::min(west, b.west);
    east = std::max(east, b.east);
    south = std::min(south, b.south);
    north = std::max(north, b.north);
}

std::string_view geojson_name(GeometryType type) noexcept
{
    constexpr std::array<std::string_view, 7> names{"", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view to_text(LayerRole role) noexcept
{
    constexpr std::array<std::string_view, 6> names{"boundary", "river", "lake", "zone", "raster", "other"};
    return names[static_cast<std::size_t>(role)];
}

BoundingBox Geometry::bounds() const noexcept
{
    BoundingBox box;
    for (auto const& part : parts)
        for (auto const& ring : part)
            for (auto const& p : ring)
                box.extend(p);
    return box;
}

void append_coordinate(std::string& out, double degrees)
{
    // 7 decimals are about a centimetre
    auto value = std::llround(std::abs(degrees) * 1e7);
    if (degrees < 0 && value != 0)
        out += '-';
    std::array<char, 24> text;
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), value / 10'000'000);
    out.append(text.data(), end);
    auto fraction = value % 10'000'000;
    if (fraction == 0)
        return;
    std::array<char, 7> digits;
    for (std::size_t i = digits.size(); i-- > 0; fraction /= 10)
        digits[i] = static_cast<char>('0' + fraction % 10);
    std::size_t count = digits.size();
    while (digits[count - 1] == '0')
        --count;
    out += '.';
    out.append(digits.data(), count);
}

void append_geojson_point(std::string& out, LonLat point)
{
    out += R"({"type":"Point","coordinates":)";
    append_position(out, point);
    out += '}';
}

void append_geojson(std::string& out, Geometry const& geometry)
{
    if (geometry.type == GeometryType::none || geometry.parts.empty()) {
        out += "null";
        return;
    }
    out += R"({"type":")";
    out += geojson_name(geometry.type);
    out += R"(","coordinates":)";
    auto const positions = [](std::string& to, std::vector<LonLat> const& line) { append_list(to, line, append_position); };
    auto const first_line = [&](std::string& to, std::vector<std::vector<LonLat>> const& part) { positions(to, part.front()); };
    auto const first_position = [](std::string& to, std::vector<std::vector<LonLat>> const& part) {
        append_position(to, part.front().front());
    };
    auto const rings = [&](std::string& to, std::vector<std::vector<LonLat>> const& part) { append_list(to, part, positions); };
    switch (geometry.type) {
    case GeometryType::point: first_position(out, geometry.parts.front()); break;
    case GeometryType::multi_point: append_list(out, geometry.parts, first_position); break;
    case GeometryType::line_string: first_line(out, geometry.parts.front()); break;
    case GeometryType::multi_line_string: append_list(out, geometry.parts, first_line); break;
    case GeometryType::polygon: rings(out, geometry.parts.front()); break;
    case GeometryType::multi_polygon: append_list(out, geometry.parts, rings); break;
    case GeometryType::none: break;
    }
    out += '}';
}

}  // namespace yihong
