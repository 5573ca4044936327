#include "yihong/alerting/replay.hpp"

#include "yihong/alerting/alerting.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <tuple>

namespace yihong {
namespace {

using namespace std::chrono_literals;

/// Records are read in pieces of so much time, to hold few of them at once.
constexpr auto window = std::chrono::days{7};
constexpr auto tick_interval = 10min;

/// The rules about the service itself ask how it is now, not how it was when the records came.
std::shared_ptr<World const> without_service_rules(World const& world)
{
    auto plan = std::make_shared<AlertPlan>(*world.alerts);
    std::erase_if(plan->rules, [](AlertRule const& rule) { return family_of(rule.kind) == AlertFamily::service; });
    auto copy = std::make_shared<World>(world);
    copy->alerts = std::move(plan);
    return copy;
}

class Player {
public:
    Player(Records const& records, std::shared_ptr<World const> const& world, ReplayOptions const& options)
        : records_{records}, world_{*world}, options_{options}
    {
        auto const& sites = world_.sites->all();
        auto const wanted = [&](SiteNumber number) {
            return options.sites.empty() || std::ranges::find(options.sites, number) != options.sites.end();
        };
        for (std::size_t i = 0; i < sites.size(); ++i) {
            if (!wanted(sites[i].number))
                continue;
            for (auto const interval : all_interval_kinds)
                if (sites[i].judges(interval))
                    add_series(i, interval);
        }
        bool any = false;
        for (auto const& series : series_) {
            if (!series.last)
                continue;
            first_ = any ? std::min(first_, series.first) : series.first;
            last_ = any ? std::max(last_, *series.last) : *series.last;
            any = true;
        }
        if (!any)
            return;
        result_.begin = options.time.begin.value_or(first_);
        result_.end = result_.begin;
        now_ = result_.begin;
        // channels: none, so nobody is told, and there is no digest
        alerting_ = std::make_unique<Alerting>(AlertingOptions{}, result_.begin);
        alerting_->use(without_service_rules(*world));
        for (auto const& series : series_)
            for (auto const& record : series.records)
                alerting_->heard(record);          // as it came: what an archive filled in is not missing yet
    }

    Replay run() &&
    {
        if (!alerting_)
            return std::move(result_);
        std::vector<Coming> coming;
        for (auto from = first_; from <= last_; from += window) {
            auto const to = from + window;
            read(from, std::min(to - 1ms, last_), coming);
            std::ranges::sort(coming, {}, [](Coming const& c) { return std::tuple{c.arrival, c.series, c.record.time}; });
            auto at = coming.begin();
            for (; at != coming.end() && (at->arrival < to || to > last_); ++at)  // what arrives later has its turn with later records
                play(std::move(*at));
            coming.erase(coming.begin(), at);
            if (options_.on_progress)
                options_.on_progress(
                    std::min(1.0, std::chrono::duration<double>{to - first_} / std::chrono::duration<double>{last_ - first_ + 1ms}),
                    result_.records);
        }
        if (options_.time.end && *options_.time.end > result_.end)
            result_.end = *options_.time.end;
        tick(result_.end);
        alerting_->committed();
        result_.alerts = alerting_->published()->alerts;
        std::ranges::sort(result_.alerts,
                          [](auto const& a, auto const& b) { return std::tie(a->opened_at, a->id) < std::tie(b->opened_at, b->id); });
        result_.collection = alerting_->collection({});
        for (auto const& series : series_) {
            if (series.played == 0)
                continue;
            if (result_.heard.empty() || result_.heard.back().site != series.site)
                result_.heard.push_back({series.site, 0});
            result_.heard.back().records += series.played;
        }
        return std::move(result_);
    }

private:
    struct Series {
        std::size_t site = 0;  ///< index in the registry
        IntervalKind interval = IntervalKind::hour;
        UtcTime first{};  ///< of the records to be replayed
        std::optional<UtcTime> last = {};  ///< none: there are none, only history
        std::uint64_t played = 0;
        std::deque<Record> records = {};  ///< those that came, oldest first; as far as rules look back
    };
    struct Coming {
        UtcTime arrival;
        std::size_t series;
        Record record;
    };

