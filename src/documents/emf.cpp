#include "emf.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace yihong::documents {
namespace {

constexpr double units_a_mm = 100, dots_a_mm = 10;         // logical units; dots of the device that the file is made for

std::int32_t units(double mm) { return static_cast<std::int32_t>(std::lround(mm * units_a_mm)); }

/// COLORREF: red in the lowest byte.
std::uint32_t colour_of(std::string_view hex)
{
    std::uint32_t rgb = 0;
    if (hex.size() == 7)
        std::from_chars(hex.data() + 1, hex.data() + hex.size(), rgb, 16);
    return (rgb >> 16U) | (rgb & 0xFF00U) | ((rgb & 0xFFU) << 16U);
}

std::u16string utf16_of(std::string_view text)
{
    std::u16string out;
    for (auto const letter : letters_of(text)) {
        if (letter < 0x10000) {
            out += static_cast<char16_t>(letter);
        } else {
            out += static_cast<char16_t>(0xD800 + ((letter - 0x10000) >> 10U));
            out += static_cast<char16_t>(0xDC00 + ((letter - 0x10000) & 0x3FFU));
        }
    }
    return out;
}

/// Numbers as the format has them: the low byte first.
class Bytes {
public:
    Bytes& u16(std::uint32_t value)
    {
        out += static_cast<char>(value & 0xFFU);
        out += static_cast<char>((value >> 8U) & 0xFFU);
        return *this;
    }
    Bytes& u32(std::uint32_t value) { return u16(value & 0xFFFFU).u16(value >> 16U); }
    Bytes& i32(std::int32_t value) { return u32(std::bit_cast<std::uint32_t>(value)); }
    Bytes& f32(float value) { return u32(std::bit_cast<std::uint32_t>(value)); }
    Bytes& point(PicturePoint point) { return i32(units(point.x)).i32(units(point.y)); }
    std::string out;
};

class Metafile {
public:
    explicit Metafile(Picture const& picture) : picture_{picture}
    {
        constexpr std::uint32_t set_window_ext = 9, set_window_org = 10, set_viewport_ext = 11, set_viewport_org = 12, set_map_mode = 17,
                                set_bk_mode = 18, set_text_align = 22, anisotropic = 8, transparent = 1, base_line = 24;
        record(set_map_mode, Bytes{}.u32(anisotropic));
        record(set_window_org, Bytes{}.i32(0).i32(0));
        record(set_window_ext, Bytes{}.i32(units(picture.width_mm)).i32(units(picture.height_mm)));
        record(set_viewport_org, Bytes{}.i32(0).i32(0));
        record(set_viewport_ext, Bytes{}.i32(dots(picture.width_mm)).i32(dots(picture.height_mm)));
        record(set_bk_mode, Bytes{}.u32(transparent));
        record(set_text_align, Bytes{}.u32(base_line));
        for (auto const& shape : picture.shapes)
            std::visit([this](auto const& one) { draw(one); }, shape);
    }
    [[nodiscard]] std::string finish()
    {
        constexpr std::uint32_t end_of_file = 14;
        record(end_of_file, Bytes{}.u32(0).u32(16).u32(20));
        return header() + records_;
    }

private:
    static std::int32_t dots(double mm) { return static_cast<std::int32_t>(std::lround(mm * dots_a_mm)); }

    void record(std::uint32_t type, Bytes const& content)
    {
        Bytes head;
        head.u32(type).u32(static_cast<std::uint32_t>(content.out.size()) + 8);
        records_ += head.out + content.out;
        ++count_;
    }

    std::string header() const
    {
        constexpr std::uint32_t size = 88, version = 0x10000, signature = 0x464D4520;
        constexpr std::int32_t device_mm = 320, device_high_mm = 240;
        Bytes head;
        head.u32(1).u32(size);
        head.i32(0).i32(0).i32(dots(picture_.width_mm) - 1).i32(dots(picture_.height_mm) - 1);
        head.i32(0).i32(0).i32(units(picture_.width_mm)).i32(units(picture_.height_mm));
        head.u32(signature).u32(version).u32(size + static_cast<std::uint32_t>(records_.size())).u32(count_ + 1);
        head.u16(objects_).u16(0).u32(0).u32(0).u32(0);
        head.i32(dots(device_mm)).i32(dots(device_high_mm)).i32(device_mm).i32(device_high_mm);
        return head.out;
    }

