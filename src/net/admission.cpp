#include "yihong/net/admission.hpp"

namespace yihong::net {

std::string Admission::key_of(boost::asio::ip::address const& peer) const
{
    if (peer.is_v4())
        return peer.to_string();
    auto const bytes = peer.to_v6().to_bytes();
    return {bytes.begin(), bytes.begin() + limits_.ipv6_prefix / 8};
}

bool Admission::admit(boost::asio::ip::address const& peer)
{
    if (open_.fetch_add(1) >= limits_.total) {
        open_.fetch_sub(1);
        return false;
    }
    if (is_exempt(peer))
        return true;
    std::lock_guard const lock{mutex_};
    auto& count = per_peer_[key_of(peer)];
    if (count >= limits_.per_peer) {
        if (count == 0)
            per_peer_.erase(key_of(peer));
        open_.fetch_sub(1);
        return false;
    }
    ++count;
    return true;
}

void Admission::release(boost::asio::ip::address const& peer)
{
    open_.fetch_sub(1);
    if (is_exempt(peer))
        return;
    std::lock_guard const lock{mutex_};
    auto const found = per_peer_.find(key_of(peer));
    if (--found->second == 0)
        per_peer_.erase(found);
}

}  // namespace yihong::net
