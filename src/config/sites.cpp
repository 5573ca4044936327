#include "yihong/config/sites.hpp"

#include "yihong/base/file.hpp"

#include "identifier.hpp"
#include "water_network.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace yihong {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t file_limit_bytes = 64 * 1024 * 1024;
constexpr std::size_t text_limit_bytes = 1000;
/// What the overlay works out is not typed in, so that it cannot contradict the layers.
constexpr std::array computed{"county",
                              "river",
                              "river_distance_m",
                              "river_chainage_km",
                              "river_accuracy_m",
                              "nearest_river",
                              "nearest_river_distance_m",
                              "nearest_river_chainage_km",
                              "lake",
                              "lake_distance_m",
                              "zones",
                              "zone_notes",
                              "elevation_m",
                              "elevation_accuracy_m"};
constexpr std::array<std::string_view, 19> property_names{"name",
                                                          "name_en",
                                                          "kind",
                                                          "lake_since",
                                                          "mn",
                                                          "level",
                                                          "water_body",
                                                          "downstream",
                                                          "mouth_km",
                                                          "mouth_bank",
                                                          "assessed_for",
                                                          "target_class",
                                                          "drinking_water_source",
                                                          "owed_parameters",
                                                          "external_ids",
                                                          "coordinate_accuracy_m",
                                                          "coordinate_status",
                                                          "source",
                                                          "note"};
constexpr std::size_t problem_limit = 1000;
constexpr int first_year = 1900;  ///< an earlier one is a slip

/// Where a site was declared, for the second one that claims the same name.
using Claims = std::unordered_map<std::string, std::string>;

/// Reads all features of all files, gathering what is wrong instead of stopping at it.
class SitesReader {
public:
    void read(SiteFile const& file);
    void fail_file(Failure failure) { failures_.push_back(std::move(failure)); }
    std::expected<std::vector<Site>, std::vector<Failure>> result() &&
    {
        std::ranges::move(check_water_network(sites_), std::back_inserter(failures_));
        if (failures_.empty())
            return std::move(sites_);
        return std::unexpected{std::move(failures_)};
    }

private:
    void read_feature(dom::element feature);
    void read_geometry(dom::element geometry, Site& site);
    void read_properties(dom::object properties, Site& site);
    void read_property(std::string_view key, dom::element value, Site& site);
    void read_owed_parameters(dom::element value, Site& site);
    std::vector<std::string> parameter_list(std::string_view property, dom::element value);
    void read_external_ids(dom::element value, Site& site);
    void check_position(LonLat position, std::size_t coordinates);
    std::string text(std::string_view property, dom::element value);
    std::optional<double> distance(std::string_view property, dom::element value, std::string_view unit);
    void claim(Claims& claims, std::string_view what, std::string key);
    /// A problem of the feature being read.
    void problem(Errc code, std::string_view detail) { failures_.push_back({code, fmt::format("{}: {}", place_, detail)}); }

    std::vector<Site> sites_;
    std::vector<Failure> failures_;
    Claims site_keys_;                                 // ids and MNs share a namespace: readings come under either
    Claims external_names_;
    std::string place_;
};

/// The fields of an object, each once. \return the names that stand twice
template <typename Visit>
std::vector<std::string_view> visit_fields(dom::object object, Visit visit)
{
    std::unordered_set<std::string_view> seen;
    std::vector<std::string_view> twice;
    for (auto const field : object) {
        if (seen.insert(field.key).second)
            visit(field.key, field.value);
        else
            twice.push_back(field.key);
    }
    return twice;
}

/// Legacy files may name their reference system; only what RFC 7946 means is right.
bool is_wgs84_crs(dom::element crs)
{
    std::string_view name;
    return crs["properties"]["name"].get(name) == simdjson::SUCCESS &&
           (name.ends_with("CRS84") || name == "EPSG:4326" || name.ends_with("EPSG::4326"));
}

void SitesReader::read(SiteFile const& file)
{
    place_ = file.name;
    std::string_view text = file.text;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    dom::parser parser;
    dom::element document;
    if (auto const error = parser.parse(text.data(), text.size()).get(document))
        return problem(Errc::bad_syntax, fmt::format("is not JSON: {}", simdjson::error_message(error)));

    std::string_view type;
    dom::array features;
    if (document["type"].get(type) != simdjson::SUCCESS || type != "FeatureCollection")
        return problem(Errc::bad_value, "must be a GeoJSON object of type FeatureCollection");
    dom::element crs;
    if (document["crs"].get(crs) == simdjson::SUCCESS && !is_wgs84_crs(crs))
        problem(Errc::bad_value, "crs: GeoJSON is longitude/latitude in WGS 84 (RFC 7946); convert the file");
    if (document["features"].get(features) != simdjson::SUCCESS)
        return problem(Errc::missing_field, "features: must be an array");
    std::size_t index = 0;
    for (auto const feature : features) {
        if (failures_.size() > problem_limit)
            return problem(Errc::bad_value, fmt::format("and more: only the first {} problems are listed", problem_limit));
        std::string_view id;
        if (feature["id"].get(id) == simdjson::SUCCESS)
            place_ = fmt::format("{}: feature {} (\"{}\")", file.name, index, id.substr(0, 64));
        else
            place_ = fmt::format("{}: feature {}", file.name, index);
        read_feature(feature);
        ++index;
    }
}

