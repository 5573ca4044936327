#include "yihong/config/config.hpp"

#include "yihong/base/text.hpp"

#include "channels.hpp"
#include "identifier.hpp"
#include "read_file.hpp"
#include "table_reader.hpp"
#include "values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

namespace yihong {
namespace {

constexpr std::size_t file_limit_bytes = 1024 * 1024;
constexpr std::array reserved_collections{"water-sections", "air-stations", "outfalls", "alerts"};

template <typename T>
std::optional<T> number_from(std::string_view text)
{
    T value{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool is_address(std::string const& text, int family)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

/// An address or a network, `10.0.0.0/8`.
bool is_network(std::string_view text)
{
    auto const slash = text.find('/');
    std::string const address{text.substr(0, slash)};
    int const bits = is_address(address, AF_INET) ? 32 : is_address(address, AF_INET6) ? 128 : -1;
    if (slash == std::string_view::npos)
        return bits > 0;
    auto const prefix = number_from<int>(text.substr(slash + 1));
    return prefix && *prefix >= 0 && *prefix <= bits;
}

/// `https://water.example.cn/yihong`
bool is_web_address(std::string_view text)
{
    auto const scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
    return scheme != 0 && text.size() > scheme && text[scheme] != '/' && text.find_first_of("?#@ \t\r\n") == std::string_view::npos;
}

bool is_origin(std::string_view text)
{
    if (text == "*")
        return true;
    auto const scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
    return scheme != 0 && text.size() > scheme && text.find_first_of("/?#@ \t\r\n", scheme) == std::string_view::npos;
}

constexpr std::array log_levels{
    std::pair{std::string_view{"debug"}, log::Level::debug}, std::pair{std::string_view{"info"}, log::Level::info},
    std::pair{std::string_view{"warning"}, log::Level::warning}, std::pair{std::string_view{"error"}, log::Level::error}};
constexpr std::array layer_roles{
    std::pair{std::string_view{"boundary"}, LayerRole::boundary}, std::pair{std::string_view{"river"}, LayerRole::river},
    std::pair{std::string_view{"lake"}, LayerRole::lake},         std::pair{std::string_view{"zone"}, LayerRole::zone},
    std::pair{std::string_view{"raster"}, LayerRole::raster},     std::pair{std::string_view{"other"}, LayerRole::other}};
constexpr std::array datums{std::pair{std::string_view{"wgs84"}, false}, std::pair{std::string_view{"gcj02"}, true}};

constexpr std::array data_times{std::pair{std::string_view{"begin"}, false}, std::pair{std::string_view{"end"}, true}};
constexpr std::array hour_data_kinds{std::pair{std::string_view{"hour"}, IntervalKind::hour},
                                     std::pair{std::string_view{"4h"}, IntervalKind::four_hours}};

constexpr std::array editions{std::pair{std::string_view{"2005"}, "2005"}, std::pair{std::string_view{"2017"}, "2017"},
                              std::pair{std::string_view{"2025"}, "2025"}, std::pair{std::string_view{"surface-water"}, "surface-water"}};

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

void read_server(TableReader server, Config::Server& to)
{
    using std::chrono::milliseconds;
    using namespace std::chrono_literals;
    server.parsed("listen", to.listen, parse_endpoint);
    server.whole("threads", to.threads, 0, 256);
    server.whole<std::size_t>("target_limit_bytes", to.target_limit_bytes, 256, 64 * 1024);
    server.whole<std::size_t>("header_limit_bytes", to.header_limit_bytes, 1024, 256 * 1024);
    server.whole<std::size_t>("header_count_limit", to.header_count_limit, 10, 1000);
    server.whole<std::size_t>("connection_limit", to.connection_limit, 1, 1'000'000);
    server.whole<std::size_t>("connections_per_peer_limit", to.connections_per_peer_limit, 1, 1'000'000);
    server.parsed("header_deadline", to.header_deadline, duration_between<milliseconds>(100ms, 10min));
    server.parsed("idle_deadline", to.idle_deadline, duration_between<milliseconds>(100ms, 24h));
    server.whole<std::size_t>("body_min_bytes_per_second", to.body_min_bytes_per_second, 0, 1'000'000'000);
    server.parsed("write_deadline", to.write_deadline, duration_between<milliseconds>(100ms, 1h));
    server.parsed("shutdown_deadline", to.shutdown_deadline, duration_between<milliseconds>(0ms, 1h));
    server.texts("trusted_proxies", to.trusted_proxies);
    for (auto const& proxy : to.trusted_proxies) {
        if (!is_network(proxy))
            server.problem("trusted_proxies", Errc::bad_value,
                           fmt::format("\"{}\" is neither an address nor a network (10.0.0.0/8)", proxy));
    }
    server.flag("public_reads", to.public_reads);
    server.parsed("access_key_parameter", to.access_key_parameter, identifier_from);
    server.texts("cors_origins", to.cors_origins);
    for (auto const& origin : to.cors_origins) {
        if (!is_origin(origin))
            server.problem("cors_origins", Errc::bad_value,
                           fmt::format("\"{}\" is neither * nor an origin (https://map.example.cn)", origin));
    }
    server.whole<std::size_t>("response_cache_mb", to.response_cache_mb, 0, 1024 * 1024);
    server.finish();
    if (to.threads == 0)
        to.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void read_gateway(TableReader gateway, Config::Gateway& to)
{
    using std::chrono::milliseconds;
    using namespace std::chrono_literals;
    gateway.parsed("listen", to.listen, parse_endpoint);
    gateway.whole("threads", to.threads, 1, 64);
    gateway.whole<std::size_t>("segment_limit_bytes", to.segment_limit_bytes, 1024, 9999);     // the length in a frame has four digits
    gateway.whole<std::size_t>("connection_limit", to.connection_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("connections_per_source_limit", to.connections_per_source_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("frames_per_second_limit", to.frames_per_second_limit, 1, 1'000'000);
    gateway.whole<std::size_t>("bytes_per_second_limit", to.bytes_per_second_limit, 16 * 1024, 1'000'000'000);     // more than a frame
    gateway.whole("refusals_limit", to.refusals_limit, 1, 1000);
    gateway.parsed("first_frame_deadline", to.first_frame_deadline, duration_between<milliseconds>(100ms, 24h));
    gateway.parsed("idle_deadline", to.idle_deadline, duration_between<milliseconds>(100ms, 7 * 24h));
    gateway.parsed("segment_deadline", to.segment_deadline, duration_between<milliseconds>(100ms, 1h));
    gateway.parsed("split_deadline", to.split_deadline, duration_between<milliseconds>(100ms, 1h));
    gateway.whole("key_days", to.key_days, 0, 365);
    gateway.whole("refill_days", to.refill_days, 0, 31);
    gateway.parsed("refill_interval", to.refill_interval, duration_between<milliseconds>(100ms, 24h));
    gateway.finish();
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
    return to;
}

bool is_printable(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Result<std::string> mn_from(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !is_printable(text) || text.find_first_of(" ;,=&#") != std::string_view::npos)
        return fail(Errc::bad_value, "must be 1 to 64 printable ASCII characters without blanks and ; , = & #");
    return std::string{text};
}

/// A frame's fields lose the blanks at their ends. The message does not repeat the secret; neither does that of the key.
Result<std::string> password_from(std::string_view text)
{
    if (text.empty() || text.size() > 64 || !is_printable(text) || text.find_first_of(";,&") != std::string_view::npos ||
        trimmed(text) != text)
        return fail(Errc::bad_value, "must be 1 to 64 printable ASCII characters without ; , & and blanks at its ends");
    return std::string{text};
}

Result<std::string> sm4_key_from(std::string_view text)
{
    bool const is_hex = text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (!is_hex && (text.size() != 16 || !is_printable(text)))
        return fail(Errc::bad_value, "must be 16 characters or 32 hexadecimal digits");
    return std::string{text};
}

Result<std::chrono::minutes> minute_interval_from(std::string_view text)
{
    auto const value = duration_between<std::chrono::minutes>(std::chrono::minutes{1}, std::chrono::minutes{60})(text);
    return value ? value : fail(value.error().code, value.error().detail + "; it is whole minutes, 1m to 60m");
}

bool is_system_type(std::string_view text) noexcept
{
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return text.size() == 2 && std::ranges::all_of(text, fits);
}

void read_system_types(TableReader& device, std::vector<std::string>& to)
{
    constexpr std::string_view key = "st";
    auto const add = [&](toml::node const& node) {
        auto const* value = node.as_string();
        if (value == nullptr || !is_system_type(value->get()))
            device.at(node, Errc::bad_value,
                      fmt::format("{}: holds system types of two digits or letters, such as \"21\"", device.path_of(key)));
        else
            to.push_back(value->get());
    };
    auto const* node = device.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr)
        return add(*node);
    for (auto const& element : *array)
        add(element);
}

void read_units(TableReader& device, std::vector<std::pair<std::string, std::string>>& to)
{
    constexpr std::string_view key = "units";
    auto const* node = device.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr) {
        device.problem(key, Errc::bad_value, fmt::format("must be a table, not {}", type_in_words(*node)));
        return;
    }
    for (auto const& [name, unit] : *table) {
        auto const* value = unit.as_string();
        if (value == nullptr || value->get().empty() || has_control_characters(value->get()))
            device.at(unit, Errc::bad_value, fmt::format("{}.{}: must be a unit, such as \"mg/L\"", device.path_of(key), name.str()));
        else
            to.emplace_back(name.str(), value->get());
    }
}

/// An array of intervals, each once. \param names the permitted ones, for messages
void read_intervals(TableReader& reader, std::string_view key, std::string_view names, bool with_samples, std::vector<IntervalKind>& to)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr || array->empty()) {
        reader.problem(key, Errc::bad_value, fmt::format("must be an array of intervals ({}), at least one", names));
        return;
    }
    to.clear();
    for (auto const& element : *array) {
        auto const kind = parse_interval_kind(element.value_or(std::string_view{}));
        if (!kind || (*kind == IntervalKind::sample && !with_samples))
            reader.at(element, Errc::bad_value, fmt::format("{}: holds intervals: {}", reader.path_of(key), names));
        else if (std::ranges::find(to, *kind) != to.end())
            reader.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", reader.path_of(key), to_text(*kind)));
        else
            to.push_back(*kind);
    }
}

Device read_device(TableReader& device)
{
    Device to;
    device.require("mn");
    device.parsed("mn", to.mn, mn_from);
    device.require("site");
    device.parsed("site", to.site, identifier_from);
    device.require("password");
    device.parsed("password", to.password, password_from);
    read_system_types(device, to.system_types);
    device.texts("networks", to.networks);
    for (auto const& network : to.networks) {
        if (!is_network(network))
            device.problem("networks", Errc::bad_value, fmt::format("\"{}\" is neither an address nor a network (10.0.0.0/8)", network));
    }
    device.parsed("crc", to.crc, parse_crc_form);
    read_units(device, to.units);
    device.parsed("data_time", to.time_is_end, one_of(data_times));
    device.parsed("hour_data", to.hour_data, one_of(hour_data_kinds));
    device.parsed("minute_interval", to.minute_interval, minute_interval_from);
    device.parsed("missing_flag", to.missing_flag, Flag::parse);
    read_intervals(device, "judged", "realtime, minute, hour, 4h, day, sample", true, to.judged);
    device.parsed("sm4_key", to.sm4_key, sm4_key_from);
    device.flag("refill", to.refill);
    device.flag("encrypted_only", to.encrypted_only);
    if (to.encrypted_only && !device.has("sm4_key"))
        device.problem("encrypted_only", Errc::missing_field, "needs sm4_key, without which nothing can be read");
    return to;
}

void read_devices(TableReader& root, Config& config)
{
    std::set<std::string> mns;
    root.tables("devices", [&](TableReader& reader) {
        auto device = read_device(reader);
        if (!device.mn.empty() && !mns.insert(device.mn).second)
            reader.problem("mn", Errc::duplicate_id, fmt::format("\"{}\" is the MN of another device too", device.mn));
        config.devices.push_back(std::move(device));
    });
}

/// `10.9.8.7:9212`, `[fd00::1]:9212`, `hj212.province.example:9212`
Result<std::pair<std::string, std::uint16_t>> receiver_from(std::string_view text)
{
    auto const colon = text.rfind(':');
    auto const port = colon == std::string_view::npos ? std::nullopt : number_from<std::uint16_t>(text.substr(colon + 1));
    std::string host{text.substr(0, colon)};
    bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    auto const fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    };
    bool const is_name =
        !host.empty() && host.size() <= 253 && host.front() != '-' && host.front() != '.' && std::ranges::all_of(host, fits);
    if (!port || *port == 0 || (bracketed ? !is_address(host, AF_INET6) : !is_name))
        return fail(Errc::bad_value, fmt::format("\"{}\" is not an address or a name with a port, such as 10.9.8.7:9212", text));
    return std::pair{std::move(host), *port};
}

/// An empty array is refused: it would read as no site, and no key means all.
void read_site_ids(TableReader& forward, std::vector<std::string>& to)
{
    constexpr std::string_view key = "sites";
    auto const* node = forward.take(key);
    if (node == nullptr)
        return;
    auto const* array = node->as_array();
    if (array == nullptr || array->empty()) {
        forward.problem(key, Errc::bad_value, "must be an array of site ids, at least one; without the key all sites are meant");
        return;
    }
    for (auto const& element : *array) {
        auto const id = identifier_from(element.value_or(std::string_view{}));
        if (!id)
            forward.at(element, Errc::bad_value, fmt::format("{}: holds site ids: {}", forward.path_of(key), id.error().detail));
        else if (std::ranges::find(to, *id) != to.end())
            forward.at(element, Errc::duplicate_id, fmt::format("{}: \"{}\" stands here twice", forward.path_of(key), *id));
        else
            to.push_back(*id);
    }
}

void read_mns(TableReader& forward, std::vector<std::pair<std::string, std::string>>& to)
{
    constexpr std::string_view key = "mn";
    auto const* node = forward.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr) {
        forward.problem(key, Errc::bad_value, fmt::format("must be a table, not {}", type_in_words(*node)));
        return;
    }
    for (auto const& [site, mn] : *table) {
        auto const* value = mn.as_string();
        if (auto const checked = mn_from(value == nullptr ? std::string_view{} : std::string_view{value->get()}))
            to.emplace_back(site.str(), *checked);
        else
            forward.at(mn, checked.error().code, fmt::format("{}.{}: {}", forward.path_of(key), site.str(), checked.error().detail));
    }
}

Forward read_forward(TableReader& forward)
{
    using namespace std::chrono_literals;
    Forward to;
    forward.require("id");
    forward.parsed("id", to.id, identifier_from);
    forward.require("address");
    std::pair<std::string, std::uint16_t> receiver;
    forward.parsed("address", receiver, receiver_from);
    std::tie(to.host, to.port) = std::move(receiver);
    forward.require("password");
    forward.parsed("password", to.password, password_from);
    read_site_ids(forward, to.sites);
    read_intervals(forward, "intervals", "realtime, minute, hour, 4h, day", false, to.intervals);
    forward.parsed("edition", to.edition, one_of(editions));
    forward.parsed("st", to.system_type, [](std::string_view text) -> Result<std::string> {
        return is_system_type(text) ? Result<std::string>{text}
                                    : fail(Errc::bad_value, "must be a system type of two digits or letters, such as \"21\"");
    });
    read_mns(forward, to.mns);
    forward.parsed("crc", to.crc, parse_crc_form);
    forward.parsed("sm4_key", to.sm4_key, sm4_key_from);
    forward.whole<std::size_t>("window", to.window, 1, 64);
    forward.parsed("answer_timeout", to.answer_timeout, duration_between<std::chrono::milliseconds>(100ms, 10min));
    return to;
}

void read_forwards(TableReader& root, Config& config)
{
    std::set<std::string> ids;
    root.tables("forward", [&](TableReader& reader) {
        auto forward = read_forward(reader);
        if (!forward.id.empty() && !ids.insert(forward.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another forward too", forward.id));
        config.forwards.push_back(std::move(forward));
    });
}

void read_layers(TableReader& root, Config& config, std::filesystem::path const& folder)
{
    std::set<std::string> ids;
    root.tables("layers", [&](TableReader& reader) {
        auto layer = read_layer(reader, folder);
        if (std::find(reserved_collections.begin(), reserved_collections.end(), layer.id) != reserved_collections.end())
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is a collection of the service itself", layer.id));
        else if (!layer.id.empty() && !ids.insert(layer.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another layer too", layer.id));
        config.layers.push_back(std::move(layer));
    });
}

void read_zones(TableReader& root, Config& config)
{
    std::set<std::string_view> rasters;
    for (auto const& layer : config.layers) {
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
        config.zones.push_back(std::move(zone));
    });
}

Config read_config(toml::table const& table, std::filesystem::path const& file, Problems& problems)
{
    auto const folder = std::filesystem::absolute(file).parent_path();
    Config config;
    config.store.path = (folder / "../data/yihong").lexically_normal();
    config.standards_directory = (folder / "standards").lexically_normal();

    TableReader root{table, {}, problems};
    read_server(root.table("server"), config.server);

    auto landing = root.table("landing");
    landing.text("title", config.landing.title);
    landing.text("description", config.landing.description);
    landing.text("attribution", config.landing.attribution);
    landing.text("contact_name", config.landing.contact_name);
    landing.text("contact_url", config.landing.contact_url);
    landing.text("contact_email", config.landing.contact_email);
    landing.finish();

    auto store = root.table("store");
    store.parsed("path", config.store.path, path_from(folder));
    store.whole<std::size_t>("cache_mb", config.store.cache_mb, 1, 1024 * 1024);
    store.whole<std::size_t>("frames_max_mb", config.store.frames_max_mb, 64, 64 * 1024);
    store.parsed("frames_max_age", config.store.frames_max_age,
                 duration_between<std::chrono::hours>(std::chrono::hours{1}, std::chrono::days{3650}));
    store.finish();

    auto intake = root.table("intake");
    intake.parsed("future_tolerance", config.intake.future_tolerance,
                  duration_between<std::chrono::minutes>(std::chrono::minutes{0}, std::chrono::hours{24}));
    intake.whole<std::size_t>("body_limit_mb", config.intake.body_limit_mb, 1, 4096);
    intake.whole<std::size_t>("queue_records", config.intake.queue_records, 1000, 100'000'000);
    intake.finish();

    read_gateway(root.table("hj212"), config.gateway);
    read_devices(root, config);
    read_forwards(root, config);
    read_notify(root.table("notify"), config.notify);
    read_heartbeat(root.table("heartbeat"), config.heartbeat);
    config.channels = read_channels(root, config.notify, folder);

    auto standards = root.table("standards");
    standards.parsed("directory", config.standards_directory, path_from(folder));
    standards.finish();

    auto sites = root.table("sites");
    std::vector<std::string> files;
    sites.texts("files", files);
    for (auto const& name : files)
        config.site_files.push_back((folder / name).lexically_normal());
    sites.finish();

    read_layers(root, config, folder);
    read_zones(root, config);

    auto alerts = root.table("alerts");
    alerts.parsed("rules", config.alerts_file, path_from(folder));
    auto& public_url = config.notify.public_url;
    alerts.text("public_url", public_url);
    if (!public_url.empty() && !is_web_address(public_url))
        alerts.problem("public_url", Errc::bad_value, "must begin with http:// or https:// and a host, without blanks, ? and #");
    public_url.erase(public_url.find_last_not_of('/') + 1);
    alerts.finish();

    auto log = root.table("log");
    log.parsed("level", config.log_level, one_of(log_levels));
    log.finish();
    root.finish();
    return config;
}

}  // namespace

bool Endpoint::is_loopback() const noexcept { return address.starts_with("127.") || address == "::1"; }

Result<Endpoint> parse_endpoint(std::string_view text)
{
    auto const colon = text.rfind(':');
    auto const port = colon == std::string_view::npos ? std::nullopt : number_from<std::uint16_t>(text.substr(colon + 1));
    std::string address{text.substr(0, colon)};
    bool const bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed)
        address = address.substr(1, address.size() - 2);
    if (!port || !is_address(address, bracketed ? AF_INET6 : AF_INET))
        return fail(Errc::bad_value,
                    fmt::format("\"{}\" is not a numeric address with a port, such as 127.0.0.1:8080 or [::1]:8080", text));
    return Endpoint{std::move(address), *port};
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    auto const count = number_from<std::int64_t>(text.substr(0, digits));
    for (auto const& [unit, factor] : units) {
        if (count && *count <= 1'000'000'000 && text.substr(digits) == unit)
            return std::chrono::milliseconds{*count * factor};
    }
    return fail(Errc::bad_value, fmt::format("\"{}\" is not a number with a unit (ms, s, m, h, d), such as 10s", text));
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

std::expected<Config, std::vector<Failure>> parse_config(std::string_view text, std::filesystem::path const& file)
{
    return read_toml(text, file, [&](toml::table const& table, Problems& problems) { return read_config(table, file, problems); });
}

std::expected<Config, std::vector<Failure>> load_config(std::filesystem::path const& file)
{
    auto const text = read_file(file, file_limit_bytes);
    if (!text)
        return std::unexpected{std::vector{text.error()}};
    return parse_config(*text, file);
}

}  // namespace yihong
