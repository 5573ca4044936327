#include "section_map.hpp"

#include "charts.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/official_colours.hpp"
#include "yihong/geometry/geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>

namespace yihong {
namespace {

constexpr double head_mm = 9, foot_mm = 8, line_mm = 4.5, margin_mm = 12, most_high_mm = 115, label_points = 9, near_mm = 0.25;

/// From longitude and latitude to the paper: alike in both directions in the middle of the map.
class Paper {
public:
    explicit Paper(BoundingBox const& box)
    {
        auto const middle = (box.south + box.north) / 2;
        auto const squeeze = std::cos(middle * std::numbers::pi / 180);
        auto const wide = std::max((box.east - box.west) * squeeze, 0.01);
        auto const high = std::max(box.north - box.south, 0.01);
        auto const inner = charts::width_mm - 2 * margin_mm;
        mm_a_degree_ = std::min(inner / wide, (most_high_mm - 2 * margin_mm) / high);
        across_ = mm_a_degree_ * squeeze;
        height_mm = std::min(most_high_mm, high * mm_a_degree_ + 2 * margin_mm);
        west_ = (box.west + box.east) / 2 - charts::width_mm / 2 / across_;
        north_ = middle + height_mm / 2 / mm_a_degree_;
    }
    [[nodiscard]] PicturePoint at(LonLat place) const
    {
        return {(place.lon - west_) * across_, head_mm + (north_ - place.lat) * mm_a_degree_};
    }
    [[nodiscard]] BoundingBox box() const { return {west_, north_ - height_mm / mm_a_degree_, west_ + charts::width_mm / across_, north_}; }
    double height_mm = 0;  ///< of the map itself

private:
    double mm_a_degree_ = 0, across_ = 0, west_ = 0, north_ = 0;
};

/// The part of a segment inside the frame (Liang and Barsky). \return whether there is any
bool clip(PicturePoint& a, PicturePoint& b, double right, double top, double bottom)
{
    double from = 0, to = 1;
    double const dx = b.x - a.x, dy = b.y - a.y;
    for (auto const& [p, q] :
         std::array{std::pair{-dx, a.x}, std::pair{dx, right - a.x}, std::pair{-dy, a.y - top}, std::pair{dy, bottom - a.y}}) {
        if (p == 0 && q < 0)
            return false;
        if (p < 0)
            from = std::max(from, q / p);
        else if (p > 0)
            to = std::min(to, q / p);
    }
    if (from > to)
        return false;
    b = {a.x + to * dx, a.y + to * dy};
    a = {a.x + from * dx, a.y + from * dy};
    return true;
}

class Drawing {
public:
    Drawing(BoundingBox const& box, std::string title) : paper_{box}
    {
        picture.width_mm = charts::width_mm;
        picture.height_mm = head_mm + paper_.height_mm + foot_mm;
        picture.shapes.emplace_back(PictureText{{charts::width_mm / 2, 5.5}, title, PictureAnchor::middle, 12});
        picture.title = std::move(title);
    }

    void layer(Layer const& layer, std::string const& stroke, double width_mm)
    {
        for (auto const& feature : layer.features)
            if (feature.bounds.intersects(paper_.box()))
                for_each_sequence(feature.geometry, [&](std::span<LonLat const> positions) { line(positions, stroke, width_mm); });
    }
    [[nodiscard]] BoundingBox box() const { return paper_.box(); }
    void frame() { picture.shapes.emplace_back(rectangle(0.2, head_mm, charts::width_mm - 0.4, paper_.height_mm, {}, "#888888")); }

    void disc(LonLat place, int water_class)
    {
        auto const at = paper_.at(place);
        discs_.push_back(at);
        picture.shapes.emplace_back(PictureDisc{at, radius_mm, std::string{class_colour(water_class)}});
    }
    /// Beside the disc, where no other label or disc is; where all places are taken, to the right. \pre all discs are drawn
    void label(LonLat place, std::string const& text)
    {
        auto const at = paper_.at(place);
        double const wide = text_width_mm(text, label_points), gap = radius_mm + 0.8;
        std::array<PicturePoint, 4> const corners{{{at.x + gap, at.y - 1.6},
                                                   {at.x - gap - wide, at.y - 1.6},
                                                   {at.x - wide / 2, at.y - gap - 3.4},
                                                   {at.x - wide / 2, at.y + gap}}};
        auto const is_free = [&](PicturePoint corner) {
            Taken const mine{corner.x, corner.y, wide};
            return corner.x > 0 && corner.x + wide < charts::width_mm && corner.y > head_mm &&
                   std::ranges::none_of(labels_, [&](Taken const& other) { return mine.meets(other); }) &&
                   std::ranges::none_of(discs_,
                                        [&](PicturePoint disc) { return mine.meets({disc.x - radius_mm, disc.y - 1.6, 2 * radius_mm}); });
        };
        auto const* const found = std::ranges::find_if(corners, is_free);
        auto const corner = found == corners.end() ? corners.front() : *found;
        labels_.push_back({corner.x, corner.y, wide});
        picture.shapes.emplace_back(PictureText{{corner.x, corner.y + 2.8}, text, PictureAnchor::start, label_points});
    }
    /// A line under the map, in small letters; several where it is long.
    void say(std::string const& text)
    {
        constexpr double points = 7;
        std::string line;
        auto const put = [&] {
            picture.shapes.emplace_back(PictureText{{2, picture.height_mm + 2}, line, PictureAnchor::start, points, "#555555"});
            picture.height_mm += line_mm - 1;
            line.clear();
        };
        for (auto const c : text) {
            bool const begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            if (begins && text_width_mm(line, points) > charts::width_mm - 7)
                put();
            line += c;
        }
        put();
    }
    /// What the colours mean, under the map.
    void legend(std::set<int> const& classes)
    {
        double x = 2;
        double const y = head_mm + paper_.height_mm + 5;
        for (auto const one : classes) {
            auto const text = one > 0 ? std::string{water_class_label(one)} + "类" : std::string{"未评价"};
            picture.shapes.emplace_back(PictureDisc{{x + radius_mm, y - 1.2}, radius_mm, std::string{class_colour(one)}});
            picture.shapes.emplace_back(PictureText{{x + 2 * radius_mm + 1, y}, text, PictureAnchor::start, label_points});
            x += 2 * radius_mm + 5 + text_width_mm(text, label_points);
        }
    }

