#pragma once

#include "yihong/geometry/geometry.hpp"
#include "yihong/model/site.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihong {

using AttributeValue = std::variant<std::monostate, std::string, std::int64_t, double, bool>;
enum class AttributeType : std::uint8_t { text, integer, real, boolean, date, date_time };

struct LayerAttribute {
    std::string name;
    std::string title;                              ///< Chinese title where the config gives one
    AttributeType type = AttributeType::text;
};

/// One feature of a layer. `values` stand in the order of the layer's attributes.
struct LayerFeature {
    std::string id;
    Geometry geometry;
    BoundingBox bounds;
    std::vector<AttributeValue> values;
};

enum class LayerRole : std::uint8_t { boundary, river, lake, zone, raster, other };
std::string_view to_text(LayerRole role) noexcept;

/// A layer as loaded: everything in longitude/latitude, valid, in memory. A raster has no features.
struct Layer {
    std::string id;
    std::string title;
    std::string title_en;
    std::string description;
    std::string attribution;                        ///< shown in collection metadata
    std::string license;
    std::optional<double> accuracy_m;               ///< of its lines' place, of a raster's values; none: not said
    LayerRole role = LayerRole::other;
    GeometryType geometry_type = GeometryType::none;///< what all features are (promoted to multi where mixed)
    std::vector<LayerAttribute> attributes;
    std::vector<LayerFeature> features;
    BoundingBox bounds;
};

/// How the operator declares a layer in the config (`[[layers]]`). Paths are absolute by now.
struct LayerDeclaration {
    std::string id;
    std::string title;
    std::string title_en;
    std::string description;
    std::string attribution;
    std::string license;
    std::string source;                             ///< GDAL data source
    std::string source_layer;                       ///< layer inside it; empty: the first
    LayerRole role = LayerRole::other;
    std::string crs;                                ///< source CRS if the file does not say, e.g. `EPSG:4490`
    bool gcj02 = false;                             ///< `datum = "gcj02"`: the coordinates are shifted (火星坐标) and are put back
    std::string encoding;                           ///< of attribute text, e.g. `GBK`, where the file does not say
    std::string where;                              ///< OGR SQL filter on attributes, e.g. `name = '黄河'`; empty: all
    std::string id_attribute;                       ///< becomes the feature id; empty: the source's FID
    std::string name_attribute = "name";            ///< names features in overlay facts
    std::vector<std::pair<std::string, std::string>> attributes;   ///< (name, title) to keep; empty: all
    double simplify_m = 0;                          ///< Douglas-Peucker tolerance for display, metres; 0: none
    double reach_m = 5000;                          ///< rivers and lakes farther than this are not "nearest"
    std::optional<double> accuracy_m;               ///< how far a line may lie from the water, or a raster's value from the truth
    std::string accuracy_attribute;                 ///< gives each feature's own accuracy in metres; empty: none does
    bool approximate = false;                       ///< rivers: tells which river a site is on, never its chainage
};

/// A zone made by a rule on a raster, e.g. id `clean-heating`, raster `elevation`, below 400: the site is in the zone
/// when its raster value is below the limit (nodata: not in it).
struct RasterZoneRule {
    std::string id;
    std::string title;
    std::string raster;                             ///< layer id
    std::optional<double> below;
    std::optional<double> above;
};

}  // namespace yihong
