#include "yihong/service/catalog.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>
#include <unordered_map>

namespace yihong {
namespace {

class LayerFeatureOfCollection final : public Feature {
public:
    LayerFeatureOfCollection(std::string id, std::shared_ptr<Layer const> layer, LayerFeature const& feature)
        : Feature{std::move(id), bounds_of(feature), std::nullopt}, layer_{std::move(layer)}, feature_{feature}
    {}

    [[nodiscard]] bool intersects(BoundingBox const& box) const override { return yihong::intersects(feature_.geometry, box); }

private:
    static std::optional<BoundingBox> bounds_of(LayerFeature const& feature)
    {
        BoundingBox const bounds = yihong::bounds_of(feature.geometry);
        return bounds.is_empty() ? std::nullopt : std::optional{bounds};
    }

    [[nodiscard]] Rendered render() const override
    {
        Rendered out;
        std::string geometry;
        append_geojson(geometry, feature_.geometry);
        out.geojson.reserve(geometry.size() + 256);
        JsonWriter json{out.geojson};
        json.begin_object().member("type", "Feature").member("id", id()).key("geometry").raw(geometry).key("properties").begin_object();
        std::size_t const count = std::min(layer_->attributes.size(), feature_.values.size());
        for (std::size_t i = 0; i < count; ++i) {
            json.key(layer_->attributes[i].name);
            std::visit(
                [&]<typename T>(T const& value) {
                    if constexpr (std::is_same_v<T, std::monostate>)
                        json.null();
                    else
                        json.value(value);
                },
                feature_.values[i]);
        }
        json.end_object().end_object();
        out.values = feature_.values;
        out.values.resize(layer_->attributes.size());
        return out;
    }

    std::shared_ptr<Layer const> layer_;
    LayerFeature const& feature_;                          // inside the layer
};

}  // namespace

std::optional<std::size_t> Collection::property_index(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(properties, name, &PropertyDefinition::name);
    return found == properties.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - properties.begin())};
}

std::shared_ptr<Feature const> Collection::find(std::string_view feature_id) const noexcept
{
    auto const found =
        std::ranges::lower_bound(features, feature_id, id_less, [](auto const& feature) -> std::string_view { return feature->id(); });
    return found != features.end() && (*found)->id() == feature_id ? *found : nullptr;
}

std::shared_ptr<Collection const> Catalog::find(std::string_view id) const noexcept
{
    auto const found = std::ranges::find(collections, id, [](auto const& collection) -> std::string_view { return collection->id; });
    return found == collections.end() ? nullptr : *found;
}

std::shared_ptr<Collection const> make_layer_collection(std::shared_ptr<Layer const> layer, std::string version)
{
    auto collection = std::make_shared<Collection>();
    collection->id = layer->id;
    collection->title = layer->title;
    collection->title_en = layer->title_en;
    collection->description = layer->description;
    collection->attribution = layer->attribution;
    collection->license = layer->license;
    collection->geometry_type = layer->geometry_type;
    collection->version = std::move(version);
    for (auto const& attribute : layer->attributes) {
        auto& property = collection->properties.emplace_back();
        property.name = attribute.name;
        property.title = attribute.title;
        property.type = attribute.type;
    }
    std::unordered_map<std::string, std::size_t> ids;          // how often each was wanted
    for (auto const& feature : layer->features) {
        // a source may repeat the attribute that was named as id, or leave it empty; an id is one feature's address
        std::string const stem = feature.id.empty() ? layer->id : feature.id;
        std::string id = stem;
        std::size_t const wanted = ids[stem]++;
        for (std::size_t n = wanted + 1; wanted > 0;) {
            id = stem + "_" + std::to_string(n++);
            if (ids.emplace(id, 1).second)
                break;
        }
        auto made = std::make_shared<LayerFeatureOfCollection>(std::move(id), layer, feature);
        if (made->bounds())
            collection->bounds.extend(*made->bounds());
        collection->features.push_back(std::move(made));
    }
    std::ranges::sort(collection->features, id_less, [](auto const& feature) -> std::string_view { return feature->id(); });
    return collection;
}

}  // namespace yihong
