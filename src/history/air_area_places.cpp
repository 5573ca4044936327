#include "air_columns.hpp"
#include "layer_shapes.hpp"

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
class AirAreaPlaces final : public PeriodPlaces {
public:
    AirAreaPlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials)
        : world_{std::move(world)}, materials_{materials}, table_{table_of(*world_->standards)}, schema_{table_.schema()}
    {
        std::map<std::string, Place> all;
        auto const add = [&](std::string const& name, Kind kind, Site const& site) {
            auto& place = all.try_emplace(name, name, kind).first->second;
            place.stations.push_back(site.id);
        };
        auto const city = materials_.settings.load()->city;
        auto const& sites = world_->sites->all();
        for (std::size_t i = 0; i < sites.size(); ++i) {
            if (sites[i].kind != SiteKind::air_station)
                continue;
            if (auto const& county = world_->facts[i].county; !county.empty() && county != city)
                add(county, Kind::county, sites[i]);
            if (!city.empty())
                add(city, Kind::city, sites[i]);
        }
        for (auto& [name, place] : all) {
            place.shape = shape_called(name, LayerRole::boundary, *world_);
            places_.push_back(std::move(place));
        }
    }
    [[nodiscard]] std::shared_ptr<Schema const> const& schema() const noexcept override { return schema_; }
    [[nodiscard]] std::size_t size() const noexcept override { return places_.size(); }
    [[nodiscard]] std::string const& id(std::size_t place) const noexcept override { return places_[place].name; }
    [[nodiscard]] Geometry const& geometry(std::size_t place) const noexcept override { return places_[place].shape; }
    [[nodiscard]] std::shared_ptr<Feature const> make(std::size_t place, Period const& period, UtcTime as_of) const override
    {
        auto const settings = materials_.settings.load();
        auto const& one = places_[place];
        AirQuery query;
        query.period = period;
        query.as_of = as_of;
        query.sites = one.stations;
        query.index = settings->air_index;
        query.points = settings->air_points;
        auto const report = make_air_report(query, *world_, {materials_.records, nullptr, materials_.marks.load(), materials_.air_months});
        if (!report || report->data.records == 0)
            return nullptr;
        return std::make_shared<PeriodFeature const>(period_id(one.name, period), one.shape, period,
                                                     table_.values({one.name, one.kind, period, as_of, report->all, *report}), schema_,
                                                     shared_from_this());
    }

private:
    struct Place {
        std::string name;
        Kind kind = Kind::county;
        std::vector<std::string> stations = {};  ///< ids
        Geometry shape = {};
    };
    std::shared_ptr<World const> world_;
    PeriodMaterials materials_;
    PeriodTable<Row> table_;
    std::shared_ptr<Schema const> schema_;
    std::vector<Place> places_;
};

}  // namespace

std::shared_ptr<PeriodPlaces const> air_area_places(std::shared_ptr<World const> world, PeriodMaterials const& materials)
{
    return std::make_shared<AirAreaPlaces const>(std::move(world), materials);
}

}  // namespace yihong
