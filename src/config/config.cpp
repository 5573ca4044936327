#include "yihong/config/config.hpp"

#include "yihong/base/file.hpp"

#include "yihong/crs/systems.hpp"
#include "yihong/model/site.hpp"

#include "addresses.hpp"
#include "channels.hpp"
#include "layers.hpp"
#include "reports.hpp"
#include "stations.hpp"
#include "table_reader.hpp"
#include "values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <thread>
#include <utility>

namespace yihong {
namespace {

constexpr std::size_t file_limit_bytes = 1024 * 1024;

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
void read_sign_on(TableReader table, Config::Server& to)
{
    table.parsed("header", to.sign_on.header, identifier_from);
    table.texts("operators", to.sign_on.operators);
    table.texts("administrators", to.sign_on.administrators);
    if (!to.sign_on.header.empty() && to.trusted_proxies.empty())
        table.problem("header", Errc::bad_value, "nobody can set it: server.trusted_proxies names no proxy");
    table.finish();
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
    read_sign_on(server.table("sign_on"), to);
    server.finish();
    if (to.threads == 0)
        to.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

/// Tiles by address: `https://host/…{z}…{x}…{y}…`.
Result<std::string> tiles_from(std::string_view text)
{
    auto const scheme_end = text.find("://");
    auto const host_end = scheme_end == std::string_view::npos ? scheme_end : text.find('/', scheme_end + 3);
    if (host_end == std::string_view::npos || !is_origin(text.substr(0, host_end)))
        return fail(Errc::bad_value, fmt::format("\"{}\" does not begin with an origin such as https://tiles.example.cn/", text));
    for (auto const* place : {"{z}", "{x}", "{y}"})
        if (!text.contains(place))
            return fail(Errc::bad_value, fmt::format("\"{}\" lacks {}: tiles are asked for by zoom, column and row", text, place));
    return std::string{text};
}

/// 天地图 of a key of one's own: vector map and its names.
std::string tianditu(std::string_view layer, std::string_view key)
{
    return fmt::format(
        "https://t0.tianditu.gov.cn/{0}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={0}&STYLE=default&TILEMATRIXSET=w"
        "&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={1}",
        layer, key);
}

void read_basemap(TableReader table, Config::Console::Basemap& to)
{
    std::string key;
    table.parsed("tianditu_key", key, identifier_from);
    if (!key.empty()) {
        to = {.url = tianditu("vec", key), .labels_url = tianditu("cva", key), .attribution = "天地图"};
        if (table.has("url"))
            table.problem("tianditu_key", Errc::bad_value, "stands beside url: one of them says where the tiles are");
    }
    table.parsed("url", to.url, tiles_from);
    table.parsed("labels_url", to.labels_url, tiles_from);
    table.text("attribution", to.attribution);
    table.whole("max_zoom", to.max_zoom, 1, 24);
    table.flag("colours", to.colours);
    table.finish();
}

Result<void> known_to_proj(int code)
{
    auto const systems = crs::Systems::make(std::span{&code, 1});
    if (!systems)
        return std::unexpected{systems.error()};
    return {};
}

void read_ogc(TableReader ogc, Config::Ogc& to)
{
    ogc.flag("hide_empty", to.hide_empty);
    ogc.wholes("epsg", to.epsg, known_to_proj);
    ogc.finish();
}

void read_tls(TableReader tls, std::filesystem::path const& folder, Config& config)
{
    auto& to = config.tls;
    tls.parsed("listen", to.listen, parse_endpoint);
    tls.parsed("hj212", to.hj212, parse_endpoint);
    tls.parsed("certificate", to.certificate, path_from(folder));
    tls.parsed("key", to.key, path_from(folder));
    tls.parsed("station_authorities", to.station_authorities, path_from(folder));
    if ((to.listen || to.hj212) && (to.certificate.empty() || to.key.empty()))
        tls.problem("certificate", Errc::missing_field, "certificate and key name PEM files: TLS needs both");
    if (to.hj212 && !config.gateway.listen)
        tls.problem("hj212", Errc::missing_field, "hj212 needs [hj212] listen; where only TLS is wanted let that be 127.0.0.1:9212");
    tls.finish();
}

Config read_config(toml::table const& table, std::filesystem::path const& file, Problems& problems)
{
    auto const folder = std::filesystem::absolute(file).parent_path();
    Config config;
    config.file = file;
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

    read_ogc(root.table("ogc"), config.ogc);

    config.console.folder = (folder / "../console/dist").lexically_normal();
    auto console = root.table("console");
    console.parsed("folder", config.console.folder, path_from(folder));
    read_basemap(console.table("basemap"), config.console.basemap);
    console.finish();

    auto store = root.table("store");
    store.parsed("path", config.store.path, path_from(folder));
    store.whole<std::size_t>("cache_mb", config.store.cache_mb, 1, 1024 * 1024);
    store.whole<std::size_t>("frames_max_mb", config.store.frames_max_mb, 64, 64 * 1024);
    store.parsed("frames_max_age", config.store.frames_max_age,
                 duration_between<std::chrono::hours>(std::chrono::hours{1}, std::chrono::days{3650}));
    store.whole<std::size_t>("quarantine_max_mb", config.store.quarantine_max_mb, 16, 64 * 1024);
    store.parsed("quarantine_max_age", config.store.quarantine_max_age,
                 duration_between<std::chrono::hours>(std::chrono::hours{1}, std::chrono::days{3650}));
    store.parsed("give_up_after", config.store.give_up_after,
                 duration_between<std::chrono::milliseconds>(std::chrono::seconds{1}, std::chrono::hours{24}));
    store.finish();

    auto intake = root.table("intake");
    intake.parsed("future_tolerance", config.intake.future_tolerance,
                  duration_between<std::chrono::minutes>(std::chrono::minutes{0}, std::chrono::hours{24}));
    intake.whole("earliest_year", config.intake.earliest_year, 1900, 2100);
    intake.whole<std::size_t>("body_limit_mb", config.intake.body_limit_mb, 1, 4096);
    intake.whole<std::size_t>("bodies_mb", config.intake.bodies_mb, 16, 1024 * 1024);
    intake.whole<std::size_t>("queue_records", config.intake.queue_records, 1000, 100'000'000);
    intake.finish();

    read_gateway(root.table("hj212"), config.gateway);
    read_tls(root.table("tls"), folder, config);
    config.devices = read_devices(root);
    config.forwards = read_forwards(root);
    read_notify(root.table("notify"), config.notify);
    read_heartbeat(root.table("heartbeat"), config.heartbeat);
    config.channels = read_channels(root, config.notify, folder);
    read_reports(root.table("reports"), folder, config.reports, config.channels, config.report_schedules);

    auto standards = root.table("standards");
    standards.parsed("directory", config.standards_directory, path_from(folder));
    standards.finish();

    auto sites = root.table("sites");
    std::vector<std::string> files;
    sites.texts("files", files);
    for (auto const& name : files)
        config.site_files.push_back((folder / name).lexically_normal());
    auto targets = sites.table("default_target_class");
    for (auto const level : site_levels)
        if (targets.has(level))
            targets.whole(level, config.default_target_class[std::string{level}], 1, 5);
        else
            (void)targets.take(level);
    targets.finish();
    sites.finish();

    config.layers = read_layers(root, folder);
    config.zones = read_zones(root, config.layers);

    auto alerts = root.table("alerts");
    alerts.parsed("rules", config.alerts_file, path_from(folder));
    auto& public_url = config.notify.public_url;
    alerts.text("public_url", public_url);
    if (!public_url.empty() && !is_web_address(public_url))
        alerts.problem("public_url", Errc::bad_value, "must begin with http:// or https:// and a host, without blanks, ? and #");
    public_url.erase(public_url.find_last_not_of('/') + 1);
    config.reports.public_url = public_url;
    alerts.parsed("keep_closed", config.keep_closed_alerts,
                  duration_between<std::chrono::hours>(std::chrono::hours{1}, std::chrono::days{3650}));
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
