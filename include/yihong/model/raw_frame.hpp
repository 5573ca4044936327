#pragma once

#include "yihong/base/time.hpp"
#include "yihong/model/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong {

/// What became of a frame from a station.
enum class FrameVerdict : std::uint8_t {
    accepted = 0,      ///< its record is new, or completed one
    duplicate = 1,     ///< its record was known already
    revised = 2,       ///< its record replaced other values
    kept = 3,          ///< it carries no record: heartbeat, equipment state, quality control, answers to commands
    refused = 4,       ///< not taken in; quarantine says why
};
std::string_view to_text(FrameVerdict verdict) noexcept;

/// A frame as it came over the wire (原始报文): the evidence behind a record, down to its bytes.
struct RawFrame {
    SiteNumber site = 0;                            ///< 0: no site is known
    std::optional<IntervalKind> interval;           ///< none: no record came of it
    UtcTime time{};                                 ///< of the record; without one, when it was received
    UtcTime received_at{};
    FrameVerdict verdict = FrameVerdict::kept;
    std::string device;                             ///< MN as sent
    std::string peer;                               ///< `10.1.2.3:40112`
    std::string bytes;
    bool operator==(RawFrame const&) const = default;
};

}  // namespace yihong
