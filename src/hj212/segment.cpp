#include "yihong/hj212/segment.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::hj212 {
namespace {

constexpr std::string_view cp_begin = "CP=&&";
constexpr std::string_view cp_end = "&&";
constexpr std::array<std::string_view, 4> edition_names{"2005", "2017", "2025", "surface-water"};

/// Where the next `;` or `,` is, or the end.
std::size_t separator_in(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::ranges::find_if(text, [](char c) { return c == ';' || c == ','; }) - text.begin());
}

std::optional<int> whole(std::string_view text) noexcept
{
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

/// `A140800_0001`, `NM100000_0005`: how the surface-water network names its stations.
bool is_network_mn(std::string_view mn) noexcept
{
    constexpr std::string_view form = "A000000_0000";
    auto const is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (mn.size() == form.size() + 1 && is_letter(mn[0]))
        mn.remove_prefix(1);
    return std::ranges::equal(mn, form, [&](char c, char like) {
        return like == 'A' ? is_letter(c) : like == '_' ? c == '_' : c >= '0' && c <= '9';
    });
}

std::unexpected<Failure> bad(std::string_view field, std::string_view value)
{
    return fail(Errc::bad_value, fmt::format("{} '{}' is not a whole number", field, to_valid_utf8(value.substr(0, 40))));
}

std::string beijing_digits(UtcTime time, bool milliseconds)
{
    using namespace std::chrono;
    auto const local = time + beijing_offset;
    auto const day = floor<days>(local);
    year_month_day const date{day};
    auto const since = (local - day).count();
    auto text = fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                            static_cast<unsigned>(date.day()), since / 3'600'000, since / 60'000 % 60, since / 1000 % 60);
    if (milliseconds)
        text += fmt::format("{:03}", since % 1000);
    return text;
}

}  // namespace

std::string_view to_text(Edition edition) noexcept { return edition_names[static_cast<std::size_t>(edition)]; }

Result<Edition> parse_edition(std::string_view text)
{
    auto const found = std::ranges::find(edition_names, text);
    if (found == edition_names.end())
        return fail(Errc::bad_value, fmt::format("'{}' is not one of 2005, 2017, 2025, surface-water", text.substr(0, 40)));
    return static_cast<Edition>(found - edition_names.begin());
}

int version_bits(Edition edition) noexcept
{
    switch (edition) {
    case Edition::hjt212_2005: return 0;
    case Edition::hj212_2017: return 4;
    case Edition::hj212_2025:
    case Edition::surface_water: return 8;
    }
    return 0;
}

Edition Segment::edition() const noexcept
{
    int const version = flag ? *flag >> 2 : 0;
    if (version == 0)
        return Edition::hjt212_2005;
    if (version == 1)
        return Edition::hj212_2017;
    return st == "21" || is_network_mn(mn) ? Edition::surface_water : Edition::hj212_2025;
}

Result<Segment> parse_segment(std::string_view text)
{
    Segment segment;
    auto const cp = text.find(cp_begin);
    if (cp == std::string_view::npos)
        return fail(Errc::missing_field, "the segment has no CP=&&");
    segment.cp = text.substr(cp + cp_begin.size());
    if (segment.cp.ends_with(cp_end))
        segment.cp.remove_suffix(cp_end.size());
    else
        return fail(Errc::bad_syntax, "CP does not end with &&");

    bool has_cn = false;
    auto rest = text.substr(0, cp);
    while (!rest.empty()) {
        auto const end = separator_in(rest);
        auto const field = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        auto const equals = field.find('=');
        if (equals == std::string_view::npos)
            continue;
        auto const name = trimmed(field.substr(0, equals));
        auto const value = trimmed(field.substr(equals + 1));
        auto const number = [&](std::optional<int>& to) {
            to = whole(value);
            return to.has_value() || value.empty();
        };
        if (name == "QN") {
            segment.qn = value;
        } else if (name == "ST") {
            segment.st = value;
        } else if (name == "CN") {
            auto const code = whole(value);
            if (!code || value.size() > 4)
                return bad("CN", value);
            segment.cn = *code;
            has_cn = true;
        } else if (name == "PW") {
            segment.pw = value;
        } else if (name == "MN") {
            segment.mn = value;
        } else if (name == "Flag") {
            if (!number(segment.flag) || (segment.flag && *segment.flag > 255))
                return bad("Flag", value);
        } else if (name == "PNUM") {
            if (!number(segment.pnum))
                return bad("PNUM", value);
        } else if (name == "PNO") {
            if (!number(segment.pno))
                return bad("PNO", value);
        } else if (name == "RF") {
            segment.retransmitted = value == "1";
        }
    }
    if (!has_cn)
        return fail(Errc::missing_field, "the segment has no CN");
    if (segment.mn.empty())
        return fail(Errc::missing_field, "the segment has no MN");
    return segment;
}

