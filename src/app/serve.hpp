#pragma once

#include "world_loader.hpp"

namespace yihong {

/// Runs the service until a signal ends it: SIGTERM and SIGINT stop it, SIGHUP reads the configuration again.
/// \return false when it could not start, or ended because its store did not recover (`[store] give_up_after`): start it anew
bool serve(Overrides const& overrides);

}  // namespace yihong
