#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"
#include "yihong/features/value.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/geometry/geometry.hpp"
#include "yihong/model/layer.hpp"

#include <cstddef>
#include <cstdint>
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
    bool array = false;                            ///< a list of `type`; equality asks whether it is among them
    bool objects = false;                          ///< a list of `ParameterMultiple`, which stands in no filter but by `found_as`
    std::vector<std::string> words = {};           ///< all that a text may be, beside null; none: anything
    /// What a text has to be for a parameter of this name, one or several by commas; a failure says what was given and what is taken. Empty: anything.
    std::function<Result<void>(std::string_view given)> accepts = {};
    bool repeats = false;  ///< says once more what another column says; pages for people leave it out
    bool queryable = true;
    /// Its value, from what is behind the feature. \pre the feature is one of the collections that this column is declared for
    std::function<Value(Feature const&)> get = {};
    /// What equality asks instead, where a feature is found under more names than it shows: a list, one of which has to equal. Empty: `get`.
    std::function<Value(Feature const&)> found_as = {};
    /// What a flat feature shows of a list. Empty: its elements by `、`, null where it has none.
    std::function<Value(Feature const&)> flat = {};

    [[nodiscard]] bool is_list() const noexcept { return array || objects; }
};

/// The getter of a column over features of one class.
template <typename Of, typename Get>
[[nodiscard]] std::function<Value(Feature const&)> value_of(Get get)
{
    return [get = std::move(get)](Feature const& feature) -> Value { return get(static_cast<Of const&>(feature)); };
}

/// The columns, and behind each time the same moment as text in Beijing time (`time_beijing`: 北京时间 2025-11-06 20:00), for programs that show the
/// digits of UTC as local time or keep only the date. It begins with words, so that none of them takes it for a time of its own.
[[nodiscard]] std::vector<Column> with_beijing_texts(std::vector<Column> columns);

/// The properties of a collection, in the order in which they are served. Immutable, shared by its features.
class Schema {
public:
    Schema() = default;
    explicit Schema(std::vector<Column> columns);

    [[nodiscard]] std::vector<Column> const& columns() const noexcept { return columns_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
    /// `"name":` of a column, as it stands in JSON.
    [[nodiscard]] std::string_view key(std::size_t column) const noexcept { return keys_[column]; }

private:
    std::vector<Column> columns_;
    std::vector<std::string> keys_;
};

/// How lists stand in a feature: as readable text, which every client keeps (GIS programs drop or empty whatever is no scalar), or as they are.
enum class Profile : std::uint8_t { flat, structured };

/// How a feature is written; as it stands: whole and flat.
struct FeatureForm {
    Profile profile = Profile::flat;
    std::vector<std::size_t> columns = {};  ///< these alone; none: all
    int decimals = usual_decimals;  ///< of coordinates
    /// What stands for the geometry: null, or itself in another reference system. Empty: as it is.
    std::function<Geometry(Geometry const&)> shape = {};
    [[nodiscard]] bool is_usual() const noexcept { return has_usual_properties() && decimals == usual_decimals && !shape; }
    /// Nothing but the geometry is another one.
    [[nodiscard]] bool has_usual_properties() const noexcept { return profile == Profile::flat && columns.empty(); }
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
    [[nodiscard]] Schema const& schema() const noexcept { return *schema_; }
    /// `{"type":"Feature",…}`, whole and flat: made at the first demand and kept.
    [[nodiscard]] std::string const& geojson() const;
    /// The same at the end of a text, with what stands for its geometry: the properties come from the text that is kept.
    /// \pre `form.has_usual_properties()`
    void append_geojson_in(std::string& out, FeatureForm const& form) const;

private:
    std::string id_;
    std::optional<UtcTime> time_;
    std::shared_ptr<Schema const> schema_;
    mutable std::once_flag once_;
    mutable std::string geojson_;
    mutable std::size_t geometry_begin_ = 0;  // in that text
    mutable std::size_t geometry_end_ = 0;
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

/// What a feature shows in a column: of a list in a flat one, its text.
[[nodiscard]] Value shown_value(Column const& column, Feature const& feature, Profile profile);
/// The GeoJSON of a feature, at the end of a text. Every column stands in it, null where the feature has no value: clients take the columns of a collection from the
/// first few features that they see.
void append_geojson(std::string& out, Feature const& feature, FeatureForm const& form = {});

}  // namespace yihong
