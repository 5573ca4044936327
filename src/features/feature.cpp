#include "yihong/features/feature.hpp"

#include "yihong/geometry/geojson.hpp"

#include <algorithm>

namespace yihong {

std::optional<std::size_t> Schema::find(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(columns_, name, &Column::name);
    return found == columns_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - columns_.begin())};
}

Schema Schema::only(std::vector<std::size_t> const& wanted) const
{
    std::vector<Column> columns;
    for (auto const place : wanted)
        columns.push_back(columns_.at(place));
    return Schema{std::move(columns)};
}

std::string const& Feature::geojson() const
{
    std::call_once(once_, [this] {
        std::string text;
        text.reserve(1536);
        JsonWriter json{text};
        write_geojson(json, *schema_, *this);
        geojson_ = std::move(text);
    });
    return geojson_;
}

void write_geojson(JsonWriter& json, Schema const& schema, Feature const& feature)
{
    std::string geometry;
    append_geojson(geometry, feature.geometry());
    json.begin_object().member("type", "Feature").member("id", feature.id()).key("geometry").raw(geometry);
    json.key("properties").begin_object();
    for (auto const& column : schema.columns()) {
        auto const value = column.get(feature);
        if (std::holds_alternative<Absent>(value))
            continue;
        json.key(column.name);
        write_value(json, value);
    }
    json.end_object().end_object();
}

}  // namespace yihong
