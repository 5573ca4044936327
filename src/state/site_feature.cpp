#include "yihong/state/site_feature.hpp"

#include "yihong/evaluate/present_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace yihong {
namespace {

/// To a 1/steps: no digit is shown that the layers cannot know.
std::optional<double> rounded(std::optional<double> value, double steps)
{
    return value ? std::optional{std::round(*value * steps) / steps} : std::nullopt;
}

class SiteFeature final : public PointFeature {
public:
    SiteFeature(std::shared_ptr<SiteState const> state, std::shared_ptr<Schema const> schema)
        : PointFeature{state->site().id, state->site().position, state->newest ? std::optional{state->newest->time} : std::nullopt,
                       std::move(schema)},
          state_{std::move(state)}
    {}

    [[nodiscard]] std::shared_ptr<SiteState const> const& state() const noexcept { return state_; }
    [[nodiscard]] Site const& site() const noexcept { return state_->site(); }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return state_->facts(); }
    /// \return null while there is none
    [[nodiscard]] Record const* record() const noexcept { return state_->newest ? &*state_->newest : nullptr; }
    [[nodiscard]] Alert const* alert() const noexcept { return state_->alert.get(); }
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return state_->world->standards->parameters(); }
    [[nodiscard]] PresentState const& present() const { return state_->present->state(); }
    /// 0: none
    [[nodiscard]] int water_class() const { return present().water.water_class; }
    [[nodiscard]] int aqi() const { return present().air.aqi; }

    [[nodiscard]] std::vector<std::string> names(std::span<ParameterId const> ids) const
    {
        std::vector<std::string> all;
        for (auto const id : ids)
            if (auto const* parameter = parameters().find(id))
                all.push_back(parameter->name);
        return all;
    }

private:
    std::shared_ptr<SiteState const> state_;
};

using F = SiteFeature const&;

template <typename Get>
auto of(Get get)
{
    return value_of<SiteFeature>(std::move(get));
}

Value positive(int number) { return number ? Value{std::int64_t{number}} : Value{}; }

Value reading_value(F feature, ParameterId parameter)
{
    auto const& items = feature.present().items;
    auto const item = std::ranges::lower_bound(items, parameter, {}, [](SourcedReading const& one) { return one.reading.parameter; });
    if (item == items.end() || item->reading.parameter != parameter)
        return {};
    return item->reading.has_value ? Value{item->reading.value} : Value{};
}

Value main_pollutants(F feature)
{
    std::vector<ParameterMultiple> all;
    for (auto const& [id, multiple] : feature.present().water.main_pollutants)
        all.push_back({feature.parameters().find(id)->name, multiple});
    return all;
}

/// By code and by Chinese name.
Value main_pollutant_names(F feature)
{
    std::vector<std::string> all;
    for (auto const& [id, multiple] : feature.present().water.main_pollutants) {
        auto const* parameter = feature.parameters().find(id);
        all.push_back(parameter->name);
        all.push_back(parameter->name_zh);
    }
    return all;
}

Value main_pollutants_text(F feature)
{
    std::string text;
    for (auto const& [id, multiple] : feature.present().water.main_pollutants) {
        text.append(text.empty() ? "" : "、").append(feature.parameters().find(id)->name_zh);
        if (multiple)
            text.append("(").append(multiple->to_string()).append(")");
    }
    return text_value(text);
}

/// The bare class; a bound says that it is one.
Value water_class_words(F feature)
{
    auto const& missing = feature.present().missing;
    return is_bound(feature.water_class(), missing.empty())
               ? text_value(water_class_text(feature.water_class(), missing, feature.parameters()))
               : text_value(water_class_label(feature.water_class()));
}

/// How good the water is; a bound does not tell.
Value water_quality(F feature)
{
    return is_bound(feature.water_class(), feature.present().missing.empty()) ? Value{}
                                                                              : text_value(water_quality_label(feature.water_class()));
}

/// Nothing of a moment that is over: nobody knows here.
Value alert_word(F feature, std::string_view word) { return feature.state()->of_the_past ? Value{} : Value{std::string{word}}; }

Value edition_label(Edition const* edition) { return edition ? text_value(edition->label) : Value{}; }

