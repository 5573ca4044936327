#include "yihong/geometry/wkb.hpp"

#include "shape.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace yihong {
namespace {

// in the order of GeometryType
constexpr std::array<std::uint32_t, 7> codes{7, 1, 4, 2, 5, 3, 6};

template <typename T>
void append_little(std::string& out, T value)
{
    if constexpr (std::endian::native == std::endian::big)
        value = std::byteswap(value);
    out.append(reinterpret_cast<char const*>(&value), sizeof value);
}

void append_head(std::string& out, GeometryType type)
{
    out += '\x01';
    append_little(out, codes[static_cast<std::size_t>(type)]);
}
void append_count(std::string& out, std::size_t count) { append_little(out, static_cast<std::uint32_t>(count)); }
void append_position(std::string& out, LonLat p)
{
    append_little(out, std::bit_cast<std::uint64_t>(p.lon));
    append_little(out, std::bit_cast<std::uint64_t>(p.lat));
}
void append_positions(std::string& out, Positions const& positions)
{
    append_count(out, positions.size());
    for (LonLat const p : positions)
        append_position(out, p);
}
void append_rings(std::string& out, Polygon const& polygon)
{
    append_count(out, polygon.rings.size());
    for (auto const& ring : polygon.rings)
        append_positions(out, ring);
}

void append_parts(std::string& out, MultiPoint const& points)
{
    for (LonLat const p : points.positions) {
        append_head(out, GeometryType::point);
        append_position(out, p);
    }
}
void append_parts(std::string& out, MultiLineString const& lines)
{
    for (auto const& line : lines.lines) {
        append_head(out, GeometryType::line_string);
        append_positions(out, line);
    }
}
void append_parts(std::string& out, MultiPolygon const& polygons)
{
    for (auto const& polygon : polygons.polygons) {
        append_head(out, GeometryType::polygon);
        append_rings(out, polygon);
    }
}

class WkbReader {
public:
    explicit WkbReader(std::string_view bytes) noexcept : bytes_{bytes} {}

    Result<Geometry> read()
    {
        Geometry geometry;
        if (auto const done = any(geometry); !done)
            return std::unexpected{done.error()};
        if (at_ != bytes_.size())
            return wrong(Errc::bad_syntax, "something follows the geometry");
        if (auto const problem = shape_problem(geometry); !problem.empty())
            return wrong(Errc::bad_value, problem);
        return geometry;
    }

private:
    Result<void> any(Geometry& to)
    {
        GeometryType type{};
        if (auto const done = head(type); !done)
            return done;
        switch (type) {
        case GeometryType::none: {
            std::size_t count = 0;
            auto const done = read_count(count, 9);
            return done && count > 0 ? wrong(Errc::unsupported, "a collection of several kinds of geometry is not supported") : done;
        }
        case GeometryType::point: {
            LonLat p;
            auto const done = position(p, true);
            if (done && !std::isnan(p.lon))                // POINT EMPTY is written as two NaN
                to = Point{p};
            return done;
        }
        case GeometryType::line_string: return positions(to.emplace<LineString>().positions);
        case GeometryType::polygon: return rings(to.emplace<Polygon>().rings);
        case GeometryType::multi_point:
            return parts(GeometryType::point, [&, &all = to.emplace<MultiPoint>().positions] { return position(all.emplace_back()); });
        case GeometryType::multi_line_string:
            return parts(GeometryType::line_string,
                         [&, &all = to.emplace<MultiLineString>().lines] { return positions(all.emplace_back()); });
        case GeometryType::multi_polygon:
            return parts(GeometryType::polygon,
                         [&, &all = to.emplace<MultiPolygon>().polygons] { return rings(all.emplace_back().rings); });
        }
        return {};
    }

