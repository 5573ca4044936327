#include "series.hpp"

#include "yihong/state/site_collections.hpp"

#include <algorithm>
#include <array>

namespace yihong::edr {
namespace {

constexpr std::array<SeriesTexts, 3> texts{{
    {"water-series", "water-records", "水质监测序列", "Water series",
     "断面与湖库点位的监测数据，按位置与时间取用（EDR）；position 取 50 km 内最近的站点；没有坐标的站点不在其中 "
     "Readings of sections and lakes by place and time (EDR). position takes the nearest site within 50 km; sites without a position are "
     "not among them."},
    {"air-series", "air-records", "空气监测序列", "Air series",
     "空气站的监测数据，按位置与时间取用（EDR）；position 取 50 km 内最近的站点；没有坐标的站点不在其中 "
     "Readings of air stations by place and time (EDR). position takes the nearest site within 50 km; sites without a position are not "
     "among them."},
    {"outfall-series", "outfall-records", "排口监测序列", "Outfall series",
     "排污口与污水处理厂的监测数据，按位置与时间取用（EDR）；position 取 50 km 内最近的站点；没有坐标的站点不在其中 "
     "Readings of outfalls and treatment plants by place and time (EDR). position takes the nearest site within 50 km; sites without a "
     "position are not among them."},
}};

std::optional<Series> made(std::size_t place, std::shared_ptr<World const> world, Catalog const& catalog)
{
    Series series{.texts = &texts[place], .world = std::move(world), .records = catalog.find(texts[place].records)};
    if (!series.records)
        return std::nullopt;
    for (auto const& site : series.world->sites->all())
        if (collection_of(site.kind) == place && site.position)
            series.sites.push_back(&site);
    auto const& schema = series.records->schema();
    for (std::size_t i = 0; i < schema.columns().size(); ++i)
        if (schema.columns()[i].type == AttributeType::real)
            series.parameters.push_back(i);
    if (series.sites.empty() || series.parameters.empty())
        return std::nullopt;
    series.site_column = schema.find("site").value();
    series.interval_column = schema.find("interval").value();
    series.not_valid_column = schema.find("not_valid").value();
    return series;
}

Expression one_of(std::size_t column, std::vector<std::string> const& values)
{
    Or any;
    for (auto const& value : values)
        any.operands.push_back({Equals{.column = column, .text = value}});
    return {std::move(any)};
}

}  // namespace

BoundingBox Series::bounds() const
{
    BoundingBox box;
    for (auto const* site : sites)
        box.extend(*site->position);
    return box;
}

std::vector<Series> all_series(CurrentState const& state)
{
    auto const world = state.world.load();
    auto const catalog = state.catalog.load();
    std::vector<Series> all;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (auto one = made(i, world, *catalog))
            all.push_back(*std::move(one));
    return all;
}

std::optional<Series> find_series(CurrentState const& state, std::string_view id)
{
    auto const found = std::ranges::find(texts, id, &SeriesTexts::id);
    if (found == texts.end())
        return std::nullopt;
    return made(static_cast<std::size_t>(found - texts.begin()), state.world.load(), *state.catalog.load());
}

FeatureQuery records_of(Series const& series, SeriesQuery const& query, std::vector<Site const*> const& sites)
{
    std::vector<std::string> ids;
    for (auto const* site : sites)
        ids.push_back(site->id);
    FeatureQuery asked{.time = query.time};
    And all{{one_of(series.site_column, ids)}};
    if (query.intervals.size() == 1)                       // an equality the store looks for itself
        all.operands.push_back({Equals{.column = series.interval_column, .text = query.intervals.front()}});
    else if (!query.intervals.empty())
        all.operands.push_back(one_of(series.interval_column, query.intervals));
    asked.filter = {std::move(all)};
    return asked;
}

Value ValidValues::of(std::size_t column) const
{
    auto const* names = std::get_if<std::vector<std::string>>(&flagged_);
    bool const is_flagged = names != nullptr && std::ranges::find(*names, series_.column(column).name) != names->end();
    return is_flagged ? Value{} : record_.value(column);
}

std::string_view name_of(Site const& site) noexcept { return site.name.empty() ? site.id : site.name; }

}  // namespace yihong::edr
