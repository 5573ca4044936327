#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/router.hpp"
#include "yihong/state/catalog.hpp"
#include "yihong/state/event_feed.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::stream {

/// The live streams (实时推送): `GET /api/v1/stream` as server-sent events, `GET /api/v1/ws` as a WebSocket, both out of one feed. Outlives the server
/// whose routes it makes. Whoever wires them lets the feed wake that server's streams.
class Streams {
public:
    Streams(EventFeed& feed, Snapshot<Catalog> const& catalog);
    ~Streams();

    [[nodiscard]] std::vector<http::Route> routes();
    /// The figures in Prometheus' text format. Any thread.
    [[nodiscard]] std::string metrics_text() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// An event as server-sent events carry it: `id`, `event`, and the payload as `data`, in one line.
std::string render_event(PublishedEvent const& event);
/// An event as one JSON text: `{"id":…,"type":…,"time":…,"site":…,"data":…}`.
std::string render_message(PublishedEvent const& event);

}  // namespace yihong::stream
