#include "site_places.hpp"

#include "yihong/reports/outfall_report.hpp"

#include <algorithm>

namespace yihong {
namespace {

using enum AttributeType;

/// An item of an outlet over a period.
struct Row : SiteRow {
    Parameter const& parameter;
    OutfallItem const& item;
    OutfallItem const& measured;  ///< with the hours that were reported as stopped
    OutfallRow const& outlet;
    OutfallReport const& report;
};
using R = Row const&;

Value count(std::size_t number) { return static_cast<std::int64_t>(number); }
/// Of days, which say nothing without a limit.
Value judged(OutfallItem const& item, int days) { return item.limit ? Value{std::int64_t{days}} : Value{}; }
OutfallDay const* worst_of(OutfallItem const& item) { return item.worst ? &item.days[*item.worst] : nullptr; }

void add_item_columns(PeriodTable<Row>& table, StandardsBook const& standards)
{
    std::vector<std::string> names;
    for (auto const& parameter : standards.parameters().all())
        names.push_back(parameter.name);
    std::ranges::sort(names);
    auto const accept = [names = std::move(names)](std::string_view given) -> Result<void> {
        if (std::ranges::binary_search(names, given))
            return {};
        return fail(Errc::bad_value, "'" + std::string{given.substr(0, 80)} + "' is no item; one is called cod or ammonia_nitrogen");
    };
    table.add({.name = "kind",
               .title = "站点类型",
               .title_en = "Kind of the site",
               .words = {std::string{to_text(SiteKind::outfall)}, std::string{to_text(SiteKind::wastewater_plant)}}},
              [](R row) -> Value { return std::string{to_text(row.site().kind)}; });
    table.add({.name = "assessed_for", .title = "考核归属", .title_en = "Assessed for (whose section it is)"},
              [](R row) { return text_value(row.site().assessed_for); });
    table.add({.name = "parameter", .title = "污染物", .title_en = "Item (cod, ammonia_nitrogen, …)", .accepts = accept},
              [](R row) { return text_value(row.parameter.name); });
    table.add({.name = "parameter_label", .title = "污染物名称", .title_en = "The item, in words (Chinese)"},
              [](R row) { return text_value(row.parameter.name_zh); });
    table.add({.name = "unit", .title = "单位", .title_en = "Unit of means and limits"},
              [](R row) { return text_value(row.parameter.unit); });
}

void add_provisional_columns(PeriodTable<Row>& table)
{
    table.add({.name = "provisional",
               .title = "数据为暂定（至时段后一个月10日）",
               .title_en = "Stops and repairs may still be reported: up to the 10th of the month after the period",
               .type = boolean},
              [](R row) -> Value { return row.report.is_provisional(); });
    table.add({.name = "provisional_until", .title = "暂定至（UTC）", .title_en = "Provisional up to then (UTC)", .type = date_time},
              [](R row) -> Value { return row.report.provisional_until; });
}

void add_limit_columns(PeriodTable<Row>& table)
{
    table.add({.name = "mean", .title = "时段均值", .title_en = "Mean of the valid days, where they are enough", .type = real},
              [](R row) { return optional_value(row.item.mean); });
    table.add({.name = "limit", .title = "限值", .title_en = "Upper limit", .type = real},
              [](R row) { return row.item.limit ? optional_value(row.item.limit->limit.high) : Value{}; });
    table.add({.name = "limit_low", .title = "下限", .title_en = "Lower limit (pH)", .type = real},
              [](R row) { return row.item.limit ? optional_value(row.item.limit->limit.low) : Value{}; });
    table.add({.name = "limit_cold", .title = "水温≤12℃时的限值", .title_en = "Upper limit in water of 12 degC and less", .type = real},
              [](R row) { return row.item.limit ? optional_value(row.item.limit->limit.cold_high) : Value{}; });
    table.add({.name = "meets_limit",
               .title = "日均值是否都达标",
               .title_en = "Whether no daily mean is over the limit; null without a limit, and where too few days are valid to say so",
               .type = boolean},
              [](R row) { return optional_value(row.item.met()); });
    table.add({.name = "highest_mean", .title = "最高日均值", .title_en = "Highest daily mean", .type = real},
              [](R row) { return worst_of(row.item) ? optional_value(worst_of(row.item)->shown) : Value{}; });
    table.add({.name = "highest_day", .title = "最高日均值的日期", .title_en = "The day of the highest mean, in Beijing", .type = date},
              [](R row) { return worst_of(row.item) ? Value{worst_of(row.item)->date} : Value{}; });
    table.add({.name = "highest_multiple",
               .title = "最高日均值的超标倍数",
               .title_en = "By how much that day is over: (C - S) / S",
               .type = real},
              [](R row) { return worst_of(row.item) ? optional_value(worst_of(row.item)->multiple) : Value{}; });
}

void add_day_columns(PeriodTable<Row>& table)
{
    table.add({.name = "days_due", .title = "应有天数", .title_en = "Days due by the calendar, up to now", .type = integer},
              [](R row) { return count(row.item.days.size()); });
    table.add({.name = "valid_days", .title = "有效天数", .title_en = "Valid days", .type = integer},
              [](R row) -> Value { return std::int64_t{row.item.valid_days}; });
    table.add({.name = "met_days", .title = "达标天数", .title_en = "Days whose mean meets the limit", .type = integer},
              [](R row) { return judged(row.item, row.item.met_days); });
    table.add({.name = "exceeded_days", .title = "超标天数", .title_en = "Days whose mean is over the limit", .type = integer},
              [](R row) { return judged(row.item, row.item.exceeded_days); });
    table.add({.name = "met_share",
               .title = "达标率（可判定的天中）",
               .title_en = "Share of the days with a verdict that meet it",
               .type = real,
               .unit = "%"},
              [](R row) { return optional_value(row.item.met_share()); });
}

void add_rate_columns(PeriodTable<Row>& table)
{
    table.add({.name = "values_due", .title = "应传数", .title_en = "Values due", .type = integer},
              [](R row) -> Value { return std::int64_t{row.item.counts.due}; });
    table.add({.name = "values_received", .title = "实传数", .title_en = "Values received", .type = integer},
              [](R row) -> Value { return std::int64_t{row.item.counts.received}; });
    table.add({.name = "values_valid", .title = "有效数", .title_en = "Valid values", .type = integer},
              [](R row) -> Value { return std::int64_t{row.item.counts.valid}; });
    table.add({.name = "transmission_rate", .title = "传输率", .title_en = "Received of due", .type = real, .unit = "%"},
              [](R row) { return optional_value(row.item.counts.transmission()); });
    table.add({.name = "validity_rate", .title = "有效率", .title_en = "Valid of received", .type = real, .unit = "%"},
              [](R row) { return optional_value(row.item.counts.validity()); });
    table.add({.name = "transmission_validity_rate", .title = "传输有效率", .title_en = "Valid of due", .type = real, .unit = "%"},
              [](R row) { return optional_value(row.item.counts.both()); });
}

/// What people have reported, and what would be without.
void add_stop_columns(PeriodTable<Row>& table)
{
    table.add({.name = "marks", .title = "人工标记", .title_en = "What people have marked (Chinese)", .array = true}, [](R row) -> Value {
        std::vector<std::string> all;
        for (auto const& mark : row.outlet.stops)
            all.push_back(mark_text(*mark, row.world.standards->parameters()));
        return all;
    });
    table.add({.name = "hours_stopped",
               .title = "报备的停运小时（不计）",
               .title_en = "Hours reported as stopped, which are not due",
               .type = integer},
              [](R row) -> Value { return std::int64_t{row.outlet.now.hours_stopped}; });
    table.add({.name = "hours_without_flow",
               .title = "流量为零的小时（不计）",
               .title_en = "Hours without flow, which are not due",
               .type = integer},
              [](R row) -> Value { return std::int64_t{row.outlet.now.hours_without_flow}; });
    table.add({.name = "exceeded_days_as_measured",
               .title = "超标天数（未扣除停运）",
               .title_en = "Days over the limit with the hours reported as stopped",
               .type = integer},
              [](R row) { return judged(row.measured, row.measured.exceeded_days); });
    table.add({.name = "transmission_validity_rate_as_measured",
               .title = "传输有效率（未扣除停运）",
               .title_en = "Valid of due with the hours reported as stopped",
               .type = real,
               .unit = "%"},
              [](R row) { return optional_value(row.measured.counts.both()); });
}

void add_load_columns(PeriodTable<Row>& table)
{
    table.add({.name = "load_t", .title = "排放量", .title_en = "Load of the valid days: concentration × flow", .type = real, .unit = "t"},
              [](R row) { return optional_value(row.item.load_t); });
    table.add({.name = "filled_days", .title = "补缺天数", .title_en = "Days without a load, which are filled", .type = integer},
              [](R row) -> Value { return std::int64_t{row.item.filled_days}; });
    table.add({.name = "filled_load_t",
               .title = "补缺后排放量",
               .title_en = "Load with those days, each as the largest of the last 30 valid ones",
               .type = real,
               .unit = "t"},
              [](R row) { return optional_value(row.item.filled_load_t); });
    table.add(
        {.name = "volume_m3", .title = "水量", .title_en = "Water of the outlet over the hours with flow", .type = real, .unit = "m3"},
        [](R row) { return optional_value(row.outlet.now.volume_m3); });
}

PeriodTable<Row> table_of(StandardsBook const& standards)
{
    PeriodTable<Row> table;
    add_site_columns(table);
    add_item_columns(table, standards);
    add_time_columns(table);
    add_provisional_columns(table);
    add_limit_columns(table);
    add_day_columns(table);
    add_rate_columns(table);
    add_stop_columns(table);
    add_load_columns(table);
    table.add({.name = "standard", .title = "排放标准或许可证", .title_en = "Where the limit stands"},
              [](R row) { return row.item.limit ? text_value(row.item.limit->standard) : Value{}; });
    table.add({.name = "explanation", .title = "说明", .title_en = "What decided, and what is missing (Chinese)"},
              [](R row) { return text_value(explain(row.outlet.now, row.item, row.parameter, row.period, row.as_of)); });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](R row) -> Value { return static_cast<std::int64_t>(row.report.data.records); });
    return table;
}

