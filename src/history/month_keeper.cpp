#include "yihong/history/month_keeper.hpp"

#include "yihong/base/log.hpp"

#include <exception>
#include <utility>

namespace yihong {

MonthKeeper::MonthKeeper(SectionMonths& months, std::shared_ptr<World const> world, std::chrono::milliseconds pause)
    : months_{months}, world_{std::move(world)}, thread_{[this, pause](std::stop_token const& stop) { run(stop, pause); }}
{}

void MonthKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        months_.clear();
    bool any = months_.changed(made.group.records.added);
    any |= months_.changed(made.group.records.superseded);     // a sample may have been planned for another month
    any |= months_.changed(made.group.records.withdrawn);
    if (!made.new_world && !any)
        return;
    std::lock_guard const lock{mutex_};
    if (made.new_world)
        world_ = made.new_world;
    if (!any)
        return;
    changed_ = true;
    change_.notify_one();
}

void MonthKeeper::run(std::stop_token const& stop, std::chrono::milliseconds pause)
{
    std::unique_lock lock{mutex_};
    while (change_.wait(lock, stop, [&] { return changed_; })) {
        (void)change_.wait_for(lock, stop, pause, [] { return false; });
        if (stop.stop_requested())
            return;
        changed_ = false;
        auto const world = world_;
        lock.unlock();
        try {
            months_.refresh(world->standards->parameters(), stop);
        } catch (std::exception const& failure) {
            log::warning("months_not_read", {{"detail", failure.what()}});
        }
        lock.lock();
    }
}

}  // namespace yihong
