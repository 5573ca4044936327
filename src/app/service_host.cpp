#include "service_host.hpp"

#include "yihong/alerting/alert_keeper.hpp"
#include "yihong/alerts/routes.hpp"
#include "yihong/api/metrics.hpp"
#include "yihong/api/routes.hpp"
#include "yihong/base/log.hpp"
#include "yihong/config/site_filter.hpp"
#include "yihong/edr/routes.hpp"
#include "yihong/forward/forwarder.hpp"
#include "yihong/forward/routes.hpp"
#include "yihong/forward/selection.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/routes.hpp"
#include "yihong/history/mark_keeper.hpp"
#include "yihong/history/month_keeper.hpp"
#include "yihong/history/past.hpp"
#include "yihong/history/period_keeper.hpp"
#include "yihong/history/record_keeper.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/login.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/route_tables.hpp"
#include "yihong/http/server.hpp"
#include "yihong/notify/dispatcher.hpp"
#include "yihong/notify/heartbeat.hpp"
#include "yihong/notify/routes.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/reports/period_rules.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/state/delivery_watch.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/stream/streams.hpp"
#include "yihong/tiles_http/routes.hpp"
#include "yihong/write/intake.hpp"
#include "yihong/write/world_keeper.hpp"

#include "access.hpp"
#include "certificates.hpp"
#include "conformance_report.hpp"
#include "console.hpp"
#include "control.hpp"
#include "options.hpp"
#include "pools.hpp"
#include "reload.hpp"
#include "report_clock.hpp"
#include "token_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace yihong {

/// The objects of the service from the bottom up: each uses those above it. Two look down, each by a call that says so: the feed wakes the
/// streams of the server (`start`), and /metrics asks the server for its connections (`make_services`).
struct ServiceHost::State {
    State(Overrides given, Config loaded, Materials materials, Purpose runs_for)
        : overrides{std::move(given)}, purpose{runs_for}, config{std::move(loaded)},
          state{assemble_world(std::move(materials), *store), store->last_commit().number, utc_now()}
    {}

    /// what the command line says, also to a reload
    Overrides const overrides;
    Purpose const purpose;
    Config const config;

    /// what is kept
    std::unique_ptr<LocalStore> const store = LocalStore::open(store_folder(config), store_options(config));
    /// what reports are made of, kept until a record of it changes
    SectionMonths months{*store};
    AirMonths air_months{*store};
    /// what readers read
    CurrentState state;
    /// which channels do not get through
    DeliveryWatch deliveries;
    /// reports that were handed out, and what the configuration says of them
    api::ReportArchive const archive{config.store.path / "reports"};
    Snapshot<ReportSettings> reports{std::make_shared<ReportSettings const>(config.reports)};
    /// makes every commit, and with it what its participants add
    Writer writer{{*store, *store, *store}, state, seats(), {.queue_records = config.intake.queue_records}};
    /// the way in for readings
    Intake intake{writer, state, {.future_tolerance = config.intake.future_tolerance, .earliest_year = config.intake.earliest_year}};
    /// through whom reloads and imports replace the world
    WorldKeeper worlds{writer};

    /// certificates of HTTPS and of stations over TLS
    Certificates const certificates = read_certificates(config);

    /// sends records on to higher platforms, from the outbox
    forward::Forwarder forwarder{config.forwards, {.records = *store, .outbox = *store}, writer, state};
    /// sends alert events to people and systems, from the outbox
    notify::Dispatcher dispatcher{config.channels, *store, *store, writer, deliveries, {.settings = config.notify}};
    /// tells somebody outside that the service lives
    notify::Heartbeat heartbeat{config.heartbeat, writer};
    /// stations in; its sessions need the intake
    gateway::Gateway gateway{gateway_options(config, certificates), intake, writer, *store, config.devices};
    /// tells live streams what has just happened
    stream::Streams streams{state.feed, state.catalog};

    /// they end after the server: a request may be waiting for one
    Pools pools;
    /// vector tiles of the collections
    tiles_http::Tiles tiles{state.catalog, pools.tile_makers, tiles_options(config)};

