#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Charts and maps of reports (图): one description, which a page shows as SVG and a Word document as EMF.
namespace yihong {

inline constexpr double mm_a_point = 25.4 / 72;  ///< a point of typography, of which letters are measured

/// Millimetres from the left and from the top.
struct PicturePoint {
    double x = 0, y = 0;
};

/// A line, or an area with its outline.
struct PictureLine {
    std::vector<PicturePoint> points;
    bool closed = false;
    std::string stroke = "#000000";  ///< empty: none
    std::string fill = {};  ///< empty: none; closed lines alone are filled
    double width_mm = 0.15;
};
struct PictureDisc {
    PicturePoint middle;
    double radius_mm = 1;
    std::string fill = "#000000";
};
enum class PictureAnchor : std::uint8_t { start, middle, end };
struct PictureText {
    PicturePoint at;  ///< on its base line
    std::string text;
    PictureAnchor anchor = PictureAnchor::start;
    double points = 9;  ///< its size
    std::string colour = "#000000";
};
using PictureShape = std::variant<PictureLine, PictureDisc, PictureText>;

struct Picture {
    std::string title;  ///< what it shows, for who cannot see it
    double width_mm = 0, height_mm = 0;
    std::vector<PictureShape> shapes;  ///< later ones lie above
    [[nodiscard]] bool is_empty() const noexcept { return shapes.empty(); }
};

/// A rectangle as a closed line.
[[nodiscard]] PictureLine rectangle(double x, double y, double width, double height, std::string fill, std::string stroke = "#000000");

/// The width of a text in the fonts of reports: a letter of Chinese is as wide as it is high, one of Latin half as wide.
[[nodiscard]] double text_width_mm(std::string_view text, double points) noexcept;
/// The letters of UTF-8. \pre valid
[[nodiscard]] std::u32string letters_of(std::string_view text);

/// `<svg class="picture" …>`, as wide as what it stands in; empty for an empty picture.
std::string picture_svg(Picture const& picture);

}  // namespace yihong
