#include "plan_parts.hpp"

#include <algorithm>

namespace yihong {
namespace {

void read_dates(TableReader& calendar, std::string_view key, std::vector<Date>& to)
{
    std::vector<std::string> texts;
    calendar.texts(key, texts);
    for (auto const& text : texts) {
        if (auto const date = parse_date(text))
            to.push_back(*date);
        else
            calendar.problem(key, date.error().code, date.error().detail);
    }
    std::ranges::sort(to);
    if (auto const twice = std::ranges::adjacent_find(to); twice != to.end())
        calendar.problem(key, Errc::duplicate_id, fmt::format("{} stands here twice", format_date(*twice)));
}

}  // namespace

void read_calendar(TableReader calendar, WorkCalendar& to)
{
    calendar.flag("working_days", to.working_days);
    read_dates(calendar, "holidays", to.holidays);
    read_dates(calendar, "workdays", to.workdays);
    for (auto const date : to.workdays) {
        if (std::ranges::binary_search(to.holidays, date))
            calendar.problem("workdays", Errc::bad_value, fmt::format("{} is one of the holidays too", format_date(date)));
        if (std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding() < 6)
            calendar.problem("workdays", Errc::bad_value,
                             fmt::format("{} is neither a Saturday nor a Sunday, and worked anyway", format_date(date)));
    }
    calendar.finish();
}

}  // namespace yihong
