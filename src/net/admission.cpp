#include "yihong/net/admission.hpp"

#include "yihong/base/log.hpp"

namespace yihong::net {

bool Admission::admit(boost::asio::ip::address const& peer, bool one_leaves)
{
    if (open_.fetch_add(1) >= limits_.total && !one_leaves) {
        open_.fetch_sub(1);
        return false;
    }
    strangers_.fetch_add(1);
    if (is_exempt(peer))
        return true;
    std::lock_guard const lock{mutex_};
    auto const source = source_of(peer);
    auto& count = per_peer_[source];
    if (count >= limits_.per_peer) {
        if (count == 0)
            per_peer_.erase(source);
        open_.fetch_sub(1);
        strangers_.fetch_sub(1);
        return false;
    }
    ++count;
    return true;
}

void Admission::release(boost::asio::ip::address const& peer, bool is_stranger)
{
    open_.fetch_sub(1);
    if (is_stranger)
        strangers_.fetch_sub(1);
    if (is_exempt(peer))
        return;
    std::lock_guard const lock{mutex_};
    auto const found = per_peer_.find(source_of(peer));
    if (--found->second == 0)
        per_peer_.erase(found);
}

bool Admission::ask_one_to_leave() noexcept
{
    constexpr std::size_t most = 16;                   // above the limit for a moment
    auto asked = asked_.load();
    while (asked < most && asked < strangers_.load())
        if (asked_.compare_exchange_weak(asked, asked + 1))
            return true;
    return false;
}

bool Admission::is_one_to_leave() noexcept
{
    if (open() <= limits_.total)                       // others have left by themselves
        asked_ = 0;
    auto asked = asked_.load();
    while (asked > 0)
        if (asked_.compare_exchange_weak(asked, asked - 1))
            return true;
    return false;
}

void Admission::refuse(boost::asio::ip::address const& peer, std::string_view event)
{
    ++refused_;
    if (auto const since = line_.count(); since > 0)
        log::warning(event, {{"peer", peer.to_string()},
                             {"reason", is_full() ? "all connections are taken" : "its source has as many as it may"},
                             {"open", open()},
                             {"since_last_line", since}});
}

}  // namespace yihong::net
