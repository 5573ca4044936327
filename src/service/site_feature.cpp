#include "yihong/service/site_feature.hpp"

#include "property_writer.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/evaluate/judge.hpp"

#include <algorithm>
#include <cmath>

namespace yihong {
namespace {

/// To a 1/steps: no digit is shown that the layers cannot know.
std::optional<double> rounded(std::optional<double> value, double steps)
{
    return value ? std::optional{std::round(*value * steps) / steps} : std::nullopt;
}

class SiteFeature final : public Feature {
public:
    SiteFeature(std::shared_ptr<SiteState const> state, bool stale, std::shared_ptr<std::vector<PropertyDefinition> const> properties)
        : Feature{state->site().id, bounds_of(state->site().position), time_of(*state)}, state_{std::move(state)}, stale_{stale},
          properties_{std::move(properties)}
    {}

    [[nodiscard]] std::shared_ptr<SiteState const> const& state() const noexcept { return state_; }

private:
    static std::optional<UtcTime> time_of(SiteState const& state)
    {
        return state.newest ? std::optional{state.newest->time} : std::nullopt;
    }

    Rendered render() const override
    {
        Rendered rendered;
        rendered.geojson.reserve(1500);
        PropertyWriter out{rendered, *properties_};
        begin_point_feature(out.json(), state_->site().id, state_->site().position);
        write_site(out);
        write_record(out);
        out.json().end_object().end_object();
        return rendered;
    }

    void write_site(PropertyWriter& out) const
    {
        auto const& site = state_->site();
        auto const& facts = state_->facts();
        out.text("name", site.name);
        out.text("name_en", site.name_en);
        out.text("kind", to_text(site.kind));
        out.text("mn", site.mn);
        out.text("level", site.level);
        if (site.kind != SiteKind::air_station)
            out.text("water_body", site.water_body);
        if (is_water(site.kind))
            out.number("target_class", site.target_class);
        out.number("coordinate_accuracy_m", site.coordinate_accuracy_m);
        out.text("source", site.source);
        out.text("county", facts.county);
        out.text("river", facts.river);
        out.number("river_distance_m", rounded(facts.river_distance_m, 10));
        out.number("river_chainage_km", rounded(facts.river_chainage_km, 1000));
        out.text("lake", facts.lake);
        out.number("lake_distance_m", rounded(facts.lake_distance_m, 10));
        out.list("zones", facts.zones);
        out.number("elevation_m", facts.elevation_m);
    }

    void write_record(PropertyWriter& out) const
    {
        auto const& site = state_->site();
        auto const& parameters = state_->world->standards->parameters();
        auto const* record = state_->newest ? &*state_->newest : nullptr;
        out.time("time", record ? std::optional{record->time} : std::nullopt);
        out.text("interval", record ? to_text(record->interval) : "");
        out.text("status", record ? to_text(record->status) : "");
        out.flag("stale", stale_);
        out.number("missing_periods", state_->missing_periods);
        if (is_water(site.kind))
            write_water(out, record);
        else if (site.kind == SiteKind::air_station)
            write_air(out, record);
        auto const& alert = state_->alert;
        out.text("alert", alert ? to_text(alert->state) : std::string_view{});
        out.text("alert_severity", alert ? to_text(alert->severity) : std::string_view{});
        out.text("alert_id", alert ? std::string_view{alert->id} : std::string_view{});
        std::vector<std::string> not_valid;
        for (auto const& definition : *properties_) {
            auto const* parameter = record ? parameters.find(definition.name) : nullptr;
            auto const* reading = parameter ? record->find(parameter->id) : nullptr;
            if (!reading)
                continue;
            if (reading->has_value)
                out.decimal(definition.name, reading->value);
            else
                out.none(definition.name);
            if (!reading->flag.is_normal())
                not_valid.push_back(definition.name);
        }
        out.list("not_valid", std::move(not_valid));
    }

