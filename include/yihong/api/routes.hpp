#pragma once

#include "yihong/api/report_archive.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/ports/evidence.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/ports/sites.hpp"
#include "yihong/ports/store_admin.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/reports/settings.hpp"
#include "yihong/state/catalog.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/intake.hpp"
#include "yihong/write/world_keeper.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace yihong::api {

class Metrics;

/// Reads a quarantined piece again. The entry outlives the batch.
using ReadAgain = std::function<Result<ParsedBatch>(QuarantineEntry const& entry, World const& world)>;

/// What the routes need from the rest of the program; everything outlives the routes.
struct Services {
    Intake& intake;
    Writer& writer;
    WorldKeeper& worlds;
    CurrentState const& state;
    Records const& records;
    SectionMonths& months;  ///< of the records
    AirMonths& air_months;  ///< likewise
    Evidence const& evidence;
    Journal const& journal;
    Sites& sites;
    StoreAdmin& admin;
    Snapshot<Catalog> const& catalog;
    Snapshot<ReportSettings> const& reports;
    ReportArchive const& archive;
    Metrics& metrics;
    net::Pool& readers;  ///< short reads: a page of a series, of quarantine
    net::Pool& long_readers;  ///< reads of thousands of records: they never keep short ones waiting
    net::Pool& monitoring;  ///< figures: always answered
    net::Pool& heavy;  ///< large bodies, backup, reload
    net::Pool& replays;  ///< of quarantine: they take as long as they take, and nobody waits for them
    /// How quarantined pieces are read again that are no text of readings, by their format.
    std::map<std::string, ReadAgain, std::less<>> other_formats;
    std::function<std::string()> module_metrics;  ///< what other modules add to /metrics
    std::function<Result<std::string>()> reload;  ///< \return what was loaded, or every problem
    std::function<std::size_t()> open_connections;
    std::size_t body_limit = 64U << 20U;
    std::size_t series_cache_bytes = 16U << 20U;  ///< finished series kept, and the pieces that they are joined of
    std::size_t classes_cache_bytes = 4U << 20U;  ///< finished rows of classes
};

/// Everything under /api/v1, and /healthz, /readyz, /metrics.
std::vector<http::Route> make_routes(Services const& services);

}  // namespace yihong::api
