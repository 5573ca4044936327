#include "charts.hpp"

#include <algorithm>

namespace yihong::charts {
namespace {

constexpr double left_mm = 46, head_mm = 9, bar_mm = 6.5, step_mm = 8.5, foot_mm = 1;
constexpr double name_points = 9, label_points = 9, title_points = 12;

Picture begin(std::string title, std::size_t bars)
{
    Picture made;
    made.width_mm = width_mm;
    made.height_mm = head_mm + step_mm * static_cast<double>(bars) + foot_mm;
    made.shapes.emplace_back(PictureText{{width_mm / 2, 5.5}, title, PictureAnchor::middle, title_points});
    made.title = std::move(title);
    return made;
}

/// On the base line of the bar at `y`.
void name(Picture& picture, double y, std::string const& text)
{
    auto const fitting = std::min(name_points, name_points * (left_mm - 2) / std::max(text_width_mm(text, name_points), 0.1));
    picture.shapes.emplace_back(PictureText{{left_mm - 1.5, y + 4.5}, text, PictureAnchor::end, fitting});
}

}  // namespace

Picture shares(std::string title, std::vector<Bar> const& bars)
{
    auto const total = [](Bar const& bar) {
        int sum = 0;
        for (auto const& part : bar.parts)
            sum += part.count;
        return sum;
    };
    auto const shown = static_cast<std::size_t>(std::ranges::count_if(bars, [&](Bar const& bar) { return total(bar) > 0; }));
    if (shown == 0)
        return {};
    auto picture = begin(std::move(title), shown);
    double y = head_mm;
    for (auto const& bar : bars) {
        if (total(bar) == 0)
            continue;
        name(picture, y, bar.name);
        double x = left_mm;
        for (auto const& part : bar.parts) {
            if (part.count == 0)
                continue;
            double const wide = (width_mm - left_mm - 0.5) * part.count / total(bar);
            picture.shapes.emplace_back(rectangle(x, y, wide, bar_mm, part.fill));
            if (text_width_mm(part.label, label_points) < wide)    // else the table says it
                picture.shapes.emplace_back(PictureText{{x + wide / 2, y + 4.5}, part.label, PictureAnchor::middle, label_points});
            x += wide;
        }
        y += step_mm;
    }
    return picture;
}

Picture lengths(std::string title, std::vector<Length> const& bars, double mark, std::string const& mark_label)
{
    if (bars.empty())
        return {};
    constexpr double label_mm = 22;
    auto picture = begin(std::move(title), bars.size());
    double longest = mark;
    for (auto const& bar : bars)
        longest = std::max(longest, bar.value);
    auto const wide = [&](double value) { return (width_mm - left_mm - label_mm) * value / longest; };
    double y = head_mm;
    for (auto const& bar : bars) {
        name(picture, y, bar.name);
        picture.shapes.emplace_back(rectangle(left_mm, y, wide(bar.value), bar_mm, bar.fill));
        picture.shapes.emplace_back(PictureText{{width_mm - 1, y + 4.5}, bar.label, PictureAnchor::end, label_points});
        y += step_mm;
    }
    double const x = left_mm + wide(mark);
    picture.shapes.emplace_back(PictureLine{{{x, head_mm - 1}, {x, y}}, false, "#c00000", {}, 0.3});
    picture.shapes.emplace_back(PictureText{{x, y + 3}, mark_label, PictureAnchor::middle, label_points, "#c00000"});
    picture.height_mm += 3.5;
    return picture;
}

}  // namespace yihong::charts
