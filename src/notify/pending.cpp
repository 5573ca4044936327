#include "pending.hpp"

#include <algorithm>
#include <utility>

namespace yihong::notify {
namespace {

constexpr std::size_t merged_limit = 20;           // sections that people still read

}  // namespace

std::chrono::milliseconds backoff(int tries, std::chrono::milliseconds shortest, std::chrono::milliseconds longest,
                                  std::minstd_rand& random)
{
    auto most = shortest;
    for (int i = 1; i < tries && most < longest; ++i)
        most *= 2;
    most = std::min(most, longest);
    return std::chrono::milliseconds{std::uniform_int_distribution<std::int64_t>{most.count() / 10, most.count()}(random)};
}

void Pending::list(std::string const& alert)
{
    auto const found = alerts_.find(alert);
    if (found == alerts_.end())
        return;
    if (found->second.empty())
        alerts_.erase(found);
    else
        waiting_.emplace(found->second.front().due, found->second.front().id, alert);
}

void Pending::add(std::uint64_t id, std::string alert, std::string river, Clock::time_point now, int tries)
{
    Item item{id, alert, std::move(river), tries, false, now};
    if (group_wait_.count() == 0)
        item.river.clear();
    if (!item.river.empty())
        item.due = groups_.try_emplace(item.river, now + group_wait_).first->second;
    auto [at, is_new] = alerts_.try_emplace(alert);
    at->second.push_back(std::move(item));
    ++size_;
    if (is_new)
        list(alert);
}

void Pending::move_front(std::string const& alert, std::string const& river, std::vector<Item>& to)
{
    auto& items = alerts_.at(alert);
    do {
        to.push_back(std::move(items.front()));
        items.pop_front();
        --size_;
    } while (!river.empty() && !items.empty() && items.front().river == river && to.size() < merged_limit);
}

std::vector<Pending::Item> Pending::take(Clock::time_point now)
{
    while (!waiting_.empty() && std::get<0>(*waiting_.begin()) <= now) {
        auto const alert = std::get<2>(*waiting_.begin());
        waiting_.erase(waiting_.begin());
        auto const& first = alerts_.at(alert).front();
        ready_.emplace(first.tries, first.id, alert);
    }
    std::vector<Item> taken;
    if (ready_.empty())
        return taken;
    auto const alert = std::get<2>(*ready_.begin());
    ready_.erase(ready_.begin());
    auto const river = alerts_.at(alert).front().river;
    move_front(alert, river, taken);
    if (river.empty())
        return taken;
    groups_.erase(river);
    for (auto at = ready_.begin(); at != ready_.end() && taken.size() < merged_limit;) {
        auto const other = std::get<2>(*at);
        if (alerts_.at(other).front().river != river) {
            ++at;
            continue;
        }
        at = ready_.erase(at);
        move_front(other, river, taken);
    }
    std::ranges::sort(taken, {}, &Item::id);
    return taken;
}

void Pending::settle(std::vector<Item> const& items)
{
    std::set<std::string> alerts;
    for (auto const& item : items)
        alerts.insert(item.alert);
    for (auto const& alert : alerts)
        list(alert);
}

void Pending::put_back(std::vector<Item> items)
{
    auto const again = items;
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
        alerts_.at(item->alert).push_front(std::move(*item));
        ++size_;
    }
    settle(again);
}

void Pending::receiver_is_back(Clock::time_point now)
{
    std::set<Waiting> still;
    for (auto const& waiting : std::exchange(waiting_, {})) {
        auto& first = alerts_.at(std::get<2>(waiting)).front();
        if (first.unreachable)
            first.due = std::min(first.due, now);
        still.emplace(first.due, first.id, std::get<2>(waiting));
    }
    waiting_ = std::move(still);
}

std::optional<Pending::Clock::time_point> Pending::next_due() const
{
    if (!ready_.empty())
        return Clock::time_point{};
    return waiting_.empty() ? std::nullopt : std::optional{std::get<0>(*waiting_.begin())};
}

}  // namespace yihong::notify
