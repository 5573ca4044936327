#include "yihong/base/time.hpp"

#include <array>
#include <charconv>

namespace yihong {
namespace {

using namespace std::chrono;

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& value) noexcept
{
    if (at + count > text.size())
        return false;
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

void append_number(std::string& out, int value, int width)
{
    std::array<char, 8> digits;
    for (int i = width - 1; i >= 0; --i, value /= 10)
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), static_cast<std::size_t>(width));
}

/// Four digits; with a sign where they do not do, as ISO 8601 has it (扩展表示): a wrong clock is shown as it is.
void append_year(std::string& out, int year)
{
    constexpr int last = 9999;
    if (year < 0 || year > last)
        out += year < 0 ? '-' : '+';
    append_number(out, year < 0 ? -year : year, year > last ? 5 : 4);
}

std::unexpected<Failure> bad_time(std::string_view text, std::string_view why)
{
    return fail(Errc::bad_time, "'" + std::string{text.substr(0, 48)} + "' " + std::string{why});
}

void append_local(std::string& out, UtcTime time)
{
    auto const day = floor<days>(time);
    year_month_day const date{day};
    auto const ms = (time - day).count();
    append_year(out, static_cast<int>(date.year()));
    out += '-';
    append_number(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
    out += '-';
    append_number(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
    out += 'T';
    append_number(out, static_cast<int>(ms / 3'600'000), 2);
    out += ':';
    append_number(out, static_cast<int>(ms / 60'000 % 60), 2);
    out += ':';
    append_number(out, static_cast<int>(ms / 1000 % 60), 2);
    if (ms % 1000 != 0) {
        out += '.';
        append_number(out, static_cast<int>(ms % 1000), 3);
    }
}

}  // namespace

UtcTime utc_now() noexcept { return floor<milliseconds>(system_clock::now()); }

Date beijing_date(UtcTime time) noexcept { return Date{floor<days>(time + beijing_offset)}; }

UtcTime beijing_midnight(Date date) noexcept { return UtcTime{sys_days{date}} - beijing_offset; }

Result<Date> parse_date(std::string_view text)
{
    int y = 0, m = 0, d = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !read_digits(text, 0, 4, y) || !read_digits(text, 5, 2, m) ||
        !read_digits(text, 8, 2, d))
        return bad_time(text, "is not a date like 2025-11-06");
    Date const date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!date.ok())
        return bad_time(text, "is not a day of the calendar");
    return date;
}

std::string format_date(Date date)
{
    std::string out;
    append_local(out, UtcTime{sys_days{date}});
    out.resize(out.find('T'));
    return out;
}

Result<UtcTime> parse_rfc3339(std::string_view text)
{
    constexpr std::string_view shape = "is not a time like 2025-11-06T20:00:00+08:00";
    auto const date = parse_date(text.substr(0, 10));
    if (!date)
        return bad_time(text, date.error().detail.ends_with("calendar") ? "is not a day of the calendar" : shape);
    int h = 0, min = 0, s = 0;
    if (text.size() < 19 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' || text[16] != ':' ||
        !read_digits(text, 11, 2, h) || !read_digits(text, 14, 2, min) || !read_digits(text, 17, 2, s))
        return bad_time(text, shape);
    if (h > 23 || min > 59 || s > 60)
        return bad_time(text, "is not a time of day");
    std::size_t at = 19;
    int ms = 0;
    if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
        int weight = 100;
        std::size_t const first = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, weight /= 10)
            ms += (text[at] - '0') * weight;      // beyond milliseconds the weight is zero
        if (at == first)
            return bad_time(text, shape);
    }
    int offset = 0;
    if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z')) {
        offset = 0;
    } else if (at == text.size()) {
        return bad_time(text, "has no offset: add +08:00 for Beijing time, or Z for UTC");
    } else {
        int oh = 0, om = 0;
        char const sign = text[at];
        if ((sign != '+' && sign != '-' && sign != ' ') || text.size() != at + 6 || text[at + 3] != ':' ||
            !read_digits(text, at + 1, 2, oh) || !read_digits(text, at + 4, 2, om) || oh > 23 || om > 59)
            return bad_time(text, "has a bad offset: it should look like +08:00 or Z");
        offset = (oh * 60 + om) * (sign == '-' ? -1 : 1);
    }
    // second 60 (a leap second) falls on the next second
    return UtcTime{sys_days{*date}} + hours{h} + minutes{min - offset} + seconds{s} + milliseconds{ms};
}

void append_rfc3339(std::string& out, UtcTime time)
{
    append_local(out, time);
    out += 'Z';
}

std::string format_rfc3339(UtcTime time)
{
    std::string out;
    append_rfc3339(out, time);
    return out;
}

std::string format_beijing(UtcTime time)
{
    std::string out;
    append_local(out, time + beijing_offset);
    return out + "+08:00";
}

std::string format_beijing_minute(UtcTime time)
{
    auto text = format_beijing(time).substr(0, 16);
    text[10] = ' ';
    return text;
}

Result<TimeInterval> parse_time_interval(std::string_view text)
{
    auto const parse_end = [&](std::string_view part, bool end_of_day) -> Result<std::optional<UtcTime>> {
        if (part.empty() || part == "..")
            return std::nullopt;
        if (part.size() == 10) {
            auto const date = parse_date(part);
            if (!date)
                return std::unexpected{date.error()};
            return beijing_midnight(*date) + (end_of_day ? days{1} - milliseconds{1} : milliseconds{0});
        }
        auto const time = parse_rfc3339(part);
        if (!time)
            return std::unexpected{time.error()};
        return *time;
    };
    auto const slash = text.find('/');
    if (text.empty() || (slash == std::string_view::npos && text == ".."))
        return bad_time(text, "is neither a time nor an interval like A/B, ../B or A/..");
    auto const begin = parse_end(text.substr(0, slash), false);
    auto const end = parse_end(slash == std::string_view::npos ? text : text.substr(slash + 1), true);
    if (!begin)
        return std::unexpected{begin.error()};
    if (!end)
        return std::unexpected{end.error()};
    if (*begin && *end && **begin > **end)
        return bad_time(text, "ends before it begins");
    return TimeInterval{*begin, *end};
}

}  // namespace yihong
