#include "texts.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/formats/formats.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>
#include <array>

/// The formats that have a record after the other.
namespace yihong::edr {
namespace {

class GeojsonText final : public http::BodySource {
public:
    explicit GeojsonText(std::shared_ptr<SeriesText const> text) : text_{std::move(text)} {}

    bool next(std::string& out) override
    {
        auto const& series = text_->series;
        if (!stream_) {
            stream_ = series.records->select(records_of(series, text_->query, text_->query.sites));
            begin(out);
        }
        while (out.size() < bytes_a_piece) {
            auto const record = stream_->next();
            if (!record) {
                out += "]}";
                return false;
            }
            out.append(written_ ? "," : "");
            written_ = true;
            write(out, *record);
        }
        return true;
    }

private:
    void begin(std::string& out) const
    {
        JsonWriter json{out};
        json.begin_object().member("type", "FeatureCollection").key("parameters").begin_object();
        write_parameters(json, text_->series, text_->query.parameters, text_->root, false);
        json.end_object().key("links").begin_array().begin_object().member("href", text_->url).member("rel", "self");
        json.member("type", "application/geo+json").end_object().end_array().key("features");
        out += '[';
    }

    void write(std::string& out, Feature const& record) const
    {
        auto const& series = text_->series;
        auto const id = to_text(record.value(series.site_column));
        auto const site = std::ranges::find(text_->query.sites, id, &Site::id);
        JsonWriter json{out};
        json.begin_object().member("type", "Feature").member("id", record.id()).key("geometry");
        std::string geometry;
        append_geojson(geometry, record.geometry());
        json.raw(geometry).key("properties").begin_object().member("datetime", *record.time());
        json.member("label", site == text_->query.sites.end() ? std::string_view{id} : name_of(**site)).member("location", id);
        json.member("interval", to_text(record.value(series.interval_column)));
        ValidValues const valid{series, record};
        std::string values;
        json.key("parameter-name").begin_array();
        for (auto const index : text_->query.parameters) {
            auto const value = valid.of(index);
            if (is_null(value) && !text_->query.names_parameters)
                continue;
            json.value(series.column(index).name);
            values += series.records->schema().key(index);
            JsonWriter one{values};
            write_value(one, value);
            values += ',';
        }
        json.end_array();
        if (!values.empty()) {
            values.pop_back();
            out.append(",").append(values);
        }
        json.end_object().end_object();
    }

    std::shared_ptr<SeriesText const> text_;
    std::unique_ptr<FeatureStream> stream_;
    bool written_ = false;
};

class CsvText final : public http::BodySource {
public:
    explicit CsvText(std::shared_ptr<SeriesText const> text)
        : text_{std::move(text)}, table_{text_->series.records->select(records_of(text_->series, text_->query, text_->query.sites)),
                                         formats::Format::csv, table_of(*text_)}
    {}

    bool next(std::string& out) override { return table_.next(out); }

private:
    static formats::Table table_of(SeriesText const& text)
    {
        auto const& schema = text.series.records->schema();
        formats::Table table;
        table.name = std::string{text.series.texts->id};
        table.schema = &schema;
        table.geometry_type = GeometryType::point;
        constexpr std::array<std::string_view, 6> before{"site", "name", "time", "time_beijing", "interval", "status"};
        auto const add = [&](std::string_view name) {
            if (auto const column = schema.find(name))
                table.form.columns.push_back(*column);
        };
        std::ranges::for_each(before, add);
        std::ranges::copy(text.query.parameters, std::back_inserter(table.form.columns));
        add("not_valid");
        add("flags");
        return table;
    }

    std::shared_ptr<SeriesText const> text_;
    formats::FeatureText table_;
};

}  // namespace

std::unique_ptr<http::BodySource> geojson_text(std::shared_ptr<SeriesText const> text)
{
    return std::make_unique<GeojsonText>(std::move(text));
}
std::unique_ptr<http::BodySource> csv_text(std::shared_ptr<SeriesText const> text) { return std::make_unique<CsvText>(std::move(text)); }

}  // namespace yihong::edr
