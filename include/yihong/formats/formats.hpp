#pragma once

#include "yihong/features/source.hpp"
#include "yihong/geometry/geometry.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Features in the formats that people take home (导出格式): one writer interface over all of them.
namespace yihong::formats {

enum class Format : std::uint8_t { geojson_sequence, csv, xlsx, flatgeobuf, geopackage, shapefile, kml };

/// What a format is called, everywhere.
struct FormatNames {
    Format format;
    std::string_view name;  ///< of the parameter `f`: `gpkg`
    std::string_view media_type;
    std::string_view extension;  ///< of files, with its dot
    std::string_view title;  ///< Chinese and English
    bool is_stream;  ///< written while it is sent; the others are files that have to be finished first
    bool only_crs84;  ///< its coordinates are longitude and latitude by definition
};
std::span<FormatNames const> all_formats() noexcept;
/// By the name of `f`. \return null where there is none
FormatNames const* find_format(std::string_view name) noexcept;
/// The one that an Accept header prefers to all other forms. \return null where it prefers something else, or whatever comes
FormatNames const* preferred_format(std::string_view accept);

/// What is written: features of one schema as one table.
struct Table {
    std::string name;  ///< of layer, sheet and file: the id of the collection
    std::string title;
    Schema const* schema = nullptr;  ///< outlives the writer
    FeatureForm form = {};  ///< flat whatever it says, but for text sequences
    bool has_geometry = true;
    GeometryType geometry_type = GeometryType::none;  ///< of all features; none: any
    int epsg = 0;  ///< of the positions that `form` gives; 0: CRS84
    bool north_first = false;  ///< their first number is the northing or latitude
    bool in_degrees = true;
    bool byte_order_mark = false;  ///< of CSV: Excel takes a file without it for the code page of the machine
};

/// The columns that are written, in their order.
[[nodiscard]] std::vector<std::size_t> columns_of(Table const& table);
/// The name of each column in a Shapefile: at most ten bytes, none cut inside a character, none twice.
[[nodiscard]] std::vector<std::string> short_names(std::span<std::string const> names);

/// Takes features one after the other; memory is bounded however many come. Used by one thread at a time.
class FeatureWriter {
public:
    virtual ~FeatureWriter() = default;
    /// \throws std::runtime_error where the format or the disk refuses
    virtual void add(Feature const& feature) = 0;
    /// Once, behind the last feature. Without it what was written is thrown away. \throws as `add`
    virtual void finish() = 0;
};

/// Writes at the end of a text, which the caller may take away between the calls.
/// \pre the format is a stream \param out outlives the writer
std::unique_ptr<FeatureWriter> stream_writer(Format format, Table table, std::string& out);
/// The features of a stream as text, piece by piece, so that a text of any length takes bounded memory.
class FeatureText {
public:
    /// \pre the format is a stream \param features what they come of outlives this
    FeatureText(std::unique_ptr<FeatureStream> features, Format format, Table table);
    FeatureText(FeatureText const&) = delete;
    FeatureText& operator=(FeatureText const&) = delete;

    /// Appends a piece. \return false when it was the last
    bool next(std::string& out);

private:
    std::string text_;
    std::unique_ptr<FeatureStream> features_;
    std::unique_ptr<FeatureWriter> writer_;
};
/// Writes a new file. What is made on the way lies in its folder, which is the caller's to remove.
/// \pre the format is no stream
std::unique_ptr<FeatureWriter> file_writer(Format format, Table table, std::filesystem::path const& file);

}  // namespace yihong::formats
