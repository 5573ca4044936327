#include "yihong/history/month_keeper.hpp"

#include "yihong/base/log.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace yihong {
namespace {

/// The months of a year that begins then.
std::vector<Period> year_from(UtcTime begin)
{
    std::vector<Period> months;
    for (auto month = period_of(PeriodKind::month, begin); months.size() < MonthKeeper::months_a_year;
         month = period_of(PeriodKind::month, month.end))
        months.push_back(month);
    return months;
}

}  // namespace

MonthKeeper::MonthKeeper(SectionMonths& months, std::shared_ptr<World const> world, std::chrono::milliseconds pause, Ahead ahead,
                         AirMonths* air)
    : months_{months}, air_{air}, world_{std::move(world)}, from_{ahead}, looks_ahead_{ahead.records != nullptr},
      thread_{[this, pause](std::stop_token const& stop) { run(stop, pause); }}
{}

void MonthKeeper::committed(CommitMade const& made)
{
    if (made.new_world) {
        months_.clear();
        if (air_)
            air_->clear();
    }
    bool any = take(made.group.records.added);
    any |= take(made.group.records.superseded);                // a sample may have been planned for another month
    any |= take(made.group.records.withdrawn);
    if (!made.new_world && !any)
        return;
    std::lock_guard const lock{mutex_};
    if (made.new_world) {
        world_ = made.new_world;
        looks_ahead_ = from_.records != nullptr;
    }
    changed_ = changed_ || any;
    if (any || looks_ahead_)
        change_.notify_one();
}

bool MonthKeeper::take(std::span<Record const> records)
{
    bool const any = months_.changed(records);
    return (air_ && air_->changed(records)) || any;
}

void MonthKeeper::run(std::stop_token const& stop, std::chrono::milliseconds pause)
{
    std::unique_lock lock{mutex_};
    while (change_.wait(lock, stop, [&] { return changed_ || looks_ahead_ || !ahead_.empty(); }) && !stop.stop_requested()) {
        try {
            if (changed_)
                refresh(lock, stop, pause);
            else if (looks_ahead_)
                look_ahead(lock);
            else
                read_ahead(lock, stop);
        } catch (std::exception const& failure) {
            log::warning("months_not_read", {{"detail", failure.what()}});
            if (!lock.owns_lock())
                lock.lock();
            ahead_.clear();                                // whoever asks reads it
        }
    }
}

void MonthKeeper::refresh(std::unique_lock<std::mutex>& lock, std::stop_token const& stop, std::chrono::milliseconds pause)
{
    (void)change_.wait_for(lock, stop, pause, [] { return false; });
    if (stop.stop_requested())
        return;
    changed_ = false;
    auto const world = world_;
    lock.unlock();
    months_.refresh(world->standards->parameters(), stop);
    if (air_)
        air_->refresh(*world->standards, stop);
    lock.lock();
}

void MonthKeeper::look_ahead(std::unique_lock<std::mutex>& lock)
{
    looks_ahead_ = false;
    auto const world = world_;
    lock.unlock();
    std::map<SiteNumber, UtcTime> newest;
    for (auto const& record : from_.records->newest({}))
        if (auto const* site = world->sites->numbered(record.site);
            site && (is_water(site->kind) || (air_ && site->kind == SiteKind::air_station))) {
            auto& last = newest.try_emplace(record.site, record.time).first->second;
            last = std::max(last, record.time);
        }
    std::vector<Year> all;
    for (int back = years_ahead; back > 0; --back)  // the last is next: whoever asks for all sites meanwhile begins with the first
        for (auto const& site : world->sites->all())
            if (auto const last = newest.find(site.number); last != newest.end())
                all.push_back({site.number, last_months(period_of(PeriodKind::month, last->second), back * months_a_year).begin});
    lock.lock();
    ahead_ = std::move(all);
}

void MonthKeeper::read_ahead(std::unique_lock<std::mutex>& lock, std::stop_token const& stop)
{
    auto const [number, begin] = ahead_.back();
    ahead_.pop_back();
    auto const world = world_;
    auto const* site = world->sites->numbered(number);
    if (!site || !has_room(site->kind))
        return;
    lock.unlock();
    auto const months = year_from(begin);
    auto const started = std::chrono::steady_clock::now();
    if (is_water(site->kind))
        (void)months_.get(number, months, from_.settings->load()->validity, world->standards->parameters());
    else
        for (auto const& month : months)
            (void)air_->get(number, month, *world->standards);
    auto const took = std::chrono::steady_clock::now() - started;
    lock.lock();
    if (!months_.is_reading())  // else somebody waits, and comes to these months, too
        (void)change_.wait_for(lock, stop, took, [&] { return changed_; });
}

bool MonthKeeper::has_room(SiteKind kind) const
{
    auto const enough = [](std::size_t limit) { return limit / 4 * 3; };  // nothing that somebody asked for has to leave for it
    return is_water(kind) ? months_.bytes() < enough(SectionMonths::usual_limit) : air_ && air_->bytes() < enough(AirMonths::usual_limit);
}

}  // namespace yihong
