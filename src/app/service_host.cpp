#include "service_host.hpp"

#include "yihong/alerting/alert_keeper.hpp"
#include "yihong/alerts/routes.hpp"
#include "yihong/api/metrics.hpp"
#include "yihong/api/routes.hpp"
#include "yihong/base/log.hpp"
#include "yihong/config/tokens.hpp"
#include "yihong/forward/forwarder.hpp"
#include "yihong/forward/routes.hpp"
#include "yihong/forward/selection.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/routes.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/route_tables.hpp"
#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/notify/dispatcher.hpp"
#include "yihong/notify/heartbeat.hpp"
#include "yihong/notify/routes.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/state/delivery_watch.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/stream/streams.hpp"
#include "yihong/write/intake.hpp"

#include "control.hpp"
#include "landing.hpp"
#include "readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

namespace yihong {
namespace {

http::ServerOptions server_options(Config const& config)
{
    auto const& from = config.server;
    http::ServerOptions options;
    options.address = from.listen.address;
    options.port = from.listen.port;
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
    options.public_reads = from.public_reads;
    options.access_key_parameter = from.access_key_parameter;
    options.cors_origins = from.cors_origins;
    return options;
}

http::Scope scope_of(std::string_view name)
{
    return name == "read"      ? http::Scope::read
           : name == "ingest"  ? http::Scope::ingest
           : name == "operate" ? http::Scope::operate
                               : http::Scope::admin;
}

/// Who may do what: tokens of the token file, the local commands, and, while there is no token at all, everybody on this machine
/// short of administration.
/// \param open false: nothing without a token; so too where others can reach the service when its last token is revoked or expires
http::Authenticate make_authenticate(TokenFile& tokens, std::string control_secret, bool open)
{
    return [&tokens, control_secret = std::move(control_secret), open](std::string_view secret) -> std::optional<http::Principal> {
        auto const now = utc_now();
        if (secret.empty()) {
            if (!open || tokens.any_valid(now))
                return std::nullopt;
            return http::Principal{"", {http::Scope::operate}};
        }
        if (secret == control_secret)
            return http::Principal{"local-command", {http::Scope::admin}};
        auto const token = tokens.lookup(secret, now);
        if (!token)
            return std::nullopt;
        http::Principal principal{token->name, {}};
        for (auto const& scope : token->scopes)
            principal.scopes.push_back(scope_of(scope));
        return principal;
    };
}

AlertingOptions alerting_options(Config const& config, ServiceHost::Purpose purpose, DeliveryWatch const& deliveries)
{
    AlertingOptions options;
    options.clocks = purpose == ServiceHost::Purpose::serve;       // a command neither reminds nor finds a station silent
    options.tells_news = true;
    options.public_url = config.notify.public_url;
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

gateway::GatewayOptions gateway_options(Config const& config)
{
    auto const& from = config.gateway;
    gateway::GatewayOptions options;
    if (from.listen) {
        options.address = from.listen->address;
        options.port = from.listen->port;
    }
    options.threads = from.threads;
    options.segment_limit = from.segment_limit_bytes;
    options.connection_limit = from.connection_limit;
    options.connections_per_source_limit = from.connections_per_source_limit;
    options.frames_per_second_limit = from.frames_per_second_limit;
    options.bytes_per_second_limit = from.bytes_per_second_limit;
    options.refusals_limit = from.refusals_limit;
    options.first_frame_deadline = from.first_frame_deadline;
    options.idle_deadline = from.idle_deadline;
    options.segment_deadline = from.segment_deadline;
    options.split_deadline = from.split_deadline;
    options.key_days = from.key_days;
    options.refill_days = from.refill_days;
    options.refill_interval = from.refill_interval;
    options.key_file = config.store.path / "device_keys.json";
    return options;
}

ogcapi::OgcApiOptions ogc_options(Config const& config)
{
    ogcapi::OgcApiOptions options;
    options.title = config.landing.title;
    options.description = config.landing.description;
    options.attribution = config.landing.attribution;
    options.contact_name = config.landing.contact_name;
    options.contact_url = config.landing.contact_url;
    options.contact_email = config.landing.contact_email;
    options.version = YIHONG_VERSION;
    options.public_reads = config.server.public_reads;
    options.access_key_parameter = config.server.access_key_parameter;
    options.cache_bytes = config.server.response_cache_mb << 20U;
    options.landing_html = landing_html;
    options.landing_links = {{"/api/v1/alerts", "related", "application/json", "预警 Alerts"},
                             {"/api/v1/parameters", "related", "application/json", "监测因子 Parameters"},
                             {"/metrics", "related", "text/plain", "运行指标 Metrics"}};
    return options;
}

}  // namespace

struct ServiceHost::State {
    Overrides overrides;
    Config config;
    TokenFile tokens;
    std::unique_ptr<LocalStore> store;
    CurrentState state;                            // what readers read
    DeliveryWatch deliveries;                      // which channels do not get through
    Writer writer;
    Intake intake;
    stream::Streams streams{state.feed, state.catalog};
    forward::Forwarder forwarder;                  // these two send what the writer puts into the outbox
    notify::Dispatcher dispatcher;
    notify::Heartbeat heartbeat;
    std::mutex reloading;                          // held by whoever replaces the world
    api::Metrics metrics;
    std::string secret = new_secret();
    // the pools end after the server: a request may be waiting for one
    net::Pool readers{2, 256};
    net::Pool heavy{1, 16};
    gateway::Gateway gateway;                      // its sessions need the intake, its routes the readers
    api::Services services;
    std::vector<http::Declaration> declarations;   // of all routes
    Snapshot<http::Router> router;
    http::Server server;
    std::optional<ControlFile> control;

