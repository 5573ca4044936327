#include "yihong/geometry/wkt.hpp"

#include "shape.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace yihong {
namespace {

// in the order of GeometryType; none is a collection of nothing
constexpr std::array<std::string_view, 7> names{"GEOMETRYCOLLECTION", "POINT",   "MULTIPOINT",  "LINESTRING",
                                                "MULTILINESTRING",    "POLYGON", "MULTIPOLYGON"};

void append_number(std::string& out, double number)
{
    std::array<char, 32> text;
    out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr);
}

void append_position(std::string& out, LonLat p)
{
    append_number(out, p.lon);
    append_number(out += ' ', p.lat);
}

template <typename Range, typename Append>
void append_list(std::string& out, Range const& range, Append append)
{
    out += '(';
    for (bool first = true; auto const& element : range) {
        if (!first)
            out += ", ";
        first = false;
        append(out, element);
    }
    out += ')';
}

void append_positions(std::string& out, Positions const& positions) { append_list(out, positions, append_position); }
void append_polygon(std::string& out, Polygon const& polygon) { append_list(out, polygon.rings, append_positions); }

class WktReader {
public:
    explicit WktReader(std::string_view text) noexcept : text_{text} {}

    Result<Geometry> read()
    {
        auto const name = word();
        auto const known = std::ranges::find(names, name);
        if (known == names.end())
            return wrong(Errc::bad_syntax, "POINT, LINESTRING, POLYGON, or several of them (MULTI…) is expected");
        auto const type = static_cast<GeometryType>(known - names.begin());
        auto next = word();
        if (next == "Z" || next == "M" || next == "ZM") {
            extra_ = next.size();
            next = word();
        }
        Geometry geometry;
        if (next.empty()) {
            if (type == GeometryType::none)
                return wrong(Errc::unsupported, "a collection of several kinds of geometry is not supported");
            if (auto const done = body(type, geometry); !done)
                return std::unexpected{done.error()};
        } else if (next != "EMPTY") {
            return wrong(Errc::bad_syntax, "( or EMPTY is expected");
        }
        skip_blanks();
        if (at_ != text_.size())
            return wrong(Errc::bad_syntax, "something follows the geometry");
        if (auto const problem = shape_problem(geometry); !problem.empty())
            return wrong(Errc::bad_value, problem);
        return geometry;
    }

private:
    Result<void> body(GeometryType type, Geometry& to)
    {
        switch (type) {
        case GeometryType::point: {
            Positions one;
            auto const done = positions(one);
            if (done && one.size() != 1)
                return wrong(Errc::bad_value, "a point has one position");
            if (done)
                to = Point{one.front()};
            return done;
        }
        case GeometryType::multi_point: {
            auto& all = to.emplace<MultiPoint>().positions;
            return list([&] { return take('(') ? closed(position(all)) : position(all); });     // both ways of writing are in use
        }
        case GeometryType::line_string: return positions(to.emplace<LineString>().positions);
        case GeometryType::multi_line_string: return rings(to.emplace<MultiLineString>().lines);
        case GeometryType::polygon: return rings(to.emplace<Polygon>().rings);
        case GeometryType::multi_polygon: {
            auto& polygons = to.emplace<MultiPolygon>().polygons;
            return list([&] { return rings(polygons.emplace_back().rings); });
        }
        case GeometryType::none: break;
        }
        return {};
    }

    template <typename Element>
    Result<void> list(Element element)
    {
        if (!take('('))
            return wrong(Errc::bad_syntax, "( is expected");
        do {
            if (auto const done = element(); !done)
                return done;
        } while (take(','));
        if (!take(')'))
            return wrong(Errc::bad_syntax, ", or ) is expected");
        return {};
    }

    Result<void> rings(std::vector<Positions>& to)
    {
        return list([&] { return positions(to.emplace_back()); });
    }
    Result<void> positions(Positions& to)
    {
        return list([&] { return position(to); });
    }

    Result<void> position(Positions& to)
    {
        std::array<double, 4> numbers{};
        for (std::size_t i = 0; i < 2 + extra_; ++i) {
            if (!number(numbers[i]))
                return wrong(Errc::bad_syntax, "a number is expected");
            if (!std::isfinite(numbers[i]))
                return wrong(Errc::bad_value, "a coordinate is not finite");
        }
        if (double height = 0; extra_ == 0 && number(height) && !std::isfinite(height))   // many write heights without Z
            return wrong(Errc::bad_value, "a coordinate is not finite");
        to.push_back({numbers[0], numbers[1]});
        return {};
    }

    Result<void> closed(Result<void> done)
    {
        if (done && !take(')'))
            return wrong(Errc::bad_syntax, ") is expected");
        return done;
    }

    void skip_blanks() noexcept
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }
    bool take(char c) noexcept
    {
        skip_blanks();
        bool const found = at_ < text_.size() && text_[at_] == c;
        at_ += found;
        return found;
    }
    /// The next word in capitals; empty where there is none.
    std::string word()
    {
        skip_blanks();
        std::string found;
        for (; at_ < text_.size(); ++at_) {
            char const c = text_[at_];
            if (c >= 'a' && c <= 'z')
                found += static_cast<char>(c - 'a' + 'A');
            else if (c >= 'A' && c <= 'Z')
                found += c;
            else
                break;
        }
        return found;
    }
    bool number(double& to) noexcept
    {
        skip_blanks();
        std::string_view rest = text_.substr(at_);
        if (rest.starts_with('+'))
            rest.remove_prefix(1);
        auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), to);
        if (end == rest.data())
            return false;
        if (error != std::errc{})
            to = HUGE_VAL;                                 // too large: not finite, as the caller finds
        at_ = static_cast<std::size_t>(end - text_.data());
        return true;
    }

    [[nodiscard]] std::unexpected<Failure> wrong(Errc code, std::string_view what) const
    {
        return fail(code, "character " + std::to_string(at_ + 1) + ": " + std::string{what});
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t extra_ = 0;                                // numbers of a position behind longitude and latitude
};

}  // namespace

std::string to_wkt(Geometry const& geometry)
{
    std::string out{names[geometry.index()]};
    out += ' ';
    if (part_count(geometry) == 0)
        return out += "EMPTY";
    std::visit(
        [&]<typename T>(T const& g) {
            if constexpr (std::is_same_v<T, Point>)
                append_list(out, std::span{&g.position, 1}, append_position);
            else if constexpr (std::is_same_v<T, MultiPoint>)
                append_list(out, g.positions, [](std::string& to, LonLat p) { append_list(to, std::span{&p, 1}, append_position); });
            else if constexpr (std::is_same_v<T, LineString>)
                append_positions(out, g.positions);
            else if constexpr (std::is_same_v<T, MultiLineString>)
                append_list(out, g.lines, append_positions);
            else if constexpr (std::is_same_v<T, Polygon>)
                append_polygon(out, g);
            else if constexpr (std::is_same_v<T, MultiPolygon>)
                append_list(out, g.polygons, append_polygon);
        },
        geometry);
    return out;
}

Result<Geometry> parse_wkt(std::string_view text) { return WktReader{text}.read(); }

}  // namespace yihong
