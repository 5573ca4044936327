#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/state/event_feed.hpp"

#include <string>
#include <vector>

namespace yihong::stream {

/// Which events a client wants: all conditions must hold, of each list one; an empty list asks for nothing. `reset` always passes.
struct EventFilter {
    std::vector<BoundingBox> boxes;                ///< none: everywhere; an event without position is in no box
    std::vector<SiteKind> kinds;
    std::vector<std::string> rivers;
    std::vector<std::string> counties;
    std::vector<std::string> sites;
    std::vector<std::string> types;                ///< whole words from the front: `alert` stands for `alert.opened` too

    [[nodiscard]] bool passes(LiveEvent const& event) const noexcept;
};

/// `bbox`, `kind`, `river`, `county`, `site`, `type` of a request, each with commas. \param catalog outlives them; it knows the sites
[[nodiscard]] http::Parameters<EventFilter> filter_parameters(Snapshot<Catalog> const& catalog);

}  // namespace yihong::stream