    State(Overrides given, Config loaded, Materials materials, Purpose purpose)
        : overrides{std::move(given)}, config{std::move(loaded)}, tokens{config.store.path / "tokens.json"},
          store{LocalStore::open(store_folder(config), store_options(config))},
          state{assemble_world(std::move(materials), *store), store->last_commit().number, utc_now()},
          writer{{*store, *store, *store}, state, seats(purpose), {.queue_records = config.intake.queue_records}},
          intake{writer, state, config.intake.future_tolerance},
          forwarder{config.forwards, {.records = *store, .outbox = *store}, writer, state},
          dispatcher{config.channels, *store, *store, writer, deliveries, {.settings = config.notify}}, heartbeat{config.heartbeat, writer},
          gateway{gateway_options(config), intake, writer, *store, config.devices}, services{make_services()}, router{make_router()},
          server{server_options(config), router,
                 make_authenticate(tokens, secret, purpose == Purpose::serve && config.server.listen.is_loopback()),
                 [this](http::RequestSummary const& request) { metrics.observe(request); }}
    {
        server.start();
        state.feed.on_publish([this] { server.wake_streams(); });
        if (config.gateway.listen)
            gateway.start();
        control.emplace(config.store.path, Control{config.server.listen.address, server.port(), secret});
        if (purpose == Purpose::serve) {           // a command fills the queues; the service empties them
            forwarder.start();
            dispatcher.start();
            heartbeat.start();
        }
    }

    /// What takes part in every commit, in this order.
    std::vector<Seat> seats(Purpose purpose)
    {
        return {{"alerting", std::make_shared<AlertKeeper>(AlertKeeper::Store{*store, *store, *store}, state,
                                                           alerting_options(config, purpose, deliveries))},
                {"forwarding", std::make_shared<forward::Selection>(config.forwards, *store)}};
    }

    api::Services make_services()
    {
        return {
            .intake = intake,
            .writer = writer,
            .state = state,
            .records = *store,
            .evidence = *store,
            .admin = *store,
            .catalog = state.catalog,
            .readers = readers,
            .heavy = heavy,
            .read_body = read_posted,
            .read_quarantined =
                [this](QuarantineEntry const& entry, World const& world) {
                    return entry.format == gateway::frame_format ? gateway.read_again(entry, world) : read_quarantined(entry, world);
                },
            .module_metrics =
                [this] {
                    return gateway::metrics_text(gateway.figures()) + forward::metrics_text(forwarder.status()) +
                           alerts::metrics_text(*state.alerts.load()) + streams.metrics_text() + notify::metrics_text(dispatcher.status());
                },
            .import_slice =
                [this](api::ImportRequest const& request) {
                    std::lock_guard const lock{reloading};     // both replace the world; neither may undo the other
                    return import_slice(request, intake, writer, *store);
                },
            .reload = [this] { return reload(); },
            .open_connections = [this] { return server.open_connections(); },
            .body_limit = config.intake.body_limit_mb << 20U,
            .cache_bytes = config.server.response_cache_mb << 20U,     // beside that of the collections
        };
    }

