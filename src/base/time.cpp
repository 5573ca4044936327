#include "yihong/base/time.hpp"

#include <array>
#include <cstring>

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

/// `00` to `99`
constexpr auto pairs = [] {
    std::array<std::array<char, 2>, 100> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    return all;
}();

/// \pre 0 <= value < 100
char* write_pair(char* at, unsigned value) noexcept
{
    std::memcpy(at, pairs[value].data(), 2);
    return at + 2;
}

/// Four digits; with a sign where they do not do, as ISO 8601 has it (扩展表示): a wrong clock is shown as it is.
char* write_year(char* at, int year) noexcept
{
    constexpr int last = 9999;
    if (year < 0 || year > last)
        *at++ = year < 0 ? '-' : '+';
    auto const number = static_cast<unsigned>(year < 0 ? -year : year) % 100'000;
    if (number > last)
        *at++ = static_cast<char>('0' + number / 10'000);
    return write_pair(write_pair(at, number / 100 % 100), number % 100);
}

std::unexpected<Failure> bad_time(std::string_view text, std::string_view why)
{
    return fail(Errc::bad_time, "'" + std::string{text.substr(0, 48)} + "' " + std::string{why});
}

char* write_date(char* at, year_month_day date) noexcept
{
    at = write_year(at, static_cast<int>(date.year()));
    *at++ = '-';
    at = write_pair(at, static_cast<unsigned>(date.month()));
    *at++ = '-';
    return write_pair(at, static_cast<unsigned>(date.day()));
}

/// Without an offset.
char* write_local(char* at, UtcTime time) noexcept
{
    auto const day = floor<days>(time);
    auto const ms = static_cast<unsigned>((time - day).count());
    at = write_date(at, day);
    *at++ = 'T';
    at = write_pair(at, ms / 3'600'000);
    *at++ = ':';
    at = write_pair(at, ms / 60'000 % 60);
    *at++ = ':';
    at = write_pair(at, ms / 1000 % 60);
    if (auto const rest = ms % 1000; rest != 0) {
        *at++ = '.';
        *at++ = static_cast<char>('0' + rest / 100);
        at = write_pair(at, rest % 100);
    }
    return at;
}

/// The text that `write(char* at)` writes.
template <typename Write>
std::string written(Write write)
{
    std::array<char, most_rfc3339_characters> text;
    return {text.data(), write(text.data())};
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
    return written([&](char* at) { return write_date(at, sys_days{date}); });
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

char* write_rfc3339(char* at, UtcTime time) noexcept
{
    at = write_local(at, time);
    *at++ = 'Z';
    return at;
}

void append_rfc3339(std::string& out, UtcTime time)
{
    std::array<char, most_rfc3339_characters> text;
    out.append(text.data(), write_rfc3339(text.data(), time));
}

std::string format_rfc3339(UtcTime time)
{
    return written([&](char* at) { return write_rfc3339(at, time); });
}

std::string format_beijing(UtcTime time)
{
    return written([&](char* at) { return write_local(at, time + beijing_offset); }) + "+08:00";
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
