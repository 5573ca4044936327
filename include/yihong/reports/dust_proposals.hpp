#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/periods/dust_events.hpp"
#include "yihong/reports/section_months.hpp"

#include <vector>

namespace yihong {

/// A day on which dust may have come, and the stations that show it.
struct DustProposal {
    struct Sign {
        std::size_t station = 0;  ///< place in the world
        DustEvent event;
    };
    Date date{};
    std::vector<Sign> signs;  ///< in the order of the registry
};

/// Days of the period that people have neither marked as dust at a station nor turned down, by their hours. \throws StoreError
[[nodiscard]] std::vector<DustProposal> propose_dust(Period const& period, World const& world, ReportRecords const& records);

}  // namespace yihong
