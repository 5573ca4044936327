#include "site_watches.hpp"

#include "yihong/evaluate/duty.hpp"

#include <algorithm>

namespace yihong {

void SiteWatches::use(std::shared_ptr<World const> world)
{
    world_ = std::move(world);
    auto const before = std::exchange(watches_, {});
    rules_.clear();
    auto const& sites = world_->sites->all();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        SiteWatch watch{.index = i,
                        .rules = shared_rules(rules_for(*world_->alerts, sites[i], world_->facts[i], world_->standards->parameters())),
                        .heard = {},
                        .items = {},
                        .memories = {}};
        if (auto const known = before.find(sites[i].number); known != before.end()) {
            watch.heard = known->second.heard;
            watch.items = known->second.items;
        }
        watches_.emplace(sites[i].number, std::move(watch));
    }
    by_number_.assign(watches_.empty() ? 0 : watches_.rbegin()->first + 1U, nullptr);
    for (auto& [number, watch] : watches_)
        by_number_[number] = &watch;
}

std::span<CompiledRule const> SiteWatches::shared_rules(std::vector<CompiledRule> rules)
{
    std::vector<AlertRule const*> key;
    for (auto const& compiled : rules)
        key.push_back(compiled.rule);
    return rules_.try_emplace(std::move(key), std::move(rules)).first->second;
}

void SiteWatches::heard(Record const& newest)
{
    auto* watch = newest.site < by_number_.size() ? by_number_[newest.site] : nullptr;
    if (!watch || !world_->sites->all()[watch->index].judges(newest.interval))
        return;
    auto& last = watch->heard;
    if (!last || newest.time >= last->time || newest.received_at > last->received_at)
        last = heard_after(last, newest);
    watch->items.take(newest);
}

void SiteWatches::none_heard_after(UtcTime now) noexcept
{
    for (auto& [number, watch] : watches_)
        if (watch.heard && watch.heard->received_at > now) {
            watch.heard->received_at = now;
            watch.heard->status_since = std::min(watch.heard->status_since, now);
        }
}

void SiteWatches::forget_heard(SiteNumber site)
{
    if (auto* watch = site < by_number_.size() ? by_number_[site] : nullptr) {
        watch->heard.reset();
        watch->items = {};
    }
}

void SiteWatches::remember(Record const& record, Record const* before)
{
    auto* watch = record.site < by_number_.size() ? by_number_[record.site] : nullptr;
    if (!watch)
        return;
    for (auto& [interval, memory] : watch->memories)
        if (interval == record.interval && !memory.is_empty())
            memory.take(input(*watch), record, before);
}

SeriesMemory& SiteWatches::memory(SiteNumber site, IntervalKind interval)
{
    auto& memories = by_number_[site]->memories;
    for (auto& [of, memory] : memories)
        if (of == interval)
            return memory;
    return memories.emplace_back(interval, SeriesMemory{}).second;
}

void SiteWatches::forget_memories() noexcept
{
    for (auto& [number, watch] : watches_)
        watch.memories.clear();
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
