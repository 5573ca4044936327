#include "air_columns.hpp"
#include "site_places.hpp"

namespace yihong {
namespace {

struct Row : SiteRow {
    AirRow const& air;
    AirReport const& report;
};

PeriodTable<Row> table_of(StandardsBook const& standards)
{
    PeriodTable<Row> table;
    add_site_columns(table);
    add_period_columns(table);
    add_air_columns(table, standards);
    return table;
}

class AirPlaces final : public SitePlaces<Row> {
public:
    AirPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : SitePlaces{world, materials, table_of(*world->standards), [](SiteKind kind) { return kind == SiteKind::air_station; }}
    {}
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        AirQuery query;
        query.index = materials().settings.load()->air_index;
        query.period = period;
        query.as_of = as_of;
        query.sites = {id(place)};
        auto const report =
            make_air_report(query, world(), {materials().records, nullptr, materials().marks.load(), materials().air_months});
        if (!report || report->stations.empty() || report->data.records == 0)
            return {};
        return {feature(place, {row_of(place, period, as_of), report->stations.front(), *report})};
    }
};

}  // namespace

std::shared_ptr<PeriodPlaces const> air_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<AirPlaces const>(std::move(world), materials);
}

}  // namespace yihong
