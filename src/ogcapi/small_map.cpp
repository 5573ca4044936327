#include "small_map.hpp"

#include "html_parts.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

namespace yihong::ogcapi::html {
namespace {

constexpr double width = 640;                      // of the picture's own units; the page makes it as wide as there is room
constexpr double height = 360;
constexpr double margin = 24;                      // in which a mark at the edge has its place
constexpr double least_degrees = 0.05;             // one site alone is shown with its surroundings
constexpr double step = 0.7;                       // points nearer to each other are one
constexpr double radius = 8;
constexpr std::size_t most_marks = 500;
constexpr std::size_t most_behind = 2000;          // features of a layer: to draw more would take longer than the page is worth

/// Where a position lies in the picture: plate carrée, true to shape in its middle.
class Frame {
public:
    explicit Frame(BoundingBox box)
    {
        double const latitude = (box.south + box.north) / 2;
        double const shrink = std::max(0.01, std::cos(latitude * std::numbers::pi / 180));
        double const wide = std::max(box.east - box.west, least_degrees) * shrink;
        double const high = std::max(box.north - box.south, least_degrees);
        per_degree_ = std::min((width - 2 * margin) / wide, (height - 2 * margin) / high);
        centre_ = {(box.west + box.east) / 2, latitude};
        shrink_ = shrink;
    }
    [[nodiscard]] std::pair<double, double> at(LonLat position) const noexcept
    {
        return {width / 2 + (position.lon - centre_.lon) * shrink_ * per_degree_, height / 2 - (position.lat - centre_.lat) * per_degree_};
    }
    /// Everything that the picture shows.
    [[nodiscard]] BoundingBox shown() const noexcept
    {
        double const lon = width / 2 / per_degree_ / shrink_;
        double const lat = height / 2 / per_degree_;
        return {centre_.lon - lon, centre_.lat - lat, centre_.lon + lon, centre_.lat + lat};
    }

private:
    LonLat centre_;
    double shrink_ = 1;
    double per_degree_ = 1;
};

/// Lines and rings as commands of a path. Points that nobody could tell apart are left out, and rings of less than a pixel.
void append_path(std::string& out, Geometry const& geometry, Frame const& frame)
{
    for_each_sequence(geometry, [&](std::span<LonLat const> positions) {
        std::string line;
        std::size_t kept = 0;
        std::pair<double, double> last;
        for (std::size_t i = 0; i < positions.size(); ++i) {
            auto const [x, y] = frame.at(positions[i]);
            bool const is_end = i + 1 == positions.size() && kept > 1;
            if (kept > 0 && !is_end && std::hypot(x - last.first, y - last.second) < step)
                continue;
            line += fmt::format("{}{:.1f} {:.1f}", kept++ == 0 ? 'M' : 'L', x, y);
            last = {x, y};
        }
        if (kept > 1)
            out += line;
    });
}

bool has_extent(Geometry const& geometry) noexcept { return dimension(type_of(geometry)) > 0; }

std::string path(std::string_view style, std::string const& commands)
{
    return commands.empty() ? std::string{} : fmt::format("<path class=\"{}\" d=\"{}\"/>\n", style, commands);
}

/// The lines and areas of the other collections. \param sources whose they are
std::string behind(SmallMap const& map, Frame const& frame, std::set<std::string>& sources)
{
    std::string lines;
    std::string areas;
    for (auto const& source : map.catalog.collections) {
        auto const& said = source->metadata();
        bool const is_drawn = !said.blocks && said.id != map.collection.metadata().id &&
                              said.count.value_or(most_behind + 1) <= most_behind && dimension(said.geometry_type) > 0;
        if (!is_drawn)
            continue;
        auto& into = dimension(said.geometry_type) == 1 ? lines : areas;
        auto const before = into.size();
        auto const stream = source->select({.boxes = {frame.shown()}});
        while (auto const feature = stream->next())
            append_path(into, feature->geometry(), frame);
        if (into.size() > before && !said.attribution.empty())
            sources.insert(said.attribution);
    }
    return path("areas", areas) + path("lines", lines);
}

std::string link_to(SmallMap const& map, Feature const& feature, std::string const& inside)
{
    return fmt::format("<a href=\"{}\"><title>{}</title>{}</a>\n", html_escaped(map.items_url + percent_encoded(feature.id())),
                       html_escaped(name_of(map.collection, feature)), inside);
}

/// A feature as its page shows it: its lines, or a mark with its class as a letter.
std::string mark(SmallMap const& map, Feature const& feature, Frame const& frame)
{
    auto const& geometry = feature.geometry();
    if (has_extent(geometry)) {
        std::string commands;
        append_path(commands, geometry, frame);
        return commands.empty() ? commands : link_to(map, feature, path("own", commands));
    }
    auto const look = map.presentation.mark ? map.presentation.mark(map.collection, feature) : Mark{};
    std::string marks;
    for_each_sequence(geometry, [&](std::span<LonLat const> positions) {
        for (auto const position : positions) {
            auto const [x, y] = frame.at(position);
            marks += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/>", x, y, radius);
            if (!look.label.empty())
                marks += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x, y, html_escaped(look.label));
        }
    });
    return link_to(map, feature, fmt::format("<g class=\"{}\">{}</g>", look.style.empty() ? "mark" : html_escaped(look.style), marks));
}

}  // namespace

Html small_map(SmallMap const& map)
{
    BoundingBox box;
    for (auto const& feature : map.features)
        if (auto const bounds = bounds_of(feature->geometry()); !bounds.is_empty())
            box.extend(bounds);
    if (box.is_empty())
        return {};
    Frame const frame{box};
    std::set<std::string> sources;
    std::string svg = behind(map, frame, sources);
    std::string marks;
    std::set<std::pair<double, double>> taken;     // of records of one site one is enough
    for (auto const& feature : map.features) {
        auto const bounds = bounds_of(feature->geometry());
        if (bounds.is_empty() || taken.size() == most_marks)
            continue;
        if (has_extent(feature->geometry()) || taken.emplace(bounds.west, bounds.south).second)
            marks += mark(map, *feature, frame);
    }
    svg = fmt::format("<svg viewBox=\"0 0 {} {}\" aria-label=\"地图 Map\">\n{}{}</svg>\n", width, height, svg, marks);
    Html caption;
    for (auto const& source : sources)
        caption += (caption.empty() ? Html{} : Html{" · "}) + Html{source};
    auto const below = caption.empty() ? Html{} : http::element("figcaption", http::element("small", caption));
    return http::element("figure", Html::markup(std::move(svg)) + below, {{"class", "map"}}) + "\n";
}

}  // namespace yihong::ogcapi::html
