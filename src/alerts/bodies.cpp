#include "bodies.hpp"

#include "yihong/base/text.hpp"
#include "yihong/http/json_body.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::alerts {
namespace {

using http::BodyMember;
using http::flag_member;
using http::list_member;
using http::read_object;
using http::text_member;
using http::time_member;

constexpr std::size_t name_limit = 100;
constexpr std::size_t reason_limit = 1000;
constexpr std::size_t links_limit = 20;            // the core says so too; here it bounds the list while it grows
constexpr auto silence_limit = std::chrono::days{90};

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
    std::vector<BodyMember> members{text_member("by", action.by), text_member("note", action.note, true),
                                    list_member("links", action.links, links_limit)};
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
