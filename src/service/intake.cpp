#include "yihong/service/intake.hpp"

#include "yihong/base/log.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/evaluate/quality_control.hpp"

#include <algorithm>
#include <charconv>
#include <future>

namespace yihong {
namespace {

/// Short text that grows with the time of the start.
std::string epoch_text(UtcTime time)
{
    std::array<char, 16> text;
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), time.time_since_epoch().count(), 36);
    return {text.data(), end};
}

/// Steps are told where somebody listens.
AlertingOptions alerting_options(IntakeOptions const& options)
{
    auto alerting = options.alerting;
    alerting.tells_news = options.feed != nullptr;
    return alerting;
}

enum class Outcome { duplicate, completed, revised };

/// Joins what came into what is known of the same site, interval and time: new parameters are added, other numbers replace.
Outcome merge(Record& known, Record const& came)
{
    bool added = false;
    bool changed = known.status != came.status;
    known.status = came.status;
    for (auto const& reading : came.readings) {
        auto const at = std::ranges::lower_bound(known.readings, reading.parameter, {}, &Reading::parameter);
        if (at == known.readings.end() || at->parameter != reading.parameter) {
            known.readings.insert(at, reading);
            added = true;
        } else if (!at->same_as(reading)) {
            *at = reading;
            changed = true;
        }
    }
    known.received_at = came.received_at;
    return changed ? Outcome::revised : added ? Outcome::completed : Outcome::duplicate;
}

}  // namespace

std::size_t Intake::RecordKeyHash::operator()(RecordKey const& key) const noexcept
{
    auto const mixed = static_cast<std::uint64_t>(key.time.time_since_epoch().count()) * 0x9E3779B97F4A7C15ULL ^
                       (static_cast<std::uint64_t>(key.site) << 3U | static_cast<std::uint64_t>(key.interval));
    return static_cast<std::size_t>(mixed ^ mixed >> 29U);
}

void Intake::fill(Tail& tail, SiteNumber site, IntervalKind interval)
{
    tail.records.clear();
    SeriesQuery query;
    query.site = site;
    query.interval = interval;
    query.limit = tail_length;
    query.newest_first = true;
    store_.records.visit_series(query, [&](Record const& record) {
        tail.records.push_front(record);
        return true;
    });
    tail.filled = true;
}

void Intake::insert_into_tail(Tail& tail, Record const& record)
{
    auto const at = std::ranges::lower_bound(tail.records, record.time, {}, &Record::time);
    if (at == tail.records.begin() && tail.records.size() == tail_length)
        return;                        // before the tail
    tail.records.insert(at, record);
    if (tail.records.size() > tail_length)
        tail.records.pop_front();
}

/// What one commit writes, with the records of this very group found by key (built only when an old time turns up).
class Intake::Group {
public:
    WriteGroup write;

    Record* pending(RecordKey const& key)
    {
        for (; indexed_ < write.records.added.size(); ++indexed_)
            index_[key_of(write.records.added[indexed_])] = indexed_;
        auto const found = index_.find(key);
        return found == index_.end() ? nullptr : &write.records.added[found->second];
    }

private:
    std::unordered_map<RecordKey, std::size_t, RecordKeyHash> index_;
    std::size_t indexed_ = 0;
};

Intake::Intake(IntakeStore store, Snapshot<Catalog>& catalog, std::shared_ptr<World const> world, IntakeOptions options)
    : store_{store}, options_{std::move(options)}, world_{world}, epoch_{epoch_text(utc_now())}, network_{catalog, epoch_},
      alerting_{store.alerts, store.journal, alerting_options(options_), utc_now()}
{
    auto const newest = store_.records.newest({});
    alerting_.use(world);
    network_.reset(std::move(world), newest, utc_now());
    for (auto const& record : newest)
        alerting_.heard(record);
    show_alerts();
    network_.publish(utc_now());
    writer_ = std::thread{[this] { run(); }};
}

Intake::~Intake()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    room_.notify_all();
    writer_.join();
}

PreparedBatch Intake::prepare(ParsedBatch batch, std::string source, World const& world, UtcTime now) const
{
    PreparedBatch prepared;
    prepared.source = std::move(source);
    prepared.format = std::move(batch.format);
    prepared.raw_prefix = std::move(batch.raw_prefix);
    prepared.refused = std::move(batch.refused);
    prepared.records.reserve(batch.records.size());
    for (auto& parsed : batch.records) {
        auto& record = parsed.record;
        if (auto failure = check_record(record, *world.standards, now, options_.future_tolerance)) {
            prepared.refused.push_back({parsed.index, std::move(*failure), std::string{parsed.raw}, parsed.site->id});
            continue;
        }
        record.site = parsed.site->number;
        record.received_at = now;
        if (parsed.site->judges(record.interval))
            record.verdict = judge(record, parsed.site->kind, *world.standards);
        prepared.records.push_back(std::move(record));
    }
    std::ranges::sort(prepared.refused, {}, &Refusal::index);
    return prepared;
}

