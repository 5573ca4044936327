#include "world_loader.hpp"

#include "yihong/config/alert_plan.hpp"
#include "yihong/config/sites.hpp"
#include "yihong/documents/template.hpp"
#include "yihong/evaluate/quality_control.hpp"
#include "yihong/geo/load_layers.hpp"
#include "yihong/reports/air_content.hpp"
#include "yihong/reports/outfall_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace yihong {
namespace {

void add_problem(Problems& problems, Errc code, Device const& device, std::string_view detail)
{
    problems.push_back({code, fmt::format("device \"{}\": {}", device.mn, detail)});
}

/// Every device belongs to a site, and what it calls itself leads to no other one: readings come under ids and MNs alike.
void check_sites_of(std::vector<Device> const& devices, std::vector<Site> const& sites, Problems& problems)
{
    std::unordered_map<std::string_view, Site const*> by_id;
    std::unordered_map<std::string_view, Site const*> by_mn;
    for (auto const& site : sites) {
        by_id.emplace(site.id, &site);
        if (!site.mn.empty())
            by_mn.emplace(site.mn, &site);
    }
    for (auto const& device : devices) {
        if (!by_id.contains(device.site))
            add_problem(problems, Errc::unknown_site, device,
                        fmt::format("site: no site file has a site \"{}\"; add it to a file of [sites], or correct the id", device.site));
        for (auto const& [what, names] : {std::pair{"id", &by_id}, std::pair{"mn", &by_mn}}) {
            auto const named = names->find(device.mn);
            if (named != names->end() && named->second->id != device.site)
                add_problem(problems, Errc::duplicate_id, device,
                            fmt::format("mn: \"{}\" is the {} of the site \"{}\", but the device belongs to \"{}\"; "
                                        "correct the device's site or mn, or the site file",
                                        device.mn, what, named->second->id, device.site));
        }
    }
}

void check_sites_of(std::vector<Forward> const& forwards, std::vector<Site> const& sites, Problems& problems)
{
    std::unordered_set<std::string_view> ids;
    for (auto const& site : sites)
        ids.insert(site.id);
    auto const check = [&](Forward const& forward, std::string_view key, std::string const& id) {
        if (!ids.contains(id))
            problems.push_back(
                {Errc::unknown_site,
                 fmt::format("forward \"{}\": {}: no site file has a site \"{}\"; add it to a file of [sites], or correct the id",
                             forward.id, key, id)});
    };
    for (auto const& forward : forwards) {
        for (auto const& id : forward.sites)
            check(forward, "sites", id);
        for (auto const& [id, mn] : forward.mns)
            check(forward, "mn", id);
    }
}

void check_units_of(std::vector<Device> const& devices, ParameterBook const& parameters, Problems& problems)
{
    for (auto const& device : devices) {
        std::unordered_map<ParameterId, std::string_view> seen;
        for (auto const& [name, unit] : device.units) {
            auto const* parameter = parameters.find(name);
            if (!parameter) {
                add_problem(problems, Errc::unknown_parameter, device,
                            fmt::format("units: \"{}\" is neither the code nor the name of a parameter; parameters.toml lists them", name));
                continue;
            }
            if (auto const [first, is_new] = seen.emplace(parameter->id, name); !is_new)
                add_problem(problems, Errc::duplicate_id, device,
                            fmt::format("units: \"{}\" and \"{}\" are both {}; keep one of them", first->second, name, parameter->name));
            if (auto const converted = to_canonical_unit(Decimal{1, 0}, unit, *parameter); !converted)
                add_problem(problems, converted.error().code, device,
                            fmt::format("units.{}: {}; give the unit in which the device sends it", name, converted.error().detail));
        }
    }
}

void check_owed_of(std::vector<Site> const& sites, ParameterBook const& parameters, Problems& problems)
{
    for (auto const& site : sites)
        for (auto const& [since, names] : site.owed_parameters)
            for (auto const& name : names)
                if (!parameters.find(name))
                    problems.push_back({Errc::unknown_parameter,
                                        fmt::format("site \"{}\": owed_parameters{}: \"{}\" is neither the code nor the name of a "
                                                    "parameter; parameters.toml lists them",
                                                    site.id, since == OwedList::always ? "" : fmt::format(".{}", since), name)});
}

/// What a water section is held to where its own file names no target.
void tell_targets(std::map<std::string, int, std::less<>> const& defaults, std::span<Site> sites)
{
    for (auto& site : sites)
        if (auto const found = defaults.find(site.level); found != defaults.end() && is_water(site.kind) && !site.target_class)
            site.target_class = found->second;
}

/// The names of a layer's features. \return false where `attributes` of its declaration leaves out the one that names them
bool add_feature_names(Layer const& layer, LayerDeclaration const& declaration, PlanNames::Set& names)
{
    auto const attribute = std::ranges::find(layer.attributes, declaration.name_attribute, &LayerAttribute::name);
    if (attribute == layer.attributes.end())
        return false;
    auto const column = static_cast<std::size_t>(attribute - layer.attributes.begin());
    for (auto const& feature : layer.features) {
        if (auto const* name = std::get_if<std::string>(&feature.values[column]))
            names.insert(*name);
    }
    return true;
}

/// What an alert plan may speak of.
PlanNames plan_names(Config const& config, StandardsBook const& standards, std::vector<Site> const& sites, LayerSet const& layers)
{
    PlanNames names;
    for (auto const& site : sites) {
        names.sites.insert(site.id);
        names.rivers.insert(site.water_body);
        names.assessed_for.insert(site.assessed_for);
    }
    for (auto const& parameter : standards.parameters().all()) {
        names.parameters.insert(parameter.name);
        names.parameters.insert(parameter.code);
        names.parameters.insert(parameter.other_codes.begin(), parameter.other_codes.end());
    }
    for (auto const& zone : config.zones)
        names.zones.insert(zone.id);
    for (auto const& channel : config.channels)
        names.channels.insert(channel.id);
    bool all_named = true;
    for (auto const& layer : layers.layers()) {
        auto const declaration = std::ranges::find(config.layers, layer->id, &LayerDeclaration::id);
        if (layer->role == LayerRole::boundary)
            all_named = add_feature_names(*layer, *declaration, names.counties) && all_named;
        if (layer->role == LayerRole::river)
            all_named = add_feature_names(*layer, *declaration, names.rivers) && all_named;
        if (layer->role == LayerRole::zone) {
            for (auto const& feature : layer->features)
                names.zones.insert(layer->features.size() == 1 ? layer->id : layer->id + '/' + feature.id);
        }
    }
    if (!all_named) {                              // then what the sites know has to do
        for (auto const& site : sites) {
            auto const facts = site.position ? layers.facts(*site.position) : OverlayFacts{};
            names.counties.insert(facts.county);
            for (auto const& river : facts.rivers)
                names.rivers.insert(river.name);
        }
    }
    return names;
}

/// A site whose file gives no MN answers to that of its first device; what any of its devices has judged is judged.
void tell_sites_of(std::vector<Device> const& devices, std::vector<Site>& sites)
{
    std::unordered_map<std::string_view, Site*> by_id;
    for (auto& site : sites)
        by_id.emplace(site.id, &site);
    std::unordered_set<Site const*> told;
    for (auto const& device : devices) {
        auto const found = by_id.find(device.site);
        if (found == by_id.end())
            continue;
        auto& site = *found->second;
        if (site.mn.empty())
            site.mn = device.mn;
        if (told.insert(&site).second)
            site.judged_intervals = 0;
        for (auto const interval : device.judged)
            site.judged_intervals |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(interval));
    }
}

