#include "series_json.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/state/completeness.hpp"

#include <span>

namespace yihong::api {
namespace {

/// Members of an object that is open.
void write_verdict(JsonWriter& json, int water_class, std::span<MainPollutant const> main, WaterStandard const& standard,
                   ParameterBook const& parameters)
{
    json.key("water_class");
    water_class ? json.value(water_class) : json.null();
    json.key("main_pollutants").begin_array();
    for (auto const& [id, multiple] : main) {
        json.begin_object().member("parameter", parameters.find(id)->name).key("multiple");
        multiple ? json.value(*multiple) : json.null();
        json.end_object();
    }
    json.end_array().member("standard", standard.edition.label);
}

}  // namespace

SeriesWriter::SeriesWriter(std::string& out, SeriesRequest const& request, Site const& site, World const& world)
    : json_{out}, site_{site}, standards_{*world.standards}, records_{standards_.parameters(), {.only = request.parameters}}
{}

void SeriesWriter::write(Record const& record)
{
    json_.begin_object();
    records_.head(json_, record);
    if (is_late(record))
        json_.member("late", true);
    records_.readings(json_, record);
    if (auto const* air = standards_.aqi_edition(record.verdict.edition)) {
        json_.key("aqi");
        record.verdict.aqi ? json_.value(static_cast<int>(record.verdict.aqi)) : json_.null();
        json_.member("standard", air->edition.label);
    } else if (auto const* water = standards_.water_edition(record.verdict.edition)) {
        write_water(record, *water);
    }
    json_.end_object();
}

void SeriesWriter::write_water(Record const& record, WaterStandard const& standard)
{
    auto const& parameters = standards_.parameters();
    int const water_class = record.verdict.water_class;
    if (water_class > 3) {
        auto const main = main_pollutants(record, site_.kind_at(record.time) == SiteKind::lake_section, standard);
        return write_verdict(json_, water_class, main, standard, parameters);
    }
    if (edition_ != record.verdict.edition)
        clean_ = {};
    edition_ = record.verdict.edition;
    auto& text = clean_[static_cast<std::size_t>(water_class)];
    if (text.empty()) {
        JsonWriter json{text};
        write_verdict(json, water_class, {}, standard, parameters);
    }
    json_.raw(text);
}

SeriesQuery json_query(SeriesRequest const& request, Site const& site)
{
    auto query = request.query;
    if (site.kind == SiteKind::air_station)
        query.parameters = request.parameters;
    return query;
}

void begin_json_page(std::string& body, Site const& site)
{
    JsonWriter{body}.begin_object().member("site", site.id).member("name", site.name).key("records").begin_array();
}

void end_json_page(std::string& body, std::size_t count, std::string const& self_url, std::string const& page_url, std::string const& next)
{
    JsonWriter json{body};
    json.end_array().member("numberReturned", count).key("links").begin_array();
    json.begin_object().member("href", self_url).member("rel", "self").member("type", "application/json").end_object();
    if (!next.empty())
        json.begin_object()
            .member("href", page_url + "&after=" + next)
            .member("rel", "next")
            .member("type", "application/json")
            .end_object();
    json.end_array().end_object();
}

std::string series_cursor(UtcTime time, IntervalKind interval)
{
    return std::to_string(time.time_since_epoch().count()) + "." + std::string{to_text(interval)};
}

}  // namespace yihong::api
