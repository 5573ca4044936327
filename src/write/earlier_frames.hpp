#pragma once

#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/evidence.hpp"

#include <span>

namespace yihong {

/// Whether a frame must not change its record: its bytes are kept already, so a backlog or a listener sends them once more, or one of a later QN
/// has made the record what it is. \param before frames of the same group that came before it \throws StoreError
[[nodiscard]] bool is_outdated(RawFrame const& frame, Evidence const& kept, std::span<RawFrame const> before);

}  // namespace yihong
