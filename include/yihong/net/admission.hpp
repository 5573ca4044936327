#pragma once

#include "yihong/base/rare_line.hpp"
#include "yihong/net/networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
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
    /// A connection is of no stranger any more. Once for each.
    void has_spoken() noexcept { strangers_.fetch_sub(1); }
    /// Counts out a connection that was admitted. \param is_stranger `has_spoken` was not called for it
    void release(boost::asio::ip::address const& peer, bool is_stranger = true);
    /// For a newcomer where all places are taken: asks a stranger whom another thread has to leave. Of some at a time only: they leave at the next tick.
    /// \return false where there is none
    bool ask_one_to_leave() noexcept;
    /// Whether one of this thread's strangers has to leave now; asked once for each.
    bool is_one_to_leave() noexcept;
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
    std::atomic<std::size_t> strangers_{0};  ///< among them: those who have not said anything yet
    std::atomic<std::size_t> asked_{0};  ///< of these, who have to leave
    std::mutex mutex_;
    std::map<boost::asio::ip::address, std::size_t> per_peer_;
    std::atomic<std::uint64_t> refused_{0};
    RareLine line_;
};

/// Admits a connection; where all places are taken, whoever has been silent for longest leaves for it.
/// \param connections of this thread, in the order in which they came: pointers to what has `is_stranger()` and `close()`
template <typename Connections>
bool admit(Admission& admission, boost::asio::ip::address const& peer, Connections const& connections)
{
    bool const is_full = admission.is_full();
    auto const stranger = [](auto const& one) { return one->is_stranger(); };
    auto const leaves = is_full ? std::ranges::find_if(connections, stranger) : connections.end();
    bool const is_here = leaves != connections.end();
    if (!admission.admit(peer, is_here || (is_full && admission.ask_one_to_leave())))
        return false;
    if (is_here)
        (*leaves)->close();
    return true;
}

/// Closes those strangers of a thread who have to leave for newcomers at others. At its tick.
template <typename Connections>
void make_room(Admission& admission, Connections const& connections)
{
    for (auto const& one : connections)
        if (one->is_stranger()) {
            if (!admission.is_one_to_leave())
                return;
            one->close();
        }
}

}  // namespace yihong::net
