#pragma once

#include "yihong/hj212/meaning.hpp"
#include "yihong/hj212/segment.hpp"
#include "yihong/model/forward.hpp"
#include "yihong/model/site.hpp"

#include <vector>

namespace yihong::forward {

/// A forward with its texts understood.
struct Speech {
    Forward forward;
    hj212::Edition edition = hj212::Edition::hj212_2017;
};

/// The messages of a record, without QN: one, or several parts of at most hj212::longest_cp. Parameters without a code are left out;
/// none when nothing is left. Numbers are in the units that the system type has (`units`).
/// \param now in the 2025 edition, what is sent more than an hour after its period ended is marked RF=1
[[nodiscard]] std::vector<hj212::Outgoing> to_messages(Record const& record, Site const& site, Speech const& speech,
                                                       ParameterBook const& parameters, hj212::CommonUnits const& units, UtcTime now);

}  // namespace yihong::forward
