#pragma once

#include "certificates.hpp"

#include "yihong/alerting/alert_keeper.hpp"
#include "yihong/config/config.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/http/server.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/state/delivery_watch.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/tiles_http/routes.hpp"

#include <filesystem>

/// What the config says, in the words of each module.
namespace yihong {

/// What a process runs the service for.
enum class Purpose {
    serve,                                         ///< listens where the config says
    command                                        ///< listens on a free loopback port, for the command that started it only
};

/// Where others than this machine can reach HTTP or HTTPS. \return nothing when they cannot
std::optional<Endpoint> open_endpoint(Config const& config);
/// Lowers the limits of connections where the system allows fewer open files than they and the store need, and says so in the log.
void keep_files_for_the_store(Config& config);

std::filesystem::path store_folder(Config const& config);
LocalStoreOptions store_options(Config const& config);
/// How `[server] response_cache_mb` is divided among those who keep finished replies, in bytes.
struct ReplyCaches {
    std::size_t features, series, classes, tiles;
};
ReplyCaches reply_caches(Config const& config);
/// What stands on top of every page.
http::Frame page_frame(Config const& config);
http::ServerOptions server_options(Config const& config, Certificates const& certificates);
/// \param deliveries outlives whoever has the options
AlertingOptions alerting_options(Config const& config, Purpose purpose, DeliveryWatch const& deliveries);
gateway::GatewayOptions gateway_options(Config const& config, Certificates const& certificates);
/// Without the declarations of the other routes, with the collections of EDR beside its own. \param state outlives whoever has the options
ogcapi::OgcApiOptions ogc_options(Config const& config, CurrentState const& state);
tiles_http::TilesOptions tiles_options(Config const& config);

}  // namespace yihong
