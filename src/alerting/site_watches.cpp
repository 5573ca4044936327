#include "site_watches.hpp"

#include "yihong/evaluate/duty.hpp"

#include <algorithm>

namespace yihong {

void SiteWatches::use(std::shared_ptr<World const> world)
{
    world_ = std::move(world);
    auto const before = std::exchange(watches_, {});
    auto const& sites = world_->sites->all();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        SiteWatch watch{.index = i,
                        .rules = rules_for(*world_->alerts, sites[i], world_->facts[i], world_->standards->parameters()),
                        .heard = {},
                        .items = {}};
        if (auto const known = before.find(sites[i].number); known != before.end()) {
            watch.heard = known->second.heard;
            watch.items = known->second.items;
        }
        watches_.emplace(sites[i].number, std::move(watch));
    }
}

void SiteWatches::heard(Record const& newest)
{
    auto const found = watches_.find(newest.site);
    if (found == watches_.end() || !world_->sites->all()[found->second.index].judges(newest.interval))
        return;
    auto& last = found->second.heard;
    if (!last || newest.time >= last->time || newest.received_at > last->received_at)
        last = heard_after(last, newest);
    found->second.items.take(newest);
}

SiteWatch const* SiteWatches::find(SiteNumber site) const
{
    auto const found = watches_.find(site);
    return found == watches_.end() ? nullptr : &found->second;
}

AlertStepInput SiteWatches::input(SiteWatch const& watch) const
{
    auto const* site = &world_->sites->all()[watch.index];
    auto const* facts = &world_->facts[watch.index];
    AlertStepInput input{.rules = watch.rules, .site = site, .standards = world_->standards.get(), .excluded = {}};
    if (!world_->alerts->maintenance.empty())
        input.excluded = [plan = world_->alerts.get(), site, facts](UtcTime time) { return in_maintenance(*plan, *site, *facts, time); };
    return input;
}

std::optional<UtcTime> SiteWatches::last_data() const
{
    std::optional<UtcTime> last;
    for (auto const& [number, watch] : watches_)
        if (watch.heard && is_live(*watch.heard))
            last = std::max(last.value_or(watch.heard->received_at), watch.heard->received_at);
    return last;
}

}  // namespace yihong
