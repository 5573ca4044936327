#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/service/catalog.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace yihong {

/// The bounds of a point; none: null geometry.
inline std::optional<BoundingBox> bounds_of(std::optional<LonLat> const& position)
{
    return position ? std::optional{BoundingBox{position->lon, position->lat, position->lon, position->lat}} : std::nullopt;
}

/// The beginning of a point feature, up to and with the opening of its properties.
inline void begin_point_feature(JsonWriter& json, std::string_view id, std::optional<LonLat> const& position)
{
    json.begin_object().member("type", "Feature").member("id", id).key("geometry");
    if (position) {
        std::string point;
        append_geojson(point, Point{*position});
        json.raw(point);
    } else {
        json.null();
    }
    json.key("properties").begin_object();
}

/// Writes properties in the order of the collection's definitions: JSON text and typed values side by side.
class PropertyWriter {
public:
    PropertyWriter(Feature::Rendered& rendered, std::vector<PropertyDefinition> const& properties)
        : rendered_{rendered}, properties_{properties}, json_{rendered.geojson}
    {
        rendered_.values.resize(properties.size());
        rendered_.arrays.resize(properties.size());
    }

    JsonWriter& json() noexcept { return json_; }

    void text(std::string_view name, std::string_view value)
    {
        if (value.empty())
            return none(name);
        json_.key(name).value(value);
        keep(name, AttributeValue{std::string{value}});
    }
    template <typename T>
    void number(std::string_view name, std::optional<T> value)
    {
        if (!value)
            return none(name);
        json_.key(name).value(*value);
        if constexpr (std::is_floating_point_v<T>)
            keep(name, AttributeValue{*value});
        else
            keep(name, AttributeValue{static_cast<std::int64_t>(*value)});
    }
    void decimal(std::string_view name, Decimal const& value)
    {
        json_.key(name).value(value);
        keep(name, AttributeValue{value.to_double()});
    }
    void flag(std::string_view name, std::optional<bool> value)
    {
        if (!value)
            return none(name);
        json_.key(name).value(*value);
        keep(name, AttributeValue{*value});
    }
    void time(std::string_view name, std::optional<UtcTime> value)
    {
        if (!value)
            return none(name);
        text(name, format_rfc3339(*value));
    }
    void list(std::string_view name, std::vector<std::string> values)
    {
        json_.key(name).begin_array();
        for (auto const& value : values)
            json_.value(value);
        json_.end_array();
        if (auto const at = index_of(name))
            rendered_.arrays[*at] = std::move(values);
    }
    void none(std::string_view name) { json_.key(name).null(); }

private:
    // properties are written in the order of their definitions, so the next one is nearly always the next in line
    std::optional<std::size_t> index_of(std::string_view name)
    {
        for (std::size_t step = 0; step < properties_.size(); ++step) {
            std::size_t const at = (next_ + step) % properties_.size();
            if (properties_[at].name == name) {
                next_ = at + 1;
                return at;
            }
        }
        return std::nullopt;
    }
    void keep(std::string_view name, AttributeValue value)
    {
        if (auto const at = index_of(name))
            rendered_.values[*at] = std::move(value);
    }

    Feature::Rendered& rendered_;
    std::vector<PropertyDefinition> const& properties_;
    JsonWriter json_;
    std::size_t next_ = 0;
};

}  // namespace yihong
