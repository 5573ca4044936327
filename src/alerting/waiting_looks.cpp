#include "waiting_looks.hpp"

#include <algorithm>
#include <utility>

namespace yihong {

RecordsBack WaitingLook::up_to(UtcTime time) const
{
    std::size_t newer = 0;
    for (auto const* record = back(0); record && record->time > time; record = back(newer))
        ++newer;
    return newer == 0 ? back : [this, newer](std::size_t i) { return back(i + newer); };
}

WaitingLook* WaitingLooks::find(SiteNumber site, IntervalKind interval)
{
    auto const found = by_site_.find(site);
    if (found == by_site_.end())
        return nullptr;
    for (auto const at : found->second)
        if (looks_[at].interval == interval)
            return &looks_[at];
    return nullptr;
}

WaitingLook& WaitingLooks::add(WaitingLook look)
{
    by_site_[look.site].push_back(looks_.size());
    return looks_.emplace_back(std::move(look));
}

std::vector<WaitingLook> WaitingLooks::take_of(SiteNumber site)
{
    std::vector<WaitingLook> taken;
    auto const found = by_site_.find(site);
    if (found == by_site_.end())
        return taken;
    for (auto const at : found->second)
        taken.push_back(std::exchange(looks_[at], {}));
    by_site_.erase(found);
    return taken;
}

std::vector<WaitingLook> WaitingLooks::take_all()
{
    auto all = std::exchange(looks_, {});
    by_site_.clear();
    std::erase_if(all, [](WaitingLook const& look) { return !look.back; });
    return all;
}

bool WaitingLooks::has_other(SiteNumber site, UtcTime received_at) const
{
    auto const found = by_site_.find(site);
    return found != by_site_.end() && looks_[found->second.front()].received_at != received_at;
}

void WaitingLooks::clear() noexcept
{
    looks_.clear();
    by_site_.clear();
}

}  // namespace yihong
