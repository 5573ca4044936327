#pragma once

#include "yihong/config/config.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/sites.hpp"

#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

using Problems = std::vector<Failure>;

/// What the command line says about the config; empty parts leave the file's values.
struct Overrides {
    std::filesystem::path config;                  ///< empty: config/yihong.toml here, else /etc/yihong/yihong.toml
    std::string listen;
    std::string hj212;                             ///< where the HJ 212 gateway listens
    std::filesystem::path data;
};

/// The config with the command line's overrides. \return every problem at once
std::expected<Config, Problems> load_config_with(Overrides const& overrides);

/// Standards, sites, layers and alert plan as the config names them, without a store; sites know their devices' MN and judged intervals.
/// \return every problem of all of them at once
struct Materials {
    std::shared_ptr<StandardsBook const> standards;
    std::vector<Site> sites;
    std::shared_ptr<LayerSet const> layers;
    std::shared_ptr<AlertPlan const> alerts;
    std::map<std::string, int, std::less<>> default_target_class;      ///< the sites have it; those that an import registered get it
    std::uint32_t digest = 0;                      ///< of the files that all this comes from
};
std::expected<Materials, Problems> load_materials(Config const& config);

/// Numbers the sites (those of the files and those that an import registered) and joins everything.
std::shared_ptr<World const> assemble_world(Materials materials, Sites& stored);

/// Reads the text of an alerts file for a world that is there, as `load_materials` reads that of the configuration.
std::expected<AlertPlan, Problems> read_plan(Config const& config, World const& world, std::string_view text);

/// Prints problems to standard error, one a line.
void print_problems(Problems const& problems);

}  // namespace yihong
