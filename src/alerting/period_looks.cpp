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
    due_[record.site] = midnight;
}

std::vector<PeriodLook> PeriodLooks::take()
{
    std::vector<PeriodLook> looks;
    for (auto const& [site, midnight] : std::exchange(due_, {}))
        looks.push_back({site, midnight});
    return looks;
}

}  // namespace yihong
