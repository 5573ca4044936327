#include "yihong/state/catalog.hpp"

#include "yihong/model/site.hpp"

#include <algorithm>
#include <unordered_map>

namespace yihong {
namespace {

class LayerFeatureOfCollection final : public Feature {
public:
    LayerFeatureOfCollection(std::string id, std::shared_ptr<Layer const> layer, LayerFeature const& feature,
                             std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), std::nullopt, std::move(schema)}, layer_{std::move(layer)}, feature_{feature}
    {}

    [[nodiscard]] Geometry const& geometry() const noexcept override { return feature_.geometry; }
    [[nodiscard]] Value attribute(std::size_t place) const
    {
        if (place >= feature_.values.size())
            return {};                                     // a source may leave out what is null at the end
        return std::visit([](auto const& value) -> Value { return value; }, feature_.values[place]);
    }

private:
    std::shared_ptr<Layer const> layer_;
    LayerFeature const& feature_;                          // inside the layer
};

std::shared_ptr<Schema const> schema_of(Layer const& layer)
{
    std::vector<Column> columns;
    for (auto const& attribute : layer.attributes) {
        auto const place = columns.size();
        columns.push_back({.name = attribute.name,
                           .title = attribute.title,
                           .type = attribute.type,
                           .get = value_of<LayerFeatureOfCollection>([place](auto const& feature) { return feature.attribute(place); })});
    }
    return std::make_shared<Schema const>(std::move(columns));
}

}  // namespace

bool is_empty(FeatureSource const& collection) noexcept { return collection.metadata().count == 0U; }

std::shared_ptr<Catalog const> without_empty(Catalog const& catalog)
{
    auto listed = std::make_shared<Catalog>(catalog);
    std::erase_if(listed->collections, [](auto const& collection) { return is_empty(*collection); });
    return listed;
}

std::shared_ptr<FeatureSource const> Catalog::find(std::string_view id) const noexcept
{
    auto const found = std::ranges::find(collections, id, [](auto const& source) -> std::string_view { return source->metadata().id; });
    return found == collections.end() ? nullptr : *found;
}

std::shared_ptr<MemorySource const> make_layer_collection(std::shared_ptr<Layer const> layer, std::string version)
{
    SourceMetadata metadata{.id = layer->id,
                            .title = layer->title,
                            .title_en = layer->title_en,
                            .description = layer->description,
                            .attribution = layer->attribution,
                            .license = layer->license,
                            .geometry_type = layer->geometry_type,
                            .version = std::move(version)};
    auto const schema = schema_of(*layer);
    MemorySource::Features features;
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
        features.push_back(std::make_shared<LayerFeatureOfCollection const>(std::move(id), layer, feature, schema));
    }
    std::ranges::sort(features, id_less, [](auto const& feature) -> std::string_view { return feature->id(); });
    return std::make_shared<MemorySource const>(std::move(metadata), schema, std::move(features));
}

}  // namespace yihong
