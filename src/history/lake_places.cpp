#include "layer_shapes.hpp"
#include "table_places.hpp"
#include "water_columns.hpp"

#include "yihong/reports/water_report.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

using enum AttributeType;

struct Row {
    World const& world;
    Period const& period;
    UtcTime as_of;
    std::string const& name;
    LakePeriod const& lake;
    WaterReport const& report;
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return world.standards->parameters(); }
    [[nodiscard]] WaterJudgement const& judgement() const noexcept { return lake.judgement; }
};
using R = Row const&;

/// Names of points. \param evaluated those with a class, or those without
Value point_names(R row, bool evaluated)
{
    std::vector<std::string> all;
    for (auto const& section : row.report.sections)
        if ((section.now.judgement.water_class > 0) == evaluated)
            all.push_back(section.site->name);
    return all;
}

void add_class_columns(PeriodTable<Row>& table)
{
    table.add({.name = "points", .title = "参评点位", .title_en = "Points with a class", .array = true},
              [](R row) { return point_names(row, true); });
    table.add({.name = "not_evaluated", .title = "未参评点位", .title_en = "Points without a class", .array = true},
              [](R row) { return point_names(row, false); });
    table.add({.name = "water_class",
               .title = "水质类别（1–6，6 为劣Ⅴ），按各点位均值的平均，湖库限值",
               .title_en = "Water class of the mean of the points, by the limits of lakes (1 to 6, 6 = worse than V)",
               .type = integer},
              [](R row) { return class_value(row.lake.judgement.water_class); });
    add_judgement_columns(table);
    table.add({.name = "total_nitrogen_class",
               .title = "总氮类别（单独评价）",
               .title_en = "Class of total nitrogen, which is graded apart (1 to 6)",
               .type = integer},
              [](R row) { return class_value(row.lake.nitrogen_class); });
}

void add_trophic_columns(PeriodTable<Row>& table, StandardsBook const& standards)
{
    table.add({.name = "tli", .title = "综合营养状态指数", .title_en = "Trophic level index TLI(Σ)", .type = real},
              [](R row) { return row.lake.trophic ? Value{row.lake.trophic->shown} : Value{}; });
    std::vector<std::string> words;
    for (int grade = 1; grade <= 5; ++grade)
        words.emplace_back(trophic_label(grade));
    table.add({.name = "trophic_state", .title = "营养状态", .title_en = "Trophic state, in words (Chinese)", .words = std::move(words)},
              [](R row) { return row.lake.trophic ? text_value(trophic_label(row.lake.trophic->grade)) : Value{}; });
    table.add({.name = "trophic_lacks",
               .title = "营养状态缺少的项目",
               .title_en = "Items without which there is no trophic state",
               .array = true},
              [](R row) { return parameter_names(row.lake.trophic_lacks, row.parameters()); });
    auto const* evaluation = standards.water_evaluation(beijing_date(utc_now()));
    if (evaluation == nullptr)
        return;
    for (auto const& input : evaluation->tli)
        if (auto const* p = standards.parameters().find(input.parameter))
            table.add({.name = "tli_" + p->name,
                       .title = "营养状态分指数：" + p->name_zh,
                       .title_en = "Part of the index: " + p->name_en,
                       .type = real},
                      [id = p->id](R row) -> Value {
                          if (!row.lake.trophic)
                              return {};
                          auto const& parts = row.lake.trophic->parts;
                          auto const part = std::ranges::find(parts, id, [](auto const& one) { return one.first; });
                          return part == parts.end() ? Value{} : Value{part->second};
                      });
}

/// Means over the points; salinity and level are judged by nothing.
void add_mean_columns(PeriodTable<Row>& table, ParameterBook const& parameters)
{
    auto ids = routine_parameters(SiteKind::lake_section, parameters);
    for (auto const* name : {"chlorophyll_a", "transparency", "salinity", "water_level"})
        if (auto const* parameter = parameters.find(name))
            ids.push_back(parameter->id);
    for (auto const id : ids)
        if (auto const* p = parameters.find(id))
            add_mean_column<Row>(table, *p, [id](R row) { return optional_value(row.lake.mean(id)); });
}

PeriodTable<Row> table_of(StandardsBook const& standards)
{
    PeriodTable<Row> table;
    table.add({.name = "name", .title = "湖库", .title_en = "Lake or reservoir"}, [](R row) { return text_value(row.name); });
    add_period_columns(table);
    add_class_columns(table);
    add_trophic_columns(table, standards);
    add_mean_columns(table, standards.parameters());
    table.add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"},
              [](R row) { return row.report.edition ? text_value(row.report.edition->label) : Value{}; });
    table.add({.name = "explanation", .title = "说明", .title_en = "What decided, and what is missing (Chinese)"}, [](R row) -> Value {
        return period_label(row.period) + (row.as_of < row.period.end ? "（至今）" : "") + explain(row.lake, row.parameters()) + "。";
    });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](R row) -> Value { return static_cast<std::int64_t>(row.report.data.records); });
    return table;
}

class LakePlaces final : public TablePlaces<Row> {
public:
    LakePlaces(std::shared_ptr<World const> made_of, PeriodMaterials const& materials)
        : TablePlaces{made_of, materials, table_of(*made_of->standards)}
    {
        for (auto const& [name, points] : world().lakes) {
            add(name, shape_called(name, LayerRole::lake, world()));
            auto& ids = points_.emplace_back();
            for (auto const index : points)
                ids.push_back(world().sites->all()[index].id);
        }
    }
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const settings = materials().settings.load();
        WaterQuery query;
        query.period = period;
        query.as_of = as_of;
        query.sites = points_[place];
        query.validity = settings->validity;
        auto const report = make_water_report(query, world(), {materials().records, materials().months, materials().marks.load()});
        if (!report || report->data.records == 0 || report->lakes.empty())
            return {};
        return {feature(place, {world(), period, as_of, id(place), report->lakes.front().now, *report})};
    }

private:
    std::vector<std::vector<std::string>> points_;  ///< ids, of each place
};

}  // namespace

std::shared_ptr<PeriodPlaces const> lake_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<LakePlaces const>(std::move(world), materials);
}

}  // namespace yihong
