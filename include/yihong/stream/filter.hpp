#pragma once

#include "yihong/http/message.hpp"
#include "yihong/service/event_feed.hpp"

#include <optional>
#include <string>
#include <vector>

namespace yihong::stream {

/// Which events a client wants: all conditions must hold, of each list one; an empty list asks for nothing. `reset` always passes.
struct EventFilter {
    std::optional<BoundingBox> box;                ///< west > east crosses the antimeridian; an event without position is in no box
    std::vector<SiteKind> kinds;
    std::vector<std::string> rivers;
    std::vector<std::string> counties;
    std::vector<std::string> sites;
    std::vector<std::string> types;                ///< whole words from the front: `alert` stands for `alert.opened` too

    [[nodiscard]] bool passes(LiveEvent const& event) const noexcept;
};

/// Reads `bbox`, `kind`, `river`, `county`, `site`, `type` of a request, each with commas; other parameters are passed over.
/// \return Errc::bad_value naming the parameter; Errc::unknown_site where the catalog has no such site
Result<EventFilter> parse_filter(http::Request const& request, Catalog const& catalog);

}  // namespace yihong::stream
