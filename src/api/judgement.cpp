#include "judgement.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <algorithm>
#include <array>

namespace yihong::api {
namespace {

std::string plain(Decimal const& value) { return value.normalized().to_string(); }

std::string_view rule_name(LimitRule rule) noexcept
{
    switch (rule) {
    case LimitRule::maximum: return "maximum";
    case LimitRule::minimum: return "minimum";
    case LimitRule::range: return "range";
    case LimitRule::change: return "weekly_change";
    }
    return "";
}

void write_edition(JsonWriter& json, Edition const* edition)
{
    json.key("standard");
    if (!edition) {
        json.null();
        return;
    }
    json.begin_object().member("label", edition->label).member("title", edition->title_zh).member("title_en", edition->title_en);
    json.member("source", edition->source).key("effective_from");
    edition->effective_from ? json.value(format_date(*edition->effective_from)) : json.null();
    json.key("effective_to");
    edition->effective_to ? json.value(format_date(*edition->effective_to)) : json.null();
    json.end_object();
}

void write_reading(JsonWriter& json, Reading const& reading, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(reading.parameter);
    json.member("parameter", parameter ? std::string_view{parameter->name} : std::string_view{"?"})
        .member("name", parameter ? std::string_view{parameter->name_zh} : std::string_view{})
        .member("unit", parameter ? std::string_view{parameter->unit} : std::string_view{});
    json.key("value");
    reading.has_value ? json.value(reading.value) : json.null();
    json.member("flag", reading.flag.text()).key("marks").begin_array();
    if (has(reading.marks, Mark::spike))
        json.value("spike");
    if (has(reading.marks, Mark::flat_line))
        json.value("flat_line");
    if (has(reading.marks, Mark::below_detection))
        json.value("below_detection");
    if (has(reading.marks, Mark::unit_doubtful))
        json.value("unit_doubtful");
    json.end_array();
}

/// One sentence on a deciding item: value against the class III limit, and the class.
std::string sentence(ItemJudgement const& item, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(item.reading.parameter);
    std::string text = parameter->name_zh + " " + plain(item.assessed) + parameter->unit_suffix();
    if (item.item->rule == LimitRule::range) {
        text += (item.item_class == 1 ? "，在 " : "，不在 ") + plain(item.item->range_low) + "～" + plain(item.item->range_high) + " 之内";
    } else {
        bool const minimum = item.item->rule == LimitRule::minimum;
        bool const worse = item.item_class > 3;
        text += worse ? (minimum ? "，低于Ⅲ类限值 " : "，超过Ⅲ类限值 ") : (minimum ? "，不低于Ⅲ类限值 " : "，不超过Ⅲ类限值 ");
        text += plain(item.limits[2]);
        if (item.multiple)
            text += "（超标 " + item.multiple->to_string() + " 倍）";
    }
    return text + "，为" + std::string{water_class_label(item.item_class)} + "类";
}

std::string sentence_en(ItemJudgement const& item, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(item.reading.parameter);
    std::string text = parameter->name_en + " " + plain(item.assessed) + parameter->unit_suffix();
    if (item.item->rule == LimitRule::range) {
        text +=
            (item.item_class == 1 ? " is inside " : " is outside ") + plain(item.item->range_low) + " to " + plain(item.item->range_high);
    } else {
        bool const minimum = item.item->rule == LimitRule::minimum;
        text += item.item_class > 3 ? (minimum ? " is below" : " is above") : (minimum ? " is not below" : " is not above");
        text += " the class III limit of " + plain(item.limits[2]);
    }
    return text;
}

std::string names_en(std::vector<ParameterId> const& ids, ParameterBook const& parameters)
{
    std::string names;
    for (auto const id : ids)
        names += (names.empty() ? "" : ", ") + parameters.find(id)->name_en;
    return names;
}

Summary summarise(WaterJudgement const& judgement, std::vector<ParameterId> const& missing, Site const& site,
                  ParameterBook const& parameters)
{
    int const water_class = judgement.water_class;
    if (water_class == 0)
        return {"没有可评价的有效数据。", "There is no valid reading to judge."};
    bool const bound = is_bound(water_class, missing.empty());
    bool const worse = water_class > 3;
    Summary summary;
    summary.zh = (bound ? "水质" : "水质为") + water_class_text(water_class, missing, parameters) +
                 (bound ? "" : "（" + std::string{water_quality_label(water_class)} + "）") + "，" +
                 (worse   ? "劣于Ⅲ类："
                  : bound ? "是否达到Ⅲ类尚不能定："
                          : "达到或优于Ⅲ类：");
    summary.en = water_class == 6
                     ? "Worse than class V"
                     : "Class " + std::array<std::string, 5>{"I", "II", "III", "IV", "V"}[static_cast<std::size_t>(water_class - 1)];
    if (bound)
        summary.en += " or worse (without " + names_en(missing, parameters) + ")";
    summary.en += worse   ? ", worse than class III: "
                  : bound ? ", whether it is class III or better cannot be told: "
                          : ", class III or better: ";
    bool first = true;
    for (auto const& item : judgement.items) {
        if (!item.decided)
            continue;
        summary.zh += (first ? "" : "；") + sentence(item, parameters);
        summary.en += (first ? "" : "; ") + sentence_en(item, parameters);
        first = false;
    }
    summary.zh += "。";
    summary.en += ".";
    if (site.target_class) {
        auto const meets = meets_target(water_class, missing.empty(), site.target_class);
        summary.zh += "水质目标" + std::string{water_class_label(*site.target_class)} +
                      (!meets   ? "类，是否达标尚不能定。"
                       : *meets ? "类，达标。"
                                : "类，未达标。");
        summary.en += !meets   ? " Whether the target class is met cannot be told."
                      : *meets ? " The target class is met."
                               : " The target class is not met.";
    }
    return summary;
}

std::string joined_names(std::span<ParameterId const> ids, ParameterBook const& parameters, std::string Parameter::* name,
                         std::string_view between)
{
    std::string names;
    for (auto const id : ids)
        if (auto const* parameter = parameters.find(id))
            names.append(names.empty() ? "" : between).append(parameter->*name);
    return names;
}

Summary summarise(AirJudgement const& judgement, ParameterBook const& parameters)
{
    if (!judgement.edition || std::ranges::none_of(judgement.items, &AqiItem::counted))
        return {"没有可评价的有效数据。", "There is no valid reading to judge."};
    if (!judgement.published) {
        auto const& standard = judgement.edition->label;
        return {"缺" + joined_names(judgement.missing, parameters, &Parameter::name_zh, "、") + "的有效数据，按 " + standard +
                    " 不发布指数。",
                "No index: " + joined_names(judgement.missing, parameters, &Parameter::name_en, ", ") + " without a valid value, and " +
                    standard + " withholds the index then."};
    }
    Summary summary{"AQI " + std::to_string(judgement.aqi) + "（" + std::string{aqi_category_label(judgement.level)} + "）",
                    "AQI " + std::to_string(judgement.aqi)};
    for (std::size_t i = 0; i < judgement.primary.size(); ++i) {
        auto const* parameter = parameters.find(judgement.primary[i]);
        summary.zh += (i == 0 ? "，首要污染物 " : "、") + parameter->name_zh;
        summary.en += (i == 0 ? ", primary pollutant " : ", ") + parameter->name_en;
    }
    summary.zh += "。";
    summary.en += ".";
    return summary;
}

void write_summary(JsonWriter& json, Summary const& summary) { json.member("summary", summary.zh).member("summary_en", summary.en); }

void write_names(JsonWriter& json, std::string_view key, std::vector<ParameterId> const& ids, ParameterBook const& parameters)
{
    json.key(key).begin_array();
    for (auto const id : ids)
        json.value(parameters.find(id)->name);
    json.end_array();
}

/// Where the reading of an item comes from, with the moment until which it counts.
void write_source(JsonWriter& json, SourcedReading const& source)
{
    json.member("time", source.time).member("time_beijing", format_beijing(source.time)).member("interval", to_text(source.interval));
    json.member("status", to_text(source.status)).member("valid_until", source.valid_until());
}

void write_water(JsonWriter& json, WaterJudgement const& judgement, Explanation const& of, Site const& site,
                 ParameterBook const& parameters)
{
    int const c = judgement.water_class;
    bool const complete = of.missing.empty();
    json.key("water_class");
    c ? json.value(c) : json.null();
    json.key("class_complete");
    c ? json.value(complete) : json.null();
    write_names(json, "missing_parameters", of.missing, parameters);
    if (is_bound(c, complete))
        json.member("water_class_label", water_class_text(c, of.missing, parameters)).member("water_quality", "");
    else
        json.member("water_class_label", water_class_label(c)).member("water_quality", water_quality_label(c));
    json.key("worse_than_class_iii");
    c > 3 || (c && complete) ? json.value(c > 3) : json.null();
    json.key("target_class");
    site.target_class ? json.value(*site.target_class) : json.null();
    json.key("meets_target");
    auto const meets = meets_target(c, complete, site.target_class);
    meets ? json.value(*meets) : json.null();
    json.member("limits_used", judgement.lake ? "lake" : "river");
    write_names(json, "deciding_parameters", judgement.deciding, parameters);
    json.key("main_pollutants").begin_array();
    for (auto const& [id, multiple] : judgement.main_pollutants) {
        json.begin_object().member("parameter", parameters.find(id)->name).key("multiple");
        multiple ? json.value(*multiple) : json.null();
        json.end_object();
    }
    json.end_array().key("parameters").begin_array();
    auto source = of.sources.begin();
    for (auto const& item : judgement.items) {
        json.begin_object();
        write_reading(json, item.reading, parameters);
        write_source(json, *source++);
        json.key("assessed");
        item.reading.has_value ? json.value(item.assessed) : json.null();
        json.key("rule");
        item.item ? json.value(rule_name(item.item->rule)) : json.null();
        json.key("limits");
        if (item.item && (item.item->rule == LimitRule::range || item.item->rule == LimitRule::change)) {
            json.begin_object().member("low", item.item->range_low).member("high", item.item->range_high).end_object();
        } else if (!item.item || !has_class_limits(*item.item, judgement.lake)) {
            json.null();
        } else {
            json.begin_object();
            for (int i = 0; i < 5; ++i)
                json.member(water_class_label(i + 1), item.limits[static_cast<std::size_t>(i)]);
            json.end_object();
        }
        json.member("clause", item.item ? std::string_view{item.item->clause_zh} : std::string_view{})
            .member("clause_en", item.item ? std::string_view{item.item->clause} : std::string_view{})
            .member("edition", judgement.edition->label);
        json.key("class");
        item.item_class ? json.value(item.item_class) : json.null();
        json.member("class_label", water_class_label(item.item_class)).member("counted", item.counted).member("decided", item.decided);
        json.key("multiple");
        item.multiple ? json.value(*item.multiple) : json.null();
        json.key("why_not_counted");
        item.why_not_counted.empty() ? json.null() : json.value(item.why_not_counted);
        json.end_object();
    }
    json.end_array();
}

void write_air(JsonWriter& json, AirJudgement const& judgement, Explanation const& of, ParameterBook const& parameters)
{
    json.key("aqi");
    judgement.aqi ? json.value(judgement.aqi) : json.null();
    json.key("aqi_level");
    judgement.level ? json.value(judgement.level) : json.null();
    json.member("aqi_category", aqi_category_label(judgement.level)).member("report", judgement.daily ? "daily" : "hourly");
    json.member("published", judgement.published);
    write_names(json, "primary_pollutants", judgement.primary, parameters);
    write_names(json, "missing", judgement.missing, parameters);
    json.key("parameters").begin_array();
    auto source = of.sources.begin();
    for (auto const& item : judgement.items) {
        json.begin_object();
        write_reading(json, item.reading, parameters);
        write_source(json, *source++);
        json.key("used");
        item.counted ? json.value(item.used) : json.null();
        json.key("column");
        item.column ? json.value(item.column->name) : json.null();
        json.member("edition", judgement.edition->label);
        json.key("breakpoints");
        if (item.counted) {
            json.begin_object().member("concentration_low", item.concentration_low).member("concentration_high", item.concentration_high);
            json.member("iaqi_low", item.index_low).member("iaqi_high", item.index_high).end_object();
        } else {
            json.null();
        }
        json.key("iaqi");
        item.counted ? json.value(item.iaqi) : json.null();
        json.member("counted", item.counted).member("primary", item.primary).key("why_not_counted");
        item.why_not_counted.empty() ? json.null() : json.value(item.why_not_counted);
        json.end_object();
    }
    json.end_array();
}

SourcedReading sourced(Reading const& reading, Record const& record)
{
    return {reading, record.interval, record.status, record.time, record.received_at};
}

}  // namespace

bool has_class_limits(WaterItem const& item, bool lake) noexcept
{
    return (item.rule == LimitRule::maximum || item.rule == LimitRule::minimum) && (lake || item.river_limits);
}

Summary summary_of(Explanation const& of, Site const& site, World const& world)
{
    auto const& parameters = world.standards->parameters();
    if (of.water)
        return summarise(*of.water, of.missing, site, parameters);
    if (of.air)
        return summarise(*of.air, parameters);
    return {"该类站点或该日期没有适用的评价标准。", "No standard grades this kind of site on this date."};
}

Explanation explanation_of(SiteState const& state)
{
    auto const& present = state.present->state();
    Explanation of;
    of.head = *state.newest;
    of.now = Explanation::Now{state.stale, present.not_valid()};
    of.sources = present.items;
    bool const is_empty = present.items.empty();           // then it is said that nothing is valid, not that nothing applies
    if (present.water.edition || (is_empty && is_water(state.site().kind))) {
        of.water = present.water;
        of.missing = present.missing;
    } else if (present.air.edition || (is_empty && state.site().kind == SiteKind::air_station)) {
        of.air = present.air;
        of.sources.clear();
        for (auto const& item : present.air.items) {
            of.sources.push_back(*present.air_source);
            of.sources.back().reading = item.reading;
        }
    }
    return of;
}

Explanation explanation_of(Record const& record, Site const& site, World const& world)
{
    auto const& standards = *world.standards;
    Explanation of;
    of.head = record;
    for (auto const& reading : record.readings)
        of.sources.push_back(sourced(reading, record));
    if (auto const* water = standards.water_edition(record.verdict.edition)) {
        of.water = judge_water(record, site.kind_at(record.time) == SiteKind::lake_section, *water, standards.parameters());
        auto const day = beijing_date(record.time);
        of.missing = missing_of(*of.water, owed_parameters(site, day, day, *water, standards.parameters()));
    } else if (auto const* air = standards.aqi_edition(record.verdict.edition)) {
        of.air = judge_air(record, *air, standards.parameters());
    }
    return of;
}

std::string explain_as_json(Explanation const& of, Site const& site, World const& world)
{
    auto const& parameters = world.standards->parameters();
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("site", site.id).member("name", site.name).member("kind", to_text(site.kind));
    json.member("time", of.head.time).member("time_beijing", format_beijing(of.head.time)).member("interval", to_text(of.head.interval));
    json.member("status", to_text(of.head.status)).member("received_at", of.head.received_at);
    if (of.now) {
        json.member("stale", of.now->stale);
        write_names(json, "not_valid", of.now->not_valid, parameters);
    }
    write_summary(json, summary_of(of, site, world));
    if (of.water) {
        write_water(json, *of.water, of, site, parameters);
        write_edition(json, of.water->edition);
    } else if (of.air) {
        write_air(json, *of.air, of, parameters);
        write_edition(json, of.air->edition);
    } else {
        json.key("parameters").begin_array();
        for (auto const& source : of.sources) {
            json.begin_object();
            write_reading(json, source.reading, parameters);
            write_source(json, source);
            json.end_object();
        }
        json.end_array();
        write_edition(json, nullptr);
    }
    json.end_object();
    return out;
}

}  // namespace yihong::api
