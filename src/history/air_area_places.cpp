#include "air_columns.hpp"
#include "layer_shapes.hpp"
#include "table_places.hpp"

#include <map>

namespace yihong {
namespace {

using enum AttributeType;

/// 县（市、区）, 市
enum class Kind : std::uint8_t { county, city };

struct Row {
    std::string const& name;
    Kind kind;
    Period const& period;
    UtcTime as_of;
    AirRow const& air;
    AirReport const& report;
};

/// Stations that are points of evaluation on some day of the period.
Value point_names(Row const& row)
{
    std::vector<std::string> all;
    for (auto const& station : row.report.stations)
        if (std::ranges::find(row.report.not_points, station.name) == row.report.not_points.end())
            all.push_back(station.name);
    return all;
}

PeriodTable<Row> table_of(StandardsBook const& standards)
{
    PeriodTable<Row> table;
    table.add({.name = "name", .title = "区域", .title_en = "Area"}, [](Row const& row) { return text_value(row.name); });
    table.add({.name = "area_kind", .title = "区域类型（county 县、city 市）", .title_en = "Kind of the area: county or city"},
              [](Row const& row) -> Value { return std::string{row.kind == Kind::city ? "city" : "county"}; });
    add_period_columns(table);
    table.add({.name = "points", .title = "评价点位", .title_en = "Points of evaluation in the period", .array = true}, point_names);
    add_air_columns(table, standards);
    return table;
}

/// Counties by the stations in them, and the city by all stations: a day is the mean of the points, where 75 % of them have the pollutant.
class AirAreaPlaces final : public TablePlaces<Row> {
public:
    AirAreaPlaces(std::shared_ptr<World const> made_of, PeriodMaterials const& materials)
        : TablePlaces{made_of, materials, table_of(*made_of->standards)}
    {
        std::map<std::string, Area> all;
        auto const add_station = [&](std::string const& name, Kind kind, Site const& site) {
            all.try_emplace(name, name, kind).first->second.stations.push_back(site.id);
        };
        auto const city = materials.settings.load()->city;
        auto const& sites = world().sites->all();
        for (std::size_t i = 0; i < sites.size(); ++i) {
            if (sites[i].kind != SiteKind::air_station)
                continue;
            if (auto const& county = world().facts[i].county; !county.empty() && county != city)
                add_station(county, Kind::county, sites[i]);
            if (!city.empty())
                add_station(city, Kind::city, sites[i]);
        }
        for (auto& [name, area] : all) {
            add(name, shape_called(name, LayerRole::boundary, world()));
            areas_.push_back(std::move(area));
        }
    }
    [[nodiscard]] PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const settings = materials().settings.load();
        auto const& area = areas_[place];
        AirQuery query;
        query.period = period;
        query.as_of = as_of;
        query.sites = area.stations;
        query.index = settings->air_index;
        query.points = settings->air_points;
        auto const report =
            make_air_report(query, world(), {materials().records, nullptr, materials().marks.load(), materials().air_months});
        if (!report || report->data.records == 0)
            return {};
        return {feature(place, {area.name, area.kind, period, as_of, report->all, *report})};
    }

private:
    struct Area {
        std::string name;
        Kind kind = Kind::county;
        std::vector<std::string> stations = {};  ///< ids
    };
    std::vector<Area> areas_;
};

}  // namespace

std::shared_ptr<PeriodPlaces const> air_area_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<AirAreaPlaces const>(std::move(world), materials);
}

}  // namespace yihong
