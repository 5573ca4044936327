#include "options.hpp"

#include "console.hpp"
#include "landing.hpp"
#include "presentation.hpp"

#include "yihong/base/log.hpp"
#include "yihong/config/site_filter.hpp"
#include "yihong/crs/transformers.hpp"
#include "yihong/edr/routes.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace yihong {
namespace {

/// Handshakes of TLS that one thread has on their way: a tenth of the connections, whose files they take beside.
std::size_t handshakes_of(std::size_t connections, int threads)
{
    return std::max<std::size_t>(16, connections / 10 / static_cast<std::size_t>(std::max(threads, 1)));
}

}  // namespace

std::optional<Endpoint> open_endpoint(Config const& config)
{
    if (!config.server.listen.is_loopback())
        return config.server.listen;
    return config.tls.listen && !config.tls.listen->is_loopback() ? config.tls.listen : std::nullopt;
}

void keep_files_for_the_store(Config& config)
{
    // of the store, of layers, of replies, connections of our own; and the raw frames, all of whose files stay open, each of some 2 MB
    std::size_t const usual_reserve = 1024 + config.store.frames_max_mb / 2;
    constexpr std::size_t least = 4;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    auto const files = static_cast<std::size_t>(limit.rlim_cur);
    std::size_t const each = config.tls.listen || config.tls.hj212 ? 3 : 1;    // an encrypted connection has a pair of sockets besides
    auto const left = (files - std::min(usual_reserve, files / 2)) / each;
    auto& http = config.server.connection_limit;
    auto& stations = config.gateway.connection_limit;
    auto const wanted = http + (config.gateway.listen ? stations : 0);
    if (wanted <= left)
        return;
    auto const share = [&](std::size_t of) {
        return std::max(least, static_cast<std::size_t>(static_cast<double>(of) * static_cast<double>(left) / static_cast<double>(wanted)));
    };
    http = share(http);
    if (config.gateway.listen)
        stations = share(stations);
    log::warning("connection_limits_lowered", {{"open_files", files},
                                               {"server.connection_limit", http},
                                               {"hj212.connection_limit", stations},
                                               {"detail", "raise LimitNOFILE (ulimit -n) for more connections"}});
}

std::filesystem::path store_folder(Config const& config) { return config.store.path / "store"; }

LocalStoreOptions store_options(Config const& config)
{
    LocalStoreOptions options;
    options.block_cache_bytes = config.store.cache_mb << 20U;
    options.frames_max_bytes = std::uint64_t{config.store.frames_max_mb} << 20U;
    options.frames_max_age = config.store.frames_max_age;
    options.quarantine_max_bytes = std::uint64_t{config.store.quarantine_max_mb} << 20U;
    options.quarantine_max_age = config.store.quarantine_max_age;
    return options;
}

ReplyCaches reply_caches(Config const& config)
{
    std::size_t const eighth = (config.server.response_cache_mb << 20U) / 8;
    return {.features = 3 * eighth, .series = 3 * eighth, .classes = eighth, .tiles = eighth};
}

http::Frame page_frame(Config const& config)
{
    return {.title = config.landing.title,
            .entries = {{"/collections/water-sections/items?f=html", "断面", "Sections"},
                        {"/collections/air-stations/items?f=html", "空气站", "Air"},
                        {"/collections/alerts/items?f=html", "预警", "Alerts"},
                        {"/collections?f=html", "数据", "Data"},
                        {"/api.html", "接口", "API"},
                        {"/login", "登录", "Sign in"}}};
}

http::ServerOptions server_options(Config const& config, Certificates const& certificates)
{
    auto const& from = config.server;
    http::ServerOptions options;
    options.frame = page_frame(config);
    options.address = from.listen.address;
    options.port = from.listen.port;
    if (config.tls.listen)
        options.encrypted = {config.tls.listen->address, config.tls.listen->port, certificates.https(),
                             handshakes_of(from.connection_limit, from.threads)};
    options.threads = from.threads;
    options.target_limit = from.target_limit_bytes;
    options.header_limit = from.header_limit_bytes;
    options.header_count_limit = from.header_count_limit;
    options.connection_limit = from.connection_limit;
    options.connections_per_peer_limit = from.connections_per_peer_limit;
    options.header_deadline = from.header_deadline;
    options.idle_deadline = from.idle_deadline;
    options.body_min_bytes_per_second = from.body_min_bytes_per_second;
    options.write_deadline = from.write_deadline;
    options.shutdown_deadline = from.shutdown_deadline;
    options.trusted_proxies = from.trusted_proxies;
    options.bodies_bytes = std::max(config.intake.bodies_mb, 2 * config.intake.body_limit_mb) << 20U;      // one body always fits
    options.public_reads = from.public_reads;
    options.access_key_parameter = from.access_key_parameter;
    options.cors_origins = from.cors_origins;
    options.user_header = from.sign_on.header;
    options.user = [sign_on = from.sign_on](std::string_view user) {
        auto const is_in = [&](std::vector<std::string> const& names) { return std::ranges::find(names, user) != names.end(); };
        auto const scope = is_in(sign_on.administrators) ? http::Scope::admin
                           : is_in(sign_on.operators)    ? http::Scope::operate
                                                         : http::Scope::read;
        return http::Principal{std::string{user}, {scope}, true};
    };
    return options;
}

