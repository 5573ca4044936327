#include "yihong/geometry/bounding_box.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace yihong {
namespace {

/// Served coordinates have 7 decimals. A box made of them must still find the feature it came from.
constexpr double half_a_served_digit = 6e-8;

std::optional<double> read_number(std::string_view text) noexcept
{
    text = trimmed(text);                                  // a plus sign arrives as a blank from form decoding
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string in_quotes(std::string_view text)
{
    constexpr std::size_t shown = 100;
    return "\"" + to_valid_utf8(text.substr(0, shown)) + (text.size() > shown ? "…\"" : "\"");
}

/// -180 to 180.
double wrapped(double longitude) noexcept { return longitude >= -180 && longitude <= 180 ? longitude : std::remainder(longitude, 360); }

}  // namespace

Result<std::vector<BoundingBox>> parse_bounding_boxes(std::string_view text)
{
    std::array<double, 6> numbers{};
    std::size_t count = 0;
    for (std::string_view rest = text;;) {
        auto const comma = rest.find(',');
        auto const number = read_number(rest.substr(0, comma));
        if (!number || count == numbers.size())
            return fail(Errc::bad_value,
                        "bbox: " + in_quotes(text) + " is not a list of 4 or 6 numbers (west, south[, lowest], east, north[, highest])");
        numbers[count++] = *number;
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
    }
    if (count != 4 && count != 6)
        return fail(Errc::bad_value, "bbox: " + in_quotes(text) + " has " + std::to_string(count) + " numbers instead of 4 or 6");
    bool const has_height = count == 6;                    // the data has none, so heights choose nothing
    double const west = numbers[0];
    double const south = std::max(numbers[1], -90.0);
    double const east = numbers[has_height ? 3 : 2];
    double const north = std::min(numbers[has_height ? 4 : 3], 90.0);
    if (south > north)
        return fail(Errc::bad_value,
                    "bbox: in " + in_quotes(text) + " the southern edge lies north of the northern one, or both beyond a pole");
    if (has_height && numbers[2] > numbers[5])
        return fail(Errc::bad_value, "bbox: in " + in_quotes(text) + " the lowest height lies above the highest one");

    auto const box = [&](double from, double to) {
        return BoundingBox{from - half_a_served_digit, south - half_a_served_digit, to + half_a_served_digit, north + half_a_served_digit};
    };
    if (east - west >= 360)                                // map clients zoomed far out go round the world more than once
        return std::vector{box(-180, 180)};
    double const from = wrapped(west);
    double const to = wrapped(east);
    if (from <= to)
        return std::vector{box(from, to)};
    return std::vector{box(from, 180), box(-180, to)};
}

}  // namespace yihong
