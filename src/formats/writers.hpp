#pragma once

#include "yihong/formats/formats.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// The writers, and what several of them need.
namespace yihong::formats {

std::unique_ptr<FeatureWriter> csv_writer(Table table, std::string& out);
std::unique_ptr<FeatureWriter> sequence_writer(Table table, std::string& out);
std::unique_ptr<FeatureWriter> xlsx_writer(Table table, std::filesystem::path const& file);
/// \param driver of GDAL
std::unique_ptr<FeatureWriter> gdal_writer(std::string driver, Table table, std::filesystem::path const& file);
/// With its spatial index, in memory that is bounded however many features come.
std::unique_ptr<FeatureWriter> flatgeobuf_writer(Table table, std::filesystem::path const& file);
/// A zip of the files of a Shapefile, and of `fields.csv`, which says what the short names stand for.
std::unique_ptr<FeatureWriter> shapefile_writer(Table table, std::filesystem::path const& file);

/// The beginning of a text, at most so long, and no character cut.
std::string_view cut_to(std::string_view text, std::size_t bytes) noexcept;
/// The name of the column that says which feature a row is: `id`, unless a property is called so.
std::string id_column(Schema const& schema);
/// A geometry with its numbers as east and north.
Geometry east_first(Table const& table, Geometry geometry);
/// What stands for the geometry of a feature: in the system that is asked for, east first.
Geometry shown_geometry(Table const& table, Feature const& feature);
/// A geometry with so many decimals, for text.
Geometry rounded(Geometry geometry, int decimals);

}  // namespace yihong::formats
