#include "flatgeobuf_parts.hpp"
#include "gdal_parts.hpp"
#include "packed_tree.hpp"
#include "record_sorter.hpp"
#include "writers.hpp"

#include "yihong/base/text.hpp"

#include <cpl_conv.h>

#include <cstring>
#include <memory>
#include <utility>

namespace yihong::formats {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t memory_for_sorting = 32U << 20U;
constexpr auto magic = "fgb\x03"
                       "fgb\x01"sv;

flatgeobuf::ColumnType type_of_values(Column const& column)
{
    using enum flatgeobuf::ColumnType;
    if (column.is_list())
        return text;
    switch (column.type) {
    case AttributeType::integer: return whole;
    case AttributeType::real: return real;
    case AttributeType::boolean: return boolean;
    case AttributeType::date:
    case AttributeType::date_time: return date_time;
    case AttributeType::text: break;
    }
    return text;
}

/// The driver of GDAL keeps a node of every feature in memory until the file is finished, 140 bytes each. Here the features wait on disk, and come back in
/// the order of their places.
class FlatGeobufWriter final : public FeatureWriter {
public:
    FlatGeobufWriter(Table table, std::filesystem::path const& file)
        : table_{std::move(table)}, columns_{columns_of(table_)}, name_{file}, sorter_{file.string() + ".unsorted", memory_for_sorting},
          encoder_{flatgeobuf::type_of_file(table_.geometry_type)}, header_{begun_header()}
    {}

    void add(Feature const& feature) override
    {
        auto const shape = table_.has_geometry ? shown_geometry(table_, feature) : Geometry{};
        auto const box = box_of(shape);
        if (table_.has_geometry && box == Box{})
            return;  // what an index does not find is in no file that has one
        encoder_.set(0, flatgeobuf::ColumnType::text, feature.id());
        for (std::size_t i = 0; i < columns_.size(); ++i)
            encoder_.set(static_cast<std::uint16_t>(i + 1), header_.columns[i + 1].type,
                         shown_value(table_.schema->columns()[columns_[i]], feature, Profile::flat));
        record_.assign(reinterpret_cast<char const*>(&box), sizeof box);
        record_ += encoder_.finish(shape);
        sorter_.add(number_of_place(feature), record_);
        ++header_.features;
        header_.box.extend(box);
    }

    void finish() override
    {
        header_.has_index = table_.has_geometry && header_.features > 0;
        auto const head = std::string{magic} + flatgeobuf::header_bytes(header_);
        PositionedFile const file{name_};
        file.write(head, 0);
        std::optional<PackedTree> tree;
        if (header_.has_index)
            tree.emplace(file, head.size(), header_.features);
        auto const begin = head.size() + (tree ? tree->size() : 0);
        Output features{file, begin};
        auto const put = [&](std::string_view record) {
            Box box;
            std::memcpy(&box, record.data(), sizeof box);
            if (tree)
                tree->add(box, features.position() - begin);
            features.put(record.substr(sizeof box));
        };
        sorter_.for_each(put);
        features.flush();
        if (tree)
            tree->finish();
    }

private:
    /// All that can be said before the features have come.
    [[nodiscard]] flatgeobuf::Header begun_header() const
    {
        flatgeobuf::Header header{.name = table_.name,
                                  .title = table_.title,
                                  .has_geometry = table_.has_geometry,
                                  .columns = {},
                                  .system_name = {},
                                  .system_wkt = {}};
        header.geometry_type = flatgeobuf::type_of_file(table_.geometry_type);
        header.columns.push_back({.name = id_column(*table_.schema), .title = "标识", .description = "Identifier"});
        for (auto const i : columns_) {
            auto const& column = table_.schema->columns()[i];
            auto const unit = column.unit.empty() ? std::string{} : " (" + column.unit + ")";
            header.columns.push_back({column.name, type_of_values(column), column.title, column.title_en + unit});
        }
        if (table_.has_geometry)
            describe_system(header);
        return header;
    }

    void describe_system(flatgeobuf::Header& header) const
    {
        constexpr int wgs84 = 4326;
        Quiet const quiet;
        auto const system = reference_system_of(table_);
        header.epsg = table_.epsg == 0 ? wgs84 : table_.epsg;
        header.system_name = system.GetName();
        char* wkt = nullptr;
        std::array<char const*, 2> const options{"FORMAT=WKT2_2019", nullptr};
        if (system.exportToWkt(&wkt, options.data()) == OGRERR_NONE)
            header.system_wkt = wkt;
        CPLFree(wkt);
    }

    /// Of the middle of its geometry.
    [[nodiscard]] static std::uint64_t number_of_place(Feature const& feature)
    {
        auto const box = box_of(feature.geometry());
        return box == Box{} ? 0 : hilbert_number({(box.west + box.east) / 2, (box.south + box.north) / 2});
    }

    Table table_;
    std::vector<std::size_t> columns_;
    std::filesystem::path name_;
    RecordSorter sorter_;
    flatgeobuf::FeatureEncoder encoder_;
    flatgeobuf::Header header_;
    std::string record_;  ///< box and bytes of the feature that is added
};

}  // namespace

std::unique_ptr<FeatureWriter> flatgeobuf_writer(Table table, std::filesystem::path const& file)
{
    return std::make_unique<FlatGeobufWriter>(std::move(table), file);
}

}  // namespace yihong::formats
