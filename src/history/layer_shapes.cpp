#include "layer_shapes.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace yihong {
namespace {

/// Is the feature called so? Its attribute `name` says it where the layer has one: others name what it is a part of.
bool is_called(LayerFeature const& feature, std::string_view name, Layer const& layer)
{
    auto const is_it = [&](AttributeValue const& value) {
        auto const* text = std::get_if<std::string>(&value);
        return text != nullptr && *text == name;
    };
    auto const named = std::ranges::find(layer.attributes, "name", &LayerAttribute::name);
    if (named != layer.attributes.end())
        return is_it(feature.values[static_cast<std::size_t>(named - layer.attributes.begin())]);
    return std::ranges::any_of(feature.values, is_it);
}

}  // namespace

Geometry shape_called(std::string_view name, LayerRole role, World const& world)
{
    for (auto const& layer : world.layers->layers())
        for (auto const& feature : layer->features)
            if (layer->role == role && is_called(feature, name, *layer)) {
                if (auto const* line = std::get_if<LineString>(&feature.geometry))
                    return MultiLineString{{line->positions}};
                if (auto const* area = std::get_if<Polygon>(&feature.geometry))
                    return MultiPolygon{{*area}};
                bool const fits = role == LayerRole::river ? std::holds_alternative<MultiLineString>(feature.geometry)
                                                           : std::holds_alternative<MultiPolygon>(feature.geometry);
                if (fits)
                    return feature.geometry;
            }
    return {};
}

}  // namespace yihong
