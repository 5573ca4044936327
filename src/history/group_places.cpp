#include "layer_shapes.hpp"
#include "table_places.hpp"
#include "water_areas.hpp"

#include "yihong/reports/water_report.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace yihong {
namespace {

using enum AttributeType;

struct Row {
    World const& world;
    WaterArea const& of;  ///< or a river
    Period const& period;
    UtcTime as_of;
    GroupRow const& group;
    WaterReport const& report;
};
using R = Row const&;

Value count(std::size_t number) { return static_cast<std::int64_t>(number); }
/// Names of sections, by their places in the report.
Value names(R row, std::vector<std::size_t> const& sections)
{
    std::vector<std::string> all;
    for (auto const index : sections)
        all.push_back(row.report.sections[index].site->name);
    return all;
}

PeriodTable<Row> table_of(bool areas)
{
    PeriodTable<Row> table;
    table.add({.name = "name", .title = areas ? "区域" : "河流", .title_en = areas ? "Area" : "River"},
              [](R row) { return text_value(row.of.name); });
    if (areas)
        table.add({.name = "area_kind",
                   .title = "区域类型（assessed_for 考核归属、county 县、city 市、level 级别）",
                   .title_en = "Kind of the area: whose sections, county, city or level"},
                  [](R row) { return text_value(to_text(row.of.kind)); });
    add_period_columns(table);
    table.add({.name = "sections", .title = "断面数", .title_en = "Sections", .type = integer},
              [](R row) { return count(row.report.sections.size()); });
    table.add({.name = "evaluated", .title = "参评断面数", .title_en = "Sections with a class", .type = integer},
              [](R row) { return count(static_cast<std::size_t>(row.group.now.classes.total())); });
    table.add({.name = "good", .title = "优良（Ⅰ–Ⅲ类）断面数", .title_en = "Sections of class I to III", .type = integer},
              [](R row) { return count(static_cast<std::size_t>(row.group.now.classes.good)); });
    table.add({.name = "good_share", .title = "优良断面比例", .title_en = "Share of sections of class I to III", .type = real, .unit = "%"},
              [](R row) { return optional_value(row.group.now.good_share()); });
    table.add({.name = "bad", .title = "劣Ⅴ类断面数", .title_en = "Sections worse than V", .type = integer},
              [](R row) { return count(static_cast<std::size_t>(row.group.now.classes.bad)); });
    table.add({.name = "bad_share", .title = "劣Ⅴ类断面比例", .title_en = "Share of sections worse than V", .type = real, .unit = "%"},
              [](R row) { return optional_value(row.group.now.bad_share()); });
    table.add({.name = "met", .title = "达标断面数", .title_en = "Sections that meet their target", .type = integer},
              [](R row) { return count(row.group.now.met.size()); });
    table.add({.name = "missed", .title = "未达标断面数", .title_en = "Sections that miss their target", .type = integer},
              [](R row) { return count(row.group.now.missed.size()); });
    table.add({.name = "met_share",
               .title = "达标率（可判定断面中）",
               .title_en = "Share of sections with a verdict that meet it",
               .type = real,
               .unit = "%"},
              [](R row) { return optional_value(row.group.now.met_share()); });
    table.add({.name = "met_share_deducted",
               .title = "达标率（扣除自然本底、上游来水后）",
               .title_en = "That share without items marked as natural background or water from upstream",
               .type = real,
               .unit = "%"},
              [](R row) { return optional_value((row.group.deducted ? *row.group.deducted : row.group.now).met_share()); });
    table.add({.name = "missed_sections", .title = "未达标断面", .title_en = "Those that miss their target", .array = true},
              [](R row) { return names(row, row.group.now.missed); });
    table.add({.name = "not_evaluated", .title = "未参评断面", .title_en = "Those without a class", .array = true},
              [](R row) { return names(row, row.group.now.not_evaluated); });
    table.add({.name = "water_quality", .title = "水质状况（不含湖库点位）", .title_en = "Water quality in words, of the rivers"},
              [](R row) { return text_value(row.group.grade ? water_grade_label(row.group.grade) : std::string_view{}); });
    table.add({.name = "main_pollutants", .title = "主要污染指标", .title_en = "Main pollutants", .array = true}, [](R row) -> Value {
        std::vector<std::string> all;
        for (auto const& one : row.group.main_pollutants)
            all.push_back(item_name(one.parameter, row.world.standards->parameters()));
        return all;
    });
    table.add({.name = "water_index", .title = "城市水质指数", .title_en = "City water index, smaller is better", .type = real},
              [](R row) { return row.group.index ? Value{row.group.index->total} : Value{}; });
    table.add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"},
              [](R row) { return row.report.edition ? text_value(row.report.edition->label) : Value{}; });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](R row) { return count(row.report.data.records); });
    return table;
}

/// Rivers by name, as areas are, without the waters that have points of a lake or reservoir alone.
std::vector<WaterArea> rivers_with_sections(World const& world)
{
    std::map<std::string, WaterArea> rivers;
    std::set<std::string> flowing;
    auto const& sites = world.sites->all();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (!is_water(sites[i].kind))
            continue;
        std::string const name{river_of(sites[i], world.facts[i])};
        if (name.empty())
            continue;
        rivers.try_emplace(name, name).first->second.sections.push_back(sites[i].id);
        if (sites[i].kind == SiteKind::water_section || sites[i].lake_since)
            flowing.insert(name);
    }
    std::vector<WaterArea> all;
    for (auto& [name, river] : rivers)
        if (flowing.contains(name))
            all.push_back(std::move(river));
    return all;
}

class GroupPlaces final : public TablePlaces<Row> {
public:
    GroupPlaces(bool areas, std::shared_ptr<World const> made_of, PeriodMaterials const& materials)
        : TablePlaces{std::move(made_of), materials, table_of(areas)},
          groups_{areas ? water_areas(world(), materials.settings.load()->city) : rivers_with_sections(world())}
    {
        for (auto const& group : groups_)
            add(group.name, shape_called(group.name, areas ? LayerRole::boundary : LayerRole::river, world()));
    }
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const settings = materials().settings.load();
        auto const& group = groups_[place];
        WaterQuery query;
        query.period = period;
        query.as_of = as_of;
        query.sites = group.sections;
        query.validity = settings->validity;
        query.ranking = settings->ranking;
        auto const report = make_water_report(query, world(), {materials().records, materials().months, materials().marks.load()});
        if (!report || report->data.records == 0)             // no edition of the standard yet, or no record
            return {};
        return {feature(place, {world(), group, period, as_of, report->all, *report})};
    }

private:
    std::vector<WaterArea> groups_;
};

}  // namespace

std::shared_ptr<PeriodPlaces const> group_places(bool areas, std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<GroupPlaces const>(areas, std::move(world), materials);
}

}  // namespace yihong