void SitesReader::read_feature(dom::element feature)
{
    dom::object members;
    std::string_view type;
    if (feature.get(members) != simdjson::SUCCESS || members["type"].get(type) != simdjson::SUCCESS || type != "Feature")
        return problem(Errc::bad_value, "must be a GeoJSON object of type Feature");

    Site site;
    bool has_id = false;
    bool has_geometry = false;
    bool has_properties = false;
    auto const twice = visit_fields(members, [&](std::string_view key, dom::element value) {
        if (key == "id") {
            has_id = true;
            std::string_view id;
            if (value.get(id) != simdjson::SUCCESS || !is_identifier(id))
                return problem(Errc::bad_value, fmt::format("id: must be a string of {}", identifier_rule));
            site.id = id;
        } else if (key == "geometry") {
            has_geometry = true;
            read_geometry(value, site);
        } else if (key == "properties") {
            dom::object properties;
            has_properties = value.get(properties) == simdjson::SUCCESS;
            if (has_properties)
                read_properties(properties, site);
        } else if (key != "type" && key != "bbox") {
            problem(Errc::unknown_field,
                    fmt::format("{}: is not a member of a feature here; what describes the site goes into properties", key));
        }
    });
    for (auto const key : twice)
        problem(Errc::duplicate_id, fmt::format("{}: stands there twice", key));
    if (!has_id)
        problem(Errc::missing_field, "id: is missing");
    if (!has_geometry)
        problem(Errc::missing_field, "geometry: is missing; a site without position has null");
    if (!has_properties)
        problem(Errc::missing_field, "properties: must be an object");
    if (!site.id.empty())
        claim(site_keys_, "id", site.id);
    if (!site.mn.empty() && site.mn != site.id)
        claim(site_keys_, "mn", site.mn);
    for (auto const& [publisher, name] : site.external_ids)
        claim(external_names_, "external_ids", fmt::format("{}: {}", publisher, name));
    if (site.target_class && !is_water(site.kind))
        problem(Errc::bad_value, "target_class: only water sections have one");
    if (site.lake_since && site.kind != SiteKind::lake_section)
        problem(Errc::bad_value, "lake_since: only a lake_section has one; it is a river section before that day");
    if (site.drinking_water_source && !is_water(site.kind))
        problem(Errc::bad_value, "drinking_water_source: only a water section can be one");
    sites_.push_back(std::move(site));
}

void SitesReader::read_geometry(dom::element geometry, Site& site)
{
    if (geometry.is_null())
        return;
    std::string_view type;
    dom::array coordinates;
    if (geometry["type"].get(type) != simdjson::SUCCESS || type != "Point" || geometry["coordinates"].get(coordinates) != simdjson::SUCCESS)
        return problem(Errc::bad_value, "geometry: must be a Point or null");
    std::array<double, 3> numbers{};
    std::size_t count = 0;
    for (auto const coordinate : coordinates) {
        double number = 0;
        if (count == numbers.size() || !coordinate.is_number() || coordinate.get(number) != simdjson::SUCCESS)
            return problem(Errc::bad_value, "geometry: coordinates must be [longitude, latitude], with a height at most");
        numbers[count++] = number;
    }
    check_position({numbers[0], numbers[1]}, count);
    site.position = LonLat{numbers[0], numbers[1]};
}

void SitesReader::check_position(LonLat position, std::size_t coordinates)
{
    if (coordinates < 2)
        return problem(Errc::bad_value, "geometry: coordinates must be [longitude, latitude]");
    auto const [lon, lat] = position;
    // China lies within 73–136 E, 3–54 N, which no swapped pair can meet
    bool const looks_swapped = lat >= 73 && lat <= 136 && lon >= 3 && lon <= 54;
    if (looks_swapped)
        problem(Errc::bad_value, fmt::format("geometry: [{}, {}] looks swapped: longitude (经度) comes first", lon, lat));
    else if (!(std::abs(lon) <= 180 && std::abs(lat) <= 90))
        problem(Errc::bad_value, fmt::format("geometry: [{}, {}] is not on the globe (degrees: longitude ±180, latitude ±90)", lon, lat));
}

