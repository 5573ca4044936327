#include "site_places.hpp"

#include "yihong/reports/air_report.hpp"

#include <algorithm>

namespace yihong {
namespace {

using enum AttributeType;

struct Row {
    World const& world;
    std::size_t index;
    Period const& period;
    UtcTime as_of;
    AirRow const& air;
    AirReport const& report;
    [[nodiscard]] Site const& site() const noexcept { return world.sites->all()[index]; }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return world.facts[index]; }
};
using R = Row const&;

Value count(R row, int number) { return row.air.now.valid_then.days.valid > 0 ? Value{std::int64_t{number}} : Value{}; }

/// The figure that the composite index takes: the percentile of CO and O3, the mean of the others.
Value figure(R row, ParameterId id)
{
    auto const found = std::ranges::find(row.air.figures, id, [](AirFigures const& one) { return one.pollutant.parameter; });
    if (found == row.air.figures.end())
        return {};
    return optional_value(found->pollutant.mean ? found->pollutant.mean : found->pollutant.percentile);
}

PeriodTable<Row> table_of(StandardsBook const& standards)
{
    auto const& parameters = standards.parameters();
    PeriodTable<Row> table;
    add_site_columns(table);
    add_period_columns(table);
    table.add(
        {.name = "good_days", .title = "优良天数（按当日标准）", .title_en = "Good days, by the edition of each day", .type = integer},
        [](R row) { return count(row, row.air.now.valid_then.days.good); });
    table.add({.name = "valid_days", .title = "有效天数", .title_en = "Valid days", .type = integer},
              [](R row) -> Value { return std::int64_t{row.air.now.valid_then.days.valid}; });
    table.add({.name = "due_days", .title = "应有天数", .title_en = "Days due by the calendar", .type = integer},
              [](R row) -> Value { return std::int64_t{row.air.now.days_due}; });
    table.add({.name = "good_share", .title = "优良天数比例", .title_en = "Share of good days", .type = real, .unit = "%"}, [](R row) {
        auto const& days = row.air.now.valid_then.days;
        return days.valid > 0 ? Value{days.percent} : Value{};
    });
    table.add({.name = "heavy_days", .title = "重污染天数", .title_en = "Days of heavy pollution", .type = integer},
              [](R row) { return count(row, row.air.now.valid_then.heavy); });
    table.add(
        {.name = "dust_days", .title = "沙尘日（颗粒物不计）", .title_en = "Days marked as dust: particles are left out", .type = integer},
        [](R row) -> Value { return static_cast<std::int64_t>(row.air.dust.size()); });
    table.add({.name = "good_days_as_measured",
               .title = "优良天数（未扣除沙尘）",
               .title_en = "Good days with the particles of dust days",
               .type = integer},
              [](R row) { return count(row, (row.air.as_measured ? row.air.as_measured->now : row.air.now).valid_then.days.good); });
    table.add({.name = "composite_index",
               .title = "综合指数（六项齐全时）",
               .title_en = "Composite index, where all six pollutants have a value; smaller is better",
               .type = real},
              [](R row) { return row.air.index.missing.empty() && !row.air.index.parts.empty() ? Value{row.air.index.total} : Value{}; });
    std::vector<ParameterId> pollutants;
    if (auto const* statistics = standards.air_statistics(beijing_date(utc_now())))
        for (auto const& item : statistics->items)
            pollutants.push_back(item.parameter);
    for (auto const id : pollutants)
        if (auto const* p = parameters.find(id))
            table.add({.name = p->name,
                       .title = p->name_zh + "（时段评价值）",
                       .title_en = p->name_en + " (figure of the period: mean, or percentile of CO and O3)",
                       .type = real,
                       .unit = p->unit},
                      [id](R row) { return figure(row, id); });
    table.add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"},
              [](R row) { return text_value(row.report.edition); });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](R row) -> Value { return static_cast<std::int64_t>(row.report.data.records); });
    return table;
}

class AirPlaces final : public SitePlaces<Row> {
public:
    AirPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : SitePlaces{world, materials, table_of(*world->standards), [](SiteKind kind) { return kind == SiteKind::air_station; }}
    {}
    [[nodiscard]] std::shared_ptr<Feature const> make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        AirQuery query;
        query.index = materials().settings.load()->air_index;
        query.period = period;
        query.as_of = as_of;
        query.sites = {id(place)};
        auto const report = make_air_report(query, world(), {materials().records, nullptr, materials().marks.load()});
        if (!report || report->stations.empty() || report->data.records == 0)
            return nullptr;
        return feature(place, {world(), index(place), period, as_of, report->stations.front(), *report});
    }
};

}  // namespace

std::shared_ptr<PeriodPlaces const> air_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<AirPlaces const>(std::move(world), materials);
}

}  // namespace yihong
