#include "yihong/stream/filter.hpp"

#include "yihong/base/text.hpp"
#include "yihong/service/site_feature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace yihong::stream {
namespace {

constexpr std::size_t most_values = 200;
/// The first words of all event types.
constexpr std::array<std::string_view, 3> families{"site", "alert", "service"};

bool is_in(std::vector<std::string> const& list, std::string_view value) noexcept
{
    return list.empty() || std::ranges::find(list, value) != list.end();
}

bool is_of_type(std::string_view type, std::string_view wanted) noexcept
{
    return type.starts_with(wanted) && (type.size() == wanted.size() || type[wanted.size()] == '.');
}

Result<BoundingBox> parse_box(std::string_view text)
{
    std::array<double, 4> numbers{};
    auto const parts = split(text, ',');
    bool good = parts.size() == numbers.size();
    for (std::size_t i = 0; good && i < numbers.size(); ++i) {
        auto const part = trimmed(parts[i]);
        auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), numbers[i]);
        good = error == std::errc{} && end == part.data() + part.size() && std::isfinite(numbers[i]);
    }
    if (!good)
        return fail(Errc::bad_value, "bbox: is not a list of 4 numbers (west, south, east, north)");
    auto const [west, south, east, north] = numbers;
    if (south > north)
        return fail(Errc::bad_value, "bbox: the southern edge lies north of the northern one");
    return BoundingBox{west, south, east, north};
}

bool contains(BoundingBox const& box, LonLat at) noexcept
{
    bool const between = box.west <= box.east ? at.lon >= box.west && at.lon <= box.east : at.lon >= box.west || at.lon <= box.east;
    return between && at.lat >= box.south && at.lat <= box.north;
}

bool is_type(std::string_view text)
{
    auto const words = split(text, '.');
    bool const letters = std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
    return letters && std::ranges::none_of(words, [](auto word) { return word.empty(); }) &&
           std::ranges::find(families, words.front()) != families.end();
}

}  // namespace

bool EventFilter::passes(LiveEvent const& event) const noexcept
{
    if (event.type == reset_type)
        return true;
    if (box && !(event.position && contains(*box, *event.position)))
        return false;
    if (!kinds.empty() && !(event.kind && std::ranges::find(kinds, *event.kind) != kinds.end()))
        return false;
    bool const typed = types.empty() || std::ranges::any_of(types, [&](std::string const& type) { return is_of_type(event.type, type); });
    return typed && is_in(sites, event.site) && is_in(rivers, event.river) && is_in(counties, event.county);
}

Result<EventFilter> parse_filter(http::Request const& request, Catalog const& catalog)
{
    EventFilter filter;
    auto const shown = [](std::string_view value) { return "'" + to_valid_utf8(value.substr(0, 60)) + "'"; };
    auto const list_of = [&](std::string_view name, std::string const& text) -> Result<std::vector<std::string>> {
        std::vector<std::string> values;
        for (auto const part : split(text, ','))
            values.emplace_back(trimmed(part));
        if (values.size() > most_values || std::ranges::find(values, "") != values.end())
            return fail(Errc::bad_value,
                        std::string{name} + ": must hold 1 to " + std::to_string(most_values) + " values, none of them empty");
        return values;
    };
    std::vector<std::string> kinds;
    std::array<std::pair<std::string_view, std::vector<std::string>*>, 5> const lists{
        {{"kind", &kinds}, {"river", &filter.rivers}, {"county", &filter.counties}, {"site", &filter.sites}, {"type", &filter.types}}};
    for (auto const& [name, text] : request.query) {
        auto const list = std::ranges::find(lists, name, &std::pair<std::string_view, std::vector<std::string>*>::first);
        if (name == "bbox") {
            if (filter.box)
                return fail(Errc::bad_value, "bbox: is given twice");
            auto const box = parse_box(text);
            if (!box)
                return std::unexpected{box.error()};
            filter.box = *box;
        } else if (list != lists.end()) {
            if (!list->second->empty())
                return fail(Errc::bad_value, name + ": is given twice; write its values with commas");
            auto values = list_of(name, text);
            if (!values)
                return std::unexpected{std::move(values.error())};
            *list->second = std::move(*values);
        }
    }
    for (auto const& text : kinds) {
        auto const kind = parse_site_kind(text);
        if (!kind)
            return fail(Errc::bad_value,
                        "kind: " + shown(text) + " is none of water_section lake_section air_station outfall wastewater_plant");
        filter.kinds.push_back(*kind);
    }
    for (auto const& id : filter.sites)
        if (!find_site(catalog, id))
            return fail(Errc::unknown_site, "site: " + shown(id) + " is not the id of a site");
    for (auto const& type : filter.types)
        if (!is_type(type))
            return fail(Errc::bad_value, "type: " + shown(type) + " is no type of event, such as site.changed, alert or alert.opened");
    return filter;
}

}  // namespace yihong::stream
