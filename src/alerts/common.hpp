#pragma once

#include "yihong/alerts/routes.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/kept_reply.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/http/reply_cache.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the routes of alerts have in common.
namespace yihong::alerts {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

inline constexpr std::size_t body_limit = 64 * 1024;
inline constexpr std::size_t cache_bytes = 4U << 20U;

struct Services : RouteServices {
    explicit Services(RouteServices given) : RouteServices{std::move(given)} {}
    mutable http::ReplyCache replies{cache_bytes}; // consoles ask again and again
};

/// Changes whenever an alert, a silence or what is configured changes. To be asked before what it describes, so that it is never newer.
std::string version_of(Services const& services);
/// Who takes a step: address, and token where there is one.
std::string source_of(Request const& request);
/// With an entity tag, so that whoever has it need not take it again.
Reply tagged(std::string body, std::string type);

/// Has the writer carry a command out. \return nothing when the store failed and nothing was kept
asio::awaitable<std::optional<AlertOutcome>> carry_out(Writer& writer, AlertCommand command);
Reply not_kept();

/// An alert as `write_alert` writes it.
extern http::Component const alert_component;

/// `GET /api/v1/alerts` and the log of all steps.
std::vector<http::Route> make_list_routes(std::shared_ptr<Services const> const& services);
/// The plan: `GET /api/v1/alerts/rules`, `GET /api/v1/alerts/duty` and `POST /api/v1/alerts/backtest`.
std::vector<http::Route> make_rule_routes(std::shared_ptr<Services const> const& services);
/// `/api/v1/silences…`
std::vector<http::Route> make_silence_routes(std::shared_ptr<Services const> const& services);

}  // namespace yihong::alerts
