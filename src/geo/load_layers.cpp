#include "yihong/geo/load_layers.hpp"

#include "overlay.hpp"
#include "raster_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <set>

namespace yihong {
namespace {

using geo::LoadedLayer;
using geo::Raster;

/// Whether the place is in the zone, as far as a value with an error can tell.
std::string note_on(RasterZoneRule const& rule, std::string_view raster, double value, double error)
{
    bool const is_open = (rule.below && std::abs(value - *rule.below) <= error) || (rule.above && std::abs(value - *rule.above) <= error);
    auto const limit = rule.below ? fmt::format("低于 {:g} m", *rule.below) : fmt::format("高于 {:g} m", *rule.above);
    return fmt::format("{}：{} {:g} m，{}误差约±{:g} m{}", rule.title, raster, value, raster, error,
                       is_open ? fmt::format("，是否{} 不能确定，须实测", limit) : std::string{});
}

class LoadedLayerSet final : public LayerSet {
public:
    LoadedLayerSet(std::vector<std::shared_ptr<Layer const>> layers, std::vector<LoadedLayer> const& vectors, std::vector<Raster> rasters,
                   std::span<RasterZoneRule const> rules)
        : layers_{std::move(layers)}, overlay_{vectors}, rasters_{std::move(rasters)}, rules_{rules.begin(), rules.end()}
    {}

    [[nodiscard]] std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }

    [[nodiscard]] OverlayFacts facts(LonLat position) const override
    {
        if (!(std::abs(position.lon) <= 180 && std::abs(position.lat) <= 90))
            return {};
        std::lock_guard const lock{mutex_};                    // GEOS contexts and datasets serve one thread at a time
        OverlayFacts facts = overlay_.facts(position);
        for (Raster& raster : rasters_) {
            facts.raster_values.emplace_back(raster.layer()->id, raster.sample(position));
            if (raster.layer()->id == "elevation") {
                facts.elevation_m = facts.raster_values.back().second;
                facts.elevation_accuracy_m = facts.elevation_m ? raster.layer()->accuracy_m : std::nullopt;
            }
        }
        for (auto const& rule : rules_) {
            auto const sampled = std::ranges::find(facts.raster_values, rule.raster, [](auto const& v) { return v.first; });
            auto const value = sampled->second;
            if (!value)
                continue;
            if ((!rule.below || *value < *rule.below) && (!rule.above || *value > *rule.above))
                facts.zones.push_back(rule.id);
            auto const raster = std::ranges::find(rasters_, rule.raster, [](Raster const& r) { return r.layer()->id; });
            if (auto const error = raster->layer()->accuracy_m)
                facts.zone_notes.push_back(note_on(rule, raster->layer()->title, *value, *error));
        }
        return facts;
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
    geo::Overlay overlay_;
    mutable std::vector<Raster> rasters_;
    std::vector<RasterZoneRule> rules_;
    mutable std::mutex mutex_;
};

void check_rules(std::span<RasterZoneRule const> rules, std::span<LayerDeclaration const> layers, std::vector<Failure>& failures)
{
    std::set<std::string> ids;
    for (auto const& layer : layers)
        ids.insert(layer.id);
    for (auto const& rule : rules) {
        std::string const about = "zone rule \"" + rule.id + "\": ";
        if (!ids.insert(rule.id).second)
            failures.push_back({Errc::duplicate_id, about + "another layer or rule has this id"});
        auto const raster = std::ranges::find_if(layers, [&](auto const& l) { return l.id == rule.raster && l.role == LayerRole::raster; });
        if (raster == layers.end())
            failures.push_back(
                {Errc::not_found, about + "there is no raster layer \"" + rule.raster + "\"; declare one with role = \"raster\""});
        if (!rule.below && !rule.above)
            failures.push_back({Errc::missing_field, about + "it needs `below` or `above`"});
    }
}

}  // namespace

std::expected<std::shared_ptr<LayerSet const>, std::vector<Failure>>
load_layers(std::span<LayerDeclaration const> layers, std::span<RasterZoneRule const> zone_rules, std::chrono::milliseconds deadline)
{
    std::vector<Failure> failures;
    check_rules(zone_rules, layers, failures);
    std::set<std::string> ids;
    std::vector<std::shared_ptr<Layer const>> loaded;
    std::vector<LoadedLayer> vectors;
    std::vector<Raster> rasters;
    geo::OpenDatasets open;
    Geos geos;
    for (auto const& declaration : layers) {
        if (!ids.insert(declaration.id).second) {
            failures.push_back(geo::layer_failure(Errc::duplicate_id, declaration, "another layer has this id"));
            continue;
        }
        try {
            if (declaration.role == LayerRole::raster) {
                auto raster = Raster::open(declaration);
                if (!raster) {
                    failures.push_back(raster.error());
                    continue;
                }
                loaded.push_back(raster->layer());
                rasters.push_back(std::move(*raster));
            } else {
                geos.give_up_at(std::chrono::steady_clock::now() + deadline);
                auto vector = geo::load_vector(declaration, open, geos);
                if (!vector) {
                    failures.push_back(vector.error());
                    continue;
                }
                loaded.push_back(vector->layer);
                vectors.push_back(std::move(*vector));
            }
        } catch (std::exception const& e) {                    // a library gave up: say in which layer
            failures.push_back(geo::layer_failure(Errc::broken_file, declaration, e.what()));
        }
    }
    if (!failures.empty())
        return std::unexpected{std::move(failures)};
    return std::make_shared<LoadedLayerSet>(std::move(loaded), vectors, std::move(rasters), zone_rules);
}

}  // namespace yihong
