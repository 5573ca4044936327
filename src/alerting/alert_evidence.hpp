#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/river_order.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/raw_frame.hpp"

#include <functional>
#include <string>
#include <vector>

namespace yihong {

/// What a section upstream sent last.
struct UpstreamRecord {
    RiverOrder::Upstream site;
    Record const* newest = nullptr;
};

struct EvidenceInput {
    Alert const& alert;
    World const& world;
    std::size_t index;                             ///< of the site
    RecordsBack const& back;
    std::function<std::vector<RawFrame>(Record const&)> const& frames;
    std::vector<UpstreamRecord> upstream;          ///< the nearest first
};

/// The evidence behind a step (证据), a JSON object: the records with flags and raw frames, how the newest was judged (limits, clauses, edition),
/// the rules in words, what the layers know, and what came from upstream in the day before. Passwords in frames are masked.
[[nodiscard]] std::string write_evidence(EvidenceInput const& input);

}  // namespace yihong
