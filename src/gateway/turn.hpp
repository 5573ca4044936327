#pragma once

#include "reception.hpp"
#include "thread_state.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong::gateway {

/// How a connection behaves. Who sends rubbish only is given up.
struct Conduct {
    std::size_t useless_bytes = 0;                 ///< since the last good frame
    int refusals = 0;                              ///< in a row
    /// Whether the connection is to end.
    [[nodiscard]] bool is_too_bad(GatewayOptions const& options) const noexcept;
};

/// What one read brought: a batch for the intake, and what to answer once it is on disk. Frames go in one by one, then `finish` prepares the batch.
class Turn {
public:
    struct Answer {
        std::string bytes;
        std::string const* device;  ///< whose frame it acknowledges
        bool acknowledges;
        std::optional<std::size_t> frame;  ///< index of the frame whose record must be on disk
    };

    /// \param peer `address:port`, as it is kept with frames; outlives the turn
    Turn(ThreadState& thread, boost::asio::ip::address const& source, std::string const& peer, Conduct& conduct);

    /// Whose checksum is wrong: kept as evidence of the device that it names, if there is one.
    void add_damaged(hj212::Frame const& frame, Reception const& reception);
    /// Bytes that are no frame. Those that name devices of ours are kept as evidence of them, with the reason.
    void add_skipped(std::string_view bytes);
    /// A frame that is not looked at because wrong passwords came from its source.
    void add_delayed() noexcept;
    /// Of nobody known, or no segment at all.
    void add_stranger(hj212::Frame const& frame, Reception const& reception);
    /// Of a device. What the reception holds is moved out of it.
    void add(hj212::Frame const& frame, Reception& reception);
    /// Has the intake look at the records. Nothing may be added after it.
    void finish();

    /// The devices that the answers point into.
    [[nodiscard]] DeviceBook const& book() const noexcept { return *book_; }
    [[nodiscard]] UtcTime now() const noexcept { return now_; }

    PreparedBatch prepared;
    std::vector<Answer> answers;
    std::vector<std::pair<StationWord, std::size_t>> words;  ///< for a command that runs, with the index of their frame
    std::size_t frames_read = 0;

private:
    [[nodiscard]] RawFrame raw_of(hj212::Frame const& frame, Reception const& reception) const;
    void refuse(Failure const& failure, bool is_reading, RawFrame const& raw);
    std::optional<std::size_t> add_meaning(hj212::Frame const& frame, Reception& reception, RawFrame& raw, FrameTally& tally);

    ThreadState& thread_;
    Shared& shared_;
    boost::asio::ip::address const& source_;
    std::string const& peer_;
    Conduct& conduct_;
    std::shared_ptr<DeviceBook const> book_;
    UtcTime now_;
    ParsedBatch batch_;
    std::vector<FrameOfBatch> frames_;
    std::vector<Refusal> refused_;  // beside what the intake refuses: strangers, single readings, unreadable frames
    std::unordered_map<std::string, FrameTally> tallies_;
};

}  // namespace yihong::gateway
