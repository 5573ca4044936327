#include "reload.hpp"

#include "yihong/base/log.hpp"

#include <fmt/format.h>

namespace yihong {

Result<std::string> reload_world(Overrides const& overrides, WorldKeeper& worlds, Sites& sites, gateway::Gateway& gateway,
                                 Certificates const& certificates, Snapshot<ReportSettings>& reports)
{
    auto turn = worlds.take_turn();
    if (auto problem = certificates.problem()) {
        log::error("reload_refused", {{"detail", problem->detail}});
        return std::unexpected{*std::move(problem)};
    }
    auto const fresh = load_config_with(overrides);
    auto loaded = fresh ? load_materials(*fresh) : std::expected<Materials, Problems>{std::unexpected{fresh.error()}};
    if (!loaded) {
        std::string detail = "nothing was changed:";
        for (auto const& problem : loaded.error()) {
            log::error("reload_refused", {{"detail", problem.detail}});
            detail += "\n" + problem.detail;
        }
        return fail(Errc::bad_value, std::move(detail));
    }
    auto world = assemble_world(std::move(*loaded), sites);
    auto const site_count = world->sites->all().size();
    auto const layers = world->layers->layers().size();
    auto const rules = world->alerts->rules.size();
    reports.publish(std::make_shared<ReportSettings const>(fresh->reports));  // the collections of the new world are made with it
    turn.replace(std::move(world));
    gateway.replace_devices(fresh->devices);
    certificates.read_again();
    auto const devices = fresh->devices.size();
    log::info("reloaded", {{"sites", site_count}, {"layers", layers}, {"devices", devices}, {"rules", rules}});
    return fmt::format(R"({{"sites":{},"layers":{},"devices":{},"rules":{}}})", site_count, layers, devices, rules);
}

}  // namespace yihong
