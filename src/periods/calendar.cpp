#include "yihong/periods/calendar.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> kind_names{"hour",      "day",  "week",         "ten_days",       "month",        "quarter",
                                                      "half_year", "year", "year_to_date", "last_12_months", "last_30_days", "interval"};
constexpr std::string_view days_or_longer =
    "2025, 2025-H1, 2025-Q3, 2025-10, 2025-10-X2, 2025-W45, 2025-10-03, 2025-10-YTD, 2025-10-M12, 2025-10-03-D30";
constexpr std::array<std::string_view, 3> thirds{"上旬", "中旬", "下旬"};

Period between(PeriodKind kind, sys_days first, sys_days behind) noexcept
{
    return {kind, UtcTime{first} - beijing_offset, UtcTime{behind} - beijing_offset};
}

/// `'2025-13'`, cut where it is long.
std::string shown(std::string_view text) { return "'" + to_valid_utf8(text.substr(0, 48)) + "'"; }

sys_days day_in_beijing(UtcTime time) noexcept { return floor<days>(time + beijing_offset); }

int number_of(month value) noexcept { return static_cast<int>(static_cast<unsigned>(value)); }

Period months_from(PeriodKind kind, year in, int number, int count) noexcept
{
    auto const first = year_month{in, January} + months{number - 1};
    return between(kind, sys_days{first / 1}, sys_days{(first + months{count}) / 1});
}

/// Monday of the first ISO week: the one with 4 January.
sys_days first_monday(year in) noexcept
{
    sys_days const fourth{in / January / 4};
    return fourth - (weekday{fourth} - Monday);
}

struct Week {
    year in;
    int number = 0;
};
Week week_of(sys_days day) noexcept
{
    auto const thursday = day - (weekday{day} - Monday) + days{3};
    auto const in = year_month_day{thursday}.year();
    return {in, static_cast<int>((thursday - first_monday(in)).count() / 7) + 1};
}

Period third_of_month(year_month in, int number) noexcept
{
    sys_days const first{in / 1};
    sys_days const behind{(in + months{1}) / 1};
    return between(PeriodKind::ten_days, first + days{(number - 1) * 10}, number == 3 ? behind : first + days{number * 10});
}

Period months_up_to(PeriodKind kind, year_month last, unsigned count) noexcept
{
    auto const behind = last + months{1};
    return between(kind, sys_days{(behind - months{count}) / 1}, sys_days{behind / 1});
}

/// The year up to a month, twelve months up to it.
Period months_so_far(PeriodKind kind, year_month last) noexcept
{
    return months_up_to(kind, last, kind == PeriodKind::year_to_date ? static_cast<unsigned>(last.month()) : 12U);
}

Period thirty_days(sys_days last) noexcept { return between(PeriodKind::last_30_days, last - days{29}, last + days{1}); }

