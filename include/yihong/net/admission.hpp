#pragma once

#include "yihong/net/networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace yihong::net {

struct AdmissionLimits {
    std::size_t total = 10'000;
    std::size_t per_peer = 1'000;
    int ipv6_prefix = 64;  ///< bits that make a peer, whole bytes of them: a single host mostly owns all of its /64
};

/// Counts the connections of a server, in total and of each peer. Thread-safe.
class Admission {
public:
    /// \param exempt peers whose connections count in total only; so do those of loopback
    explicit Admission(AdmissionLimits limits, Networks exempt = Networks{{}}) : limits_{limits}, exempt_{std::move(exempt)} {}

    /// Counts a new connection. \return false when there are as many as may be, and nothing was counted
    bool admit(boost::asio::ip::address const& peer);
    /// Counts out a connection that was admitted.
    void release(boost::asio::ip::address const& peer);
    [[nodiscard]] std::size_t open() const noexcept { return open_.load(); }

private:
    [[nodiscard]] std::string key_of(boost::asio::ip::address const& peer) const;
    [[nodiscard]] bool is_exempt(boost::asio::ip::address const& peer) const { return peer.is_loopback() || exempt_.contains(peer); }

    AdmissionLimits limits_;
    Networks exempt_;
    std::atomic<std::size_t> open_{0};
    std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> per_peer_;
};

}  // namespace yihong::net