bool Intake::submit(PreparedBatch&& batch, Done done)
{
    {
        std::lock_guard const lock{mutex_};
        auto const waiting = counters_.queued_records.load();
        if (stopping_ || (waiting > 0 && waiting + batch.records.size() > options_.queue_records))
            return false;
        counters_.queued_records += batch.records.size();
        queue_.push_back({.batch = std::move(batch), .done = std::move(done)});
    }
    wake_.notify_one();
    return true;
}

IngestReport Intake::submit_and_wait(PreparedBatch batch)
{
    std::promise<std::optional<IngestReport>> promise;
    auto future = promise.get_future();
    {
        std::unique_lock lock{mutex_};
        room_.wait(lock, [&] { return counters_.queued_records.load() < options_.queue_records; });
        counters_.queued_records += batch.records.size();
        queue_.push_back(
            {.batch = std::move(batch), .done = [&promise](std::optional<IngestReport> report) { promise.set_value(std::move(report)); }});
    }
    wake_.notify_one();
    auto report = future.get();
    if (!report)
        throw StoreError{"the store could not write; see the log above"};
    return std::move(*report);
}

void Intake::replace_world(std::shared_ptr<World const> world)
{
    std::promise<void> promise;
    {
        std::lock_guard const lock{mutex_};
        queue_.push_back({.new_world = std::move(world), .replaced = [&promise] { promise.set_value(); }});
    }
    wake_.notify_one();
    promise.get_future().get();
}

void Intake::change_alerts(std::function<void(Alerting&, WriteGroup&, UtcTime)> work, std::function<void(bool)> done)
{
    {
        std::lock_guard const lock{mutex_};
        queue_.push_back({.change = std::move(work), .changed = std::move(done)});
    }
    wake_.notify_one();
}

std::string Intake::series_version(SiteNumber site) const
{
    return epoch_ + "-" + std::to_string(world_version_.load()) + "-" +
           std::to_string(series_versions_[site % series_versions_.size()].load());
}

void Intake::run()
{
    // Under load every commit changes what was just rendered; the next reader renders it then, or a pause does.
    constexpr std::chrono::milliseconds pause_before_warming{50};
    constexpr std::chrono::seconds tick{1};
    bool warm = false;
    for (;;) {
        std::deque<Job> jobs;
        {
            std::unique_lock lock{mutex_};
            auto const has_work = [&] { return stopping_ || !queue_.empty(); };
            if (!warm && !wake_.wait_for(lock, pause_before_warming, has_work)) {
                lock.unlock();
                network_.warm();
                warm = true;
                continue;
            }
            // wakes all the same: a site turns stale, a station silent, an alert overdue without anything coming in
            wake_.wait_for(lock, tick, has_work);
            if (queue_.empty() && stopping_)
                return;
            std::size_t records = 0;
            while (!queue_.empty() && records < options_.group_records) {
                records += queue_.front().batch.records.size();
                jobs.push_back(std::move(queue_.front()));
                queue_.pop_front();
                if (jobs.back().new_world)
                    break;
            }
            counters_.queued_records -= records;
        }
        room_.notify_all();
        process(jobs);
        warm = false;
    }
}

Intake::Tail& Intake::tail(Record const& record)
{
    if (record.site >= tails_.size())
        tails_.resize(record.site + 1U);
    return tails_[record.site][static_cast<std::size_t>(record.interval)];
}

