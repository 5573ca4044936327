#include "layers.hpp"

#include "yihong/base/text.hpp"

#include "addresses.hpp"
#include "identifier.hpp"
#include "values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace yihong {
namespace {

constexpr std::array reserved_collections{"water-sections", "air-stations", "outfalls", "alerts"};
constexpr std::array layer_roles{
    std::pair{std::string_view{"boundary"}, LayerRole::boundary}, std::pair{std::string_view{"river"}, LayerRole::river},
    std::pair{std::string_view{"lake"}, LayerRole::lake},         std::pair{std::string_view{"zone"}, LayerRole::zone},
    std::pair{std::string_view{"raster"}, LayerRole::raster},     std::pair{std::string_view{"other"}, LayerRole::other}};
constexpr std::array datums{std::pair{std::string_view{"wgs84"}, false}, std::pair{std::string_view{"gcj02"}, true}};

/// What GDAL opens: a file, or a source with a prefix such as `PG:` or `WFS:`, which is left alone.
auto source_from(std::filesystem::path const& folder)
{
    return [&folder](std::string_view text) -> Result<std::string> {
        auto const colon = text.find(':');
        bool const has_prefix = colon != std::string_view::npos && colon > 1 && text.find('/') > colon;
        if (has_prefix)
            return std::string{text};
        auto path = path_from(folder)(text);
        return path ? Result<std::string>{path->string()} : std::unexpected{path.error()};
    };
}

void read_attributes(TableReader& layer, LayerDeclaration& to)
{
    constexpr std::string_view key = "attributes";
    auto const* node = layer.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr) {
        layer.problem(key, Errc::bad_value, fmt::format("must be an array, not {}", type_in_words(*node)));
        return;
    }
    std::set<std::string_view> names;
    for (auto const& element : *array) {
        auto const* table = element.as_table();
        auto const* name = table == nullptr ? element.as_string() : table->get_as<std::string>("name");
        auto const* title = table == nullptr ? nullptr : table->get_as<std::string>("title");
        bool const well_formed = name != nullptr && !name->get().empty() && !has_control_characters(name->get()) &&
                                 (table == nullptr || (title != nullptr && table->size() == 2 && !has_control_characters(title->get())));
        if (!well_formed) {
            layer.at(element, Errc::bad_value, fmt::format("{}: holds names, or {{ name = \"…\", title = \"…\" }}", layer.path_of(key)));
            continue;
        }
        if (!names.insert(name->get()).second)
            layer.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", layer.path_of(key), name->get()));
        to.attributes.emplace_back(name->get(), title == nullptr ? std::string{} : title->get());
    }
}

LayerDeclaration read_layer(TableReader& layer, std::filesystem::path const& folder)
{
    LayerDeclaration to;
    layer.require("id");
    layer.parsed("id", to.id, identifier_from);
    to.title = to.id;
    layer.text("title", to.title);
    layer.text("title_en", to.title_en);
    layer.text("description", to.description);
    layer.text("attribution", to.attribution);
    layer.text("license", to.license);
    layer.require("source");
    layer.parsed("source", to.source, source_from(folder));
    layer.text("layer", to.source_layer);
    layer.parsed("role", to.role, one_of(layer_roles));
    layer.text("crs", to.crs);
    layer.parsed("datum", to.gcj02, one_of(datums));
    layer.text("encoding", to.encoding);
    layer.text("where", to.where);
    layer.text("id_attribute", to.id_attribute);
    layer.text("name_attribute", to.name_attribute);
    read_attributes(layer, to);
    layer.number("simplify_m", to.simplify_m, 0, 100'000);
    layer.number("reach_m", to.reach_m, 0, 1'000'000);
    double accuracy_m = 0;
    layer.number("accuracy_m", accuracy_m, 0, 1'000'000);
    if (accuracy_m > 0)
        to.accuracy_m = accuracy_m;
    layer.text("accuracy_attribute", to.accuracy_attribute);
    layer.flag("approximate", to.approximate);
    if (to.approximate && to.role != LayerRole::river)
        layer.problem("approximate", Errc::bad_value, "only a layer with role \"river\" can be approximate: it then gives no chainage");
    return to;
}

}  // namespace

std::vector<LayerDeclaration> read_layers(TableReader& root, std::filesystem::path const& folder)
{
    std::vector<LayerDeclaration> layers;
    std::set<std::string> ids;
    root.tables("layers", [&](TableReader& reader) {
        auto layer = read_layer(reader, folder);
        if (std::find(reserved_collections.begin(), reserved_collections.end(), layer.id) != reserved_collections.end())
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is a collection of the service itself", layer.id));
        else if (!layer.id.empty() && !ids.insert(layer.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another layer too", layer.id));
        layers.push_back(std::move(layer));
    });
    return layers;
}

std::vector<RasterZoneRule> read_zones(TableReader& root, std::vector<LayerDeclaration> const& layers)
{
    std::vector<RasterZoneRule> zones;
    std::set<std::string_view> rasters;
    for (auto const& layer : layers) {
        if (layer.role == LayerRole::raster)
            rasters.insert(layer.id);
    }
    std::set<std::string> ids;
    root.tables("zones", [&](TableReader& reader) {
        RasterZoneRule zone;
        reader.require("rule");
        reader.parsed("rule", zone, parse_zone_rule);
        reader.require("id");
        reader.parsed("id", zone.id, identifier_from);
        zone.title = zone.id;
        reader.text("title", zone.title);
        if (!zone.id.empty() && !ids.insert(zone.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another zone too", zone.id));
        if (!zone.raster.empty() && !rasters.contains(zone.raster))
            reader.problem("rule", Errc::bad_value, fmt::format("no layer with role \"raster\" has the id \"{}\"", zone.raster));
        zones.push_back(std::move(zone));
    });
    return zones;
}

Result<RasterZoneRule> parse_zone_rule(std::string_view text)
{
    auto const sign = text.find_first_of("<>");
    RasterZoneRule rule;
    if (sign != std::string_view::npos) {
        rule.raster = trimmed(text.substr(0, sign));
        auto const limit = number_from<double>(trimmed(text.substr(sign + 1)));
        if (limit && std::isfinite(*limit) && is_identifier(rule.raster)) {
            (text[sign] == '<' ? rule.below : rule.above) = *limit;
            return rule;
        }
    }
    return fail(Errc::bad_value, fmt::format("\"{}\" is not a raster layer's id, < or >, and a number, such as elevation < 400", text));
}

}  // namespace yihong
