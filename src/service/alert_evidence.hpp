#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/service/world.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

struct EvidenceInput {
    Alert const& alert;
    World const& world;
    std::size_t index;                             ///< of the site
    RecordsBack const& back;
    std::function<std::vector<RawFrame>(Record const&)> const& frames;
    std::vector<std::pair<std::size_t, Record const*>> upstream;       ///< site and newest record, the nearest first
};

/// The evidence behind a step (证据), a JSON object: the records with flags and raw frames, how the newest was judged (limits, clauses, edition),
/// the rules in words, what the layers know, and what came from upstream in the day before. Passwords in frames are masked.
[[nodiscard]] std::string write_evidence(EvidenceInput const& input);

}  // namespace yihong
