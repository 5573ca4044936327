#include "period_looks.hpp"

#include "yihong/evaluate/period_findings.hpp"

#include <utility>

namespace yihong {

void PeriodLooks::note(SiteWatch const& watch, Record const& record, UtcTime received_at)
{
    if (!ask_for_periods(watch.rules))
        return;
    auto const midnight = beijing_midnight(beijing_date(received_at));
    auto& looked = looked_[record.site];
    if (looked >= midnight && record.time >= midnight)
        return;
    looked = midnight;
    due_[record.site].midnight = midnight;
}

void PeriodLooks::note(SiteWatch const& watch, SiteNumber site, std::shared_ptr<PeriodMark const> mark, UtcTime now)
{
    if (!ask_for_periods(watch.rules))
        return;
    auto& look = due_[site];
    look.midnight = beijing_midnight(beijing_date(now));
    look.marks.push_back(std::move(mark));
}

std::vector<PeriodLook> PeriodLooks::take()
{
    std::vector<PeriodLook> looks;
    for (auto& [site, look] : std::exchange(due_, {}))
        looks.push_back({site, look.midnight, std::move(look.marks)});
    return looks;
}

}  // namespace yihong