    void write_water(PropertyWriter& out, Record const* record) const
    {
        auto const& standards = *state_->world->standards;
        auto const& parameters = standards.parameters();
        auto const name_of = [&](ParameterId id) { return parameters.find(id)->name; };
        auto const* edition = record ? standards.water_edition(record->verdict.edition) : nullptr;
        auto const judgement =
            edition ? judge_water(*record, state_->site().kind == SiteKind::lake_section, *edition, parameters) : WaterJudgement{};
        int const water_class = edition ? record->verdict.water_class : 0;
        out.number("water_class", water_class ? std::optional{water_class} : std::nullopt);
        out.text("water_class_label", water_class_label(water_class));
        out.text("water_quality", water_quality_label(water_class));
        std::vector<std::string> deciding;
        for (auto const id : judgement.deciding)
            deciding.push_back(name_of(id));
        out.list("deciding_parameters", std::move(deciding));
        out.json().key("main_pollutants").begin_array();
        std::string text;
        for (auto const& [id, multiple] : judgement.main_pollutants) {
            out.json().begin_object().member("parameter", name_of(id)).key("multiple");
            text += (text.empty() ? "" : "、") + parameters.find(id)->name_zh;
            if (multiple) {
                out.json().value(*multiple);
                text += "(" + multiple->to_string() + ")";
            } else {
                out.json().null();
            }
            out.json().end_object();
        }
        out.json().end_array();
        out.text("main_pollutants_text", text);
        auto const& target = state_->site().target_class;
        out.flag("meets_target", water_class && target ? std::optional{water_class <= *target} : std::nullopt);
        out.text("standard", edition ? edition->edition.label : "");
    }

    void write_air(PropertyWriter& out, Record const* record) const
    {
        auto const& standards = *state_->world->standards;
        auto const* edition = record ? standards.aqi_edition(record->verdict.edition) : nullptr;
        int const aqi = edition ? record->verdict.aqi : 0;
        int const level = aqi ? aqi_level(aqi) : 0;
        out.number("aqi", aqi ? std::optional{aqi} : std::nullopt);
        out.number("aqi_level", level ? std::optional{level} : std::nullopt);
        out.text("aqi_category", aqi_category_label(level));
        std::vector<std::string> primary;
        if (edition)
            for (auto const id : judge_air(*record, *edition, standards.parameters()).primary)
                primary.push_back(standards.parameters().find(id)->name);
        out.list("primary_pollutants", std::move(primary));
        out.text("standard", edition ? edition->edition.label : "");
    }

