#include "period_feature.hpp"

#include "yihong/reports/water_report.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

using enum AttributeType;

struct Row {
    World const& world;
    std::size_t index;
    Period const& period;
    UtcTime as_of;
    SectionPeriod const& section;
    std::uint64_t records;
    [[nodiscard]] Site const& site() const noexcept { return world.sites->all()[index]; }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return world.facts[index]; }
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return world.standards->parameters(); }
};
using R = Row const&;

Value names(R row, std::vector<ParameterId> const& ids)
{
    std::vector<std::string> all;
    for (auto const id : ids)
        if (auto const* parameter = row.parameters().find(id))
            all.push_back(parameter->name);
    return all;
}

void add_site_columns(PeriodTable<Row>& table)
{
    table.add({.name = "site", .title = "站点标识", .title_en = "Id of the site"}, [](R row) { return text_value(row.site().id); });
    table.add({.name = "name", .title = "名称", .title_en = "Name"}, [](R row) { return text_value(row.site().name); });
    table.add({.name = "level", .title = "管理级别", .title_en = "Level"}, [](R row) { return text_value(row.site().level); });
    table.add({.name = "county", .title = "所在县（市、区）", .title_en = "County"}, [](R row) { return text_value(row.facts().county); });
    table.add({.name = "river", .title = "所在河流", .title_en = "River"},
              [](R row) { return text_value(river_of(row.site(), row.facts())); });
    table.add({.name = "assessed_for", .title = "考核归属", .title_en = "Assessed for (whose section it is)"},
              [](R row) { return text_value(row.site().assessed_for); });
}

void add_judged_columns(PeriodTable<Row>& table)
{
    auto const class_of = [](R row) { return row.section.judgement.water_class; };
    table.add({.name = "water_class",
               .title = "水质类别（1–6，6 为劣Ⅴ），按时段均值",
               .title_en = "Water class of the means (1 to 6, 6 = worse than V)",
               .type = integer},
              [=](R row) { return class_of(row) ? Value{std::int64_t{class_of(row)}} : Value{}; });
    table.add({.name = "class_complete",
               .title = "应测项目是否齐全（不齐时类别只是下限）",
               .title_en = "Whether all owed items have a mean; without, the class is a lower bound",
               .type = boolean},
              [=](R row) { return class_of(row) ? Value{row.section.missing.empty()} : Value{}; });
    table.add({.name = "missing_parameters", .title = "缺少的应测项目", .title_en = "Owed items without a mean", .array = true},
              [](R row) { return names(row, row.section.missing); });
    table.add({.name = "water_class_label", .title = "水质类别", .title_en = "Water class"},
              [=](R row) { return text_value(water_class_label(class_of(row))); });
    table.add({.name = "water_quality", .title = "水质状况", .title_en = "Water quality in words"},
              [=](R row) { return text_value(water_quality_label(class_of(row))); });
    table.add({.name = "deciding_parameters", .title = "决定类别的项目", .title_en = "Items that decide the class", .array = true},
              [](R row) { return names(row, row.section.judgement.deciding); });
    table.add({.name = "main_pollutants", .title = "主要污染指标（超标倍数）", .title_en = "Main pollutants with their multiples"},
              [](R row) {
                  auto const& main = row.section.judgement.main_pollutants;
                  return main.empty() ? Value{} : Value{pollutants_text(main, row.parameters())};
              });
    table.add({.name = "target_class", .title = "水质目标", .title_en = "Target class (1 to 5)", .type = integer},
              [](R row) { return optional_value(row.section.target_class); });
    table.add(
        {.name = "meets_target", .title = "是否达标", .title_en = "Whether the target is met; null where that is open", .type = boolean},
        [](R row) -> Value {
            bool const is_known = row.section.target == TargetVerdict::met || row.section.target == TargetVerdict::missed;
            return is_known ? Value{row.section.target == TargetVerdict::met} : Value{};
        });
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
    add_period_columns(table);
    add_judged_columns(table);
    for (auto const id : routine_parameters(SiteKind::water_section, parameters))
        if (auto const* p = parameters.find(id))
            table.add({.name = p->name, .title = p->name_zh, .title_en = p->name_en, .type = real, .unit = p->unit}, [id](R row) -> Value {
                auto const* item = row.section.find(id);
                return item && item->source != ValueSource::none ? Value{item->shown} : Value{};
            });
    return table;
}

class SectionPlaces final : public PeriodPlaces {
public:
    SectionPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : world_{std::move(world)}, materials_{materials}, table_{table_of(world_->standards->parameters())}, schema_{table_.schema()}
    {
        auto const& sites = world_->sites->all();
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (is_water(sites[i].kind)) {
                indices_.push_back(i);
                shapes_.push_back(sites[i].position ? Geometry{Point{*sites[i].position}} : Geometry{});
            }
    }
    [[nodiscard]] std::shared_ptr<Schema const> const& schema() const noexcept override { return schema_; }
    [[nodiscard]] std::size_t size() const noexcept override { return indices_.size(); }
    [[nodiscard]] std::string const& id(std::size_t place) const noexcept override { return world_->sites->all()[indices_[place]].id; }
    [[nodiscard]] Geometry const& geometry(std::size_t place) const noexcept override { return shapes_[place]; }
    [[nodiscard]] std::shared_ptr<Feature const> make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const& standards = *world_->standards;
        if (!standards.water(period.last_day()))
            return nullptr;
        auto const& site = world_->sites->all()[indices_[place]];
        auto const settings = materials_.settings.load();
        DataState read;
        auto const section = read_section({materials_.records, &materials_.months}, site, facts_of(site, standards, period.last_day()),
                                          period, settings->validity, standards, as_of, read);
        if (read.records == 0)
            return nullptr;
        return std::make_shared<PeriodFeature const>(period_id(site.id, period), shapes_[place], period,
                                                     table_.values({*world_, indices_[place], period, as_of, section, read.records}),
                                                     schema_, shared_from_this());
    }

private:
    std::shared_ptr<World const> world_;
    PeriodMaterials materials_;
    PeriodTable<Row> table_;
    std::shared_ptr<Schema const> schema_;
    std::vector<std::size_t> indices_;
    std::vector<Geometry> shapes_;
};

}  // namespace

std::shared_ptr<PeriodPlaces const> section_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<SectionPlaces const>(std::move(world), materials);
}

}  // namespace yihong
