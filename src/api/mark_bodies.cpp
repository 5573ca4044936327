#include "marks.hpp"

#include "yihong/base/text.hpp"
#include "yihong/http/json_body.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

using http::flag_member;
using http::list_member;
using http::read_object;
using http::text_member;
using std::chrono::days;

constexpr std::size_t reason_limit = 1000;
constexpr std::size_t name_limit = 200;
constexpr std::size_t most_parameters = 100;
constexpr std::size_t most_rows = 5000;            // each is held against every mark, on the writer's thread

/// The members of a body as they are written.
struct Written {
    std::string kind, site, place, begin, end, reason, document, by, note;
    std::vector<std::string> parameters;
    std::optional<bool> rejected;
};

struct Moment {
    UtcTime time{};
    bool is_day = false;
};

/// `2025-10-03` (midnight in Beijing at its beginning), or RFC 3339.
Result<Moment> read_moment(std::string_view name, std::string_view text)
{
    if (auto const day = parse_date(text))
        return Moment{beijing_midnight(*day), true};
    auto const time = parse_rfc3339(text);
    if (!time)
        return fail(Errc::bad_time,
                    std::string{name} + ": must be a day of Beijing such as 2025-10-03, or an RFC 3339 time with an offset");
    return Moment{*time, false};
}

/// A day as an end is part of it.
Result<UtcTime> read_end(std::string_view text)
{
    auto const moment = read_moment("end", text);
    if (!moment)
        return std::unexpected{moment.error()};
    return moment->is_day ? moment->time + days{1} : moment->time;
}

bool is_midnight(UtcTime time) { return beijing_midnight(beijing_date(time)) == time; }

bool takes(PeriodMarkKind mark, SiteKind site)
{
    switch (mark) {
    case PeriodMarkKind::dust: return site == SiteKind::air_station;
    case PeriodMarkKind::stop: return site == SiteKind::outfall || site == SiteKind::wastewater_plant;
    default: return is_water(site);
    }
}
std::string_view what_takes(PeriodMarkKind kind)
{
    return kind == PeriodMarkKind::dust   ? "an air station"
           : kind == PeriodMarkKind::stop ? "an outfall or plant"
                                          : "a section or point of a lake";
}

Result<void> take_kind(std::string_view text, PeriodMark& mark)
{
    auto const kind = std::ranges::find(all_period_mark_kinds, text, [](PeriodMarkKind one) { return to_text(one); });
    if (kind == all_period_mark_kinds.end())
        return fail(text.empty() ? Errc::missing_field : Errc::bad_value,
                    "kind: one of dry, not_measured, background, upstream, dust, stop");
    mark.kind = *kind;
    return {};
}

/// Whose the place is: the whole city's marks name no place.
Result<std::string> known_place(std::string const& place, MarkPlaces const& places)
{
    auto const& all = places.world.sites->all();
    if (place.empty() || (!places.city.empty() && (place == places.city || std::string{place} + "市" == places.city)))
        return std::string{};
    PeriodMark probe;
    probe.kind = PeriodMarkKind::dust;
    probe.place = place;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (is_of_station(probe, all[i], places.world.facts[i]))
            return place;
    return fail(Errc::bad_value, "place: there is no air station of '" + to_valid_utf8(std::string_view{place}.substr(0, 60)) + "'");
}

Result<void> take_where(Written const& written, MarkPlaces const& places, PeriodMark& mark)
{
    bool const is_dust = mark.kind == PeriodMarkKind::dust;
    if (!is_dust && !written.place.empty())
        return fail(Errc::bad_value, "place: only dust is of a place; name a site");
    if (!written.site.empty() && !written.place.empty())
        return fail(Errc::bad_value, "place: dust is of a place or of a site, not of both");
    if (written.site.empty() && !is_dust)
        return fail(Errc::missing_field, "site: the id of " + std::string{what_takes(mark.kind)});
    auto place = known_place(written.place, places);
    if (!place)
        return std::unexpected{place.error()};
    mark.place = *std::move(place);
    if (written.site.empty())
        return {};
    auto const* site = places.world.sites->find(written.site);
    if (!site || !takes(mark.kind, site->kind))
        return fail(site ? Errc::bad_value : Errc::unknown_site, "site: '" + to_valid_utf8(std::string_view{written.site}.substr(0, 60)) +
                                                                     "' is not the id of " + std::string{what_takes(mark.kind)});
    mark.site = site->id;
    return {};
}

