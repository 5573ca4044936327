#include "refill.hpp"

#include "yihong/base/log.hpp"

#include <fmt/format.h>

namespace yihong::gateway {
namespace {

constexpr int periods_at_once = 24;
constexpr int stations_at_once = 8;

}  // namespace

void AskedPeriods::ask(Gap const& gap, std::chrono::minutes length, UtcTime now)
{
    for (auto starts = gap.first; starts <= gap.last; starts += length) {
        auto& times = periods_[starts];
        ++times.count;
        times.last = now;
    }
}

std::vector<UtcTime> AskedPeriods::resting(UtcTime now) const
{
    std::vector<UtcTime> all;
    for (auto const& [starts, times] : periods_)
        if (times.count >= most_times || now - times.last < again_after)
            all.push_back(starts);
    return all;
}

void AskedPeriods::forget_before(UtcTime first) { periods_.erase(periods_.begin(), periods_.lower_bound(first)); }

Refill::Refill(GatewayOptions const& options, Writer& writer, Records const& records, Snapshot<DeviceBook> const& book,
               StatusBoard const& board, CommandDesk& desk)
    : options_{options}, writer_{writer}, records_{records}, book_{book}, board_{board}, desk_{desk}
{}

Refill::~Refill() { stop(); }

void Refill::start()
{
    if (options_.refill_days > 0)
        thread_ = std::thread{[this] { run(); }};
}

void Refill::stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void Refill::run()
{
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            if (wake_.wait_for(lock, options_.refill_interval, [&] { return stopping_; }))
                return;
        }
        try {
            look(utc_now());
        } catch (std::exception const& problem) {
            log::warning("refill_failed", {{"detail", problem.what()}});       // the store; the next look tries again
        }
    }
}

void Refill::look(UtcTime now)
{
    auto const book = book_.load();
    for (auto const& known : book->all()) {
        {
            std::lock_guard const lock{mutex_};
            if (stopping_)
                return;
        }
        look_at(known, now);
    }
}

void Refill::look_at(KnownDevice const& known, UtcTime now)
{
    using std::chrono::days;
    using std::chrono::sys_days;
    auto const kind = known.owed_interval();
    auto const today = beijing_date(now);
    Date const first = sys_days{today} - days{options_.refill_days - 1};
    auto const owed = completeness(records_, known.site->number, kind, first, today, now);
    int missing = 0;
    for (auto const& day : owed)
        missing += static_cast<int>(day.missing.size());
    std::optional<Gap> gap;
    {
        std::lock_guard const lock{mutex_};
        auto& station = stations_[known.device.mn];
        if (station.missing != missing) {
            if (writer_.submit(MissingPeriodsJob{{{known.site->number, missing}}}))
                station.missing = missing;
        }
        if (missing == 0 || !known.device.refill || station.is_asked || under_way_ >= stations_at_once)
            return;
        station.asked.forget_before(beijing_midnight(first));
        gap = newest_gap(owed, kind, periods_at_once, station.asked.resting(now));
    }
    if (gap && board_.status(known.device.mn).connected)
        ask(known, kind, *gap, now);
}

void Refill::ask(KnownDevice const& known, IntervalKind kind, Gap const& gap, UtcTime now)
{
    auto const& mn = known.device.mn;
    auto const spec = find_command("history_hour", desk_.edition_of(mn));
    if (!spec)
        return;
    auto const shift = known.device.time_is_end ? period_length(kind) : std::chrono::minutes{0};
    auto built = build_command(**spec, {{"begin", format_rfc3339(gap.first + shift)}, {"end", format_rfc3339(gap.last + shift)}});
    if (!built)
        return;
    auto const given = desk_.give({mn, *spec, std::move(*built), "refill", "gateway"});
    if (!given)
        return;                                    // somebody else's commands wait for it: the next look tries again
    {
        std::lock_guard const lock{mutex_};
        auto& station = stations_[mn];
        station.is_asked = true;
        station.asked.ask(gap, period_length(kind), now);
        ++under_way_;
    }
    desk_.when_ended(mn, given->id, [this, mn](Command const&) {
        std::lock_guard const lock{mutex_};
        stations_[mn].is_asked = false;
        --under_way_;
    });
}

}  // namespace yihong::gateway
