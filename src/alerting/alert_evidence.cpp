#include "alert_evidence.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/model/frame_text.hpp"
#include "yihong/state/record_json.hpp"
#include "yihong/write/chained_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace yihong {
namespace {

constexpr std::size_t records_limit = 12;
constexpr std::size_t upstream_limit = 3;
constexpr std::chrono::hours upstream_window{24};
constexpr ReadingsForm every_flag{.normal_flags = true, .marks = false};

double to_10_m(double km) { return std::round(km * 100.0) / 100.0; }

void write_verdict(JsonWriter& json, Record const& record)
{
    if (record.verdict.water_class)
        json.member("water_class", record.verdict.water_class);
    if (record.verdict.aqi)
        json.member("aqi", record.verdict.aqi);
}

void write_judgement(JsonWriter& json, Record const& record, EvidenceInput const& in)
{
    auto const& site = in.world.sites->all()[in.index];
    auto const& standards = *in.world.standards;
    auto const* standard = standards.water_edition(record.verdict.edition);
    json.key("judgement");
    if (!standard) {
        auto const* edition = standards.edition(record.verdict.edition);
        json.begin_object().key("standard");
        edition ? json.value(edition->label) : json.null();
        json.end_object();
        return;
    }
    auto const judged = judge_water(record, site.kind_at(record.time) == SiteKind::lake_section, *standard, standards.parameters());
    json.begin_object()
        .member("standard", judged.edition->label)
        .member("limits_used", judged.lake ? "lake" : "river")
        .key("items")
        .begin_array();
    for (auto const& item : judged.items) {
        auto const* parameter = standards.parameters().find(item.reading.parameter);
        if (!item.item || !parameter)
            continue;
        json.begin_object().member("parameter", parameter->name).member("value", item.assessed).member("unit", parameter->unit);
        json.member("counted", item.counted).member("class", item.item_class).key("limit_class_3");
        if (item.item->rule == LimitRule::range)
            json.begin_array().value(item.item->range_low).value(item.item->range_high).end_array();
        else if (item.limits[2].is_zero())
            json.null();
        else
            json.value(item.limits[2]);
        json.member("clause", item.item->clause).member("clause_zh", item.item->clause_zh);
        json.key("why_not_counted");
        item.counted ? json.null() : json.value(item.why_not_counted);
        json.end_object();
    }
    json.end_array().end_object();
}

void write_rules(JsonWriter& json, EvidenceInput const& in)
{
    json.key("rules").begin_array();
    for (auto const& cause : in.alert.causes) {
        auto const rule = std::ranges::find(in.world.alerts->rules, cause.rule, &AlertRule::id);
        json.begin_object()
            .member("id", cause.rule)
            .member("kind", to_text(cause.kind))
            .member("severity", to_text(cause.severity))
            .member("since", cause.since);
        if (rule != in.world.alerts->rules.end()) {
            auto const [zh, en] = describe(*rule);
            json.member("text", zh).member("text_en", en);
        }
        json.end_object();
    }
    json.end_array();
}

void write_record(JsonWriter& json, Record const& record, EvidenceInput const& in)
{
    auto const& site = in.world.sites->all()[in.index];
    RecordWriter writer{in.world.standards->parameters(), every_flag};
    json.begin_object();
    writer.head(json, record);
    write_verdict(json, record);
    writer.readings(json, record);
    json.member("raw", fmt::format("/api/v1/sites/{}/readings/{}/raw", percent_encoded(site.id), format_rfc3339(record.time)));
    json.key("frames").begin_array();
    if (in.frames)
        for (auto const& frame : in.frames(record)) {
            auto const text = to_valid_utf8(without_secrets(frame.bytes));  // many may read an alert, few may know a station's password
            json.begin_object()
                .member("received_at", frame.received_at)
                .member("text", text)
                .member("sha256", chained_hash({}, text))  // of what is shown: any other would let a password be guessed
                .end_object();
        }
    json.end_array().end_object();
}

/// The newest, and those before it since the first that counts towards a rule.
void write_records(JsonWriter& json, EvidenceInput const& in)
{
    UtcTime since = in.alert.last_time.value_or(in.alert.opened_at);
    for (auto const& cause : in.alert.causes)
        since = std::min(since, cause.since);
    json.key("records").begin_array();
    for (std::size_t i = 0; i < records_limit; ++i) {
        auto const* record = in.back(i);
        if (!record || (i > 0 && record->time < since))
            break;
        write_record(json, *record, in);
    }
    json.end_array();
}

void write_overlay(JsonWriter& json, Site const& site, OverlayFacts const& facts)
{
    auto const* line = line_of_river(site, facts);
    json.key("overlay").begin_object().member("county", facts.county).member("river", river_of(site, facts)).key("river_chainage_km");
    line && line->chainage_km ? json.value(to_10_m(*line->chainage_km)) : json.null();
    json.member("lake", facts.lake).key("zones").begin_array();
    for (auto const& zone : facts.zones)
        json.value(zone);
    json.end_array().key("elevation_m");
    facts.elevation_m ? json.value(*facts.elevation_m) : json.null();
    json.key("zone_notes").begin_array();
    for (auto const& note : facts.zone_notes)
        json.value(note);
    json.end_array();
    json.end_object();
}

void write_upstream(JsonWriter& json, Record const* newest, EvidenceInput const& in)
{
    json.key("upstream").begin_array();
    std::size_t shown = 0;
    RecordWriter writer{in.world.standards->parameters(), every_flag};
    for (auto const& [there, record] : in.upstream) {
        if (shown == upstream_limit || !newest)
            break;
        if (record->time > newest->time + upstream_window || record->time < newest->time - upstream_window)
            continue;
        auto const& other = in.world.sites->all()[there.index];
        json.begin_object().member("site", other.id).member("name", other.name).key("distance_km");
        there.distance_km ? json.value(to_10_m(*there.distance_km)) : json.null();
        json.member("time", record->time);
        write_verdict(json, *record);
        writer.readings(json, *record);
        json.end_object();
        ++shown;
    }
    json.end_array();
}

}  // namespace

std::string write_evidence(EvidenceInput const& in)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_rules(json, in);
    write_records(json, in);
    Record const* newest = in.back(0);
    if (newest)
        write_judgement(json, *newest, in);
    write_overlay(json, in.world.sites->all()[in.index], in.world.facts[in.index]);
    write_upstream(json, newest, in);
    json.end_object();
    return out;
}

}  // namespace yihong
