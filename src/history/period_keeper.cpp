#include "yihong/history/period_keeper.hpp"

#include "yihong/periods/calendar.hpp"

#include <algorithm>

namespace yihong {

void PeriodKeeper::Extent::widen(UtcTime time)
{
    if (months.contains(time) && months.begin)
        return;
    auto const month = period_of(PeriodKind::month, time);
    auto const last = month.end - std::chrono::milliseconds{1};
    months.begin = months.begin ? std::min(*months.begin, month.begin) : month.begin;
    months.end = months.end ? std::max(*months.end, last) : last;
    changed = true;
}

PeriodKeeper::PeriodKeeper(PeriodMaterials const& materials, CurrentState const& state) : materials_{materials}, world_{state.world.load()}
{
    HistoryQuery oldest;
    oldest.limit = 1;
    for (auto* extent : {&water_, &air_}) {
        oldest.sites.clear();
        for (auto const& site : world_->sites->all())
            if (extent_of(site) == extent)
                oldest.sites.push_back(site.number);
        if (!oldest.sites.empty())
            materials_.records.visit_history(oldest, [&](Record const& record) { return extent->widen(record.time), true; });
    }
    for (auto const& newest : materials_.records.newest({}))
        if (auto const* site = world_->sites->numbered(newest.site))
            if (auto* extent = extent_of(*site))
                extent->widen(newest.time);
}

PeriodKeeper::Extent* PeriodKeeper::extent_of(Site const& site) noexcept
{
    return is_water(site.kind) ? &water_ : site.kind == SiteKind::air_station ? &air_ : nullptr;
}

void PeriodKeeper::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    if (taken.withdrawn)
        return;
    auto const* site = group.world().sites->numbered(taken.record.site);
    if (auto* extent = site ? extent_of(*site) : nullptr)
        extent->widen(taken.record.time);
}

void PeriodKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        world_ = made.new_world;
    for (auto const what : all_periods_of) {
        auto const& extent = what == PeriodOf::air_station ? air_ : water_;
        if (extent.changed || made.new_world)
            made.network.show(make_period_source(what, world_, extent.months, materials_));
    }
    water_.changed = air_.changed = false;
}

}  // namespace yihong
