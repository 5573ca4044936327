#include "yihong/reports/picture.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

std::string paint(std::string const& colour) { return colour.empty() ? "none" : colour; }

std::string svg_of(PictureLine const& line)
{
    std::string points;
    for (auto const& point : line.points)
        points += fmt::format("{}{:.2f},{:.2f}", points.empty() ? "" : " ", point.x, point.y);
    return fmt::format("<{} points=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{:.2f}\" stroke-linejoin=\"round\"/>",
                       line.closed ? "polygon" : "polyline", points, line.closed ? paint(line.fill) : "none", paint(line.stroke),
                       line.width_mm);
}
std::string svg_of(PictureDisc const& disc)
{
    return fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\" stroke=\"#000000\" stroke-width=\"0.15\"/>",
                       disc.middle.x, disc.middle.y, disc.radius_mm, disc.fill);
}
std::string svg_of(PictureText const& text)
{
    std::string_view const anchor = text.anchor == PictureAnchor::middle ? " text-anchor=\"middle\""
                                    : text.anchor == PictureAnchor::end  ? " text-anchor=\"end\""
                                                                         : "";
    return fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\"{}{}>{}</text>", text.at.x, text.at.y, text.points * mm_a_point,
                       anchor, text.colour == "#000000" ? "" : fmt::format(" fill=\"{}\"", text.colour), html_escaped(text.text));
}

}  // namespace

PictureLine rectangle(double x, double y, double width, double height, std::string fill, std::string stroke)
{
    return {{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}, true, std::move(stroke), std::move(fill)};
}

std::u32string letters_of(std::string_view text)
{
    std::u32string letters;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            letters += static_cast<char32_t>(byte);
        else if (byte >= 0xC0)
            letters += static_cast<char32_t>(byte & (byte >= 0xF0 ? 0x07U : byte >= 0xE0 ? 0x0FU : 0x1FU));
        else if (!letters.empty())
            letters.back() = (letters.back() << 6U) | (byte & 0x3FU);
    }
    return letters;
}

double text_width_mm(std::string_view text, double points) noexcept
{
    double halves = 0;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        halves += byte < 0x80 ? 1 : byte >= 0xC0 ? 2 : 0;
    }
    return halves / 2 * points * mm_a_point;
}

std::string picture_svg(Picture const& picture)
{
    if (picture.is_empty())
        return {};
    auto out = fmt::format("<svg class=\"picture\" viewBox=\"0 0 {:.2f} {:.2f}\" width=\"100%\" role=\"img\" aria-label=\"{}\">",
                           picture.width_mm, picture.height_mm, html_escaped(picture.title));
    for (auto const& shape : picture.shapes)
        out += std::visit([](auto const& one) { return svg_of(one); }, shape);
    return out + "</svg>\n";
}

}  // namespace yihong
