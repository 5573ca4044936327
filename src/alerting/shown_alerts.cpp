#include "shown_alerts.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace yihong {
namespace {

bool comes_first(std::shared_ptr<Alert const> const& a, std::shared_ptr<Alert const> const& b)
{
    return std::tie(b->opened_at, a->id) < std::tie(a->opened_at, b->id);
}

}  // namespace

std::shared_ptr<Alert const> AlertBook::find(std::string_view id) const noexcept
{
    auto const found = std::ranges::find(alerts, id, [](auto const& alert) { return std::string_view{alert->id}; });
    return found == alerts.end() ? nullptr : *found;
}

void ShownAlerts::use(std::shared_ptr<World const> world)
{
    world_ = std::move(world);
    collection_changed_ = collection_anew_ = true;
}

void ShownAlerts::start_anew(KeptAlerts const& kept)
{
    book_anew_ = collection_anew_ = true;
    for (auto const& [id, alert] : kept.all())
        changed_sites_.insert(alert->site);
}

std::vector<std::shared_ptr<Alert const>> ShownAlerts::newest_first(KeptAlerts const& kept)
{
    std::vector<std::shared_ptr<Alert const>> alerts;
    if (book_anew_) {
        for (auto const& [id, alert] : kept.all())
            alerts.push_back(alert);
        std::ranges::sort(alerts, comes_first);
        return alerts;
    }
    alerts = book_.load()->alerts;
    if (auto const& left = kept.left(); !left.empty()) {
        std::erase_if(alerts, [&](auto const& alert) { return left.contains(alert->id); });
        if (!collection_anew_)
            collection_.take_out(left);
    }
    for (auto const& id : kept.changed()) {
        auto const alert = kept.find(id);
        auto const at = std::ranges::lower_bound(alerts, alert, comes_first);
        if (at != alerts.end() && (*at)->id == id)
            *at = alert;
        else
            alerts.insert(at, alert);
        if (!collection_anew_)
            collection_.put(alert);
    }
    return alerts;
}

void ShownAlerts::publish(KeptAlerts const& kept, KeptSilences const& silences, std::uint64_t steps)
{
    auto book = std::make_shared<AlertBook>();
    book->alerts = newest_first(kept);
    book->silences.assign(silences.all().begin(), silences.all().end());
    book->closed_since = kept.closed_since();
    book->steps = steps;
    for (auto const& id : kept.changed())
        changed_sites_.insert(kept.find(id)->site);
    book_.publish(std::move(book));
    book_anew_ = false;
    collection_changed_ = true;
}

std::shared_ptr<MemorySource const> ShownAlerts::collection(std::string version)
{
    collection_changed_ = false;
    if (std::exchange(collection_anew_, false))
        collection_.reset(world_, book_.load()->alerts);
    return collection_.published(std::move(version));
}

std::vector<SiteNumber> ShownAlerts::take_changed_sites()
{
    auto const sites = std::exchange(changed_sites_, {});
    return {sites.begin(), sites.end()};
}

}  // namespace yihong
