#include "writers.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/geometry/wkt.hpp"

#include <cmath>
#include <utility>

namespace yihong::formats {

Geometry east_first(Table const& table, Geometry geometry)
{
    if (table.north_first)
        for_each_sequence(geometry, [](auto positions) {
            for (auto& position : positions)
                std::swap(position.lon, position.lat);
        });
    return geometry;
}

Geometry shown_geometry(Table const& table, Feature const& feature)
{
    return east_first(table, table.form.shape ? table.form.shape(feature.geometry()) : feature.geometry());
}

Geometry rounded(Geometry geometry, int decimals)
{
    double const steps = std::pow(10, decimals);
    for_each_sequence(geometry, [steps](auto positions) {
        for (auto& position : positions)
            position = {std::round(position.lon * steps) / steps, std::round(position.lat * steps) / steps};
    });
    return geometry;
}

namespace {

/// RFC 4180: one row a feature. Points as two columns of numbers, all else as WKT.
class CsvWriter final : public FeatureWriter {
public:
    CsvWriter(Table table, std::string& out) : table_{std::move(table)}, columns_{columns_of(table_)}, out_{out}
    {
        if (table_.byte_order_mark)
            out_ += "\xEF\xBB\xBF";
        append_csv_field(out_, id_column(*table_.schema));
        if (has_points())
            out_ += table_.in_degrees ? ",lon,lat" : ",east,north";
        for (auto const column : columns_) {
            out_ += ',';
            append_csv_field(out_, table_.schema->columns()[column].name);
        }
        if (table_.has_geometry && !has_points())
            out_ += ",geometry";
        out_ += "\r\n";
    }

    void add(Feature const& feature) override
    {
        append_csv_field(out_, feature.id());
        if (has_points())
            add_point(feature);
        for (auto const column : columns_) {
            out_ += ',';
            auto const value = shown_value(table_.schema->columns()[column], feature, Profile::flat);
            if (auto const* decimal = std::get_if<Decimal>(&value))
                decimal->append_to(out_);                  // as it came, with its zeros
            else
                append_csv_field(out_, to_text(value));
        }
        if (table_.has_geometry && !has_points()) {
            out_ += ',';
            auto const shape = shown_geometry(table_, feature);
            if (type_of(shape) != GeometryType::none)
                append_csv_field(out_, to_wkt(rounded(shape, table_.form.decimals)));
        }
        out_ += "\r\n";
    }

    void finish() override {}

private:
    [[nodiscard]] bool has_points() const noexcept { return table_.has_geometry && table_.geometry_type == GeometryType::point; }

    void add_point(Feature const& feature)
    {
        auto const shape = shown_geometry(table_, feature);
        auto const* point = std::get_if<Point>(&shape);
        out_ += ',';
        if (point)
            append_coordinate(out_, point->position.lon, table_.form.decimals);
        out_ += ',';
        if (point)
            append_coordinate(out_, point->position.lat, table_.form.decimals);
    }

    Table table_;
    std::vector<std::size_t> columns_;
    std::string& out_;
};

/// RFC 8142: each feature between a record separator and a line feed.
class SequenceWriter final : public FeatureWriter {
public:
    SequenceWriter(Table table, std::string& out) : table_{std::move(table)}, out_{out} {}

    void add(Feature const& feature) override
    {
        out_ += '\x1e';
        append_geojson(out_, feature, table_.form);
        out_ += '\n';
    }

    void finish() override {}

private:
    Table table_;
    std::string& out_;
};

}  // namespace

std::unique_ptr<FeatureWriter> csv_writer(Table table, std::string& out) { return std::make_unique<CsvWriter>(std::move(table), out); }

std::unique_ptr<FeatureWriter> sequence_writer(Table table, std::string& out)
{
    return std::make_unique<SequenceWriter>(std::move(table), out);
}

}  // namespace yihong::formats
