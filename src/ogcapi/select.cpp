#include "select.hpp"

#include <algorithm>

namespace yihong::ogcapi {
namespace {

bool holds(PropertyFilter const& filter, AttributeValue const& value)
{
    return std::visit(
        [&]<typename T>(T const& v) {
            if constexpr (std::is_same_v<T, std::string>) {
                if (filter.time && v != filter.text) {     // the same instant may be written with another offset
                    auto const time = parse_rfc3339(v);
                    return time && *time == *filter.time;
                }
                return v == filter.text;
            } else if constexpr (std::is_same_v<T, std::int64_t>)
                return filter.integer ? v == *filter.integer : filter.number && static_cast<double>(v) == *filter.number;
            else if constexpr (std::is_same_v<T, double>)
                return filter.number && v == *filter.number;
            else if constexpr (std::is_same_v<T, bool>)
                return filter.flag == v;
            else
                return false;                              // null equals nothing
        },
        value);
}

bool matches(Feature const& feature, Collection const& collection, Query const& query)
{
    if (!query.boxes.empty() && feature.bounds()) {
        bool const meets = std::ranges::any_of(
            query.boxes, [&](BoundingBox const& box) { return box.intersects(*feature.bounds()) && feature.intersects(box); });
        if (!meets)
            return false;
    }
    if (query.datetime && feature.time() && !query.datetime->contains(*feature.time()))
        return false;
    for (auto const& filter : query.filters) {
        auto const& rendered = feature.rendered();
        if (collection.properties[filter.property].array) {
            if (filter.property >= rendered.arrays.size())
                return false;
            auto const& elements = rendered.arrays[filter.property];
            if (std::ranges::find(elements, filter.text) == elements.end())
                return false;
        } else if (filter.property >= rendered.values.size() || !holds(filter, rendered.values[filter.property])) {
            return false;
        }
    }
    return true;
}

}  // namespace

Selection select(Collection const& collection, Query const& query)
{
    auto const& all = collection.features;
    std::size_t begin = 0;
    if (query.after) {
        auto const behind = std::ranges::upper_bound(all, std::string_view{*query.after}, id_less,
                                                     [](auto const& feature) -> std::string_view { return feature->id(); });
        begin = static_cast<std::size_t>(behind - all.begin());
    }
    Selection page;
    if (query.boxes.empty() && !query.datetime && query.filters.empty()) {
        page.matched = all.size();
        page.first = query.after ? begin : std::min(query.offset, all.size());
        for (std::size_t i = page.first; i < all.size() && page.features.size() < query.limit; ++i)
            page.features.push_back(all[i].get());
        return page;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!matches(*all[i], collection, query))
            continue;
        if (i < begin || page.matched < query.offset)
            ++page.first;
        else if (page.features.size() < query.limit)
            page.features.push_back(all[i].get());
        ++page.matched;
    }
    return page;
}

}  // namespace yihong::ogcapi
