#pragma once

#include "period_feature.hpp"

namespace yihong {

/// What the rows of every collection of sites begin with; `Row` has a `site()` and its `facts()`.
template <typename Row>
void add_site_columns(PeriodTable<Row>& table)
{
    table.add({.name = "site", .title = "站点标识", .title_en = "Id of the site"},
              [](Row const& row) { return text_value(row.site().id); });
    table.add({.name = "name", .title = "名称", .title_en = "Name"}, [](Row const& row) { return text_value(row.site().name); });
    table.add({.name = "level", .title = "管理级别", .title_en = "Level"}, [](Row const& row) { return text_value(row.site().level); });
    table.add({.name = "county", .title = "所在县（市、区）", .title_en = "County"},
              [](Row const& row) { return text_value(row.facts().county); });
}

/// Places that are sites, as points.
template <typename Row>
class SitePlaces : public PeriodPlaces {
public:
    [[nodiscard]] std::shared_ptr<Schema const> const& schema() const noexcept override { return schema_; }
    [[nodiscard]] std::size_t size() const noexcept override { return indices_.size(); }
    [[nodiscard]] std::string const& id(std::size_t place) const noexcept override { return site(place).id; }
    [[nodiscard]] Geometry const& geometry(std::size_t place) const noexcept override { return shapes_[place]; }

protected:
    SitePlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials, PeriodTable<Row> table, bool (*takes)(SiteKind))
        : world_{std::move(world)}, materials_{materials}, table_{std::move(table)}, schema_{table_.schema()}
    {
        auto const& sites = world_->sites->all();
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (takes(sites[i].kind)) {
                indices_.push_back(i);
                shapes_.push_back(sites[i].position ? Geometry{Point{*sites[i].position}} : Geometry{});
            }
    }
    [[nodiscard]] World const& world() const noexcept { return *world_; }
    [[nodiscard]] PeriodMaterials const& materials() const noexcept { return materials_; }
    /// In the world.
    [[nodiscard]] std::size_t index(std::size_t place) const noexcept { return indices_[place]; }
    [[nodiscard]] Site const& site(std::size_t place) const noexcept { return world_->sites->all()[indices_[place]]; }
    [[nodiscard]] std::shared_ptr<Feature const> feature(std::size_t place, Row const& row) const
    {
        return std::make_shared<PeriodFeature const>(period_id(id(place), row.period), shapes_[place], row.period, table_.values(row),
                                                     schema_, this->shared_from_this());
    }

private:
    std::shared_ptr<World const> world_;
    PeriodMaterials materials_;
    PeriodTable<Row> table_;
    std::shared_ptr<Schema const> schema_;
    std::vector<std::size_t> indices_;
    std::vector<Geometry> shapes_;
};

}  // namespace yihong
