#include "yihong/ports/write_group.hpp"

#include <iterator>

namespace yihong {
namespace {

template <typename T>
void take(std::vector<T>& to, std::vector<T>&& from)
{
    if (to.empty())
        to = std::move(from);
    else
        to.insert(to.end(), std::move_iterator{from.begin()}, std::move_iterator{from.end()});
}

}  // namespace

void WriteGroup::add(WriteGroup&& other)
{
    take(records.added, std::move(other.records.added));
    take(records.superseded, std::move(other.records.superseded));
    take(records.came_late, std::move(other.records.came_late));
    take(records.withdrawn, std::move(other.records.withdrawn));
    take(records.newest, std::move(other.records.newest));
    take(evidence.quarantined, std::move(other.evidence.quarantined));
    take(evidence.cleared, std::move(other.evidence.cleared));
    take(evidence.frames, std::move(other.evidence.frames));
    take(outbox.added, std::move(other.outbox.added));
    take(outbox.done, std::move(other.outbox.done));
    take(journal, std::move(other.journal));
    take(alerts.changed, std::move(other.alerts.changed));
    take(alerts.silences, std::move(other.alerts.silences));
    take(alerts.silences_ended, std::move(other.alerts.silences_ended));
    take(sites, std::move(other.sites));
}

}  // namespace yihong
