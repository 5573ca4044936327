#include "yihong/forward/selection.hpp"

#include "yihong/forward/forwarder.hpp"

#include <algorithm>

namespace yihong::forward {

Selection::Selection(std::vector<Forward> const& forwards, Sites& sites)
{
    for (auto const& forward : forwards) {
        auto numbers = forward.sites.empty() ? std::vector<SiteNumber>{} : sites.number_sites(forward.sites);
        std::ranges::sort(numbers);
        wishes_.push_back({queue_of(forward.id), std::move(numbers), forward.intervals});
    }
}

void Selection::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    auto const& record = taken.record;
    if (taken.withdrawn)                           // a platform knows no way to take a record back
        return;
    for (auto const& wish : wishes_) {
        bool const wanted = std::ranges::find(wish.intervals, record.interval) != wish.intervals.end() &&
                            (wish.sites.empty() || std::ranges::binary_search(wish.sites, record.site));
        if (wanted)
            group.share().outbox.added.push_back(
                {0, wish.queue, to_payload({record.site, record.interval, record.time, record.received_at})});
    }
}

}  // namespace yihong::forward
