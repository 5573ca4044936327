#include "attempts.hpp"

#include <algorithm>
#include <iterator>

namespace yihong::http {

std::chrono::seconds Attempts::wait_of(std::string_view peer, Clock::time_point now)
{
    std::lock_guard const lock{mutex_};
    auto const found = by_peer_.find(peer);
    if (found == by_peer_.end() || found->second.failures < most_ || found->second.until <= now)
        return std::chrono::seconds{0};
    return std::chrono::ceil<std::chrono::seconds>(found->second.until - now);
}

void Attempts::failed(std::string_view peer, Clock::time_point now)
{
    std::lock_guard const lock{mutex_};
    if (by_peer_.size() >= most_peers)
        forget_old(now);
    auto& count = by_peer_[std::string{peer}];
    if (count.until <= now)
        count = {0, now + window_};
    ++count.failures;
}

void Attempts::forget_old(Clock::time_point now)
{
    std::erase_if(by_peer_, [&](auto const& entry) { return entry.second.until <= now; });
    if (by_peer_.size() >= most_peers)                     // thousands of addresses at once: the one that is over first goes
        by_peer_.erase(std::ranges::min_element(by_peer_, {}, [](auto const& entry) { return entry.second.until; }));
}

}  // namespace yihong::http