std::optional<int> whole_number(std::string_view text) noexcept
{
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits && error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

/// The kind that a span of whole months is.
PeriodKind kind_of_months(year_month first, int count) noexcept
{
    int const number = number_of(first.month());
    if (count == 1)
        return PeriodKind::month;
    if (count == 3 && number % 3 == 1)
        return PeriodKind::quarter;
    if (count == 6 && number % 6 == 1)
        return PeriodKind::half_year;
    return count == 12 && number == 1 ? PeriodKind::year : PeriodKind::interval;
}

year_month month_in_beijing(UtcTime time) noexcept
{
    auto const date = beijing_date(time);
    return date.year() / date.month();
}

int months_between(UtcTime begin, UtcTime end) noexcept
{
    return static_cast<int>((month_in_beijing(end) - month_in_beijing(begin)).count());
}

std::optional<Period> part_of_year(year in, std::string_view rest)
{
    auto const number = rest.size() > 1 ? whole_number(rest.substr(1)) : std::nullopt;
    if (!number)
        return std::nullopt;
    if (rest[0] == 'H' && rest.size() == 2 && *number >= 1 && *number <= 2)
        return months_from(PeriodKind::half_year, in, *number * 6 - 5, 6);
    if (rest[0] == 'Q' && rest.size() == 2 && *number >= 1 && *number <= 4)
        return months_from(PeriodKind::quarter, in, *number * 3 - 2, 3);
    if (rest[0] == 'W' && rest.size() == 3 && *number >= 1) {
        auto const first = first_monday(in) + days{(*number - 1) * 7};
        if (week_of(first).in == in)
            return between(PeriodKind::week, first, first + days{7});
    }
    return std::nullopt;
}

std::optional<Period> one_period(std::string_view text)
{
    auto const number = text.size() >= 4 ? whole_number(text.substr(0, 4)) : std::nullopt;
    if (!number || *number < 1900 || *number > 2999)
        return std::nullopt;
    year const in{*number};
    if (text.size() == 4)
        return months_from(PeriodKind::year, in, 1, 12);
    if (text[4] != '-' || text.size() < 7)
        return std::nullopt;
    if (auto const part = part_of_year(in, text.substr(5)))
        return part;
    auto const month_number = whole_number(text.substr(5, 2));
    if (!month_number || *month_number < 1 || *month_number > 12)
        return std::nullopt;
    if (text.size() == 7)
        return months_from(PeriodKind::month, in, *month_number, 1);
    if (text.size() == 10 && text.substr(7, 2) == "-X" && text[9] >= '1' && text[9] <= '3')
        return third_of_month(in / month{static_cast<unsigned>(*month_number)}, text[9] - '0');
    year_month const of{in, month{static_cast<unsigned>(*month_number)}};
    if (auto const rest = text.substr(7); rest == "-YTD" || rest == "-M12")
        return months_so_far(rest == "-YTD" ? PeriodKind::year_to_date : PeriodKind::last_12_months, of);
    auto const date = text.size() >= 10 ? parse_date(text.substr(0, 10)) : fail(Errc::bad_time, "");
    if (!date)
        return std::nullopt;
    if (text.size() == 10)
        return between(PeriodKind::day, sys_days{*date}, sys_days{*date} + days{1});
    if (text.substr(10) == "-D30")
        return thirty_days(sys_days{*date});
    auto const hour = text.size() == 13 && text[10] == 'T' ? whole_number(text.substr(11)) : std::nullopt;
    if (!hour || *hour > 23)
        return std::nullopt;
    auto const begin = beijing_midnight(*date) + hours{*hour};
    return Period{PeriodKind::hour, begin, begin + hours{1}};
}

bool is_whole_days(Period const& period) noexcept
{
    auto const is_midnight = [](UtcTime time) { return beijing_midnight(beijing_date(time)) == time; };
    return is_midnight(period.begin) && is_midnight(period.end);
}

/// `10月3日`
std::string day_label(Date date) { return fmt::format("{}月{}日", number_of(date.month()), static_cast<unsigned>(date.day())); }
/// `08时`
std::string hour_label(UtcTime time) { return format_beijing(time).substr(11, 2) + "时"; }

/// `2025年1—10月`, `2025年10月3日—10月17日`
std::string label_of_interval(Period const& period)
{
    auto const first = period.first_day();
    auto const last = period.last_day();
    auto const y = static_cast<int>(first.year());
    bool const one_year = first.year() == last.year();
    if (is_whole_months(period))
        return one_year
                   ? fmt::format("{}年{}—{}月", y, number_of(first.month()), number_of(last.month()))
                   : fmt::format("{}年{}月—{}年{}月", y, number_of(first.month()), static_cast<int>(last.year()), number_of(last.month()));
    bool const has_hours = !is_whole_days(period);
    auto const moment = [&](Date date, UtcTime in) { return has_hours ? day_label(date) + hour_label(in) : day_label(date); };
    auto const from = moment(first, period.begin);
    auto const to = moment(last, period.end - milliseconds{1});
    return one_year ? fmt::format("{}年{}—{}", y, from, to) : fmt::format("{}年{}—{}年{}", y, from, static_cast<int>(last.year()), to);
}

/// The same day of another year; 29 February becomes the 28th.
sys_days moved_by_years(sys_days day, int years_on) noexcept
{
    year_month_day const date{day};
    auto const moved = (date.year() + years{years_on}) / date.month() / date.day();
    return moved.ok() ? sys_days{moved} : sys_days{moved.year() / moved.month() / last};
}

}  // namespace