Result<void> take_time(Written const& written, PeriodMark& mark)
{
    if (!written.begin.empty()) {
        auto const begin = read_moment("begin", written.begin);
        if (!begin)
            return std::unexpected{begin.error()};
        mark.begin = begin->time;
        if (mark.kind == PeriodMarkKind::dust && written.end.empty())
            mark.end = mark.begin + days{1};
    }
    if (!written.end.empty()) {
        auto const end = read_end(written.end);
        if (!end)
            return std::unexpected{end.error()};
        mark.end = *end;
    }
    if (mark.kind != PeriodMarkKind::stop && (!is_midnight(mark.begin) || (mark.end && !is_midnight(*mark.end))))
        return fail(Errc::bad_time, "begin, end: this kind is of whole days of Beijing; only a stop has hours");
    if (mark.end && *mark.end <= mark.begin)
        return fail(Errc::bad_time, "end: must lie behind begin; a day as an end is part of it");
    return {};
}

Result<void> take_parameters(Written const& written, ParameterBook const& book, PeriodMark& mark)
{
    bool const has_items = mark.kind == PeriodMarkKind::background || mark.kind == PeriodMarkKind::upstream;
    if (!has_items && !written.parameters.empty())
        return fail(Errc::bad_value, "parameters: only background and upstream are of items");
    if (mark.kind == PeriodMarkKind::background && written.parameters.empty())
        return fail(Errc::missing_field, "parameters: the items that have a natural background, such as [\"fluoride\"]");
    mark.parameters.clear();
    for (auto const& name : written.parameters) {
        auto const* parameter = book.find(name);
        if (!parameter)
            return fail(Errc::unknown_parameter,
                        "parameters: there is no item '" + to_valid_utf8(std::string_view{name}.substr(0, 60)) + "'");
        mark.parameters.push_back(parameter->name);
    }
    std::ranges::sort(mark.parameters);
    mark.parameters.erase(std::ranges::unique(mark.parameters).begin(), mark.parameters.end());
    return {};
}

Result<void> check_texts(PeriodMark const& mark)
{
    if (mark.reason.empty())
        return fail(Errc::missing_field, "reason: why it is marked");
    if (mark.by.empty())
        return fail(Errc::missing_field, "by: the name of whoever marks it");
    if (mark.document.empty() && (mark.kind == PeriodMarkKind::background || mark.kind == PeriodMarkKind::upstream))
        return fail(Errc::missing_field, "document: the number of the paper that decides it");
    if (mark.reason.size() > reason_limit || mark.note.size() > reason_limit)
        return fail(Errc::too_large, std::string{mark.reason.size() > reason_limit ? "reason" : "note"} + ": at most 1000 bytes");
    if (mark.document.size() > name_limit || mark.by.size() > name_limit)
        return fail(Errc::too_large, std::string{mark.document.size() > name_limit ? "document" : "by"} + ": at most 200 bytes");
    return {};
}

std::vector<http::BodyMember> members_of(Written& written)
{
    return {text_member("begin", written.begin),
            text_member("end", written.end),
            list_member("parameters", written.parameters, most_parameters),
            text_member("reason", written.reason, true),
            text_member("document", written.document),
            text_member("by", written.by)};
}

std::string said(std::string const& text) { return std::string{trimmed(text)}; }

}  // namespace

