#include "bodies.hpp"

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace yihong::alerts {
namespace {

constexpr std::size_t name_limit = 100;
constexpr std::size_t reason_limit = 1000;
constexpr std::size_t links_limit = 20;            // the core says so too; here it bounds the list while it grows
constexpr auto silence_limit = std::chrono::days{90};

/// A member of a body: its name and how its value is read. \return what is wrong, if anything
struct Member {
    std::string_view name;
    std::function<std::optional<Failure>(JsonCursor&)> read;
};

Failure bad(std::string_view name, std::string_view why, Errc code = Errc::bad_value) { return {code, fmt::format("{}: {}", name, why)}; }

/// Of a value of another kind, or of none: where it stands.
Failure not_a(JsonCursor const& json, std::string_view name, std::string_view what, Errc code = Errc::bad_value)
{
    return {code, fmt::format("{}: {}: must be {}", json.place(), name, what)};
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// \param lines whether it may have several
Member text_member(std::string_view name, std::string& into, bool lines = false)
{
    return {name, [name, &into, lines](JsonCursor& json) -> std::optional<Failure> {
                std::string_view text;
                if (json.peek() != '"')
                    return not_a(json, name, "a text");
                if (!json.string(text))
                    return json.failure();
                if (std::ranges::any_of(text, [&](char c) { return is_control(c) && !(lines && (c == '\n' || c == '\t' || c == '\r')); }))
                    return bad(name, "holds control characters");
                into = text;
                return std::nullopt;
            }};
}

Member time_member(std::string_view name, std::optional<UtcTime>& into)
{
    return {name, [name, &into](JsonCursor& json) -> std::optional<Failure> {
                std::string_view text;
                if (json.peek() != '"')
                    return not_a(json, name, "an RFC 3339 time with an offset, such as 2026-11-06T20:00:00+08:00", Errc::bad_time);
                if (!json.string(text))
                    return json.failure();
                auto const time = parse_rfc3339(text);
                if (!time)
                    return bad(name, time.error().detail, Errc::bad_time);
                into = *time;
                return std::nullopt;
            }};
}

Member flag_member(std::string_view name, std::optional<bool>& into)
{
    return {name, [name, &into](JsonCursor& json) -> std::optional<Failure> {
                auto const first = json.peek();
                if (first != 't' && first != 'f')
                    return not_a(json, name, "true or false");
                if (!json.literal(first == 't' ? "true" : "false"))
                    return json.failure();
                into = first == 't';
                return std::nullopt;
            }};
}

Member list_member(std::string_view name, std::vector<std::string>& into)
{
    return {name, [name, &into](JsonCursor& json) -> std::optional<Failure> {
                if (json.peek() != '[')
                    return not_a(json, name, "a list of texts");
                json.open();
                for (bool first = true; json.next_element(first);) {
                    std::string one;
                    if (into.size() == links_limit)
                        return bad(name, fmt::format("at most {}", links_limit));
                    if (auto wrong = text_member(name, one).read(json))
                        return wrong;
                    into.push_back(std::move(one));
                }
                if (json.failed())
                    return json.failure();
                return std::nullopt;
            }};
}

std::optional<Failure> read_object(std::string_view body, std::vector<Member> const& members)
{
    if (!is_valid_utf8(body))
        return Failure{Errc::bad_syntax, "the body is not UTF-8"};
    JsonCursor json{body};
    if (json.peek() != '{')
        return Failure{Errc::bad_syntax, json.place() + ": the body must be a JSON object"};
    json.open();
    std::vector<std::string_view> seen;
    std::string_view key;
    for (bool first = true; json.next_member(first, key);) {
        auto const member = std::ranges::find(members, key, &Member::name);
        if (member == members.end()) {
            std::string detail = fmt::format("'{}' is not a member here; known:", to_valid_utf8(key.substr(0, 60)));
            for (auto const& known : members)
                detail.append(" ").append(known.name);
            return Failure{Errc::unknown_field, std::move(detail)};
        }
        if (std::ranges::find(seen, member->name) != seen.end())
            return bad(member->name, "stands there twice");
        seen.push_back(member->name);
        if (auto wrong = member->read(json))
            return wrong;
    }
    if (json.failed() || !json.at_end())
        return json.failure();
    return std::nullopt;
}

/// \param holds of a site and what the layers know of it
template <typename Holds>
bool some_site(World const& world, Holds holds)
{
    auto const& sites = world.sites->all();
    return std::ranges::any_of(sites,
                               [&](Site const& site) { return holds(site, world.facts[static_cast<std::size_t>(&site - sites.data())]); });
}

Result<ScopeFilter> filter_of(std::string const& text, World const& world, MakeScopeFilter const& make)
{
    auto filter = make ? make(text) : Result<ScopeFilter>{fail(Errc::unsupported, "filters are not understood here")};
    if (!filter)
        return fail(filter.error().code, "filter: " + filter.error().detail);
    if (!some_site(world, [&](Site const& site, OverlayFacts const& facts) { return filter->condition->covers(site, facts); }))
        return fail(Errc::bad_value, "filter: covers none of the sites");
    return filter;
}

}  // namespace

Result<AlertAction> parse_action(AlertAction::Kind kind, std::string_view body)
{
    AlertAction action;
    action.kind = kind;
    std::vector<Member> members{text_member("by", action.by), text_member("note", action.note, true), list_member("links", action.links)};
    if (kind == AlertAction::Kind::assign) {
        members.push_back(text_member("assignee", action.assignee));
        members.push_back(flag_member("major", action.major));
    }
    if (kind == AlertAction::Kind::silence)
        members.push_back(time_member("until", action.until));
    if (auto wrong = trimmed(body).empty() ? std::nullopt : read_object(body, members))
        return std::unexpected{std::move(*wrong)};
    return action;
}

Result<Silence> parse_silence(std::string_view body, World const& world, UtcTime now, MakeScopeFilter const& make_filter)
{
    Silence silence;
    std::string filter;
    std::optional<UtcTime> begin, end;
    if (auto wrong = read_object(body, {text_member("site", silence.site), text_member("river", silence.river),
                                        text_member("county", silence.county), text_member("filter", filter, true),
                                        text_member("rule", silence.rule), time_member("begin", begin), time_member("end", end),
                                        text_member("reason", silence.reason, true), text_member("by", silence.author)}))
        return std::unexpected{std::move(*wrong)};
    if (!end)
        return fail(Errc::missing_field, "end: until when nobody is to be told");
    if (silence.reason.empty())
        return fail(Errc::missing_field, "reason: why nobody is to be told");
    if (silence.reason.size() > reason_limit)
        return fail(Errc::too_large, fmt::format("reason: at most {} bytes", reason_limit));
    if (silence.author.size() > name_limit)
        return fail(Errc::bad_value, fmt::format("by: at most {} bytes", name_limit));
    silence.begin = begin.value_or(now);
    silence.end = *end;
    if (silence.end <= now || silence.end <= silence.begin)
        return fail(Errc::bad_value, "end: must lie in the future and after begin");
    if (silence.end - silence.begin > silence_limit)
        return fail(Errc::bad_value, "end: at most 90 days after begin");
    if (!silence.site.empty()) {
        auto const* site = world.sites->find(silence.site);
        if (!site)
            return fail(Errc::unknown_site, fmt::format("site: '{}' is neither the id nor the MN of a site", silence.site.substr(0, 60)));
        silence.site = site->id;
    }
    // a slip of the pen would silence nothing and say nothing
    auto const nothing_has = [&](std::string_view what, std::string const& name) {
        return fail(Errc::bad_value, fmt::format("{}: no {} is called '{}'", what, what == "rule" ? "rule" : fmt::format("site's {}", what),
                                                 to_valid_utf8(std::string_view{name}.substr(0, 60))));
    };
    if (!silence.rule.empty() && std::ranges::find(world.alerts->rules, silence.rule, &AlertRule::id) == world.alerts->rules.end())
        return nothing_has("rule", silence.rule);
    if (!silence.river.empty() &&
        !some_site(world, [&](Site const& site, OverlayFacts const& facts) { return is_on_river(site, facts, silence.river); }))
        return nothing_has("river", silence.river);
    if (!silence.county.empty() && std::ranges::find(world.facts, silence.county, &OverlayFacts::county) == world.facts.end())
        return nothing_has("county", silence.county);
    if (!filter.empty()) {
        auto made = filter_of(filter, world, make_filter);
        if (!made)
            return std::unexpected{std::move(made.error())};
        silence.filter = *std::move(made);
    }
    return silence;
}

}  // namespace yihong::alerts