    Picture picture;

private:
    static constexpr double radius_mm = 1.6;
    /// Where a label stands: its upper left corner, and how wide it is.
    struct Taken {
        double x, y, wide;
        static constexpr double high = 3.2;
        [[nodiscard]] bool meets(Taken const& o) const { return x < o.x + o.wide && o.x < x + wide && y < o.y + high && o.y < y + high; }
    };

    /// What of the line is inside the frame, without points that nobody can tell apart on paper.
    void line(std::span<LonLat const> positions, std::string const& stroke, double width_mm)
    {
        std::vector<PicturePoint> drawn;
        auto const close = [&] {
            if (drawn.size() > 1)
                picture.shapes.emplace_back(PictureLine{drawn, false, stroke, {}, width_mm});
            drawn.clear();
        };
        for (std::size_t i = 1; i < positions.size(); ++i) {
            auto a = paper_.at(positions[i - 1]), b = paper_.at(positions[i]);
            if (!clip(a, b, charts::width_mm, head_mm, head_mm + paper_.height_mm)) {
                close();
                continue;
            }
            if (drawn.empty() || std::hypot(drawn.back().x - a.x, drawn.back().y - a.y) > 2 * near_mm) {
                close();
                drawn.push_back(a);
            }
            if (std::hypot(drawn.back().x - b.x, drawn.back().y - b.y) > near_mm || i + 1 == positions.size())
                drawn.push_back(b);
        }
        close();
    }

    Paper paper_;
    std::vector<PicturePoint> discs_;
    std::vector<Taken> labels_;
};

/// Whose the lines are; each once, also where several layers name it among others.
void add_sources(std::vector<std::string>& sources, std::string_view attribution)
{
    for (std::size_t begin = 0; begin < attribution.size();) {
        auto const end = std::min(attribution.find(';', begin), attribution.size());
        std::string const one{trimmed(attribution.substr(begin, end - begin))};
        if (!one.empty() && std::ranges::find(sources, one) == sources.end())
            sources.push_back(one);
        begin = end + 1;
    }
}

}  // namespace

Picture section_map(WaterReport const& report, LayerSet const* layers)
{
    BoundingBox box;
    std::vector<SectionRow const*> placed;
    for (auto const& row : report.sections)
        if (row.site->position) {
            box.extend(*row.site->position);
            placed.push_back(&row);
        }
    if (placed.size() < 2)
        return {};
    std::vector<std::string> sources;
    Drawing drawing{box, "断面位置与水质类别（示意）"};
    for (auto const& [role, stroke, width_mm] :
         {std::tuple{LayerRole::boundary, "#b0b0b0", 0.12}, std::tuple{LayerRole::lake, "#66a9d9", 0.2},
          std::tuple{LayerRole::river, "#66a9d9", 0.35}})
        if (layers)
            for (auto const& layer : layers->layers())
                if (layer->role == role && layer->bounds.intersects(drawing.box())) {
                    drawing.layer(*layer, stroke, width_mm);
                    add_sources(sources, layer->attribution);
                }
    drawing.frame();
    std::set<int> classes;
    for (auto const* row : placed) {
        drawing.disc(*row->site->position, row->now.judgement.water_class);
        classes.insert(row->now.judgement.water_class);
    }
    std::string unplaced;
    for (auto const& row : report.sections)
        if (!row.site->position)
            unplaced += (unplaced.empty() ? "" : "、") + row.site->name;
    for (auto const* row : placed)
        drawing.label(*row->site->position, row->site->name);
    drawing.legend(classes);
    if (!unplaced.empty())
        drawing.say("没有坐标、未上图：" + unplaced);
    if (!sources.empty())
        drawing.say(fmt::format("底图：{}", fmt::join(sources, "；")));
    return std::move(drawing.picture);
}

}  // namespace yihong
