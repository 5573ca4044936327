#include "yihong/stream/filter.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/bounding_box.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>
#include <array>

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

bool contains(BoundingBox const& box, LonLat at) noexcept
{
    return at.lon >= box.west && at.lon <= box.east && at.lat >= box.south && at.lat <= box.north;
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
    auto const holds = [&](BoundingBox const& box) { return event.position && contains(box, *event.position); };
    if (!boxes.empty() && std::ranges::none_of(boxes, holds))
        return false;
    if (!kinds.empty() && !(event.kind && std::ranges::find(kinds, *event.kind) != kinds.end()))
        return false;
    bool const on_river =
        rivers.empty() || std::ranges::any_of(event.rivers, [&](std::string const& river) { return is_in(rivers, river); });
    bool const typed = types.empty() || std::ranges::any_of(types, [&](std::string const& type) { return is_of_type(event.type, type); });
    return typed && is_in(sites, event.site) && on_river && is_in(counties, event.county);
}

http::Parameters<EventFilter> filter_parameters(Snapshot<Catalog> const& catalog)
{
    constexpr std::array kinds{SiteKind::water_section, SiteKind::lake_section, SiteKind::air_station, SiteKind::outfall,
                               SiteKind::wastewater_plant};
    http::Parameter<EventFilter> box{
        .text = {.name = "bbox",
                 .schema = {.type = "number", .list = true, .min_items = 4, .max_items = 6},
                 .text = {"范围：西、南、东、北；只要站点坐标在其中的事件", "west, south, east, north; only sites with a position in it"}},
        .apply = [](std::string_view text, EventFilter& filter) -> Result<void> {
            auto boxes = parse_bounding_boxes(text);
            if (!boxes)
                return std::unexpected{std::move(boxes.error())};
            filter.boxes = std::move(*boxes);
            return {};
        }};
    auto site = http::text();
    site.read = [&catalog](std::string_view text) -> Result<std::string> {
        if (!find_site(*catalog.load(), text))
            return fail(Errc::unknown_site, http::quoted(text) + " is not the id of a site");
        return std::string{text};
    };
    auto type = http::text();
    type.read = [](std::string_view text) -> Result<std::string> {
        if (!is_type(text))
            return fail(Errc::bad_value, http::quoted(text) + " is no type of event, such as site.changed, alert or alert.opened");
        return std::string{text};
    };
    return {
        std::move(box),
        http::query("kind", {"站点类型", "kinds of site"}, http::list_of(http::one_of_all<SiteKind>(kinds), most_values),
                    &EventFilter::kinds),
        http::query("river", {"所在河流", "rivers"}, http::list_of(http::text(), most_values), &EventFilter::rivers),
        http::query("county", {"所在区县", "counties"}, http::list_of(http::text(), most_values), &EventFilter::counties),
        http::query("site", {"站点标识", "ids of sites"}, http::list_of(std::move(site), most_values), &EventFilter::sites),
        http::query(
            "type",
            {"事件类型或其开头的词：alert 也代表 alert.opened", "types of event, or their first words: alert stands for alert.opened too"},
            http::list_of(std::move(type), most_values), &EventFilter::types),
    };
}

}  // namespace yihong::stream