    /// who may do what
    TokenFile tokens{config.store.path / "tokens.json"};
    /// what opens every door for commands on this machine
    std::string const secret = new_secret();
    /// looks them up
    http::Authenticate const authenticate = make_authenticate(tokens, secret, purpose == Purpose::serve && !open_endpoint(config));
    /// counts requests
    api::Metrics metrics;
    /// what the routes of /api/v1 work on
    api::Services const services = make_services();
    /// every route of the interface
    std::vector<http::Route> const routes = make_routes();
    /// finds them, and the files of the console, by their paths
    Snapshot<http::Router> router{std::make_shared<http::Router const>(with_console())};
    /// answers requests
    http::Server server{server_options(config, certificates), router, authenticate,
                        [this](http::RequestSummary const& request) { metrics.observe(request); }};
    /// hands out reports by the clock, as any other client would
    ReportClock report_clock{config.report_schedules, archive,
                             [this](ReportSchedule const& schedule, Period const& period) {
                                 return hand_out_over_http({config.server.listen.address, server.port()}, secret, schedule, period);
                             },
                             [this](ReportSchedule const& schedule, std::string const& name, std::string const& file) {
                                 return mail_report(config, schedule, name, file);
                             }};
    /// where commands find the service
    std::optional<ControlFile> control;

    void start()
    {
        server.start();
        state.feed.on_publish([this] { server.wake_streams(); });
        if (config.gateway.listen)
            gateway.start();
        control.emplace(config.store.path, Control{config.server.listen.address, server.port(), secret});
        if (purpose == Purpose::serve) {  // a command fills the queues; the service empties them
            forwarder.start();
            dispatcher.start();
            heartbeat.start();
            report_clock.start();
        }
    }

    void stop()
    {
        report_clock.stop();
        gateway.stop();
        state.feed.on_publish({});  // the writer outlives the server
        server.stop();
        forwarder.stop();
        dispatcher.stop();
        heartbeat.stop();
    }

    LookAtPeriods period_looks() { return look_at_periods({*store, &months, reports, state.marks, &air_months}); }

    /// What takes part in every commit, in this order.
    std::vector<Seat> seats()
    {
        return {{"marks", std::make_shared<MarkKeeper>(*store, state)},        // alerting looks at what they change
                {"alerting", std::make_shared<AlertKeeper>(AlertKeeper::Store{*store, *store, *store}, state,
                                                           alerting_options(config, purpose, deliveries),
                                                           purpose == Purpose::serve ? period_looks() : LookAtPeriods{})},
                {"forwarding", std::make_shared<forward::Selection>(config.forwards, *store)},
                {"history", std::make_shared<RecordKeeper>(*store, state)},
                {"periods", std::make_shared<MonthKeeper>(
                                months, state.world.load(), MonthKeeper::usual_pause,
                                purpose == Purpose::serve ? MonthKeeper::Ahead{store.get(), &reports} : MonthKeeper::Ahead{}, &air_months)},
                {"period-collections",
                 std::make_shared<PeriodKeeper>(PeriodMaterials{*store, &months, reports, state.marks, {}, &air_months}, state)}};
    }

    api::Services make_services()
    {
        return {
            .intake = intake,
            .writer = writer,
            .worlds = worlds,
            .state = state,
            .records = *store,
            .months = months,
            .air_months = air_months,
            .evidence = *store,
            .journal = *store,
            .sites = *store,
            .admin = *store,
            .catalog = state.catalog,
            .reports = reports,
            .archive = archive,
            .metrics = metrics,
            .readers = pools.readers,
            .long_readers = pools.long_readers,
            .monitoring = pools.monitoring,
            .heavy = pools.heavy,
            .replays = pools.replays,
            .other_formats = {{std::string{gateway::frame_format},
                               [this](QuarantineEntry const& entry, World const& world) { return gateway.read_again(entry, world); }}},
            .module_metrics =
                [this] {
                    return gateway::metrics_text(gateway.figures()) + forward::metrics_text(forwarder.status()) +
                           alerts::metrics_text(*state.alerts.load()) + streams.metrics_text() + tiles.metrics_text() +
                           notify::metrics_text(dispatcher.status()) + server_metrics();
                },
            .reload = [this] { return reload(); },
            .open_connections = [this] { return server.open_connections(); },
            .body_limit = config.intake.body_limit_mb << 20U,
            .series_cache_bytes = reply_caches(config).series,
            .classes_cache_bytes = reply_caches(config).classes,
        };
    }

    std::vector<http::Route> with_console()
    {
        auto all = routes;
        std::ranges::move(console_routes(config, pools.readers), std::back_inserter(all));
        return all;
    }

    std::string server_metrics() const
    {
        std::string text;
        http::append_metric(text, "yihong_http_refused_connections_total", "counter", "Connections not let in: too many at once",
                            static_cast<double>(server.refused_connections()));
        return text;
    }

    Result<std::string> reload() { return reload_world(overrides, worlds, *store, gateway, certificates, reports); }