void parse_data_area(std::string_view cp, std::vector<Field>& out)
{
    out.clear();
    while (!cp.empty()) {
        auto const end = separator_in(cp);
        auto const field = trimmed(cp.substr(0, end));
        cp.remove_prefix(std::min(end + 1, cp.size()));
        if (field.empty())
            continue;
        auto const equals = std::min(field.find('='), field.size());
        auto const name = field.substr(0, equals);
        Field parsed;
        if (equals < field.size())
            parsed.value = trimmed(field.substr(equals + 1));
        auto const dash = name.find('-');
        parsed.code = trimmed(name.substr(0, dash));
        if (dash != std::string_view::npos)
            parsed.part = trimmed(name.substr(dash + 1));
        out.push_back(parsed);
    }
}

bool same_name(std::string_view a, std::string_view b) noexcept
{
    auto const small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a == b || std::ranges::equal(a, b, {}, small, small);
}

std::string_view find_value(std::vector<Field> const& fields, std::string_view name) noexcept
{
    for (auto const& field : fields)
        if (field.part.empty() && same_name(field.code, name))
            return field.value;
    return {};
}

Result<UtcTime> parse_station_time(std::string_view text)
{
    using namespace std::chrono;
    auto const bad_time = [&] {
        return fail(Errc::bad_time, fmt::format("'{}' is not a time of 14 digits, YYYYMMDDhhmmss", to_valid_utf8(text.substr(0, 40))));
    };
    if ((text.size() != 12 && text.size() != 14 && text.size() != 17) ||
        std::ranges::any_of(text, [](char c) { return c < '0' || c > '9'; }))
        return bad_time();
    std::array<int, 7> part{};
    for (std::size_t i = 0; i < part.size() && 2 * i < text.size(); ++i)
        part[i] = (text[2 * i] - '0') * 10 + (text[2 * i + 1] - '0');
    int const millisecond = text.size() == 17 ? *whole(text.substr(14)) : 0;
    int const second = part[6];
    year_month_day const date{year{part[0] * 100 + part[1]}, month{static_cast<unsigned>(part[2])}, day{static_cast<unsigned>(part[3])}};
    if (!date.ok() || part[4] > 23 || part[5] > 59 || second > 59)
        return bad_time();
    return UtcTime{sys_days{date} + hours{part[4]} + minutes{part[5]} + seconds{second} + milliseconds{millisecond}} - beijing_offset;
}

std::string format_station_time(UtcTime time) { return beijing_digits(time, false); }
std::string format_qn(UtcTime time) { return beijing_digits(time, true); }

std::string to_segment(Outgoing const& m)
{
    std::string out;
    out.reserve(96 + m.mn.size() + m.cp.size());
    auto const text = [&](std::string_view name, std::string_view value) {
        if (!value.empty())
            out.append(name).append("=").append(value).append(";");
    };
    auto const number = [&](std::string_view name, std::optional<int> value) {
        if (value)
            text(name, std::to_string(*value));
    };
    text("QN", m.qn);
    text("ST", m.st);
    text("CN", std::to_string(m.cn));
    text("PW", m.pw);
    text("MN", m.mn);
    number("Flag", m.flag);
    number("PNUM", m.pnum);
    number("PNO", m.pno);
    if (m.retransmitted)
        out += "RF=1;";
    out.append(cp_begin).append(m.cp).append(cp_end);
    return out;
}

std::vector<std::string> to_data_areas(UtcTime data_time, std::vector<std::string> const& items, std::size_t limit)
{
    std::string const begin = "DataTime=" + format_station_time(data_time);
    std::vector<std::string> areas{begin};
    for (auto const& item : items) {
        if (areas.back().size() + 1 + item.size() > limit && areas.back().size() > begin.size())
            areas.push_back(begin);
        areas.back() += ";" + item;
    }
    return areas;
}

}  // namespace yihong::hj212
