#include "kept_alerts.hpp"

#include "yihong/base/log.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace yihong {
namespace {

class NoSite final : public SiteCondition {
public:
    [[nodiscard]] bool covers(Site const&, OverlayFacts const&) const override { return false; }
};

std::shared_ptr<SiteCondition const> condition_of(Silence const& silence, MakeScopeFilter const& make_filter)
{
    auto made = make_filter ? make_filter(silence.filter.text) : Result<ScopeFilter>{fail(Errc::unsupported, "nobody makes filters here")};
    if (made)
        return std::move(made->condition);
    log::warning("silence_filter_refused", {{"silence", silence.id}, {"filter", silence.filter.text}, {"detail", made.error().detail}});
    return std::make_shared<NoSite const>();               // rather told than kept quiet
}

}  // namespace

void KeptAlerts::load(Alerts const& store, UtcTime closed_since)
{
    alerts_.clear();
    newest_.clear();
    closed_.clear();
    closed_since_ = closed_since;
    forget_changes();
    auto known = store.open_alerts();
    std::ranges::move(store.closed_alerts({.after = {}, .since = closed_since, .limit = SIZE_MAX}), std::back_inserter(known));
    for (auto& alert : known)
        add(std::make_shared<Alert const>(std::move(alert)));
}

std::shared_ptr<Alert const> KeptAlerts::find(std::string_view id) const
{
    auto const found = alerts_.find(id);
    return found == alerts_.end() ? nullptr : found->second;
}

std::shared_ptr<Alert const> KeptAlerts::newest(SiteNumber site, AlertFamily family) const
{
    auto const found = newest_.find(site);
    return found == newest_.end() ? nullptr : found->second[static_cast<std::size_t>(family)];
}

bool KeptAlerts::has_causes(SiteNumber site) const
{
    auto const found = newest_.find(site);
    return found != newest_.end() && std::ranges::any_of(found->second, [](auto const& alert) { return alert && !alert->causes.empty(); });
}

void KeptAlerts::put(Alert alert)
{
    auto const id = alert.id;
    add(std::make_shared<Alert const>(std::move(alert)));
    changed_.insert(id);
    left_.erase(id);
}

std::vector<std::string> KeptAlerts::let_go(UtcTime closed_before)
{
    std::vector<std::string> ids;
    for (auto const& [time, id] : closed_) {
        if (time >= closed_before)
            break;
        if (!changed_.contains(id))                // the commit under way has yet to take it; its turn is the next time
            ids.push_back(id);
    }
    for (auto const& id : ids)
        remove(id);
    left_.insert(ids.begin(), ids.end());
    closed_since_ = std::max(closed_since_, closed_before);
    return ids;
}

void KeptAlerts::forget_changes() noexcept
{
    changed_.clear();
    left_.clear();
}

void KeptAlerts::add(std::shared_ptr<Alert const> alert)
{
    auto& place = alerts_[alert->id];
    if (place && place->state == AlertState::closed)
        closed_.erase({time_closed(*place), place->id});
    if (alert->state == AlertState::closed)
        closed_.emplace(time_closed(*alert), alert->id);
    auto& newest = newest_[alert->site][static_cast<std::size_t>(alert->family)];
    if (!newest || newest->opened_at <= alert->opened_at)
        newest = alert;
    place = std::move(alert);
}

void KeptAlerts::remove(std::string_view id)
{
    auto const found = alerts_.find(id);
    auto const& alert = *found->second;
    closed_.erase({time_closed(alert), alert.id});
    if (auto& newest = newest_[alert.site][static_cast<std::size_t>(alert.family)]; newest && newest->id == id)
        newest.reset();
    alerts_.erase(found);
}

void KeptSilences::load(Alerts const& store, MakeScopeFilter const& make_filter)
{
    silences_ = store.silences();
    for (auto& silence : silences_)
        if (!silence.filter.text.empty())
            silence.filter.condition = condition_of(silence, make_filter);
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
