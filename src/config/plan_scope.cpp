#include "plan_parts.hpp"

#include "yihong/config/site_filter.hpp"
#include "yihong/model/site.hpp"

#include <algorithm>
#include <array>

namespace yihong {

void read_names(TableReader& reader, std::string_view key, std::vector<std::string>& to)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const add = [&](toml::node const& element) {
        auto const* value = element.as_string();
        if (value == nullptr || value->get().empty() || has_control_characters(value->get()))
            reader.at(element, Errc::bad_value,
                      fmt::format("{}: must be a string that is not empty, or an array of them", reader.path_of(key)));
        else if (std::ranges::find(to, value->get()) != to.end())
            reader.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", reader.path_of(key), value->get()));
        else
            to.push_back(value->get());
    };
    if (auto const* array = node->as_array()) {
        if (array->empty())
            reader.problem(key, Errc::bad_value, "is empty; leave it out, or name something");
        for (auto const& element : *array)
            add(element);
    } else {
        add(*node);
    }
}

void read_scope(TableReader& parent, AlertScope& to)
{
    auto scope = parent.table("scope");
    read_names(scope, "level", to.levels);
    for (auto const& level : to.levels) {
        if (std::ranges::find(site_levels, level) == site_levels.end())
            scope.problem("level", Errc::bad_value, fmt::format("\"{}\" is not one of {}", level, fmt::join(site_levels, ", ")));
    }
    std::vector<std::string> kinds;
    read_names(scope, "kind", kinds);
    for (auto const& name : kinds) {
        if (auto const kind = parse_site_kind(name))
            to.kinds.push_back(*kind);
        else
            scope.problem("kind", Errc::bad_value,
                          fmt::format("\"{}\" is not one of water_section, lake_section, air_station, outfall, wastewater_plant", name));
    }
    read_names(scope, "river", to.rivers);
    read_names(scope, "county", to.counties);
    read_names(scope, "zone", to.zones);
    read_names(scope, "site", to.sites);
    read_names(scope, "assessed_for", to.assessed_for);
    scope.parsed("filter", to.filter, make_site_filter);
    scope.finish();
}

void require_order(TableReader& reader, std::optional<UtcTime> const& begin, std::optional<UtcTime> const& end)
{
    if (begin && end && *begin >= *end)
        reader.problem("end", Errc::bad_value, "must be later than begin");
}

}  // namespace yihong
