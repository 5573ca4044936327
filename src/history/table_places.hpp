#pragma once

#include "period_feature.hpp"

namespace yihong {

/// The places of a collection whose features are rows of one table.
template <typename Row>
class TablePlaces : public PeriodPlaces {
public:
    [[nodiscard]] std::shared_ptr<Schema const> const& schema() const noexcept override { return schema_; }
    [[nodiscard]] std::size_t size() const noexcept override { return places_.size(); }
    [[nodiscard]] std::string const& id(std::size_t place) const noexcept override { return places_[place].id; }
    [[nodiscard]] Geometry const& geometry(std::size_t place) const noexcept override { return places_[place].shape; }

protected:
    TablePlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials, PeriodTable<Row> table)
        : world_{std::move(world)}, materials_{materials}, table_{std::move(table)}, schema_{table_.schema()}
    {}
    /// Behind the others; in the constructor only.
    void add(std::string id, Geometry shape) { places_.push_back({std::move(id), std::move(shape)}); }
    [[nodiscard]] World const& world() const noexcept { return *world_; }
    [[nodiscard]] PeriodMaterials const& materials() const noexcept { return materials_; }
    /// \param item of a place that has several; its name, without a dot
    [[nodiscard]] std::shared_ptr<Feature const> feature(std::size_t place, Row const& row, std::string_view item = {}) const
    {
        auto const of = item.empty() ? id(place) : id(place) + "." + std::string{item};
        return std::make_shared<PeriodFeature const>(period_id(of, row.period), geometry(place), row.period, table_.values(row), schema_,
                                                     this->shared_from_this());
    }

private:
    struct Place {
        std::string id;
        Geometry shape;
    };
    std::shared_ptr<World const> world_;
    PeriodMaterials materials_;
    PeriodTable<Row> table_;
    std::shared_ptr<Schema const> schema_;
    std::vector<Place> places_;
};

}  // namespace yihong
