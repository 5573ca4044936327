#include "period_watch.hpp"

#include "yihong/base/log.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace yihong {

PeriodWatch::PeriodWatch(std::shared_ptr<World const> world, LookAtPeriods look, std::chrono::milliseconds pause)
    : look_{std::move(look)}, world_{std::move(world)}, thread_{[this, pause](std::stop_token const& stop) { run(stop, pause); }}
{}

void PeriodWatch::committed(std::vector<PeriodLook> const& looks, std::shared_ptr<World const> const& new_world)
{
    if (looks.empty() && !new_world && taken_.empty())
        return;
    std::lock_guard const lock{mutex_};
    taken_.clear();
    if (new_world) {
        world_ = new_world;
        for (auto const& [look, findings] : std::exchange(found_, {}))        // by other rules
            look_again(look);
    }
    for (auto const& look : looks)
        put(look);
    if (!due_.empty())
        change_.notify_one();
}

void PeriodWatch::put(PeriodLook const& look)
{
    auto& due = due_[look.site];
    due.site = look.site;
    due.midnight = std::max(due.midnight, look.midnight);
    due.marks.insert(due.marks.end(), look.marks.begin(), look.marks.end());
}

void PeriodWatch::look_again(PeriodLook const& look)
{
    if (!look.marks.empty())
        put(look);
}

std::vector<PeriodWatch::Found> PeriodWatch::take()
{
    std::lock_guard const lock{mutex_};
    taken_ = std::exchange(found_, {});
    return taken_;
}

void PeriodWatch::lost() noexcept
{
    std::lock_guard const lock{mutex_};
    found_.insert(found_.begin(), taken_.begin(), taken_.end());
    taken_.clear();
}

void PeriodWatch::run(std::stop_token const& stop, std::chrono::milliseconds pause)
{
    std::unique_lock lock{mutex_};
    while (change_.wait(lock, stop, [&] { return !due_.empty(); })) {
        (void)change_.wait_for(lock, stop, pause, [] { return false; });
        auto due = std::exchange(due_, {});
        for (auto const& [site, look] : due) {
            if (stop.stop_requested())
                return;
            auto const world = world_;
            lock.unlock();
            std::vector<PeriodFinding> findings;
            bool failed = false;
            try {
                if (auto const* of = world->sites->numbered(site))
                    findings = look_(*world, static_cast<std::size_t>(of - world->sites->all().data()), look.midnight);
            } catch (std::exception const& failure) {
                log::warning("periods_not_read", {{"detail", failure.what()}});
                failed = true;
            }
            lock.lock();
            if (failed)
                put(look);                                 // once more after the pause: no record may come for it today
            else if (world != world_)
                look_again(look);
            else if (!findings.empty())
                found_.push_back({look, std::move(findings)});
        }
    }
}

}  // namespace yihong