void SitesReader::read_properties(dom::object properties, Site& site)
{
    bool has_name = false;
    bool has_kind = false;
    auto const twice = visit_fields(properties, [&](std::string_view key, dom::element value) {
        has_name = has_name || key == "name";
        has_kind = has_kind || key == "kind";
        read_property(key, value, site);
    });
    for (auto const key : twice)
        problem(Errc::duplicate_id, fmt::format("{}: stands there twice", key));
    if (!has_name)
        problem(Errc::missing_field, "name: is missing");
    if (!has_kind)
        problem(Errc::missing_field, "kind: is missing");
}

void SitesReader::read_property(std::string_view key, dom::element value, Site& site)
{
    if (std::find(computed.begin(), computed.end(), key) != computed.end())
        return problem(Errc::unknown_field, fmt::format("{}: is worked out from the layers, not typed in", key));
    if (std::find(property_names.begin(), property_names.end(), key) == property_names.end())
        return problem(Errc::unknown_field,
                       fmt::format("{}: is not a property of a site; those are {}", key, fmt::join(property_names, ", ")));
    bool const is_required = key == "name" || key == "kind";
    if (value.is_null() && !is_required)
        return;

    if (key == "name") {
        site.name = text(key, value);
        if (site.name.empty() && value.is_string())
            problem(Errc::bad_value, "name: must not be empty");
    } else if (key == "kind") {
        std::string_view word;
        auto const kind = value.get(word) == simdjson::SUCCESS ? parse_site_kind(word) : std::nullopt;
        if (!kind)
            return problem(Errc::bad_value, "kind: must be water_section, lake_section, air_station, outfall or wastewater_plant");
        site.kind = *kind;
    } else if (key == "lake_since") {
        std::string_view day;
        auto const since = value.get(day) == simdjson::SUCCESS ? parse_date(day) : Result<Date>{fail(Errc::bad_time, {})};
        if (!since)
            return problem(Errc::bad_value, "lake_since: must be a day in Beijing, such as \"2024-07-01\"");
        site.lake_since = *since;
    } else if (key == "name_en") {
        site.name_en = text(key, value);
    } else if (key == "mn") {
        std::string_view mn;
        if (value.get(mn) != simdjson::SUCCESS || !is_identifier(mn))
            return problem(Errc::bad_value, fmt::format("mn: must be a string of {}", identifier_rule));
        site.mn = mn;
    } else if (key == "level") {
        std::string_view level;
        if (value.get(level) != simdjson::SUCCESS || std::find(site_levels.begin(), site_levels.end(), level) == site_levels.end())
            return problem(Errc::bad_value, "level: must be national, provincial or municipal");
        site.level = level;
    } else if (key == "water_body") {
        site.water_body = text(key, value);
    } else if (key == "downstream") {
        site.downstream = text(key, value);
    } else if (key == "mouth_km") {
        site.mouth_km = distance(key, value, "kilometres");
    } else if (key == "mouth_bank") {
        std::string_view bank;
        if (value.get(bank) != simdjson::SUCCESS || (bank != "left" && bank != "right"))
            return problem(Errc::bad_value, "mouth_bank: must be left or right, seen with the water");
        site.mouth_bank = bank;
    } else if (key == "assessed_for") {
        site.assessed_for = text(key, value);
    } else if (key == "source") {
        site.source = text(key, value);
    } else if (key == "target_class") {
        std::int64_t number = 0;
        if (value.get(number) != simdjson::SUCCESS || number < 1 || number > 5)
            return problem(Errc::bad_value, "target_class: must be a whole number from 1 to 5");
        site.target_class = static_cast<int>(number);
    } else if (key == "coordinate_accuracy_m") {
        site.coordinate_accuracy_m = distance(key, value, "metres");
    } else if (key == "drinking_water_source") {
        if (value.get(site.drinking_water_source) != simdjson::SUCCESS)
            problem(Errc::bad_value, "drinking_water_source: must be true or false");
    } else if (key == "owed_parameters") {
        read_owed_parameters(value, site);
    } else if (key == "external_ids") {
        read_external_ids(value, site);
    } else {
        text(key, value);                              // note, coordinate_status: for the people who keep the file
    }
}

