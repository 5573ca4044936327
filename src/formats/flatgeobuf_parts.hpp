#pragma once

#include "packed_tree.hpp"

#include "yihong/features/feature.hpp"
#include "yihong/formats/formats.hpp"

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The flat buffers that a FlatGeobuf (https://flatgeobuf.org/, version 3) is made of. Each stands in the file with its size before it.
namespace yihong::formats::flatgeobuf {

/// How values of a column are written: their number in the format.
enum class ColumnType : std::uint8_t { boolean = 2, whole = 7, real = 10, text = 11, date_time = 13 };

struct FileColumn {
    std::string name;
    ColumnType type = ColumnType::text;
    std::string title = {};
    std::string description = {};
};

struct Header {
    std::string name;
    std::string title;
    bool has_geometry = true;
    GeometryType geometry_type = GeometryType::none;       ///< none: any
    std::vector<FileColumn> columns;
    std::uint64_t features = 0;
    Box box = {};
    bool has_index = false;
    int epsg = 0;
    std::string system_name;
    std::string system_wkt;
};
[[nodiscard]] std::string header_bytes(Header const& header);

/// Lines and areas may be many in one feature, so a file of them is one of several each.
[[nodiscard]] GeometryType type_of_file(GeometryType features) noexcept;

/// Makes the bytes of one feature after the other.
class FeatureEncoder {
public:
    /// \param type of all geometry; none: any
    explicit FeatureEncoder(GeometryType type) : type_{type} {}

    /// The next value of the feature that is being made. Null is left out, as is what the column's type cannot be.
    void set(std::uint16_t column, ColumnType type, Value const& value);
    /// Ends the feature. \param geometry null: it has none \return until the next call
    std::string_view finish(Geometry const& geometry);

private:
    struct GeometryTable;
    using GeometryOffset = flatbuffers::Offset<GeometryTable>;
    GeometryOffset encoded(Geometry const& geometry, GeometryType as);
    GeometryOffset sequences(GeometryType as, std::vector<Positions> const& sequences);
    GeometryOffset positions(GeometryType as, LonLat const* first, std::size_t count);
    GeometryOffset table(GeometryType as, flatbuffers::Offset<flatbuffers::Vector<std::uint32_t>> ends,
                         flatbuffers::Offset<flatbuffers::Vector<double>> numbers);
    GeometryOffset polygons(std::vector<Polygon> const& polygons);
    void append(std::string_view bytes) { properties_.insert(properties_.end(), bytes.begin(), bytes.end()); }
    template <typename T>
    void append_number(T value);

    GeometryType type_;
    flatbuffers::FlatBufferBuilder builder_;
    std::vector<std::uint8_t> properties_;
};

}  // namespace yihong::formats::flatgeobuf
