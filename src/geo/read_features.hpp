#pragma once

#include "field_names.hpp"
#include "gdal_source.hpp"

#include "yihong/geometry/geometry.hpp"

#include <ogrsf_frmts.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace yihong::geo {

/// The fields of a source that are served, and those that name its features.
struct Columns {
    std::vector<int> kept;                                     // field numbers, in the order served
    std::vector<LayerAttribute> attributes;
    int id = -1;
    int name = -1;
    int accuracy = -1;
};

/// \return Errc::not_found for a field that the declaration names and the source does not have
Result<Columns> choose_columns(OGRFeatureDefn& definition, FieldNames const& names, LayerDeclaration const& declaration);

/// A geometry of a source, sorted by dimension: a collection may bring all three.
struct Pieces {
    MultiPoint points;
    MultiLineString lines;
    MultiPolygon polygons;

    [[nodiscard]] bool has(int dimension) const noexcept;
    /// Those of one dimension; none where there are none.
    [[nodiscard]] Geometry take(int dimension);
    [[nodiscard]] std::size_t position_count() const noexcept;
};

/// A feature as the source has it: coordinates in its own reference system.
struct ReadFeature {
    LayerFeature feature;                                      // still without geometry
    std::string name;
    std::optional<double> accuracy_m;
    Pieces pieces;
};

/// Ids of the source's own that occur twice give way to numbers in its order, with a warning; those of `id_attribute` must not.
/// \return Errc::duplicate_id, bad_value (`where`), too_large, broken_file
Result<std::vector<ReadFeature>> read_features(OGRLayer& source, Columns const& columns, FieldNames const& names,
                                               LayerDeclaration const& declaration);

/// `a, b, c`; `none` for nothing
std::string listed(std::vector<std::string> const& names);

}  // namespace yihong::geo