void SitesReader::read_owed_parameters(dom::element value, Site& site)
{
    dom::object years;
    if (value.get(years) != simdjson::SUCCESS) {
        site.owed_parameters = {{OwedList::always, parameter_list("owed_parameters", value)}};
        return;
    }
    auto const twice = visit_fields(years, [&](std::string_view year, dom::element list) {
        int since = 0;
        auto const [end, error] = std::from_chars(year.data(), year.data() + year.size(), since);
        if (year.size() != 4 || error != std::errc{} || end != year.data() + year.size() || since < first_year)
            return problem(Errc::bad_value, fmt::format("owed_parameters.{}: must be a year, such as \"2025\"", year.substr(0, 64)));
        site.owed_parameters.push_back({since, parameter_list(fmt::format("owed_parameters.{}", year), list)});
    });
    for (auto const year : twice)
        problem(Errc::duplicate_id, fmt::format("owed_parameters.{}: stands there twice", year.substr(0, 64)));
    if (years.size() == 0)
        problem(Errc::bad_value, "owed_parameters: must name a year, such as {\"2025\": [\"ph\"]}, or be an array");
    std::ranges::sort(site.owed_parameters, {}, &OwedList::since);
}

std::vector<std::string> SitesReader::parameter_list(std::string_view property, dom::element value)
{
    std::vector<std::string> parameters;
    dom::array list;
    if (value.get(list) != simdjson::SUCCESS) {
        problem(Errc::bad_value, fmt::format("{}: must be an array of parameters, such as [\"ph\", \"ammonia_nitrogen\"]{}", property,
                                             property == "owed_parameters" ? ", or such arrays by year" : ""));
        return parameters;
    }
    for (auto const name : list)
        if (auto parameter = text(property, name); !parameter.empty())
            parameters.push_back(std::move(parameter));
        else if (name.is_string())
            problem(Errc::bad_value, fmt::format("{}: must not hold empty names", property));
    return parameters;
}

void SitesReader::read_external_ids(dom::element value, Site& site)
{
    dom::object publishers;
    if (value.get(publishers) != simdjson::SUCCESS)
        return problem(Errc::bad_value, "external_ids: must be an object, such as {\"cnemc\": \"山西省/张留庄\"}");
    auto const add = [&](std::string_view publisher, dom::element name) {
        auto const what = fmt::format("external_ids.{}", publisher);
        auto known_as = text(what, name);
        if (known_as.empty() && name.is_string())
            problem(Errc::bad_value, fmt::format("{}: must not be empty", what));
        else if (!known_as.empty())
            site.external_ids.emplace_back(publisher, std::move(known_as));
    };
    auto const twice = visit_fields(publishers, [&](std::string_view publisher, dom::element names) {
        if (!is_identifier(publisher))
            return problem(Errc::bad_value, fmt::format("external_ids: the publisher \"{}\" must be {}", publisher, identifier_rule));
        dom::array list;
        if (names.get(list) != simdjson::SUCCESS)
            return add(publisher, names);
        for (auto const name : list)
            add(publisher, name);
    });
    for (auto const publisher : twice)
        problem(Errc::duplicate_id, fmt::format("external_ids.{}: stands there twice; several names form an array", publisher));
}

std::optional<double> SitesReader::distance(std::string_view property, dom::element value, std::string_view unit)
{
    double number = 0;
    if (value.is_number() && value.get(number) == simdjson::SUCCESS && number >= 0)
        return number;
    problem(Errc::bad_value, fmt::format("{}: must be a number of {}, not negative", property, unit));
    return std::nullopt;
}

std::string SitesReader::text(std::string_view property, dom::element value)
{
    std::string_view content;
    if (value.get(content) != simdjson::SUCCESS) {
        problem(Errc::bad_value, fmt::format("{}: must be a string", property));
        return {};
    }
    bool const has_control =
        std::any_of(content.begin(), content.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (has_control || content.size() > text_limit_bytes) {
        problem(Errc::bad_value,
                fmt::format("{}: must be at most {} bytes without line ends or control characters", property, text_limit_bytes));
        return {};
    }
    return std::string{content};
}

void SitesReader::claim(Claims& claims, std::string_view what, std::string key)
{
    auto const [held, is_new] = claims.try_emplace(std::move(key), place_);
    if (!is_new)
        problem(Errc::duplicate_id, fmt::format("{}: \"{}\" is taken by {}", what, held->first, held->second));
}

}  // namespace

std::expected<std::vector<Site>, std::vector<Failure>> parse_sites(std::span<SiteFile const> files)
{
    SitesReader reader;
    for (auto const& file : files)
        reader.read(file);
    return std::move(reader).result();
}

std::expected<std::vector<Site>, std::vector<Failure>> load_sites(std::span<std::filesystem::path const> files)
{
    SitesReader reader;
    for (auto const& file : files) {
        if (auto text = read_file(file, file_limit_bytes))
            reader.read({file.string(), std::move(*text)});
        else
            reader.fail_file(std::move(text.error()));
    }
    return std::move(reader).result();
}

}  // namespace yihong
