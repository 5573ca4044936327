#include "split_times.hpp"

#include <algorithm>

namespace yihong::gateway {

void SplitTimes::remember(hj212::Segment const& part, std::string_view data_time)
{
    if (part.qn.empty() || data_time.empty())
        return;
    auto const known = std::ranges::find_if(entries_, [&](Entry const& entry) { return entry.is_of(part); });
    if (known != entries_.end()) {
        known->data_time = data_time;
        return;
    }
    if (entries_.size() == kept)
        entries_.erase(entries_.begin());
    entries_.push_back({std::string{part.mn}, std::string{part.qn}, part.cn, std::string{data_time}});
}

std::string_view SplitTimes::find(hj212::Segment const& part) const noexcept
{
    auto const known = std::ranges::find_if(entries_, [&](Entry const& entry) { return entry.is_of(part); });
    return known == entries_.end() || part.qn.empty() ? std::string_view{} : std::string_view{known->data_time};
}

}  // namespace yihong::gateway
