#include "yihong/formats/formats.hpp"

#include "writers.hpp"

#include "yihong/base/accept.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace yihong::formats {

std::span<FormatNames const> all_formats() noexcept
{
    static constexpr std::array formats{
        FormatNames{Format::geojson_sequence, "jsonseq", "application/geo+json-seq", ".geojsons", "GeoJSON 文本序列 GeoJSON text sequence",
                    true, false},
        FormatNames{Format::csv, "csv", "text/csv", ".csv", "CSV 表格 CSV", true, false},
        FormatNames{Format::xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
                    "Excel 表格 Excel workbook", false, false},
        FormatNames{Format::flatgeobuf, "fgb", "application/flatgeobuf", ".fgb",
                    "FlatGeobuf（只含有位置的要素） FlatGeobuf (features that have a place)", false, false},
        FormatNames{Format::geopackage, "gpkg", "application/geopackage+sqlite3", ".gpkg", "GeoPackage", false, false},
        FormatNames{Format::shapefile, "shp", "application/x-shapefile+zip", ".zip", "Shapefile（zip） Shapefile (zipped)", false, false},
        FormatNames{Format::kml, "kml", "application/vnd.google-earth.kml+xml", ".kml", "KML", false, true},
    };
    return formats;
}

FormatNames const* find_format(std::string_view name) noexcept
{
    auto const found = std::ranges::find(all_formats(), name, &FormatNames::name);
    return found == all_formats().end() ? nullptr : &*found;
}

FormatNames const* preferred_format(std::string_view accept)
{
    FormatNames const* best = nullptr;
    double best_weight = 0;
    for_each_accepted(accept, [&](std::string_view type, double weight) {
        if (weight <= best_weight)
            return;                                        // of two alike the first
        auto const found = std::ranges::find(all_formats(), type, &FormatNames::media_type);
        best = found == all_formats().end() ? nullptr : &*found;
        best_weight = weight;
    });
    return best;
}

std::vector<std::size_t> columns_of(Table const& table)
{
    auto columns = table.form.columns;
    if (columns.empty()) {
        columns.resize(table.schema->columns().size());
        std::iota(columns.begin(), columns.end(), std::size_t{0});
    }
    return columns;
}

std::string_view cut_to(std::string_view text, std::size_t bytes) noexcept
{
    if (text.size() <= bytes)
        return text;
    auto const is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    while (bytes > 0 && is_inside(text[bytes]))
        --bytes;
    return text.substr(0, bytes);
}

std::vector<std::string> short_names(std::span<std::string const> names)
{
    constexpr std::size_t longest = 10;
    std::vector<std::string> all;
    auto const is_taken = [&](std::string const& name) {
        auto const lower = [](std::string text) {
            std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
            return text;
        };
        return std::ranges::any_of(all, [&](auto const& other) { return lower(other) == lower(name); });
    };
    for (auto const& name : names) {
        std::string made{cut_to(name, longest)};
        for (int n = 1; is_taken(made); ++n) {
            auto const ending = "_" + std::to_string(n);
            made = std::string{cut_to(name, longest - ending.size())} + ending;
        }
        all.push_back(std::move(made));
    }
    return all;
}

std::string id_column(Schema const& schema)
{
    std::string name = "id";
    while (schema.find(name))
        name = "feature_" + name;
    return name;
}

std::unique_ptr<FeatureWriter> stream_writer(Format format, Table table, std::string& out)
{
    return format == Format::csv ? csv_writer(std::move(table), out) : sequence_writer(std::move(table), out);
}

std::unique_ptr<FeatureWriter> file_writer(Format format, Table table, std::filesystem::path const& file)
{
    table.form.profile = Profile::flat;
    switch (format) {
    case Format::xlsx: return xlsx_writer(std::move(table), file);
    case Format::shapefile: return shapefile_writer(std::move(table), file);
    case Format::flatgeobuf: return flatgeobuf_writer(std::move(table), file);
    case Format::geopackage: return gdal_writer("GPKG", std::move(table), file);
    case Format::kml: return gdal_writer("KML", std::move(table), file);
    case Format::geojson_sequence:
    case Format::csv: break;
    }
    std::unreachable();
}

FeatureText::FeatureText(std::unique_ptr<FeatureStream> features, Format format, Table table)
    : features_{std::move(features)}, writer_{stream_writer(format, std::move(table), text_)}
{}

bool FeatureText::next(std::string& out)
{
    constexpr std::size_t bytes_a_piece = 64U << 10U;
    bool more = true;
    while (more && text_.size() < bytes_a_piece) {
        auto const feature = features_->next();
        more = feature != nullptr;
        if (more)
            writer_->add(*feature);
        else
            writer_->finish();
    }
    out += text_;
    text_.clear();
    return more;
}

}  // namespace yihong::formats
