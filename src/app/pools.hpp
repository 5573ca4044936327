#pragma once

#include "yihong/net/pool.hpp"

namespace yihong {

/// The threads that work for requests beside the I/O threads: each kind of work has its own, so that none waits behind another.
struct Pools {
    net::Pool readers{2, 256};                     ///< history and other reads of the store
    net::Pool long_readers{1, 64};                 ///< long pages of history
    net::Pool collections{2, 256};                 ///< long pages, filters and text of collections; series of EDR
    net::Pool monitoring{1, 64};                   ///< figures
    net::Pool tile_makers{2, 256};                 ///< vector tiles that are kept nowhere
    net::Pool heavy{1, 16};                        ///< large bodies, backup, import, reload
    net::Pool replays{1, 4};                       ///< quarantine read again
    net::Pool backtests{1, 1};                     ///< what other rules would have raised
};

}  // namespace yihong