/// The site's own river with its line, and the nearest line, which may be another river's.
void add_river_columns(std::vector<Column>& all)
{
    using enum AttributeType;
    auto const add = [&](Column column) { all.push_back(std::move(column)); };
    auto const own = [](F f) { return line_of_river(f.site(), f.facts()); };
    auto const nearest = [](F f) { return f.facts().rivers.empty() ? nullptr : &f.facts().rivers.front(); };
    auto const distance = [](RiverLine const* line) {
        return optional_value(rounded(line ? std::optional{line->distance_m} : std::nullopt, 10));
    };
    auto const chainage = [](RiverLine const* line) { return optional_value(rounded(line ? line->chainage_km : std::nullopt, 1000)); };
    auto const accuracy = [](RiverLine const* line) { return optional_value(line ? line->accuracy_m : std::nullopt); };
    add({.name = "river",
         .title = "所在河流",
         .title_en = "River (the site's water body, else the nearest river of the layers)",
         .get = of([](F f) { return text_value(river_of(f.site(), f.facts())); }),
         .found_as = of([](F f) -> Value { return rivers_of(f.site(), f.facts()); })});
    add({.name = "river_distance_m",
         .title = "距所在河流",
         .title_en = "Distance to the digitised line of this river",
         .type = real,
         .unit = "m",
         .get = of([=](F f) { return distance(own(f)); })});
    add({.name = "river_chainage_km",
         .title = "所在河流里程",
         .title_en = "Chainage on this river, from the start of its digitised line",
         .type = real,
         .unit = "km",
         .get = of([=](F f) { return chainage(own(f)); })});
    add({.name = "river_accuracy_m",
         .title = "所在河流线精度",
         .title_en = "How far the digitised line may lie from the river",
         .type = real,
         .unit = "m",
         .get = of([=](F f) { return accuracy(own(f)); })});
    add({.name = "nearest_river",
         .title = "最近的河流线",
         .title_en = "Nearest river of the layers",
         .get = of([=](F f) { return nearest(f) ? text_value(nearest(f)->name) : Value{}; })});
    add({.name = "nearest_river_distance_m",
         .title = "距最近的河流线",
         .title_en = "Distance to the nearest river of the layers",
         .type = real,
         .unit = "m",
         .get = of([=](F f) { return distance(nearest(f)); })});
    add({.name = "nearest_river_chainage_km",
         .title = "最近河流线上的里程",
         .title_en = "Chainage on the nearest river of the layers",
         .type = real,
         .unit = "km",
         .get = of([=](F f) { return chainage(nearest(f)); })});
}