    std::shared_ptr<SiteState const> state_;
    bool stale_;
    std::shared_ptr<std::vector<PropertyDefinition> const> properties_;
};

}  // namespace

std::vector<PropertyDefinition> site_properties(SiteKind kind, std::span<ParameterId const> columns, ParameterBook const& parameters)
{
    using enum AttributeType;
    std::vector<PropertyDefinition> all{
        {.name = "name", .title = "名称", .title_en = "Name"},
        {.name = "name_en", .title = "英文名称", .title_en = "English name"},
        {.name = "kind", .title = "类型", .title_en = "Kind of site"},
        {.name = "mn", .title = "设备唯一标识", .title_en = "Device number (MN)"},
        {.name = "level", .title = "管理级别", .title_en = "Level"},
    };
    auto const add = [&](PropertyDefinition definition) { all.push_back(std::move(definition)); };
    if (kind != SiteKind::air_station)
        add({.name = "water_body", .title = "所在水体", .title_en = "Water body"});
    if (is_water(kind))
        add({.name = "target_class", .title = "水质目标", .title_en = "Target class (1 to 5)", .type = integer});
    add({.name = "coordinate_accuracy_m", .title = "坐标精度", .title_en = "Accuracy of the position", .type = real, .unit = "m"});
    add({.name = "source", .title = "来源", .title_en = "Source of the site's data"});
    add({.name = "county", .title = "所在县（市、区）", .title_en = "County"});
    add({.name = "river", .title = "最近河流", .title_en = "Nearest river"});
    add({.name = "river_distance_m", .title = "距河流", .title_en = "Distance to the river", .type = real, .unit = "m"});
    add({.name = "river_chainage_km",
         .title = "河流里程",
         .title_en = "Chainage from the start of the digitised line",
         .type = real,
         .unit = "km"});
    add({.name = "lake", .title = "最近湖库", .title_en = "Nearest lake"});
    add({.name = "lake_distance_m", .title = "距湖库", .title_en = "Distance to the lake (0 inside)", .type = real, .unit = "m"});
    add({.name = "zones", .title = "所在分区", .title_en = "Zones that contain the site", .array = true});
    add({.name = "elevation_m", .title = "高程", .title_en = "Elevation", .type = real, .unit = "m"});
    add({.name = "time", .title = "监测时间（UTC）", .title_en = "Phenomenon time (UTC)", .type = date_time});
    add({.name = "interval", .title = "数据类型", .title_en = "Interval"});
    add({.name = "status", .title = "站点情况", .title_en = "Station status"});
    add({.name = "stale", .title = "数据过期", .title_en = "No current record", .type = boolean});
    add({.name = "missing_periods", .title = "缺数时段数", .title_en = "Periods that its stations owe", .type = integer});
    if (is_water(kind)) {
        add({.name = "water_class",
             .title = "水质类别（1–6，6 为劣Ⅴ）",
             .title_en = "Water class (1 to 6, 6 = worse than V)",
             .type = integer});
        add({.name = "water_class_label", .title = "水质类别", .title_en = "Water class"});
        add({.name = "water_quality", .title = "水质状况", .title_en = "Water quality"});
        add({.name = "deciding_parameters", .title = "定类项目", .title_en = "Parameters that decide the class", .array = true});
        add({.name = "main_pollutants",
             .title = "主要污染指标（对象）",
             .title_en = "Main pollutants with exceedance multiple",
             .array = true,
             .queryable = false});
        add({.name = "main_pollutants_text", .title = "主要污染指标（超标倍数）", .title_en = "Main pollutants (multiple)"});
        add({.name = "meets_target", .title = "是否达标", .title_en = "Meets the target class", .type = boolean});
        add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"});
    } else if (kind == SiteKind::air_station) {
        add({.name = "aqi", .title = "空气质量指数", .title_en = "Air quality index", .type = integer});
        add({.name = "aqi_level", .title = "空气质量级别（1–6）", .title_en = "AQI level (1 to 6)", .type = integer});
        add({.name = "aqi_category", .title = "空气质量类别", .title_en = "AQI category"});
        add({.name = "primary_pollutants", .title = "首要污染物", .title_en = "Primary pollutants", .array = true});
        add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"});
    }
    add({.name = "alert", .title = "预警状态", .title_en = "State of its most severe alert (open, acknowledged)"});
    add({.name = "alert_severity", .title = "预警级别", .title_en = "Alert severity (notice, alert, high)"});
    add({.name = "alert_id", .title = "预警编号", .title_en = "Alert id"});
    for (auto const id : columns)
        if (auto const* p = parameters.find(id))
            add({.name = p->name, .title = p->name_zh, .title_en = p->name_en, .type = real, .unit = p->unit});
    add({.name = "not_valid", .title = "数据标记非 N 的项目", .title_en = "Parameters whose flag is not N", .array = true});
    return all;
}

std::vector<ParameterId> routine_parameters(SiteKind kind, ParameterBook const& parameters)
{
    std::vector<std::string_view> names;
    if (is_water(kind))
        names = {"water_temperature", "ph",    "dissolved_oxygen", "conductivity",
                 "turbidity",         "codmn", "ammonia_nitrogen", "total_phosphorus",
                 "total_nitrogen"};
    else if (kind == SiteKind::air_station)
        names = {"pm25", "pm10", "so2", "no2", "co", "o3", "o3_8h"};
    else
        names = {"cod", "ammonia_nitrogen", "total_phosphorus", "total_nitrogen", "ph"};
    std::vector<ParameterId> ids;
    for (auto const name : names)
        if (auto const* p = parameters.find(name))
            ids.push_back(p->id);
    std::ranges::sort(ids);
    return ids;
}

std::shared_ptr<Feature const> make_site_feature(std::shared_ptr<SiteState const> state, bool stale,
                                                 std::shared_ptr<std::vector<PropertyDefinition> const> properties)
{
    return std::make_shared<SiteFeature const>(std::move(state), stale, std::move(properties));
}

std::shared_ptr<SiteState const> site_state(Feature const& feature) noexcept
{
    auto const* site = dynamic_cast<SiteFeature const*>(&feature);
    return site ? site->state() : nullptr;
}

std::shared_ptr<SiteState const> find_site(Catalog const& catalog, std::string_view id) noexcept
{
    for (auto const& collection : catalog.collections)
        if (auto const feature = collection->find(id))
            if (auto state = site_state(*feature))
                return state;
    return nullptr;
}

}  // namespace yihong
