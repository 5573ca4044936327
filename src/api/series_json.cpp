#include "series_json.hpp"

#include "yihong/evaluate/judge.hpp"
#include "yihong/state/completeness.hpp"
#include "yihong/state/record_json.hpp"

namespace yihong::api {

void write_json_record(JsonWriter& json, Record const& record, SeriesRequest const& request, Site const& site, World const& world)
{
    auto const& standards = *world.standards;
    auto const& parameters = standards.parameters();
    json.begin_object();
    write_record_head(json, record);
    if (is_late(record))
        json.member("late", true);
    write_readings(json, record, parameters, {.only = request.parameters});
    if (auto const* air = standards.aqi_edition(record.verdict.edition)) {
        json.key("aqi");
        record.verdict.aqi ? json.value(static_cast<int>(record.verdict.aqi)) : json.null();
        json.member("standard", air->edition.label);
    } else if (auto const* water = standards.water_edition(record.verdict.edition)) {
        json.key("water_class");
        record.verdict.water_class ? json.value(static_cast<int>(record.verdict.water_class)) : json.null();
        json.key("main_pollutants").begin_array();
        if (record.verdict.water_class > 3) {
            for (auto const& [id, multiple] :
                 judge_water(record, site.kind_at(record.time) == SiteKind::lake_section, *water, parameters).main_pollutants) {
                json.begin_object().member("parameter", parameters.find(id)->name).key("multiple");
                multiple ? json.value(*multiple) : json.null();
                json.end_object();
            }
        }
        json.end_array().member("standard", water->edition.label);
    }
    json.end_object();
}

SeriesQuery json_query(SeriesRequest const& request, Site const& site, Records const& records)
{
    auto query = request.query;
    if (request.parameters.empty())
        return query;
    bool needs_all = false;
    if (site.kind != SiteKind::air_station) {
        auto verdicts = query;
        verdicts.parameters = {request.parameters.front()};
        records.visit_series(verdicts, [&](Record const& record) { return !(needs_all = record.verdict.water_class > 3); });
    }
    if (!needs_all)
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