    /// Byte order and type of a geometry or of one part.
    Result<void> head(GeometryType& type)
    {
        if (at_ == bytes_.size() || bytes_[at_] > 1 || bytes_[at_] < 0)
            return wrong(Errc::bad_syntax, "a byte order (0 or 1) is expected");
        little_ = bytes_[at_++] == 1;
        std::uint32_t code = 0;
        if (!number(code))
            return ended();
        constexpr std::uint32_t z25 = 0x8000'0000;
        std::uint32_t const iso = code & ~z25;
        extra_ = (code & z25) != 0 || iso / 1000 == 1 || iso / 1000 == 2 ? 1 : iso / 1000 == 3 ? 2 : 0;
        auto const* const known = std::ranges::find(codes, iso % 1000);
        if (iso >= 4000 || known == codes.end())
            return wrong(Errc::unsupported, "this type of geometry is not supported");
        type = static_cast<GeometryType>(known - codes.begin());
        return {};
    }

    template <typename Part>
    Result<void> parts(GeometryType each, Part part)
    {
        std::size_t count = 0;
        if (auto const done = read_count(count, 9); !done)
            return done;
        for (; count > 0; --count) {
            GeometryType type{};
            if (auto const done = head(type); !done)
                return done;
            if (type != each)
                return wrong(Errc::bad_syntax, "a part has another type than the whole");
            if (auto const done = part(); !done)
                return done;
        }
        return {};
    }

    Result<void> rings(std::vector<Positions>& to)
    {
        std::size_t count = 0;
        if (auto const done = read_count(count, 4); !done)
            return done;
        for (; count > 0; --count) {
            if (auto const done = positions(to.emplace_back()); !done)
                return done;
        }
        return {};
    }

    Result<void> positions(Positions& to)
    {
        std::size_t count = 0;
        if (auto const done = read_count(count, 8 * (2 + extra_)); !done)
            return done;
        to.resize(count);
        for (auto& p : to) {
            if (auto const done = position(p); !done)
                return done;
        }
        return {};
    }

    Result<void> position(LonLat& to, bool may_be_empty = false)
    {
        std::array<std::uint64_t, 4> raw{};
        for (std::size_t i = 0; i < 2 + extra_; ++i) {
            if (!number(raw[i]))
                return ended();
        }
        to = {std::bit_cast<double>(raw[0]), std::bit_cast<double>(raw[1])};
        bool const is_empty = std::isnan(to.lon) && std::isnan(to.lat);
        if (!(std::isfinite(to.lon) && std::isfinite(to.lat)) && !(is_empty && may_be_empty))
            return wrong(Errc::bad_value, "a coordinate is not finite");
        return {};
    }

    /// A count of things that take at least `size` bytes each.
    Result<void> read_count(std::size_t& to, std::size_t size)
    {
        std::uint32_t count = 0;
        if (!number(count) || count > (bytes_.size() - at_) / size)
            return ended();
        to = count;
        return {};
    }

    template <typename T>
    bool number(T& to) noexcept
    {
        if (bytes_.size() - at_ < sizeof to)
            return false;
        std::memcpy(&to, bytes_.data() + at_, sizeof to);
        at_ += sizeof to;
        if (little_ != (std::endian::native == std::endian::little))
            to = std::byteswap(to);
        return true;
    }

    [[nodiscard]] std::unexpected<Failure> ended() const { return wrong(Errc::bad_syntax, "the bytes end too early"); }
    [[nodiscard]] std::unexpected<Failure> wrong(Errc code, std::string_view what) const
    {
        return fail(code, "byte " + std::to_string(at_ + 1) + ": " + std::string{what});
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::size_t extra_ = 0;                                // numbers of a position behind longitude and latitude
    bool little_ = true;
};

}  // namespace

std::string to_wkb(Geometry const& geometry)
{
    std::string out;
    append_head(out, type_of(geometry));
    std::visit(
        [&]<typename T>(T const& g) {
            if constexpr (std::is_same_v<T, std::monostate>) {
                append_count(out, 0);
            } else if constexpr (std::is_same_v<T, Point>) {
                append_position(out, g.position);
            } else if constexpr (std::is_same_v<T, LineString>) {
                append_positions(out, g.positions);
            } else if constexpr (std::is_same_v<T, Polygon>) {
                append_rings(out, g);
            } else {
                append_count(out, part_count(geometry));
                append_parts(out, g);
            }
        },
        geometry);
    return out;
}

Result<Geometry> parse_wkb(std::string_view bytes) { return WkbReader{bytes}.read(); }

}  // namespace yihong
