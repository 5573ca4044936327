#pragma once

#include "command_desk.hpp"
#include "tried_passwords.hpp"
#include "wrong_passwords.hpp"

#include "yihong/base/rare_line.hpp"
#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/net/admission.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace yihong::gateway {

using Clock = std::chrono::steady_clock;

/// How much of what a source was refused may be kept, in quarantine or as evidence: a few a minute, so that nobody fills the disk with rubbish
/// or pushes the evidence of stations out. Thread-safe.
class RefusalQuota {
public:
    /// Counts one refusal. \return whether it may be kept
    bool take(boost::asio::ip::address const& from);

private:
    struct Source {
        Clock::time_point window{};
        int refusals = 0;
    };
    std::mutex mutex_;
    std::map<boost::asio::ip::address, Source> sources_;
    Clock::time_point swept_{};
};

/// How many bytes of frames of one device are kept as evidence a day (每台设备每天留存的报文): one that sends without end fills its own share and
/// leaves those of the others their time. Thread-safe.
class FrameQuota {
public:
    /// \param bytes_a_day 0: as many as come
    explicit FrameQuota(std::size_t bytes_a_day) : limit_{bytes_a_day} {}
    /// Counts frames, and leaves those out that may not be kept. Logs once a day for each device that is over it.
    void leave_out(std::vector<FrameOfBatch>& frames, UtcTime now);
    [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_.load(); }

private:
    struct Day {
        std::chrono::sys_days day{};
        std::size_t bytes = 0;
    };
    bool takes(Day& day, RawFrame const& frame);
    std::size_t limit_;
    std::mutex mutex_;
    std::map<std::string, Day, std::less<>> days_;
    std::atomic<std::uint64_t> left_out_{0};
};

/// What all I/O threads share.
struct Shared {
    Shared(GatewayOptions gateway_options, Intake& the_intake, std::vector<Device> const& devices);

    GatewayOptions options;
    Intake& intake;
    net::Admission admission;
    RefusalQuota refusal_quota;
    FrameQuota frame_quota{options.frame_bytes_a_day};
    WrongPasswords wrong_passwords;
    RareLine closings;  ///< of connections that went on with what is refused
    KeyRing keys;
    TriedPasswords tried_passwords{options.secret_file};
    Snapshot<DeviceBook> book;
    StatusBoard board;
    CommandDesk desk{options, book, board, keys};
    std::atomic<std::uint64_t> accepted_connections{0}, bytes{0}, frames{0}, acknowledged{0}, bad_crc{0}, refused{0}, repeated_refusals{0},
        skipped_bytes{0}, unfinished{0};
    std::atomic<std::uint64_t> next_connection{1};
};

}  // namespace yihong::gateway
