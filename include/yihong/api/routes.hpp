#pragma once

#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/ports/evidence.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/ports/store_admin.hpp"
#include "yihong/state/catalog.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/intake.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::api {

/// The next piece of a file to import, from a position that an earlier piece gave.
struct ImportRequest {
    std::string file;                              ///< absolute path on this machine
    std::string format;                            ///< empty: found out from the content
    bool create_sites = false;                     ///< register sections that no site file knows, without position
    bool keep_unknown = false;  ///< quarantine the rows of unknown sections of a national archive, instead of leaving them out
    std::uint64_t offset = 0, line = 0, row = 0;
};

struct ImportProgress {
    std::string format;
    std::uint64_t offset = 0, line = 0, row = 0;  ///< where to go on
    std::uint64_t bytes_read = 0, bytes_total = 0;
    std::uint64_t rows = 0, accepted = 0, duplicates = 0, revised = 0, rejected = 0, empty = 0, unknown_site_rows = 0, sites_created = 0;
    bool finished = false;
};

/// What the routes need from the rest of the program; everything outlives the routes.
struct Services {
    Intake& intake;
    Writer& writer;
    CurrentState const& state;
    Records const& records;
    Evidence const& evidence;
    StoreAdmin& admin;
    Snapshot<Catalog> const& catalog;
    net::Pool& readers;  ///< history, quarantine
    net::Pool& heavy;  ///< large bodies, backup, replay, reload
    /// Reads a body by its media type; Errc::unsupported when there is none for it.
    std::function<Result<ParsedBatch>(std::string_view body, std::string_view content_type, World const& world)> read_body;
    /// Reads a quarantined piece again by its format. The entry outlives the batch.
    std::function<Result<ParsedBatch>(QuarantineEntry const& entry, World const& world)> read_quarantined;
    std::function<std::string()> module_metrics;  ///< what other modules add to /metrics
    std::function<Result<ImportProgress>(ImportRequest const&)> import_slice;
    std::function<Result<std::string>()> reload;  ///< \return what was loaded, or every problem
    std::function<std::size_t()> open_connections;
    std::size_t body_limit = 64U << 20U;
    std::size_t cache_bytes = 16U << 20U;  ///< finished series kept
};

class Metrics;

/// The progress as one JSON object.
std::string import_progress_as_json(ImportProgress const& progress);

/// Everything under /api/v1, and /healthz, /readyz, /metrics.
std::vector<http::Route> make_routes(Services const& services, Metrics& metrics);

}  // namespace yihong::api