std::string_view to_text(PeriodKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

Result<Period> parse_period(std::string_view text)
{
    auto const slash = text.find('/');
    auto const begin = one_period(text.substr(0, slash));
    auto const end = slash == std::string_view::npos ? begin : one_period(text.substr(slash + 1));
    if (!begin || !end)
        return fail(Errc::bad_time,
                    fmt::format("{} is no period: {}, 2025-10-03T08, or two of them with / between", shown(text), days_or_longer));
    if (end->end <= begin->begin)
        return fail(Errc::bad_time,
                    fmt::format("{} ends before it begins: the earlier one stands first, as in 2025-01/2025-10", shown(text)));
    if (slash == std::string_view::npos)
        return *begin;
    if (begin->kind == PeriodKind::hour || end->kind == PeriodKind::hour)
        return Period{PeriodKind::interval, begin->begin, end->end};
    return days_between(begin->first_day(), end->last_day());
}

Result<Period> parse_period(std::string_view text, UtcTime now)
{
    if (text == "year-to-date")
        return period_of(PeriodKind::year_to_date, now);
    if (text == "last-12-months")
        return period_of(PeriodKind::last_12_months, period_of(PeriodKind::month, now).begin - milliseconds{1});
    if (text == "last-30-days")
        return period_of(PeriodKind::last_30_days, period_of(PeriodKind::day, now).begin - milliseconds{1});
    auto period = parse_period(text);
    if (!period && text.find('/') == std::string_view::npos)
        period.error().detail += "; or year-to-date, last-12-months, last-30-days";
    return period;
}

Result<Period> parse_listed_period(std::string_view text)
{
    auto const period = one_period(text);
    if (!period || period->kind == PeriodKind::hour)
        return fail(Errc::bad_time, fmt::format("{} is no period of a day or longer: {}; hours and intervals are not taken here",
                                                shown(text), days_or_longer));
    return *period;
}

std::string period_code(Period const& period)
{
    auto const code_of_month = [](Date day) { return fmt::format("{:04}-{:02}", static_cast<int>(day.year()), number_of(day.month())); };
    auto const first = period.first_day();
    auto const y = static_cast<int>(first.year());
    auto const m = number_of(first.month());
    switch (period.kind) {
    case PeriodKind::hour: return format_beijing(period.begin).substr(0, 13);
    case PeriodKind::day: return format_date(first);
    case PeriodKind::week: {
        auto const week = week_of(sys_days{first});
        return fmt::format("{:04}-W{:02}", static_cast<int>(week.in), week.number);
    }
    case PeriodKind::ten_days: return fmt::format("{:04}-{:02}-X{}", y, m, static_cast<unsigned>(first.day()) / 10 + 1);
    case PeriodKind::month: return fmt::format("{:04}-{:02}", y, m);
    case PeriodKind::quarter: return fmt::format("{:04}-Q{}", y, (m + 2) / 3);
    case PeriodKind::half_year: return fmt::format("{:04}-H{}", y, (m + 5) / 6);
    case PeriodKind::year: return fmt::format("{:04}", y);
    case PeriodKind::year_to_date: return code_of_month(period.last_day()) + "-YTD";
    case PeriodKind::last_12_months: return code_of_month(period.last_day()) + "-M12";
    case PeriodKind::last_30_days: return format_date(period.last_day()) + "-D30";
    case PeriodKind::interval: break;
    }
    if (is_whole_months(period)) {
        auto const last = period.last_day();
        return fmt::format("{:04}-{:02}/{:04}-{:02}", y, m, static_cast<int>(last.year()), number_of(last.month()));
    }
    if (!is_whole_days(period))
        return format_beijing(period.begin).substr(0, 13) + "/" + format_beijing(period.end - hours{1}).substr(0, 13);
    return format_date(first) + "/" + format_date(period.last_day());
}

std::string period_label(Period const& period)
{
    auto const first = period.first_day();
    auto const last = period.last_day();
    auto const y = static_cast<int>(first.year());
    auto const m = number_of(first.month());
    switch (period.kind) {
    case PeriodKind::hour: return fmt::format("{}年{}{}", y, day_label(first), hour_label(period.begin));
    case PeriodKind::day: return fmt::format("{}年{}", y, day_label(first));
    case PeriodKind::week: {
        auto const week = week_of(sys_days{first});
        return fmt::format("{}年第{}周（{}—{}）", static_cast<int>(week.in), week.number, day_label(first), day_label(last));
    }
    case PeriodKind::ten_days: return fmt::format("{}年{}月{}", y, m, thirds.at(static_cast<unsigned>(first.day()) / 10));
    case PeriodKind::month: return fmt::format("{}年{}月", y, m);
    case PeriodKind::quarter: return fmt::format("{}年第{}季度", y, (m + 2) / 3);
    case PeriodKind::half_year: return fmt::format("{}年{}", y, m == 1 ? "上半年" : "下半年");
    case PeriodKind::year: return fmt::format("{}年", y);
    case PeriodKind::year_to_date:
        if (last.month() == January)
            return fmt::format("{}年1月", y);
        break;
    case PeriodKind::last_12_months: return label_of_interval(period) + "（近12个月）";
    case PeriodKind::last_30_days: return label_of_interval(period) + "（近30天）";
    case PeriodKind::interval: break;
    }
    return label_of_interval(period);
}

Period period_of(PeriodKind kind, UtcTime time) noexcept
{
    auto const day = day_in_beijing(time);
    year_month_day const date{day};
    auto const number = number_of(date.month());
    switch (kind) {
    case PeriodKind::hour: {
        auto const begin = floor<hours>(time);
        return {kind, begin, begin + hours{1}};
    }
    case PeriodKind::week: {
        auto const monday = day - (weekday{day} - Monday);
        return between(kind, monday, monday + days{7});
    }
    case PeriodKind::ten_days:
        return third_of_month(date.year() / date.month(), std::min(3, static_cast<int>((static_cast<unsigned>(date.day()) - 1) / 10) + 1));
    case PeriodKind::month: return months_from(kind, date.year(), number, 1);
    case PeriodKind::quarter: return months_from(kind, date.year(), (number - 1) / 3 * 3 + 1, 3);
    case PeriodKind::half_year: return months_from(kind, date.year(), (number - 1) / 6 * 6 + 1, 6);
    case PeriodKind::year: return months_from(kind, date.year(), 1, 12);
    case PeriodKind::year_to_date:
    case PeriodKind::last_12_months: return months_so_far(kind, date.year() / date.month());
    case PeriodKind::last_30_days: return thirty_days(day);
    case PeriodKind::day:
    case PeriodKind::interval: break;
    }
    return between(PeriodKind::day, day, day + days{1});
}

Period days_between(Date first, Date last) noexcept
{
    auto period = between(PeriodKind::interval, sys_days{first}, sys_days{last} + days{1});
    if (is_whole_months(period))
        period.kind = kind_of_months(first.year() / first.month(), months_between(period.begin, period.end));
    else if (first == last)
        period.kind = PeriodKind::day;
    return period;
}

Period year_to_date(Period const& period) noexcept
{
    auto const last = period.last_day();
    return days_between(last.year() / January / 1, last);
}

Period last_months(Period const& period, int count) noexcept
{
    auto made = months_up_to(PeriodKind::interval, month_in_beijing(period.end - milliseconds{1}), static_cast<unsigned>(count));
    made.kind = kind_of_months(month_in_beijing(made.begin), count);
    return made;
}

Period last_days(Period const& period, int count) noexcept
{
    auto const last = sys_days{period.last_day()};
    return between(PeriodKind::interval, last - days{count - 1}, last + days{1});
}

int year_of(Period const& period) noexcept
{
    if (period.kind == PeriodKind::week)
        return static_cast<int>(week_of(sys_days{period.first_day()}).in);
    bool const runs = period.kind == PeriodKind::last_12_months || period.kind == PeriodKind::last_30_days;
    return static_cast<int>((runs ? period.last_day() : period.first_day()).year());
}

std::optional<Period> in_year(Period const& period, int to) noexcept
{
    if (period.kind == PeriodKind::week) {
        auto const first = first_monday(year{to}) + days{(week_of(sys_days{period.first_day()}).number - 1) * 7};
        return week_of(first).in == year{to} ? std::optional{between(PeriodKind::week, first, first + days{7})} : std::nullopt;
    }
    int const on = to - year_of(period);
    if (period.kind == PeriodKind::last_30_days)
        return thirty_days(moved_by_years(sys_days{period.last_day()}, on));
    auto const moved = [on](UtcTime time) {
        auto const day = day_in_beijing(time);
        return UtcTime{moved_by_years(day, on)} + (time - UtcTime{day});
    };
    auto const begin = moved(period.begin);
    auto const end = moved(period.end);                    // so months stay whole whatever February has
    bool const is_one = period.kind == PeriodKind::hour || period.kind == PeriodKind::day;
    return Period{period.kind, begin, is_one || end <= begin ? begin + (period.end - period.begin) : end};
}

Period previous(Period const& period) noexcept
{
    bool const is_months_so_far = period.kind == PeriodKind::year_to_date;
    if (period.kind != PeriodKind::interval && !is_months_so_far)
        return period_of(period.kind, period.begin - milliseconds{1});
    if (!is_whole_months(period))
        return {period.kind, period.begin - (period.end - period.begin), period.begin};
    auto const first = month_in_beijing(period.begin);
    auto const before = first - months{months_between(period.begin, period.end)};
    return days_between(before / 1, (first - months{1}) / last);
}

Period until(Period const& period, UtcTime now) noexcept
{
    if (now >= period.end)
        return period;
    return {PeriodKind::interval, period.begin, std::max(period.begin, now)};
}

int days_in(Period const& period) noexcept
{
    if (period.end <= period.begin)
        return 0;
    return static_cast<int>((day_in_beijing(period.end - milliseconds{1}) - day_in_beijing(period.begin)).count()) + 1;
}

bool is_whole_months(Period const& period) noexcept
{
    auto const begins = [](UtcTime time) { return UtcTime{sys_days{month_in_beijing(time) / 1}} - beijing_offset == time; };
    return begins(period.begin) && begins(period.end) && period.begin < period.end;
}

std::vector<Period> months_of(Period const& period)
{
    std::vector<Period> months;
    months.reserve(static_cast<std::size_t>(months_between(period.begin, period.end)) + 1);
    for (auto at = period_of(PeriodKind::month, period.begin); at.begin < period.end; at = period_of(PeriodKind::month, at.end))
        months.push_back(at);
    return months;
}

}  // namespace yihong
