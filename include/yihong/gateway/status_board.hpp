#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"
#include "yihong/hj212/segment.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong::gateway {

/// Split data of which not every part has come (分包未齐).
struct OpenSplit {
    int cn = 0;
    UtcTime data_time{};
    int parts = 0;                                     ///< PNUM
    std::vector<bool> seen;                            ///< by PNO
    UtcTime last_part_at{};
    bool reported = false;
    [[nodiscard]] std::vector<int> missing() const;
};

/// How a registered device is doing, since the start of the service.
struct DeviceStatus {
    bool connected = false;
    std::string peer;                                  ///< of its connection, or of the last one
    std::optional<UtcTime> connected_at, last_frame_at, last_record_at;
    std::optional<hj212::Edition> edition;             ///< that it spoke last
    std::string system_type;                           ///< ST that it sent last
    std::uint64_t frames = 0, records = 0, acknowledged = 0, refused = 0, bad_crc = 0, connections = 0;
    std::uint64_t skipped = 0;                         ///< pieces that name it and are no frame
    std::uint64_t repeated_refusals = 0;               ///< readings that `is_new_refusal` left aside
    std::optional<std::chrono::milliseconds> clock_drift;      ///< its clock minus ours, the median of the last frames
    std::string last_refusal;
    std::vector<std::string> unknown_factors;          ///< codes that no parameter has, at most 32
    std::vector<OpenSplit> splits;
};

/// Somebody who was turned away: unknown MN, wrong password, wrong source.
struct TurnedAway {
    UtcTime at{};
    std::string peer;
    std::string mn;
    std::string reason;
};

/// What frames of one read said of their device, added at once.
struct FrameTally {
    std::uint64_t frames = 0, records = 0, refused = 0, bad_crc = 0, skipped = 0;
    std::optional<hj212::Edition> edition;
    std::string system_type;
    std::optional<std::chrono::milliseconds> drift;
    std::string refusal;
    std::vector<std::string> unknown_factors;
    struct Part {
        int cn, pnum, pno;
        UtcTime data_time;
    };
    std::vector<Part> parts;
};

/// The state of all devices; any thread. One lock, taken once for all frames of a read.
class StatusBoard {
public:
    using Close = std::function<void()>;
    using Send = std::function<void(std::string)>;
    /// The device speaks on this connection now. \param close closes the connection, \param send sends bytes over it; from any thread
    /// \return closes the connection it spoke on before, if that is another one
    [[nodiscard]] std::function<void()> attach(std::string const& mn, std::uint64_t connection, std::string const& peer, UtcTime now,
                                               Close close, Send send = {});
    /// The connection is gone.
    void detach(std::string const& mn, std::uint64_t connection);

    /// Hands bytes to the connection that the device speaks on. \return false when there is none
    bool send(std::string const& mn, std::string bytes) const;

    void add(std::string const& mn, FrameTally const& tally, UtcTime now, std::chrono::milliseconds split_deadline);
    void acknowledged(std::string const& mn, std::uint64_t frames);
    /// Whether a refused reading is to go to quarantine: one an hour of each factor and reason, so that a broken sensor does not fill it. The
    /// others are counted. \param field the factor as the frame names it
    [[nodiscard]] bool is_new_refusal(std::string const& mn, Errc reason, std::string_view field, UtcTime now);
    void turn_away(TurnedAway event);

    [[nodiscard]] DeviceStatus status(std::string const& mn) const;
    [[nodiscard]] std::vector<TurnedAway> turned_away() const;  ///< newest first, at most 100
    /// Reports splits that stayed incomplete. \return one line each, once
    [[nodiscard]] std::vector<std::string> overdue_splits(UtcTime now, std::chrono::milliseconds deadline);

private:
    struct Entry {
        DeviceStatus status;
        std::uint64_t connection = 0;  // 0: none
        Close close;
        Send send;
        std::array<std::int32_t, 9> drifts{};  // of the last frames, ms
        std::uint32_t drifts_seen = 0;
        std::map<std::pair<Errc, std::string>, UtcTime> refusals;  // (reason, factor) and when it was last new
    };
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Entry> devices_;
    std::deque<TurnedAway> turned_away_;
};

}  // namespace yihong::gateway