void add_site_columns(std::vector<Column>& all, SiteKind kind)
{
    using enum AttributeType;
    auto const add = [&](Column column) { all.push_back(std::move(column)); };
    add({.name = "name", .title = "名称", .title_en = "Name", .get = of([](F f) { return text_value(f.site().name); })});
    add({.name = "name_en", .title = "英文名称", .title_en = "English name", .get = of([](F f) { return text_value(f.site().name_en); })});
    add({.name = "kind",
         .title = "类型",
         .title_en = "Kind of site",
         .words = words_of(std::array{SiteKind::water_section, SiteKind::lake_section, SiteKind::air_station, SiteKind::outfall,
                                      SiteKind::wastewater_plant}),
         .get = of([](F f) { return text_value(to_text(f.site().kind)); })});
    add({.name = "mn", .title = "设备唯一标识", .title_en = "Device number (MN)", .get = of([](F f) { return text_value(f.site().mn); })});
    add({.name = "level", .title = "管理级别", .title_en = "Level", .get = of([](F f) { return text_value(f.site().level); })});
    if (kind != SiteKind::air_station)
        add({.name = "water_body", .title = "所在水体", .title_en = "Water body", .get = of([](F f) {
                                                                                      return text_value(f.site().water_body);
                                                                                  })});
    if (kind != SiteKind::air_station)
        add({.name = "assessed_for", .title = "考核归属", .title_en = "Assessed for (whose section it is)", .get = of([](F f) {
                                                                                                                return text_value(
                                                                                                                    f.site().assessed_for);
                                                                                                            })});
    if (is_water(kind))
        add({.name = "target_class",
             .title = "水质目标",
             .title_en = "Target class (1 to 5)",
             .type = integer,
             .get = of([](F f) { return optional_value(f.site().target_class); })});
    add({.name = "coordinate_accuracy_m",
         .title = "坐标精度",
         .title_en = "Accuracy of the position",
         .type = real,
         .unit = "m",
         .get = of([](F f) { return optional_value(f.site().coordinate_accuracy_m); })});
    add({.name = "source", .title = "来源", .title_en = "Source of the site's data", .get = of([](F f) {
                                                                                         return text_value(f.site().source);
                                                                                     })});
    add({.name = "county", .title = "所在县（市、区）", .title_en = "County", .get = of([](F f) { return text_value(f.facts().county); })});
    add_river_columns(all);
    add({.name = "lake", .title = "最近湖库", .title_en = "Nearest lake", .get = of([](F f) { return text_value(f.facts().lake); })});
    add({.name = "lake_distance_m",
         .title = "距湖库",
         .title_en = "Distance to the lake (0 inside)",
         .type = real,
         .unit = "m",
         .get = of([](F f) { return optional_value(rounded(f.facts().lake_distance_m, 10)); })});
    add({.name = "zones", .title = "所在分区", .title_en = "Zones that contain the site", .array = true, .get = of([](F f) -> Value {
                                                                                                             return f.facts().zones;
                                                                                                         })});
    add({.name = "elevation_m", .title = "高程", .title_en = "Elevation", .type = real, .unit = "m", .get = of([](F f) {
                                                                                                         return optional_value(
                                                                                                             f.facts().elevation_m);
                                                                                                     })});
    add({.name = "elevation_accuracy_m",
         .title = "高程误差",
         .title_en = "Error of the elevation",
         .type = real,
         .unit = "m",
         .get = of([](F f) { return optional_value(f.facts().elevation_accuracy_m); })});
    add({.name = "zone_notes",
         .title = "分区依据",
         .title_en = "What zones by elevation rest on",
         .array = true,
         .get = of([](F f) -> Value { return f.facts().zone_notes; })});
    add({.name = "time", .title = "监测时间（UTC）", .title_en = "Phenomenon time (UTC)", .type = date_time, .get = of([](F f) {
                                                                                                                 return optional_value(
                                                                                                                     f.time());
                                                                                                             })});
    add({.name = "interval",
         .title = "数据类型",
         .title_en = "Interval",
         .words = words_of(all_interval_kinds),
         .get = of([](F f) { return f.record() ? text_value(to_text(f.record()->interval)) : Value{}; })});
    add({.name = "status",
         .title = "站点情况",
         .title_en = "Station status",
         .words = words_of(std::array{StationStatus::normal, StationStatus::maintenance, StationStatus::calibration, StationStatus::fault,
                                      StationStatus::stopped}),
         .get = of([](F f) { return f.record() ? text_value(to_text(f.record()->status)) : Value{}; })});
    add({.name = "currency",
         .title = "数据时效（current 现时，stale 过期，none 无数据）",
         .title_en = "Whether the newest record speaks of now (current, stale, none)",
         .words = {"current", "stale", "none"},
         .get = of([](F f) -> Value { return std::string{!f.record()        ? "none"
                                                         : f.state()->stale ? "stale"
                                                                            : "current"}; })});
    add({.name = "missing_periods",
         .title = "缺数时段数",
         .title_en = "Periods that its stations owe",
         .type = integer,
         .get = of([](F f) { return optional_value(f.state()->missing_periods); })});
}