FrameVerdict Intake::take(Record&& record, Group& group, IngestReport& report, ParameterBook const& parameters)
{
    auto& before = tail(record);
    auto const tell = [&](Record const& kept, FrameVerdict verdict) {
        if (options_.on_record)
            options_.on_record(kept, verdict, group.write.outbox.added);
        return verdict;
    };
    if (!before.filled)
        fill(before, record.site, record.interval);
    if (before.records.empty() || record.time > before.records.back().time) {
        std::array<Record const*, tail_length> views{};
        std::size_t count = 0;
        for (auto const& r : before.records)
            views[count++] = &r;
        mark_suspicious(record, {views.data(), count}, parameters);
        if (before.records.size() == tail_length)
            before.records.pop_front();
        before.records.push_back(record);
        before.touched = true;
        group.write.records.added.push_back(std::move(record));
        ++report.accepted;
        return tell(group.write.records.added.back(), FrameVerdict::accepted);
    }
    auto const key = key_of(record);
    auto* const pending = group.pending(key);
    std::optional<Record> stored;
    if (pending)
        stored = *pending;
    else if (auto const known = std::ranges::lower_bound(before.records, record.time, {}, &Record::time); known->time == record.time)
        stored = *known;
    else if (known == before.records.begin() && before.records.size() == tail_length)   // the tail has no gaps: else it is nowhere
        stored = store_.records.find(record.site, record.interval, record.time);
    if (!stored) {                     // an older time that was missing: marks need its neighbours and stay away
        insert_into_tail(before, record);
        group.write.records.added.push_back(std::move(record));
        ++report.accepted;
        return tell(group.write.records.added.back(), FrameVerdict::accepted);
    }
    Record merged = *stored;
    auto const outcome = merge(merged, record);
    if (outcome == Outcome::duplicate) {
        ++report.duplicates;
        return FrameVerdict::duplicate;
    }
    ++(outcome == Outcome::revised ? report.revised : report.accepted);
    if (auto const index = network_.site_index(merged.site)) {
        auto const& site = network_.world()->sites->all()[*index];
        if (site.judges(merged.interval))
            merged.verdict = judge(merged, site.kind, *network_.world()->standards);
    }
    for (auto& known : before.records) {
        if (known.time == merged.time) {
            known = merged;
            before.touched = true;
        }
    }
    group.write.records.superseded.push_back(std::move(*stored));
    auto const verdict = tell(merged, outcome == Outcome::revised ? FrameVerdict::revised : FrameVerdict::accepted);
    if (pending)
        *pending = std::move(merged);
    else
        group.write.records.added.push_back(std::move(merged));
    return verdict;
}

void Intake::watch(RecordKey const& key, UtcTime now, PreparedBatch const& batch, std::vector<RecordKey> const& keys, WriteGroup& group)
{
    constexpr std::size_t piece = 200;
    auto const index = network_.site_index(key.site);
    if (!index || !network_.world()->sites->all()[*index].judges(key.interval))
        return;
    auto const& recent = tails_[key.site][static_cast<std::size_t>(key.interval)].records;
    std::deque<Record> older;
    bool no_more = recent.size() < tail_length;        // then the tail has them all
    auto const back = [&](std::size_t i) -> Record const* {
        if (i < recent.size())
            return &recent[recent.size() - 1 - i];
        i -= recent.size();
        while (!no_more && i >= older.size()) {
            SeriesQuery query;
            query.site = key.site;
            query.interval = key.interval;
            query.time.end = (older.empty() ? recent.front().time : older.back().time) - std::chrono::milliseconds{1};
            query.newest_first = true;
            query.limit = piece;
            auto const before = older.size();
            store_.records.visit_series(query, [&](Record const& record) {
                older.push_back(record);
                return true;
            });
            no_more = older.size() < before + piece || recent.size() + older.size() >= records_back_limit;
        }
        return i < older.size() ? &older[i] : nullptr;
    };
    Alerting::Evidence const evidence{
        .frames =
            [&](Record const& record) {
                std::vector<RawFrame> found;
                auto const wanted = key_of(record);
                for (auto const& [frame, of] : batch.frames)
                    if (of && *of < keys.size() && keys[*of] == wanted)
                        found.push_back(frame);
                for (auto const& frame : group.evidence.frames)
                    if (frame.site == wanted.site && frame.interval == wanted.interval && frame.time == wanted.time)
                        found.push_back(frame);
                store_.evidence.visit_frames({.site = wanted.site, .interval = wanted.interval, .time = {wanted.time, wanted.time}},
                                             [&](RawFrame const& frame) {
                                                 found.push_back(frame);
                                                 return true;
                                             });
                return found;
            },
        .newest =
            [&](SiteNumber site) {
                auto const* state = network_.state(site);
                return state && state->newest ? &*state->newest : nullptr;
            },
    };
    alerting_.on_record(key.site, back, now, evidence, group);
}

void Intake::show_alerts()
{
    for (auto const site : alerting_.take_changed_sites())
        network_.set_alert(site, alerting_.standing(site));
    if (alerting_.collection_changed())
        network_.set_alerts(alerting_.collection(network_.next_version()));
}

