#pragma once

#include "yihong/base/text.hpp"
#include "yihong/features/feature.hpp"
#include "yihong/history/period_source.hpp"
#include "yihong/periods/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Features of a place over a period, and the places of each collection.
namespace yihong {

/// Its values are made with it: they come of one evaluation.
class PeriodFeature final : public Feature {
public:
    PeriodFeature(std::string id, Geometry const& geometry, Period const& period, std::vector<Value> values,
                  std::shared_ptr<Schema const> schema, std::shared_ptr<void const> keeps)
        : Feature{std::move(id), period.begin, std::move(schema)}, geometry_{geometry}, values_{std::move(values)}, keeps_{std::move(keeps)}
    {}
    [[nodiscard]] Geometry const& geometry() const noexcept override { return geometry_; }
    [[nodiscard]] Value const& at(std::size_t place) const noexcept { return values_[place]; }

private:
    Geometry const& geometry_;
    std::vector<Value> values_;
    std::shared_ptr<void const> keeps_;  ///< what the geometry lives in
};

/// The columns of a collection, and what each takes from `Row`, in one list.
template <typename Row>
class PeriodTable {
public:
    void add(Column column, std::function<Value(Row const&)> get)
    {
        auto const place = gets_.size();
        column.get = value_of<PeriodFeature>([place](PeriodFeature const& feature) { return feature.at(place); });
        columns_.push_back(std::move(column));
        gets_.push_back(std::move(get));
    }
    [[nodiscard]] std::shared_ptr<Schema const> schema() const { return std::make_shared<Schema const>(with_beijing_texts(columns_)); }
    [[nodiscard]] std::vector<Value> values(Row const& row) const
    {
        std::vector<Value> all;
        all.reserve(gets_.size());
        for (auto const& get : gets_)
            all.push_back(get(row));
        return all;
    }

private:
    std::vector<Column> columns_;
    std::vector<std::function<Value(Row const&)>> gets_;
};

/// The kinds of period that have features.
inline std::vector<std::string> listed_kinds()
{
    std::vector<std::string> all;
    for (auto const kind :
         {PeriodKind::day, PeriodKind::week, PeriodKind::ten_days, PeriodKind::month, PeriodKind::quarter, PeriodKind::half_year,
          PeriodKind::year, PeriodKind::year_to_date, PeriodKind::last_12_months, PeriodKind::last_30_days})
        all.emplace_back(to_text(kind));
    return all;
}
inline Result<void> accept_period(std::string_view given)
{
    auto const period = parse_listed_period(given);
    return period ? Result<void>{} : std::unexpected{period.error()};
}

/// Of what period a row is; `Row` has a `period`.
template <typename Row>
void add_time_columns(PeriodTable<Row>& table)
{
    table.add({.name = "period", .title = "时段", .title_en = "Period (2025, 2025-Q3, 2025-10, 2025-10-03)", .accepts = accept_period},
              [](Row const& row) -> Value { return period_code(row.period); });
    table.add({.name = "period_kind", .title = "时段类型", .title_en = "Kind of the period", .words = listed_kinds()},
              [](Row const& row) -> Value { return std::string{to_text(row.period.kind)}; });
    table.add({.name = "period_label", .title = "时段名称", .title_en = "The period, in words"},
              [](Row const& row) -> Value { return period_label(row.period); });
    table.add({.name = "time", .title = "时段起（UTC）", .title_en = "Beginning of the period (UTC)", .type = AttributeType::date_time},
              [](Row const& row) -> Value { return row.period.begin; });
    table.add({.name = "end",
               .title = "时段止（UTC，不含）",
               .title_en = "End of the period, not part of it (UTC)",
               .type = AttributeType::date_time},
              [](Row const& row) -> Value { return row.period.end; });
}
/// The same, and whether it is over; `Row` has an `as_of` too.
template <typename Row>
void add_period_columns(PeriodTable<Row>& table)
{
    add_time_columns(table);
    table.add(
        {.name = "provisional", .title = "时段未结束，数据为暂定", .title_en = "The period is not over", .type = AttributeType::boolean},
        [](Row const& row) -> Value { return row.as_of < row.period.end; });
}

/// Of one place and period, in the order in which they are served.
using PeriodFeatures = std::vector<std::shared_ptr<Feature const>>;

/// The places of a collection, in the order in which they are served. Immutable.
class PeriodPlaces : public std::enable_shared_from_this<PeriodPlaces> {
public:
    virtual ~PeriodPlaces() = default;
    [[nodiscard]] virtual std::shared_ptr<Schema const> const& schema() const noexcept = 0;
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual std::string const& id(std::size_t place) const noexcept = 0;
    [[nodiscard]] virtual Geometry const& geometry(std::size_t place) const noexcept = 0;
    /// One, or one an item where places have several. \return none where there is no record of it \throws StoreError
    [[nodiscard]] virtual PeriodFeatures make(std::size_t place, Period const& period, UtcTime as_of) const = 0;
    /// The id of the place of a feature. \param id that of the feature, up to the dot before its period
    [[nodiscard]] virtual std::string_view place_of(std::string_view id) const noexcept { return id; }
};

std::shared_ptr<PeriodPlaces const> section_places(std::shared_ptr<World const> world, PeriodMaterials const& materials);
/// \param areas see `water_areas`; else rivers
std::shared_ptr<PeriodPlaces const> group_places(bool areas, std::shared_ptr<World const> world, PeriodMaterials const& materials);
std::shared_ptr<PeriodPlaces const> lake_places(std::shared_ptr<World const> world, PeriodMaterials const& materials);
/// Counties and the city.
std::shared_ptr<PeriodPlaces const> air_area_places(std::shared_ptr<World const> world, PeriodMaterials const& materials);
std::shared_ptr<PeriodPlaces const> air_places(std::shared_ptr<World const> world, PeriodMaterials const& materials);
/// Outfalls and sewage plants, with a feature an item.
std::shared_ptr<PeriodPlaces const> outfall_places(std::shared_ptr<World const> world, PeriodMaterials const& materials);

inline std::string period_id(std::string const& place, Period const& period) { return place + "." + period_code(period); }

}  // namespace yihong
