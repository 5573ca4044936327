#pragma once

#include "table_places.hpp"

namespace yihong {

/// A site over a period: what the rows of every collection of sites begin with.
struct SiteRow {
    World const& world;
    std::size_t index;  ///< of the site, in the world
    Period const& period;
    UtcTime as_of;
    [[nodiscard]] Site const& site() const noexcept { return world.sites->all()[index]; }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return world.facts[index]; }
    [[nodiscard]] ParameterBook const& parameters() const noexcept { return world.standards->parameters(); }
};

/// Its columns; `Row` is a `SiteRow`.
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
class SitePlaces : public TablePlaces<Row> {
protected:
    SitePlaces(std::shared_ptr<World const> world, PeriodMaterials const& materials, PeriodTable<Row> table, bool (*takes)(SiteKind))
        : TablePlaces<Row>{std::move(world), materials, std::move(table)}
    {
        auto const& sites = this->world().sites->all();
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (takes(sites[i].kind)) {
                indices_.push_back(i);
                this->add(sites[i].id, sites[i].position ? Geometry{Point{*sites[i].position}} : Geometry{});
            }
    }
    [[nodiscard]] SiteRow row_of(std::size_t place, Period const& period, UtcTime as_of) const noexcept
    {
        return {this->world(), indices_[place], period, as_of};
    }
    [[nodiscard]] Site const& site(std::size_t place) const noexcept { return this->world().sites->all()[indices_[place]]; }

private:
    std::vector<std::size_t> indices_;
};

}  // namespace yihong
