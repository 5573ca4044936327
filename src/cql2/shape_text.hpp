#pragma once

#include "yihong/base/result.hpp"
#include "yihong/cql2/tree.hpp"

#include <string>
#include <string_view>

/// Geometries as CQL2 has them in its text (WKT) and its JSON (GeoJSON): those of module geometry, and collections of them.
namespace yihong::cql2 {

/// A geometry of WKT, or a GEOMETRYCOLLECTION of some.
[[nodiscard]] Result<Shape> read_shape(std::string_view wkt);
[[nodiscard]] std::string to_wkt(Shape const& shape);

/// The same of GeoJSON.
[[nodiscard]] Result<Shape> read_shape_json(std::string_view geojson);
/// With all digits of its numbers.
void write_shape(std::string& out, Shape const& shape);

/// What keeps numbers from being a box; empty: nothing.
[[nodiscard]] std::string box_problem(Box const& box);

}  // namespace yihong::cql2
