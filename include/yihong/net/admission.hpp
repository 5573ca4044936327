#pragma once

#include "yihong/net/networks.hpp"
#include "yihong/net/rare_line.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

namespace yihong::net {

struct AdmissionLimits {
    std::size_t total = 10'000;
    std::size_t per_peer = 1'000;                      ///< from one source: an IPv4 address, or a /64 of IPv6
};

/// Counts the connections of a server, in total and of each peer. Thread-safe.
class Admission {
public:
    /// \param exempt peers whose connections count in total only; so do those of loopback
    explicit Admission(AdmissionLimits limits, Networks exempt = Networks{{}}) : limits_{limits}, exempt_{std::move(exempt)} {}

    /// Counts a new connection. \param one_leaves however many there are in total: another one is being closed for it
    /// \return false when there are as many as may be, and nothing was counted
    bool admit(boost::asio::ip::address const& peer, bool one_leaves = false);
    /// Counts out a connection that was admitted.
    void release(boost::asio::ip::address const& peer);
    [[nodiscard]] std::size_t open() const noexcept { return open_.load(); }
    /// Connections that were not let in, since the start.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(); }
    [[nodiscard]] bool is_full() const noexcept { return open() >= limits_.total; }
    /// Counts one that is not let in, and logs at most one line a minute.
    void refuse(boost::asio::ip::address const& peer, std::string_view event);

private:
    [[nodiscard]] bool is_exempt(boost::asio::ip::address const& peer) const { return peer.is_loopback() || exempt_.contains(peer); }

    AdmissionLimits limits_;
    Networks exempt_;
    std::atomic<std::size_t> open_{0};
    std::mutex mutex_;
    std::map<boost::asio::ip::address, std::size_t> per_peer_;
    std::atomic<std::uint64_t> refused_{0};
    RareLine line_;
};

}  // namespace yihong::net