Result<PeriodMark> parse_mark(std::string_view body, MarkPlaces const& places, std::string_view by)
{
    Written written;
    auto members = members_of(written);
    members.push_back(text_member("kind", written.kind));
    members.push_back(text_member("site", written.site));
    members.push_back(text_member("place", written.place));
    members.push_back(flag_member("rejected", written.rejected));
    if (auto wrong = read_object(body, members))
        return std::unexpected{std::move(*wrong)};
    PeriodMark mark;
    mark.reason = said(written.reason);
    mark.document = said(written.document);
    mark.by = written.by.empty() ? std::string{by} : said(written.by);
    if (auto done = take_kind(written.kind, mark); !done)
        return std::unexpected{done.error()};
    if (written.rejected.value_or(false)) {
        if (mark.kind != PeriodMarkKind::dust)
            return fail(Errc::bad_value, "rejected: only dust is proposed");
        mark.state = PeriodMarkState::rejected;
    }
    if (written.begin.empty())
        return fail(Errc::missing_field, "begin: its first day, such as 2025-10-03");
    for (auto done : {take_where(written, places, mark), take_time(written, mark),
                      take_parameters(written, places.world.standards->parameters(), mark), check_texts(mark)})
        if (!done)
            return std::unexpected{done.error()};
    return mark;
}

Result<PeriodMark> parse_correction(std::string_view body, PeriodMark const& mark, MarkPlaces const& places, std::string_view by)
{
    Written written;
    auto members = members_of(written);
    members.push_back(text_member("note", written.note, true));
    if (auto wrong = read_object(body, members))
        return std::unexpected{std::move(*wrong)};
    if (mark.state != PeriodMarkState::standing)
        return fail(Errc::conflict, "mark '" + mark.id + "' does not stand any more; make another one");
    auto next = mark;
    next.note = said(written.note);
    if (!written.reason.empty())
        next.reason = said(written.reason);
    if (!written.document.empty())
        next.document = said(written.document);
    next.by = written.by.empty() ? std::string{by} : said(written.by);
    if (written.parameters.empty())
        written.parameters = mark.parameters;
    for (auto done : {take_time(written, next), take_parameters(written, places.world.standards->parameters(), next), check_texts(next)})
        if (!done)
            return std::unexpected{done.error()};
    return next;
}

Result<PeriodMark> parse_withdrawal(std::string_view body, PeriodMark const& mark, std::string_view by)
{
    Written written;
    if (auto wrong = read_object(body, {text_member("note", written.note, true), text_member("by", written.by)}))
        return std::unexpected{std::move(*wrong)};
    if (mark.state == PeriodMarkState::withdrawn)
        return fail(Errc::conflict, "mark '" + mark.id + "' is withdrawn already");
    auto next = mark;
    next.state = PeriodMarkState::withdrawn;
    next.note = said(written.note);
    next.by = written.by.empty() ? std::string{by} : said(written.by);
    if (next.note.empty())
        return fail(Errc::missing_field, "note: why it is withdrawn");
    if (auto done = check_texts(next); !done)
        return std::unexpected{done.error()};
    return next;
}

Result<DustMarks> dust_marks(std::vector<DustDay> const& dust_days, MarkPlaces const& places, PeriodMark const& common)
{
    DustMarks made;
    if (dust_days.size() > most_rows)
        return fail(Errc::too_large, "the list: at most 5000 rows; send it in several parts");
    for (auto const& day : dust_days) {
        auto place = known_place(day.place, places);
        if (!place) {
            if (std::ranges::find(made.elsewhere, day.place) == made.elsewhere.end())
                made.elsewhere.push_back(day.place);
            continue;
        }
        auto mark = common;
        mark.kind = PeriodMarkKind::dust;
        mark.place = *std::move(place);
        mark.begin = beijing_midnight(day.date);
        mark.end = mark.begin + days{1};
        if (!day.reason.empty())
            mark.reason = day.reason;
        if (!day.document.empty())
            mark.document = day.document;
        if (auto done = check_texts(mark); !done)
            return fail(done.error().code, "line " + std::to_string(day.line) + ": " + done.error().detail);
        made.marks.push_back(std::move(mark));
    }
    return made;
}

}  // namespace yihong::api
