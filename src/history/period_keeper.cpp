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
    for (auto const what : {PeriodOf::section, PeriodOf::air_station, PeriodOf::outfall}) {
        auto const data = period_data(what, *world_, materials_.records);
        for (auto const& end : {data.begin, data.end})
            if (end)
                extent_of(kind_of(what)).widen(*end);
    }
}

void PeriodKeeper::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    if (taken.withdrawn)
        return;
    if (auto const* site = group.world().sites->numbered(taken.record.site))
        extent_of(site->kind).widen(taken.record.time);
}

void PeriodKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        world_ = made.new_world;
    for (auto const what : all_periods_of) {
        auto const& extent = extent_of(kind_of(what));
        if (extent.changed || made.new_world)
            made.network.show(make_period_source(what, world_, extent.months, materials_));
    }
    for (auto& extent : extents_)
        extent.changed = false;
}

}  // namespace yihong
