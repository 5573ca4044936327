#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/base/time.hpp"
#include "yihong/features/value.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/layer.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

class Feature;

/// A property of a collection's features: everything that anybody asks of it, declared once.
struct Column {
    std::string name = {};
    std::string title = {};                        ///< Chinese
    std::string title_en = {};
    AttributeType type = AttributeType::text;
    std::string unit = {};                         ///< empty: none
    bool array = false;                            ///< a JSON array of `type`; equality asks whether it is among them
    bool queryable = true;
    /// Its value, from what is behind the feature. \pre the feature is one of the collections that this column is declared for
    std::function<Value(Feature const&)> get = {};
    /// What equality asks instead, where a feature is found under more names than it shows: a list, one of which has to equal. Empty: `get`.
    std::function<Value(Feature const&)> found_as = {};
};

/// The getter of a column over features of one class.
template <typename Of, typename Get>
[[nodiscard]] std::function<Value(Feature const&)> value_of(Get get)
{
    return [get = std::move(get)](Feature const& feature) -> Value { return get(static_cast<Of const&>(feature)); };
}

/// The properties of a collection, in the order in which they are served. Immutable, shared by its features.
class Schema {
public:
    Schema() = default;
    explicit Schema(std::vector<Column> columns) : columns_{std::move(columns)} {}

    [[nodiscard]] std::vector<Column> const& columns() const noexcept { return columns_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
    /// The columns at these places alone, for an answer with wanted properties.
    [[nodiscard]] Schema only(std::vector<std::size_t> const& wanted) const;

private:
    std::vector<Column> columns_;
};

/// One feature (要素), immutable: an id, a geometry, a time, and a value a column. What it is made of stays with the class behind it;
/// a value is computed when somebody asks. Any thread may ask.
class Feature {
public:
    Feature(std::string id, std::optional<UtcTime> time, std::shared_ptr<Schema const> schema)
        : id_{std::move(id)}, time_{time}, schema_{std::move(schema)}
    {}
    virtual ~Feature() = default;
    Feature(Feature const&) = delete;
    Feature& operator=(Feature const&) = delete;

    [[nodiscard]] std::string const& id() const noexcept { return id_; }
    /// None: no time, which any datetime matches.
    [[nodiscard]] std::optional<UtcTime> time() const noexcept { return time_; }
    /// None: null, which any box matches.
    [[nodiscard]] virtual Geometry const& geometry() const noexcept = 0;
    /// In the order of the collection's columns. \pre `column` is one of them
    [[nodiscard]] Value value(std::size_t column) const { return schema_->columns()[column].get(*this); }
    /// What a filter compares with. \pre as above
    [[nodiscard]] Value found_as(std::size_t column) const
    {
        auto const& asked = schema_->columns()[column];
        return asked.found_as ? asked.found_as(*this) : asked.get(*this);
    }
    /// `{"type":"Feature",…}` with all columns: made at the first demand and kept.
    [[nodiscard]] std::string const& geojson() const;

private:
    std::string id_;
    std::optional<UtcTime> time_;
    std::shared_ptr<Schema const> schema_;
    mutable std::once_flag once_;
    mutable std::string geojson_;
};

/// A feature at a place, or at none.
class PointFeature : public Feature {
public:
    PointFeature(std::string id, std::optional<LonLat> position, std::optional<UtcTime> time, std::shared_ptr<Schema const> schema)
        : Feature{std::move(id), time, std::move(schema)}, geometry_{position ? Geometry{Point{*position}} : Geometry{}}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept final { return geometry_; }

private:
    Geometry geometry_;
};

/// The GeoJSON of a feature with these columns: of its collection, or some of them.
void write_geojson(JsonWriter& json, Schema const& schema, Feature const& feature);

}  // namespace yihong
