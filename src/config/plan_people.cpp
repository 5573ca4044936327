#include "plan_parts.hpp"
#include "values.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Dial characters only: the number is for people and for tel: links.
Result<std::string> phone_from(std::string_view text)
{
    if (text.size() < 3 || text.size() > 32 || text.find_first_not_of("0123456789+-() ") != std::string_view::npos)
        return fail(Errc::bad_value, fmt::format("\"{}\" is not a telephone number: 3 to 32 digits, + - ( ) and blanks", text));
    return std::string{text};
}

/// What stands in a mark of the robots' Markdown has none of its own.
Result<std::string> chat_id_from(std::string_view text)
{
    auto const may_stand = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '@';
    };
    if (text.empty() || text.size() > 64 || !std::ranges::all_of(text, may_stand))
        return fail(Errc::bad_value, fmt::format("\"{}\" is not a user id of a chat: 1 to 64 letters, digits, _ - . @", text));
    return std::string{text};
}

void read_contact_ids(TableReader& reader, PlanNames::Set const& known, std::vector<std::string>& to)
{
    read_names(reader, "contacts", to);
    for (auto const& id : to) {
        if (!known.contains(id))
            reader.problem("contacts", Errc::not_found, fmt::format("no [[contacts]] has the id \"{}\"", id));
    }
}

}  // namespace

Result<minutes> clock_from(std::string_view text)
{
    auto const digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1'000'000; };
    int const hour = digit(0) * 10 + digit(1);
    int const minute = digit(3) * 10 + digit(4);
    if (text.size() != 5 || text[2] != ':' || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
        return fail(Errc::bad_value, fmt::format("\"{}\" is not a time of day from 00:00 to 24:00", text));
    return minutes{hour * 60 + minute};
}

Contact read_contact(TableReader& contact)
{
    Contact to;
    contact.require("id");
    contact.parsed("id", to.id, identifier_from);
    to.name = to.id;
    contact.text("name", to.name);
    contact.text("role", to.role);
    contact.parsed("phone", to.phone, phone_from);
    contact.parsed("email", to.email, email_from);
    contact.parsed("dingtalk_id", to.dingtalk_id, chat_id_from);
    contact.parsed("wecom_id", to.wecom_id, chat_id_from);
    contact.parsed("feishu_id", to.feishu_id, chat_id_from);
    return to;
}

DutyShift read_shift(TableReader& shift, PlanNames::Set const& contacts)
{
    DutyShift to;
    shift.require("contacts");
    read_contact_ids(shift, contacts, to.contacts);
    shift.parsed("begin", to.begin, parse_rfc3339);
    shift.parsed("end", to.end, parse_rfc3339);
    bool const dated = shift.has("begin") || shift.has("end");
    if (dated) {
        shift.require("begin");
        shift.require("end");
        require_order(shift, to.begin, to.end);
        for (std::string_view const key : {"weekdays", "from", "to"}) {
            if (shift.has(key))
                shift.problem(key, Errc::bad_value, "a shift has either begin and end, or weekdays, from and to");
        }
    }
    std::vector<std::string> weekdays;
    read_names(shift, "weekdays", weekdays);
    for (auto const& name : weekdays) {
        auto const found = std::ranges::find(weekday_names, name);
        if (found == weekday_names.end())
            shift.problem("weekdays", Errc::bad_value, fmt::format("\"{}\" is not one of {}", name, fmt::join(weekday_names, ", ")));
        else
            to.weekdays |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(found - weekday_names.begin()));
    }
    shift.parsed("from", to.from, clock_from);
    shift.parsed("to", to.to, clock_from);
    if (to.from >= days{1})
        shift.problem("from", Errc::bad_value, "must be before 24:00");
    return to;
}

AlertRoute read_route(TableReader& route, PlanNames::Set const& contacts)
{
    AlertRoute to;
    read_scope(route, to.scope);
    route.whole("level", to.level, 0, 9);
    read_contact_ids(route, contacts, to.contacts);
    read_names(route, "channels", to.channels);
    route.flag("on_duty", to.on_duty);
    if (!route.has("contacts") && !route.has("channels") && !to.on_duty)
        route.problem("contacts", Errc::missing_field, "the route leads to nobody; give contacts, channels, or on_duty = true");
    return to;
}

Maintenance read_maintenance(TableReader& maintenance)
{
    Maintenance to;
    maintenance.require("scope");
    read_scope(maintenance, to.scope);
    if (maintenance.has("scope") && to.scope == AlertScope{})
        maintenance.problem("scope", Errc::bad_value,
                            "names nothing, and would cover every site; name the sites, or kind, level, river, county, zone");
    std::optional<UtcTime> begin;
    std::optional<UtcTime> end;
    maintenance.require("begin");
    maintenance.parsed("begin", begin, parse_rfc3339);
    maintenance.require("end");
    maintenance.parsed("end", end, parse_rfc3339);
    require_order(maintenance, begin, end);
    maintenance.text("reason", to.reason);
    to.begin = begin.value_or(UtcTime{});
    to.end = end.value_or(UtcTime{});
    return to;
}

}  // namespace yihong
