#pragma once

#include "yihong/http/router.hpp"
#include "yihong/http/run_on.hpp"
#include "yihong/notify/dispatcher.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

/// What the routes need; references outlive them.
struct Services {
    Dispatcher& dispatcher;
    Intake& intake;
    RecordStore& store;
    http::Pool& readers;
    NotifySettings settings;
    std::string sender_name = "一泓 Yihong";           ///< of CAP messages
    /// The documents of an alert, oldest first; empty: no such alert. Called on a reader thread.
    std::function<std::vector<std::string>(std::string_view alert_id)> documents_of;
    /// The newest document of each of the newest alerts, newest first, at most so many. Called on a reader thread.
    std::function<std::vector<std::string>(std::size_t limit)> newest_documents;
};

/// `/api/v1/notifications…`; with both functions also `/api/v1/alerts/{id}/cap` and `/api/v1/alerts/cap.atom`.
std::vector<http::Route> make_routes(Services services);

/// OpenAPI 3.0 path items of these routes: the members of the `paths` object, without its braces.
/// \param with_cap whether make_routes had both functions
std::string openapi_paths(bool with_cap);

/// The figures in Prometheus' text format; nothing without channels.
std::string metrics_text(std::vector<ChannelStatus> const& channels);

}  // namespace yihong::notify
