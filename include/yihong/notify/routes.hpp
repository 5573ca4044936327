#pragma once

#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/notify/dispatcher.hpp"
#include "yihong/ports/alerts.hpp"

#include <string>
#include <vector>

namespace yihong::notify {

/// What the routes need; references outlive them.
struct Services {
    Dispatcher& dispatcher;
    Writer& writer;
    CurrentState const& state;
    Outbox const& outbox;
    Alerts const& alerts;
    Journal const& journal;
    net::Pool& readers;
    NotifySettings settings;
    std::string sender_name = "一泓 Yihong";           ///< of CAP messages
};

/// `/api/v1/notifications…`, `/api/v1/alerts/{id}/cap` and `/api/v1/alerts/cap.atom`
std::vector<http::Route> make_routes(Services services);

/// The figures in Prometheus' text format; nothing without channels.
std::string metrics_text(std::vector<ChannelStatus> const& channels);

}  // namespace yihong::notify
