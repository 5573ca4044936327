#include "kept_alerts.hpp"

#include <algorithm>

namespace yihong {

void KeptAlerts::load(Alerts const& store)
{
    alerts_.clear();
    newest_.clear();
    changed_.clear();
    auto known = store.open_alerts();
    std::ranges::move(store.closed_alerts({.after = {}, .limit = SIZE_MAX}), std::back_inserter(known));
    for (auto& alert : known) {
        auto& newest = newest_[{alert.site, alert.family}];
        if (newest.empty() || alerts_.at(newest)->opened_at <= alert.opened_at)
            newest = alert.id;
        auto const id = alert.id;
        alerts_[id] = std::make_shared<Alert const>(std::move(alert));
    }
}

std::shared_ptr<Alert const> KeptAlerts::find(std::string_view id) const
{
    auto const found = alerts_.find(id);
    return found == alerts_.end() ? nullptr : found->second;
}

std::shared_ptr<Alert const> KeptAlerts::newest(SiteNumber site, AlertFamily family) const
{
    auto const found = newest_.find({site, family});
    return found == newest_.end() ? nullptr : alerts_.at(found->second);
}

void KeptAlerts::put(Alert alert)
{
    auto kept = std::make_shared<Alert const>(std::move(alert));
    auto const [place, is_new] = alerts_.insert_or_assign(kept->id, kept);
    if (is_new)
        newest_[{kept->site, kept->family}] = kept->id;
    changed_.insert(place->first);
}

void KeptSilences::load(Alerts const& store)
{
    silences_ = store.silences();
    std::ranges::sort(silences_, {}, &Silence::id);
    changed_ = true;
}

void KeptSilences::put(Silence silence)
{
    auto const at = std::ranges::lower_bound(silences_, silence.id, {}, &Silence::id);
    if (at != silences_.end() && at->id == silence.id)
        *at = std::move(silence);
    else
        silences_.insert(at, std::move(silence));
    changed_ = true;
}

bool KeptSilences::take_out(std::string_view id)
{
    bool const found = std::erase_if(silences_, [&](Silence const& silence) { return silence.id == id; }) > 0;
    changed_ = changed_ || found;
    return found;
}

std::vector<std::string> KeptSilences::take_out_over(UtcTime now)
{
    std::vector<std::string> ids;
    for (auto const& silence : silences_)
        if (silence.end <= now)
            ids.push_back(silence.id);
    for (auto const& id : ids)
        take_out(id);
    return ids;
}

}  // namespace yihong
