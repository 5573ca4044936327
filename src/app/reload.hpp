#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/reports/settings.hpp"
#include "yihong/write/world_keeper.hpp"

#include "certificates.hpp"
#include "world_loader.hpp"

namespace yihong {

/// Reads config, standards, sites, layers, alert plan and certificates again: all or nothing. Nobody else replaces the world meanwhile. Any thread that may wait.
/// \return a summary as JSON, or every problem, in which case nothing was changed
Result<std::string> reload_world(Overrides const& overrides, WorldKeeper& worlds, Sites& sites, gateway::Gateway& gateway,
                                 Certificates const& certificates, Snapshot<ReportSettings>& reports);

}  // namespace yihong
