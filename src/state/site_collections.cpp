#include "yihong/state/site_collections.hpp"

#include "yihong/evaluate/present_state.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace yihong {

std::size_t collection_of(SiteKind kind) noexcept
{
    switch (kind) {
    case SiteKind::water_section:
    case SiteKind::lake_section: return 0;
    case SiteKind::air_station: return 1;
    case SiteKind::outfall:
    case SiteKind::wastewater_plant: return 2;
    }
    return 2;
}

SourceMetadata metadata_of(SiteCollection const& collection)
{
    return {.id = std::string{collection.id},
            .title = std::string{collection.title},
            .title_en = std::string{collection.title_en},
            .description = std::string{collection.description},
            .keeps_past = true};
}

bool is_newest_of(Site const& site, Record const& candidate, Record const* known) noexcept
{
    auto const rank = [&](Record const& r) { return std::tuple{site.judges(r.interval), r.time, r.interval}; };
    return !known || rank(candidate) >= rank(*known);
}

bool is_stale(std::optional<Record> const& newest, UtcTime at) noexcept
{
    return !newest || at > newest->time + freshness(newest->interval);
}

bool add_columns(std::vector<ParameterId>& columns, Record const& record)
{
    bool added = false;
    for (auto const& reading : record.readings) {
        auto const at = std::ranges::lower_bound(columns, reading.parameter);
        if (at != columns.end() && *at == reading.parameter)
            continue;
        columns.insert(at, reading.parameter);
        added = true;
    }
    return added;
}

}  // namespace yihong