    std::vector<http::Route> make_routes()
    {
        auto all = api::make_routes(services);
        auto const add = [&](std::vector<http::Route> more) { std::ranges::move(more, std::back_inserter(all)); };
        add(gateway::make_routes(
            {.gateway = gateway, .records = *store, .evidence = *store, .catalog = state.catalog, .readers = pools.readers}));
        add(forward::make_routes({.forwarder = forwarder, .outbox = *store, .readers = pools.readers}));
        add(alerts::make_routes({writer, state, *store, *store, *store, state.catalog, pools.readers, pools.backtests,
                                 std::bind_front(read_plan, std::cref(config)), make_site_filter, period_looks()}));
        add(streams.routes());
        add(notify::make_routes({.dispatcher = dispatcher,
                                 .writer = writer,
                                 .state = state,
                                 .outbox = *store,
                                 .alerts = *store,
                                 .journal = *store,
                                 .readers = pools.readers,
                                 .settings = config.notify,
                                 .sender_name = config.landing.title}));
        add(token_routes(tokens, pools.readers));
        add(conformance_routes(pools.readers));
        add(http::browser_routes(authenticate));
        add(edr::make_routes({.state = state, .readers = pools.collections}));
        add(tiles.routes());
        auto options = ogc_options(config, state);
        options.declarations = http::declarations_of(all);
        options.past = [past = Past{*store, *store, state, reports}](FeatureSource const& present, std::optional<UtcTime> at,
                                                                     std::optional<UtcTime> known_at) {
            return past.of(present, at, known_at);
        };
        ogcapi::OgcApi const features{state.catalog, pools.readers, pools.collections, pools.heavy, std::move(options)};
        add(features.routes());
        metrics.watch_cache("features", [features] { return features.cache_statistics().bytes; });
        metrics.watch_cache("tiles", [this] { return tiles.statistics().bytes; });
        metrics.watch_cache("store", [this] { return store->cache_bytes(); });
        metrics.watch_cache("months", [this] { return months.bytes() + air_months.bytes(); });
        metrics.watch_cache("events", [this] { return state.feed.bytes(); });
        return all;
    }
};

ServiceHost::ServiceHost(std::unique_ptr<State> state) : state_{std::move(state)} {}

ServiceHost::~ServiceHost() { state_->stop(); }

std::expected<std::unique_ptr<ServiceHost>, Problems> ServiceHost::start(Overrides const& overrides, Purpose purpose)
{
    auto config = load_config_with(overrides);
    if (!config)
        return std::unexpected{std::move(config.error())};
    log::set_level(config->log_level);
    make_private(config->store.path);
    if (purpose == Purpose::command) {
        config->server.listen = {"127.0.0.1", 0};
        config->gateway.listen.reset();  // stations wait for the service itself
        config->tls = {};
        config->server.threads = 1;
        log::set_level(std::max(config->log_level, log::Level::warning));
    } else if (auto const& open = open_endpoint(*config); open && !TokenFile{config->store.path / "tokens.json"}.any_valid(utc_now())) {
        return std::unexpected{
            Problems{{Errc::forbidden,
                      fmt::format("没有访问令牌时服务只在本机监听，不能监听 {}。请先创建令牌：yihong token create 名称 --scope ingest\n"
                                  "without an access token the service listens on loopback only, not on {}; create one first: yihong token "
                                  "create NAME --scope ingest",
                                  open->address, open->address)}}};
    }
    if (purpose == Purpose::serve)
        keep_files_for_the_store(*config);
    auto materials = load_materials(*config);
    if (!materials)
        return std::unexpected{std::move(materials.error())};
    std::unique_ptr<ServiceHost> host{
        new ServiceHost{std::make_unique<State>(overrides, std::move(*config), std::move(*materials), purpose)}};
    host->state_->start();  // what fails here stops what has begun
    return host;
}

std::string ServiceHost::route_tables() const { return http::route_tables(http::declarations_of(state_->routes)); }
Result<std::string> ServiceHost::reload() { return state_->reload(); }
std::uint16_t ServiceHost::tls_port() const noexcept { return state_->server.tls_port(); }
std::uint16_t ServiceHost::gateway_tls_port() const noexcept { return state_->gateway.tls_port(); }
std::string const& ServiceHost::address() const noexcept { return state_->config.server.listen.address; }
std::uint16_t ServiceHost::port() const noexcept { return state_->server.port(); }
std::optional<Endpoint> ServiceHost::gateway_endpoint() const
{
    if (!state_->config.gateway.listen)
        return std::nullopt;
    return Endpoint{state_->config.gateway.listen->address, state_->gateway.port()};
}
bool ServiceHost::has_lost_its_store() const { return state_->store->refuses_writes_for() >= state_->config.store.give_up_after; }
std::string const& ServiceHost::control_secret() const noexcept { return state_->secret; }

}  // namespace yihong
