#include "yihong/evaluate/duty.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;

bool is_on(DutyShift const& shift, UtcTime now)
{
    if (shift.begin && shift.end)
        return *shift.begin <= now && now < *shift.end;
    auto const length = shift.to - shift.from + (shift.to <= shift.from ? days{1} : days{0});
    auto const today = sys_days{beijing_date(now)};
    return std::ranges::any_of(std::array{today - days{1}, today}, [&](sys_days day) {
        bool const is_its_day = shift.weekdays == 0 || (shift.weekdays >> (weekday{day}.iso_encoding() - 1) & 1U) != 0;
        auto const begin = beijing_midnight(Date{day}) + shift.from;
        return is_its_day && begin <= now && now < begin + length;
    });
}

/// The plan's contacts of which `is_wanted(id)` holds.
template <typename IsWanted>
std::vector<Contact const*> contacts_where(AlertPlan const& plan, IsWanted is_wanted)
{
    std::vector<Contact const*> found;
    for (auto const& contact : plan.contacts) {
        if (is_wanted(contact.id))
            found.push_back(&contact);
    }
    return found;
}

bool is_day_off(WorkCalendar const& calendar, sys_days day)
{
    auto const holds = [day](std::vector<Date> const& dates) { return std::ranges::find(dates, Date{day}) != dates.end(); };
    return holds(calendar.holidays) || (weekday{day}.iso_encoding() > 5 && !holds(calendar.workdays));
}

sys_days days_after(WorkCalendar const& calendar, sys_days day, int count)
{
    if (!calendar.working_days)
        return day + days{count};
    while (count > 0) {
        day += days{1};
        if (!is_day_off(calendar, day))
            --count;
    }
    return day;
}

sys_days months_after(WorkCalendar const& calendar, sys_days day, int count)
{
    auto const month = Date{day} + std::chrono::months{count};
    sys_days end = month.ok() ? sys_days{month} : sys_days{month.year() / month.month() / std::chrono::last};
    while (calendar.working_days && is_day_off(calendar, end))
        end += days{1};
    return end;
}

}  // namespace

std::vector<Contact const*> on_duty(AlertPlan const& plan, UtcTime now)
{
    return contacts_where(plan, [&](std::string const& id) {
        return std::ranges::any_of(plan.duty, [&](DutyShift const& shift) {
            return std::ranges::find(shift.contacts, id) != shift.contacts.end() && is_on(shift, now);
        });
    });
}

Recipients recipients(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, int level, UtcTime now)
{
    std::vector<std::string> wanted;
    Recipients found;
    bool covered = false;
    bool with_duty = false;
    for (auto const& route : plan.routes) {
        if (route.level != level || !covers(route.scope, site, facts))
            continue;
        covered = true;
        with_duty = with_duty || route.on_duty;
        wanted.insert(wanted.end(), route.contacts.begin(), route.contacts.end());
        for (auto const& channel : route.channels) {
            if (std::ranges::find(found.channels, channel) == found.channels.end())
                found.channels.push_back(channel);
        }
    }
    if (with_duty || (level == 0 && !covered)) {
        for (auto const* contact : on_duty(plan, now))
            wanted.push_back(contact->id);
    }
    found.contacts = contacts_where(plan, [&](std::string const& id) { return std::ranges::find(wanted, id) != wanted.end(); });
    return found;
}

int last_level(AlertPlan const& plan, Site const& site, OverlayFacts const& facts) noexcept
{
    int last = 0;
    for (auto const& route : plan.routes) {
        if (covers(route.scope, site, facts))
            last = std::max(last, route.level);
    }
    return last;
}

bool is_within(DailyHours const& hours, UtcTime time) noexcept
{
    auto const of_day = time - beijing_midnight(beijing_date(time));
    if (hours.from <= hours.to)
        return hours.from <= of_day && of_day < hours.to;
    return hours.from <= of_day || of_day < hours.to;
}

UtcTime end_of(DailyHours const& hours, UtcTime time) noexcept
{
    if (!is_within(hours, time))
        return time;
    auto const end = beijing_midnight(beijing_date(time)) + hours.to;
    return end > time ? end : end + std::chrono::days{1};
}

bool in_maintenance(AlertPlan const& plan, Site const& site, OverlayFacts const& facts, UtcTime time) noexcept
{
    return std::ranges::any_of(plan.maintenance, [&](Maintenance const& work) {
        return work.begin <= time && time < work.end && covers(work.scope, site, facts);
    });
}

AlertDeadlines deadlines_from(AlertPlan const& plan, UtcTime registered, bool major)
{
    auto const& calendar = plan.calendar;
    auto const day = sys_days{beijing_date(registered)};
    auto const hour = registered - beijing_midnight(Date{day});
    auto const on = [&](sys_days end) { return beijing_midnight(Date{end}) + hour; };
    return {
        .assign_by = plan.assign_within > plan.assign_within.zero() ? registered + plan.assign_within
                                                                    : on(days_after(calendar, day, plan.assign_days)),
        .progress_by = on(days_after(calendar, day, plan.progress_days)),
        .resolve_by = on(major ? months_after(calendar, day, plan.major_months) : days_after(calendar, day, plan.resolve_days)),
        .major = major,
    };
}

}  // namespace yihong
