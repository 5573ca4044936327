#pragma once

#include "yihong/model/batch.hpp"
#include "yihong/model/raw_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace yihong {

/// Frames of one site, oldest first by `time`, then by receipt.
struct FrameQuery {
    SiteNumber site = 0;
    std::optional<IntervalKind> interval;           ///< none: the frames without a record
    TimeInterval time;
    std::size_t limit = 100;
    bool newest_first = false;
};

/// What came in, byte by byte: what was refused (隔离区), and the frames behind records (原始报文). To be read by any thread; every
/// method throws StoreError when the store itself fails.
class Evidence {
public:
    virtual ~Evidence() = default;

    /// Entries with an id above `after`, ascending. \param bytes no more are added once their raw bytes come to so many
    [[nodiscard]] virtual std::vector<QuarantineEntry> quarantine(std::uint64_t after, std::size_t limit,
                                                                  std::size_t bytes = SIZE_MAX) const = 0;
    [[nodiscard]] virtual std::optional<QuarantineEntry> quarantine_entry(std::uint64_t id) const = 0;
    /// Calls `visit` until the limit, or until it returns false. Frames leave by age and size, so the oldest may be gone.
    virtual void visit_frames(FrameQuery const& query, std::function<bool(RawFrame const&)> const& visit) const = 0;
};

}  // namespace yihong