/// That the templates of the bureau can be filled.
/// A point of evaluation is an air station; one that no file has may be registered in the store.
void check_points_of(ReportSettings const& reports, std::vector<Site> const& sites, Problems& problems)
{
    for (auto const& point : reports.air_points) {
        auto const site = std::ranges::find(sites, point.station, &Site::id);
        if (site != sites.end() && site->kind != SiteKind::air_station)
            problems.push_back({Errc::bad_value, fmt::format("[[reports.air_point]]: station: \"{}\" is no air station", point.station)});
    }
}

void check_templates_of(ReportSettings const& reports, StandardsBook const& standards, Problems& problems)
{
    auto const today = beijing_date(utc_now());
    auto const check = [&](documents::Kind kind, std::filesystem::path const& file, ReportContent const& names) {
        auto const docx = documents::read_template(kind, file);
        auto const filled = docx ? documents::fill_template(*docx, names) : docx;
        if (!filled)
            problems.push_back({filled.error().code, file.string() + ": " + filled.error().detail});
    };
    for (auto const& [kind, file] : {std::pair{documents::Kind::water_month, &reports.water_template},
                                     std::pair{documents::Kind::section_compliance, &reports.compliance_template},
                                     std::pair{documents::Kind::ranking, &reports.ranking_template}})
        if (!file->empty() && standards.water(today))
            check(kind, *file, water_report_names(standards, today));
    if (!reports.air_template.empty())
        check(documents::Kind::air_month, reports.air_template, air_report_names(standards, today));
    if (!reports.plant_template.empty())
        check(documents::Kind::plants, reports.plant_template, outfall_report_names(standards.parameters(), today));
}

}  // namespace

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
    if (!overrides.hj212.empty()) {
        auto const endpoint = parse_endpoint(overrides.hj212);
        if (!endpoint)
            return std::unexpected{Problems{{endpoint.error().code, "--hj212: " + endpoint.error().detail}}};
        config->gateway.listen = *endpoint;
    }
    if (!overrides.data.empty())
        config->store.path = std::filesystem::absolute(overrides.data);
    return config;
}