AlertingOptions alerting_options(Config const& config, Purpose purpose, DeliveryWatch const& deliveries)
{
    AlertingOptions options;
    options.clocks = purpose == Purpose::serve;       // a command neither reminds nor finds a station silent
    options.tells_news = true;
    options.public_url = config.notify.public_url;
    options.make_filter = make_site_filter;
    options.keep_closed = config.keep_closed_alerts;
    for (auto const& channel : config.channels)
        options.channels.push_back(channel.id);
    options.status = [&deliveries, folder = config.store.path] {
        ServiceStatus status;
        status.stalled_since = deliveries.stalled_since();
        std::error_code ec;
        auto const space = std::filesystem::space(folder, ec);
        if (!ec && space.capacity > 0)
            status.disk_used_percent = static_cast<int>(100 - space.available * 100 / space.capacity);
        return status;
    };
    return options;
}

gateway::GatewayOptions gateway_options(Config const& config, Certificates const& certificates)
{
    auto const& from = config.gateway;
    gateway::GatewayOptions options;
    if (from.listen) {
        options.address = from.listen->address;
        options.port = from.listen->port;
    }
    if (config.tls.hj212)
        options.encrypted = {config.tls.hj212->address, config.tls.hj212->port, certificates.hj212(),
                             handshakes_of(from.connection_limit, from.threads)};
    options.threads = from.threads;
    options.segment_limit = from.segment_limit_bytes;
    options.connection_limit = from.connection_limit;
    options.connections_per_source_limit = from.connections_per_source_limit;
    options.frames_per_second_limit = from.frames_per_second_limit;
    options.bytes_per_second_limit = from.bytes_per_second_limit;
    options.data_age_limit = from.data_age_limit;
    options.frame_bytes_a_day = from.frames_kept_mb_a_day << 20U;
    options.refusals_limit = from.refusals_limit;
    options.first_frame_deadline = from.first_frame_deadline;
    options.idle_deadline = from.idle_deadline;
    options.segment_deadline = from.segment_deadline;
    options.split_deadline = from.split_deadline;
    options.key_days = from.key_days;
    options.refill_days = from.refill_days;
    options.refill_interval = from.refill_interval;
    options.key_file = config.store.path / "device_keys.json";
    options.secret_file = config.store.path / "tried_passwords.secret";
    return options;
}

ogcapi::OgcApiOptions ogc_options(Config const& config, CurrentState const& state)
{
    ogcapi::OgcApiOptions options;
    options.title = config.landing.title;
    options.frame = page_frame(config);
    options.description = config.landing.description;
    options.attribution = config.landing.attribution;
    options.contact_name = config.landing.contact_name;
    options.contact_url = config.landing.contact_url;
    options.contact_email = config.landing.contact_email;
    options.version = YIHONG_VERSION;
    options.transformers = std::make_shared<crs::Transformers const>(crs::Systems::make(config.ogc.epsg).value());
    options.hide_empty = config.ogc.hide_empty;
    options.public_reads = config.server.public_reads;
    options.access_key_parameter = config.server.access_key_parameter;
    options.cache_bytes = reply_caches(config).features;
    options.work_folder = config.store.path / "exports";
    options.landing_html = landing_html;
    if (has_console(config))
        options.home = "/console/";
    options.presentation = make_presentation();
    std::string const relations = "http://www.opengis.net/def/rel/ogc/1.0/";
    ogcapi::LandingLink const tile_sets{"/tiles", relations + "tilesets-vector", "application/json", "矢量瓦片 Vector tiles"};
    options.landing_links = {{"/api/v1/alerts", "related", "application/json", "预警 Alerts"},
                             {"/api/v1/parameters", "related", "application/json", "监测因子 Parameters"},
                             tile_sets,
                             {"/tileMatrixSets", relations + "tiling-schemes", "application/json", "瓦片矩阵集 Tile matrix sets"}};
    options.collection_links = [tile_sets](FeatureSource const& collection) {
        return tiles_http::has_tiles(collection) ? std::vector{tile_sets} : std::vector<ogcapi::LandingLink>{};
    };
    for (auto const uri : tiles_http::conformance_classes())
        options.conformance.emplace_back(uri);
    options.other_collections = [&state](std::string_view root) {
        std::vector<ogcapi::OtherCollection> all;
        for (auto& page : edr::collection_pages(state, root))
            all.push_back({std::move(page.id), std::move(page.title), std::move(page.description), std::move(page.json)});
        return all;
    };
    options.other_version = [&state] { return state.series.of_all(); };
    for (auto const uri : edr::conformance_classes())
        options.conformance.emplace_back(uri);
    return options;
}

tiles_http::TilesOptions tiles_options(Config const& config)
{
    return {.title = config.landing.title,
            .attribution = config.landing.attribution,
            .hide_empty = config.ogc.hide_empty,
            .cache_bytes = reply_caches(config).tiles};
}

}  // namespace yihong
