#include "yihong/geometry/geojson.hpp"

#include "shape.hpp"

#include "yihong/base/json_cursor.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace yihong {
namespace {

void append_position(std::string& out, LonLat p, int decimals)
{
    out += '[';
    append_coordinate(out, p.lon, decimals);
    out += ',';
    append_coordinate(out, p.lat, decimals);
    out += ']';
}

template <typename Range, typename Append>
void append_list(std::string& out, Range const& range, int decimals, Append append)
{
    out += '[';
    bool first = true;
    for (auto const& element : range) {
        if (!first)
            out += ',';
        first = false;
        append(out, element, decimals);
    }
    out += ']';
}

void append_positions(std::string& out, Positions const& positions, int decimals)
{
    append_list(out, positions, decimals, append_position);
}
void append_polygon(std::string& out, Polygon const& polygon, int decimals) { append_list(out, polygon.rings, decimals, append_positions); }

/// Nested lists of positions as they stand, for the type may come behind them. `ends[0]` are the ends of lists of positions, counted in
/// positions; `ends[1]` those of lists of lists, counted in lists.
struct Coordinates {
    int depth = 0;                                         // 1: a single position
    Positions positions;
    std::array<std::vector<std::size_t>, 2> ends;
};

class GeoJsonReader {
public:
    explicit GeoJsonReader(std::string_view text) noexcept : cursor_{text} {}

    Result<Geometry> read()
    {
        Geometry geometry;
        if (cursor_.peek() == 'n')
            cursor_.literal("null");
        else if (auto read = object())
            geometry = *std::move(read);
        else
            return read;
        if (!cursor_.at_end())
            return cursor_.failed() ? std::unexpected{cursor_.failure()} : wrong(Errc::bad_syntax, "something follows the geometry");
        return geometry;
    }

private:
    Result<Geometry> object()
    {
        if (cursor_.peek() != '{')
            return wrong(Errc::bad_syntax, "a geometry is an object with `type` and `coordinates`");
        cursor_.open();
        std::optional<GeometryType> type;
        std::optional<Coordinates> coordinates;
        std::string_view key;
        for (bool first = true; cursor_.next_member(first, key);) {
            if (key == "type") {
                auto const read = read_type();
                if (!read)
                    return std::unexpected{read.error()};
                type = *read;
            } else if (key == "coordinates") {
                Coordinates read;
                if (auto const done = read_level(read, 4); !done)
                    return std::unexpected{done.error()};
                coordinates = std::move(read);
            } else {
                cursor_.skip_value();
            }
        }
        if (cursor_.failed())
            return std::unexpected{cursor_.failure()};
        if (!type || !coordinates)
            return wrong(Errc::missing_field, std::string{"the geometry has no `"} + (type ? "coordinates`" : "type`"));
        return build(*type, *std::move(coordinates));
    }

    Result<GeometryType> read_type()
    {
        std::string_view name;
        if (cursor_.peek() != '"')
            return wrong(Errc::bad_syntax, "`type` is a text");
        if (!cursor_.string(name))
            return std::unexpected{cursor_.failure()};
        for (int i = 1; i <= static_cast<int>(GeometryType::multi_polygon); ++i) {
            if (name == geojson_name(static_cast<GeometryType>(i)))
                return static_cast<GeometryType>(i);
        }
        return wrong(Errc::unsupported, "`type` is none of Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon");
    }

    /// One list, of numbers or of lists; sets or checks the depth.
    Result<void> read_level(Coordinates& to, int deepest)
    {
        if (cursor_.peek() != '[')
            return wrong(Errc::bad_syntax, "`coordinates` are lists of numbers");
        cursor_.open();
        if (cursor_.peek() != '[')
            return read_position(to, 5 - deepest);
        if (deepest == 1)
            return wrong(Errc::bad_syntax, "`coordinates` are nested deeper than any geometry");
        for (bool first = true; cursor_.next_element(first);) {
            if (auto const done = read_level(to, deepest - 1); !done)
                return done;
        }
        if (cursor_.failed())
            return std::unexpected{cursor_.failure()};
        if (int const above = to.depth - (5 - deepest); above == 1)
            to.ends[0].push_back(to.positions.size());
        else if (above == 2)
            to.ends[1].push_back(to.ends[0].size());
        return {};
    }