class OutfallPlaces final : public SitePlaces<Row> {
public:
    OutfallPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : SitePlaces{world, materials, table_of(*world->standards), is_outlet}
    {}
    /// `plant-1.cod` is of `plant-1`.
    [[nodiscard]] std::string_view place_of(std::string_view id) const noexcept override { return id.substr(0, id.rfind('.')); }
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        OutfallQuery query;
        query.period = period;
        query.as_of = as_of;
        query.sites = {id(place)};
        query.rules = materials().settings.load()->outfalls;
        auto const report = make_outfall_report(query, world(), {materials().records, nullptr, materials().marks.load()});
        if (!report || report->rows.empty() || (report->data.records == 0 && report->rows.front().stops.empty()))
            return {};
        auto const& outlet = report->rows.front();
        auto const& measured = outlet.as_measured ? *outlet.as_measured : outlet.now;
        PeriodFeatures made;
        for (auto const& item : outlet.now.items)
            if (auto const* parameter = world().standards->parameters().find(item.parameter)) {
                auto const before = std::ranges::find(measured.items, item.parameter, &OutfallItem::parameter);
                made.push_back(feature(
                    place,
                    {row_of(place, period, as_of), *parameter, item, before == measured.items.end() ? item : *before, outlet, *report},
                    parameter->name));
            }
        return made;
    }
};

}  // namespace

std::shared_ptr<PeriodPlaces const> outfall_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<OutfallPlaces const>(std::move(world), materials);
}

}  // namespace yihong
