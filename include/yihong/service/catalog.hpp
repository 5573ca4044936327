#pragma once

#include "yihong/base/time.hpp"
#include "yihong/model/layer.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// A property of a collection's features, for /schema, /queryables and equality filters.
struct PropertyDefinition {
    std::string name = {};
    std::string title = {};                        ///< Chinese
    std::string title_en = {};
    AttributeType type = AttributeType::text;
    std::string unit = {};                         ///< empty: none
    bool array = false;                            ///< a JSON array of `type`; equality asks whether it is among them
    bool queryable = true;
};

/// One feature, immutable. Its GeoJSON and property values are made at the first demand and kept.
class Feature {
public:
    struct Rendered {
        std::string geojson;                       ///< `{"type":"Feature","id":…,"geometry":…,"properties":{…}}`
        std::vector<AttributeValue> values;        ///< in the order of the collection's properties
        std::vector<std::vector<std::string>> arrays;   ///< values of array properties, same order; empty elsewhere
    };

    Feature(std::string id, std::optional<BoundingBox> bounds, std::optional<UtcTime> time)
        : id_{std::move(id)}, bounds_{bounds}, time_{time}
    {}
    virtual ~Feature() = default;
    Feature(Feature const&) = delete;
    Feature& operator=(Feature const&) = delete;

    [[nodiscard]] std::string const& id() const noexcept { return id_; }
    /// None: null geometry, which any bbox matches.
    [[nodiscard]] std::optional<BoundingBox> const& bounds() const noexcept { return bounds_; }
    /// None: no time, which any datetime matches.
    [[nodiscard]] std::optional<UtcTime> time() const noexcept { return time_; }
    /// Exact intersection with a box that its bounds already intersect.
    [[nodiscard]] virtual bool intersects(BoundingBox const&) const { return true; }
    [[nodiscard]] Rendered const& rendered() const
    {
        std::call_once(once_, [this] { rendered_ = render(); });
        return rendered_;
    }

private:
    [[nodiscard]] virtual Rendered render() const = 0;
    std::string id_;
    std::optional<BoundingBox> bounds_;
    std::optional<UtcTime> time_;
    mutable std::once_flag once_;
    mutable Rendered rendered_;
};

/// A feature collection as served under /collections/{id}: sites of a kind, or a layer. Immutable.
struct Collection {
    std::string id;
    std::string title;
    std::string title_en;
    std::string description;
    std::string attribution;
    std::string license;
    GeometryType geometry_type = GeometryType::point;
    std::vector<PropertyDefinition> properties;
    std::vector<std::shared_ptr<Feature const>> features;   ///< ascending by `id_less`, each id once
    BoundingBox bounds;                            ///< of all features; empty when none has a geometry
    TimeInterval time;                             ///< of all features; both ends absent when none has a time
    /// Differs whenever anything served from the collection differs, also across restarts: cache key and ETag.
    std::string version;

    [[nodiscard]] std::optional<std::size_t> property_index(std::string_view name) const noexcept;
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<Feature const> find(std::string_view feature_id) const noexcept;
};

/// All collections of one moment. Immutable; published whole.
struct Catalog {
    std::vector<std::shared_ptr<Collection const>> collections;
    std::string version;                           ///< of the list and its metadata
    [[nodiscard]] std::shared_ptr<Collection const> find(std::string_view id) const noexcept;
};

/// The features of a layer as a collection.
std::shared_ptr<Collection const> make_layer_collection(std::shared_ptr<Layer const> layer, std::string version);

}  // namespace yihong