    /// Takes a pen, a brush or a font for what comes next; none stays behind.
    template <typename Draw>
    void with(std::uint32_t type, Bytes const& description, Draw const& draw)
    {
        constexpr std::uint32_t select = 37, remove = 40;
        std::uint32_t const handle = ++held_;
        objects_ = std::max(objects_, held_ + 1);
        Bytes create;
        create.u32(handle);
        create.out += description.out;
        record(type, create);
        record(select, Bytes{}.u32(handle));
        draw();
        record(select, Bytes{}.u32(type == font ? system_font : type == pen ? black_pen : null_brush));
        record(remove, Bytes{}.u32(handle));
        --held_;
    }
    static constexpr std::uint32_t pen = 38, brush = 39, font = 82;
    static constexpr std::uint32_t null_brush = 0x80000005, black_pen = 0x80000007, system_font = 0x8000000D;

    template <typename Draw>
    void painted(std::string const& stroke, double width_mm, std::string const& fill, Draw const& draw)
    {
        constexpr std::uint32_t solid = 0, nothing = 5, hollow = 1;
        Bytes line;
        line.u32(stroke.empty() ? nothing : solid).i32(units(width_mm)).i32(0).u32(colour_of(stroke));
        Bytes area;
        area.u32(fill.empty() ? hollow : solid).u32(colour_of(fill)).u32(0);
        with(pen, line, [&] { with(brush, area, draw); });
    }

    void draw(PictureLine const& line)
    {
        constexpr std::uint32_t polygon = 3, polyline = 4;
        Bytes content = bounds(line.points);
        content.u32(static_cast<std::uint32_t>(line.points.size()));
        for (auto const& point : line.points)
            content.point(point);
        painted(line.stroke, line.width_mm, line.closed ? line.fill : std::string{},
                [&] { record(line.closed ? polygon : polyline, content); });
    }
    void draw(PictureDisc const& disc)
    {
        constexpr std::uint32_t ellipse = 42;
        auto const r = disc.radius_mm;
        Bytes box;
        box.point({disc.middle.x - r, disc.middle.y - r}).point({disc.middle.x + r, disc.middle.y + r});
        painted("#000000", 0.15, disc.fill, [&] { record(ellipse, box); });
    }
    void draw(PictureText const& text)
    {
        constexpr std::uint32_t set_text_color = 24, ext_text_out = 84, compatible = 1, offset_of_string = 76;
        if (text.text.empty())
            return;
        auto const letters = utf16_of(text.text);
        auto const wide = text_width_mm(text.text, text.points);
        auto const x = text.at.x - (text.anchor == PictureAnchor::middle ? wide / 2 : text.anchor == PictureAnchor::end ? wide : 0);
        auto const em = text.points * mm_a_point;
        auto const padded = (letters.size() * 2 + 3) / 4 * 4;
        Bytes content;
        content.i32(0).i32(0).i32(-1).i32(-1).u32(compatible).f32(1).f32(1);
        content.point({x, text.at.y}).u32(static_cast<std::uint32_t>(letters.size())).u32(offset_of_string).u32(0);
        content.i32(0).i32(0).i32(-1).i32(-1).u32(offset_of_string + static_cast<std::uint32_t>(padded));
        for (auto const letter : letters)
            content.u16(letter);
        if (letters.size() % 2 == 1)
            content.u16(0);
        for (auto const letter : letters)                  // how far the next letter stands, as text_width_mm has it
            content.i32(units(letter < 0x80 ? em / 2 : em));
        record(set_text_color, Bytes{}.u32(colour_of(text.colour)));
        with(font, font_of(em), [&] { record(ext_text_out, content); });
    }

    /// 宋体, whose Latin letters are half as wide as its Chinese ones; where it lacks, what stands for it.
    static Bytes font_of(double em_mm)
    {
        constexpr std::uint32_t regular = 400, chinese = 0x86, name_letters = 32, rest_of_extended = 320 - 92;
        Bytes created;
        created.i32(-units(em_mm)).i32(0).i32(0).i32(0).u32(regular).u32(chinese << 24U).u32(0);
        std::u16string name{u"SimSun"};
        name.resize(name_letters);
        for (auto const letter : name)
            created.u16(letter);
        created.out.append(rest_of_extended, '\0');
        return created;
    }

    static Bytes bounds(std::vector<PicturePoint> const& points)
    {
        auto const [left, right] = std::ranges::minmax(points, {}, &PicturePoint::x);
        auto const [top, bottom] = std::ranges::minmax(points, {}, &PicturePoint::y);
        Bytes box;
        for (auto const mm : {left.x, top.y, right.x, bottom.y})
            box.i32(dots(mm));
        return box;
    }

    Picture const& picture_;
    std::string records_;
    std::uint32_t count_ = 0, held_ = 0, objects_ = 1;
};

}  // namespace

std::string to_emf(Picture const& picture) { return Metafile{picture}.finish(); }

}  // namespace yihong::documents