    [[nodiscard]] SeriesQuery query(Series const& series, std::optional<UtcTime> begin, std::optional<UtcTime> end,
                                    bool newest_first = false) const
    {
        SeriesQuery query;
        query.site = world_.sites->all()[series.site].number;
        query.interval = series.interval;
        query.time = {begin, end};
        query.newest_first = newest_first;
        query.limit = std::numeric_limits<std::size_t>::max();
        return query;
    }

    void add_series(std::size_t site, IntervalKind interval)
    {
        Series series{.site = site, .interval = interval};
        records_.visit_series(query(series, options_.time.begin, options_.time.end), [&](Record const& record) {
            series.first = record.time;
            return false;
        });
        records_.visit_series(query(series, options_.time.begin, options_.time.end, true), [&](Record const& record) {
            series.last = record.time;
            return false;
        });
        if (options_.time.begin) {  // what the rules can look back on when the first record comes
            auto before = query(series, {}, *options_.time.begin - 1ms, true);
            before.limit = records_back_limit;
            records_.visit_series(before, [&](Record const& record) {
                series.records.push_front(record);
                return true;
            });
        }
        if (series.last || !series.records.empty())
            series_.push_back(std::move(series));
    }

    void read(UtcTime from, UtcTime to, std::vector<Coming>& coming) const
    {
        for (std::size_t s = 0; s < series_.size(); ++s) {
            auto const& series = series_[s];
            if (!series.last || *series.last < from || series.first > to)
                continue;
            records_.visit_series(query(series, from, to), [&](Record const& record) {
                coming.push_back({arrival_of(record), s, record});
                coming.back().record.received_at = coming.back().arrival;
                return true;
            });
        }
    }

    void play(Coming&& next)
    {
        auto const before = std::chrono::floor<std::chrono::minutes>(next.arrival - 1ms);
        tick(before - before.time_since_epoch() % tick_interval);
        auto& series = series_[next.series];
        auto& records = series.records;
        auto const place = std::ranges::upper_bound(records, next.record.time, {}, &Record::time);
        auto const came = place == records.end() ? Alerting::RecordCame::in_order : Alerting::RecordCame::late_or_corrected;
        auto at = static_cast<std::size_t>(records.insert(place, std::move(next.record)) - records.begin());
        if (records.size() > records_back_limit) {
            records.pop_front();
            at -= at > 0;
        }
        RecordsBack const back = [&records](std::size_t i) { return i < records.size() ? &records[records.size() - 1 - i] : nullptr; };
        alerting_->on_record({.record = records[at], .before = nullptr, .back = back, .received_at = next.arrival, .came = came}, evidence_,
                             group_);
        alerting_->look(group_);                   // each by itself, old as it may be: what would have been
        for (auto const& look : alerting_->take_period_looks())
            if (options_.periods)
                alerting_->take_periods(look, options_.periods(world_, series.site, look.midnight), next.arrival, group_);
        ++result_.records;
        ++series.played;
        result_.end = next.arrival;
        tell();
    }

    /// Between two records only the last moment counts: a gap in the data begins at its own time, however late it is noticed.
    void tick(UtcTime now)
    {
        if (now <= now_)
            return;
        now_ = now;
        alerting_->tick(now, group_);
        tell();
    }

    void tell()
    {
        if (options_.on_step)
            for (auto const& step : group_.journal)
                options_.on_step(step);
        group_ = {};
    }

    Records const& records_;
    World const& world_;
    ReplayOptions const& options_;
    std::vector<Series> series_;  // by site, then interval
    std::unique_ptr<Alerting> alerting_;  // null: there is nothing to replay
    Alerting::Evidence const evidence_;  // none: nobody reads the log of a replay
    WriteGroup group_;
    UtcTime first_{};
    UtcTime last_{};
    UtcTime now_{};
    Replay result_;
};

}  // namespace

UtcTime arrival_of(Record const& record) noexcept
{
    auto const end = record.time + period_length(record.interval);
    if (record.received_at - end > live_within)
        return end + usual_delay;
    return std::max(record.received_at, record.time);  // clocks of stations may be ahead
}

Replay replay(Records const& records, std::shared_ptr<World const> const& world, ReplayOptions const& options)
{
    return Player{records, world, options}.run();
}

}  // namespace yihong