    Result<void> read_position(Coordinates& to, int depth)
    {
        std::array<double, 2> numbers{};
        std::size_t count = 0;
        for (bool first = true; cursor_.next_element(first); ++count) {
            std::string_view text;
            if (cursor_.peek() == '[' || cursor_.peek() == '{' || cursor_.peek() == '"')
                return wrong(Errc::bad_syntax, "a position is a list of numbers: longitude, latitude");
            if (!cursor_.number(text))
                return cursor_.failed() ? std::unexpected{cursor_.failure()} : wrong(Errc::bad_syntax, "a position is a list of numbers");
            double value = 0;
            if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{} || !std::isfinite(value))
                return wrong(Errc::bad_value, "a coordinate is too large");
            if (count < numbers.size())
                numbers[count] = value;
        }
        if (cursor_.failed())
            return std::unexpected{cursor_.failure()};
        if (count < 2)
            return wrong(Errc::bad_value, "a position has two numbers: longitude, latitude");
        if (to.depth != 0 && to.depth != depth)
            return wrong(Errc::bad_syntax, "`coordinates` are nested unevenly");
        to.depth = depth;
        to.positions.push_back({numbers[0], numbers[1]});
        return {};
    }

    Result<Geometry> build(GeometryType type, Coordinates read)
    {
        constexpr std::array depths{0, 1, 2, 2, 3, 3, 4};
        if (read.depth != depths[static_cast<std::size_t>(type)])
            return wrong(Errc::bad_syntax, "`coordinates` are not nested as in a " + std::string{geojson_name(type)});
        std::vector<Positions> lists;
        for (std::size_t begin = 0; std::size_t const end : read.ends[0]) {
            lists.emplace_back(read.positions.begin() + static_cast<std::ptrdiff_t>(begin),
                               read.positions.begin() + static_cast<std::ptrdiff_t>(end));
            begin = end;
        }
        auto geometry = [&]() -> Geometry {
            switch (type) {
            case GeometryType::point: return Point{read.positions.front()};
            case GeometryType::multi_point: return MultiPoint{std::move(read.positions)};
            case GeometryType::line_string: return LineString{std::move(read.positions)};
            case GeometryType::multi_line_string: return MultiLineString{std::move(lists)};
            case GeometryType::polygon: return Polygon{std::move(lists)};
            case GeometryType::multi_polygon: {
                MultiPolygon all;
                for (std::size_t begin = 0; std::size_t const end : read.ends[1]) {
                    auto& polygon = all.polygons.emplace_back();
                    for (; begin < end; ++begin)
                        polygon.rings.push_back(std::move(lists[begin]));
                }
                return all;
            }
            case GeometryType::none: break;
            }
            return {};
        }();
        if (auto const problem = shape_problem(geometry); !problem.empty())
            return wrong(Errc::bad_value, std::string{problem});
        return geometry;
    }

    [[nodiscard]] std::unexpected<Failure> wrong(Errc code, std::string const& what) const
    {
        return fail(code, cursor_.place() + ": " + what);
    }

    JsonCursor cursor_;
};

}  // namespace

void append_coordinate(std::string& out, double degrees, int decimals)
{
    std::int64_t scale = 1;
    for (int i = 0; i < decimals; ++i)
        scale *= 10;
    std::array<char, 24> text;
    constexpr double most = 9e18;  // of what llround() gives back
    if (std::abs(degrees) * static_cast<double>(scale) > most) {  // far out of any system: without decimals of ours
        out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), degrees).ptr);
        return;
    }
    auto value = std::llround(std::abs(degrees) * static_cast<double>(scale));
    if (degrees < 0 && value != 0)
        out += '-';
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), value / scale);
    out.append(text.data(), end);
    auto fraction = value % scale;
    if (fraction == 0)
        return;
    std::array<char, most_decimals> digits;
    auto count = static_cast<std::size_t>(decimals);
    for (std::size_t i = count; i-- > 0; fraction /= 10)
        digits[i] = static_cast<char>('0' + fraction % 10);
    while (digits[count - 1] == '0')
        --count;
    out += '.';
    out.append(digits.data(), count);
}

void append_geojson(std::string& out, Geometry const& geometry, int decimals)
{
    if (part_count(geometry) == 0) {
        out += "null";
        return;
    }
    out += R"({"type":")";
    out += geojson_name(type_of(geometry));
    out += R"(","coordinates":)";
    std::visit(
        [&]<typename T>(T const& g) {
            if constexpr (std::is_same_v<T, Point>)
                append_position(out, g.position, decimals);
            else if constexpr (std::is_same_v<T, MultiPoint> || std::is_same_v<T, LineString>)
                append_positions(out, g.positions, decimals);
            else if constexpr (std::is_same_v<T, MultiLineString>)
                append_list(out, g.lines, decimals, append_positions);
            else if constexpr (std::is_same_v<T, Polygon>)
                append_polygon(out, g, decimals);
            else if constexpr (std::is_same_v<T, MultiPolygon>)
                append_list(out, g.polygons, decimals, append_polygon);
        },
        geometry);
    out += '}';
}

Result<Geometry> parse_geojson(std::string_view text) { return GeoJsonReader{text}.read(); }

}  // namespace yihong
