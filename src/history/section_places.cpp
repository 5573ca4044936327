#include "site_places.hpp"
#include "water_columns.hpp"

#include "yihong/reports/water_report.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

using enum AttributeType;

struct Row : SiteRow {
    SectionPeriod const& section;
    std::optional<SectionPeriod> const& as_measured;
    std::optional<SectionPeriod> const& deducted;
    std::optional<SectionTrend> const& trend;
    StationDays station_days;
    std::uint64_t records;
    [[nodiscard]] WaterJudgement const& judgement() const noexcept { return section.judgement; }
};
using R = Row const&;

void add_water_columns(PeriodTable<Row>& table)
{
    table.add({.name = "river", .title = "所在河流", .title_en = "River"},
              [](R row) { return text_value(river_of(row.site(), row.facts())); });
    table.add({.name = "assessed_for", .title = "考核归属", .title_en = "Assessed for (whose section it is)"},
              [](R row) { return text_value(row.site().assessed_for); });
}

Value met(SectionPeriod const& section)
{
    bool const is_known = section.target == TargetVerdict::met || section.target == TargetVerdict::missed;
    return is_known ? Value{section.target == TargetVerdict::met} : Value{};
}

/// What people have marked, and what would be without.
void add_marked_columns(PeriodTable<Row>& table)
{
    table.add({.name = "marks", .title = "人工标记", .title_en = "What people have marked (Chinese)", .array = true}, [](R row) -> Value {
        std::vector<std::string> all;
        for (auto const& mark : row.section.marks)
            all.push_back(mark_text(*mark, row.parameters()));
        return all;
    });
    table.add({.name = "days_left_out",
               .title = "不计的天数（断流、停测）",
               .title_en = "Days that are not due: dry, or not measured",
               .type = integer},
              [](R row) -> Value { return std::int64_t{row.section.days_left_out}; });
    table.add({.name = "water_class_as_measured",
               .title = "水质类别（断流、停测的天计入）",
               .title_en = "Water class with the days that are not due",
               .type = integer},
              [](R row) { return class_value((row.as_measured ? *row.as_measured : row.section).judgement.water_class); });
    table.add({.name = "water_class_deducted",
               .title = "水质类别（扣除自然本底、上游来水）",
               .title_en = "Water class without the items of natural background and of water from upstream",
               .type = integer},
              [](R row) { return class_value((row.deducted ? *row.deducted : row.section).judgement.water_class); });
    table.add({.name = "meets_target_deducted",
               .title = "是否达标（扣除自然本底、上游来水）",
               .title_en = "Whether the target is met without those items",
               .type = boolean},
              [](R row) { return met(row.deducted ? *row.deducted : row.section); });
}

/// \param direction as of `Trend`
Value names_of_trend(R row, int direction)
{
    if (!row.trend)
        return {};
    std::vector<std::string> all;
    for (auto const& item : row.trend->items)
        if (item.result && item.result->direction == direction)
            if (auto const* parameter = row.parameters().find(item.parameter))
                all.push_back(parameter->name);
    return all;
}

/// Of the months, quarters or years of the period.
void add_trend_columns(PeriodTable<Row>& table)
{
    table.add({.name = "trend_rising",
               .title = "均值显著上升的项目（时段内各期，秩相关）",
               .title_en = "Items whose means rise significantly within the period (Spearman)",
               .array = true},
              [](R row) { return names_of_trend(row, 1); });
    table.add({.name = "trend_falling",
               .title = "均值显著下降的项目",
               .title_en = "Items whose means fall significantly within the period",
               .array = true},
              [](R row) { return names_of_trend(row, -1); });
    table.add({.name = "trend", .title = "变化趋势", .title_en = "Trend of the means: coefficient, critical value and how many (Chinese)"},
              [](R row) { return row.trend ? text_value(trend_text(*row.trend, row.parameters())) : Value{}; });
}

/// How much of what was due is valid.
void add_valid_columns(PeriodTable<Row>& table)
{
    table.add({.name = "months_with_means",
               .title = "有均值的月数（应测项目中最少的）；只对几个月以上的时段",
               .title_en = "Months with a mean, of the owed item that has the fewest; of periods of several months",
               .type = integer},
              [](R row) { return row.section.months.needed ? Value{std::int64_t{row.section.months.with_means}} : Value{}; });
    table.add({.name = "months_due", .title = "应有月数", .title_en = "Months due by the calendar, up to now", .type = integer},
              [](R row) { return row.section.months.needed ? Value{std::int64_t{row.section.months.due}} : Value{}; });
    table.add({.name = "days_due", .title = "应有天数", .title_en = "Days due by the calendar, up to now", .type = integer},
              [](R row) -> Value { return std::int64_t{row.section.days_due}; });
    table.add({.name = "valid_days",
               .title = "自动监测有效天数（应测项目中最少的）",
               .title_en = "Days with a valid mean of the station, of the owed item that has the fewest",
               .type = integer},
              [](R row) -> Value { return std::int64_t{row.station_days.valid}; });
    table.add({.name = "valid_share",
               .title = "自动监测有效天数占应有天数的比例",
               .title_en = "Share of the days due that are valid",
               .type = real,
               .unit = "%"},
              [](R row) { return optional_value(row.station_days.share()); });
}

