#include "world_loader.hpp"

#include "yihong/config/sites.hpp"
#include "yihong/geo/load_layers.hpp"

#include <fmt/format.h>

#include <future>
#include <unordered_set>

namespace yihong {

std::expected<Config, Problems> load_config_with(Overrides const& overrides)
{
    auto file = overrides.config;
    if (file.empty()) {
        file = "config/yihong.toml";
        if (!std::filesystem::exists(file) && std::filesystem::exists("/etc/yihong/yihong.toml"))
            file = "/etc/yihong/yihong.toml";
    }
    auto config = load_config(std::filesystem::absolute(file));
    if (!config)
        return config;
    if (!overrides.listen.empty()) {
        auto const endpoint = parse_endpoint(overrides.listen);
        if (!endpoint)
            return std::unexpected{Problems{{endpoint.error().code, "--listen: " + endpoint.error().detail}}};
        config->server.listen = *endpoint;
    }
    if (!overrides.data.empty())
        config->store.path = std::filesystem::absolute(overrides.data);
    return config;
}

std::expected<Materials, Problems> load_materials(Config const& config)
{
    // the layers take longest; the rest is read meanwhile
    auto loading = std::async(std::launch::async, [&] { return load_layers(config.layers, config.zones); });
    auto standards = load_standards(config.standards_directory);
    auto sites = load_sites(config.site_files);
    auto layers = loading.get();
    Problems problems;
    auto const gather = [&](auto const& loaded) {
        if (!loaded)
            problems.insert(problems.end(), loaded.error().begin(), loaded.error().end());
    };
    gather(standards);
    gather(sites);
    gather(layers);
    if (!problems.empty())
        return std::unexpected{std::move(problems)};
    return Materials{std::make_shared<StandardsBook const>(std::move(*standards)), std::move(*sites), std::move(*layers)};
}

std::shared_ptr<World const> assemble_world(Materials materials, RecordStore& store)
{
    auto& sites = materials.sites;
    std::unordered_set<std::string> known;
    for (auto const& site : sites)
        known.insert(site.id);
    for (auto& site : store.registered_sites())
        if (known.insert(site.id).second)          // a site file may take over what an import registered
            sites.push_back(std::move(site));
    std::vector<std::string> ids;
    for (auto const& site : sites)
        ids.push_back(site.id);
    auto const numbers = store.number_sites(ids);
    for (std::size_t i = 0; i < sites.size(); ++i)
        sites[i].number = numbers[i];
    return make_world(std::move(materials.standards), std::move(sites), std::move(materials.layers));
}

void print_problems(Problems const& problems)
{
    for (auto const& problem : problems)
        fmt::print(stderr, "{}\n", problem.detail);
}

}  // namespace yihong