void Intake::process(std::deque<Job>& jobs)
{
    auto const now = utc_now();
    Group group;
    std::vector<IngestReport> reports(jobs.size());
    std::vector<RecordKey> touched;
    std::vector<FrameVerdict> verdicts;
    std::vector<RecordKey> keys;
    try {
        alerting_.begin();
        auto const& parameters = network_.world()->standards->parameters();
        for (std::size_t j = 0; j < jobs.size(); ++j) {
            auto& batch = jobs[j].batch;
            auto& report = reports[j];
            verdicts.clear();
            keys.clear();
            for (auto const& record : batch.records)
                keys.push_back(key_of(record));
            if (jobs[j].change)
                jobs[j].change(alerting_, group.write, now);
            for (std::size_t r = 0; r < batch.records.size(); ++r) {
                auto& record = batch.records[r];
                auto const& key = keys[r];
                auto const received_at = record.received_at;
                auto& series = tail(record);
                bool const was_touched = series.touched;
                counters_.values += record.readings.size();
                verdicts.push_back(take(std::move(record), group, report, parameters));
                auto& after = tails_[key.site][static_cast<std::size_t>(key.interval)];
                if (after.touched && !was_touched)
                    touched.push_back(key);
                if (!batch.quiet && verdicts.back() != FrameVerdict::duplicate)
                    watch(key, received_at, batch, keys, group.write);
            }
            for (auto& [frame, record] : batch.frames) {
                if (record)
                    frame.verdict = verdicts[*record];
                group.write.evidence.frames.push_back(std::move(frame));
            }
            for (auto& refusal : batch.refused) {
                group.write.evidence.quarantined.push_back({.id = 0,
                                                            .received_at = now,
                                                            .source = batch.source,
                                                            .format = batch.format,
                                                            .code = std::string{code_name(refusal.failure.code)},
                                                            .detail = refusal.failure.detail,
                                                            .site = refusal.site,
                                                            .raw = batch.raw_prefix + refusal.raw});
                refusal.raw.clear();
            }
            report.rejected = std::move(batch.refused);
            std::ranges::move(batch.replayed, std::back_inserter(group.write.evidence.cleared));
            std::ranges::move(batch.new_sites, std::back_inserter(group.write.sites));
            std::ranges::move(batch.outbox, std::back_inserter(group.write.outbox.added));
            std::ranges::move(batch.outbox_done, std::back_inserter(group.write.outbox.done));
        }
        for (auto const& key : touched) {
            auto& series = tails_[key.site][static_cast<std::size_t>(key.interval)];
            series.touched = false;
            group.write.records.newest.push_back(series.records.back());
        }
        group.write.records.superseded_at = now;
        if (now >= next_tick_) {
            next_tick_ = now + std::chrono::seconds{1};
            alerting_.tick(now, group.write);
        }
        alerting_.finish(group.write);
        if (counters_.store_broken && jobs.empty() && group.write.empty())
            group.write.outbox.done.emplace_back("probe", 0);      // changes nothing, but tells whether the store takes writes again
        if (!group.write.empty()) {
            store_.committer.commit(group.write);
            ++counters_.commits;
            counters_.last_commit_ms = utc_now().time_since_epoch().count();
            counters_.store_broken = false;
        }
    } catch (std::exception const& problem) {
        // nothing of the group is on disk and nobody was told otherwise; the tails are read again from the store
        counters_.store_broken = true;
        log::error("store_write_failed", {{"detail", problem.what()}});
        tails_.clear();
        alerting_.rolled_back();
        for (auto& job : jobs) {
            if (job.done)
                job.done(std::nullopt);
            if (job.changed)
                job.changed(false);
        }
        if (!jobs.empty() && jobs.back().new_world) {      // writes nothing itself: it only shared a group with what was lost
            std::lock_guard const lock{mutex_};
            queue_.push_front(std::move(jobs.back()));
        }
        return;
    }
    if (options_.on_outbox && !group.write.outbox.added.empty())
        options_.on_outbox(group.write.outbox.added);
    for (auto const& record : group.write.records.added)
        ++series_versions_[record.site % series_versions_.size()];
    for (auto& record : group.write.records.newest)
        network_.apply(std::move(record));
    for (auto const& job : jobs)
        for (auto const& [site, periods] : job.batch.missing_periods)
            network_.set_missing(site, periods);
    if (!jobs.empty() && jobs.back().new_world) {
        world_.publish(jobs.back().new_world);
        ++world_version_;
        alerting_.use(jobs.back().new_world);
        network_.reset(jobs.back().new_world, store_.records.newest({}), utc_now());
    }
    auto const news = alerting_.committed();
    show_alerts();
    bool const published = network_.publish(utc_now());
    if (options_.feed) {
        auto events = published ? site_changes(network_.changes(), utc_now()) : std::vector<LiveEvent>{};
        if (!jobs.empty() && jobs.back().new_world)
            events = {reset_event("reloaded", now)};
        for (auto const& step : news) {
            auto const* state = network_.state(step.site);
            auto event = state ? event_of_site(step.type, *state, step.at) : LiveEvent{.type = step.type, .at = step.at};
            event.json = step.json;
            events.push_back(std::move(event));
        }
        if (!events.empty())
            options_.feed->publish(std::move(events));
    }
    for (std::size_t j = 0; j < jobs.size(); ++j) {
        auto const& report = reports[j];
        counters_.accepted += report.accepted;
        counters_.duplicates += report.duplicates;
        counters_.revised += report.revised;
        counters_.rejected += report.rejected.size();
        if (jobs[j].done)
            jobs[j].done(std::move(reports[j]));
        if (jobs[j].replaced)
            jobs[j].replaced();
        if (jobs[j].changed)
            jobs[j].changed(true);
    }
}

}  // namespace yihong
