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

void read_quiet(TableReader quiet, DailyHours& to)
{
    quiet.parsed("from", to.from, clock_from);
    quiet.parsed("to", to.to, clock_from);
    if (to.from >= std::chrono::days{1})
        quiet.problem("from", Errc::bad_value, "must be before 24:00");
    quiet.finish();
}

void read_digest(TableReader digest, std::optional<std::chrono::minutes>& to)
{
    digest.parsed("at", to, [](std::string_view text) -> Result<std::optional<std::chrono::minutes>> {
        if (text == "off")
            return std::nullopt;
        auto const at = clock_from(text);
        if (!at || *at >= std::chrono::days{1})
            return fail(Errc::bad_value, fmt::format("\"{}\" is neither a time of day from 00:00 to 23:59 nor \"off\"", text));
        return *at;
    });
    digest.finish();
}

}  // namespace yihong
