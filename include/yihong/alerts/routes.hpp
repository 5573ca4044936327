#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/period_findings.hpp"
#include "yihong/http/router.hpp"
#include "yihong/net/pool.hpp"
#include "yihong/ports/alerts.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/writer.hpp"

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::alerts {

/// Reads the text of an alerts file for a world. \return every problem
using ReadPlan = std::function<std::expected<AlertPlan, std::vector<Failure>>(World const&, std::string_view text)>;

/// What the routes need; everything outlives them.
struct RouteServices {
    Writer& writer;
    CurrentState const& state;
    Alerts const& alerts;
    Journal const& journal;
    Records const& records;
    Snapshot<Catalog> const& catalog;
    net::Pool& readers;
    net::Pool& backtests;                          ///< one at a time
    ReadPlan read_plan;
    MakeScopeFilter make_filter = {};              ///< of the `filter` of a silence
    LookAtPeriods periods = {};                    ///< for the backtest of rules about periods
};

/// `/api/v1/alerts…`, its backtest, and `/api/v1/silences…`
std::vector<http::Route> make_routes(RouteServices services);

/// The figures in Prometheus' text format.
std::string metrics_text(AlertBook const& book);

}  // namespace yihong::alerts