namespace {

/// Of names, sizes and times of change of everything that a world is made from: quick, and another one whenever something may be otherwise.
std::uint32_t digest_of_files(Config const& config)
{
    std::string text{YIHONG_VERSION};
    auto const add = [&](std::filesystem::path const& path) {
        std::error_code none;  // a source need not be a file
        auto const size = std::filesystem::file_size(path, none);
        auto const changed = std::filesystem::last_write_time(path, none);
        text += fmt::format("\n{} {} {}", path.string(), size, changed.time_since_epoch().count());
    };
    add(config.file);
    std::vector<std::filesystem::path> standards;
    std::error_code none;
    for (auto const& entry : std::filesystem::directory_iterator{config.standards_directory, none})
        standards.push_back(entry.path());
    std::ranges::sort(standards);
    std::ranges::for_each(standards, add);
    std::ranges::for_each(config.site_files, add);
    for (auto const& layer : config.layers)
        add(layer.source);
    if (config.alerts_file)
        add(*config.alerts_file);
    return static_cast<std::uint32_t>(std::hash<std::string>{}(text));
}

}  // namespace

std::expected<Materials, Problems> load_materials(Config const& config)
{
    // the layers take longest; the rest is read meanwhile
    auto loading = std::async(std::launch::async, [&] { return load_layers(config.layers, config.zones); });
    auto standards = load_standards(config.standards_directory);
    auto sites = load_sites(config.site_files);
    auto alerts = config.alerts_file ? load_alert_plan(*config.alerts_file) : default_alert_plan();
    auto layers = loading.get();
    Problems problems;
    auto const gather = [&](auto const& loaded) {
        if (!loaded)
            problems.insert(problems.end(), loaded.error().begin(), loaded.error().end());
    };
    gather(standards);
    gather(sites);
    gather(layers);
    gather(alerts);
    if (sites) {
        check_sites_of(config.devices, *sites, problems);
        check_sites_of(config.forwards, *sites, problems);
        check_points_of(config.reports, *sites, problems);
    }
    if (standards)
        check_units_of(config.devices, standards->parameters(), problems);
    if (standards && sites)
        check_owed_of(*sites, standards->parameters(), problems);
    if (standards)
        check_templates_of(config.reports, *standards, problems);
    if (standards && sites && layers && alerts) {  // without one of them, names would be missing that are there
        for (auto& problem : check_plan(*alerts, plan_names(config, *standards, *sites, **layers)))
            problems.push_back({problem.code, fmt::format("{}: {}", config.alerts_file.value_or("alerts.toml").string(), problem.detail)});
    }
    if (!problems.empty())
        return std::unexpected{std::move(problems)};
    tell_sites_of(config.devices, *sites);
    tell_targets(config.default_target_class, *sites);
    return Materials{std::make_shared<StandardsBook const>(std::move(*standards)), std::move(*sites),           std::move(*layers),
                     std::make_shared<AlertPlan const>(std::move(*alerts)),        config.default_target_class, digest_of_files(config)};
}

std::shared_ptr<World const> assemble_world(Materials materials, Sites& stored)
{
    auto& sites = materials.sites;
    std::unordered_set<std::string> known;
    for (auto const& site : sites)
        known.insert(site.id);
    auto registered = stored.registered_sites();
    tell_targets(materials.default_target_class, registered);
    for (auto& site : registered)
        if (known.insert(site.id).second)  // a site file may take over what an import registered
            sites.push_back(std::move(site));
    std::vector<std::string> ids;
    for (auto const& site : sites)
        ids.push_back(site.id);
    auto const numbers = stored.number_sites(ids);
    for (std::size_t i = 0; i < sites.size(); ++i)
        sites[i].number = numbers[i];
    return make_world(std::move(materials.standards), std::move(sites), std::move(materials.layers), std::move(materials.alerts),
                      materials.digest);
}

std::expected<AlertPlan, Problems> read_plan(Config const& config, World const& world, std::string_view text)
{
    auto plan = parse_alert_plan(text, "rules");
    if (!plan)
        return plan;
    if (auto problems = check_plan(*plan, plan_names(config, *world.standards, world.sites->all(), *world.layers)); !problems.empty())
        return std::unexpected{std::move(problems)};
    return plan;
}

void print_problems(Problems const& problems)
{
    for (auto const& problem : problems)
        fmt::print(stderr, "{}\n", problem.detail);
}

}  // namespace yihong