    std::shared_ptr<http::Router const> make_router()
    {
        auto routes = api::make_routes(services, metrics);
        auto const add = [&](std::vector<http::Route> more) { std::ranges::move(more, std::back_inserter(routes)); };
        add(gateway::make_routes(
            {.gateway = gateway, .records = *store, .evidence = *store, .catalog = state.catalog, .readers = readers}));
        add(forward::make_routes({.forwarder = forwarder, .outbox = *store, .readers = readers}));
        add(alerts::make_routes(
            {.writer = writer, .state = state, .alerts = *store, .journal = *store, .catalog = state.catalog, .readers = readers}));
        add(streams.routes());
        add(notify::make_routes({.dispatcher = dispatcher,
                                 .writer = writer,
                                 .state = state,
                                 .outbox = *store,
                                 .alerts = *store,
                                 .journal = *store,
                                 .readers = readers,
                                 .settings = config.notify,
                                 .sender_name = config.landing.title}));
        auto options = ogc_options(config);
        options.declarations = http::declarations_of(routes);
        add(ogcapi::OgcApi{state.catalog, std::move(options)}.routes());
        declarations = http::declarations_of(routes);
        return std::make_shared<http::Router const>(std::move(routes));
    }

    Result<std::string> reload()
    {
        std::lock_guard const lock{reloading};
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
        auto world = assemble_world(std::move(*loaded), *store);
        auto const sites = world->sites->all().size();
        auto const layers = world->layers->layers().size();
        auto const rules = world->alerts->rules.size();
        replace_world(writer, std::move(world));
        gateway.replace_devices(fresh->devices);
        auto const devices = fresh->devices.size();
        log::info("reloaded", {{"sites", sites}, {"layers", layers}, {"devices", devices}, {"rules", rules}});
        return fmt::format(R"({{"sites":{},"layers":{},"devices":{},"rules":{}}})", sites, layers, devices, rules);
    }
};

ServiceHost::ServiceHost(std::unique_ptr<State> state) : state_{std::move(state)} {}

ServiceHost::~ServiceHost()
{
    state_->gateway.stop();
    state_->state.feed.on_publish({});                   // the writer outlives the server
    state_->server.stop();
    state_->forwarder.stop();
    state_->dispatcher.stop();
    state_->heartbeat.stop();
}

std::expected<std::unique_ptr<ServiceHost>, Problems> ServiceHost::start(Overrides const& overrides, Purpose purpose)
{
    auto config = load_config_with(overrides);
    if (!config)
        return std::unexpected{std::move(config.error())};
    log::set_level(config->log_level);
    std::filesystem::create_directories(config->store.path);
    if (purpose == Purpose::command) {
        config->server.listen = {"127.0.0.1", 0};
        config->gateway.listen.reset();            // stations wait for the service itself
        config->server.threads = 1;
        log::set_level(std::max(config->log_level, log::Level::warning));
    } else if (!config->server.listen.is_loopback() && !TokenFile{config->store.path / "tokens.json"}.any_valid(utc_now())) {
        return std::unexpected{
            Problems{{Errc::forbidden,
                      fmt::format("没有访问令牌时服务只在本机监听，不能监听 {}。请先创建令牌：yihong token create 名称 --scope ingest\n"
                                  "without an access token the service listens on loopback only, not on {}; create one first: yihong token "
                                  "create NAME --scope ingest",
                                  config->server.listen.address, config->server.listen.address)}}};
    }
    auto materials = load_materials(*config);
    if (!materials)
        return std::unexpected{std::move(materials.error())};
    return std::unique_ptr<ServiceHost>{
        new ServiceHost{std::make_unique<State>(overrides, std::move(*config), std::move(*materials), purpose)}};
}

std::string ServiceHost::route_tables() const { return http::route_tables(state_->declarations); }
Result<std::string> ServiceHost::reload() { return state_->reload(); }
std::string const& ServiceHost::address() const noexcept { return state_->config.server.listen.address; }
std::uint16_t ServiceHost::port() const noexcept { return state_->server.port(); }
std::optional<Endpoint> ServiceHost::gateway_endpoint() const
{
    if (!state_->config.gateway.listen)
        return std::nullopt;
    return Endpoint{state_->config.gateway.listen->address, state_->gateway.port()};
}
std::string const& ServiceHost::control_secret() const noexcept { return state_->secret; }

}  // namespace yihong
