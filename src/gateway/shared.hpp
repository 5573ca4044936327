#pragma once

#include "command_desk.hpp"

#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/net/admission.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace yihong::gateway {

using Clock = std::chrono::steady_clock;

/// How much of what a source was refused may be kept, in quarantine or as evidence: a few a minute, so that nobody fills the disk with rubbish
/// or pushes the evidence of stations out. Thread-safe.
class RefusalQuota {
public:
    /// Counts one refusal. \return whether it may be kept
    bool take(boost::asio::ip::address const& source);

private:
    struct Source {
        Clock::time_point window{};
        int refusals = 0;
    };
    std::mutex mutex_;
    std::map<boost::asio::ip::address, Source> sources_;
    Clock::time_point swept_{};
};

/// What all I/O threads share.
struct Shared {
    Shared(GatewayOptions gateway_options, Intake& the_intake, std::vector<Device> const& devices);

    GatewayOptions options;
    Intake& intake;
    net::Admission admission;
    RefusalQuota refusal_quota;
    KeyRing keys;
    Snapshot<DeviceBook> book;
    StatusBoard board;
    CommandDesk desk{options, book, board, keys};
    std::atomic<std::uint64_t> accepted_connections{0}, bytes{0}, frames{0}, acknowledged{0}, bad_crc{0}, refused{0}, repeated_refusals{0},
        skipped_bytes{0}, unfinished{0};
    std::atomic<std::uint64_t> next_connection{1};
};

}  // namespace yihong::gateway
