#pragma once

#include "yihong/ports/alerts.hpp"
#include "yihong/ports/committer.hpp"
#include "yihong/ports/evidence.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/outbox.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/ports/sites.hpp"
#include "yihong/ports/store_admin.hpp"

namespace yihong {

/// Where everything rests, in all its roles: for who makes a store and hands its roles on. Who uses one takes the role.
/// Synchronous; the caller chooses the thread.
class Store : public Records,
              public Evidence,
              public Outbox,
              public OutboxClaims,
              public Journal,
              public Alerts,
              public Sites,
              public Committer,
              public StoreAdmin {};

}  // namespace yihong