void add_judged_columns(std::vector<Column>& all, SiteKind kind)
{
    using enum AttributeType;
    auto const add = [&](Column column) { all.push_back(std::move(column)); };
    if (is_water(kind)) {
        add({.name = "water_class",
             .title = "水质类别（1–6，6 为劣Ⅴ）",
             .title_en = "Water class (1 to 6, 6 = worse than V)",
             .type = integer,
             .get = of([](F f) { return positive(f.water_class()); })});
        add({.name = "class_complete",
             .title = "应测项目齐全",
             .title_en = "Every item that is owed counts; else the class is a lower bound",
             .type = boolean,
             .get = of([](F f) { return f.water_class() ? Value{f.present().class_complete()} : Value{}; })});
        add({.name = "missing_parameters",
             .title = "缺少的应测项目",
             .title_en = "Items that are owed and have no current valid value",
             .array = true,
             .get = of([](F f) -> Value { return f.names(f.present().missing); })});
        add({.name = "water_class_label", .title = "水质类别", .title_en = "Water class", .get = of(water_class_words)});
        add({.name = "water_quality", .title = "水质状况", .title_en = "Water quality", .get = of(water_quality)});
        add({.name = "deciding_parameters",
             .title = "定类项目",
             .title_en = "Parameters that decide the class",
             .array = true,
             .get = of([](F f) -> Value { return f.names(f.present().water.deciding); })});
        add({.name = "main_pollutants",
             .title = "主要污染指标（超标倍数）",
             .title_en = "Main pollutants (exceedance multiple)",
             .objects = true,
             .get = of(main_pollutants),
             .found_as = of(main_pollutant_names),
             .flat = of(main_pollutants_text)});
        add({.name = "meets_target",
             .title = "是否达标",
             .title_en = "Meets the target class",
             .type = boolean,
             .get = of(
                 [](F f) { return optional_value(meets_target(f.water_class(), f.present().class_complete(), f.site().target_class)); })});
        add({.name = "standard", .title = "评价标准", .title_en = "Standard edition", .get = of([](F f) {
                                                                                          return edition_label(f.present().water.edition);
                                                                                      })});
    } else if (kind == SiteKind::air_station) {
        add({.name = "aqi", .title = "空气质量指数", .title_en = "Air quality index", .type = integer, .get = of([](F f) {
                                                                                                           return positive(f.aqi());
                                                                                                       })});
        add({.name = "aqi_level",
             .title = "空气质量级别（1–6）",
             .title_en = "AQI level (1 to 6)",
             .type = integer,
             .get = of([](F f) { return f.aqi() ? positive(aqi_level(f.aqi())) : Value{}; })});
        add({.name = "aqi_category",
             .title = "空气质量类别",
             .title_en = "AQI category",
             .get = of([](F f) { return text_value(aqi_category_label(f.aqi() ? aqi_level(f.aqi()) : 0)); })});
        add({.name = "primary_pollutants",
             .title = "首要污染物",
             .title_en = "Primary pollutants",
             .array = true,
             .get = of([](F f) -> Value { return f.names(f.present().air.primary); })});
        add({.name = "missing_parameters",
             .title = "缺少的评价项目",
             .title_en = "Indicators without a valid value; the standard may withhold the index then",
             .array = true,
             .get = of([](F f) -> Value { return f.names(f.present().air.missing); })});
        add({.name = "standard", .title = "评价标准", .title_en = "Standard edition", .get = of([](F f) {
                                                                                          return edition_label(f.present().air.edition);
                                                                                      })});
    }
}

}  // namespace

Schema site_schema(SiteKind kind, std::span<ParameterId const> columns, ParameterBook const& parameters)
{
    std::vector<Column> all;
    auto const add = [&](Column column) { all.push_back(std::move(column)); };
    add_site_columns(all, kind);
    add_judged_columns(all, kind);
    add({.name = "alert_state",
         .title = "预警状态",
         .title_en = "State of its most severe alert (none, open, acknowledged)",
         .words = {"none", "open", "acknowledged"},
         .get = of([](F f) { return alert_word(f, f.alert() ? to_text(f.alert()->state) : "none"); })});
    add({.name = "alert_severity",
         .title = "预警级别",
         .title_en = "Alert severity (none, notice, alert, high)",
         .words = {"none", "notice", "alert", "high"},
         .get = of([](F f) { return alert_word(f, f.alert() ? to_text(f.alert()->severity) : "none"); })});
    add({.name = "alert_id", .title = "预警编号", .title_en = "Alert id", .get = of([](F f) {
                                                                              return f.alert() ? text_value(f.alert()->id) : Value{};
                                                                          })});
    for (auto const id : columns)
        if (auto const* p = parameters.find(id))
            add({.name = p->name,
                 .title = p->name_zh,
                 .title_en = p->name_en,
                 .type = AttributeType::real,
                 .unit = p->unit,
                 .get = of([id](F f) { return reading_value(f, id); })});
    add({.name = "not_valid",
         .title = "没有有效值的项目（数据标记非 N）",
         .title_en = "Parameters without a valid value: the flag of what is shown is not N",
         .array = true,
         .get = of([](F f) -> Value { return f.names(f.present().not_valid()); })});
    return Schema{with_beijing_texts(std::move(all))};
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

std::shared_ptr<Feature const> make_site_feature(std::shared_ptr<SiteState const> state, std::shared_ptr<Schema const> schema)
{
    return std::make_shared<SiteFeature const>(std::move(state), std::move(schema));
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