/// What a drinking-water source owes beside its class.
void add_drinking_water_columns(PeriodTable<Row>& table)
{
    table.add({.name = "drinking_water_source",
               .title = "是否集中式饮用水水源地",
               .title_en = "Whether it is a drinking-water source",
               .type = boolean},
              [](R row) -> Value { return row.site().drinking_water_source; });
    table.add({.name = "drinking_water_met",
               .title = "饮用水源补充项目是否达标（GB 3838 表2）",
               .title_en = "Whether the items of GB 3838 Table 2 are met; null where that is open, and for what is no source",
               .type = boolean},
              [](R row) {
                  auto const& source = row.section.drinking_water;
                  auto const met = source ? source->met() : std::nullopt;
                  return met ? Value{*met} : Value{};
              });
    table.add({.name = "drinking_water_exceeded",
               .title = "超标的补充项目（超标倍数）",
               .title_en = "Items of Table 2 over their limit, with their multiples"},
              [](R row) {
                  auto const& source = row.section.drinking_water;
                  return source ? text_value(drinking_water_exceeded(*source, row.parameters())) : Value{};
              });
    table.add({.name = "drinking_water_missing", .title = "未测的补充项目", .title_en = "Items of Table 2 without a mean", .array = true},
              [](R row) {
                  return row.section.drinking_water ? parameter_names(row.section.drinking_water->missing, row.parameters()) : Value{};
              });
}

void add_judged_columns(PeriodTable<Row>& table)
{
    table.add({.name = "water_class",
               .title = "水质类别（1–6，6 为劣Ⅴ），按时段均值",
               .title_en = "Water class of the means (1 to 6, 6 = worse than V)",
               .type = integer},
              [](R row) { return class_value(row.section.judgement.water_class); });
    table.add({.name = "class_complete",
               .title = "应测项目是否齐全（不齐时类别只是下限）",
               .title_en = "Whether all owed items have a mean; without, the class is a lower bound",
               .type = boolean},
              [](R row) { return row.section.judgement.water_class ? Value{row.section.missing.empty()} : Value{}; });
    table.add({.name = "missing_parameters", .title = "缺少的应测项目", .title_en = "Owed items without a mean", .array = true},
              [](R row) { return parameter_names(row.section.missing, row.parameters()); });
    add_judgement_columns(table);
    table.add({.name = "target_class", .title = "水质目标", .title_en = "Target class (1 to 5)", .type = integer},
              [](R row) { return optional_value(row.section.target_class); });
    table.add(
        {.name = "meets_target", .title = "是否达标", .title_en = "Whether the target is met; null where that is open", .type = boolean},
        [](R row) { return met(row.section); });
    add_valid_columns(table);
    add_marked_columns(table);
    add_drinking_water_columns(table);
    add_trend_columns(table);
    table.add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"}, [](R row) {
        auto const* edition = row.section.judgement.edition;
        return edition ? text_value(edition->label) : Value{};
    });
    table.add({.name = "explanation", .title = "说明", .title_en = "What decided, and what is missing (Chinese)"},
              [](R row) { return text_value(explain(row.section, row.parameters())); });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](R row) -> Value { return static_cast<std::int64_t>(row.records); });
}

PeriodTable<Row> table_of(ParameterBook const& parameters)
{
    PeriodTable<Row> table;
    add_site_columns(table);
    add_water_columns(table);
    add_period_columns(table);
    add_judged_columns(table);
    for (auto const id : routine_parameters(SiteKind::water_section, parameters))
        if (auto const* p = parameters.find(id))
            add_mean_column<Row>(table, *p, [id](R row) -> Value {
                auto const* item = row.section.find(id);
                return item && item->source != ValueSource::none ? Value{item->shown} : Value{};
            });
    return table;
}

class SectionPlaces final : public SitePlaces<Row> {
public:
    SectionPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : SitePlaces{world, materials, table_of(world->standards->parameters()), is_water}
    {}
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const& standards = *world().standards;
        auto const* standard = standards.water(period.last_day());
        if (!standard)
            return {};
        auto const settings = materials().settings.load();
        ReportRecords const records{materials().records, materials().months, materials().marks.load()};
        auto const facts = facts_of(site(place), standards, period);
        DataState read;
        auto const section = read_section(records, site(place), facts, period, settings->validity, standards, as_of, read);
        auto const measured = read_as_measured(records, site(place), facts, section, settings->validity, standards, as_of);
        auto const without = deducted(section, facts, settings->validity, standards, as_of);
        if (read.records == 0 && section.marks.empty())
            return {};
        auto const* evaluation = standards.water_evaluation(period.last_day());
        auto const trend = evaluation ? trend_within(section, *evaluation, standards.parameters(), as_of) : std::nullopt;
        auto const days = station_days(section, standard->owed);
        return {feature(place, {row_of(place, period, as_of), section, measured, without, trend, days, read.records})};
    }
};

}  // namespace

std::shared_ptr<PeriodPlaces const> section_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<SectionPlaces const>(std::move(world), materials);
}

}  // namespace yihong
