#include "texts.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/features/units.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>

namespace yihong::edr {
namespace {

/// The series of one site and one interval, as far as it has been read: texts of JSON, item by item.
struct Column {
    std::string values;
    bool has_value = false;
};
struct Pending {
    std::string interval;
    std::size_t part = 1;
    std::size_t count = 0;
    std::string times = {};
    std::vector<Column> columns = {};
};

class CoverageText final : public http::BodySource {
public:
    explicit CoverageText(std::shared_ptr<SeriesText const> text) : text_{std::move(text)} {}

    bool next(std::string& out) override
    {
        if (!begun_)
            begin(out);
        begun_ = true;
        while (out.size() < bytes_a_piece) {
            if (!stream_) {
                if (site_ == query().sites.size()) {
                    out += "]}";
                    return false;
                }
                stream_ = series().records->select(records_of(series(), query(), {query().sites[site_]}));
            }
            if (auto const record = stream_->next()) {
                add(out, *record);
                continue;
            }
            for (auto& pending : pending_)
                if (pending.count > 0)
                    write(out, pending);
            pending_.clear();
            stream_.reset();
            ++site_;
        }
        return true;
    }

private:
    [[nodiscard]] Series const& series() const noexcept { return text_->series; }
    [[nodiscard]] SeriesQuery const& query() const noexcept { return text_->query; }

    void begin(std::string& out) const
    {
        JsonWriter json{out};
        json.begin_object().member("type", "CoverageCollection").member("domainType", "PointSeries");
        json.key("parameters").begin_object();
        write_parameters(json, series(), query().parameters, text_->root, true);
        json.end_object();
        json.key("referencing")
            .raw(R"([{"coordinates":["x","y"],"system":{"type":"GeographicCRS","id":")" + std::string{crs84} +
                 R"("}},{"coordinates":["t"],"system":{"type":"TemporalRS","calendar":"Gregorian"}}])");
        json.key("coverages");
        out += '[';
    }

    void add(std::string& out, Feature const& record)
    {
        auto interval = to_text(record.value(series().interval_column));
        auto const of = std::ranges::find(pending_, interval, &Pending::interval);
        auto& pending = of != pending_.end() ? *of : pending_.emplace_back(Pending{.interval = std::move(interval)});
        pending.columns.resize(query().parameters.size());
        ValidValues const values{series(), record};
        if (pending.count > 0)
            pending.times += ',';
        JsonWriter{pending.times}.value(*record.time());
        for (std::size_t i = 0; i < query().parameters.size(); ++i) {
            auto& column = pending.columns[i];
            auto const value = values.of(query().parameters[i]);
            column.has_value = column.has_value || !is_null(value);
            if (pending.count > 0)
                column.values += ',';
            JsonWriter json{column.values};
            write_value(json, value);
        }
        if (++pending.count < text_->times)
            return;
        write(out, pending);
        pending = {.interval = std::move(pending.interval), .part = pending.part + 1};
    }

    void write(std::string& out, Pending const& pending)
    {
        auto const& site = *query().sites[site_];
        out.append(written_ ? "," : "");
        written_ = true;
        std::string id = site.id + "." + pending.interval;
        if (pending.part > 1)
            id += "/" + std::to_string(pending.part);
        JsonWriter json{out};
        json.begin_object().member("type", "Coverage").member("id", id);
        json.key("title").begin_object().member("zh", name_of(site));
        if (!site.name_en.empty())
            json.member("en", site.name_en);
        json.end_object().member("locationId", site.id).member("interval", pending.interval);
        std::string x;
        std::string y;
        append_coordinate(x, site.position->lon);
        append_coordinate(y, site.position->lat);
        json.key("domain").begin_object().member("type", "Domain").member("domainType", "PointSeries").key("axes").begin_object();
        json.key("x").raw(R"({"values":[)" + x + "]}").key("y").raw(R"({"values":[)" + y + "]}");
        json.key("t").raw(R"({"values":[)" + pending.times + "]}").end_object().end_object().key("ranges").begin_object();
        for (std::size_t i = 0; i < query().parameters.size(); ++i) {
            auto const& column = pending.columns[i];
            if (!column.has_value && !query().names_parameters)
                continue;                                  // the site does not measure it
            json.key(series().column(query().parameters[i]).name)
                .begin_object()
                .member("type", "NdArray")
                .member("dataType", "float")
                .key("axisNames")
                .raw(R"(["t"])")
                .key("shape")
                .begin_array()
                .value(pending.count)
                .end_array()
                .key("values")
                .raw("[" + column.values + "]")
                .end_object();
        }
        json.end_object().end_object();
    }

    std::shared_ptr<SeriesText const> text_;
    std::unique_ptr<FeatureStream> stream_;
    std::vector<Pending> pending_;                         // of the site that is read
    std::size_t site_ = 0;
    bool begun_ = false;
    bool written_ = false;
};

}  // namespace

void write_parameters(JsonWriter& json, Series const& series, std::vector<std::size_t> const& parameters, std::string_view root,
                      bool in_coverage)
{
    for (auto const index : parameters) {
        auto const& column = series.column(index);
        auto const label = [&](std::string_view key) {
            json.key(key);
            if (!in_coverage) {
                json.value(column.title_en.empty() ? column.title : column.title + " " + column.title_en);
                return;
            }
            json.begin_object().member("zh", column.title);
            if (!column.title_en.empty())
                json.member("en", column.title_en);
            json.end_object();
        };
        json.key(column.name).begin_object().member("type", "Parameter");
        label("description");
        if (auto const code = ucum(column.unit); !code.empty() || !column.unit.empty()) {
            json.key("unit").begin_object().key("label");
            if (in_coverage)
                json.begin_object().member("zh", column.unit).end_object();
            else
                json.value(column.unit);
            json.key("symbol");
            if (code.empty())
                json.value(column.unit);
            else
                json.begin_object().member("value", code).member("type", "http://www.opengis.net/def/uom/UCUM/").end_object();
            json.end_object();
        }
        json.key("observedProperty").begin_object();
        json.member("id", std::string{root} + "/collections/" + std::string{series.texts->records} + "/schema#/properties/" + column.name);
        label("label");
        json.end_object().end_object();
    }
}

std::unique_ptr<http::BodySource> coverage_text(std::shared_ptr<SeriesText const> text)
{
    return std::make_unique<CoverageText>(std::move(text));
}

}  // namespace yihong::edr
